"""Which promises a change of the calendar would move, counted anew. Reads only: no promise moves here."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.accounts.calendars import calendar_of, calendars_of
from portal.accounts.models import Office
from portal.catalogue.models import ProcedureVersion
from portal.dossiers.deadlines import NoTerm, term_of
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status
from portal.ground.open_hours import ONE_DAY
from portal.ground.working_time import Calendar, DayKind, Term, Week, due, moment

RUNNING = (Status.ACCEPTED, Status.IN_PROGRESS)
"""Where a promise runs. One that waits is counted anew, by the calendar of then, when it goes on."""

Change = Callable[[Calendar], Calendar]


@dataclass(frozen=True)
class Moved:
    """A promise that would come out differently.

    recounted_at is None where the promise does not follow from its start alone (a pause, a new appointment,
    kept through an earlier change) or has no term any more: somebody has to look at it.
    """

    dossier_id: int
    code: str
    office_name: str
    promised_at: datetime
    recounted_at: datetime | None

    @property
    def is_earlier(self) -> bool:
        """Whether the change would bring the promise forward."""
        return self.recounted_at is not None and self.recounted_at < self.promised_at


def moved_by_day(session: Session, day: date, kind: DayKind | None) -> list[Moved]:
    """The open promises that would move if *day* became that *kind*, or an ordinary day; soonest first."""

    def changed(calendar: Calendar) -> Calendar:
        other = calendar.with_day(day, kind)
        return calendar if other.spans(day) == calendar.spans(day) else other

    return _moved(session, changed, day, _between(day, day))


def moved_by_hours(session: Session, office_id: int, week: Week, from_on: date) -> list[Moved]:
    """The open promises of an office that would move if it had the hours *week* from *from_on* on.

    An empty week stands for the hours of every office that has none of its own.
    """
    other = Calendar(week) if week else calendar_of(session, None, from_on)
    there = sa.and_(Dossier.office_id == office_id, _between(from_on, date.max))
    return _moved(session, lambda calendar: calendar.followed_by(other, from_on), from_on, there)


def _between(first: date, last: date) -> sa.ColumnElement[bool]:
    """Promises whose term meets the days from *first* to *last*; no other one can move."""
    begun = sa.true() if last == date.max else Dossier.received_at < moment(last + ONE_DAY)
    return sa.and_(begun, Dossier.due_at >= moment(first))


def _moved(session: Session, change: Change, on: date, which: sa.ColumnElement[bool]) -> list[Moved]:
    rows = session.execute(_promises().where(which)).all()
    terms = _terms(session, {(row.procedure_version_id, row.channel, row.case_key) for row in rows})
    before = calendars_of(session, {row.office_id for row in rows}, on)
    after = {office_id: change(calendar) for office_id, calendar in before.items()}
    return list(_counted(rows, terms, before, after))


def _promises() -> sa.Select[Any]:
    kind_of_term = (Dossier.procedure_version_id, Dossier.channel, Dossier.case_key)
    clock = (Dossier.received_at, Dossier.due_at, Dossier.due_trace)
    columns = (Dossier.id, Dossier.code, Dossier.office_id, Office.name, *kind_of_term, *clock)
    running = select(*columns).join(Office, Office.id == Dossier.office_id).where(Dossier.status.in_(RUNNING))
    return running.order_by(Dossier.due_at, Dossier.id)


def _terms(session: Session, wanted: Collection[Any]) -> dict[Any, Term | None]:
    """The term of each version, channel and case; None where there is none any more."""
    ids = {version_id for version_id, _, _ in wanted}
    query = select(ProcedureVersion).where(ProcedureVersion.id.in_(ids))
    versions = {one.id: one for one in session.scalars(query.options(selectinload(ProcedureVersion.terms)))}
    return {key: _term(versions[key[0]], key[1], key[2]) for key in wanted}


def _term(version: ProcedureVersion, channel: Any, case_key: str) -> Term | None:
    try:
        return term_of(version, channel, case_key)
    except NoTerm:
        return None


def _counted(
    rows: Collection[Any],
    terms: dict[Any, Term | None],
    before: dict[int, Calendar],
    after: dict[int, Calendar],
) -> Iterator[Moved]:
    """Count each promise by both calendars; yield those that come out differently."""
    for row in rows:
        old, new = before[row.office_id], after[row.office_id]
        term = terms[row.procedure_version_id, row.channel, row.case_key]
        now, then = (due(_begun(row), term, one).at if term else None for one in (old, new))
        if old is not new and row.due_at != then:
            yield Moved(row.id, row.code, row.name, row.due_at, then if row.due_at == now else None)


def _begun(row: Any) -> datetime:
    """When the term of a promise began: the first line of its trace, since an answer begins a new term."""
    if not row.due_trace:
        begun: datetime = row.received_at
        return begun
    return datetime.fromisoformat(row.due_trace[0]["at"]).astimezone(UTC)
