"""The form of a special day: what it shall be, who said so, and why it is changed."""

from collections.abc import Callable
from datetime import date
from typing import Any

from wtforms import DateField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from portal.accounts.special_days import Wanted
from portal.ground.text import clean
from portal.ground.working_time import DayKind
from portal.sites.admin.forms import DAY
from portal.web.forms import PortalForm, at_most, options, required
from portal.web.i18n import _, _l, say


def needed_unless_ended(sentence: Any) -> Callable[[Any, Field], None]:
    """A field that may be empty only when the day becomes an ordinary one."""

    def check(form: Any, field: Field) -> None:
        if form.loai.data and not clean(field.data or ""):
            raise ValidationError(str(sentence))

    return check


class DayForm(PortalForm):
    """A special day. da_xem: the change whose consequences were seen; phien_ban: the row that was shown."""

    ngay = DateField(_l("Ngày"), [InputRequired(_l("Hãy ghi ngày."))], format=DAY)
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
    da_xem = HiddenField()
    phien_ban = HiddenField()

    def wanted(self, day: date) -> Wanted:
        """What *day* shall be."""
        kind = DayKind(self.loai.data) if self.loai.data else None
        return Wanted(day, kind, self.ten.data or "", self.can_cu.data or "", self.ly_do.data or "")


def day_form(*, new: bool, **data: Any) -> DayForm:
    """The form with the kinds of a day; one that is there already may also be ended, and keeps its date."""
    form = DayForm(data=data)
    ordinary = [] if new else [("", _("Thôi áp dụng: trở lại ngày bình thường"))]
    form.loai.choices = options([*((kind, say(kind.label)) for kind in DayKind), *ordinary])
    if not new:
        del form.ngay
    return form
