"""The parts of a dossier's page as plain rows: papers, clock, steps, people, history. Words, no markup."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.accounts.calendars import calendar_of
from portal.accounts.models import Account, Office
from portal.catalogue.models import Channel
from portal.dossiers import deadlines
from portal.dossiers.holding import holder_of
from portal.dossiers.models import ChecklistItem, Consultation, Dossier, Paper
from portal.dossiers.queries import Event
from portal.dossiers.states import Lack, PaperKind, Status, Step
from portal.ground.working_time import ZONE, Calendar, Due, due, open_time_between
from portal.postal.queries import custody_strip
from portal.sites.ward.views import in_list
from portal.web import formats, supplement_words
from portal.web.i18n import _, _l, say
from portal.web.supplement_words import Told
from portal.web.wording import TraceRow, trace_rows

STAGES = (
    (Status.SUBMITTED, None, _l("Kiểm tra")),
    (Status.ACCEPTED, None, _l("Chuyển xử lý")),
    (Status.IN_PROGRESS, Step.APPRAISAL, _l("Thẩm tra")),
    (Status.IN_PROGRESS, Step.SIGNING, _l("Trình ký")),
    (Status.IN_PROGRESS, Step.ISSUING, _l("Vào số")),
    (Status.FINISHED, None, _l("Trả kết quả")),
)
"""The road of a dossier through the office; where it waits or has ended it is on no stage."""


STANDING = {
    Status.AWAITING_SUPPLEMENT: _l("đồng hồ dừng, chờ người dân bổ sung"),
    Status.AWAITING_PAYMENT: _l("đồng hồ dừng, chờ nộp tiền"),
    Status.STOPPED: _l("đồng hồ dừng, hồ sơ dừng xử lý"),
    Status.WITHDRAWN: _l("người dân đã rút"),
}
"""Statuses in which nothing runs, with the words beside the moment that was promised."""


@dataclass(frozen=True)
class PaperRow:
    """One line of the checklist, or a result: what was declared, what was counted, the file to open."""

    name: str
    way: str
    declared: int | str
    counted: int | None
    url: str = ""
    is_current: bool = False
    state: str = ""
    explained: str = ""


@dataclass(frozen=True)
class Clock:
    """The promised moment with what is left of it and how it was computed."""

    word: str
    at: datetime | None
    left: str
    is_late: bool
    trace: list[TraceRow]


@dataclass(frozen=True)
class CustodyRow:
    """One holder of an envelope."""

    name: str
    when: str
    note: str = ""
    is_now: bool = False


@dataclass(frozen=True)
class HistoryRow:
    """One thing that happened; *lines* say what was asked or explained, one by one."""

    when: str
    who: str
    what: str
    lines: Sequence[str] = ()


def stage_text(dossier: Dossier) -> str:
    """Where the dossier is on its road through the office, in words; "" where it waits or has ended."""
    for number, (status, step, name) in enumerate(STAGES, start=1):
        if (dossier.status, dossier.step) == (status, step):
            return _("Bước %(n)s trên %(total)s: %(name)s", n=number, total=len(STAGES), name=str(name))
    return ""


def holder_text(session: Session, dossier: Dossier) -> str:
    """Whose turn it is, in words: the role, the person it is given to, the office; "" when it is over."""
    holder = holder_of(dossier)
    if holder is None:
        return ""
    person = session.get(Account, holder.account_id) if holder.account_id and holder.office_id else None
    office = session.get(Office, holder.office_id) if holder.office_id else None
    words = (say(holder.role.label), person and person.full_name, office and office.name)
    return _("Đang ở: %(holder)s", holder=", ".join(word for word in words if word))


def filed(dossier: Dossier) -> list[Paper]:
    """The files officials may see: papers in the order of the checklist, then results, the newest first."""
    order = {item.key: item.position for item in dossier.checklist}
    shown = (paper for paper in dossier.papers if paper.filed_at)
    return sorted(shown, key=lambda paper: (order.get(paper.item_key, 1000), -paper.id))


def chosen(dossier: Dossier, uid: str) -> Paper | None:
    """The file called for; else the result once it is to be signed or issued, or the first paper."""
    papers = filed(dossier)
    found = next((paper for paper in papers if paper.uid == uid), None)
    to_decide = dossier.step in (Step.SIGNING, Step.ISSUING) or dossier.finished_at is not None
    results = dossier.results if to_decide else []
    return found or next(iter([*results, *papers]), None)


def title_of(dossier: Dossier, paper: Paper) -> str:
    """What a file is: the line of the checklist it belongs to, or the office's result."""
    if paper.superseded_at:
        return _("Dự thảo đã trả lại")
    if paper.kind == PaperKind.RESULT:
        return _("Kết quả giải quyết") if dossier.finished_at else _("Dự thảo kết quả")
    names = {item.key: item.name for item in dossier.checklist}
    return names.get(paper.item_key, paper.name)


def paper_rows(dossier: Dossier, current: Paper | None) -> list[PaperRow]:
    """The frozen checklist with its files, then what the office drafted or issued."""
    papers = filed(dossier)
    words = supplement_words.explained(dossier)
    rows = [
        replace(
            _line(item, [p for p in papers if p.item_key == item.key], current),
            explained=words.get(item.key, ""),
        )
        for item in dossier.checklist
    ]
    results = [paper for paper in papers if paper.kind == PaperKind.RESULT]
    return rows + [_result(dossier, paper, current) for paper in results]


def _line(item: ChecklistItem, files: list[Paper], current: Paper | None) -> PaperRow:
    here = current is not None and current in files
    declared = item.sheets or ("" if item.to_show or item.found_at else 1)
    url = _paper_url(files[0]) if files else ""
    found = _("đã tra thấy, không phải nộp") if item.found_at else ""
    return PaperRow(item.name, _way(item, files), declared, item.counted, url, here, found)


def _way(item: ChecklistItem, files: list[Paper]) -> str:
    if item.to_show:
        return _("xuất trình, không nộp")
    if item.is_form:
        return _("tờ khai")
    kinds = [(item.originals, _("bản chính")), (item.copies, _("bản sao"))]
    kinds.append((item.certified_copies, _("bản sao chứng thực")))
    words = [f"{count} {kind}" for count, kind in kinds if count]
    return ", ".join([*words, _("%(count)s tệp", count=len(files))] if files else words)


def _result(dossier: Dossier, paper: Paper, current: Paper | None) -> PaperRow:
    name = title_of(dossier, paper)
    return PaperRow(name, paper.name, "", None, _paper_url(paper), paper is current)


def _paper_url(paper: Paper) -> str:
    return url_for(".dossier", dossier_id=paper.dossier_id, giay=paper.uid, xem=in_list()) + "#giay"


def custody_rows(session: Session, dossier: Dossier) -> list[CustodyRow]:
    """Who has held the dossier's envelopes, from left to right; or that there is none."""
    held = custody_strip(session, dossier.id)
    if not held:
        return [CustodyRow(_("Chưa có phong bì"), formats.label(dossier.channel), is_now=True)]
    return [
        CustodyRow(
            one.name or dossier.owner_name,
            f"{one.since.astimezone(ZONE):%d/%m %H:%M}",
            _("niêm phong %(seal)s", seal=one.seal),
            one.is_now,
        )
        for one in held
    ]


def promised_if_accepted(session: Session, dossier: Dossier, at: datetime) -> datetime | None:
    """The due moment that acceptance at *at* would give; None when it would give none."""
    if dossier.status != Status.SUBMITTED:
        return None
    calendar = calendar_of(session, dossier.office_id, at.astimezone(ZONE).date())
    try:
        return deadlines.promise(dossier, calendar, at).at
    except deadlines.NoTerm:
        return None


def clock_of(session: Session, dossier: Dossier, at: datetime) -> Clock:
    """The due moment, or before acceptance the end of the check, with what is left of it."""
    calendar = calendar_of(session, dossier.office_id, at.astimezone(ZONE).date())
    promised = _promised(dossier, calendar)
    word = _("Hẹn trả") if dossier.due_at else _("Kiểm tra trước")
    if promised is None:
        return Clock(_("Hẹn trả"), None, _waits(dossier), False, [])
    trace = trace_rows(promised.trace)
    if dossier.status in STANDING:
        return Clock(word, promised.at, _waits(dossier), False, trace)
    ended = dossier.finished_at
    left = formats.working_time(*open_time_between(ended or at, promised.at, calendar))
    is_late = (ended or at) > promised.at
    was_late = is_late or (ended is not None and dossier.is_late(at))
    return Clock(word, promised.at, _left(left, was_late, ended), was_late, trace)


def answer_clock(session: Session, asked: Consultation, at: datetime) -> Clock:
    """Until when an office answers what it was asked, by its own hours."""
    calendar = calendar_of(session, asked.office_id, at.astimezone(ZONE).date())
    time = formats.working_time(*open_time_between(at, asked.due_at, calendar))
    is_late = asked.due_at < at
    return Clock(_("Trả lời trước"), asked.due_at, _left(time, is_late, None), is_late, [])


def _waits(dossier: Dossier) -> str:
    """Why no clock runs."""
    words = STANDING.get(dossier.status)
    if words:
        return str(words)
    return _("chờ giấy tờ đến quầy") if dossier.status == Status.SUBMITTED else ""


def _promised(dossier: Dossier, calendar: Calendar) -> Due | None:
    if dossier.due_at:
        return Due.from_json({"due": dossier.due_at.isoformat(), "trace": dossier.due_trace})
    if dossier.check_due_at and dossier.received_at:
        online = dossier.channel == Channel.ONLINE
        return due(dossier.received_at, deadlines.CHECK_ONLINE if online else deadlines.CHECK_PAPER, calendar)
    return None


def _left(time: str, is_late: bool, ended: datetime | None) -> str:
    if ended:
        return _("xong trễ hạn") if is_late else _("đã xong đúng hạn")
    if is_late:
        return _("quá hạn %(time)s", time=time)
    return _("còn %(time)s", time=time)


def history_rows(events: Sequence[Event], told: Told = MappingProxyType({})) -> list[HistoryRow]:
    """What happened, newest first; *told* is what was asked and explained at some of the moves."""
    return [_event(event, told) for event in reversed(events)]


def _event(event: Event, told: Told) -> HistoryRow:
    when = f"{event.at.astimezone(ZONE):%d/%m %H:%M}"
    said = [say(event.move.label), *_details(event.details), event.reason]
    what = ". ".join(words.rstrip(".") for words in said if words)
    return HistoryRow(when, event.who, what, told.get((event.move, event.at), []))


def _details(details: dict[str, Any]) -> list[str]:
    """What of a move's details is worth a word in the history."""
    words = []
    if details.get("code") == "matched":  # What a carrier writes at the door (postal.actions.deliver).
        words.append(_("đọc đúng mã nhận"))
    elif "code" in details:
        words.append(_("mã %(code)s", code=details["code"]))
    for name in details.keys() & {"due_at", "new_due"}:
        promised = datetime.fromisoformat(details[name])
        words.append(_("hẹn trả %(moment)s", moment=formats.moment(promised)))
    if "lack" in details:
        words.append(say(Lack(details["lack"]).label))
    if "at_fault_name" in details:
        words.append(_("phần việc chậm ở %(office)s", office=details["at_fault_name"]))
    if "number" in details:
        words.append(_("số %(number)s", number=details["number"]))
    if "receiver" in details:
        words.append(_("người nhận: %(name)s", name=details["receiver"]))
    return words
