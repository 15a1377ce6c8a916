"""One line of time for law and post: what happened, where the dossier is now, what comes next. Words only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from portal.accounts.models import Role
from portal.catalogue.models import Channel
from portal.dossiers.models import Dossier
from portal.dossiers.queries import Event
from portal.dossiers.states import FINAL, Delivery, Lack, Move, Status, Step
from portal.dossiers.workflow import ARRIVALS
from portal.postal.queries import PostalEvent
from portal.web import formats, supplement_words
from portal.web.i18n import _, _l, say
from portal.web.supplement_words import Told

TITLES: dict[Move, tuple[str, Any]] = {
    Move.SUBMIT: ("doc", _l("Đã nộp trên mạng")),
    Move.ANNOUNCE: ("doc", _l("Đã đăng ký gửi qua bưu điện")),
    Move.INTAKE: ("inbox", _l("Quầy Một Cửa nhận hồ sơ giấy")),
    Move.RECEIVE_PAPERS: ("inbox", _l("Giấy tờ đã đến quầy")),
    Move.ASK_SUPPLEMENT: ("note", _l("Cơ quan yêu cầu bổ sung")),
    Move.ANSWER: ("back", _l("Đã bổ sung")),
    Move.REFUSE: ("x", _l("Không được tiếp nhận")),
    Move.ACCEPT: ("inbox", _l("Quầy Một Cửa tiếp nhận")),
    Move.FORWARD: ("right", _l("Chuyển chuyên viên thẩm tra")),
    Move.PROPOSE: ("pen", _l("Trình lãnh đạo ký")),
    Move.SEND_BACK: ("back", _l("Lãnh đạo yêu cầu thẩm tra lại")),
    Move.SIGN: ("pen", _l("Lãnh đạo đã ký")),
    Move.FINISH: ("seal", _l("Đã có kết quả")),
    Move.HAND_OVER: ("hand", _l("Đã trả kết quả")),
    Move.WITHDRAW: ("back", _l("Bạn đã rút hồ sơ")),
    Move.PREPAY: ("note", _l("Cơ quan yêu cầu nộp phí trước")),
    Move.CHARGE: ("note", _l("Có nghĩa vụ tài chính, đồng hồ dừng")),
    Move.PAY: ("check", _l("Đã nộp đủ tiền")),
    Move.ASSIGN: ("user", _l("Lãnh đạo phân công người thẩm tra")),
    Move.TAKE_OVER: ("user", _l("Chuyên viên nhận việc")),
    Move.CONSULT: ("find", _l("Lấy ý kiến cơ quan phối hợp")),
    Move.OPINE: ("pen", _l("Cơ quan phối hợp đã cho ý kiến")),
    Move.LINK: ("right", _l("Mở hồ sơ liên thông ở cơ quan khác")),
    Move.SEND_DRAFT: ("doc", _l("Gửi bạn xem bản nháp")),
    Move.CONFIRM_DRAFT: ("check", _l("Bản nháp được xác nhận")),
    Move.OBJECT_DRAFT: ("back", _l("Bạn báo bản nháp sai")),
    Move.RECALL: ("back", _l("Thu hồi kết quả để làm lại")),
    Move.EXTEND: ("clock", _l("Xin lỗi và hẹn lại ngày trả")),
    Move.POSTPONE: ("cal", _l("Ngày hẹn trả dời theo lịch mới")),
    Move.STOP: ("x", _l("Dừng giải quyết, đồng hồ dừng")),
    Move.RESUME: ("right", _l("Giải quyết tiếp")),
    Move.GIVE_UP: ("x", _l("Dừng vì chờ quá thời gian")),
    Move.CLOSE: ("x", _l("Kết thúc hồ sơ đã dừng")),
    Move.END_LINKED: ("x", _l("Kết thúc theo hồ sơ chính")),
}
"""How each move reads to its owner."""

TOLD_REASONS = (
    Move.ASK_SUPPLEMENT, Move.REFUSE, Move.WITHDRAW, Move.EXTEND, Move.STOP, Move.GIVE_UP, Move.CLOSE,
    Move.RECALL, Move.OBJECT_DRAFT, Move.END_LINKED, Move.POSTPONE,
)  # fmt: skip
"""Moves whose words are for the citizen; opinions inside the office are not."""

ROAD: tuple[tuple[Status, Step | None, str, Any], ...] = (
    (Status.SUBMITTED, None, "clock", _l("Quầy kiểm tra hồ sơ")),
    (Status.ACCEPTED, None, "inbox", _l("Chờ chuyển chuyên viên")),
    (Status.IN_PROGRESS, Step.APPRAISAL, "find", _l("Thẩm tra")),
    (Status.IN_PROGRESS, Step.SIGNING, "pen", _l("Lãnh đạo xem xét, ký")),
    (Status.IN_PROGRESS, Step.ISSUING, "seal", _l("Vào số, phát hành")),
    (Status.FINISHED, None, "hand", _l("Trả kết quả")),
)
"""The road of every dossier; what lies after the present stage is still to come."""

LAST_STAGE = {
    Delivery.ONLINE: ("net", _l("Bạn tải kết quả")),
    Delivery.POST: ("box", _l("Bưu tá phát tận tay")),
    Delivery.DESK: ("hand", _l("Bạn nhận kết quả tại quầy")),
}


@dataclass(frozen=True)
class Item:
    """One stop of the road: done, now or next."""

    state: str
    icon: str
    title: str
    when: str
    note: str = ""
    legs: list[list[str]] = field(default_factory=list)


def items(dossier: Dossier, law: Sequence[Event], post: Sequence[PostalEvent]) -> list[Item]:
    """The whole line: past of law and post by time, the present, the stages to come."""
    told: list[Event | PostalEvent] = [*law, *post]
    past = sorted(told, key=lambda event: event.at)
    return [*_past(dossier, past), *_present(dossier), *_future(dossier)]


def after_filing(dossier: Dossier) -> list[Item]:
    """The three things that come next, for the receipt."""
    icon, title = LAST_STAGE[dossier.delivery]
    return [
        _first_after(dossier),
        Item("next", "doc", _("Giấy hẹn và mã chính thức"), _("Hiện trên trang hồ sơ của bạn")),
        Item("next", icon, str(title), _("Theo ngày ghi trên giấy hẹn")),
    ]


def _first_after(dossier: Dossier) -> Item:
    if dossier.channel == Channel.POST:
        return Item("now", "bike", _("Bưu tá đến lấy giấy tờ"), _("Chuẩn bị đủ giấy tờ; bưu tá đếm cùng bạn"))
    if dossier.channel == Channel.DESK:
        return Item("now", "desk", _("Bạn mang giấy tờ đến quầy"), dossier.office.address)
    return Item("now", "clock", _("Cơ quan kiểm tra hồ sơ"), _until(dossier))


def stage(dossier: Dossier) -> tuple[int | None, str]:
    """How much of the road lies behind, in percent, and the stage in words; none off the road."""
    here = _here(dossier)
    if here is None:
        return None, ""
    words = _("Bước %(n)s trên %(total)s: %(name)s", n=here + 1, total=len(ROAD), name=str(ROAD[here][3]))
    return round(100 * here / len(ROAD)), words


def _past(dossier: Dossier, events: Iterable[Event | PostalEvent]) -> Iterable[Item]:
    """Postal events that follow each other are the legs of one stop."""
    told = supplement_words.told(dossier)
    for is_law, run in groupby(events, key=lambda event: isinstance(event, Event)):
        if is_law:
            yield from (_law(dossier, event, told) for event in run if isinstance(event, Event))
        else:
            yield _post([event for event in run if isinstance(event, PostalEvent)])


def _law(dossier: Dossier, event: Event, told: Told) -> Item:
    icon, title = TITLES[event.move]
    who = "" if event.role == Role.CITIZEN else event.who
    when = ", ".join(part for part in (formats.moment(event.at), who) if part)
    return Item("done", icon, _title(dossier, event, str(title)), when, _note(event, told))


def _title(dossier: Dossier, event: Event, usual: str) -> str:
    waiting = {
        Channel.POST: _("Đã khai trên mạng, bưu tá lấy giấy tờ"),
        Channel.DESK: _("Đã khai trên mạng, bạn mang giấy tờ đến quầy"),
    }
    if event.move == Move.SUBMIT:
        return waiting.get(dossier.channel, usual)
    lack = event.details.get("lack")
    return f"{usual}: {say(Lack(str(lack)).label)}" if lack else usual


def _note(event: Event, told: Told) -> str:
    said, details = [], event.details
    if event.move == Move.ACCEPT:
        said.append(_("Mã hồ sơ %(code)s.", code=details["code"]))
    if "new_due" in details:
        new_due = datetime.fromisoformat(str(details["new_due"]))
        said.append(_("Hạn tính lại: %(moment)s.", moment=formats.moment(new_due)))
    if event.move == Move.FINISH:
        said.append(_("Số %(number)s.", number=details["number"]))
    if event.move == Move.HAND_OVER and details.get("receiver"):
        said.append(_("Người nhận: %(name)s.", name=details["receiver"]))
    said.append(event.reason if event.move in TOLD_REASONS else "")
    return " ".join([*said, *told.get((event.move, event.at), [])]).strip()


def _post(run: list[PostalEvent]) -> Item:
    last, before = run[-1], run[:-1]
    envelopes = dict.fromkeys(event.envelope_code for event in run if event.envelope_code)
    told = [say(last.detail, **last.params)] if last.detail else []
    told += [_("Phong bì %(codes)s.", codes=", ".join(envelopes))] if envelopes else []
    title = say(last.text, **last.params).rstrip(".")
    legs = [[line for event in before for line in _leg(event)]] if before else []
    return Item("done", "bike", title, formats.moment(last.at), " ".join(told), legs)


def _leg(event: PostalEvent) -> Iterable[str]:
    yield f"{formats.clock(event.at)} {formats.day(event.at)}: {say(event.text, **event.params)}"
    if event.detail:
        yield say(event.detail, **event.params)


def _here(dossier: Dossier) -> int | None:
    found = (n for n, row in enumerate(ROAD) if row[:2] == (dossier.status, dossier.step))
    return next(found, None)


def _present(dossier: Dossier) -> Iterable[Item]:
    if dossier.status == Status.AWAITING_SUPPLEMENT:
        yield Item("now", "note", _("Chờ bạn bổ sung"), _("Đồng hồ dừng cho đến khi bạn bổ sung"))
    elif dossier.status == Status.AWAITING_PAYMENT:
        yield Item(
            "now", "coin", _("Chờ bạn nộp tiền"), _("Nộp tại quầy %(office)s", office=dossier.office.name)
        )
    elif dossier.status == Status.STOPPED:
        title = _("Hồ sơ đã kết thúc") if dossier.closed_at else _("Cơ quan dừng giải quyết")
        yield Item("now", "x", title, _("Đồng hồ dừng"))
    here = _here(dossier)
    if here is not None:
        _status, _step, icon, title = ROAD[here]
        yield Item("now", icon, str(title), _until(dossier))


def _until(dossier: Dossier) -> str:
    if any(blocker.kind in ARRIVALS for blocker in dossier.blockers):
        return _("Chờ giấy tờ đến quầy; thời hạn tính từ lúc đó")
    if dossier.status == Status.SUBMITTED and dossier.check_due_at:
        return _("Chậm nhất %(moment)s", moment=formats.moment(dossier.check_due_at))
    if dossier.status == Status.FINISHED:
        return say(dossier.delivery.label)
    return _("Ở %(office)s", office=dossier.office.name)


def _future(dossier: Dossier) -> Iterable[Item]:
    """The stages after the present one; nothing after an end."""
    if dossier.status in FINAL or dossier.status == Status.STOPPED:
        return
    here = _here(dossier)
    if here is None:
        here = 2 if dossier.resume_to == Status.IN_PROGRESS else 0
        here -= 1
    for _status, _step, icon, title in ROAD[here + 1 : -1]:
        yield Item("next", icon, str(title), _when_next(dossier))
    if dossier.status != Status.FINISHED:
        icon, title = LAST_STAGE[dossier.delivery]
        yield Item("next", icon, str(title), _when_next(dossier))


def _when_next(dossier: Dossier) -> str:
    return _("Trước hạn trả") if dossier.due_at else _("Sau khi tiếp nhận")
