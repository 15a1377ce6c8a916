"""Dated absences: who may say so, of whom, for which days, and who stands in when."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.accounts import absence_log, absences, appointments
from portal.accounts.absences import StandIn, WrongPerson, WrongSubstitute
from portal.accounts.appointments import Tenure
from portal.accounts.models import Account, Actor, Appointment, Office, Role
from portal.ground import ledger
from portal.ground.db import Database
from portal.ground.errors import NotAllowed, Refused, WrongState
from tests import make
from tests.conftest import START

TODAY = date(2020, 9, 15)
DAY = timedelta(days=1)


def on(day: int) -> date:
    """A day of September 2020."""
    return date(2020, 9, day)


@pytest.fixture
def leader(town: Session) -> Actor:
    return make.official(town, Role.LEADER)


@pytest.fixture
def hoa(town: Session) -> Actor:
    """The specialist of Phú Hòa."""
    return make.official(town, Role.SPECIALIST)


@pytest.fixture
def hai(town: Session) -> Actor:
    """A second specialist there."""
    return make.colleague(town, Role.SPECIALIST)


def say(
    town: Session, away: Actor, there: Actor, first: date, last: date | None = None, *, by: Actor
) -> absences.Absence:
    who = StandIn(away.account_id, there.account_id, away.office_id or 0)
    found = absences.declare(town, who, Tenure(first, last), "Tập huấn", by=by, at=START)
    town.flush()
    return found


def covers(town: Session, who: Actor, day: date) -> frozenset[int]:
    return absences.stands_in_for(town, who.account_id, who.office_id or 0, day)


def test_somebody_stands_in_on_the_first_and_the_last_day_and_on_no_other(town, leader, hoa, hai) -> None:
    say(town, hoa, hai, on(17), on(18), by=leader)
    assert [covers(town, hai, on(day)) == {hoa.account_id} for day in (16, 17, 18, 19)] == [0, 1, 1, 0]
    assert covers(town, hoa, on(17)) == frozenset()
    assert absences.stands_in_for(town, hai.account_id, (hai.office_id or 0) + 1, on(17)) == frozenset()


def test_without_a_last_day_it_is_one_day(town, leader, hoa, hai) -> None:
    assert say(town, hoa, hai, on(17), by=leader).to_on == on(17)


@pytest.mark.parametrize(("first", "last"), [(16, 15), (14, 20), (14, 14)])
def test_days_are_in_order_and_not_over(town, leader, hoa, hai, first: int, last: int) -> None:
    with pytest.raises(Refused):
        say(town, hoa, hai, on(first), on(last), by=leader)
    assert ledger.history(town, absences.KIND, hoa.account_id) == []


@pytest.mark.parametrize("days", [(17, 20), (16, 17), (20, 25), (18, 19), (10 + 5, 30)])
def test_nobody_is_away_twice_at_a_time(town, leader, hoa, hai, days: tuple[int, int]) -> None:
    say(town, hoa, hai, on(17), on(20), by=leader)
    with pytest.raises(WrongPerson):
        say(town, hoa, hai, on(days[0]), on(days[1]), by=leader)


@pytest.mark.parametrize("days", [(15, 16), (21, 22)])
def test_one_absence_may_follow_another(town, leader, hoa, hai, days: tuple[int, int]) -> None:
    say(town, hoa, hai, on(17), on(20), by=leader)
    say(town, hoa, hai, on(days[0]), on(days[1]), by=leader)
    assert len(absences.of_office(town, hoa.office_id or 0, TODAY)) == 2


def test_only_somebody_of_the_same_role_there_stands_in(town, leader, hoa) -> None:
    elsewhere = make.official(town, Role.SPECIALIST, "Hiệp Thành")
    for other in (make.official(town, Role.RECEPTIONIST), elsewhere, hoa, leader):
        with pytest.raises(WrongSubstitute):
            say(town, hoa, other, on(17), by=leader)


def test_a_substitute_holds_the_role_until_the_last_day(town, leader, hoa, hai) -> None:
    held, admin = town.get_one(Appointment, hai.appointment_id), make.somebody(town, Role.ADMIN)
    appointments.end(town, held, on(18), by=admin, at=START)
    say(town, hoa, hai, on(17), on(18), by=leader)
    with pytest.raises(WrongSubstitute):
        say(town, hoa, hai, on(19), by=leader)


def test_who_is_away_stands_in_for_nobody(town, leader, hoa, hai) -> None:
    third = another(town, hoa)
    say(town, hai, third, on(17), on(18), by=leader)
    with pytest.raises(WrongSubstitute):
        say(town, hoa, hai, on(18), on(21), by=leader)
    with pytest.raises(WrongPerson):
        say(town, third, hoa, on(17), by=leader)
    say(town, hoa, hai, on(19), by=leader)


def test_a_leader_is_away_only_with_another_leader(town, leader, hoa) -> None:
    with pytest.raises(WrongSubstitute):
        say(town, leader, hoa, on(17), by=leader)
    second = make.colleague(town, Role.LEADER)
    say(town, leader, second, on(17), by=leader)
    assert covers(town, second, on(17)) == {leader.account_id}


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.RECEPTIONIST, Role.RECORDS_CLERK, Role.CITIZEN])
def test_only_a_leader_says_who_is_away(town, hoa, hai, role: Role) -> None:
    by = make.citizen(town) if role == Role.CITIZEN else make.official(town, role)
    with pytest.raises(NotAllowed):
        say(town, hoa, hai, on(17), by=by)
    with pytest.raises(NotAllowed):
        say(town, hoa, hai, on(17), by=make.official(town, Role.LEADER, "Hiệp Thành"))


def test_an_administrator_says_it_for_any_office(town, hoa, hai) -> None:
    say(town, hoa, hai, on(17), by=make.somebody(town, Role.ADMIN))
    assert covers(town, hai, on(17)) == {hoa.account_id}


def test_who_comes_back_early_is_not_covered_any_more(town, leader, hoa, hai) -> None:
    away = say(town, hoa, hai, on(15), on(25), by=leader)
    absences.come_back(town, away, by=leader, at=START + 3 * DAY)
    town.flush()
    assert [bool(covers(town, hai, on(day))) for day in (15, 17, 18)] == [True, True, False]
    with pytest.raises(WrongState):
        absences.come_back(town, away, by=leader, at=START + 3 * DAY)
    say(town, hoa, hai, on(19), by=leader)


def test_an_absence_that_has_not_begun_is_called_off_and_stays_on_record(town, leader, hoa, hai) -> None:
    away = say(town, hoa, hai, on(15), on(25), by=leader)
    with pytest.raises(NotAllowed):
        absences.come_back(town, away, by=hoa, at=START)
    absences.come_back(town, away, by=leader, at=START)
    town.flush()
    assert absences.of_office(town, hoa.office_id or 0, TODAY) == []
    told = absence_log.told(town, town.get_one(Office, hoa.office_id))
    assert [one.deed for one in told] == [absence_log.Deed.CALL_OFF, absence_log.Deed.DECLARE]
    assert (told[1].person, told[1].substitute, told[1].by) == (hoa.name, hai.name, leader.name)
    assert (told[1].from_on, told[1].to_on, told[1].reason) == (on(15), on(25), "Tập huấn")
    assert not list(ledger.verify(town))


def test_each_office_reads_its_own_absences_only(town, leader, hoa, hai) -> None:
    say(town, hoa, hai, on(17), by=leader)
    assert absence_log.told(town, make.office(town, "Hiệp Thành")) == []


@pytest.mark.parametrize("last", [14, 18, 19])
def test_an_end_lies_inside_the_absence(town, leader, hoa, hai, last: int) -> None:
    away = say(town, hoa, hai, on(15), on(18), by=leader)
    with pytest.raises(WrongState):
        absences.end(town, away, on(last), by=leader, at=START)


def another(town: Session, beside: Actor) -> Actor:
    """One more specialist: a records clerk who takes that role, too."""
    clerk = make.official(town, Role.RECORDS_CLERK)
    admin, there = make.somebody(town, Role.ADMIN), town.get_one(Office, beside.office_id)
    account = town.get_one(Account, clerk.account_id)
    appointments.appoint(town, account, there, Role.SPECIALIST, Tenure(TODAY), by=admin, at=START)
    town.flush()
    return clerk


def test_two_said_at_the_same_moment_do_not_stand_in_for_each_other(planted: Database) -> None:
    with planted.writing.begin() as town:
        leader, hoa = make.official(town, Role.LEADER), make.official(town, Role.SPECIALIST)
        hai = make.colleague(town, Role.SPECIALIST)

    def other_way_round() -> None:
        with planted.writing.begin() as beside:
            say(beside, hai, hoa, on(17), by=leader)

    with ThreadPoolExecutor(1) as pool:
        with planted.writing.begin() as town:
            say(town, hoa, hai, on(17), by=leader)
            second = pool.submit(other_way_round)
            time.sleep(0.5)  # Long enough to have looked, where nothing makes it wait.
        assert isinstance(second.exception(timeout=20), WrongPerson)
