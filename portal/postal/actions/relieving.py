"""When a carrier leaves: stops not done go back to the post office, envelopes left behind are taken in."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Actor, Role
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.open_hours import day_of
from portal.ground.words import N_
from portal.postal.actions.planning import appointed_carriers
from portal.postal.actions.recording import Passing, note_envelope, note_order, pass_on, written
from portal.postal.models import Envelope, HandOver, Holder, PostalOrder, Run, Stop
from portal.postal.states import EnvelopeMove, HolderKind, OrderMove, OrderState, Outcome


@dataclass(frozen=True)
class Rounds:
    """The rounds of a carrier at one post office, from a day on; all of them without *since*."""

    account_id: int
    office_id: int
    since: date | None = None


def relieve(session: Session, rounds: Rounds, reason: str, *, by: Actor, at: datetime) -> int:
    """Give the stops of these rounds back to the post office and withdraw what was offered to the carrier.

    The orders wait for another carrier; whoever offered an envelope never stopped holding it. Returns how
    many stops there were. Raises NotAllowed for anybody but an administrator.
    """
    if by.role != Role.ADMIN:
        raise NotAllowed
    stops = session.scalars(open_stops(rounds)).all()
    for stop in stops:
        said = {"carrier": rounds.account_id, "reason": reason}
        note_order(session, stop.order, OrderMove.TAKE_OFF, OrderState.REQUESTED, by=by, at=at, details=said)
        stop.outcome, stop.ended_at = Outcome.TAKEN_OFF, at
    if rounds.since is None:
        for offered in session.scalars(open_offers(rounds)).all():
            _withdraw(session, offered, reason, by=by, at=at)
    return len(stops)


def reclaim(session: Session, envelope: Envelope, reason: str, *, by: Actor, at: datetime) -> None:
    """Take an envelope into the post office whose carrier no longer has the role, and so cannot give it.

    Raises NotAllowed (not the clerk of its post office), WrongState (a working carrier gives it over with
    two sides), Refused without a word on how it was found.
    """
    order, holder = envelope.order, envelope.holder
    if by.role != Role.POST_CLERK or by.office_id != order.post_office_id:
        raise NotAllowed
    if holder.kind != HolderKind.CARRIER or _works(session, holder.account_id, order, at):
        raise WrongState(N_("Bưu tá còn giữ vai thì tự bàn giao phong bì, hai bên cùng xác nhận."))
    if not reason.strip():
        raise Refused(N_("Hãy ghi phong bì được thu lại ở đâu, từ ai."))
    offered = envelope.open_hand_over
    if offered:
        _withdraw(session, offered, reason.strip(), by=by, at=at)
    counter = Holder(HolderKind.POST_OFFICE, office_id=order.post_office_id)
    passing = Passing(EnvelopeMove.RECLAIM, counter, holder.account_id, by.account_id)
    pass_on(session, envelope, passing, by=by, at=at, details={"reason": reason.strip()})


def open_stops(rounds: Rounds) -> sa.Select[Stop]:
    """The stops of a carrier at a post office that have no outcome yet."""
    theirs = (Run.carrier_id == rounds.account_id, Run.office_id == rounds.office_id)
    waiting = select(Stop).join(Run).where(*theirs, Stop.outcome.is_(None))
    if rounds.since is not None:
        waiting = waiting.where(Run.runs_on >= rounds.since)
    return waiting.order_by(Run.runs_on, Stop.position, Stop.id)


def open_offers(rounds: Rounds) -> sa.Select[HandOver]:
    """What is offered to a carrier, of one post office, and not confirmed."""
    open_ones = (HandOver.confirmed_at.is_(None), HandOver.taken_back_at.is_(None))
    theirs = select(HandOver).join(HandOver.envelope).join(Envelope.order)
    here = theirs.where(*open_ones, HandOver.receiver_account_id == rounds.account_id)
    return here.where(PostalOrder.post_office_id == rounds.office_id).order_by(HandOver.id)


def _withdraw(session: Session, offered: HandOver, reason: str, *, by: Actor, at: datetime) -> None:
    said = {"receiver": written(offered.receiver), "reason": reason}
    note_envelope(session, offered.envelope, EnvelopeMove.TAKE_BACK, said, by=by, at=at)
    offered.taken_back_at = at


def _works(session: Session, account_id: int | None, order: PostalOrder, at: datetime) -> bool:
    here = appointed_carriers(order.post_office_id, day_of(at)).where(Account.id == account_id)
    return session.scalars(here).first() is not None
