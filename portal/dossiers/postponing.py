"""What an administrator decides about promises when the calendar changes, and moving them, some at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import hours, special_days
from portal.accounts.authority import OPERATOR
from portal.accounts.calendars import CalendarDay
from portal.accounts.establishment import KIND as OFFICE
from portal.accounts.models import Actor, Office
from portal.accounts.special_days import KIND as CALENDAR
from portal.accounts.special_days import Wanted, promises_said
from portal.dossiers import actions, deadlines
from portal.dossiers.actions.clock import calendar_at
from portal.dossiers.models import CalendarDecision, Dossier, Outcome, PostponedPromise
from portal.dossiers.recounting import Fate, Moved, begun, moved_by_day, moved_by_hours
from portal.ground import calendar_changes
from portal.ground.errors import PortalError, Refused
from portal.ground.ledger import LedgerEntry
from portal.ground.text import clean
from portal.ground.trace import Due
from portal.ground.words import N_
from portal.ground.working_time import Calendar, Week, due

AT_ONCE = 50
"""Promises moved in one transaction: nobody waits long for their dossiers."""

CHANGES = ((CALENDAR, "enter"), (CALENDAR, "change"), (CALENDAR, "end"), (OFFICE, hours.HOURS))
"""Kinds and moves of ledger rows that change a calendar; moving the promises follows them."""


@dataclass(frozen=True)
class Choice:
    """What shall become of promises that would come out later: kept, or moved on a *ground* citizens read."""

    moves: bool = False
    ground: str = ""


@dataclass(frozen=True)
class Decided:
    """One decision as it stands: how many promises were kept, and what became of those to be moved."""

    decision: CalendarDecision
    outcomes: dict[Outcome, int]


def change_day(
    session: Session,
    wanted: Wanted,
    choice: Choice,
    row: CalendarDay | None = None,
    *,
    by: Actor,
    at: datetime,
) -> CalendarDecision:
    """Enter a day, or change the special day *row*, and keep the choice that goes with it, in one.

    Which promises it concerns is judged here, whatever was shown before. Raises as special_days does, and
    Refused when promises are to be moved without a ground.
    """
    special_days.require_possible(wanted, at)
    moved, ground = moved_by_day(session, wanted.day, wanted.kind, at), _ground(choice)
    moving = _to_move(moved, choice)
    wanted = replace(wanted, kept=len(moved) - len(moving), moving=len(moving), ground=ground)
    entry = (
        special_days.enter(session, wanted, by=by, at=at)
        if row is None
        else special_days.change(session, row, wanted, by=by, at=at)
    )
    return _remember(session, entry, ground, moved, moving)


def change_hours(
    session: Session, office: Office, week: Week, from_on: date, choice: Choice, *, by: Actor, at: datetime
) -> CalendarDecision:
    """Give *office* other hours and keep the choice that goes with them, in one; raises as change_day."""
    hours.require_possible(from_on, at)
    moved, ground = moved_by_hours(session, office.id, week, from_on, at), _ground(choice)
    moving = _to_move(moved, choice)
    said = promises_said(len(moved) - len(moving), len(moving), ground)
    entry = hours.set_hours(session, office, week, from_on, said, by=by, at=at)
    return _remember(session, entry, ground, moved, moving)


def to_go_on_with(session: Session, entry_ids: Collection[int]) -> Sequence[int]:
    """The decisions made with these ledger entries that have promises to move, by id."""
    waiting = select(PostponedPromise.decision_id).where(PostponedPromise.outcome == Outcome.WAITING)
    made = (CalendarDecision.entry_id.in_(entry_ids), CalendarDecision.id.in_(waiting))
    return session.scalars(select(CalendarDecision.id).where(*made).order_by(CalendarDecision.id)).all()


def in_turn(session: Session, decision_id: int) -> Sequence[int]:
    """This decision after earlier ones that have promises to move: each begins where the one before ended."""
    waits = (PostponedPromise.outcome == Outcome.WAITING, PostponedPromise.decision_id <= decision_id)
    waiting = select(PostponedPromise.decision_id).where(*waits).distinct()
    return session.scalars(waiting.order_by(PostponedPromise.decision_id)).all()


def settle(session: Session, decision_id: int, at: datetime, most: int) -> int:
    """Move the next *most* promises of a decision, each judged anew; return how many were settled.

    Left as it is: a promise that was moved or has passed meanwhile, that does not run, or that the calendar
    of now would not give later, since the same day or the hours were changed again.
    """
    decision = session.get_one(CalendarDecision, decision_id)
    waits = (PostponedPromise.decision_id == decision_id, PostponedPromise.outcome == Outcome.WAITING)
    next_ones = select(PostponedPromise).where(*waits).order_by(PostponedPromise.dossier_id).limit(most)
    rows = session.scalars(next_ones.with_for_update()).all()
    _lock(session, [row.dossier_id for row in rows])
    holds = not _is_changed_again(session, decision)
    for row in rows:
        is_moved = holds and _is_moved(session, row, decision.ground, at)
        row.outcome, row.settled_at = Outcome.MOVED if is_moved else Outcome.LEFT, at
    return len(rows)


def decided(session: Session, most: int) -> list[Decided]:
    """The newest decisions, at most *most*, the newest first."""
    return _decided(session, select(CalendarDecision).order_by(CalendarDecision.id.desc()).limit(most))


def decided_with(session: Session, entry_ids: Collection[int]) -> dict[int, Decided]:
    """The decisions that went with these ledger entries, by entry."""
    found = _decided(session, select(CalendarDecision).where(CalendarDecision.entry_id.in_(entry_ids)))
    return {one.decision.entry_id: one for one in found}


def _ground(choice: Choice) -> str:
    ground = clean(choice.ground) if choice.moves else ""
    if choice.moves and not ground:
        raise NoGround
    return ground


class NoGround(Refused):
    """A promise is moved on the ground of a decision that its citizen can read."""

    message = N_("Hãy ghi văn bản làm căn cứ dời hẹn; người dân sẽ đọc.")


def _to_move(moved: list[Moved], choice: Choice) -> list[Moved]:
    return [one for one in moved if choice.moves and one.fate == Fate.LATER]


def _remember(
    session: Session, entry: LedgerEntry, ground: str, moved: list[Moved], moving: list[Moved]
) -> CalendarDecision:
    session.flush()  # The decision names the entry by its id, the promises theirs.
    made = CalendarDecision(entry_id=entry.id, at=entry.at, ground=ground)
    made.kept, made.moving = len(moved) - len(moving), len(moving)
    session.add(made)
    session.flush()
    waiting = {"decision_id": made.id, "outcome": Outcome.WAITING}
    rows = [
        waiting
        | {"dossier_id": one.dossier_id, "old_due_at": one.promised_at, "new_due_at": one.recounted_at}
        for one in moving
    ]
    if rows:
        session.execute(sa.insert(PostponedPromise), rows)
    return made


def _lock(session: Session, dossier_ids: Collection[int]) -> None:
    """Let nobody else move these dossiers meanwhile, and read them as they are now."""
    mine = select(Dossier).where(Dossier.id.in_(dossier_ids)).order_by(Dossier.id)
    session.scalars(mine.with_for_update(of=Dossier, key_share=True)).all()


def _is_changed_again(session: Session, decision: CalendarDecision) -> bool:
    """Whether the same day, or the hours of the same office, were changed after this decision."""
    entry = session.get_one(LedgerEntry, decision.entry_id)
    later = (LedgerEntry.seq > entry.seq, LedgerEntry.move.in_([move for _, move in CHANGES]))
    same = (LedgerEntry.kind == entry.kind, LedgerEntry.aggregate == entry.aggregate)
    return session.scalar(select(sa.exists().where(*same, *later))) or False


def _is_moved(session: Session, row: PostponedPromise, ground: str, at: datetime) -> bool:
    """Move one promise, if it still is what it was and can be moved; whether it was."""
    dossier = row.dossier
    if dossier.due_at != row.old_due_at:
        return False
    calendar = calendar_at(session, dossier, at)
    try:
        new_due = _new_due(dossier, row, calendar, at, ground)
        actions.postpone(session, dossier, new_due, calendar, by=OPERATOR, at=at, ground=ground)
    except PortalError:
        return False
    return True


def _new_due(dossier: Dossier, row: PostponedPromise, calendar: Calendar, at: datetime, ground: str) -> Due:
    """What was shown, on a day of work by the calendar of now; told from its start where that leads there."""
    to, promised = calendar_changes.landed(row.new_due_at, calendar), deadlines.promise_of(dossier)
    try:
        term = deadlines.term_of(dossier.procedure_version, dossier.channel, dossier.case_key)
    except deadlines.NoTerm:
        return calendar_changes.moved_on(promised, to, calendar, at, ground)
    anew = due(begun(dossier.received_at or at, dossier.due_trace), term, calendar)
    if dossier.extended_at is None and anew.at == to:
        return calendar_changes.moved(anew, promised, at, ground)
    return calendar_changes.moved_on(promised, to, calendar, at, ground)


def _decided(session: Session, chosen: sa.Select[CalendarDecision]) -> list[Decided]:
    decisions = session.scalars(chosen).all()
    columns = (PostponedPromise.decision_id, PostponedPromise.outcome, sa.func.count())
    mine = PostponedPromise.decision_id.in_([one.id for one in decisions])
    grouped = session.execute(select(*columns).where(mine).group_by(*columns[:2]).order_by(*columns[:2]))
    outcomes = {
        decision_id: {outcome: count for _, outcome, count in rows}
        for decision_id, rows in groupby(grouped, key=lambda row: row[0])
    }
    return [Decided(one, outcomes.get(one.id, {})) for one in decisions]
