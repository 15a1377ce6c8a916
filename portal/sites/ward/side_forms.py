"""The forms of the moves beside the straight road: money, people, offices, the clock. They decide nothing."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange

from portal.payments.actions import MOST_DONG
from portal.sites.ward.forms import LINE, LINES, MoveForm
from portal.web import uploads
from portal.web.forms import at_most, required
from portal.web.i18n import _l


def _reason(label: Any, name: str) -> TextAreaField:
    """Words that the citizen reads."""
    sentence = _l("Hãy ghi lý do; người dân sẽ đọc lý do này.")
    return TextAreaField(label, name=name, filters=LINES, validators=[required(sentence), at_most(2000)])


def whole(typed: Any) -> int:
    """The number of what was chosen; 0 where nothing was."""
    return int(typed) if str(typed).isdecimal() else 0


def _office(name: str) -> SelectField:
    sentence = _l("Hãy chọn cơ quan.")
    return SelectField(_l("Cơ quan"), name=name, coerce=whole, choices=[], validators=[required(sentence)])


class ChargeForm(MoveForm):
    """Ask for money: how much, and by which document."""

    amount = IntegerField(
        _l("Số tiền (đồng)"),
        name="so_tien_can_nop",
        validators=[
            required(_l("Hãy nhập số tiền.")),
            NumberRange(1, MOST_DONG, _l("Số tiền phải lớn hơn 0 và không quá 1 tỷ đồng.")),
        ],
    )
    document = StringField(
        _l("Khoản thu, văn bản làm căn cứ"),
        name="can_cu_thu",
        filters=LINE,
        validators=[required(_l("Hãy ghi khoản thu hoặc văn bản làm căn cứ.")), at_most(300)],
    )


class PayForm(MoveForm):
    """Note that the whole amount arrived, with its proof."""

    receipt = StringField(
        _l("Biên lai hoặc mã giao dịch"),
        name="bien_lai_nop",
        filters=LINE,
        validators=[required(_l("Hãy ghi biên lai hoặc mã giao dịch.")), at_most(100)],
    )


class AssignForm(MoveForm):
    """Give the dossier to one of those who appraise."""

    who = SelectField(_l("Giao cho"), name="giao_cho", coerce=whole, choices=[])
    note = TextAreaField(_l("Lời nhắn khi giao"), name="loi_giao", filters=LINES, validators=[at_most(1000)])


class ConsultForm(MoveForm):
    """Ask another office."""

    office = _office("co_quan_hoi")
    question = TextAreaField(
        _l("Điều cần hỏi"),
        name="dieu_hoi",
        filters=LINES,
        validators=[required(_l("Hãy ghi điều cần hỏi.")), at_most(2000)],
    )
    days = IntegerField(
        _l("Trả lời trong mấy ngày làm việc"),
        name="so_ngay_hoi",
        default=3,
        validators=[
            required(_l("Hãy ghi số ngày.")),
            NumberRange(1, 60, _l("Số ngày từ 1 đến 60.")),
        ],
    )


class OpineForm(MoveForm):
    """Answer the question to one's own office."""

    opinion = TextAreaField(
        _l("Ý kiến của cơ quan"),
        name="y_kien_phoi_hop",
        filters=LINES,
        validators=[required(_l("Hãy ghi ý kiến.")), at_most(4000)],
    )


class LinkForm(MoveForm):
    """Open a dossier at another office for the owner of this one."""

    procedure = SelectField(
        _l("Thủ tục"),
        name="thu_tuc_lien_thong",
        coerce=whole,
        choices=[],
        validators=[required(_l("Hãy chọn thủ tục."))],
    )
    office = _office("co_quan_lien_thong")


class SendDraftForm(MoveForm):
    """Send the draft of the result to the citizen; a new file takes the place of what lay there."""

    draft = FileField(_l("Bản nháp kết quả"), name="ban_nhap", description=uploads.LIMITS)


class ExtendForm(MoveForm):
    """Apologise and appoint a new day, one of the working days after the promise.

    at_fault stands there only where several offices work on the dossier.
    """

    new_on = SelectField(_l("Hẹn lại ngày"), name="ngay_hen_lai", choices=[])
    at_fault = SelectField(_l("Phần việc chậm ở cơ quan nào"), name="co_quan_cham", coerce=whole, choices=[])
    reason = _reason(_l("Lời xin lỗi, vì sao chậm"), "ly_do_hen_lai")


class StopForm(MoveForm):
    """Stop working on the dossier."""

    reason = _reason(_l("Lý do dừng, người dân sẽ đọc"), "ly_do_dung")


class GiveUpForm(MoveForm):
    """Stop waiting."""

    reason = _reason(_l("Lý do thôi chờ, người dân sẽ đọc"), "ly_do_thoi_cho")


class CloseForm(MoveForm):
    """End a stopped dossier."""

    reason = _reason(_l("Lý do kết thúc, người dân sẽ đọc"), "ly_do_ket_thuc")


class EndLinkedForm(MoveForm):
    """End a linked dossier whose parent ended; the page proposes the words."""

    reason = _reason(_l("Lý do kết thúc, người dân sẽ đọc"), "ly_do_theo_ho_so_chinh")


class RecallForm(MoveForm):
    """Take the issued result back."""

    reason = _reason(_l("Lý do thu hồi, người dân sẽ đọc"), "ly_do_thu_hoi")


class ResumeForm(MoveForm):
    """Go on with a stopped dossier."""

    note = TextAreaField(_l("Ghi chú"), name="ghi_chu_xu_ly_tiep", filters=LINES, validators=[at_most(1000)])


class TakeOverForm(MoveForm):
    """Take the dossier on oneself: nothing to type."""
