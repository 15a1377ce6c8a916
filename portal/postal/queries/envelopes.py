"""Reads of envelopes: who holds them and has held them, and one of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from portal.accounts.models import Actor, Role
from portal.dossiers.models import Dossier
from portal.ground.errors import NotFound
from portal.postal.custody import standing_for
from portal.postal.models import Envelope, EnvelopeLine, Holder, PostalOrder
from portal.postal.queries.names import holders as holders_named
from portal.postal.states import Direction, HolderKind, OrderState, Purpose


@dataclass(frozen=True)
class Held:
    """An envelope in somebody's hands, now or for a while."""

    envelope_code: str
    kind: HolderKind
    name: str
    since: datetime
    seal: str
    is_now: bool = True


def holder_of(session: Session, dossier_id: int) -> list[Held]:
    """Who holds each envelope of a dossier now."""
    found = _of_dossier(session, dossier_id)
    names = holders_named(session, (envelope.holder for envelope in found))
    return [held(envelope, envelope.holder, envelope.held_since, names) for envelope in found]


def custody_strip(session: Session, dossier_id: int) -> list[Held]:
    """Everybody who has held an envelope of a dossier, in the order of time; the present holder is_now."""
    found = _of_dossier(session, dossier_id)
    chains = [(envelope, _chain(envelope)) for envelope in found]
    names = holders_named(session, (holder for _, chain in chains for holder, _ in chain))
    return [
        held(envelope, holder, since, names, is_now=number == len(chain))
        for envelope, chain in chains
        for number, (holder, since) in enumerate(chain, start=1)
    ]


def papers_to_give_back(session: Session, office_id: int) -> list[Held]:
    """Envelopes with papers of withdrawn, refused or closed dossiers that still lie at a desk."""
    sent = select(PostalOrder.dossier_id).where(
        PostalOrder.purpose == Purpose.PAPERS_BACK, PostalOrder.state != OrderState.CANCELLED
    )
    ended = envelopes().where(
        PostalOrder.direction == Direction.PICKUP,
        Envelope.holder_office_id == office_id,
        Envelope.holder_kind == HolderKind.DESK,
        Dossier.ended_without_result,
        PostalOrder.dossier_id.not_in(sent),
    )
    found = session.scalars(ended.order_by(Envelope.id)).unique().all()
    names = holders_named(session, (envelope.holder for envelope in found))
    return [held(envelope, envelope.holder, envelope.held_since, names) for envelope in found]


def envelope_of_code(session: Session, code: str, viewer: Actor) -> Envelope:
    """An envelope that *viewer* holds, for themselves or for their office, or NotFound."""
    found = session.scalars(envelopes().where(Envelope.code == code).options(*listed())).unique().first()
    holds = viewer.role in (Role.CARRIER, Role.POST_CLERK, Role.RECEPTIONIST)
    if found is None or not holds or found.holder != standing_for(viewer):
        raise NotFound
    return found


def _of_dossier(session: Session, dossier_id: int) -> Sequence[Envelope]:
    theirs = envelopes().where(PostalOrder.dossier_id == dossier_id).order_by(Envelope.id)
    return session.scalars(theirs.options(selectinload(Envelope.events))).unique().all()


def envelopes() -> sa.Select[Envelope]:
    """Every envelope, joined with its order and dossier for conditions."""
    return select(Envelope).join(Envelope.order).join(PostalOrder.dossier)


def listed() -> tuple[LoaderOption, ...]:
    """What a list of envelopes shows, loaded in a constant number of statements."""
    return (
        joinedload(Envelope.order).joinedload(PostalOrder.dossier),
        selectinload(Envelope.lines).joinedload(EnvelopeLine.checklist_item),
        selectinload(Envelope.hand_overs),
    )


def _chain(envelope: Envelope) -> list[tuple[Holder, datetime]]:
    first = envelope.events[0].giver if envelope.events else envelope.holder
    return [(first, envelope.sealed_at), *((event.receiver, event.at) for event in envelope.events)]


def held(
    envelope: Envelope, holder: Holder, since: datetime, names: dict[Holder, str], *, is_now: bool = True
) -> Held:
    """An envelope with one of its holders, by name."""
    return Held(envelope.code, holder.kind, names[holder], since, envelope.seal, is_now)
