"""Verbs of the one-stop desk: papers in, accept, ask, answer, refuse, forward."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.authority import OPERATOR
from portal.accounts.calendars import calendar_of
from portal.accounts.models import Actor
from portal.catalogue.workflows import StepKind
from portal.dossiers import deadlines
from portal.dossiers.actions import clock
from portal.dossiers.actions.recording import record
from portal.dossiers.actions.waiting import wait_days
from portal.dossiers.models import Blocker, ChecklistItem, Dossier, SupplementItem, SupplementRequest
from portal.dossiers.states import BlockerKind, Fault, Move, PauseGround
from portal.dossiers.workflow import ARRIVALS, check
from portal.ground.codes import dossier_code
from portal.ground.errors import Refused
from portal.ground.words import N_
from portal.ground.working_time import ZONE, Calendar

FOUND = N_("%(paper)s: đã tra thấy trong cơ sở dữ liệu quốc gia, không được yêu cầu người dân nộp.")


@dataclass(frozen=True)
class Asked:
    """One thing asked for: a line of the frozen checklist or a question of the form, and why in words."""

    fault: Fault
    note: str
    item_key: str = ""
    question: str = ""


@dataclass(frozen=True)
class Answered:
    """What the citizen says to a request: keys given a file or a new answer, and words where declined."""

    given: frozenset[str] = frozenset()
    declined: dict[str, str] = field(default_factory=dict)


def expect_by_hand(dossier: Dossier) -> None:
    """Let the desk count the papers in: no envelope with them is under way. The post calls it."""
    for blocker in dossier.blockers:
        if blocker.kind == BlockerKind.PAPERS_ON_THE_WAY:
            blocker.kind = BlockerKind.PAPERS_TO_BRING


def note_result_out(dossier: Dossier, at: datetime, *, is_out: bool) -> None:
    """Keep that the sealed result is with the post, or back at the desk. The post calls it."""
    others = [blocker for blocker in dossier.blockers if blocker.kind != BlockerKind.RESULT_OUT]
    if not is_out:
        dossier.blockers = others
    elif len(others) == len(dossier.blockers):
        dossier.blockers.append(Blocker(kind=BlockerKind.RESULT_OUT, raised_at=at))


def receive_papers(
    session: Session,
    dossier: Dossier,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    counted: Mapping[str, int] | None = None,
) -> None:
    """Confirm that the papers of *dossier* lie at the desk: from now the term and the check clock can run.

    counted: sheets found of each line of the checklist, by its key.
    """
    rule = check(dossier, Move.RECEIVE_PAPERS, by, at)
    calendar = _calendar(session, dossier, at)
    said = {"counted": dict(counted)} if counted else {}
    record(session, dossier, rule, by=by, at=at, reason=note, details=said)
    for item in dossier.checklist:
        item.counted = (counted or {}).get(item.key, item.counted)
    dossier.blockers = [blocker for blocker in dossier.blockers if blocker.kind not in ARRIVALS]
    clock.complete(dossier, calendar, at)


def accept(session: Session, dossier: Dossier, *, by: Actor, at: datetime, note: str = "") -> None:
    """Take *dossier* in: official code, due date with its trace, status 2 (R7, R13).

    Raises WrongState, NotAllowed, Refused (a blocker), NoTerm; then nothing changed.
    """
    rule = check(dossier, Move.ACCEPT, by, at)
    promised = deadlines.promise(dossier, _calendar(session, dossier, at), at)
    code = dossier_code(session, dossier.office.code, at.astimezone(ZONE).date())
    said = {"code": code, "due_at": promised.at.isoformat()}
    record(session, dossier, rule, by=by, at=at, reason=note, details=said)
    dossier.code, dossier.accepted_at = code, at
    dossier.received_at = dossier.received_at or at
    dossier.due_at, dossier.due_trace = promised.at, promised.to_json()["trace"]
    dossier.check_due_at = None
    clock.begin_step(session, dossier, at)
    if dossier.workflow and not dossier.workflow.step(StepKind.TRANSFER):
        forward(session, dossier, by=OPERATOR, at=at)


def ask_supplement(
    session: Session, dossier: Dossier, asked: Sequence[Asked], *, by: Actor, at: datetime, note: str = ""
) -> SupplementRequest:
    """Ask for everything that is missing at once, each with its reason, only from the checklist (R10, R12).

    Raises Refused when nothing is asked, a reason is empty, a paper is outside the list or a register has
    answered for it (R35).
    """
    rule = check(dossier, Move.ASK_SUPPLEMENT, by, at, note)
    items = {item.key: item for item in dossier.checklist}
    lines = [_line(items, dossier, wanted) for wanted in asked]
    if not lines:
        raise Refused(N_("Hãy chọn ít nhất một giấy tờ hoặc một mục cần bổ sung."))
    until = deadlines.wait_until(at, wait_days(dossier), _calendar(session, dossier, at))
    keys = [wanted.item_key or wanted.question for wanted in asked]
    said = {"asked": keys, "answer_until": until.isoformat()}
    record(session, dossier, rule, by=by, at=at, reason=note, details=said)
    request = SupplementRequest(
        asked_at=at,
        asked_by_id=by.account_id,
        note=note.strip(),
        items=lines,
        answer_until=until,
        reminders=0,
    )
    dossier.supplements.append(request)
    dossier.draft_sent_at = dossier.draft_confirmed_at = None  # Of what may be different afterwards.
    clock.stand(dossier, PauseGround.SUPPLEMENT, by=by, at=at)
    dossier.check_due_at = dossier.step_due_at = None
    return request


def answer(session: Session, dossier: Dossier, answered: Answered, *, by: Actor, at: datetime) -> None:
    """Answer the open request: every asked line given or declined with a word; back to where it came from.

    From status 1 the check clock starts anew; from 4 the term restarts or resumes (7.3, R18).
    """
    rule = check(dossier, Move.ANSWER, by, at)
    request = dossier.open_supplement
    if request is None:
        raise Refused(N_("Không có yêu cầu bổ sung nào đang chờ."))
    words = {item.id: _word(item, answered) for item in request.items}
    calendar = _calendar(session, dossier, at)
    change = _after_supplement(dossier, calendar, at)
    said = {"declined": answered.declined, "given": sorted(answered.given)} | (change.said if change else {})
    record(session, dossier, rule, by=by, at=at, details=said)
    request.answered_at = at
    for item in request.items:
        item.declined = words[item.id]
    if change:
        clock.go_on(dossier, change, at)
    else:
        clock.complete(dossier, calendar, at)
    clock.begin_step(session, dossier, at)


def _after_supplement(dossier: Dossier, calendar: Calendar, at: datetime) -> clock.Change | None:
    """The promise after a completing answer; None where nothing was promised before."""
    before, promised = dossier.due_at, deadlines.answered(dossier, calendar, at)
    return clock.Change(promised, before) if promised and before else None


def refuse(session: Session, dossier: Dossier, *, by: Actor, at: datetime, reason: str) -> None:
    """Refuse to take *dossier* in, with the reason the citizen reads (form 03)."""
    rule = check(dossier, Move.REFUSE, by, at, reason)
    record(session, dossier, rule, by=by, at=at, reason=reason)
    clock.end_waiting(dossier, at)
    dossier.check_due_at = dossier.step_due_at = None


def forward(session: Session, dossier: Dossier, *, by: Actor, at: datetime, note: str = "") -> None:
    """Pass an accepted dossier on to the specialists of its office."""
    rule = check(dossier, Move.FORWARD, by, at)
    record(session, dossier, rule, by=by, at=at, reason=note)
    clock.begin_step(session, dossier, at)


def _calendar(session: Session, dossier: Dossier, at: datetime) -> Calendar:
    return calendar_of(session, dossier.office_id, at.astimezone(ZONE).date())


def _line(items: dict[str, ChecklistItem], dossier: Dossier, asked: Asked) -> SupplementItem:
    if not asked.note.strip():
        raise Refused(N_("Mỗi mục cần bổ sung phải nói rõ thiếu gì, sai chỗ nào."))
    if asked.item_key and asked.item_key in items:
        if items[asked.item_key].found_at is not None:
            raise Refused(FOUND, paper=items[asked.item_key].name)
        return SupplementItem(
            checklist_item_id=items[asked.item_key].id, fault=asked.fault, note=asked.note.strip()
        )
    if asked.question and asked.question in dossier.answers:
        return SupplementItem(question=asked.question, fault=asked.fault, note=asked.note.strip())
    raise Refused(N_("Chỉ được yêu cầu giấy tờ trong danh mục đã công bố."))


def _word(item: SupplementItem, answered: Answered) -> str:
    key = item.question or (item.checklist_item.key if item.checklist_item else "")
    word = answered.declined.get(key, "").strip()
    if key not in answered.given and not word:
        raise Refused(N_("Mỗi mục được yêu cầu cần một tệp, một câu trả lời mới, hoặc một lời giải thích."))
    return "" if key in answered.given else word
