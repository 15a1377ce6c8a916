"""The forms of the desk: one for each move on a dossier, and one for cash. They decide nothing."""


from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional

from portal.ground.text import clean, clean_lines
from portal.payments.actions import Cash
from portal.payments.models import FeeKind
from portal.web import uploads
from portal.web.forms import PortalForm, at_most, options, required
from portal.web.i18n import _l

LINE = (lambda typed: clean(typed) if typed else "",)
LINES = (lambda typed: clean_lines(typed) if typed else "",)
"""Filters: how typed text is stored."""


class MoveForm(PortalForm):
    """What every move sends along: the version of the dossier on the page, and how much had happened."""

    version = HiddenField(name="phien_ban")
    happened = HiddenField(name="so_viec")

    @property
    def seen_version(self) -> int:
        """The version that was shown; 0, which no dossier has, when the page did not say."""
        return _number(self.version.data)

    @property
    def seen_happened(self) -> int:
        """How many moves the page knew of."""
        return _number(self.happened.data)

    def show_for(self, version: int, happened: int) -> None:
        """Put what the fresh page shows into the hidden fields; what was typed stays."""
        self.version.data, self.happened.data = str(version), str(happened)

    def typed(self) -> str:
        """The words a person typed into this form, to be shown again when they could not be saved."""
        fields = (field for field in self if isinstance(field, StringField))
        return "\n".join(field.data for field in fields if field.data and not isinstance(field, HiddenField))


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 10 else 0


class AcceptForm(MoveForm):
    """Accept: nothing to type."""


class ForwardForm(MoveForm):
    """Forward to the specialists."""

    note = TextAreaField(
        _l("Lời nhắn cho chuyên viên"), name="loi_nhan", filters=LINES, validators=[at_most(1000)]
    )


class RefuseForm(MoveForm):
    """Refuse, with the reason of form 03."""

    reason = TextAreaField(
        _l("Lý do, người dân sẽ đọc"),
        name="ly_do_tu_choi",
        filters=LINES,
        validators=[required(_l("Hãy ghi lý do; người dân sẽ đọc lý do này.")), at_most(2000)],
    )


class OpinionForm(MoveForm):
    """Propose for signing what its citizen has confirmed: only the opinion is still missing."""

    opinion = TextAreaField(
        _l("Ý kiến thẩm tra"),
        name="y_kien",
        filters=LINES,
        validators=[required(_l("Hãy ghi ý kiến thẩm tra.")), at_most(4000)],
    )


class ProposeForm(OpinionForm):
    """Propose for signing: the opinion, and the drafted result."""

    result = FileField(_l("Dự thảo kết quả"), name="ket_qua", description=uploads.LIMITS)


class SignForm(MoveForm):
    """Sign what was proposed."""

    note = TextAreaField(_l("Ghi chú khi ký"), name="ghi_chu_ky", filters=LINES, validators=[at_most(1000)])


class SendBackForm(MoveForm):
    """Send the draft back to the specialist."""

    reason = TextAreaField(
        _l("Cần làm lại điều gì"),
        name="ly_do_tra_lai",
        filters=LINES,
        validators=[required(_l("Hãy ghi cần làm lại điều gì.")), at_most(2000)],
    )


class FinishForm(MoveForm):
    """Enter the signed result into the book."""

    number = StringField(
        _l("Số của kết quả trong sổ"),
        name="so_ket_qua",
        filters=LINE,
        validators=[required(_l("Hãy ghi số của kết quả trong sổ.")), at_most(60)],
    )


RELATIONS = {
    "owner": _l("Chủ hồ sơ"),
    "relative": _l("Cha, mẹ, vợ, chồng, con, anh, chị, em"),
    "authorised": _l("Người được ủy quyền, có giấy"),
}


class HandOverForm(MoveForm):
    """Give the result at the desk: to whom, and what was looked at."""

    receiver = StringField(
        _l("Người nhận"),
        name="nguoi_nhan",
        filters=LINE,
        validators=[required(_l("Hãy ghi tên người nhận kết quả.")), at_most(200)],
    )
    relation = RadioField(
        _l("Là ai"),
        name="quan_he",
        choices=options(RELATIONS.items()),
        default="owner",
        validate_choice=True,
    )
    identity_seen = BooleanField(
        _l("Đã xem giấy tờ tùy thân, người nhận đã ký"),
        name="da_doi_chieu",
        validators=[required(_l("Hãy đối chiếu giấy tờ tùy thân và lấy chữ ký trước khi trao."))],
    )

    def said(self) -> dict[str, str]:
        """What was observed, as the ledger keeps it."""
        return {"receiver": self.receiver.data, "relation": self.relation.data, "identity_seen": "yes"}


class CashForm(PortalForm):
    """Cash taken at the desk."""

    kind = RadioField(
        _l("Loại"),
        name="loai",
        choices=options((kind.value, _l(kind.label)) for kind in FeeKind),
        default=FeeKind.LEVY.value,
    )
    amount = IntegerField(
        _l("Số tiền (đồng)"),
        name="so_tien",
        validators=[
            required(_l("Hãy nhập số tiền.")),
            NumberRange(1, 1_000_000_000, _l("Số tiền phải lớn hơn 0 và không quá 1 tỷ đồng.")),
        ],
    )
    payer = StringField(
        _l("Người nộp tiền"),
        name="nguoi_nop_tien",
        filters=LINE,
        validators=[required(_l("Hãy ghi tên người nộp tiền.")), at_most(200)],
    )
    note = StringField(
        _l("Ghi chú"), name="ghi_chu_tien", filters=LINE, validators=[Optional(), at_most(300)]
    )

    def cash(self) -> Cash:
        """What the form says, once it is valid."""
        amount, payer = self.amount.data or 0, self.payer.data or ""
        return Cash(FeeKind(self.kind.data), amount, payer, self.note.data or "")
