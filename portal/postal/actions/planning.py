"""Verbs of the post clerk: an order onto a carrier's run, up in it, off it again."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.appointments import in_force
from portal.accounts.models import Account, Actor, Appointment, Role
from portal.dossiers.models import Dossier
from portal.dossiers.states import FINAL, Status
from portal.dossiers.workflow import is_about
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.words import N_
from portal.ground.working_time import ZONE
from portal.postal.actions.ordering import envelope_of
from portal.postal.actions.recording import note_order
from portal.postal.models import PostalOrder, Run, Stop
from portal.postal.states import HolderKind, OrderMove, OrderState, Outcome, Purpose


def assign(
    session: Session, order: PostalOrder, carrier_id: int, runs_on: date, *, by: Actor, at: datetime
) -> Stop:
    """Put *order* at the end of a carrier's run of a day; the run begins with its first stop.

    Raises NotAllowed (another post office's order), WrongState (not waiting, no result yet), Refused (the
    carrier does not work here that day, is the person concerned, or another one holds the envelope).
    """
    _check_own_office(order, by)
    if order.state != OrderState.REQUESTED or not is_ready(order):
        raise WrongState(N_("Đơn này không còn chờ xếp tuyến."))
    _check_carrier(session, order, carrier_id, runs_on, by, at)
    run = _run(session, carrier_id, runs_on, by)
    position = max((stop.position for stop in run.stops), default=0) + 1
    said = {"carrier": carrier_id, "runs_on": runs_on.isoformat()}
    note_order(session, order, OrderMove.ASSIGN, OrderState.ASSIGNED, by=by, at=at, details=said)
    stop = Stop(order=order, run=run, position=position, attempt=order.attempt)
    session.add(stop)
    return stop


def take_off(session: Session, stop: Stop, *, by: Actor, at: datetime) -> None:
    """Take a stop off its run; the order waits again. Raises WrongState once the carrier holds the papers."""
    _check_own_office(stop.order, by)
    envelope = envelope_of(session, stop.order)
    if stop.outcome is not None:
        raise WrongState(N_("Điểm này đã xong."))
    if envelope and envelope.holder.kind == HolderKind.CARRIER:
        raise WrongState(N_("Bưu tá đang giữ phong bì; hãy nhận lại phong bì trước."))
    said = {"carrier": stop.run.carrier_id}
    note_order(session, stop.order, OrderMove.TAKE_OFF, OrderState.REQUESTED, by=by, at=at, details=said)
    stop.outcome, stop.ended_at = Outcome.TAKEN_OFF, at


def move_up(session: Session, stop: Stop, *, by: Actor, at: datetime) -> None:
    """Let *stop* change places with the open one before it; the first one stays where it is."""
    _check_own_office(stop.order, by)
    in_order = sorted(stop.run.stops, key=lambda other: other.position)
    waiting = [other for other in in_order if other.outcome is None]
    place = waiting.index(stop) if stop in waiting else 0
    if place:
        before = waiting[place - 1]
        said = {"before": before.order.code}
        note_order(session, stop.order, OrderMove.MOVE_UP, stop.order.state, by=by, at=at, details=said)
        before.position, stop.position = stop.position, before.position


def is_ready(order: PostalOrder) -> bool:
    """Whether there is something to carry: papers to collect, or a result that has been issued."""
    if order.purpose == Purpose.RESULT:
        return order.dossier.status == Status.FINISHED
    return order.purpose == Purpose.PAPERS_BACK or order.dossier.status not in FINAL


def ready() -> sa.ColumnElement[bool]:
    """As is_ready, as a condition on PostalOrder joined with Dossier."""
    result_is_there = sa.and_(PostalOrder.purpose == Purpose.RESULT, Dossier.status == Status.FINISHED)
    collects = PostalOrder.purpose.in_((Purpose.PAPERS, Purpose.SUPPLEMENT))
    return sa.or_(
        result_is_there,
        PostalOrder.purpose == Purpose.PAPERS_BACK,
        sa.and_(collects, Dossier.status.not_in(FINAL)),
    )


def appointed_carriers(office_id: int, on: date) -> sa.Select[Account]:
    """The carriers of a post office on a day, by name."""
    here = (Appointment.office_id == office_id, Appointment.role == Role.CARRIER, in_force(on))
    held = select(Appointment.account_id).where(*here)
    return (
        select(Account)
        .where(Account.id.in_(held), Account.closed_at.is_(None))
        .order_by(Account.full_name, Account.id)
    )


def _check_own_office(order: PostalOrder, by: Actor) -> None:
    if by.role != Role.POST_CLERK or by.office_id != order.post_office_id:
        raise NotAllowed


def _check_carrier(
    session: Session, order: PostalOrder, carrier_id: int, runs_on: date, by: Actor, at: datetime
) -> None:
    here = appointed_carriers(order.post_office_id, runs_on).where(Account.id == carrier_id)
    carrier = session.scalars(here).first()
    if carrier is None or runs_on < at.astimezone(ZONE).date():
        raise Refused(N_("Bưu tá này không chạy tuyến của bưu cục vào ngày đó."))
    if is_about(order.dossier, carrier.id, carrier.identity_index):
        raise Refused(N_("Bưu tá không lấy, không phát hồ sơ của chính mình."))
    envelope = envelope_of(session, order)
    if envelope and envelope.holder.kind == HolderKind.CARRIER and envelope.holder.account_id != carrier_id:
        raise Refused(N_("Bưu tá khác đang giữ phong bì này; hãy nhận lại phong bì trước."))


def _run(session: Session, carrier_id: int, runs_on: date, by: Actor) -> Run:
    same = (Run.carrier_id == carrier_id, Run.office_id == by.office_id, Run.runs_on == runs_on)
    found = session.scalars(select(Run).where(*same)).first()
    if found is None:
        found = Run(carrier_id=carrier_id, office_id=by.office_id, runs_on=runs_on)
        session.add(found)
    return found
