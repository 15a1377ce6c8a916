"""The steps beside the straight road: money, stops, new appointments, opinions, drafts to confirm."""

from datetime import datetime

from portal.accounts.models import OfficeKind, Role
from portal.dossiers import actions, papers
from portal.dossiers.actions import Question
from portal.ground.working_time import add_working_days, day_of
from portal.seed.walks.stage import Stage, Walk

AMOUNTS_DONG = (30_000, 60_000, 115_000)
"""What is asked for in appraisal."""

MORE_DAYS, OPINION_DAYS = 4, 3
"""Working days that an apology adds, and that another office may think."""


def charge(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Tell of money to pay before it goes on."""
    by, amount, document = (
        walk.by(Role.SPECIALIST),
        stage.chance.choice(AMOUNTS_DONG),
        stage.names.line("charge"),
    )
    actions.charge(stage.session, walk.dossier, amount, document, by=by, at=at)


def pay(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Show the receipt at the counter."""
    receipt = f"{next(stage.numbers):07d}/2020"
    actions.pay(stage.session, walk.dossier, receipt, by=walk.front.receptionist, at=at)


def stop(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Stop working on it, with the reason."""
    reason = stage.names.line("stop")
    actions.stop(stage.session, walk.dossier, by=walk.by(Role.LEADER), at=at, reason=reason)


def resume(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Go on with it."""
    actions.resume(stage.session, walk.dossier, by=walk.by(Role.LEADER), at=at)


def extend(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Apologise and appoint a later day."""
    promised = walk.dossier.due_at or at
    new_on = add_working_days(day_of(promised), MORE_DAYS, stage.calendar)
    by, reason = walk.by(Role.LEADER), stage.names.line("extend")
    actions.extend(stage.session, walk.dossier, new_on, by=by, at=at, reason=reason)


def consult(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Ask another office, a department where there is one."""
    others = [desk for desk in stage.cast.desks if desk.office.id != walk.desk.office.id]
    departments = [desk for desk in others if desk.office.kind == OfficeKind.DEPARTMENT]
    walk.asked = stage.chance.choice(departments or others)
    question = Question(walk.asked.office, stage.names.line("question"), OPINION_DAYS)
    actions.consult(stage.session, walk.dossier, question, by=walk.by(Role.SPECIALIST), at=at)


def opine(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Let the office that was asked answer."""
    if walk.asked is None:
        raise ValueError("nobody was asked")
    by, words = walk.asked.people[Role.SPECIALIST], stage.names.line("opined")
    actions.opine(stage.session, walk.dossier, words, by=by, at=at)


def send_draft(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Draft the result and send it to its citizen."""
    by, most = walk.by(Role.SPECIALIST), stage.limits.dossier_max_files
    papers.attach_result(stage.session, walk.dossier, stage.sheets.result, by=by, at=at, most=most)
    actions.send_draft(stage.session, walk.dossier, by=by, at=at)
