"""Verbs of a leader about the clock and the end: extend, stop, go on, give up, close, end with, recall."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.accounts.models import Actor, Office
from portal.dossiers import deadlines
from portal.dossiers.actions import clock
from portal.dossiers.actions.recording import record
from portal.dossiers.models import Dossier
from portal.dossiers.states import Lack, Move, PauseGround
from portal.dossiers.workflow import check
from portal.ground.errors import Refused
from portal.ground.pauses import appointed
from portal.ground.words import N_


def extend(
    session: Session,
    dossier: Dossier,
    new_on: date,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    at_fault: Office | None = None,
) -> None:
    """Apologise and appoint a new day, once, before the due moment (form 04; R19, R20).

    at_fault: whose part took too long, where several offices work on it (R21); the deciding office if None.
    """
    rule = check(dossier, Move.EXTEND, by, at, reason)
    fault = at_fault or dossier.office
    if fault not in taking_part(dossier):
        raise Refused(N_("Cơ quan để chậm phải là cơ quan cùng giải quyết hồ sơ này."))
    old_due, calendar = deadlines.promise_of(dossier), clock.calendar_at(session, dossier, at)
    try:
        new_due = appointed(old_due, at, new_on, calendar)
    except ValueError:
        raise Refused(N_("Ngày hẹn lại phải là ngày làm việc, sau ngày hẹn cũ.")) from None
    change = clock.Change(new_due, old_due.at)
    said = change.said | {"at_fault": fault.code, "at_fault_name": fault.name}
    record(session, dossier, rule, by=by, at=at, reason=reason, details=said)
    clock.promise(dossier, new_due)
    dossier.extended_at = at


def taking_part(dossier: Dossier) -> list[Office]:
    """The offices that work on *dossier*: the one that decides, those asked, those of linked dossiers."""
    others = [*(one.office for one in dossier.consultations), *(one.office for one in dossier.children)]
    return list(dict.fromkeys([dossier.office, *others]))


def stop(session: Session, dossier: Dossier, *, by: Actor, at: datetime, reason: str) -> None:
    """Stop working on the dossier: status 8, the clock stands (form 05 in the law set of 2025)."""
    _stop(session, dossier, Move.STOP, by=by, at=at, reason=reason)


def give_up(session: Session, dossier: Dossier, *, by: Actor, at: datetime, reason: str) -> None:
    """Stop waiting for an answer or a payment whose period is over, its owner having been warned twice."""
    said = {"lack": Lack.PAYMENT if dossier.open_charge else Lack.SUPPLEMENT}
    _stop(session, dossier, Move.GIVE_UP, by=by, at=at, reason=reason, said=said)


def resume(session: Session, dossier: Dossier, *, by: Actor, at: datetime, note: str = "") -> None:
    """Go on with a stopped dossier, in appraisal; what was left of the term is left."""
    rule = check(dossier, Move.RESUME, by, at)
    change = clock.resumption(session, dossier, at)
    record(session, dossier, rule, by=by, at=at, reason=note, details=change.said if change else {})
    clock.go_on(dossier, change, at)
    clock.begin_step(session, dossier, at)


def close(session: Session, dossier: Dossier, *, by: Actor, at: datetime, reason: str) -> None:
    """End a stopped dossier for good."""
    rule = check(dossier, Move.CLOSE, by, at, reason)
    record(session, dossier, rule, by=by, at=at, reason=reason)
    dossier.closed_at = at
    clock.end_questions(dossier, at)


def end_linked(session: Session, dossier: Dossier, *, by: Actor, at: datetime, reason: str) -> None:
    """End an accepted linked dossier for good because the dossier it serves has ended; from wherever it is.

    One that was not accepted yet is refused by its desk. Its citizen may still want it: nobody has to end it.
    """
    rule = check(dossier, Move.END_LINKED, by, at, reason)
    said = {"parent": dossier.parent.shown_code} if dossier.parent else {}
    record(session, dossier, rule, by=by, at=at, reason=reason, details=said)
    clock.end_waiting(dossier, at)
    clock.end_questions(dossier, at)
    clock.stand(dossier, PauseGround.STOP, by=by, at=at)
    dossier.closed_at, dossier.step_due_at = at, None


def recall(session: Session, dossier: Dossier, *, by: Actor, at: datetime, reason: str) -> None:
    """Take an issued result back before it was returned; what was late already stays late."""
    rule = check(dossier, Move.RECALL, by, at, reason)
    record(session, dossier, rule, by=by, at=at, reason=reason)
    for paper in dossier.results:
        paper.superseded_at = at
    dossier.finished_at = None
    dossier.draft_sent_at = dossier.draft_confirmed_at = None
    clock.begin_step(session, dossier, at)


def _stop(
    session: Session,
    dossier: Dossier,
    move: Move,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    said: Mapping[str, str] | None = None,
) -> None:
    rule = check(dossier, move, by, at, reason)
    record(session, dossier, rule, by=by, at=at, reason=reason, details=said)
    clock.end_waiting(dossier, at)
    clock.stand(dossier, PauseGround.STOP, by=by, at=at)
    dossier.step_due_at = None
