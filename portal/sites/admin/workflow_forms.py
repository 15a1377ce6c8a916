"""Forms of a workflow: one row of fields a step, what it rests on, and the start of a preview."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import BooleanField, DateTimeLocalField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from portal.accounts.models import Role
from portal.catalogue.workflows import OPTIONAL, ROLES, StepKind, StepSpec, check_norm, check_papers
from portal.ground.errors import Refused
from portal.ground.words import N_
from portal.ground.working_time import ZONE
from portal.web import formats
from portal.web.forms import PortalForm, at_most, obeys, options, required
from portal.web.i18n import _, _l, say

MOMENT = "%d/%m/%Y %H:%M"

YEARS = range(2000, 2100)
"""Years in which a preview may begin."""


def typed_hours(text: str) -> Decimal:
    """A norm as typed, with a comma or a point; raises Refused."""
    try:
        hours = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise Refused(N_("Hãy ghi số giờ làm việc, ví dụ 4 hoặc 2,5.")) from None
    check_norm(hours)
    return hours


def typed_papers(text: str) -> tuple[str, ...]:
    """Form numbers as typed, separated by commas or blanks; raises Refused."""
    numbers = tuple(text.replace(",", " ").split())
    check_papers(numbers)
    return numbers


class SeenForm(PortalForm):
    """An act on a draft: *lan* is the revision that its page was shown from."""

    lan = HiddenField()

    @property
    def seen(self) -> int:
        """The revision as a number; one that never was for anything else."""
        typed = self.lan.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 8 else -1


class WorkflowForm(SeenForm):
    """The draft of a workflow; its rows are the fields lam_, vai_, gio_ and mau_ of each step."""

    can_cu = TextAreaField(
        _l("Căn cứ"),
        [required(_l("Hãy ghi căn cứ của quy trình.")), at_most(1000)],
        description=_l("Quyết định phê duyệt quy trình nội bộ, hoặc quy định của cơ quan."),
    )

    def rows(self) -> list[tuple[StepKind, dict[str, Any]]]:
        """Each step with its fields; "lam" only where the step may be left out."""
        return [(kind, _fields_of(self, kind)) for kind in StepKind]

    def steps(self) -> tuple[StepSpec, ...]:
        """What was typed, as the concept takes it."""
        return tuple(_spec(kind, row) for kind, row in self.rows() if "lam" not in row or row["lam"].data)


class PreviewForm(PortalForm):
    """From when, and by whose hours, a preview counts."""

    tu = DateTimeLocalField(  # type: ignore[call-arg]  # The stubs are older.
        _l("Tiếp nhận lúc"),
        [required(_l("Hãy ghi ngày giờ tiếp nhận."))],
        format=MOMENT,
        invalid_value_message=_l("Hãy ghi ngày giờ như 15/09/2020 09:00."),
    )
    co_quan = SelectField(_l("Theo giờ làm việc của"), [Optional()])

    def validate_tu(self, field: Any) -> None:
        """No calendar reaches further than these years."""
        if field.data and field.data.year not in YEARS:
            raise ValidationError(_("Hãy ghi một ngày từ năm 2000 đến năm 2099."))

    def start(self) -> datetime:
        """The moment typed, on the clock of Vietnam."""
        typed: Any = self.tu.data
        moment: datetime = typed.replace(tzinfo=ZONE)
        return moment


def workflow_form(shown: Sequence[StepSpec] = (), **data: Any) -> WorkflowForm:
    """The form of a draft, filled with the steps *shown* when it is shown for the first time."""
    fields: dict[str, Any] = {}
    for kind in StepKind:
        fields |= _fields(kind)
    there = {step.kind: step for step in shown}
    filled = {name: value for kind in StepKind for name, value in _filled(kind, there.get(kind)).items()}
    built: WorkflowForm = type("StepsForm", (WorkflowForm,), fields)(data={**filled, **data})
    return built


def _fields(kind: StepKind) -> dict[str, Any]:
    roles = SelectField(_l("Vai làm"), choices=options((role, say(role.label)) for role in ROLES[kind]))
    no_completion = {"autocomplete": "off"}
    hours = StringField(_l("Định mức, giờ làm việc"), [_if_kept(kind, typed_hours)], render_kw=no_completion)
    papers = StringField(_l("Mẫu lập ở bước này"), [_if_kept(kind, typed_papers)], render_kw=no_completion)
    row = {f"vai_{kind}": roles, f"gio_{kind}": hours, f"mau_{kind}": papers}
    if kind in OPTIONAL:
        row[f"lam_{kind}"] = BooleanField(_l("Có bước này"))
    return row


def _if_kept(kind: StepKind, rule: Any) -> Any:
    """The rule of a step's field; what stands at a step left out is nobody's mistake."""
    judge = obeys(rule)

    def check(form: Any, field: Any) -> None:
        if kind not in OPTIONAL or form[f"lam_{kind}"].data:
            judge(form, field)

    return check


def _filled(kind: StepKind, step: StepSpec | None) -> dict[str, Any]:
    role = step.role if step else ROLES[kind][0]
    row: dict[str, Any] = {f"vai_{kind}": role.value}
    row[f"gio_{kind}"] = formats.amount(step.norm_hours) if step else ""
    row[f"mau_{kind}"] = ", ".join(step.papers) if step else ""
    return row | ({f"lam_{kind}": step is not None} if kind in OPTIONAL else {})


def _fields_of(form: WorkflowForm, kind: StepKind) -> dict[str, Any]:
    names = ("lam", "vai", "gio", "mau") if kind in OPTIONAL else ("vai", "gio", "mau")
    return {name: form[f"{name}_{kind}"] for name in names}


def _spec(kind: StepKind, row: dict[str, Any]) -> StepSpec:
    hours, papers = typed_hours(row["gio"].data or ""), typed_papers(row["mau"].data or "")
    return StepSpec(kind, Role(row["vai"].data), hours, papers)


def preview_form(start: datetime, offices: Sequence[tuple[int, str]], typed: Any) -> PreviewForm:
    """The form over what the address says; *start* where it says nothing."""
    given = typed if typed.get("tu") is not None else None
    usual = {"tu": start.astimezone(ZONE)}
    form = PreviewForm(formdata=given, data=usual, meta={"csrf": False})
    form.co_quan.choices = options([("", _("Giờ chung của mọi cơ quan")), *offices])
    return form
