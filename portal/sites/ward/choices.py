"""What the lists of a move's form offer on this dossier now: people, offices, procedures, days."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from portal.accounts import offices
from portal.accounts.calendars import calendar_of
from portal.accounts.models import Office, Role
from portal.dossiers import actions, linking, queries
from portal.dossiers.models import Dossier
from portal.dossiers.queries import OPINING
from portal.ground.open_hours import day_of
from portal.sites.ward.forms import MoveForm
from portal.sites.ward.side_forms import AssignForm, ConsultForm, EndLinkedForm, ExtendForm, LinkForm
from portal.web import context, formats
from portal.web.forms import options
from portal.web.i18n import _, say

DAYS = 20
"""How many working days after the promise an apology may choose from."""


def fill(session: Session, dossier: Dossier, form: MoveForm) -> None:
    """Give the lists of *form* their choices; a form without lists stays as it is."""
    for kind, offer in _OFFERS.items():
        if isinstance(form, kind):
            offer(session, dossier, form)


def _people(session: Session, dossier: Dossier, form: Any) -> None:
    people = actions.appraisers(session, dossier, context.now())
    form.who.choices = options(pair for pair in people.items() if pair[0] != dossier.assignee_id)


def _asked(session: Session, dossier: Dossier, form: Any) -> None:
    form.office.choices = _by_kind(offices.staffed(session, OPINING, context.today()), dossier)


def _linked(session: Session, dossier: Dossier, form: Any) -> None:
    versions = linking.fit_versions(session, context.today())
    rows = [SelectChoice(str(one.id), one.name, render_kw={"lang": "vi"}) for one in versions]
    form.procedure.choices = [*options([("", _("Chọn thủ tục"))]), *rows]
    receiving = offices.staffed(session, [Role.RECEPTIONIST], context.today())
    form.office.choices = _by_kind(receiving, dossier)


def _days(session: Session, dossier: Dossier, form: Any) -> None:
    days = _working_days(session, dossier)
    form.new_on.choices = options((day.isoformat(), _day(day)) for day in days)
    parties = actions.taking_part(dossier)
    form.at_fault.choices = options((office.id, office.name) for office in parties)
    if len(parties) == 1:
        del form.at_fault


def _ended(session: Session, dossier: Dossier, form: Any) -> None:
    """Propose that the parent ended as the reason, and when; what somebody typed stays."""
    ended = queries.ended_at(session, dossier.parent) if dossier.parent else None
    if dossier.parent and ended and not form.reason.raw_data:
        said = {"code": dossier.parent.shown_code, "moment": formats.moment(ended)}
        form.reason.data = _("Hồ sơ chính %(code)s đã kết thúc lúc %(moment)s.", **said)


def _by_kind(found: Iterable[Office], dossier: Dossier) -> list[Any]:
    """Offices under the names of their kinds, without the dossier's own; nothing chosen beforehand."""
    others = (office for office in found if office.id != dossier.office_id)
    rows = [SelectChoice(str(one.id), one.name, optgroup=say(one.kind.label)) for one in others]
    return [*options([("", _("Chọn cơ quan"))]), *rows]


def _working_days(session: Session, dossier: Dossier) -> list[date]:
    """The working days after the promise, which the calendar knows."""
    calendar = calendar_of(session, dossier.office_id, context.today())
    days = [day_of(dossier.due_at or context.now())]
    for _number in range(DAYS):
        days.append(calendar.next_working_day(days[-1]))
    return days[1:]


def _day(day: date) -> str:
    return f"{formats.weekday(day)}, {formats.day(day)}"


_OFFERS: Mapping[type[MoveForm], Callable[[Session, Dossier, Any], None]] = {
    AssignForm: _people,
    ConsultForm: _asked,
    LinkForm: _linked,
    ExtendForm: _days,
    EndLinkedForm: _ended,
}
