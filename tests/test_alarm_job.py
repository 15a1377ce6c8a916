"""The job of the alarms: killed in the middle, run by two at once, told to citizens once."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import worker
from portal.accounts.models import Account, Role
from portal.dossiers import actions, sweeping
from portal.dossiers.models import Alarm, AlarmKind, Charge, Dossier
from portal.dossiers.states import Status
from portal.messages.models import Message, Sending
from tests import make
from tests.conftest import START, Clock
from tests.waiting import until

OWING = 3
"""Dossiers that wait for money, each of somebody else."""


class Killed(BaseException):
    """Nothing that anybody catches, as little as SIGKILL."""


@pytest.fixture
def owing(store: Session, clock: Clock) -> int:
    """Dossiers whose citizens have been waited for since four days; returns how many."""
    for number in range(OWING):
        citizen = make.citizen(store, number)
        store.get_one(Account, citizen.account_id).email = f"nguoi{number}@vidu.vn"
        dossier = make.dossier(store, Status.IN_PROGRESS, at=START, by=citizen)
        specialist = make.official(store, Role.SPECIALIST)
        at = START + timedelta(hours=1)
        actions.charge(store, dossier, 50_000, "Lệ phí", by=specialist, at=at)
    store.commit()
    clock.forward(days=4)
    return OWING


def sweep(app: Flask) -> None:
    with app.app_context():
        worker.alarms(app)


def reminded_once(session: Session) -> None:
    """Every dossier: one alarm, one reminder counted, one message, one e-mail."""
    assert session.scalars(sa.select(Alarm.kind)).all() == [AlarmKind.WAITING_3] * OWING
    assert session.scalars(sa.select(Charge.reminders)).all() == [1] * OWING
    reminders = sa.select(Message.id).where(Message.source.startswith("alarm/"))
    assert len(session.scalars(reminders).all()) == OWING
    assert len(session.scalars(sa.select(Sending.id).where(Sending.message_id.in_(reminders))).all()) == OWING


@pytest.mark.both_databases
@pytest.mark.parametrize("survives", range(OWING))
def test_a_sweep_killed_in_the_middle_is_finished_by_the_next(
    app: Flask, store: Session, owing: int, monkeypatch: pytest.MonkeyPatch, survives: int
) -> None:
    monkeypatch.setattr(sweeping, "WRITTEN_AT_ONCE", 1)
    left = [survives]

    def kill(session: Session) -> None:
        left[0] -= not session.in_nested_transaction()
        if left[0] < 0:
            raise Killed

    sessions = app.extensions["database"].writing
    sa.event.listen(sessions, "before_commit", kill)
    with pytest.raises(Killed):
        sweep(app)
    sa.event.remove(sessions, "before_commit", kill)
    assert len(store.scalars(sa.select(Alarm.id)).all()) == survives
    store.rollback()  # SQLite has one writer.

    sweep(app)
    sweep(app)
    reminded_once(store)


@pytest.mark.both_databases
def test_two_workers_at_once_remind_once(app: Flask, store: Session, owing: int) -> None:
    both = threading.Barrier(2)
    failures: list[BaseException] = []

    def work() -> None:
        both.wait()
        try:
            sweep(app)
        except BaseException as failure:
            failures.append(failure)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert failures == []
    reminded_once(store)


def test_the_alarms_have_their_time() -> None:
    assert {schedule.job for schedule in worker.SCHEDULES} <= set(worker.JOBS)
    assert worker.ALARMS in {schedule.job for schedule in worker.SCHEDULES}


def test_what_is_done_takes_its_alarms_along(app: Flask, store: Session, clock: Clock, owing: int) -> None:
    """At once, and not with the next sweep: nobody is warned of what has just been done."""
    sweep(app)
    store.rollback()  # SQLite has one writer.
    with worker.working(app, "w1"):
        with app.extensions["database"].writing.begin() as session:
            dossier = session.scalars(sa.select(Dossier).order_by(Dossier.id).limit(1)).one()
            number = dossier.id
            actions.pay(session, dossier, "BL-1", by=make.official(session, Role.RECEPTIONIST), at=clock())
        until(lambda: not standing(app, number))
    assert standing(app, number + 1)


def standing(app: Flask, dossier_id: int) -> list[AlarmKind]:
    """The alarms that stand on a dossier."""
    with app.extensions["database"].reading() as session:
        mine = (Alarm.dossier_id == dossier_id, Alarm.cleared_at.is_(None))
        return list(session.scalars(sa.select(Alarm.kind).where(*mine)))
