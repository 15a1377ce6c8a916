"""The job that moves promises behind a change of the calendar: by a worker, killed, by two at once."""

import threading
import time
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import worker
from portal.accounts.models import Account, Role
from portal.accounts.special_days import Wanted
from portal.dossiers import actions, postponing
from portal.dossiers.models import Dossier
from portal.dossiers.postponing import Choice
from portal.dossiers.states import Move, Status
from portal.ground import ledger
from portal.ground.working_time import DayKind
from portal.messages.models import Message, Sending
from tests import make
from tests.conftest import START, Clock
from tests.test_jobs import all_done, until, writing

MANY = 5
"""Dossiers whose promise is to be moved."""


class Killed(BaseException):
    """Nothing that anybody catches, as little as SIGKILL."""


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postponing, "AT_ONCE", 2)


@pytest.fixture
def promised(store: Session) -> list[int]:
    """Dossiers that are due on Friday, of somebody with an address."""
    citizen = make.citizen(store)
    store.get_one(Account, citizen.account_id).email = "mai@vidu.vn"
    made = [make.dossier(store, Status.ACCEPTED, at=START).id for _ in range(MANY)]
    store.commit()
    return made


def decide(app: Flask, day: date = date(2020, 9, 17)) -> int:
    """Declare a day off and move what would be later, as the page does."""
    with writing(app) as session:
        wanted = Wanted(day, DayKind.HOLIDAY, "Nghỉ bão", "Công điện 1", "Bão vào bờ")
        by, at = make.somebody(session, Role.ADMIN), START + timedelta(minutes=10)
        made = postponing.change_day(session, wanted, Choice(True, "Công điện 1"), by=by, at=at)
        return made.id


def moved(app: Flask) -> list[str]:
    """The days the dossiers are due on, and that each was moved at most once."""
    with app.extensions["database"].reading() as session:
        moves = sa.select(ledger.LedgerEntry.aggregate).where(ledger.LedgerEntry.move == Move.POSTPONE)
        found = session.scalars(moves).all()
        assert len(found) == len(set(found))
        assert list(ledger.verify(session)) == []
        return [f"{due:%d.%m}" for due in session.scalars(sa.select(Dossier.due_at).order_by(Dossier.id))]


def run(app: Flask, decision_id: int) -> None:
    with app.app_context():
        worker.postpone(app, decision_id)


@pytest.mark.both_databases
def test_a_worker_moves_them_and_tells_everybody_once(app: Flask, clock: Clock, promised: list[int]) -> None:
    clock.forward(hours=1)
    with worker.working(app, "w1"):
        decision = decide(app)
        until(lambda: moved(app) == ["21.09"] * MANY)
        all_done(app)
    run(app, decision)
    with app.extensions["database"].reading() as session:
        told = sa.select(Message).where(Message.topic == Move.POSTPONE)
        messages = session.scalars(told).all()
        assert sorted(one.dossier_id for one in messages) == promised
        sent = sa.select(sa.func.count()).select_from(Sending).join(Message)
        assert session.scalar(sent.where(Message.topic == Move.POSTPONE)) == MANY


@pytest.mark.both_databases
@pytest.mark.parametrize("survives", range(3))
def test_a_job_killed_in_the_middle_goes_on_with_those_that_wait(
    app: Flask, clock: Clock, promised: list[int], survives: int
) -> None:
    clock.forward(hours=1)
    decision, left = decide(app), [survives]

    def kill(_session: Session) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    sessions = app.extensions["database"].writing
    sa.event.listen(sessions, "before_commit", kill)
    with pytest.raises(Killed):
        run(app, decision)
    sa.event.remove(sessions, "before_commit", kill)
    assert moved(app).count("21.09") == 2 * survives
    run(app, decision)
    assert moved(app) == ["21.09"] * MANY


@pytest.mark.both_databases
def test_two_workers_at_once_move_each_promise_once(app: Flask, clock: Clock, promised: list[int]) -> None:
    clock.forward(hours=1)
    decision = decide(app)
    both = [threading.Thread(target=run, args=(app, decision)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert moved(app) == ["21.09"] * MANY


@pytest.mark.both_databases
def test_an_official_who_moves_at_the_same_moment_hinders_nothing(
    app: Flask, clock: Clock, promised: list[int]
) -> None:
    clock.forward(hours=1)
    decision = decide(app)
    job = threading.Thread(target=run, args=(app, decision))
    with writing(app) as session:
        dossier, at = session.get_one(Dossier, promised[0]), START + timedelta(minutes=20)
        actions.withdraw(session, dossier, by=make.citizen(session), at=at)
        session.flush()
        job.start()
        time.sleep(0.5)
    job.join()
    assert moved(app) == ["18.09"] + ["21.09"] * (MANY - 1)


@pytest.mark.both_databases
def test_what_was_decided_survives_a_portal_without_workers(
    app: Flask, clock: Clock, promised: list[int]
) -> None:
    """The calendar has changed, the promises wait; the first worker that comes goes on."""
    clock.forward(hours=1)
    decide(app)
    assert moved(app) == ["18.09"] * MANY
    with worker.working(app, "w1"):
        until(lambda: moved(app) == ["21.09"] * MANY)
