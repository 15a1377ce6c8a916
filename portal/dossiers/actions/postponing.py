"""The verb of the portal when the calendar has changed: a promise becomes a later one."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.dossiers import deadlines
from portal.dossiers.actions import clock
from portal.dossiers.actions.recording import record
from portal.dossiers.models import Dossier
from portal.dossiers.states import Move
from portal.dossiers.workflow import check
from portal.ground.errors import Refused
from portal.ground.trace import Due
from portal.ground.words import N_
from portal.ground.working_time import Calendar


def postpone(
    session: Session,
    dossier: Dossier,
    new_due: Due,
    calendar: Calendar,
    *,
    by: Actor,
    at: datetime,
    ground: str,
) -> None:
    """Let *new_due* take the place of the promise, before it has passed; the one new appointment stays open.

    The norm of the present step is counted by the same *calendar*. Raises Refused unless it is later (R18).
    """
    rule = check(dossier, Move.POSTPONE, by, at, ground)
    old_due = deadlines.promise_of(dossier)
    if new_due.at <= old_due.at:
        raise Refused(N_("Đổi lịch không làm hẹn sớm hơn ngày đã hứa."))
    change = clock.Change(new_due, old_due.at)
    record(session, dossier, rule, by=by, at=at, reason=ground, details=change.said)
    clock.promise(dossier, new_due)
    clock.move_step(session, dossier, calendar)
