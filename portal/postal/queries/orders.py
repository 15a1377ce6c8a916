"""Reads of orders and runs: what waits, who carries what today, one stop of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from portal.accounts.models import Account, Actor, Role
from portal.dossiers.models import Dossier, SupplementRequest
from portal.dossiers.states import Delivery, Status
from portal.ground.errors import NotFound
from portal.postal.actions.planning import appointed_carriers, ready
from portal.postal.checklist import wanted
from portal.postal.custody import desk_of
from portal.postal.models import Envelope, Holder, PostalOrder, Run, Stop
from portal.postal.queries.names import holders as holders_named
from portal.postal.states import (
    CLOSED,
    Direction,
    Failure,
    HolderKind,
    OrderState,
    Outcome,
    Purpose,
)

Row = TypeVar("Row")

NOBODY = Holder(HolderKind.CITIZEN)


@dataclass(frozen=True)
class WaitingOrder:
    """One order the clerk has to give to a carrier: where and when, how much, and why it failed before.

    The clerk plans by address; names and phones are the carrier's, at the door.
    """

    code: str
    direction: Direction
    purpose: Purpose
    window: str
    line: str
    area_name: str
    sheets: int
    attempt: int
    failed_because: Failure | None
    failure_note: str
    requested_at: datetime
    fetched_from: str
    """Who has the envelope that is to be brought home; "" for papers still at the citizen's."""


def open_orders_of(session: Session, dossier_id: int) -> Sequence[PostalOrder]:
    """The orders of a dossier that are not yet done, the way there first."""
    theirs = select(PostalOrder).where(PostalOrder.dossier_id == dossier_id)
    shown = theirs.options(joinedload(PostalOrder.area), joinedload(PostalOrder.post_office))
    unfinished = shown.where(PostalOrder.state.not_in(CLOSED))
    return session.scalars(unfinished.order_by(PostalOrder.direction, PostalOrder.id)).all()


def results_to_send(session: Session, post_office_id: int) -> Sequence[Dossier]:
    """Finished dossiers whose result this post office shall bring home and has not set out with yet."""
    waits = (PostalOrder.direction == Direction.RETURN, PostalOrder.state == OrderState.REQUESTED)
    here = select(PostalOrder.dossier_id).where(*waits, PostalOrder.post_office_id == post_office_id)
    finished = select(Dossier).where(Dossier.status == Status.FINISHED, Dossier.delivery == Delivery.POST)
    return session.scalars(finished.where(Dossier.id.in_(here)).order_by(Dossier.finished_at)).all()


def waiting(session: Session, post_office_id: int) -> list[WaitingOrder]:
    """The orders of a post office that wait for a carrier, by ward, window and age."""
    mine = select(PostalOrder).where(
        PostalOrder.post_office_id == post_office_id, PostalOrder.state == OrderState.REQUESTED
    )
    possible = mine.join(PostalOrder.dossier).where(ready())
    in_order = possible.order_by(PostalOrder.area_code, PostalOrder.window, PostalOrder.id)
    rows = session.scalars(in_order.options(*_order_page())).all()
    holders = _holders(session, [order for order in rows if order.direction == Direction.RETURN])
    names = holders_named(session, holders.values())
    return [_waiting(order, names.get(holders.get(order.id, NOBODY), "")) for order in rows]


def carriers_of(session: Session, post_office_id: int, on: date) -> Sequence[Account]:
    """The carriers who work for a post office on a day, by name."""
    return session.scalars(appointed_carriers(post_office_id, on)).all()


def runs_of(session: Session, post_office_id: int, on: date) -> Sequence[Run]:
    """The runs of a post office on *on*, and earlier ones with a stop still open."""
    left_over = select(Stop.run_id).where(Stop.outcome.is_(None))
    current = select(Run).where(Run.office_id == post_office_id)
    wanted_runs = current.where((Run.runs_on >= on) | Run.id.in_(left_over))
    loaded = wanted_runs.options(joinedload(Run.carrier), _stops_page())
    return session.scalars(loaded.order_by(Run.runs_on, Run.id)).all()


def run_by_id(session: Session, run_id: int, viewer: Actor) -> Run:
    """A run of the clerk's post office with its stops, or NotFound."""
    mine = select(Run).where(Run.id == run_id, Run.office_id == viewer.office_id)
    loaded = mine.options(joinedload(Run.carrier), joinedload(Run.office), _stops_page())
    return _found(session.scalars(loaded).unique().first() if viewer.role == Role.POST_CLERK else None)


def order_by_code(session: Session, code: str, viewer: Actor) -> PostalOrder:
    """An order of the clerk's post office, or NotFound."""
    mine = (PostalOrder.code == code, PostalOrder.post_office_id == viewer.office_id)
    found = session.scalars(select(PostalOrder).where(*mine)).first()
    return _found(found if viewer.role == Role.POST_CLERK else None)


def stop_by_id(session: Session, stop_id: int, viewer: Actor) -> Stop:
    """A stop on a run of the clerk's post office, or NotFound."""
    mine = select(Stop).join(Run).where(Stop.id == stop_id, Run.office_id == viewer.office_id)
    return _found(session.scalars(mine).first() if viewer.role == Role.POST_CLERK else None)


def stops_of(session: Session, viewer: Actor, on: date) -> list[Stop]:
    """A carrier's stops of a day in their order, after those left open on earlier days."""
    mine = select(Stop).join(Run).where(Run.carrier_id == viewer.account_id, Run.runs_on <= on)
    current = mine.where((Run.runs_on == on) | Stop.outcome.is_(None), _not_taken_off())
    in_order = current.order_by(Run.runs_on, Stop.position, Stop.id)
    return list(session.scalars(in_order.options(*_stop_page())).unique())


def stop_by_code(session: Session, code: str, viewer: Actor, on: date) -> Stop:
    """The latest stop of an order on the carrier's own runs up to *on*, or NotFound."""
    mine = select(Stop).join(Run).join(PostalOrder, Stop.order_id == PostalOrder.id)
    own = mine.where(Run.carrier_id == viewer.account_id, Run.runs_on <= on, _not_taken_off())
    latest = own.where(PostalOrder.code == code).order_by(Stop.id.desc())
    found = session.scalars(latest.options(*_stop_page())).unique().first()
    return _found(found if viewer.role == Role.CARRIER else None)


def sheets_of(order: PostalOrder) -> int:
    """How many sheets an order carries by its list; a result is one."""
    if order.direction == Direction.RETURN:
        return 1
    return sum(line.needed for line in wanted(order.dossier, order.purpose))


def _holders(session: Session, orders: Sequence[PostalOrder]) -> dict[int, Holder]:
    """Where the envelope of each order is to be fetched: its holder, or the desk that will seal it."""
    sealed = select(Envelope).where(Envelope.order_id.in_([order.id for order in orders]))
    held = {envelope.order_id: envelope.holder for envelope in session.scalars(sealed)} if orders else {}
    return {order.id: held.get(order.id, desk_of(order.dossier)) for order in orders}


def _waiting(order: PostalOrder, fetched_from: str) -> WaitingOrder:
    failed = [stop for stop in order.stops if stop.outcome == Outcome.FAILED]
    last = failed[-1] if failed else None
    return WaitingOrder(
        code=order.code,
        direction=order.direction,
        purpose=order.purpose,
        window=order.window,
        line=order.line,
        area_name=order.area.name,
        sheets=sheets_of(order),
        attempt=order.attempt,
        failed_because=last.reason if last else None,
        failure_note=last.note if last else "",
        requested_at=order.requested_at,
        fetched_from=fetched_from,
    )


def _not_taken_off() -> sa.ColumnElement[bool]:
    return Stop.outcome.is_(None) | (Stop.outcome != Outcome.TAKEN_OFF)


def _papers() -> tuple[Any, ...]:
    dossier = joinedload(PostalOrder.dossier)
    asked = dossier.selectinload(Dossier.supplements).selectinload(SupplementRequest.items)
    return dossier.selectinload(Dossier.checklist), asked


def _order_page() -> tuple[LoaderOption, ...]:
    return (joinedload(PostalOrder.area), selectinload(PostalOrder.stops), *_papers())


def _stop_page() -> tuple[LoaderOption, ...]:
    order = joinedload(Stop.order)
    return (joinedload(Stop.run), order.joinedload(PostalOrder.area), order.options(*_papers()))


def _stops_page() -> LoaderOption:
    order = selectinload(Run.stops).joinedload(Stop.order)
    return order.options(joinedload(PostalOrder.area), *_papers())


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
