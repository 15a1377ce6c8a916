"""Forms of the post: fields, messages and shape; each hands a plain value down."""

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from portal.postal.actions import POSSIBLE, Counted
from portal.postal.checklist import Wanted
from portal.postal.models import PostalOrder
from portal.postal.states import Direction, Failure, MissingReason
from portal.web.forms import PortalForm, at_most, options, required
from portal.web.i18n import _, _l, say

NEXT_STEP: dict[tuple[Direction, Failure], Any] = {
    (Direction.PICKUP, Failure.ABSENT): _l("Đơn về bưu cục, xếp lần đến khác; người dân thấy bạn đã đến."),
    (Direction.PICKUP, Failure.WRONG_ADDRESS): _l("Bưu cục gọi người dân hỏi lại địa chỉ rồi xếp lần khác."),
    (Direction.PICKUP, Failure.NOT_READY): _l("Để lại danh mục còn thiếu; bưu cục hẹn ngày khác."),
    (Direction.PICKUP, Failure.REFUSED): _l("Bưu cục gọi người dân; nếu không gửi nữa thì hủy đơn."),
    (Direction.PICKUP, Failure.NO_ACCESS): _l("Đơn về bưu cục, xếp lại khi đường thông."),
    (Direction.RETURN, Failure.ABSENT): _l("Giữ phong bì hoặc bàn giao lại bưu cục; bưu cục xếp lần khác."),
    (Direction.RETURN, Failure.WRONG_ADDRESS): _l("Bàn giao lại bưu cục; bưu cục hỏi lại địa chỉ."),
    (Direction.RETURN, Failure.NO_PROOF): _l(
        "Không phát khi chưa có mã; người nhận xem mã trong hồ sơ của mình."
    ),
    (Direction.RETURN, Failure.REFUSED): _l("Bàn giao lại bưu cục để trả về quầy."),
    (Direction.RETURN, Failure.NO_ACCESS): _l(
        "Giữ phong bì hoặc bàn giao lại bưu cục; xếp lại khi đường thông."
    ),
}
"""What happens after each reason, told where it is chosen."""

CASH, LATER = "tien_mat", "chua_thu"
MONEY = options([(CASH, _l("Đã nhận tiền mặt")), (LATER, _l("Chưa thu"))])


def _without_choice(sentence: Any) -> dict[str, Any]:
    """What radios say when none was chosen; the stubs of WTForms do not know the word yet."""
    return {"invalid_choice_message": sentence}


def _money() -> RadioField:
    sentence = _l("Hãy chọn đã nhận tiền cước hay chưa.")
    return RadioField(_l("đã thu thế nào"), choices=MONEY, **_without_choice(sentence))


class AssignForm(PortalForm):
    """Orders that wait, a carrier and a day."""

    don = SelectMultipleField(_l("Đơn"), validators=[required(_l("Hãy chọn ít nhất một đơn."))])
    buu_ta = SelectField(_l("Bưu tá"), coerce=int)
    ngay = SelectField(_l("Ngày chạy tuyến"))


class ConfirmForm(PortalForm):
    """Hand-overs that the counter takes over; a word for a seal that is not whole."""

    lan = SelectMultipleField(
        _l("Phong bì"),
        coerce=int,
        validators=[required(_l("Hãy chọn phong bì bạn đã nhận và xem niêm phong."))],
    )
    ghi_chu = StringField(_l("Ghi chú khi niêm phong không còn nguyên"), validators=[at_most(300)])


class GiveForm(PortalForm):
    """Envelopes to give, and to whom."""

    phong_bi = SelectMultipleField(
        _l("Phong bì"), validators=[required(_l("Hãy chọn ít nhất một phong bì để giao."))]
    )
    ben_nhan = SelectField(_l("Giao cho"))


class FailForm(PortalForm):
    """Why nothing came of a stop."""

    ly_do = RadioField(_l("Lý do"), coerce=Failure, **_without_choice(_l("Hãy chọn một lý do.")))
    ghi_chu = TextAreaField(_l("Ghi thêm"), validators=[at_most(500)])

    @classmethod
    def of(cls, direction: Direction) -> "FailForm":
        """The form with the reasons of a direction."""
        form = cls()
        form.ly_do.choices = options((reason, say(reason.label)) for reason in POSSIBLE[direction])
        return form


class DeliverForm(PortalForm):
    """Who receives, and the code they read out."""

    nguoi_nhan = StringField(
        _l("Họ tên người nhận"),
        validators=[required(_l("Hãy ghi họ tên người nhận.")), at_most(200)],
    )
    ma = StringField(
        _l("Mã nhận 6 số"),
        description=_l("Người nhận đọc mã ghi trong hồ sơ của họ"),
        validators=[required(_l("Hãy nhập mã nhận 6 số.")), at_most(12)],
    )
    tien = _money()

    def took_money(self) -> bool:
        """Whether the postage was taken at the door."""
        return "tien" in self and self.tien.data == CASH


class CollectForm(PortalForm):
    """Sheets counted at the door, who gave them, the seal, the citizen's agreement; made for one order."""

    nguoi_giao: StringField
    niem_phong: StringField
    dong_y: BooleanField
    tien: RadioField
    lines: Sequence[Wanted] = ()

    def count_of(self, line: Wanted) -> Field:
        """The field that counts a line."""
        field: Field = self[f"dem_{_name(line)}"]
        return field

    def reason_of(self, line: Wanted) -> Field:
        """The field that says why sheets of a line are missing."""
        field: Field = self[f"thieu_{_name(line)}"]
        return field

    def counted(self) -> Counted:
        """What was counted and agreed to, as the post records it."""
        reasons = {line.key: self.reason_of(line).data for line in self.lines}
        return Counted(
            sheets={line.key: self.count_of(line).data for line in self.lines},
            giver=self.nguoi_giao.data or "",
            seal=self.niem_phong.data or "",
            citizen_agreed=bool(self.dong_y.data),
            missing={key: MissingReason(reason) for key, reason in reasons.items() if reason},
            postage_taken="tien" in self and self.tien.data == CASH,
        )


def collect_form(order: PostalOrder, lines: Sequence[Wanted]) -> CollectForm:
    """The form that counts *lines* at the door of *order*."""
    fields: dict[str, Field] = {}
    for line in lines:
        fields[f"dem_{_name(line)}"] = _count(line)
        fields[f"thieu_{_name(line)}"] = _reason(line)
    fields |= {"nguoi_giao": _giver(), "niem_phong": _seal(), "dong_y": _agreement()}
    if order.postage_dong:
        fields["tien"] = _money()
    form: CollectForm = type("CollectForm", (CollectForm,), {**fields, "lines": lines})(
        data={"nguoi_giao": order.contact_name}
    )
    return form


def deliver_form(order: PostalOrder) -> DeliverForm:
    """The form for delivering *order*; money is asked for only where some is due and not paid."""
    form = DeliverForm(data={"nguoi_nhan": order.contact_name})
    if not order.postage_dong:
        del form.tien
    return form


def _name(line: Wanted) -> str:
    return line.key.replace("-", "_")


def _count(line: Wanted) -> Field:
    missing = InputRequired(_l("Hãy đếm giấy này."))
    within = NumberRange(0, line.needed, _l("Danh mục chỉ có từ %(min)s đến %(max)s tờ."))
    return IntegerField(line.name, validators=[missing, within])


def _reason(line: Wanted) -> Field:
    choices = options((reason, say(reason.label)) for reason in MissingReason)
    return RadioField(
        _l("Vì sao thiếu"), choices=choices, validate_choice=False, validators=[_needed_when_short(line)]
    )


def _needed_when_short(line: Wanted) -> Any:
    def check(form: CollectForm, field: Field) -> None:
        sheets = form.count_of(line).data
        is_short = sheets is not None and sheets < line.needed
        if is_short and field.data not in set(MissingReason):
            raise ValidationError(_("Thiếu %(sheets)s tờ: hãy chọn vì sao.", sheets=line.needed - sheets))

    return check


def _giver() -> Field:
    return StringField(
        _l("Họ tên người giao giấy tờ"),
        validators=[required(_l("Hãy ghi họ tên người giao giấy tờ.")), at_most(200)],
    )


def _seal() -> Field:
    return StringField(
        _l("Số niêm phong trên túi"),
        description=_l("Gõ số in dưới vạch, ví dụ NP 004 731"),
        validators=[required(_l("Hãy ghi số niêm phong in trên túi.")), at_most(30)],
    )


def _agreement() -> Field:
    return BooleanField(
        _l("Người dân đã xem danh sách, đồng ý gửi đúng số tờ đã đếm"),
        validators=[required(_l("Người dân cần xem danh sách và đồng ý trước khi niêm phong."))],
    )
