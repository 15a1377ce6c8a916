"""Signed-in browsers: how long they last, who ends them, under what they act."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import sessions
from portal.accounts.models import Account, AccountSession, Role
from portal.ground.errors import NotAllowed
from tests import make

AT = datetime(2020, 9, 15, 2, tzinfo=UTC)
TODAY = date(2020, 9, 15)
LIFE = sessions.Lifetime(idle=timedelta(minutes=60), whole=timedelta(hours=12))


def opened(town: Session, name: str = "chuyenvien.phuloi") -> tuple[Account, str]:
    account = make.account(town, name)
    held = account.appointments[0] if account.appointments else None
    token = sessions.open_session(town, account, at=AT, appointment=held)
    town.flush()
    return account, token


def found(town: Session, token: str, at: datetime = AT) -> AccountSession | None:
    return sessions.find(town, token, at=at, today=TODAY, lifetime=LIFE)


def test_a_session_is_found_by_its_token_and_by_nothing_else(town: Session) -> None:
    account, token = opened(town)
    row = found(town, token)
    assert row is not None
    assert row.account_id == account.id
    assert found(town, token + "x") is None
    assert found(town, row.token_hash) is None
    assert len(token) >= 43, "256 bits"


def test_a_session_unused_too_long_or_simply_too_old_is_over(town: Session) -> None:
    _, token = opened(town)
    assert found(town, token, AT + timedelta(minutes=60)) is not None
    assert found(town, token, AT + timedelta(minutes=61)) is None
    row = found(town, token)
    assert row is not None
    sessions.touch(town, row.id, AT + timedelta(hours=11, minutes=50))
    town.expire_all()
    assert found(town, token, AT + timedelta(hours=12)) is not None
    assert found(town, token, AT + timedelta(hours=12, minutes=1)) is None


def test_a_closed_account_has_no_session_any_more(town: Session) -> None:
    account, token = opened(town)
    account.closed_at = AT
    town.flush()
    assert found(town, token) is None


def test_ending_all_spares_the_one_that_asks(town: Session) -> None:
    account, here = opened(town)
    _, there = opened(town)
    row = found(town, here)
    assert row is not None
    sessions.end_all(town, account.id, at=AT, but=row.id)
    town.expire_all()
    assert found(town, here) is not None
    assert found(town, there) is None
    sessions.end_all(town, account.id, at=AT)
    town.expire_all()
    assert found(town, here) is None


def test_nobody_ends_a_session_of_somebody_else(town: Session) -> None:
    _, token = opened(town)
    row = found(town, token)
    assert row is not None
    sessions.end_one_of(town, row.account_id + 1, row.id, at=AT)
    town.expire_all()
    assert found(town, token) is not None
    sessions.end_one_of(town, row.account_id, row.id, at=AT)
    town.expire_all()
    assert found(town, token) is None


def test_a_person_with_two_roles_switches_between_them_and_oneself(town: Session) -> None:
    account, token = opened(town)
    row = found(town, token)
    assert row is not None
    specialist, receptionist = sorted(account.appointments, key=lambda held: held.id)
    assert sessions.actor_of(row).role == specialist.role
    assert sessions.switch(town, row.id, receptionist.id, today=TODAY) == Role.RECEPTIONIST
    assert sessions.switch(town, row.id, None, today=TODAY) == Role.CITIZEN
    town.flush()
    town.expire_all()
    again = found(town, token)
    assert again is not None
    assert not sessions.actor_of(again).is_staff


def test_nobody_switches_to_a_role_of_somebody_else_or_before_its_day(town: Session) -> None:
    account, token = opened(town)
    row = found(town, token)
    assert row is not None
    other = make.official(town, Role.LEADER)
    with pytest.raises(NotAllowed):
        sessions.switch(town, row.id, other.appointment_id, today=TODAY)
    newer = max(account.appointments, key=lambda held: held.from_on)
    with pytest.raises(NotAllowed):
        sessions.switch(town, row.id, newer.id, today=newer.from_on - timedelta(days=1))


def test_the_list_of_open_sessions_holds_only_those_still_good(town: Session) -> None:
    account, _ = opened(town)
    old = sessions.open_session(town, account, at=AT - timedelta(hours=13))
    town.flush()
    assert old
    listed = sessions.living(town, account.id, at=AT, lifetime=LIFE)
    assert len(listed) == 1
    assert len(town.scalars(select(AccountSession)).all()) == 2
