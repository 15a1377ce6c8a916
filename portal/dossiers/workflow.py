"""The life of a dossier as one table: legal moves, who makes them, what must hold. Pure; writes nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.accounts.models import DESK_ROLES, Actor, Role
from portal.dossiers.models import Dossier
from portal.dossiers.states import BlockerKind, Move, Status, Step
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.words import N_

S, R = Status, Role

ARRIVALS = (BlockerKind.PAPERS_ON_THE_WAY, BlockerKind.PAPERS_TO_BRING)
"""Blockers that the arrival of the papers at the desk clears."""


@dataclass(frozen=True)
class Attempt:
    """A move somebody would make on a dossier at a moment."""

    dossier: Dossier
    by: Actor
    at: datetime


Guard = Callable[[Attempt], str | None]
"""Returns the message id of what stands in the way, or None."""


@dataclass(frozen=True)
class Rule:
    """One row of the table. *to* None: back to where it came from, or no change; *steps* empty: any step."""

    move: Move
    sources: tuple[Status, ...]
    to: Status | None
    by: frozenset[Role]
    guards: tuple[Guard, ...] = ()
    steps: tuple[Step, ...] = ()
    next_step: Step | None = None
    needs_reason: bool = False


def _unblocked(attempt: Attempt) -> str | None:
    return next((blocker.kind.label for blocker in attempt.dossier.blockers), None)


def _papers_awaited(attempt: Attempt) -> str | None:
    """Papers that travel come in by the hand-over of their envelope, never by word."""
    waits = {blocker.kind for blocker in attempt.dossier.blockers}
    if BlockerKind.PAPERS_ON_THE_WAY in waits:
        return BlockerKind.PAPERS_ON_THE_WAY.label
    return None if BlockerKind.PAPERS_TO_BRING in waits else N_("Giấy tờ đã ở tại quầy.")


def _first_time(attempt: Attempt) -> str | None:
    """R11: a second request in appraisal needs a leader and a legal ground."""
    asked = [request for request in attempt.dossier.supplements if request.asked_at > _accepted(attempt)]
    return N_("Đã yêu cầu bổ sung một lần trong khi thẩm tra; lần nữa cần lãnh đạo duyệt.") if asked else None


def _accepted(attempt: Attempt) -> datetime:
    return attempt.dossier.accepted_at or attempt.at


def _has_result(attempt: Attempt) -> str | None:
    return None if attempt.dossier.results else N_("Chưa có bản kết quả.")


def _four_eyes(attempt: Attempt) -> str | None:
    """Neither who proposed nor who drafted the result signs it."""
    drafted = {paper.account_id for paper in attempt.dossier.results} | {attempt.dossier.proposed_by_id}
    return N_("Người trình không được tự ký.") if attempt.by.account_id in drafted else None


def _waited_enough(attempt: Attempt) -> str | None:
    """The answer period is set with the later clock; until then nobody refuses a dossier that waits."""
    return (
        N_("Người nộp còn trong thời gian bổ sung.")
        if attempt.dossier.status == S.AWAITING_SUPPLEMENT
        else None
    )


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


RULES: tuple[Rule, ...] = (
    Rule(Move.SUBMIT, (), S.SUBMITTED, _roles(R.CITIZEN)),
    Rule(Move.ANNOUNCE, (), S.SUBMITTED, _roles(R.CITIZEN, R.POST_CLERK)),
    Rule(Move.INTAKE, (), S.SUBMITTED, _roles(R.RECEPTIONIST)),
    Rule(Move.ACCEPT, (S.SUBMITTED,), S.ACCEPTED, _roles(R.RECEPTIONIST), (_unblocked,)),
    Rule(Move.RECEIVE_PAPERS, (S.SUBMITTED,), None, _roles(R.RECEPTIONIST), (_papers_awaited,)),
    Rule(Move.ASK_SUPPLEMENT, (S.SUBMITTED,), S.AWAITING_SUPPLEMENT, _roles(R.RECEPTIONIST)),
    Rule(
        Move.ASK_SUPPLEMENT, (S.IN_PROGRESS,), S.AWAITING_SUPPLEMENT, _roles(R.SPECIALIST), (_first_time,),
        steps=(Step.APPRAISAL,),
    ),
    Rule(Move.ANSWER, (S.AWAITING_SUPPLEMENT,), None, _roles(R.CITIZEN, R.RECEPTIONIST)),
    Rule(
        Move.REFUSE, (S.SUBMITTED, S.AWAITING_SUPPLEMENT), S.NOT_ACCEPTED, _roles(R.RECEPTIONIST),
        (_waited_enough,), needs_reason=True,
    ),
    Rule(Move.FORWARD, (S.ACCEPTED,), S.IN_PROGRESS, _roles(R.RECEPTIONIST), next_step=Step.APPRAISAL),
    Rule(
        Move.PROPOSE, (S.IN_PROGRESS,), S.IN_PROGRESS, _roles(R.SPECIALIST),
        steps=(Step.APPRAISAL,), next_step=Step.SIGNING,
    ),
    Rule(
        Move.SIGN, (S.IN_PROGRESS,), S.IN_PROGRESS, _roles(R.LEADER), (_has_result, _four_eyes),
        steps=(Step.SIGNING,), next_step=Step.ISSUING,
    ),
    Rule(
        Move.SEND_BACK, (S.IN_PROGRESS,), S.IN_PROGRESS, _roles(R.LEADER),
        steps=(Step.SIGNING,), next_step=Step.APPRAISAL, needs_reason=True,
    ),
    Rule(
        Move.FINISH, (S.IN_PROGRESS,), S.FINISHED, _roles(R.RECORDS_CLERK), (_has_result,),
        steps=(Step.ISSUING,),
    ),
    Rule(Move.HAND_OVER, (S.FINISHED,), S.RETURNED, _roles(R.RECEPTIONIST, R.CARRIER, R.CITIZEN)),
    Rule(
        Move.WITHDRAW, (S.SUBMITTED, S.ACCEPTED, S.IN_PROGRESS, S.AWAITING_SUPPLEMENT), S.WITHDRAWN,
        _roles(R.CITIZEN),
    ),
)  # fmt: skip
"""The life of a dossier, row by row (NĐ 61/2018); moves of payment, stop and extension are not in it yet."""


def rule_of(move: Move, status: Status | None) -> Rule | None:
    """The row for *move* from *status* (None: a dossier that is not there yet)."""
    for rule in RULES:
        if rule.move == move and (status in rule.sources if status else not rule.sources):
            return rule
    return None


@dataclass(frozen=True)
class Offer:
    """A move on the page of a dossier: open, or shut with the sentence that says why."""

    move: Move
    shut_because: str | None = None


def moves_open_to(by: Actor, dossier: Dossier, at: datetime) -> list[Offer]:
    """Moves *by* would make on *dossier* now, in table order, shut ones with their reason."""
    attempt = Attempt(dossier, by, at)
    rows = [rule for rule in RULES if dossier.status in rule.sources and _is_for(rule, attempt)]
    return [Offer(rule.move, _in_the_way(rule, attempt)) for rule in rows]


def check(dossier: Dossier, move: Move, by: Actor, at: datetime, reason: str = "") -> Rule:
    """Return the row under which *by* may make *move* now.

    Raises WrongState when the table has no such row, NotAllowed when it is not theirs to make,
    Refused when a guard stands in the way or the reason is missing. Nothing is changed.
    """
    rule = rule_of(move, dossier.status)
    if rule is None or (rule.steps and dossier.step not in rule.steps):
        raise WrongState
    attempt = Attempt(dossier, by, at)
    if not _is_theirs(rule, attempt):
        raise NotAllowed
    obstacle = _in_the_way(rule, attempt)
    if obstacle:
        raise Refused(obstacle)
    if rule.needs_reason and not reason.strip():
        raise Refused(N_("Hãy ghi lý do; người dân sẽ đọc lý do này."))
    return rule


def is_own(by: Actor, dossier: Dossier) -> bool:
    """Whether the person is owner or submitter: then they never act on it as an official."""
    same_number = by.identity_index is not None and by.identity_index == dossier.owner_identity_index
    return same_number or by.account_id in (dossier.submitter_id, dossier.owner_id)


def _is_for(rule: Rule, attempt: Attempt) -> bool:
    return _is_theirs(rule, attempt) and (not rule.steps or attempt.dossier.step in rule.steps)


def _is_theirs(rule: Rule, attempt: Attempt) -> bool:
    """Citizens move their own dossiers; officials those of their office, never their own."""
    by, dossier = attempt.by, attempt.dossier
    if by.role not in rule.by:
        return False
    if by.role == R.CITIZEN:
        return by.account_id in (dossier.submitter_id, dossier.owner_id)
    return not is_own(by, dossier) and (by.role not in DESK_ROLES or by.office_id in _offices(by, dossier))


def _offices(by: Actor, dossier: Dossier) -> tuple[int, ...]:
    """Where the role works on it: any desk that received it, but only the competent office decides."""
    return (dossier.office_id, dossier.received_by_id) if by.role == R.RECEPTIONIST else (dossier.office_id,)


def _in_the_way(rule: Rule, attempt: Attempt) -> str | None:
    return next((sentence for guard in rule.guards if (sentence := guard(attempt))), None)


def state_text(status: Status, step: Step | None) -> str:
    """How the ledger writes a state: the status, and the step inside it if any."""
    return f"{status}/{step}" if step else str(status)


def state_after(
    rule: Rule, status: Status, resume_to: Status | None, step: Step | None
) -> tuple[Status, Step | None]:
    """Where *rule* leads from a state: *to* None leads back to *resume_to* on an answer, else nowhere."""
    if rule.to is None:
        back = resume_to if rule.move == Move.ANSWER and resume_to else status
        return back, Step.APPRAISAL if back == S.IN_PROGRESS else None
    if rule.to != S.IN_PROGRESS:
        return rule.to, None
    return rule.to, rule.next_step or step


def replay(moves: Iterable[Move]) -> tuple[Status, Step | None]:
    """Walk *moves* through the table from nothing to where they lead; raises WrongState where they cannot."""
    status: Status | None = None
    step: Step | None = None
    resume_to: Status | None = None
    for move in moves:
        rule = rule_of(move, status)
        if rule is None or (rule.steps and step not in rule.steps):
            raise WrongState
        before = status
        status, step = state_after(rule, status or S.SUBMITTED, resume_to, step)
        resume_to = (resume_to or before) if status == S.AWAITING_SUPPLEMENT else None
    if status is None:
        raise WrongState
    return status, step
