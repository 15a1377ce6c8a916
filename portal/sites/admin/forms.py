"""Forms of administration: a new account, an appointment, its end, a reset at a desk."""

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from portal.accounts import identity, registration
from portal.web.forms import DayField, PortalForm, at_most, obeys, required
from portal.web.i18n import _l

DAY = "%d/%m/%Y"


class AccountForm(PortalForm):
    """A new staff account; its role is given afterwards. The name can be taken only once: no key."""

    once_key = ""

    ho_ten = StringField(_l("Họ và tên"), [required(_l("Hãy ghi họ và tên.")), obeys(registration.full_name)])
    ten_dang_nhap = StringField(
        _l("Tên đăng nhập"),
        [required(_l("Hãy ghi tên đăng nhập.")), obeys(registration.sign_in_name)],
        description=_l("Chữ không dấu, chữ số, dấu chấm; ví dụ tiepnhan.phuhoa."),
        render_kw={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )


class AppointmentForm(PortalForm):
    """A role at an office, from a day to a day."""

    co_quan = SelectField(_l("Cơ quan"), [required(_l("Hãy chọn cơ quan."))])
    vai = SelectField(_l("Vai"), [required(_l("Hãy chọn vai."))])
    tu_ngay = DayField(_l("Từ ngày"), [required(_l("Hãy ghi ngày bắt đầu."))], format=DAY)
    den_ngay = DayField(
        _l("Đến hết ngày"), [Optional()], format=DAY, description=_l("Để trống khi chưa biết ngày kết thúc.")
    )


class LeavingForm(PortalForm):
    """Who goes on with the role, or why nobody does."""

    nguoi_thay = StringField(
        _l("Người thay"),
        [Optional()],
        description=_l("Tên đăng nhập của người nhận vai này; ví dụ tiepnhan.phuhoa."),
        render_kw={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
    ly_do = TextAreaField(_l("Lý do"), [at_most(500)], description=_l("Ghi vào sổ cái."))


class EndForm(LeavingForm):
    """The last day of an appointment."""

    den_ngay = DayField(
        _l("Đến hết ngày"),
        [required(_l("Hãy ghi ngày cuối cùng."))],
        format=DAY,
        description=_l("Ghi ngày hôm qua để kết thúc ngay."),
    )


class MoveForm(LeavingForm):
    """Where a person goes on, in which role, from which day."""

    co_quan = SelectField(_l("Cơ quan mới"), [required(_l("Hãy chọn cơ quan."))])
    vai = SelectField(_l("Vai"), [required(_l("Hãy chọn vai."))])
    tu_ngay = DayField(
        _l("Làm ở nơi mới từ ngày"),
        [required(_l("Hãy ghi ngày bắt đầu."))],
        format=DAY,
        description=_l("Vai cũ kết thúc hết ngày hôm trước."),
    )


class CloseAccountForm(PortalForm):
    """Why an account is closed."""

    ly_do = TextAreaField(
        _l("Lý do"), [required(_l("Hãy ghi lý do.")), at_most(500)], description=_l("Ghi vào sổ cái.")
    )


class FindHolderForm(PortalForm):
    """The number on the card of a person at the desk."""

    once_key = ""

    so_dinh_danh = StringField(
        _l("Số định danh hoặc số CMND trên giấy tờ"),
        [required(_l("Hãy ghi số trên giấy tờ.")), obeys(identity.kind_of)],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "20"},
    )


class ResetForm(PortalForm):
    """A reset for one of the accounts found, after looking at the person and the card.

    Its answer shows a password, which must not be kept as an answer: no key.
    """

    once_key = ""

    so_dinh_danh = HiddenField(validators=[obeys(identity.kind_of)])
    tai_khoan = HiddenField()
    da_doi_chieu = BooleanField(
        _l("Tôi đã xem giấy tờ bản chính; ảnh, họ tên và số khớp với người đang đứng trước tôi."),
        [required(_l("Chỉ đặt lại sau khi đã đối chiếu giấy tờ."))],
    )
    bo_buoc_hai = BooleanField(_l("Người này mất điện thoại: đặt lại cả bước hai khi đăng nhập."))
