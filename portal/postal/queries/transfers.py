"""Reads of hand-overs: what comes to an office, what leaves it, what a carrier has and is offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.dossiers.models import Dossier
from portal.postal.actions.planning import ready
from portal.postal.models import Envelope, EnvelopeLine, HandOver, Holder, PostalOrder, Run, Stop
from portal.postal.queries.envelopes import envelopes, listed
from portal.postal.queries.names import holders
from portal.postal.states import CLOSED, Direction, HolderKind, MissingReason, PaperForm, Purpose


@dataclass(frozen=True)
class SheetLine:
    """One line of an envelope's list, to be counted again under its id."""

    line_id: int
    name: str
    form: PaperForm
    needed: int
    given: int
    missing_reason: MissingReason | None


@dataclass(frozen=True)
class Coming:
    """An envelope on its way to an office; *hand_over_id* once it is offered and can be confirmed."""

    envelope_code: str
    seal: str
    dossier_id: int
    dossier_code: str
    purpose: Purpose
    holder_kind: HolderKind
    holder_name: str
    since: datetime
    hand_over_id: int | None
    offered_at: datetime | None
    lines: tuple[SheetLine, ...]

    @property
    def sheets(self) -> int:
        """How many sheets the giver counted."""
        return sum(line.given for line in self.lines)


@dataclass(frozen=True)
class Leaving:
    """What an office gives out: ready to go, and as far as it is: sealed, given to a carrier, offered."""

    order_code: str
    direction: Direction
    purpose: Purpose
    dossier_id: int
    dossier_code: str
    desk_id: int
    post_office_id: int
    carrier_id: int | None
    carrier_name: str
    envelope_code: str
    seal: str
    sheets: int
    hand_over_id: int | None
    offered_to: str
    offered_at: datetime | None


def coming_to(session: Session, office_id: int) -> list[Coming]:
    """The envelopes offered to an office, and for a desk those with the post on their way to it."""
    offered = select(HandOver.envelope_id).where(is_open(), HandOver.receiver_office_id == office_id)
    with_the_post = Envelope.holder_kind.in_((HolderKind.CARRIER, HolderKind.POST_OFFICE))
    on_the_way = sa.and_(
        with_the_post, PostalOrder.direction == Direction.PICKUP, Dossier.received_by_id == office_id
    )
    found = envelopes().where(Envelope.id.in_(offered) | on_the_way).order_by(Envelope.id)
    rows_found = session.scalars(found.options(*listed())).unique().all()
    names = holders(session, (envelope.holder for envelope in rows_found))
    rows = [_coming(envelope, names, office_id) for envelope in rows_found]
    return sorted(rows, key=lambda row: (row.hand_over_id is None, row.since))


def leaving_from(session: Session, office_id: int) -> list[Leaving]:
    """What an office has to give out.

    At a desk the results and papers that the post shall bring home; at a post office all that lies there.
    """
    lies_here = select(Envelope.order_id).where(Envelope.holder_office_id == office_id)
    lies_elsewhere = select(Envelope.order_id).where(
        sa.or_(Envelope.holder_office_id.is_(None), Envelope.holder_office_id != office_id)
    )
    to_send = sa.and_(
        PostalOrder.direction == Direction.RETURN,
        Dossier.received_by_id == office_id,
        ready(),
        PostalOrder.id.not_in(lies_elsewhere),
    )
    found = select(PostalOrder).join(PostalOrder.dossier).where(PostalOrder.state.not_in(CLOSED))
    carriers = selectinload(PostalOrder.stops).joinedload(Stop.run).joinedload(Run.carrier)
    loaded = found.options(joinedload(PostalOrder.dossier), carriers)
    orders = session.scalars(
        loaded.where(PostalOrder.id.in_(lies_here) | to_send).order_by(PostalOrder.id)
    ).all()
    return _leaving(session, orders)


def is_open() -> sa.ColumnElement[bool]:
    """Offered, and neither confirmed nor taken back."""
    return sa.and_(HandOver.confirmed_at.is_(None), HandOver.taken_back_at.is_(None))


def _coming(envelope: Envelope, names: dict[Holder, str], office_id: int) -> Coming:
    offered = envelope.open_hand_over
    if offered and offered.receiver.office_id != office_id:
        offered = None
    return Coming(
        envelope_code=envelope.code,
        seal=envelope.seal,
        dossier_id=envelope.order.dossier_id,
        dossier_code=envelope.order.dossier.shown_code,
        purpose=envelope.order.purpose,
        holder_kind=envelope.holder.kind,
        holder_name=names[envelope.holder],
        since=envelope.held_since,
        hand_over_id=offered.id if offered else None,
        offered_at=offered.offered_at if offered else None,
        lines=tuple(_sheet_line(line) for line in envelope.lines),
    )


def _sheet_line(line: EnvelopeLine) -> SheetLine:
    return SheetLine(line.id, line.name, line.form, line.needed, line.counted, line.missing_reason)


def _leaving(session: Session, orders: Sequence[PostalOrder]) -> list[Leaving]:
    ids = [order.id for order in orders]
    sealed = select(Envelope).where(Envelope.order_id.in_(ids))
    loaded = sealed.options(selectinload(Envelope.lines), selectinload(Envelope.hand_overs))
    by_order = {envelope.order_id: envelope for envelope in session.scalars(loaded)} if ids else {}
    offers = [offer for envelope in by_order.values() if (offer := envelope.open_hand_over)]
    names = holders(session, (offer.receiver for offer in offers))
    return [_leaving_row(order, by_order.get(order.id), names) for order in orders]


def _leaving_row(order: PostalOrder, envelope: Envelope | None, names: dict[Holder, str]) -> Leaving:
    stop, offered = order.open_stop, envelope.open_hand_over if envelope else None
    return Leaving(
        order_code=order.code,
        direction=order.direction,
        purpose=order.purpose,
        dossier_id=order.dossier_id,
        dossier_code=order.dossier.shown_code,
        desk_id=order.dossier.received_by_id,
        post_office_id=order.post_office_id,
        carrier_id=stop.run.carrier_id if stop else None,
        carrier_name=stop.run.carrier.full_name if stop else "",
        envelope_code=envelope.code if envelope else "",
        seal=envelope.seal if envelope else "",
        sheets=envelope.sheets if envelope else 0,
        hand_over_id=offered.id if offered else None,
        offered_to=names[offered.receiver] if offered else "",
        offered_at=offered.offered_at if offered else None,
    )
