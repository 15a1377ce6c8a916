"""The one place where an order or an envelope gets its ledger row, and where an envelope changes hands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.ground import ledger
from portal.postal.custody import check_passing
from portal.postal.models import CustodyEvent, Envelope, Holder, PostalOrder
from portal.postal.states import CLOSED, EnvelopeMove, HolderKind, OrderMove, OrderState

ORDER = "order"
"""Kind of the ledger chains of orders."""

ENVELOPE = "envelope"
"""Kind of the ledger chains of envelopes."""


@dataclass(frozen=True)
class Passing:
    """An envelope about to change hands: how, to whom, and by which accounts on both sides."""

    move: EnvelopeMove
    receiver: Holder
    given_by: int | None
    taken_by: int | None


def note_order(
    session: Session,
    order: PostalOrder,
    move: OrderMove,
    state: OrderState,
    *,
    by: Actor,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Append the ledger row of *move* and put *order* into *state*."""
    said = {"attempt": order.attempt} | dict(details or {})
    before = "" if move == OrderMove.REQUEST else order.state
    ledger.append(session, ledger.Deed(ORDER, order.id, move, before, state, details=said), by=by, at=at)
    order.state = state
    order.closed_at = at if state in CLOSED else None


def note_envelope(
    session: Session,
    envelope: Envelope,
    move: EnvelopeMove,
    details: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Append the ledger row of a *move* that leaves *envelope* where it is; sealing begins there."""
    where = written(envelope.holder)
    before = "" if move == EnvelopeMove.SEAL else where
    deed = ledger.Deed(ENVELOPE, envelope.id, move, before, where, details=details)
    ledger.append(session, deed, by=by, at=at)


def pass_on(
    session: Session,
    envelope: Envelope,
    passing: Passing,
    *,
    by: Actor,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Let *envelope* change hands: custody event, ledger row, new holder. Raises NotPassedSo."""
    giver, receiver = envelope.holder, passing.receiver
    check_passing(envelope.order.direction, giver, giver, receiver)
    event = CustodyEvent(
        envelope_id=envelope.id,
        seq=len(envelope.events) + 1,
        at=at,
        giver=giver,
        receiver=receiver,
        given_by_id=passing.given_by,
        taken_by_id=passing.taken_by,
    )
    deed = ledger.Deed(
        ENVELOPE, envelope.id, passing.move, written(giver), written(receiver), details=details or {}
    )
    ledger.append(session, deed, by=by, at=at)
    envelope.events.append(event)
    envelope.holder, envelope.held_since = receiver, at


def written(holder: Holder) -> str:
    """How the ledger writes a holder: the kind, and the account or office behind it."""
    number = holder.account_id or holder.office_id
    return f"{holder.kind}/{number}" if number else str(holder.kind)


def read(text: str) -> Holder:
    """The holder that *written* wrote."""
    kind, _, number = text.partition("/")
    known = int(number) if number else None
    if kind in ("citizen", "carrier"):
        return Holder(HolderKind(kind), account_id=known)
    return Holder(HolderKind(kind), office_id=known)
