"""Verbs inside appraisal: assign, take over, ask another office, link, and the draft a citizen confirms."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.authority import OPERATOR
from portal.accounts.calendars import calendar_of
from portal.accounts.models import Actor, Appointment, Office, OfficeKind
from portal.dossiers import alarms
from portal.dossiers.actions.filing import Application, open_linked
from portal.dossiers.actions.recording import record
from portal.dossiers.models import Consultation, Dossier
from portal.dossiers.states import Move
from portal.dossiers.workflow import appraising, check, is_about
from portal.ground.errors import Refused, WrongState
from portal.ground.words import N_
from portal.ground.working_time import ZONE, Term, Unit, due


class AlreadyLinked(WrongState):
    """A dossier for the same procedure is under way at the same office: pressed twice, or forgotten."""

    message = N_("Đã có hồ sơ liên thông %(code)s cho thủ tục này ở cơ quan này, còn đang giải quyết.")


@dataclass(frozen=True)
class Question:
    """What is asked of which office, and for how many working days it may think."""

    office: Office
    words: str
    days: int


def assign(
    session: Session, dossier: Dossier, account_id: int | None, *, by: Actor, at: datetime, note: str = ""
) -> None:
    """Give the dossier to one of those who appraise at its office, or to nobody in particular (None).

    Raises Refused for anybody else.
    """
    rule = check(dossier, Move.ASSIGN, by, at)
    if account_id is not None and account_id not in appraisers(session, dossier, at):
        raise Refused(N_("Người này hiện không thẩm tra ở cơ quan giải quyết."))
    said = {"from": dossier.assignee_id, "to": account_id}
    record(session, dossier, rule, by=by, at=at, reason=note, details=said)
    dossier.assignee_id = account_id


def release(session: Session, dossier: Dossier, *, by: Actor, at: datetime, reason: str) -> None:
    """Take the dossier out of one person's hands: anybody of the role that appraises goes on with it."""
    assign(session, dossier, None, by=by, at=at, note=reason)


def take_over(session: Session, dossier: Dossier, *, by: Actor, at: datetime) -> None:
    """Take the dossier on oneself, whoever had it."""
    rule = check(dossier, Move.TAKE_OVER, by, at)
    said = {"from": dossier.assignee_id, "to": by.account_id}
    record(session, dossier, rule, by=by, at=at, details=said)
    dossier.assignee_id = by.account_id


def appraisers(session: Session, dossier: Dossier, at: datetime) -> dict[int, str]:
    """Who appraises at the dossier's office on the day of *at*, its own people apart: names by account."""
    today = at.astimezone(ZONE).date()
    here = (Appointment.office_id == dossier.office_id, Appointment.from_on <= today)
    there = select(Appointment).where(*here, Appointment.role.in_(appraising(dossier)))
    return {
        held.account_id: held.account.full_name
        for held in session.scalars(there)
        if held.holds_on(today) and held.account.closed_at is None
        if not is_about(dossier, held.account_id, held.account.identity_index)
    }


def consult(
    session: Session, dossier: Dossier, question: Question, *, by: Actor, at: datetime
) -> Consultation:
    """Ask another office for its opinion, with a term of its own (NĐ 61 art. 18)."""
    rule = check(dossier, Move.CONSULT, by, at)
    office, words = question.office, question.words.strip()
    if office.id == dossier.office_id or office.kind == OfficeKind.POST:
        raise Refused(N_("Hãy chọn một cơ quan khác để lấy ý kiến."))
    if not words or not 0 < question.days <= 60:
        raise Refused(N_("Hãy ghi điều cần hỏi và hạn trả lời, từ 1 đến 60 ngày làm việc."))
    if any(one.office_id == office.id and one.is_open for one in dossier.consultations):
        raise Refused(N_("Cơ quan này đang được hỏi rồi."))
    calendar = calendar_of(session, office.id, at.astimezone(ZONE).date())
    until = due(at, Term(Decimal(question.days), Unit.WORKING_DAY), calendar).at
    said = {"office": office.code, "until": until.isoformat()}
    record(session, dossier, rule, by=by, at=at, reason=words, details=said)
    asked = Consultation(office=office, question=words, asked_at=at, asked_by_id=by.account_id, due_at=until)
    asked.answer = ""
    dossier.consultations.append(asked)
    return asked


def opine(session: Session, dossier: Dossier, words: str, *, by: Actor, at: datetime) -> None:
    """Answer the open question to one's own office."""
    rule = check(dossier, Move.OPINE, by, at)
    if not words.strip():
        raise Refused(N_("Hãy ghi ý kiến."))
    open_ones = (one for one in dossier.consultations if one.is_open)
    asked = next(one for one in open_ones if one.office_id == by.office_id)
    record(session, dossier, rule, by=by, at=at, reason=words, details={"office": asked.office.code})
    asked.answer, asked.answered_at, asked.answered_by_id = words.strip(), at, by.account_id


def link(session: Session, dossier: Dossier, child: Application, *, by: Actor, at: datetime) -> Dossier:
    """Open a dossier at another office that this one waits for (liên thông); it has a clock of its own.

    The other office's desk checks and accepts it like any other; its owner is this one's owner.
    Raises AlreadyLinked while one for the same procedure is under way there.
    """
    rule = check(dossier, Move.LINK, by, at)
    if child.office.id == dossier.office_id:
        raise Refused(N_("Hồ sơ liên thông là hồ sơ ở cơ quan khác."))
    for other in dossier.open_children:
        if _serves_the_same(other, child):
            raise AlreadyLinked(code=other.shown_code)
    opened = open_linked(session, child, dossier, by=by, at=at)
    said = {"child": opened.id, "office": child.office.code}
    record(session, dossier, rule, by=by, at=at, details=said)
    return opened


def _serves_the_same(other: Dossier, child: Application) -> bool:
    same_procedure = other.procedure_version.procedure_id == child.version.procedure_id
    return same_procedure and other.office_id == child.office.id


def send_draft(session: Session, dossier: Dossier, *, by: Actor, at: datetime) -> None:
    """Let the citizen look at the draft of the result; a day of silence confirms it (R37)."""
    rule = check(dossier, Move.SEND_DRAFT, by, at)
    if not dossier.results:
        raise Refused(N_("Hãy đính kèm bản nháp trước khi gửi."))
    record(session, dossier, rule, by=by, at=at)
    dossier.draft_sent_at, dossier.draft_confirmed_at = at, None


def confirm_draft(session: Session, dossier: Dossier, *, by: Actor, at: datetime) -> None:
    """Confirm the draft: its citizen at any time, the portal after a day of silence."""
    rule = check(dossier, Move.CONFIRM_DRAFT, by, at)
    if by == OPERATOR and at < silence_until(session, dossier):
        raise Refused(N_("Người dân còn thời gian xem bản nháp."))
    record(session, dossier, rule, by=by, at=at, details={"silence": by == OPERATOR})
    dossier.draft_confirmed_at = at


def object_draft(session: Session, dossier: Dossier, *, by: Actor, at: datetime, reason: str) -> None:
    """Say what is wrong in the draft; the specialist makes another one."""
    rule = check(dossier, Move.OBJECT_DRAFT, by, at, reason)
    record(session, dossier, rule, by=by, at=at, reason=reason)
    for paper in dossier.results:
        paper.superseded_at = at
    dossier.draft_sent_at = None


def silence_until(session: Session, dossier: Dossier) -> datetime:
    """When silence confirms the draft that was sent."""
    sent = dossier.draft_sent_at
    if sent is None:
        raise ValueError("no draft was sent")
    return alarms.silence_until(sent, calendar_of(session, dossier.office_id, sent.astimezone(ZONE).date()))
