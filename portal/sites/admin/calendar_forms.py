"""The form of a special day, and the question that each change of the calendar asks about promises."""

from collections.abc import Callable
from datetime import date
from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from portal.accounts.special_days import Wanted
from portal.dossiers.postponing import Choice
from portal.ground.text import clean
from portal.ground.working_time import DayKind
from portal.sites.admin.forms import DAY
from portal.web.forms import DayField, PortalForm, at_most, options, required
from portal.web.i18n import _, _l, say


def needed_unless_ended(sentence: Any) -> Callable[[Any, Field], None]:
    """A field that may be empty only when the day becomes an ordinary one."""

    def check(form: Any, field: Field) -> None:
        if form.loai.data and not clean(field.data or ""):
            raise ValidationError(str(sentence))

    return check


KEEP, MOVE = "giu", "doi"
"""What may become of promises that would come out later."""


def needed_to_move(form: Any, field: Field) -> None:
    """A field that may be empty only when every promise is kept."""
    if form.hen.data == MOVE and not clean(field.data or ""):
        raise ValidationError(_("Hãy ghi văn bản làm căn cứ dời hẹn; người dân sẽ đọc."))


class PromisesForm(PortalForm):
    """The question about promises. da_xem: the change whose consequences were seen."""

    hen = RadioField(
        _l("Với các hẹn sẽ muộn hơn"),
        choices=options([(KEEP, _l("Giữ mọi hẹn đã hứa")), (MOVE, _l("Dời các hẹn sẽ muộn hơn"))]),
        default=KEEP,
    )
    can_cu_doi = StringField(_l("Căn cứ dời hẹn"), [needed_to_move, at_most(200)])
    da_xem = HiddenField()

    def ask(self, seen: str, ground: str = "") -> None:
        """Note that the consequences of the change *seen* are shown now; *ground* may be the reason."""
        self.da_xem.data, self.hen.data = seen, KEEP
        self.can_cu_doi.data = ground

    def is_asked_again(self) -> bool:
        """Whether the consequences were shown and only the answer about promises is wrong.

        Where something else is wrong they count as not seen: nobody saves an answer they do not see.
        """
        if not set(self.errors) <= {self.hen.name, self.can_cu_doi.name}:
            self.da_xem.data = ""
        return bool(self.da_xem.data)

    @property
    def choice(self) -> Choice:
        """The answer."""
        return Choice(self.hen.data == MOVE, self.can_cu_doi.data or "")


class DayForm(PromisesForm):
    """A special day. phien_ban: the row that was shown."""

    ngay = DayField(_l("Ngày"), [InputRequired(_l("Hãy ghi ngày."))], format=DAY)
    loai = SelectField(_l("Loại"))
    ten = StringField(_l("Tên"), [needed_unless_ended(_l("Hãy ghi tên của ngày này.")), at_most(200)])
    can_cu = StringField(
        _l("Căn cứ"),
        [needed_unless_ended(_l("Hãy ghi văn bản quy định.")), at_most(200)],
        description=_l("Số và tên văn bản, ví dụ Công văn 6150/VPCP-KGVX."),
    )
    ly_do = TextAreaField(
        _l("Lý do sửa lịch"),
        [required(_l("Hãy ghi lý do.")), at_most(500)],
        description=_l("Ghi vào sổ cái cùng tên bạn, không xóa được."),
    )
    phien_ban = HiddenField()

    def wanted(self, day: date) -> Wanted:
        """What *day* shall be."""
        kind = DayKind(self.loai.data) if self.loai.data else None
        return Wanted(day, kind, self.ten.data or "", self.can_cu.data or "", self.ly_do.data or "")

    @property
    def said_ground(self) -> str:
        """The name of the day and who declared it, which citizens may read as the ground."""
        return f"{self.ten.data}, {self.can_cu.data}"[:200] if self.loai.data else ""


def day_form(*, new: bool, **data: Any) -> DayForm:
    """The form with the kinds of a day; one that is there already may also be ended, and keeps its date."""
    form = DayForm(data=data)
    ordinary = [] if new else [("", _("Thôi áp dụng: trở lại ngày bình thường"))]
    form.loai.choices = options([*((kind, say(kind.label)) for kind in DayKind), *ordinary])
    if not new:
        del form.ngay
    return form
