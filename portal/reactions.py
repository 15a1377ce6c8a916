"""What follows a move: one table from ledger rows to what is done about them, after their commit."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.dossiers import postponing, sweeping
from portal.dossiers.actions.recording import KIND
from portal.dossiers.models import Dossier
from portal.dossiers.states import Move
from portal.ground.jobs import Jobs
from portal.ground.ledger import LedgerEntry
from portal.messages import actions as messages
from portal.messages.reminding import remind

SEND = "send"
"""The job that sends one e-mail."""

POSTPONE = "postpone"
"""The job that moves the promises of one decision."""


@dataclass(frozen=True)
class Aftermath:
    """What one transaction wrote, and what its followers work with.

    wall: the wall clock; at: the portal's own; silent_hours: as sweeping.settle takes them.
    """

    session: Session
    entries: Sequence[LedgerEntry]
    jobs: Jobs
    wall: datetime
    by_email: bool
    at: datetime
    silent_hours: int


Reaction = Callable[[Aftermath], None]
"""Does what follows; it may run twice for the same rows, so doing it again changes nothing."""


def tell_people(after: Aftermath) -> None:
    """Put a message into the box of everybody concerned, and send it to those with an e-mail address."""
    told = messages.tell(after.session, after.entries, by_email=after.by_email, wall=after.wall)
    for sending in told:
        after.jobs.enqueue(after.session, SEND, sending.id)


def settle_alarms(after: Aftermath) -> None:
    """Let the alarms of what was moved come and go at once; the sweep would see it some minutes later."""
    _settle(after, sorted({int(entry.aggregate) for entry in after.entries}))


def warn_children(after: Aftermath) -> None:
    """Raise at once what stands of linked dossiers whose parent ended, and tell whom it concerns."""
    ended = {int(entry.aggregate) for entry in after.entries}
    children = after.session.scalars(select(Dossier.id).where(Dossier.parent_id.in_(ended))).all()
    _settle(after, children)


def move_promises(after: Aftermath) -> None:
    """Let the promises be moved that were to be moved when the calendar changed; twice does it once."""
    for decision_id in postponing.to_go_on_with(after.session, [entry.id for entry in after.entries]):
        after.jobs.enqueue(after.session, POSTPONE, decision_id)


def _settle(after: Aftermath, dossier_ids: Sequence[int]) -> None:
    raised = sweeping.settle(after.session, dossier_ids, after.at, after.silent_hours)
    for sending in remind(after.session, raised, by_email=after.by_email, wall=after.wall):
        after.jobs.enqueue(after.session, SEND, sending.id)


MOVES = {(KIND, move.value) for move in Move}
"""Every move of a dossier."""

ENDS = {(KIND, move.value) for move in (Move.WITHDRAW, Move.REFUSE, Move.CLOSE, Move.END_LINKED)}
"""Moves that end a dossier without a result."""

TABLE: tuple[tuple[Collection[tuple[str, str]], Reaction], ...] = (
    (messages.TOLD, tell_people),
    (MOVES, settle_alarms),
    (ENDS, warn_children),
    (postponing.CHANGES, move_promises),
)
"""Kinds and moves of ledger rows, and what follows them."""


def is_followed(kind: str, move: str) -> bool:
    """Whether anything follows a ledger row of *kind* and *move*."""
    return any((kind, move) in rows for rows, _ in TABLE)


def follow(after: Aftermath) -> None:
    """Do everything that follows the rows of one transaction."""
    for rows, react in TABLE:
        mine = [entry for entry in after.entries if (entry.kind, entry.move) in rows]
        if mine:
            react(replace(after, entries=mine))
