"""Which promises a change of the calendar would move, counted anew. Reads only; postponing.py moves."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.accounts.calendars import calendar_of, calendars_of
from portal.accounts.models import Office
from portal.catalogue.models import ProcedureVersion
from portal.dossiers.deadlines import NoTerm, follows_from_start, term_of
from portal.dossiers.models import Dossier, Outcome, PostponedPromise
from portal.dossiers.states import Status
from portal.ground.calendar_changes import carried, landed
from portal.ground.open_hours import ONE_DAY, day_of
from portal.ground.words import N_, Labelled
from portal.ground.working_time import Calendar, DayKind, Term, Week, due, moment

_MOVING_TO = (
    select(sa.func.max(PostponedPromise.new_due_at))
    .where(PostponedPromise.dossier_id == Dossier.id, PostponedPromise.outcome == Outcome.WAITING)
    .scalar_subquery()
)
_DUE_AT: sa.ColumnElement[Any] = sa.func.coalesce(_MOVING_TO, Dossier.due_at)
"""What is promised, or will be once the job has moved it: two days entered one after the other add up."""

RUNNING = (Status.ACCEPTED, Status.IN_PROGRESS)
"""Where a promise runs. One that waits is counted anew, by the calendar of then, when it goes on."""

Change = Callable[[Calendar], Calendar]


class Fate(Labelled):
    """What a change of the calendar may do to a promise: only the first one is ever moved."""

    LATER = "later", N_("muộn hơn")
    EARLIER = "earlier", N_("sớm hơn, giữ nguyên")
    PASSED = "passed", N_("đã quá hạn, giữ nguyên")


@dataclass(frozen=True)
class Moved:
    """A promise that would come out differently."""

    dossier_id: int
    code: str
    office_name: str
    promised_at: datetime
    recounted_at: datetime
    fate: Fate


def moved_by_day(session: Session, day: date, kind: DayKind | None, at: datetime) -> list[Moved]:
    """The open promises that would move if *day* became that *kind*, or an ordinary day; soonest first."""

    def changed(calendar: Calendar) -> Calendar:
        other = calendar.with_day(day, kind)
        return calendar if other.spans(day) == calendar.spans(day) else other

    return _moved(session, changed, day, at, _between(day, day))


def moved_by_hours(session: Session, office_id: int, week: Week, from_on: date, at: datetime) -> list[Moved]:
    """The open promises of an office that would move if it had the hours *week* from *from_on* on.

    An empty week stands for the hours of every office that has none of its own.
    """
    other = Calendar(week) if week else calendar_of(session, None, from_on)
    there = sa.and_(Dossier.office_id == office_id, _between(from_on, date.max))
    return _moved(session, lambda calendar: calendar.followed_by(other, from_on), from_on, at, there)


def differing(session: Session, at: datetime) -> list[Moved]:
    """The open promises that today's calendar would not give, soonest first.

    One that was paused, appointed anew or carried on differs only where its day is none of work any more.
    """
    rows = session.execute(_promises()).all()
    terms = _terms(session, rows)
    calendars = calendars_of(session, {row.office_id for row in rows}, day_of(at))
    return list(_differing(rows, terms, calendars, at))


def begun(received_at: datetime, trace: list[Any]) -> datetime:
    """When the term of a promise began: the first line of its trace, since an answer begins a new term."""
    return datetime.fromisoformat(trace[0]["at"]).astimezone(UTC) if trace else received_at


def _between(first: date, last: date) -> sa.ColumnElement[bool]:
    """Promises whose term meets the days from *first* to *last*; no other one can move."""
    begun_before = sa.true() if last == date.max else Dossier.received_at < moment(last + ONE_DAY)
    return sa.and_(begun_before, moment(first) <= _DUE_AT)


def _moved(
    session: Session, change: Change, on: date, at: datetime, which: sa.ColumnElement[bool]
) -> list[Moved]:
    rows = session.execute(_promises().where(which)).all()
    terms = _terms(session, rows)
    before = calendars_of(session, {row.office_id for row in rows}, on)
    after = {office_id: change(calendar) for office_id, calendar in before.items()}
    counted = ((row, _then(row, terms[_kind(row)], on, before, after)) for row in rows)
    return [_as_moved(row, then, at) for row, then in counted if then != row.due_at]


def _promises() -> sa.Select[Any]:
    kind_of_term = (Dossier.procedure_version_id, Dossier.channel, Dossier.case_key)
    clock = (Dossier.received_at, _DUE_AT.label("due_at"), Dossier.due_trace, Dossier.extended_at)
    columns = (Dossier.id, Dossier.code, Dossier.office_id, Office.name, *kind_of_term, *clock)
    running = select(*columns).join(Office, Office.id == Dossier.office_id).where(Dossier.status.in_(RUNNING))
    return running.order_by(_DUE_AT, Dossier.id)


def _kind(row: Any) -> tuple[Any, Any, Any]:
    return row.procedure_version_id, row.channel, row.case_key


def _terms(session: Session, rows: Iterable[Any]) -> dict[Any, Term | None]:
    """The term of each version, channel and case; None where there is none any more."""
    wanted = {_kind(row) for row in rows}
    ids = {version_id for version_id, _, _ in wanted}
    query = select(ProcedureVersion).where(ProcedureVersion.id.in_(ids))
    versions = {one.id: one for one in session.scalars(query.options(selectinload(ProcedureVersion.terms)))}
    return {key: _term(versions[key[0]], key[1], key[2]) for key in wanted}


def _term(version: ProcedureVersion, channel: Any, case_key: str) -> Term | None:
    try:
        return term_of(version, channel, case_key)
    except NoTerm:
        return None


def _then(
    row: Any, term: Term | None, on: date, before: dict[int, Calendar], after: dict[int, Calendar]
) -> datetime:
    """When the promise would be due: counted from its start where that gave it, else carried on.

    A day appointed with an apology is a day and no count: it moves only when it is none of work any more.
    """
    old, new = before[row.office_id], after[row.office_id]
    if old is new:
        then: datetime = row.due_at
        return then
    if row.extended_at:
        return landed(row.due_at, new)
    start = begun(row.received_at, row.due_trace)
    if term and due(start, term, old).at == row.due_at:
        return due(start, term, new).at
    return carried(row.due_at, max(on, day_of(old.next_opening(start))), old, new)


def _as_moved(row: Any, then: datetime, at: datetime) -> Moved:
    fate = Fate.PASSED if row.due_at < at else Fate.LATER if then > row.due_at else Fate.EARLIER
    return Moved(row.id, row.code, row.name, row.due_at, then, fate)


def _differing(
    rows: Collection[Any], terms: dict[Any, Term | None], calendars: dict[int, Calendar], at: datetime
) -> Iterator[Moved]:
    for row in rows:
        term, calendar = terms[_kind(row)], calendars[row.office_id]
        if term and not row.extended_at and follows_from_start(row.due_trace):
            then = due(begun(row.received_at, row.due_trace), term, calendar).at
        else:
            then = landed(row.due_at, calendar)
        if then != row.due_at:
            yield _as_moved(row, then, at)
