"""Reads of carriers' bags: what is in them, what is offered to a carrier, what a carrier has offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Actor
from portal.postal.custody import desk_of
from portal.postal.models import Envelope, HandOver, Holder, PostalOrder
from portal.postal.queries.envelopes import Held, envelopes, held, listed
from portal.postal.queries.names import holders
from portal.postal.queries.transfers import is_open
from portal.postal.states import HolderKind


@dataclass(frozen=True)
class Offered:
    """What a carrier is offered, and may confirm after looking at the seal."""

    hand_over_id: int
    envelope_code: str
    order_code: str
    seal: str
    giver_kind: HolderKind
    giver_name: str
    offered_at: datetime


@dataclass(frozen=True)
class Waiting:
    """What a carrier has offered and the other side has not confirmed."""

    hand_over_id: int
    envelope_code: str
    seal: str
    receiver_name: str
    offered_at: datetime


@dataclass(frozen=True)
class Bundle:
    """Envelopes in the bag that belong to one desk and one post office, given together."""

    desk_name: str
    post_office_name: str
    envelopes: tuple[Envelope, ...]


def held_by_carrier(session: Session, viewer: Actor) -> Sequence[Envelope]:
    """The envelopes a carrier has, with their orders and open offers."""
    mine = envelopes().where(
        Envelope.holder_kind == HolderKind.CARRIER, Envelope.holder_account_id == viewer.account_id
    )
    return session.scalars(mine.order_by(Envelope.id).options(*listed())).unique().all()


def out_with_carriers(session: Session, post_office_id: int) -> list[Held]:
    """The envelopes of a post office that its carriers have now, the longest held first."""
    out = envelopes().where(
        Envelope.holder_kind == HolderKind.CARRIER, PostalOrder.post_office_id == post_office_id
    )
    found = session.scalars(out.order_by(Envelope.held_since, Envelope.id)).all()
    names = holders(session, (envelope.holder for envelope in found))
    return [held(envelope, envelope.holder, envelope.held_since, names) for envelope in found]


def offered_to_carrier(session: Session, viewer: Actor) -> list[Offered]:
    """What waits for this carrier's confirmation."""
    mine = select(HandOver).where(is_open(), HandOver.receiver_account_id == viewer.account_id)
    whole = joinedload(HandOver.envelope).joinedload(Envelope.order)
    found = session.scalars(mine.options(whole).order_by(HandOver.id)).all()
    names = holders(session, (offered.giver for offered in found))
    return [
        Offered(
            offered.id,
            offered.envelope.code,
            offered.envelope.order.code,
            offered.envelope.seal,
            offered.giver.kind,
            names[offered.giver],
            offered.offered_at,
        )
        for offered in found
    ]


def offered_by_carrier(session: Session, viewer: Actor) -> list[Waiting]:
    """What this carrier has offered and still answers for."""
    mine = select(HandOver).where(is_open(), HandOver.giver_account_id == viewer.account_id)
    found = session.scalars(mine.options(joinedload(HandOver.envelope)).order_by(HandOver.id)).all()
    names = holders(session, (offered.receiver for offered in found))
    return [
        Waiting(
            offered.id,
            offered.envelope.code,
            offered.envelope.seal,
            names[offered.receiver],
            offered.offered_at,
        )
        for offered in found
    ]


def bundles_of(session: Session, viewer: Actor) -> list[Bundle]:
    """The envelopes in the bag that are not on offer, by where they may be given."""
    free = [envelope for envelope in held_by_carrier(session, viewer) if envelope.open_hand_over is None]
    ways = sorted(((_ways(envelope), envelope) for envelope in free), key=lambda pair: _key(pair[0]))
    names = holders(session, (side for sides, _ in ways for side in sides))
    return [
        Bundle(names[desk], names[counter], tuple(envelope for _, envelope in same))
        for (desk, counter), same in groupby(ways, key=lambda pair: pair[0])
    ]


def _ways(envelope: Envelope) -> tuple[Holder, Holder]:
    counter = Holder(HolderKind.POST_OFFICE, office_id=envelope.order.post_office_id)
    return desk_of(envelope.order.dossier), counter


def _key(ways: tuple[Holder, Holder]) -> tuple[int, int]:
    return ways[0].office_id or 0, ways[1].office_id or 0
