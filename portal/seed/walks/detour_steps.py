"""The steps beside the straight road: money, stops, new appointments, opinions, links, drafts to confirm."""

from datetime import datetime, timedelta

from portal.accounts.models import OfficeKind, Role
from portal.dossiers import actions, linking, papers, sweeping
from portal.dossiers.actions import Question
from portal.dossiers.alarms import FIRST_REMINDER, SECOND_REMINDER
from portal.dossiers.models import Dossier
from portal.ground.working_time import add_working_days, day_of
from portal.seed.walks.cast import Desk
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


def consult(stage: Stage, walk: Walk, at: datetime, how: str) -> None:
    """Ask the office called *how*, or another one: a department where there is one."""
    others = [desk for desk in stage.cast.desks if desk.office.id != walk.desk.office.id]
    named = [desk for desk in others if desk.office.name == how]
    departments = [desk for desk in others if desk.office.kind == OfficeKind.DEPARTMENT]
    walk.asked = stage.chance.choice(named or departments or others)
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


def confirm_draft(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Say that the draft is right."""
    actions.confirm_draft(stage.session, walk.dossier, by=walk.citizen, at=at)


def object_draft(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Say what is wrong in the draft."""
    reason = stage.names.line("object_draft")
    actions.object_draft(stage.session, walk.dossier, by=walk.citizen, at=at, reason=reason)


def prepay(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Ask at reception for money before anything else."""
    amount, document = stage.chance.choice(AMOUNTS_DONG), stage.names.line("charge")
    by = walk.front.receptionist
    actions.prepay(stage.session, walk.dossier, amount, document, by=by, at=at)


def hand_to(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Give it to the specialist of the office."""
    by, to = walk.by(Role.LEADER), walk.by(Role.SPECIALIST)
    actions.assign(stage.session, walk.dossier, to.account_id, by=by, at=at)


def take_over(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Take it upon oneself."""
    actions.take_over(stage.session, walk.dossier, by=walk.by(Role.SPECIALIST), at=at)


def link(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Open a dossier that this one waits for, of any procedure, at another desk."""
    dossier, here = walk.dossier, walk.desk.office.id
    fitting = [dish for dish in stage.dishes if dish.fits(walk.story)]
    there = [(dish, desk) for dish in fitting for desk in stage.cast.deciding(dish) if desk.office.id != here]
    dish, desk = stage.chance.choice(there)
    child = linking.application(stage.session, dossier, dish.version, desk.office, day_of(at))
    opened = actions.link(stage.session, dossier, child, by=walk.by(Role.SPECIALIST), at=at)
    walk.linked = (opened, desk)


def accept_linked(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Take the linked dossier in at its own desk."""
    child, there = _linked(walk)
    actions.accept(stage.session, child, by=there.receptionist, at=at)


def end_linked(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """End the linked dossier, since the one it served has ended."""
    child, there = _linked(walk)
    by, reason = there.people[Role.LEADER], stage.names.line("end_linked")
    actions.end_linked(stage.session, child, by=by, at=at, reason=reason)


def _linked(walk: Walk) -> tuple[Dossier, Desk]:
    if walk.linked is None:
        raise ValueError("nothing was linked")
    return walk.linked


def close(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """End what was stopped for good."""
    reason = stage.names.line("close")
    actions.close(stage.session, walk.dossier, by=walk.by(Role.LEADER), at=at, reason=reason)


def give_up(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Stop waiting, its citizen having been reminded by the sweeps of the third and of the seventh day."""
    owed = walk.dossier.open_charge
    for span in (FIRST_REMINDER, SECOND_REMINDER):
        sweep_at = (owed.asked_at if owed else at) + span + timedelta(minutes=5)
        sweeping.settle(stage.session, [walk.dossier.id], sweep_at, stage.limits.silent_hours)
    stage.session.refresh(walk.dossier)
    reason = stage.names.line("give_up")
    actions.give_up(stage.session, walk.dossier, by=walk.by(Role.LEADER), at=at, reason=reason)


def recall(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Take an issued result back."""
    reason = stage.names.line("recall")
    actions.recall(stage.session, walk.dossier, by=walk.by(Role.LEADER), at=at, reason=reason)
