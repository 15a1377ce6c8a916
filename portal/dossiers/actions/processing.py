"""Verbs after forwarding: propose, sign, send back, finish; and the ends: hand over, withdraw."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.models import Actor, Role
from portal.dossiers.actions import clock
from portal.dossiers.actions.recording import record
from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery, Evidence, Move
from portal.dossiers.workflow import check
from portal.ground.errors import NotAllowed, Refused
from portal.ground.words import N_

BY_ROLE = {
    Role.RECEPTIONIST: Evidence.SIGNATURE,
    Role.CARRIER: Evidence.DELIVERY,
    Role.CITIZEN: Evidence.DOWNLOAD,
}
"""The only evidence each role can bring that a result arrived (R24)."""


def propose(session: Session, dossier: Dossier, *, by: Actor, at: datetime, opinion: str) -> None:
    """Submit the appraisal and the drafted result for signing; the draft is already among the papers."""
    rule = check(dossier, Move.PROPOSE, by, at)
    if not dossier.results:
        raise Refused(N_("Hãy đính kèm dự thảo kết quả trước khi trình ký."))
    record(session, dossier, rule, by=by, at=at, reason=opinion)
    dossier.proposed_by_id = by.account_id
    clock.begin_step(session, dossier, at)


def send_back(session: Session, dossier: Dossier, *, by: Actor, at: datetime, reason: str) -> None:
    """Return the draft to the specialist with what is to be done again; it never becomes the result."""
    rule = check(dossier, Move.SEND_BACK, by, at, reason)
    record(session, dossier, rule, by=by, at=at, reason=reason)
    for paper in dossier.results:
        paper.superseded_at = at
    dossier.draft_sent_at = dossier.draft_confirmed_at = None
    clock.begin_step(session, dossier, at)


def sign(session: Session, dossier: Dossier, *, by: Actor, at: datetime, note: str = "") -> None:
    """Sign the proposed result; never by the one who proposed it."""
    rule = check(dossier, Move.SIGN, by, at)
    record(session, dossier, rule, by=by, at=at, reason=note)
    clock.begin_step(session, dossier, at)


def finish(session: Session, dossier: Dossier, *, by: Actor, at: datetime, number: str) -> None:
    """Number and issue the signed result: status 9, the term ends."""
    rule = check(dossier, Move.FINISH, by, at)
    if not number.strip():
        raise Refused(N_("Hãy ghi số của kết quả trong sổ."))
    record(session, dossier, rule, by=by, at=at, details={"number": number.strip()})
    dossier.finished_at = at
    clock.end_questions(dossier, at)
    clock.begin_step(session, dossier, at)


def hand_over(
    session: Session, dossier: Dossier, said: Mapping[str, str], *, by: Actor, at: datetime
) -> None:
    """Give the result to its owner: status 10, with the evidence of the giver's role (R23, R24).

    said: what was observed, such as receiver and code; never empty but for a download.
    """
    rule = check(dossier, Move.HAND_OVER, by, at)
    evidence = BY_ROLE[by.role]
    if evidence == Evidence.DOWNLOAD and dossier.delivery != Delivery.ONLINE:
        raise NotAllowed
    if evidence != Evidence.DOWNLOAD and not said.get("receiver", "").strip():
        raise Refused(N_("Hãy ghi tên người nhận kết quả."))
    record(session, dossier, rule, by=by, at=at, details={"evidence": evidence, **said})
    dossier.returned_at, dossier.evidence, dossier.step_due_at = at, evidence, None


def withdraw(session: Session, dossier: Dossier, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Take the dossier back, possible until a result is issued (R22)."""
    rule = check(dossier, Move.WITHDRAW, by, at)
    record(session, dossier, rule, by=by, at=at, reason=reason)
    clock.end_waiting(dossier, at)
    clock.end_questions(dossier, at)
    if dossier.open_pause:
        dossier.open_pause.ended_at = at
    dossier.check_due_at = dossier.step_due_at = None
