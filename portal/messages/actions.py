"""Verbs: tell people what happened to their dossiers, and see a sending through. None commits."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from portal.dossiers.actions.recording import KIND
from portal.dossiers.models import Dossier
from portal.dossiers.states import Move
from portal.ground.ledger import LedgerEntry
from portal.messages.models import Message, Sending, SendingState
from portal.messages.wording import LEDGER, MOVES, OTHER, POST, SEPARATOR, tells_reason, topic_of
from portal.messages.writing import News, write
from portal.postal.actions.recording import ENVELOPE, ORDER
from portal.postal.models import Envelope, PostalOrder
from portal.postal.states import Direction, Purpose

IN_HAND = timedelta(minutes=2)
"""How long a worker has a sending to itself; longer than any mail server is waited for."""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
"""Between two tries the pause doubles, up to this."""

PATIENCE = timedelta(days=5)
"""How long a message is tried to be sent (practice: what mail servers do, RFC 5321 4.5.4.1)."""

TOLD = {(KIND, move.value) for move in MOVES} | {
    (kind, move) for kind in (ORDER, ENVELOPE) for move, _direction in POST
}
"""Kinds and moves of ledger rows that somebody may be told about."""


def tell(
    session: Session, entries: Iterable[LedgerEntry], *, by_email: bool, wall: datetime
) -> list[Sending]:
    """Tell the people of the dossiers what one transaction did; returns the sendings made.

    Each move of a dossier is told once to owner and submitter; what the post did is told where the same
    transaction moved no dossier of theirs. What was done to a dossier before and not told yet is told first,
    so that people read it in order, whichever job is run first. Telling again adds nothing. wall: the
    wall clock.
    """
    session.flush()  # Messages name the entries by their ids.
    told = sorted(_news(session, _caught_up(session, entries)), key=lambda news: news.dossier.id)
    groups = (list(group) for _, group in groupby(told, key=lambda news: news.dossier.id))
    chosen = (news for group in groups for news in _chosen(group))
    return write(session, chosen, by_email=by_email, wall=wall)


def next_to_send(session: Session, wall: datetime, most: int = 200) -> Sequence[int]:
    """The oldest waiting sending of each address, where its time has come and nobody has it in hand."""
    waiting = Sending.state == SendingState.WAITING
    oldest = select(sa.func.min(Sending.id)).where(waiting).group_by(Sending.address)
    free = sa.or_(Sending.claimed_until.is_(None), Sending.claimed_until <= wall)
    due = select(Sending.id).where(Sending.id.in_(oldest), Sending.next_at <= wall, free)
    return session.scalars(due.order_by(Sending.id).limit(most)).all()


def take_in_hand(session: Session, sending_id: int, wall: datetime) -> Sending | None:
    """Claim a sending for this worker, or None: it is sent, in other hands, or an older one goes first."""
    free = sa.or_(Sending.claimed_until.is_(None), Sending.claimed_until <= wall)
    here = (Sending.id == sending_id, Sending.state == SendingState.WAITING, free)
    claim = update(Sending).where(*here).values(claimed_until=wall + IN_HAND, tries=Sending.tries + 1)
    if not session.execute(claim.returning(Sending.id)).all():
        return None
    found = session.scalars(_with_message().where(Sending.id == sending_id)).one()
    if _older(session, found):
        found.claimed_until, found.tries = None, found.tries - 1
        return None
    return found


def note_sent(session: Session, sending_id: int, wall: datetime) -> int | None:
    """Note that the mail server took it; returns the next waiting sending to the same address."""
    sending = session.get_one(Sending, sending_id)
    sending.state, sending.sent_at, sending.claimed_until = SendingState.SENT, wall, None
    later = (Sending.address == sending.address, Sending.id > sending_id)
    waiting = select(Sending.id).where(*later, Sending.state == SendingState.WAITING)
    return session.scalar(waiting.order_by(Sending.id).limit(1))


def note_not_sent(session: Session, sending_id: int, wall: datetime, *, for_good: bool) -> None:
    """Note that it could not be sent: again after a pause, or never where the address is refused for good."""
    sending = session.get_one(Sending, sending_id)
    sending.claimed_until = None
    sending.next_at = wall + min(FIRST_PAUSE * 2 ** min(sending.tries - 1, 10), LONGEST_PAUSE)
    if for_good or wall - sending.made_at > PATIENCE:
        sending.state = SendingState.GIVEN_UP


def purge(session: Session, before: datetime) -> None:
    """Delete what is known of sendings made before *before* that wait no more; the messages stay."""
    done = (Sending.made_at < before, Sending.state != SendingState.WAITING)
    session.execute(delete(Sending).where(*done))


def mark_read(session: Session, account_id: int, at: datetime) -> None:
    """Note that the person has read everything in the message box."""
    unread = (Message.account_id == account_id, Message.read_at.is_(None))
    session.execute(update(Message).where(*unread).values(read_at=at))


def _caught_up(session: Session, entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """*entries*, each dossier's after those of its earlier ones that nobody was told of."""
    entries = list(entries)
    caught: dict[int, LedgerEntry] = {}
    _in_turn(session, entries)
    for entry in entries:
        earlier = _untold_before(session, entry) if entry.kind == KIND else ()
        caught |= {one.id: one for one in (*earlier, entry)}
    return [caught[number] for number in sorted(caught)]


def _in_turn(session: Session, entries: Iterable[LedgerEntry]) -> None:
    """Wait for other workers that tell of the same dossiers, so that each sees what the one before told."""
    ids = {int(entry.aggregate) for entry in entries if entry.kind == KIND}
    locked = select(Dossier.id).where(Dossier.id.in_(ids)).order_by(Dossier.id)
    session.execute(locked.with_for_update(of=Dossier, key_share=True))


def _untold_before(session: Session, entry: LedgerEntry) -> Sequence[LedgerEntry]:
    source = sa.literal(f"{LEDGER}{SEPARATOR}") + sa.cast(LedgerEntry.id, sa.String)
    told = select(Message.id).where(Message.source == source).exists()
    same = (LedgerEntry.kind == entry.kind, LedgerEntry.aggregate == entry.aggregate)
    earlier = select(LedgerEntry).where(*same, LedgerEntry.seq < entry.seq, ~told)
    return session.scalars(earlier.where(LedgerEntry.at > entry.at - PATIENCE)).all()


def _news(session: Session, entries: Iterable[LedgerEntry]) -> Iterator[News]:
    for entry in entries:
        if (entry.kind, entry.move) not in TOLD:
            continue
        if entry.kind == KIND:
            dossier = session.get_one(Dossier, int(entry.aggregate))
            yield _news_of(entry, dossier, topic_of(entry.move, shade=_shade(entry, dossier)))
        elif entry.kind in (ORDER, ENVELOPE):
            order = _order(session, entry)
            if (entry.move, order.direction) in POST and not _is_result_given(entry, order):
                yield _news_of(entry, order.dossier, topic_of(entry.move, order.direction))


def _shade(entry: LedgerEntry, dossier: Dossier) -> str:
    """What of an entry chooses its words: what was waited for, what may follow, another office at fault."""
    if "answer_until" in entry.details:
        return Move.GIVE_UP if _was_accepted(entry, dossier) else Move.REFUSE
    fault = entry.details.get("at_fault", dossier.office.code)
    lack: str = entry.details.get("lack", "")
    return OTHER if fault != dossier.office.code else lack


def _news_of(entry: LedgerEntry, dossier: Dossier, topic: str) -> News:
    return News(f"{LEDGER}{SEPARATOR}{entry.id}", dossier, topic, _params(entry, dossier, topic), entry.at)


def _order(session: Session, entry: LedgerEntry) -> PostalOrder:
    number = int(entry.aggregate)
    return (
        session.get_one(PostalOrder, number)
        if entry.kind == ORDER
        else session.get_one(Envelope, number).order
    )


def _is_result_given(entry: LedgerEntry, order: PostalOrder) -> bool:
    """A result delivered is told as the dossier's own move."""
    return entry.kind == ENVELOPE and order.direction == Direction.RETURN and order.purpose == Purpose.RESULT


def _chosen(group: Sequence[News]) -> Sequence[News]:
    """The moves of the dossier itself, or else the last thing the post did."""
    return [news for news in group if SEPARATOR not in news.topic] or group[-1:]


def _params(entry: LedgerEntry, dossier: Dossier, topic: str) -> dict[str, Any]:
    said = entry.details
    params: dict[str, Any] = {
        "code": _code_then(entry, dossier),
        "procedure": dossier.procedure_version.name,
        "office": dossier.office.name,
        "delivery": dossier.delivery.value,
        "reason": entry.reason if tells_reason(topic) else "",
        "due": said.get("due_at", ""),
        "old_due": said.get("old_due", ""),
        "answer_until": said.get("answer_until", ""),
        "new_due": said.get("new_due", ""),
        "amount": said.get("amount_dong", ""),
        "day": said.get("runs_on", ""),
        "failure": said.get("reason", ""),
        "sheets": said.get("sheets", ""),
        "seal": said.get("seal", ""),
        "at_fault": said.get("at_fault_name", ""),
    }
    return {name: value for name, value in params.items() if value != ""}


def _code_then(entry: LedgerEntry, dossier: Dossier) -> str:
    """The code the dossier had at the move."""
    return dossier.shown_code if _was_accepted(entry, dossier) else dossier.provisional_code


def _was_accepted(entry: LedgerEntry, dossier: Dossier) -> bool:
    return dossier.accepted_at is not None and entry.at >= dossier.accepted_at


def _with_message() -> sa.Select[Sending]:
    return select(Sending).options(joinedload(Sending.message))


def _older(session: Session, sending: Sending) -> bool:
    """Whether an older message to the same address still waits: people read them in order."""
    before = (Sending.address == sending.address, Sending.id < sending.id)
    waiting = select(Sending.id).where(*before, Sending.state == SendingState.WAITING)
    return session.scalar(waiting.limit(1)) is not None
