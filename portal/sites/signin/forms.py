"""Forms of signing in, registering and one's own account."""

from typing import Any

from wtforms import EmailField, HiddenField, PasswordField, StringField, TelField
from wtforms.validators import EqualTo

from portal.accounts import identity, passwords, phones, registration
from portal.web.forms import PortalForm, at_most, obeys, required
from portal.web.i18n import _l

_ASK_PASSWORD = _l("Hãy nhập mật khẩu.")


class SignInForm(PortalForm):
    """Who and password. Sent twice it signs in twice, which harms nobody: no key."""

    once_key = ""

    tiep = HiddenField()
    ten = StringField(
        _l("Số điện thoại hoặc số định danh"),
        [required(_l("Hãy nhập số điện thoại, số định danh hoặc tên đăng nhập.")), at_most(100)],
        description=_l("Cán bộ và nhân viên bưu điện dùng tên đăng nhập được cấp."),
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    mat_khau = PasswordField(
        _l("Mật khẩu"),
        [required(_ASK_PASSWORD), at_most(passwords.LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


def new_password() -> PasswordField:
    """The field of a password to be."""
    return PasswordField(
        _l("Mật khẩu mới"),
        [required(_ASK_PASSWORD), obeys(passwords.check)],
        description=_l("Ít nhất 8 ký tự. Một câu ngắn chỉ bạn biết là dễ nhớ và khó đoán nhất."),
        render_kw={"autocomplete": "new-password"},
    )


def typed_again() -> PasswordField:
    """The field for the same once more: nobody can send a forgotten password by mail."""
    return PasswordField(
        _l("Gõ lại mật khẩu mới"),
        [required(_ASK_PASSWORD), EqualTo("mat_khau_moi", _l("Hai lần gõ chưa giống nhau."))],
        render_kw={"autocomplete": "new-password"},
    )


def present_password() -> PasswordField:
    """The field that confirms who is at the keyboard."""
    return PasswordField(
        _l("Mật khẩu hiện tại"), [required(_ASK_PASSWORD)], render_kw={"autocomplete": "current-password"}
    )


class ChangePasswordForm(PortalForm):
    """A new password, the present one said again."""

    mat_khau = present_password()
    mat_khau_moi = new_password()
    mat_khau_lai = typed_again()


class RegisterForm(PortalForm):
    """Who a new citizen is."""

    tiep = HiddenField()
    ho_ten = StringField(
        _l("Họ và tên"),
        [required(_l("Hãy ghi họ và tên.")), obeys(registration.full_name)],
        description=_l("Như trên giấy tờ, ví dụ Đỗ Thị Mai."),
        render_kw={"autocomplete": "name"},
    )
    so_dinh_danh = StringField(
        _l("Số định danh hoặc số CMND"),
        [required(_l("Hãy ghi số định danh hoặc số CMND.")), obeys(identity.kind_of)],
        description=_l("12 chữ số trên thẻ căn cước, hoặc 9 chữ số trên chứng minh nhân dân."),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "20"},
    )
    dien_thoai = TelField(
        _l("Số điện thoại"),
        [required(_l("Hãy ghi số điện thoại.")), obeys(phones.normal)],
        description=_l("Để đăng nhập, để bưu tá gọi trước khi đến. Ví dụ 0912 345 678."),
        render_kw={"autocomplete": "tel"},
    )
    thu_dien_tu = EmailField(
        _l("Thư điện tử"), [obeys(registration.email_address)], render_kw={"autocomplete": "email"}
    )

    mat_khau_moi = new_password()
    mat_khau_lai = typed_again()

    def newcomer(self) -> tuple[str, str, str, str, str]:
        """Name, number, phone, password and e-mail, as registration takes them."""
        typed = (self.ho_ten, self.so_dinh_danh, self.dien_thoai, self.mat_khau_moi, self.thu_dien_tu)
        name, number, phone, password, email = (field.data or "" for field in typed)
        return name, number, phone, password, email

    def validate_mat_khau_moi(self, field: PasswordField) -> None:
        """Not one of the words everybody knows of the person."""
        own = [part.data or "" for part in (self.ho_ten, self.so_dinh_danh, self.dien_thoai)]
        obeys(lambda typed: passwords.check(typed, *own))(self, field)


class ContactForm(PortalForm):
    """Phone and e-mail of one's own account, the password said again."""

    dien_thoai = TelField(
        _l("Số điện thoại"),
        [required(_l("Hãy ghi số điện thoại.")), obeys(phones.normal)],
        render_kw={"autocomplete": "tel"},
    )
    thu_dien_tu = EmailField(
        _l("Thư điện tử"), [obeys(registration.email_address)], render_kw={"autocomplete": "email"}
    )
    mat_khau = present_password()


def code(label: Any, description: Any = "") -> StringField:
    """The field of a code; a phone offers the one it knows. A page never shows again what was typed."""
    return StringField(
        label,
        [required(_l("Hãy nhập mã.")), at_most(40)],
        description=description,
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "value": ""},
    )


class CodeForm(PortalForm):
    """A code, when signing in. A code is good once: no key."""

    once_key = ""

    tiep = HiddenField()
    ma_buoc_hai = code(
        _l("Mã bước hai"), _l("6 số trong ứng dụng tạo mã, hoặc một mã khôi phục như k7fm-29qx-bd3h.")
    )


class ConfirmForm(PortalForm):
    """Password and code of somebody who has been signed in for a while."""

    once_key = ""

    tiep = HiddenField()
    mat_khau = present_password()
    ma_buoc_hai = code(
        _l("Mã bước hai"), _l("6 số trong ứng dụng tạo mã, hoặc một mã khôi phục như k7fm-29qx-bd3h.")
    )


class AppForm(PortalForm):
    """The first code of an app; what it was offered stands sealed in the form."""

    once_key = ""

    loi_moi = HiddenField()
    ma_buoc_hai = code(_l("Mã đang hiện trong ứng dụng"), _l("6 số, đổi sau mỗi 30 giây."))


class PasskeyForm(PortalForm):
    """The answer of a passkey, which a script fills in; a name when it is new."""

    once_key = ""

    tiep = HiddenField()
    tra_loi = HiddenField()
    ten_khoa = StringField(
        _l("Tên của khóa"),
        [at_most(60)],
        description=_l("Để sau này nhận ra, ví dụ: điện thoại của tôi."),
        render_kw={"autocomplete": "off"},
    )


def refused(form: PortalForm, field: str, sentence: Any) -> PortalForm:
    """The same form with *sentence* at *field*, for what only the database could tell."""
    form[field].errors = [*form[field].errors, sentence]
    return form
