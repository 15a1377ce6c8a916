"""What follows a move: one table from ledger rows to what is done about them, after their commit."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.dossiers import postponing
from portal.ground.jobs import Jobs
from portal.ground.ledger import LedgerEntry
from portal.messages import actions as messages

SEND = "send"
"""The job that sends one e-mail."""

POSTPONE = "postpone"
"""The job that moves the promises of one decision."""


@dataclass(frozen=True)
class Aftermath:
    """What one transaction wrote, and what its followers work with. wall: the wall clock."""

    session: Session
    entries: Sequence[LedgerEntry]
    jobs: Jobs
    wall: datetime
    by_email: bool


Reaction = Callable[[Aftermath], None]
"""Does what follows; it may run twice for the same rows, so doing it again changes nothing."""


def tell_people(after: Aftermath) -> None:
    """Put a message into the box of everybody concerned, and send it to those with an e-mail address."""
    told = messages.tell(after.session, after.entries, by_email=after.by_email, wall=after.wall)
    for sending in told:
        after.jobs.enqueue(after.session, SEND, sending.id)


def move_promises(after: Aftermath) -> None:
    """Let the promises be moved that were to be moved when the calendar changed; twice does it once."""
    for decision_id in postponing.to_go_on_with(after.session, [entry.id for entry in after.entries]):
        after.jobs.enqueue(after.session, POSTPONE, decision_id)


TABLE: tuple[tuple[Collection[tuple[str, str]], Reaction], ...] = (
    (messages.TOLD, tell_people),
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
