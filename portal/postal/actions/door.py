"""Verbs of the carrier at the door: open a stop, collect, deliver, or say why not."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor, Role
from portal.dossiers import actions as dossiers
from portal.dossiers.queries import note_look
from portal.dossiers.states import FINAL, Look
from portal.dossiers.workflow import is_own
from portal.ground.codes import random_code
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.words import N_
from portal.postal.actions.ordering import envelope_of
from portal.postal.actions.recording import Passing, note_order, pass_on
from portal.postal.checklist import Wanted, wanted
from portal.postal.custody import citizen_of, standing_for
from portal.postal.models import Envelope, EnvelopeLine, PostalOrder, Stop
from portal.postal.states import (
    Direction,
    EnvelopeMove,
    Failure,
    MissingReason,
    OrderMove,
    OrderState,
    Outcome,
    Purpose,
)

ENVELOPE_PREFIX = "PH"
"""Prefix of the codes of envelopes (phong bì hồ sơ)."""

SEAL = re.compile(r"[A-Z0-9][A-Z0-9 .\-]{2,28}[A-Z0-9]")
"""What is printed under the bars of a seal."""

POSSIBLE: dict[Direction, tuple[Failure, ...]] = {
    Direction.PICKUP: (
        Failure.ABSENT,
        Failure.WRONG_ADDRESS,
        Failure.NOT_READY,
        Failure.REFUSED,
        Failure.NO_ACCESS,
    ),
    Direction.RETURN: (
        Failure.ABSENT,
        Failure.WRONG_ADDRESS,
        Failure.NO_PROOF,
        Failure.REFUSED,
        Failure.NO_ACCESS,
    ),
}
"""Why nothing came of a stop, by the way its envelope travels."""


@dataclass(frozen=True)
class Counted:
    """What was counted at the door with the citizen, and agreed to by both.

    sheets, missing: by Wanted.key. giver: who handed the papers over, by name.
    """

    sheets: Mapping[str, int]
    giver: str
    seal: str
    citizen_agreed: bool
    missing: Mapping[str, MissingReason] = field(default_factory=dict)
    postage_taken: bool = False


def open_stop(session: Session, stop: Stop, *, by: Actor, at: datetime) -> None:
    """Show the carrier name and address; the citizen sees that. A second time changes nothing."""
    _check_at_work(stop, by)
    if stop.opened_at is None:
        note_look(session, stop.order.dossier, by, at=at, look=Look.STOP, what=stop.order.code)
        note_order(session, stop.order, OrderMove.OPEN, stop.order.state, by=by, at=at)
        stop.opened_at = at


def collect(session: Session, stop: Stop, counted: Counted, *, by: Actor, at: datetime) -> Envelope:
    """Count every line of the frozen checklist, seal, take the envelope along (R5).

    The reception date stays unset (R6). Raises Refused when a line is not counted, a short one has no
    reason, more was given than the list names (R12), the citizen did not agree, or the seal is no seal.
    """
    order = _check_open(stop, by, Direction.PICKUP)
    if order.dossier.status in FINAL:
        raise WrongState(N_("Hồ sơ này đã dừng; không lấy giấy tờ nữa."))
    lines = [_line(line, counted) for line in wanted(order.dossier, order.purpose)]
    _check_agreed(lines, counted)
    envelope = Envelope(
        code=random_code(ENVELOPE_PREFIX),
        order=order,
        seal=checked_seal(session, counted.seal),
        sealed_at=at,
        sealed_by_id=by.account_id,
        holder=citizen_of(order.dossier),
        held_since=at,
        lines=lines,
    )
    session.add(envelope)
    session.flush()  # The ledger names the envelope by its id.
    said = {
        "giver": counted.giver.strip(),
        "seal": envelope.seal,
        "sheets": envelope.sheets,
        "missing": sum(line.needed - line.counted for line in lines),
    }
    passing = Passing(EnvelopeMove.COLLECT, standing_for(by), envelope.holder.account_id, by.account_id)
    pass_on(session, envelope, passing, by=by, at=at, details=said)
    _end(session, stop, Outcome.COLLECTED, counted.postage_taken, by=by, at=at)
    return envelope


def fail(session: Session, stop: Stop, reason: Failure, note: str = "", *, by: Actor, at: datetime) -> None:
    """Say why nothing was collected or delivered; the order goes back to the clerk for another attempt."""
    order = _check_open(stop, by, stop.order.direction)
    if reason not in POSSIBLE[order.direction]:
        raise Refused(N_("Hãy chọn một lý do trong danh sách."))
    said = {"reason": reason, "note": note.strip()}
    note_order(session, order, OrderMove.FAIL, OrderState.REQUESTED, by=by, at=at, details=said)
    order.attempt += 1
    stop.outcome, stop.ended_at, stop.reason, stop.note = Outcome.FAILED, at, reason, note.strip()


def deliver(
    session: Session,
    stop: Stop,
    receiver: str,
    code: str,
    *,
    postage_taken: bool = False,
    by: Actor,
    at: datetime,
) -> None:
    """Give the envelope to the person who reads out the delivery code; a result is thereby returned (R24).

    Raises Refused without a name or with a wrong code, WrongState when the carrier does not hold it.
    """
    order = _check_open(stop, by, Direction.RETURN)
    envelope = envelope_of(session, order)
    if envelope is None or envelope.holder != standing_for(by):
        raise WrongState(N_("Bạn chưa nhận phong bì này từ quầy."))
    if envelope.open_hand_over:
        raise WrongState(N_("Bạn đã đưa phong bì này cho nơi khác; hãy rút lại trước khi phát."))
    if not receiver.strip():
        raise Refused(N_("Hãy ghi họ tên người nhận."))
    if not hmac.compare_digest(_digits(code), order.delivery_code or ""):
        raise Refused(N_("Mã nhận chưa đúng. Hãy xin người nhận đọc lại mã 6 số."))
    person = citizen_of(order.dossier)
    said = {"receiver": receiver.strip(), "envelope": envelope.code}
    if order.purpose == Purpose.RESULT:
        dossiers.hand_over(session, order.dossier, said | {"code": "matched"}, by=by, at=at)
    passing = Passing(EnvelopeMove.DELIVER, person, by.account_id, person.account_id)
    pass_on(session, envelope, passing, by=by, at=at, details=said)
    _end(session, stop, Outcome.DELIVERED, postage_taken, by=by, at=at)


def checked_seal(session: Session, seal: str) -> str:
    """The seal number as stored; raises Refused for no seal at all, or one that is already on an envelope."""
    number = " ".join(seal.upper().split())
    if not SEAL.fullmatch(number):
        raise Refused(N_("Hãy ghi số niêm phong in trên túi, ví dụ NP 004 731."))
    if session.scalar(select(Envelope.id).where(Envelope.seal == number)):
        raise Refused(N_("Số niêm phong này đã dùng cho một phong bì khác."))
    return number


def _check_at_work(stop: Stop, by: Actor) -> None:
    if by.role != Role.CARRIER or by.account_id != stop.run.carrier_id or is_own(by, stop.order.dossier):
        raise NotAllowed
    if stop.outcome is not None:
        raise WrongState(N_("Điểm này đã xong."))


def _check_open(stop: Stop, by: Actor, direction: Direction) -> PostalOrder:
    _check_at_work(stop, by)
    if stop.opened_at is None or stop.order.direction != direction:
        raise WrongState(N_("Hãy mở điểm này trước."))
    return stop.order


def _line(line: Wanted, counted: Counted) -> EnvelopeLine:
    sheets, reason = counted.sheets.get(line.key), counted.missing.get(line.key)
    if sheets is None:
        raise Refused(N_("Hãy đếm mọi giấy tờ trong danh mục: còn %(paper)s."), paper=line.name)
    if not 0 <= sheets <= line.needed:
        raise Refused(N_("%(paper)s: danh mục chỉ có %(needed)s tờ."), paper=line.name, needed=line.needed)
    if sheets < line.needed and reason is None:
        raise Refused(N_("%(paper)s: hãy chọn lý do thiếu."), paper=line.name)
    return EnvelopeLine(
        checklist_item_id=line.item_id,
        form=line.form,
        needed=line.needed,
        counted=sheets,
        missing_reason=reason if sheets < line.needed else None,
    )


def _check_agreed(lines: list[EnvelopeLine], counted: Counted) -> None:
    if not any(line.counted for line in lines):
        raise Refused(N_("Không có tờ nào để niêm phong. Hãy báo không lấy được."))
    if not counted.giver.strip():
        raise Refused(N_("Hãy ghi họ tên người giao giấy tờ."))
    if not counted.citizen_agreed:
        raise Refused(N_("Người dân cần xem danh sách và đồng ý trước khi niêm phong."))


def _end(
    session: Session, stop: Stop, outcome: Outcome, postage_taken: bool, *, by: Actor, at: datetime
) -> None:
    order = stop.order
    collected = outcome == Outcome.COLLECTED
    move, state = (
        (OrderMove.TAKE_ALONG, OrderState.COLLECTED) if collected else (OrderMove.CLOSE, OrderState.DONE)
    )
    said = {"postage_dong": order.postage_dong if postage_taken else 0}
    note_order(session, order, move, state, by=by, at=at, details=said)
    stop.outcome, stop.ended_at = outcome, at
    if postage_taken and order.postage_dong:
        order.postage_paid_at = at


def _digits(code: str) -> str:
    return "".join(sign for sign in code if sign.isascii() and sign.isdigit())
