"""The life of a dossier as one table: legal moves, who makes them, what must hold. Pure; writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.accounts.authority import OPERATOR
from portal.accounts.models import DESK_ROLES, Actor, Role
from portal.catalogue.workflows import StepKind
from portal.dossiers import guards as g
from portal.dossiers.guards import ARRIVALS, Attempt, Guard
from portal.dossiers.models import Dossier
from portal.dossiers.states import Move, Status, Step
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.words import N_

__all__ = ["ARRIVALS", "RULES", "Offer", "Rule", "check", "is_about", "is_own", "moves_open_to", "replay",
           "rule_of", "state_after", "state_text"]  # fmt: skip

S, R = Status, Role
K = StepKind


@dataclass(frozen=True)
class Rule:
    """One row of the table. *to* None: back to where it came from, or no change; *steps* empty: any step.

    kind: the step of the workflow whose role makes the move; *by* where a dossier has no workflow.
    is_automatic: the portal itself makes it, too, when its time has come.
    """

    move: Move
    sources: tuple[Status, ...]
    to: Status | None
    by: frozenset[Role]
    guards: tuple[Guard, ...] = ()
    steps: tuple[Step, ...] = ()
    next_step: Step | None = None
    needs_reason: bool = False
    kind: StepKind | None = None
    is_automatic: bool = False


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_AT_WORK = (S.ACCEPTED, S.IN_PROGRESS)
_WAITING = (S.AWAITING_SUPPLEMENT, S.AWAITING_PAYMENT)
OPINED_IN = (S.IN_PROGRESS, *_WAITING)
"""Statuses in which an office that was asked can give its opinion."""

_SPECIALIST, _LEADER = _roles(R.SPECIALIST), _roles(R.LEADER)
_APPRAISING = (Step.APPRAISAL,)

RULES: tuple[Rule, ...] = (
    Rule(Move.SUBMIT, (), S.SUBMITTED, _roles(R.CITIZEN)),
    Rule(Move.ANNOUNCE, (), S.SUBMITTED, _roles(R.CITIZEN, R.POST_CLERK)),
    Rule(Move.INTAKE, (), S.SUBMITTED, _roles(R.RECEPTIONIST)),
    Rule(Move.ACCEPT, (S.SUBMITTED,), S.ACCEPTED, _roles(R.RECEPTIONIST), (g.unblocked,)),
    Rule(Move.RECEIVE_PAPERS, (S.SUBMITTED,), None, _roles(R.RECEPTIONIST), (g.papers_awaited,)),
    Rule(Move.ASK_SUPPLEMENT, (S.SUBMITTED,), S.AWAITING_SUPPLEMENT, _roles(R.RECEPTIONIST)),
    Rule(
        Move.ASK_SUPPLEMENT, (S.IN_PROGRESS,), S.AWAITING_SUPPLEMENT, _SPECIALIST,
        (g.in_their_hands, g.first_time), steps=_APPRAISING, kind=K.APPRAISAL,
    ),
    Rule(
        Move.ASK_SUPPLEMENT, (S.IN_PROGRESS,), S.AWAITING_SUPPLEMENT, _LEADER,
        steps=_APPRAISING, needs_reason=True,
    ),
    Rule(Move.ANSWER, (S.AWAITING_SUPPLEMENT,), None, _roles(R.CITIZEN, R.RECEPTIONIST)),
    Rule(Move.PREPAY, (S.SUBMITTED,), S.AWAITING_PAYMENT, _roles(R.RECEPTIONIST)),
    Rule(
        Move.CHARGE, (S.IN_PROGRESS,), S.AWAITING_PAYMENT, _SPECIALIST, (g.in_their_hands,),
        steps=_APPRAISING, kind=K.APPRAISAL,
    ),
    Rule(Move.PAY, (S.AWAITING_PAYMENT,), None, _roles(R.RECEPTIONIST), is_automatic=True),
    Rule(
        Move.REFUSE, (S.SUBMITTED, *_WAITING), S.NOT_ACCEPTED, _roles(R.RECEPTIONIST),
        (g.waited_enough,), needs_reason=True,
    ),
    Rule(
        Move.FORWARD, (S.ACCEPTED,), S.IN_PROGRESS, _roles(R.RECEPTIONIST), next_step=Step.APPRAISAL,
        is_automatic=True,
    ),
    Rule(Move.ASSIGN, _AT_WORK, None, _LEADER, is_automatic=True),
    Rule(Move.ASSIGN, (*_WAITING, S.STOPPED, S.FINISHED), None, _roles(), (g.not_closed,), is_automatic=True),
    Rule(
        Move.TAKE_OVER, (S.IN_PROGRESS,), None, _SPECIALIST, (g.not_in_their_hands,),
        steps=_APPRAISING, kind=K.APPRAISAL,
    ),
    Rule(
        Move.CONSULT, (S.IN_PROGRESS,), None, _SPECIALIST, (g.in_their_hands,),
        steps=_APPRAISING, kind=K.APPRAISAL,
    ),
    Rule(Move.OPINE, OPINED_IN, None, _roles(R.SPECIALIST, R.LEADER)),
    Rule(
        Move.LINK, (S.IN_PROGRESS,), None, _SPECIALIST, (g.in_their_hands,),
        steps=_APPRAISING, kind=K.APPRAISAL,
    ),
    Rule(
        Move.SEND_DRAFT, (S.IN_PROGRESS,), None, _SPECIALIST,
        (g.in_their_hands, g.draft_wanted), steps=_APPRAISING, kind=K.APPRAISAL,
    ),
    Rule(
        Move.CONFIRM_DRAFT, (S.IN_PROGRESS,), None, _roles(R.CITIZEN), (g.draft_waits,),
        steps=_APPRAISING, is_automatic=True,
    ),
    Rule(
        Move.OBJECT_DRAFT, (S.IN_PROGRESS,), None, _roles(R.CITIZEN), (g.draft_waits,),
        steps=_APPRAISING, needs_reason=True,
    ),
    Rule(
        Move.PROPOSE, (S.IN_PROGRESS,), S.IN_PROGRESS, _SPECIALIST,
        (g.in_their_hands, g.opinions_in, g.children_done, g.draft_confirmed),
        steps=_APPRAISING, next_step=Step.SIGNING, kind=K.APPRAISAL,
    ),
    Rule(
        Move.SIGN, (S.IN_PROGRESS,), S.IN_PROGRESS, _LEADER, (g.has_result, g.four_eyes),
        steps=(Step.SIGNING,), next_step=Step.ISSUING,
    ),
    Rule(
        Move.SEND_BACK, (S.IN_PROGRESS,), S.IN_PROGRESS, _LEADER,
        steps=(Step.SIGNING,), next_step=Step.APPRAISAL, needs_reason=True,
    ),
    Rule(
        Move.FINISH, (S.IN_PROGRESS,), S.FINISHED, _roles(R.RECORDS_CLERK), (g.has_result,),
        steps=(Step.ISSUING,), kind=K.ISSUING,
    ),
    Rule(Move.HAND_OVER, (S.FINISHED,), S.RETURNED, _roles(R.RECEPTIONIST, R.CARRIER, R.CITIZEN)),
    Rule(
        Move.RECALL, (S.FINISHED,), S.IN_PROGRESS, _LEADER, (g.result_here,),
        next_step=Step.APPRAISAL, needs_reason=True,
    ),
    Rule(Move.EXTEND, _AT_WORK, None, _LEADER, (g.before_due, g.never_extended), needs_reason=True),
    Rule(Move.POSTPONE, _AT_WORK, None, _roles(), (g.before_due,), needs_reason=True, is_automatic=True),
    Rule(Move.STOP, (S.IN_PROGRESS, *_WAITING), S.STOPPED, _LEADER, (g.was_accepted,), needs_reason=True),
    Rule(Move.RESUME, (S.STOPPED,), S.IN_PROGRESS, _LEADER, (g.not_closed,), next_step=Step.APPRAISAL),
    Rule(Move.GIVE_UP, _WAITING, S.STOPPED, _LEADER, (g.period_over,), needs_reason=True),
    Rule(Move.CLOSE, (S.STOPPED,), None, _LEADER, (g.not_closed,), needs_reason=True),
    Rule(
        Move.END_LINKED, (*_AT_WORK, *_WAITING, S.STOPPED), S.STOPPED, _LEADER,
        (g.was_accepted, g.not_closed), needs_reason=True,
    ),
    Rule(
        Move.WITHDRAW, (S.SUBMITTED, *_AT_WORK, *_WAITING, S.STOPPED), S.WITHDRAWN, _roles(R.CITIZEN),
        (g.not_closed,),
    ),
)  # fmt: skip
"""The life of a dossier, row by row (NĐ 61/2018, NĐ 118/2025; DOMAIN 2.3)."""


def rules_of(move: Move, status: Status | None) -> list[Rule]:
    """The rows for *move* from *status* (None: a dossier that is not there yet), one for each who may."""
    return [r for r in RULES if r.move == move and (status in r.sources if status else not r.sources)]


def rule_of(move: Move, status: Status | None) -> Rule | None:
    """The first row for *move* from *status*: all of them lead to the same place."""
    return next(iter(rules_of(move, status)), None)


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
    rows = [r for r in rules_of(move, dossier.status) if not r.steps or dossier.step in r.steps]
    if not rows:
        raise WrongState
    attempt = Attempt(dossier, by, at)
    rule = next((row for row in rows if _is_theirs(row, attempt)), None)
    if rule is None:
        raise NotAllowed
    obstacle = _in_the_way(rule, attempt)
    if obstacle:
        raise Refused(obstacle)
    if rule.needs_reason and not reason.strip():
        raise Refused(N_("Hãy ghi lý do; người dân sẽ đọc lý do này."))
    return rule


def is_own(by: Actor, dossier: Dossier) -> bool:
    """Whether the person is owner or submitter: then they never act on it as an official."""
    return is_about(dossier, by.account_id, by.identity_index)


def is_about(dossier: Dossier, account_id: int, identity_index: str | None) -> bool:
    """Whether an account is the owner's or the submitter's, or another one of the same person."""
    submitter = dossier.submitter.identity_index if dossier.submitter else None
    same_number = identity_index is not None and identity_index in (dossier.owner_identity_index, submitter)
    return same_number or account_id in (dossier.submitter_id, dossier.owner_id)


def _is_for(rule: Rule, attempt: Attempt) -> bool:
    return _is_theirs(rule, attempt) and (not rule.steps or attempt.dossier.step in rule.steps)


def _is_theirs(rule: Rule, attempt: Attempt) -> bool:
    """Citizens move their own dossiers, officials their office's but not their own, the portal some."""
    by, dossier = attempt.by, attempt.dossier
    if by == OPERATOR:
        return rule.is_automatic
    if by.role not in roles_for(rule, dossier):
        return False
    if by.role == R.CITIZEN:
        return by.account_id in (dossier.submitter_id, dossier.owner_id)
    return not is_own(by, dossier) and (by.role not in DESK_ROLES or by.office_id in _offices(rule, attempt))


def roles_for(rule: Rule, dossier: Dossier) -> frozenset[Role]:
    """Who makes the move: the role that the dossier's own workflow gives the step, else the table's."""
    step = dossier.workflow.step(rule.kind) if dossier.workflow and rule.kind else None
    return frozenset({step.role}) if step else rule.by


def appraising(dossier: Dossier) -> frozenset[Role]:
    """Who appraises the dossier: the roles among which it is assigned."""
    return roles_for(next(rule for rule in RULES if rule.move == Move.PROPOSE), dossier)


def _offices(rule: Rule, attempt: Attempt) -> tuple[int, ...]:
    """Where it is done: an asked office gives opinions, any desk that received it receives, one decides.

    Nowhere is a linked dossier ended whose parent has not.
    """
    dossier = attempt.dossier
    if rule.move == Move.END_LINKED and not dossier.has_ended_parent:
        return ()
    if rule.move == Move.OPINE:
        return tuple(one.office_id for one in dossier.consultations if one.is_open)
    at_the_desk = rule.kind is None and attempt.by.role == R.RECEPTIONIST
    return (dossier.office_id, dossier.received_by_id) if at_the_desk else (dossier.office_id,)


def _in_the_way(rule: Rule, attempt: Attempt) -> str | None:
    return next((sentence for guard in rule.guards if (sentence := guard(attempt))), None)


def state_text(status: Status, step: Step | None) -> str:
    """How the ledger writes a state: the status, and the step inside it if any."""
    return f"{status}/{step}" if step else str(status)


def state_after(
    rule: Rule, status: Status, resume_to: Status | None, step: Step | None
) -> tuple[Status, Step | None]:
    """Where *rule* leads from a state: *to* None leads back from a wait that ends, else nowhere."""
    if rule.to is None:
        ends_wait = rule.move in (Move.ANSWER, Move.PAY) and resume_to is not None
        back = resume_to if ends_wait and resume_to else status
        return back, Step.APPRAISAL if ends_wait and back == S.IN_PROGRESS else step
    if rule.to != S.IN_PROGRESS:
        return rule.to, None
    return rule.to, rule.next_step or step


def is_waiting(status: Status | None) -> bool:
    """Whether a dossier in *status* waits for its people and goes back afterwards."""
    return status in _WAITING


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
        resume_to = (resume_to or before) if is_waiting(status) else None
    if status is None:
        raise WrongState
    return status, step
