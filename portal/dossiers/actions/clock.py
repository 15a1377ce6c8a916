"""The clock of a dossier inside its verbs: stopped, going on, and the norm of the step it is at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.accounts.calendars import calendar_of
from portal.accounts.models import Actor
from portal.catalogue.workflows import StepKind
from portal.dossiers import deadlines
from portal.dossiers.actions.recording import KIND
from portal.dossiers.guards import ARRIVALS
from portal.dossiers.models import Dossier, Pause
from portal.dossiers.states import PauseGround, Status, Step
from portal.ground import ledger
from portal.ground.working_time import ZONE, Calendar, Due

STEP_OF: dict[tuple[Status, Step | None], StepKind] = {
    (Status.SUBMITTED, None): StepKind.RECEPTION,
    (Status.ACCEPTED, None): StepKind.TRANSFER,
    (Status.IN_PROGRESS, Step.APPRAISAL): StepKind.APPRAISAL,
    (Status.IN_PROGRESS, Step.SIGNING): StepKind.SIGNING,
    (Status.IN_PROGRESS, Step.ISSUING): StepKind.ISSUING,
    (Status.FINISHED, None): StepKind.RETURN,
}
"""Which step of the workflow a dossier is at; none while it waits for somebody outside."""


@dataclass(frozen=True)
class Change:
    """A new promise, made before the ledger row and assigned after it."""

    due: Due
    old_due_at: datetime

    @property
    def said(self) -> dict[str, Any]:
        """What the ledger keeps of it (R18)."""
        return {"old_due": self.old_due_at.isoformat(), "new_due": self.due.at.isoformat()}


def calendar_at(session: Session, dossier: Dossier, at: datetime) -> Calendar:
    """The calendar of the office that decides."""
    return calendar_of(session, dossier.office_id, at.astimezone(ZONE).date())


def resumption(session: Session, dossier: Dossier, at: datetime) -> Change | None:
    """What the end of the open pause would promise; None where no clock runs."""
    if dossier.due_at is None:
        return None
    return Change(deadlines.resume(dossier, calendar_at(session, dossier, at), at), dossier.due_at)


def stand(dossier: Dossier, ground: PauseGround, *, by: Actor, at: datetime) -> None:
    """Stop the clock, where one runs."""
    if dossier.due_at is not None and dossier.open_pause is None:
        pause = Pause(ground=ground, began_at=at, began_by_id=by.account_id, old_due_at=dossier.due_at)
        dossier.pauses.append(pause)


def go_on(dossier: Dossier, change: Change | None, at: datetime) -> None:
    """End the open pause, if any, with the promise of *change*."""
    pause = dossier.open_pause
    if pause is not None:
        pause.ended_at, pause.new_due_at = at, change.due.at if change else pause.old_due_at
    if change is not None:
        promise(dossier, change.due)


def end_waiting(dossier: Dossier, at: datetime) -> None:
    """End what was waited for without its answer: the dossier itself ends or stops."""
    if dossier.open_supplement:
        dossier.open_supplement.answered_at = at
    if dossier.open_charge:
        dossier.open_charge.ended_at = at


def end_questions(dossier: Dossier, at: datetime) -> None:
    """End the questions to other offices: the dossier has its end or its result without their answers."""
    for asked in dossier.consultations:
        if asked.is_open:
            asked.ended_at = at


def promise(dossier: Dossier, due: Due) -> None:
    """Let *due* be the promise."""
    dossier.due_at, dossier.due_trace = due.at, due.to_json()["trace"]


def complete(dossier: Dossier, calendar: Calendar, at: datetime) -> None:
    """Note that nothing is missing any more: check and term begin, unless papers still travel (R6)."""
    if not any(blocker.kind in ARRIVALS for blocker in dossier.blockers):
        dossier.received_at = at
        dossier.check_due_at = deadlines.check_due(dossier.channel, at, calendar)


def move_step(session: Session, dossier: Dossier, calendar: Calendar) -> None:
    """Count the norm of the present step anew from its beginning: it ends later where days were taken off."""
    kind = STEP_OF.get((dossier.status, dossier.step))
    spec = dossier.workflow.step(kind) if dossier.workflow and kind else None
    if spec is None or dossier.step_due_at is None:
        return
    changes = (e.at for e in ledger.history(session, KIND, dossier.id) if e.from_state != e.to_state)
    began_at = max(changes)
    dossier.step_due_at = max(dossier.step_due_at, deadlines.norm_until(began_at, spec.norm_hours, calendar))


def begin_step(session: Session, dossier: Dossier, at: datetime) -> None:
    """Set until when the step the dossier is at should be done."""
    kind = STEP_OF.get((dossier.status, dossier.step))
    spec = dossier.workflow.step(kind) if dossier.workflow and kind else None
    calendar = calendar_at(session, dossier, at) if spec else None
    dossier.step_due_at = deadlines.norm_until(at, spec.norm_hours, calendar) if spec and calendar else None
