"""The forms of envelopes at the desk: counting again what came, sealing and giving out what goes."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange

from portal.postal.actions import Recount
from portal.postal.queries import SheetLine
from portal.sites.ward.forms import LINE
from portal.web.forms import PortalForm, at_most, required
from portal.web.i18n import _l


class RecountForm(PortalForm):
    """What the receiver finds in an envelope; without lines only its seal is looked at."""

    sheet_lines: tuple[SheetLine, ...] = ()
    note = StringField(_l("Nếu khác: khác chỗ nào"), name="khac", filters=LINE, validators=[at_most(1000)])

    def lines(self) -> list[tuple[SheetLine, Field]]:
        """Every line with its field."""
        return [(line, self[f"count_{line.line_id}"]) for line in self.sheet_lines]

    def recount(self) -> Recount:
        """What was found."""
        return Recount({line.line_id: field.data for line, field in self.lines()}, self.note.data or "")


def recount_form(lines: Sequence[SheetLine]) -> type[RecountForm]:
    """The form that counts *lines* again."""
    fields: dict[str, Any] = {"sheet_lines": tuple(lines)}
    for line in lines:
        fields[f"count_{line.line_id}"] = IntegerField(
            line.name,
            name=f"dem-{line.line_id}",
            validators=[
                InputRequired(_l("Hãy đếm và ghi số tờ.")),
                NumberRange(0, 999, _l("Số tờ từ 0 đến 999.")),
            ],
        )
    return type("RecountFormOfEnvelope", (RecountForm,), fields)


class GiveOutForm(PortalForm):
    """Seal the result of a dossier and offer it to a carrier."""

    seal = StringField(
        _l("Số niêm phong"),
        name="niem_phong",
        filters=LINE,
        validators=[required(_l("Hãy ghi số niêm phong.")), at_most(30)],
    )
    carrier = SelectField(_l("Bưu tá"), name="buu_ta", coerce=int)


class GiveBackForm(PortalForm):
    """Give the papers of an ended dossier back to their owner at the desk."""

    receiver = StringField(
        _l("Người nhận"),
        name="nguoi_nhan",
        filters=LINE,
        validators=[required(_l("Hãy ghi họ tên người nhận.")), at_most(200)],
    )
