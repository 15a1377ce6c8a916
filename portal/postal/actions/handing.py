"""Verbs of the two sides of a hand-over: seal, offer, take back, recount and confirm."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Actor
from portal.dossiers import actions as dossiers
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status
from portal.dossiers.workflow import ARRIVALS, is_own
from portal.ground.codes import random_code
from portal.ground.errors import NotAllowed, NotFound, Refused, WrongState
from portal.ground.words import N_
from portal.ground.working_time import ZONE
from portal.postal.actions.door import ENVELOPE_PREFIX, checked_seal
from portal.postal.actions.ordering import envelope_of
from portal.postal.actions.planning import appointed_carriers, is_ready
from portal.postal.actions.recording import Passing, note_envelope, note_order, pass_on, written
from portal.postal.custody import (
    FACE_TO_FACE,
    NotPassedSo,
    answers_for,
    check_passing,
    citizen_of,
    desk_of,
)
from portal.postal.models import Envelope, EnvelopeLine, HandOver, Holder, PostalOrder
from portal.postal.models import Recount as RecountRow
from portal.postal.states import (
    CLOSED,
    Direction,
    EnvelopeMove,
    HolderKind,
    OrderMove,
    OrderState,
    PaperForm,
    Purpose,
)


@dataclass(frozen=True)
class Recount:
    """What the receiver found: sheets by line id, or nothing when only the seal was looked at.

    note: why it differs; needed when it does.
    """

    sheets: Mapping[int, int] = field(default_factory=dict)
    note: str = ""


def seal(session: Session, dossier: Dossier, number: str, *, by: Actor, at: datetime) -> Envelope:
    """Put the result of *dossier*, or its papers going back, into a sealed envelope at the desk.

    One that came back undelivered gets its new seal. Raises NotAllowed, WrongState (nobody asked for it,
    or there is no result yet), Refused (the seal).
    """
    here = desk_of(dossier)
    if not answers_for(by, here) or is_own(by, dossier):
        raise NotAllowed
    order = _open_return(session, dossier)
    envelope = envelope_of(session, order)
    if envelope and (envelope.holder != here or envelope.open_hand_over):
        raise NotPassedSo
    fresh = checked_seal(session, number) if envelope is None or envelope.seal != number else number
    if envelope is None:
        envelope = _empty(order, here, by, at)
        envelope.lines, envelope.seal = _contents(session, order), fresh
        session.add(envelope)
        session.flush()  # The ledger names the envelope by its id.
    said = {"seal": fresh, "sheets": envelope.sheets}
    note_envelope(session, envelope, EnvelopeMove.SEAL, said, by=by, at=at)
    envelope.seal, envelope.sealed_at, envelope.sealed_by_id = fresh, at, by.account_id
    return envelope


def offer(session: Session, envelope: Envelope, receiver: Holder, *, by: Actor, at: datetime) -> HandOver:
    """Offer *envelope* to *receiver*, who confirms; until then the giver answers for it.

    Raises NotAllowed when *by* does not answer for it, NotPassedSo when the table forbids it, WrongState
    when it is already on offer, Refused when the receiver is not the right desk, post office or carrier.
    """
    giver, order = envelope.holder, envelope.order
    if not answers_for(by, giver) or is_own(by, order.dossier):
        raise NotAllowed
    check_passing(order.direction, giver, giver, receiver)
    if (giver.kind, receiver.kind) in FACE_TO_FACE:
        raise NotPassedSo
    if envelope.open_hand_over:
        raise WrongState(N_("Phong bì này đang chờ bên kia xác nhận."))
    _check_receiver(session, order, receiver, at)
    note_envelope(session, envelope, EnvelopeMove.OFFER, {"receiver": written(receiver)}, by=by, at=at)
    offered = HandOver(giver=giver, receiver=receiver, offered_at=at, offered_by_id=by.account_id)
    envelope.hand_overs.append(offered)
    return offered


def offer_to_carrier(
    session: Session, dossier: Dossier, carrier_account_id: int, number: str, *, by: Actor, at: datetime
) -> HandOver:
    """Seal the result of *dossier* and offer it to a carrier, in one act of the desk. Raises as both."""
    envelope = seal(session, dossier, number, by=by, at=at)
    return offer(session, envelope, Holder(HolderKind.CARRIER, carrier_account_id), by=by, at=at)


def take_back(session: Session, hand_over_id: int, *, by: Actor, at: datetime) -> None:
    """Take an offer back that the other side has not confirmed; the giver never stopped holding it."""
    offered = _open_offer(session, hand_over_id)
    if not answers_for(by, offered.giver):
        raise NotFound
    said = {"receiver": written(offered.receiver)}
    note_envelope(session, offered.envelope, EnvelopeMove.TAKE_BACK, said, by=by, at=at)
    offered.taken_back_at = at


def confirm_hand_over(
    session: Session, hand_over_id: int, recount: Recount, *, by: Actor, at: datetime
) -> Envelope:
    """Take over what was offered; from now the receiver answers for it.

    A desk that takes papers in opens the envelope and counts every line; others look at the seal. A
    difference is recorded beside the giver's count, with a word. Papers that reach the desk of a submitted
    dossier start its check and its term (R6). Raises NotFound, NotAllowed (the giver cannot confirm),
    WrongState, Refused; then nothing changed.
    """
    offered = _open_offer(session, hand_over_id)
    envelope, order = offered.envelope, offered.envelope.order
    if not answers_for(by, offered.receiver):
        raise NotFound
    if by.account_id == offered.offered_by_id or is_own(by, order.dossier):
        raise NotAllowed(N_("Người giao không thể tự xác nhận đã nhận."))
    check_passing(order.direction, envelope.holder, offered.giver, offered.receiver)
    arrives = offered.receiver.kind == HolderKind.DESK and order.direction == Direction.PICKUP
    offered.counts = _counted(envelope, recount, every_line=arrives)
    offered.note = recount.note.strip()
    offered.confirmed_at, offered.confirmed_by_id = at, by.account_id
    said = {
        "sheets": sum(count.counted for count in offered.counts),
        "missing": _short(offered),
        "note": offered.note,
    }
    passing = Passing(EnvelopeMove.HAND_OVER, offered.receiver, offered.offered_by_id, by.account_id)
    pass_on(session, envelope, passing, by=by, at=at, details=said if offered.counts else {})
    if order.purpose == Purpose.RESULT:
        is_out = offered.receiver.kind != HolderKind.DESK
        dossiers.note_result_out(order.dossier, at, is_out=is_out)
    if arrives:
        note_order(session, order, OrderMove.CLOSE, OrderState.DONE, by=by, at=at)
        _receive(session, offered, by=by, at=at)
    return envelope


def give_back(session: Session, envelope: Envelope, receiver: str, *, by: Actor, at: datetime) -> None:
    """Give the papers of an ended dossier back to their owner at the desk."""
    order = envelope.order
    if not answers_for(by, envelope.holder) or is_own(by, order.dossier):
        raise NotAllowed
    if order.direction != Direction.PICKUP or not order.dossier.ended_without_result:
        raise WrongState(N_("Giấy tờ chỉ được trả lại sau khi hồ sơ đã dừng."))
    if not receiver.strip():
        raise Refused(N_("Hãy ghi họ tên người nhận."))
    person = citizen_of(order.dossier)
    passing = Passing(EnvelopeMove.GIVE_BACK, person, by.account_id, person.account_id)
    pass_on(session, envelope, passing, by=by, at=at, details={"receiver": receiver.strip()})


def _open_return(session: Session, dossier: Dossier) -> PostalOrder:
    back = (PostalOrder.dossier_id == dossier.id, PostalOrder.direction == Direction.RETURN)
    order = session.scalars(select(PostalOrder).where(*back, PostalOrder.state.not_in(CLOSED))).first()
    if order is None:
        raise WrongState(N_("Hồ sơ này không có đơn phát qua bưu điện."))
    if not is_ready(order):
        raise WrongState(N_("Hồ sơ này chưa có kết quả để giao bưu điện."))
    return order


def _empty(order: PostalOrder, here: Holder, by: Actor, at: datetime) -> Envelope:
    return Envelope(
        code=random_code(ENVELOPE_PREFIX),
        order=order,
        sealed_at=at,
        sealed_by_id=by.account_id,
        holder=here,
        held_since=at,
    )


def _contents(session: Session, order: PostalOrder) -> list[EnvelopeLine]:
    """The result as one line; papers going back as they were counted when they came."""
    if order.purpose == Purpose.RESULT:
        return [EnvelopeLine(form=PaperForm.ORIGINAL, needed=1, counted=1)]
    came = select(EnvelopeLine).join(Envelope).join(PostalOrder)
    here = came.where(
        PostalOrder.dossier_id == order.dossier_id,
        PostalOrder.direction == Direction.PICKUP,
        Envelope.holder_kind == HolderKind.DESK,
        EnvelopeLine.counted > 0,
    )
    sheets: dict[tuple[int | None, PaperForm], int] = {}
    for line in session.scalars(here):
        what = (line.checklist_item_id, line.form)
        sheets[what] = sheets.get(what, 0) + line.counted
    return [
        EnvelopeLine(checklist_item_id=item, form=form, needed=count, counted=count)
        for (item, form), count in sheets.items()
    ]


def _check_receiver(session: Session, order: PostalOrder, receiver: Holder, at: datetime) -> None:
    on = at.astimezone(ZONE).date()
    if receiver.kind == HolderKind.DESK and receiver != desk_of(order.dossier):
        raise Refused(N_("Phong bì này thuộc quầy khác."))
    if receiver.kind == HolderKind.POST_OFFICE and receiver.office_id != order.post_office_id:
        raise Refused(N_("Phong bì này thuộc bưu cục khác."))
    if receiver.kind == HolderKind.CARRIER:
        here = appointed_carriers(order.post_office_id, on).where(Account.id == receiver.account_id)
        if session.scalars(here).first() is None:
            raise Refused(N_("Bưu tá này không chạy tuyến của bưu cục vào ngày đó."))


def _open_offer(session: Session, hand_over_id: int) -> HandOver:
    offered = session.get(HandOver, hand_over_id)
    if offered is None:
        raise NotFound
    if not offered.is_open:
        raise WrongState(N_("Lần bàn giao này đã xong."))
    return offered


def _counted(envelope: Envelope, recount: Recount, *, every_line: bool) -> list[RecountRow]:
    if not every_line and not recount.sheets:
        return []
    if any(line.id not in recount.sheets or recount.sheets[line.id] < 0 for line in envelope.lines):
        raise Refused(N_("Hãy đếm lại mọi giấy tờ trong phong bì."))
    rows = [
        RecountRow(line_id=line.id, given=line.counted, counted=recount.sheets[line.id])
        for line in envelope.lines
    ]
    if any(row.given != row.counted for row in rows) and not recount.note.strip():
        raise Refused(N_("Số tờ khác bên giao: hãy ghi rõ khác chỗ nào."))
    return rows


def _short(offered: HandOver) -> int:
    return sum(max(count.given - count.counted, 0) for count in offered.counts)


def _receive(session: Session, offered: HandOver, *, by: Actor, at: datetime) -> None:
    dossier, envelope = offered.envelope.order.dossier, offered.envelope
    awaited = any(blocker.kind in ARRIVALS for blocker in dossier.blockers)
    dossiers.expect_by_hand(dossier)
    if dossier.status == Status.SUBMITTED and awaited:
        counted = _by_item(offered)
        dossiers.receive_papers(session, dossier, by=by, at=at, note=envelope.code, counted=counted)


def _by_item(offered: HandOver) -> dict[str, int]:
    """Sheets the receiver counted, by the key of their line in the dossier's checklist."""
    found = {count.line_id: count.counted for count in offered.counts}
    sheets: dict[str, int] = {}
    for line in offered.envelope.lines:
        if line.checklist_item:
            key = line.checklist_item.key
            sheets[key] = sheets.get(key, 0) + found[line.id]
    return sheets
