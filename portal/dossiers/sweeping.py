"""The sweep: which alarms hold now, those that came and those that went; and what an alarm does by itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts.authority import OPERATOR
from portal.accounts.calendars import OfficeHours, calendar_of
from portal.catalogue.workflow_preview import IN_TURN, hours_of
from portal.catalogue.workflows import StepSpec, WorkflowVersion
from portal.dossiers.actions.clock import STEP_OF
from portal.dossiers.actions.recording import KIND
from portal.dossiers.actions.working import confirm_draft
from portal.dossiers.alarms import Facts, Measure, standing
from portal.dossiers.models import (
    OPEN,
    Alarm,
    AlarmKind,
    Charge,
    Consultation,
    Dossier,
    SupplementRequest,
)
from portal.ground.db import insert_ignoring
from portal.ground.errors import PortalError, WrongState
from portal.ground.ledger import LedgerEntry
from portal.ground.open_hours import day_of
from portal.ground.ruler import Ruler

READ_AT_ONCE, WRITTEN_AT_ONCE = 500, 100
"""Dossiers judged in one statement, and settled in one transaction."""

BACK, AHEAD = timedelta(days=800), timedelta(days=400)
"""The days around the sweep that are measured; no term is longer than half a year of work."""

BETWEEN_REMINDERS = timedelta(days=1)
"""How long somebody has had to act on the first reminder before the second may be counted."""


@dataclass(frozen=True)
class Change:
    """What differs between the alarms that hold for one dossier and those that are raised."""

    facts: Facts
    coming: Mapping[AlarmKind, datetime]
    going: tuple[int, ...]


class Measures:
    """The measures of the offices, each made once a sweep; offices without hours of their own share one."""

    def __init__(self, session: Session, at: datetime, silent_hours: int) -> None:
        self._session, self._at, self._silence = session, at, timedelta(hours=silent_hours)
        own = select(OfficeHours.office_id).where(OfficeHours.office_id.is_not(None)).distinct()
        self._own = set(session.scalars(own))
        self._made: dict[int | None, Measure] = {}

    def of(self, office_id: int) -> Measure:
        """The measure of an office."""
        key = office_id if office_id in self._own else None
        if key not in self._made:
            calendar = calendar_of(self._session, key, day_of(self._at))
            first, last = day_of(self._at - BACK), day_of(self._at + AHEAD)
            self._made[key] = Measure(calendar, Ruler(calendar, first, last), self._silence)
        return self._made[key]


def to_settle(session: Session, at: datetime, silent_hours: int) -> list[int]:
    """The dossiers whose alarms are not those that hold at *at*, by id; reads only.

    Looked at: all open work, and whatever still has an alarm. silent_hours: open hours without an entry
    that are silence.
    """
    open_work = select(Dossier.id).where(sa.text(OPEN))
    ids = session.scalars(
        sa.union(open_work, select(Alarm.dossier_id).where(Alarm.cleared_at.is_(None)))
    ).all()
    measures = Measures(session, at, silent_hours)
    some = (_changes(session, part, measures, at) for part in parts(sorted(ids), READ_AT_ONCE))
    return [change.facts.dossier_id for changes in some for change in changes]


def parts(dossier_ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Yield *dossier_ids* in parts of at most *size*."""
    return (dossier_ids[first : first + size] for first in range(0, len(dossier_ids), size))


def settle(session: Session, dossier_ids: Sequence[int], at: datetime, silent_hours: int) -> list[Alarm]:
    """Raise and clear the alarms of these dossiers as they are at *at*; returns those raised just now.

    Doing it again, or two at once, raises nothing twice; an alarm that comes back is the same row.
    """
    changes = _changes(session, dossier_ids, Measures(session, at, silent_hours), at)
    gone = [number for change in changes for number in change.going]
    session.execute(update(Alarm).where(Alarm.id.in_(gone)).values(cleared_at=at))
    new = [
        (change.facts.dossier_id, kind, since)
        for change in changes
        for kind, since in change.coming.items()
        if _raise(session, change.facts, kind, since, at)
    ]
    there = select(Alarm).where(Alarm.dossier_id.in_({dossier_id for dossier_id, _, _ in new}))
    alarms = session.scalars(there.order_by(Alarm.id))
    return [alarm for alarm in alarms if (alarm.dossier_id, alarm.kind, alarm.concerns_at) in new]


def _changes(session: Session, dossier_ids: Sequence[int], measures: Measures, at: datetime) -> list[Change]:
    raised: dict[int, dict[tuple[AlarmKind, datetime], int]] = {number: {} for number in dossier_ids}
    columns = (Alarm.id, Alarm.dossier_id, Alarm.kind, Alarm.concerns_at)
    there = (Alarm.dossier_id.in_(dossier_ids), Alarm.cleared_at.is_(None))
    for row in session.execute(select(*columns).where(*there)):
        raised[row.dossier_id][row.kind, row.concerns_at] = row.id
    every = (_change(facts, measures, raised[facts.dossier_id], at) for facts in _facts(session, dossier_ids))
    return [change for change in every if change.coming or change.going]


def _change(
    facts: Facts, measures: Measures, raised: Mapping[tuple[AlarmKind, datetime], int], at: datetime
) -> Change:
    holding = standing(facts, measures.of(facts.office_id), at)
    coming = {kind: since for kind, since in holding.items() if (kind, since) not in raised}
    going = tuple(number for key, number in raised.items() if key not in holding.items())
    return Change(facts, coming, going)


def _raise(session: Session, facts: Facts, kind: AlarmKind, concerns_at: datetime, at: datetime) -> bool:
    """Raise one alarm with what it does by itself, and tell whether it is new; or none of it.

    When its dossier moved meanwhile, so that it can do nothing, the next sweep looks at it anew.
    """
    key = {"dossier_id": facts.dossier_id, "kind": kind, "concerns_at": concerns_at}
    values = key | {"office_id": facts.office_id, "raised_at": at, "cleared_at": None}
    if kind not in EFFECTS:
        return _inserted(session, key, values)
    try:
        with session.begin_nested():
            is_new = _inserted(session, key, values)
            if is_new:
                EFFECTS[kind](session, facts.dossier_id, at)
    except (PortalError, StaleDataError, IntegrityError):
        return False
    return is_new


def _inserted(session: Session, key: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether the alarm is new; one that is there already holds again."""
    if insert_ignoring(session, Alarm, values):
        return True
    session.execute(update(Alarm).filter_by(**key).values(cleared_at=None))
    return False


def _count_reminder(session: Session, dossier_id: int, _at: datetime) -> None:
    """Keep that the citizen was reminded: only then may the office stop waiting (guards.period_over)."""
    asked = (SupplementRequest.dossier_id == dossier_id, SupplementRequest.answered_at.is_(None))
    charged = (Charge.dossier_id == dossier_id, Charge.ended_at.is_(None))
    reminded = SupplementRequest.reminders + 1
    session.execute(update(SupplementRequest).where(*asked).values(reminders=reminded))
    session.execute(update(Charge).where(*charged).values(reminders=Charge.reminders + 1))


def _count_second(session: Session, dossier_id: int, at: datetime) -> None:
    """Remind again, a day after the first time at the earliest, however late this sweep is."""
    first = (Alarm.dossier_id == dossier_id, Alarm.kind == AlarmKind.WAITING_3, Alarm.cleared_at.is_(None))
    if session.scalar(select(Alarm.id).where(*first, Alarm.raised_at <= at - BETWEEN_REMINDERS)) is None:
        raise WrongState  # A later sweep reminds.
    _count_reminder(session, dossier_id, at)


def _confirm(session: Session, dossier_id: int, at: datetime) -> None:
    """Take silence for a yes (R37)."""
    confirm_draft(session, session.get_one(Dossier, dossier_id), by=OPERATOR, at=at)


EFFECTS: Mapping[AlarmKind, Callable[[Session, int, datetime], None]] = {
    AlarmKind.WAITING_3: _count_reminder,
    AlarmKind.WAITING_7: _count_second,
    AlarmKind.DRAFT_SILENCE: _confirm,
}
"""What raising an alarm does to its dossier, in the same transaction: once, as the alarm is raised once."""


def _facts(session: Session, dossier_ids: Iterable[int]) -> list[Facts]:
    """The facts of these dossiers in one statement, and the norms in another; all found by an index."""
    query = select(*_columns(), Dossier.workflow_id).where(Dossier.id.in_(dossier_ids))
    rows = [dict(row._mapping) for row in session.execute(query.order_by(Dossier.id))]
    workflows = [row.pop("workflow_id") for row in rows]
    norms = _norms(session, set(workflows))
    found = zip(rows, workflows, strict=True)
    return [Facts(**row, rest=_rest(norms.get(number, ()), row)) for row, number in found]


def _norms(session: Session, workflow_ids: set[int | None]) -> dict[int, Sequence[StepSpec]]:
    """The steps of these workflows, by id."""
    found = session.scalars(select(WorkflowVersion).where(WorkflowVersion.id.in_(workflow_ids - {None})))
    return {version.id: version.steps for version in found}


def _rest(steps: Sequence[StepSpec], row: Mapping[str, Any]) -> timedelta:
    """The norms of the steps that follow the one that a dossier is at, together."""
    kind = STEP_OF.get((row["status"], row["step"]))
    following = IN_TURN[IN_TURN.index(kind) + 1 :] if kind in IN_TURN else ()
    return timedelta(hours=float(hours_of(steps, following)))


def _columns() -> list[Any]:
    """One column for each field of the facts: of the dossier itself, or made of what it waits for."""
    made: Any = {
        "dossier_id": Dossier.id,
        "last_at": _last_entry_at(),
        "asked_at": sa.func.coalesce(
            _one(SupplementRequest.asked_at, SupplementRequest.dossier_id, SupplementRequest.answered_at),
            _one(Charge.asked_at, Charge.dossier_id, Charge.ended_at),
        ),
        "opinion_due_at": _one(
            Consultation.due_at, Consultation.dossier_id, Consultation.answered_at, Consultation.ended_at
        ),
        "parent_ended_at": _parent_ended_at(),
    }
    names = [field.name for field in fields(Facts) if field.name != "rest"]
    return [made.get(name, getattr(Dossier, name, None)).label(name) for name in names]


def _last_entry_at() -> sa.ScalarSelect[datetime]:
    chain = (LedgerEntry.kind == KIND, LedgerEntry.aggregate == sa.cast(Dossier.id, sa.String))
    last = select(LedgerEntry.at).where(*chain).order_by(LedgerEntry.seq.desc()).limit(1)
    return last.correlate(Dossier).scalar_subquery()


def _parent_ended_at() -> sa.ScalarSelect[datetime]:
    """The last entry of a parent that is over without a result (Dossier.has_ended_parent)."""
    parent = aliased(Dossier)
    chain = sa.and_(LedgerEntry.kind == KIND, LedgerEntry.aggregate == sa.cast(parent.id, sa.String))
    last = select(sa.func.max(LedgerEntry.at)).select_from(parent).join(LedgerEntry, chain)
    served = last.where(
        parent.id == Dossier.parent_id, parent.ended_without_result, Dossier.closed_at.is_(None)
    )
    return served.correlate(Dossier).scalar_subquery()


def _one(moment: Any, home: Any, *ends: Any) -> sa.ScalarSelect[datetime]:
    """The earliest *moment* of what still is open for the dossier: none of its *ends* has come."""
    is_open = (end.is_(None) for end in ends)
    return select(sa.func.min(moment)).where(home == Dossier.id, *is_open).scalar_subquery()
