"""Reads of duties: what a carrier still has to do and holds at a post office, what an office still holds."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Account, Actor, Role
from portal.ground.errors import NotFound
from portal.postal.actions.planning import appointed_carriers
from portal.postal.actions.relieving import Rounds, open_offers, open_stops
from portal.postal.models import Envelope, PostalOrder, Stop
from portal.postal.queries.envelopes import Held, envelopes, held
from portal.postal.queries.names import holders
from portal.postal.states import CLOSED, HolderKind


@dataclass(frozen=True)
class StopLeft:
    """A stop that is not done: the order and the day of its run."""

    order_code: str
    runs_on: date


@dataclass(frozen=True)
class OfficeDuties:
    """What of the post is still open at an office: orders of a post office, envelopes of any."""

    orders: int
    envelopes: int


def stops_left(session: Session, rounds: Rounds) -> list[StopLeft]:
    """The stops of these rounds without an outcome, in order."""
    whole = (joinedload(Stop.order), joinedload(Stop.run))
    return [
        StopLeft(stop.order.code, stop.run.runs_on)
        for stop in session.scalars(open_stops(rounds).options(*whole))
    ]


def carried(session: Session, account_id: int, office_id: int) -> list[Held]:
    """The envelopes of a post office that a carrier holds, the longest held first."""
    return _held(session, _with_carriers(office_id).where(Envelope.holder_account_id == account_id))


def left_behind(session: Session, office_id: int, today: date) -> list[Held]:
    """The envelopes of a post office that are with somebody who is no carrier there any more."""
    working = appointed_carriers(office_id, today).with_only_columns(Account.id).order_by(None)
    return _held(session, _with_carriers(office_id).where(Envelope.holder_account_id.not_in(working)))


def envelope_left_behind(session: Session, code: str, viewer: Actor) -> Envelope:
    """An envelope of the clerk's post office that a carrier holds, or NotFound."""
    here = _with_carriers(viewer.office_id or 0).where(Envelope.code == code)
    found = session.scalars(here).first() if viewer.role == Role.POST_CLERK else None
    if found is None:
        raise NotFound
    return found


def offers_to(session: Session, rounds: Rounds) -> int:
    """How many envelopes are offered to a carrier and not confirmed."""
    return len(session.scalars(open_offers(rounds)).all())


def duties_of_office(session: Session, office_id: int) -> OfficeDuties:
    """What of the post is still open at an office."""
    here = (PostalOrder.post_office_id == office_id, PostalOrder.state.not_in(CLOSED))
    orders = session.scalars(select(sa.func.count(PostalOrder.id)).where(*here)).one()
    lying = select(sa.func.count(Envelope.id)).where(Envelope.holder_office_id == office_id)
    return OfficeDuties(orders, session.scalars(lying).one())


def _with_carriers(office_id: int) -> sa.Select[Envelope]:
    return envelopes().where(
        Envelope.holder_kind == HolderKind.CARRIER, PostalOrder.post_office_id == office_id
    )


def _held(session: Session, rows: sa.Select[Envelope]) -> list[Held]:
    found = session.scalars(rows.order_by(Envelope.held_since, Envelope.id)).all()
    names = holders(session, (envelope.holder for envelope in found))
    return [held(envelope, envelope.holder, envelope.held_since, names) for envelope in found]
