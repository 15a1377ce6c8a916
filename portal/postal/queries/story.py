"""The story of one dossier's post, read from the ledger, for the citizen's timeline and the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ground.ledger import LedgerEntry
from portal.ground.words import N_
from portal.postal.actions.recording import ENVELOPE, ORDER, read
from portal.postal.models import Envelope, Holder, PostalOrder
from portal.postal.queries.names import holders, people
from portal.postal.states import Direction, EnvelopeMove, Failure, OrderMove

PICKUP, RETURN = Direction.PICKUP, Direction.RETURN

TEXTS: dict[tuple[str, Direction], str] = {
    (OrderMove.REQUEST, PICKUP): N_("Đã đăng ký nhờ bưu tá đến lấy giấy tờ."),
    (OrderMove.REQUEST, RETURN): N_("Đã đăng ký nhờ bưu tá phát tận nhà."),
    (OrderMove.ASSIGN, PICKUP): N_("Bưu tá %(carrier)s sẽ đến lấy giấy tờ ngày %(day)s."),
    (OrderMove.ASSIGN, RETURN): N_("Bưu tá %(carrier)s sẽ phát tận nhà ngày %(day)s."),
    (OrderMove.TAKE_OFF, PICKUP): N_("Bưu cục xếp lại tuyến, bưu tá khác sẽ đến lấy."),
    (OrderMove.TAKE_OFF, RETURN): N_("Bưu cục xếp lại tuyến, bưu tá khác sẽ phát."),
    (OrderMove.OPEN, PICKUP): N_("Bưu tá %(who)s đã mở địa chỉ và số điện thoại để đến lấy."),
    (OrderMove.OPEN, RETURN): N_("Bưu tá %(who)s đã mở địa chỉ và số điện thoại để đến phát."),
    (OrderMove.FAIL, PICKUP): N_("Lần đến thứ %(attempt)s chưa lấy được giấy tờ; bưu cục sẽ xếp lần nữa."),
    (OrderMove.FAIL, RETURN): N_("Lần đến thứ %(attempt)s chưa phát được; bưu cục sẽ xếp lần nữa."),
    (OrderMove.CANCEL, PICKUP): N_("Đã hủy đơn lấy giấy tờ."),
    (OrderMove.CANCEL, RETURN): N_("Đã hủy đơn phát tận nhà."),
    (EnvelopeMove.SEAL, RETURN): N_("Quầy đã niêm phong, số %(seal)s."),
    (EnvelopeMove.COLLECT, PICKUP): N_(
        "Bưu tá %(who)s đã nhận %(sheets)s tờ từ %(giver)s, niêm phong số %(seal)s."
    ),
    (EnvelopeMove.HAND_OVER, PICKUP): N_("%(from_name)s đã bàn giao phong bì cho %(to_name)s."),
    (EnvelopeMove.HAND_OVER, RETURN): N_("%(from_name)s đã bàn giao phong bì cho %(to_name)s."),
    (EnvelopeMove.DELIVER, RETURN): N_("Bưu tá %(who)s đã phát tận tay %(receiver)s, có mã nhận."),
    (EnvelopeMove.GIVE_BACK, PICKUP): N_("Quầy đã trả giấy tờ cho %(receiver)s."),
    (EnvelopeMove.GIVE_BACK, RETURN): N_("Quầy đã trả kết quả từ phong bì này."),
    (EnvelopeMove.RECLAIM, PICKUP): N_("Bưu cục đã thu lại phong bì của bưu tá thôi vai: %(reason)s"),
    (EnvelopeMove.RECLAIM, RETURN): N_("Bưu cục đã thu lại phong bì của bưu tá thôi vai: %(reason)s"),
}
"""What each row of the ledger tells people; rows without a sentence only repeat another one."""

SHORT = {
    EnvelopeMove.COLLECT: N_("Còn thiếu %(missing)s tờ so với danh mục."),
    EnvelopeMove.HAND_OVER: N_("Bên nhận đếm thiếu %(missing)s tờ: %(note)s"),
}


@dataclass(frozen=True)
class PostalEvent:
    """One line of the story: *text* and *detail* are message ids, both filled with *params*.

    kind: the move, such as "collect". who: whose act it was, by name.
    """

    at: datetime
    text: str
    params: Mapping[str, Any]
    who: str
    envelope_code: str
    kind: str
    detail: str = ""


@dataclass(frozen=True)
class _Source:
    """The order behind a row of the ledger, and the envelope if it is one of an envelope."""

    order: PostalOrder
    envelope_code: str


def events_of(session: Session, dossier_id: int) -> list[PostalEvent]:
    """What the post did for a dossier so far, oldest first."""
    sources = _sources(session, dossier_id)
    entries = _entries(session, sources)
    told = [entry for entry in entries if (entry.move, _of(sources, entry).order.direction) in TEXTS]
    passed = [entry for entry in told if entry.move == EnvelopeMove.HAND_OVER]
    named = holders(
        session, (read(state) for entry in passed for state in (entry.from_state, entry.to_state))
    )
    carriers = (entry.details.get("carrier") for entry in told)
    accounts = people(session, [*(entry.account_id for entry in told), *carriers])
    return [_event(entry, _of(sources, entry), accounts, named) for entry in told]


def _sources(session: Session, dossier_id: int) -> dict[tuple[str, str], _Source]:
    theirs = select(PostalOrder).where(PostalOrder.dossier_id == dossier_id)
    orders = {order.id: order for order in session.scalars(theirs)}
    sealed = select(Envelope).where(Envelope.order_id.in_(orders))
    sources = {(ORDER, str(order.id)): _Source(order, "") for order in orders.values()}
    for envelope in session.scalars(sealed) if orders else ():
        sources[ENVELOPE, str(envelope.id)] = _Source(orders[envelope.order_id], envelope.code)
    return sources


def _entries(session: Session, sources: Mapping[tuple[str, str], _Source]) -> list[LedgerEntry]:
    found: list[LedgerEntry] = []
    for wanted in (ORDER, ENVELOPE):
        numbers = [number for kind, number in sources if kind == wanted]
        theirs = select(LedgerEntry).where(LedgerEntry.kind == wanted, LedgerEntry.aggregate.in_(numbers))
        found += session.scalars(theirs).all() if numbers else []
    return sorted(found, key=lambda entry: (entry.at, entry.id))


def _of(sources: Mapping[tuple[str, str], _Source], entry: LedgerEntry) -> _Source:
    return sources[entry.kind, entry.aggregate]


def _event(
    entry: LedgerEntry, source: _Source, accounts: dict[int, str], named: dict[Holder, str]
) -> PostalEvent:
    who = accounts.get(entry.account_id, "")
    params = {**entry.details, "who": who}
    if entry.move == OrderMove.ASSIGN:
        params["carrier"] = accounts.get(entry.details["carrier"], "")
        params["day"] = f"{date.fromisoformat(entry.details['runs_on']):%d/%m/%Y}"
    if entry.move == EnvelopeMove.HAND_OVER:
        params["from_name"], params["to_name"] = named[read(entry.from_state)], named[read(entry.to_state)]
    text = TEXTS[entry.move, source.order.direction]
    return PostalEvent(entry.at, text, params, who, source.envelope_code, entry.move, _detail(entry))


def _detail(entry: LedgerEntry) -> str:
    if entry.move == OrderMove.FAIL:
        return Failure(entry.details["reason"]).label
    return SHORT.get(EnvelopeMove(entry.move), "") if entry.details.get("missing") else ""
