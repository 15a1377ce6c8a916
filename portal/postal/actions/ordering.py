"""Asking the post to collect or to bring; changing one's mind; what follows the end of a dossier."""

import secrets
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor, Office, PostArea, Role
from portal.accounts.offices import has
from portal.dossiers import actions as dossiers
from portal.dossiers.models import Dossier
from portal.dossiers.states import BlockerKind, Delivery, Status
from portal.dossiers.workflow import ARRIVALS, is_own
from portal.ground.codes import random_code
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.words import N_
from portal.ground.working_time import ZONE
from portal.postal import tariff
from portal.postal.actions.recording import Passing, note_order, pass_on
from portal.postal.checklist import wanted
from portal.postal.custody import citizen_of
from portal.postal.models import Envelope, Place, PostalOrder
from portal.postal.states import (
    CLOSED,
    Direction,
    EnvelopeMove,
    Exemption,
    HolderKind,
    OrderMove,
    OrderState,
    Outcome,
    Purpose,
)

ORDER_PREFIX = "DH"
"""Prefix of the codes of orders (đơn hàng)."""


def order_pickup(
    session: Session,
    dossier: Dossier,
    place: Place,
    *,
    by: Actor,
    at: datetime,
    purpose: Purpose = Purpose.PAPERS,
    exemption: Exemption | None = None,
) -> PostalOrder:
    """Ask the post to collect the papers of *dossier* at *place*.

    Whether the procedure is on the post's list is asked by the caller, who shows the reason (R4).
    Raises NotAllowed, WrongState (nothing is awaited, or an order is open), Refused (nobody serves the
    ward, nothing travels); then nothing changed.
    """
    _check_may_order(dossier, by)
    if not _awaits(dossier, purpose):
        raise WrongState(N_("Hồ sơ này không chờ giấy tờ nào qua bưu điện."))
    if not wanted(dossier, purpose):
        raise Refused(N_("Danh mục này không có giấy tờ nào cần bưu tá đến lấy."))
    order = _order(session, dossier, place, purpose, exemption, by=by, at=at)
    _expect_by_post(dossier, purpose)
    return order


def order_return(
    session: Session,
    dossier: Dossier,
    place: Place,
    *,
    by: Actor,
    at: datetime,
    purpose: Purpose = Purpose.RESULT,
    exemption: Exemption | None = None,
) -> PostalOrder:
    """Ask the post to bring the result of *dossier*, or its papers back, to *place*.

    Asked at filing, the order waits until the result exists. Raises as order_pickup.
    """
    _check_may_order(dossier, by)
    if purpose == Purpose.RESULT and (dossier.delivery != Delivery.POST or dossier.is_over):
        raise WrongState(N_("Hồ sơ này không nhận kết quả qua bưu điện."))
    if purpose == Purpose.PAPERS_BACK and not dossier.ended_without_result:
        raise WrongState(N_("Giấy tờ chỉ được trả lại sau khi hồ sơ đã dừng."))
    return _order(session, dossier, place, purpose, exemption, by=by, at=at)


def cancel(session: Session, order: PostalOrder, *, by: Actor, at: datetime) -> None:
    """Take an order back, possible until a carrier holds the envelope; a stop given out is closed, too."""
    _check_may_order(order.dossier, by)
    if by.role == Role.POST_CLERK and by.office_id != order.post_office_id:
        raise NotAllowed
    if order.state not in (OrderState.REQUESTED, OrderState.ASSIGNED) or _is_out(session, order):
        raise WrongState(N_("Bưu tá đang giữ phong bì, không hủy được nữa."))
    _cancel(session, order, by=by, at=at)


def follow_end(session: Session, dossier: Dossier, *, by: Actor, at: datetime) -> None:
    """Do what the end of *dossier* means for the post; called in the transaction that ended it.

    Orders not yet collected are cancelled. A result returned by the post and now handed over at the desk
    leaves its envelope there. Raises WrongState when the post still holds the result.
    """
    if not dossier.is_over:
        raise WrongState
    ordered = select(PostalOrder).where(PostalOrder.dossier_id == dossier.id)
    for order in session.scalars(ordered.where(PostalOrder.state.not_in(CLOSED))).all():
        if order.direction == Direction.RETURN and _is_out(session, order):
            raise WrongState(N_("Bưu điện đang giữ kết quả này; quầy chưa trả được."))
        if order.state != OrderState.COLLECTED:
            _give_out(session, order, by=by, at=at)
            _cancel(session, order, by=by, at=at)


def envelope_of(session: Session, order: PostalOrder) -> Envelope | None:
    """The envelope of *order*, once it was sealed."""
    return session.scalars(select(Envelope).where(Envelope.order_id == order.id)).first()


def post_office_of(session: Session, area_code: str, on: date) -> Office:
    """The post office that serves a ward on *on* and has a clerk; raises Refused when none does."""
    serving = select(Office).join(PostArea).where(PostArea.area_code == area_code, Office.from_on <= on)
    still = serving.where(Office.to_on.is_(None) | (Office.to_on >= on), has(Role.POST_CLERK, on))
    # Who closes first still serves: its wards have already been given to its successor, too.
    closing_first = (Office.to_on.is_(None), Office.to_on, Office.id)
    found = session.scalars(still.order_by(*closing_first)).first()
    if found is None:
        raise Refused(N_("Bưu điện chưa phục vụ phường, xã này. Hãy chọn cách gửi khác."))
    return found


def _order(
    session: Session,
    dossier: Dossier,
    place: Place,
    purpose: Purpose,
    exemption: Exemption | None,
    *,
    by: Actor,
    at: datetime,
) -> PostalOrder:
    on = at.astimezone(ZONE).date()
    if not all((place.name.strip(), place.phone.strip(), place.line.strip())):
        raise Refused(N_("Bưu tá cần họ tên, số điện thoại và địa chỉ nhà."))
    _check_none_open(session, dossier, purpose.direction)
    is_return = purpose.direction == Direction.RETURN
    order = PostalOrder(
        code=random_code(ORDER_PREFIX),
        dossier=dossier,
        direction=purpose.direction,
        purpose=purpose,
        state=OrderState.REQUESTED,
        attempt=1,
        contact_name=place.name.strip(),
        phone=place.phone.strip(),
        area_code=place.area_code,
        line=place.line.strip(),
        window=place.window,
        note=place.note.strip(),
        post_office=post_office_of(session, place.area_code, on),
        postage_dong=tariff.price_of(session, purpose, exemption, on),
        exemption=exemption,
        delivery_code=f"{secrets.randbelow(10**6):06d}" if is_return else None,
        requested_at=at,
        requested_by_id=by.account_id,
    )
    session.add(order)
    session.flush()  # The ledger names the order by its id.
    note_order(session, order, OrderMove.REQUEST, OrderState.REQUESTED, by=by, at=at)
    return order


def _check_may_order(dossier: Dossier, by: Actor) -> None:
    """The people of the dossier, or the desk and the post helping somebody else."""
    mine = by.account_id in (dossier.submitter_id, dossier.owner_id)
    desk = by.role == Role.RECEPTIONIST and by.office_id in (dossier.office_id, dossier.received_by_id)
    helps = (desk or by.role == Role.POST_CLERK) and not is_own(by, dossier)
    if not (mine if by.role == Role.CITIZEN else helps):
        raise NotAllowed


def _awaits(dossier: Dossier, purpose: Purpose) -> bool:
    if purpose == Purpose.SUPPLEMENT:
        return dossier.status == Status.AWAITING_SUPPLEMENT
    arriving = any(blocker.kind in ARRIVALS for blocker in dossier.blockers)
    return purpose == Purpose.PAPERS and arriving and dossier.status == Status.SUBMITTED


def _expect_by_post(dossier: Dossier, purpose: Purpose) -> None:
    """Papers that were to be brought now come in an envelope, and by its hand-over alone."""
    for blocker in dossier.blockers:
        if purpose == Purpose.PAPERS and blocker.kind == BlockerKind.PAPERS_TO_BRING:
            blocker.kind = BlockerKind.PAPERS_ON_THE_WAY


def _check_none_open(session: Session, dossier: Dossier, direction: Direction) -> None:
    same_way = (PostalOrder.dossier_id == dossier.id, PostalOrder.direction == direction)
    if session.scalar(select(PostalOrder.id).where(*same_way, PostalOrder.state.not_in(CLOSED))):
        raise WrongState(N_("Hồ sơ này đã có một đơn bưu điện đang chờ theo chiều đó."))


def _is_out(session: Session, order: PostalOrder) -> bool:
    envelope = envelope_of(session, order)
    return envelope is not None and envelope.holder.kind in (HolderKind.CARRIER, HolderKind.POST_OFFICE)


def _give_out(session: Session, order: PostalOrder, *, by: Actor, at: datetime) -> None:
    """The result that came back undelivered leaves the desk with the person it was handed to."""
    envelope = envelope_of(session, order)
    if envelope and order.dossier.status == Status.RETURNED and envelope.holder.kind == HolderKind.DESK:
        person = citizen_of(order.dossier)
        passing = Passing(EnvelopeMove.GIVE_BACK, person, by.account_id, person.account_id)
        pass_on(session, envelope, passing, by=by, at=at)


def _cancel(session: Session, order: PostalOrder, *, by: Actor, at: datetime) -> None:
    stop = order.open_stop
    note_order(session, order, OrderMove.CANCEL, OrderState.CANCELLED, by=by, at=at)
    if order.direction == Direction.PICKUP:
        dossiers.expect_by_hand(order.dossier)
    if stop:
        stop.outcome, stop.ended_at = Outcome.TAKEN_OFF, at
