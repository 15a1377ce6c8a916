"""Passwords set by somebody else, numbers proven at a desk, accounts closed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.accounts import closing, credentials, people, resets, sessions
from portal.accounts.appointments import Farewell
from portal.accounts.authority import OwnRights
from portal.accounts.models import Account, IdentityLevel, Role
from portal.accounts.registration import register
from portal.ground import ledger
from portal.ground.errors import NotAllowed, Refused, WrongState
from tests import make

AT = datetime(2020, 9, 15, 2, tzinfo=UTC)
UNTIL = AT + timedelta(hours=24)
NUMBER, PHONE = "074191003215", "0900000001"
"""Of Đỗ Thị Mai in the demonstration."""


def mai(town: Session) -> Account:
    return make.account(town, PHONE)


def double(town: Session) -> Account:
    """Somebody else who declared Mai's number."""
    made = register(town, "Kẻ Mạo Danh", NUMBER, "0987654321", "mật khẩu của kẻ khác", at=AT)
    town.flush()
    return made


def reset(town: Session, account: Account, number: str = NUMBER) -> str:
    by = make.official(town, Role.RECEPTIONIST)
    password = resets.reset(town, account, number, by=by, at=AT, good_until=UNTIL)
    town.flush()
    return password


def test_a_person_seen_at_the_desk_enters_with_a_one_time_password(town: Session) -> None:
    password = reset(town, mai(town))
    assert credentials.authenticate(town, PHONE, password, at=AT) is mai(town)
    assert credentials.authenticate(town, PHONE, password, at=UNTIL) is None
    assert credentials.authenticate(town, PHONE, "motcua-2020", at=AT) is None
    assert mai(town).must_change_password


def test_the_number_is_proven_from_then_on(town: Session) -> None:
    reset(town, mai(town))
    assert mai(town).identity_level == IdentityLevel.SEEN


def test_a_number_that_others_declared_is_claimed_by_its_owner(town: Session) -> None:
    other = double(town)
    reset(town, mai(town))
    assert [account.id for account in people.holders(town, NUMBER)] == [mai(town).id, other.id]
    assert other.identity_level == IdentityLevel.SELF_DECLARED


def test_a_number_proven_for_one_account_is_not_proven_for_a_second(town: Session) -> None:
    other = double(town)
    reset(town, mai(town))
    with pytest.raises(resets.ProvenElsewhere):
        reset(town, other)
    assert not other.must_change_password


def test_an_account_that_declared_another_number_is_not_handed_over(town: Session) -> None:
    with pytest.raises(resets.OtherNumber):
        reset(town, mai(town), "074191003216")
    with pytest.raises(Refused):
        reset(town, mai(town), "12")
    assert credentials.authenticate(town, PHONE, "motcua-2020", at=AT) is mai(town)


def test_every_session_ends_with_a_reset(town: Session) -> None:
    token = sessions.open_session(town, mai(town), at=AT)
    town.flush()
    reset(town, mai(town))
    life = sessions.Lifetime(timedelta(hours=1), timedelta(hours=12))
    assert sessions.find(town, token, at=AT, today=AT.date(), lifetime=life) is None


def test_a_reset_is_on_the_ledger_with_who_did_it_and_where(town: Session) -> None:
    password = reset(town, mai(town))
    entry = ledger.history(town, "account", mai(town).id)[-1]
    yen = make.official(town, Role.RECEPTIONIST)
    assert (entry.move, entry.from_state, entry.to_state) == ("reset", "self_declared", "seen")
    assert (entry.account_id, entry.appointment_id) == (yen.account_id, yen.appointment_id)
    assert password not in str(entry.details) + entry.reason


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.RECEPTIONIST, Role.CITIZEN)])
def test_only_a_receptionist_resets_for_a_citizen(town: Session, role: Role) -> None:
    with pytest.raises(NotAllowed):
        resets.reset(town, mai(town), NUMBER, by=make.somebody(town, role), at=AT, good_until=UNTIL)


def test_a_receptionist_resets_neither_staff_nor_the_own_number(town: Session) -> None:
    with pytest.raises(NotAllowed):
        reset(town, make.account(town, "quantri"))
    yen = make.official(town, Role.RECEPTIONIST)
    same = replace(yen, identity_index=mai(town).identity_index)
    with pytest.raises(OwnRights):
        resets.reset(town, mai(town), NUMBER, by=same, at=AT, good_until=UNTIL)


def test_an_administrator_resets_staff_but_not_oneself(town: Session) -> None:
    admin, staff = make.somebody(town, Role.ADMIN), make.account(town, "tiepnhan.phuhoa")
    password = resets.reset_staff(town, staff, by=admin, at=AT, good_until=UNTIL)
    town.flush()
    assert credentials.authenticate(town, "tiepnhan.phuhoa", password, at=AT) is staff
    with pytest.raises(OwnRights):
        resets.reset_staff(town, make.account(town, "quantri"), by=admin, at=AT, good_until=UNTIL)
    leader = make.official(town, Role.LEADER)
    with pytest.raises(NotAllowed):
        resets.reset_staff(town, staff, by=leader, at=AT, good_until=UNTIL)


def test_a_closed_account_stays_closed_and_keeps_its_name(town: Session) -> None:
    admin, staff = make.somebody(town, Role.ADMIN), make.account(town, "tiepnhan.phuhoa")
    closing.close(town, staff, Farewell("Nghỉ việc"), by=admin, at=AT)
    town.flush()
    assert credentials.authenticate(town, "tiepnhan.phuhoa", "motcua-2020", at=AT) is None
    assert staff.full_name == "Phan Thị Yến"
    with pytest.raises(WrongState):
        closing.close(town, staff, Farewell("Nghỉ việc"), by=admin, at=AT)
    with pytest.raises(WrongState):
        resets.reset_staff(town, staff, by=admin, at=AT, good_until=UNTIL)
    with pytest.raises(OwnRights):
        closing.close(town, make.account(town, "quantri"), Farewell(), by=admin, at=AT)
