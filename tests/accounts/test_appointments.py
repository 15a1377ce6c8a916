"""Rights of staff: who may give them, to whom, where, and from when to when."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import appointments, closing, rights, sessions
from portal.accounts.appointments import Farewell, LastAdministrator, Seat, Tenure
from portal.accounts.authority import OPERATOR, OwnRights
from portal.accounts.models import Account, Actor, Appointment, Office, OfficeKind, Role
from portal.accounts.registration import enrol, register
from portal.ground import ledger
from portal.ground.errors import NotAllowed, PortalError, Refused, WrongState
from portal.ground.open_hours import day_of

AT = datetime(2020, 9, 15, 2, tzinfo=UTC)
TODAY, YESTERDAY, TOMORROW = date(2020, 9, 15), date(2020, 9, 14), date(2020, 9, 16)


def office(session: Session, code: str = "W1", kind: OfficeKind = OfficeKind.WARD) -> Office:
    made = Office(code=code, kind=kind, name=f"UBND {code}", from_on=date(2012, 5, 2))
    session.add(made)
    session.flush()
    return made


def yen(session: Session, sign_in_name: str = "yen") -> Account:
    return enrol(session, "Phan Thị Yến", sign_in_name, "trời mưa ở Phú Hòa", by=OPERATOR, at=AT)


def given(session: Session, account: Account, at: Office, *, until: date | None = None) -> Appointment:
    tenure = Tenure(TODAY, until)
    return appointments.appoint(session, account, at, Role.RECEPTIONIST, tenure, by=OPERATOR, at=AT)


def test_a_role_holds_from_its_first_day_to_its_last(session: Session) -> None:
    account, ward = yen(session), office(session)
    held = given(session, account, ward, until=TOMORROW)
    open_on = [appointments.open_to(session, account.id, day) for day in (YESTERDAY, TODAY, TOMORROW)]
    assert open_on == [[], [held], [held]]
    assert appointments.open_to(session, account.id, date(2020, 9, 17)) == []


def test_the_most_recent_role_comes_first(session: Session) -> None:
    account, ward = yen(session), office(session)
    newer = given(session, account, ward)
    before = Tenure(date(2020, 1, 1))
    older = appointments.appoint(session, account, ward, Role.SPECIALIST, before, by=OPERATOR, at=AT)
    assert appointments.open_to(session, account.id, TODAY) == [newer, older]


def test_ending_and_moving_keep_the_past(session: Session) -> None:
    account, first, second = yen(session), office(session), office(session, "W2")
    old = appointments.appoint(
        session, account, first, Role.RECEPTIONIST, Tenure(date(2020, 1, 1)), by=OPERATOR, at=AT
    )
    new = appointments.move(session, old, Seat(second, Role.RECEPTIONIST), TODAY, by=OPERATOR, at=AT)
    assert (old.to_on, new.from_on, new.role) == (YESTERDAY, TODAY, Role.RECEPTIONIST)
    assert appointments.open_to(session, account.id, YESTERDAY) == [old]
    assert appointments.open_to(session, account.id, TODAY) == [new]


def test_every_grant_is_one_row_of_the_person_s_own_chain(session: Session) -> None:
    account, ward = yen(session), office(session)
    held = given(session, account, ward)
    appointments.end(session, held, TOMORROW, by=OPERATOR, at=AT)
    said = [(row.move, row.from_state, row.to_state) for row in ledger.history(session, "grant", account.id)]
    assert said == [("appoint", "", "receptionist W1"), ("end", "receptionist W1", "")]
    assert not list(ledger.verify(session))


def test_nobody_grants_or_ends_their_own_rights(session: Session) -> None:
    account, ward = yen(session), office(session)
    held = given(session, account, ward)
    myself = Actor(account.id, account.full_name, Role.ADMIN, held.id, ward.id)
    with pytest.raises(OwnRights):
        appointments.appoint(session, account, ward, Role.LEADER, Tenure(TODAY), by=myself, at=AT)
    with pytest.raises(OwnRights):
        appointments.end(session, held, TODAY, by=myself, at=AT)


def test_nor_through_a_second_account_of_the_same_person(session: Session) -> None:
    account, ward = yen(session), office(session)
    account.identity_index = "the same person"
    second = Actor(999, "Yến", Role.ADMIN, 1, ward.id, identity_index="the same person")
    with pytest.raises(OwnRights):
        appointments.appoint(session, account, ward, Role.LEADER, Tenure(TODAY), by=second, at=AT)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_only_an_administrator_grants(session: Session, role: Role) -> None:
    account, ward = yen(session), office(session)
    with pytest.raises(NotAllowed):
        appointments.appoint(
            session, account, ward, Role.LEADER, Tenure(TODAY), by=Actor(999, "Ai đó", role, 1, 1), at=AT
        )


def administrator(session: Session, name: str) -> tuple[Account, Appointment]:
    """Somebody with the right to give rights, without an end."""
    province = session.scalars(select(Office).where(Office.code == "P")).first()
    account = yen(session, name)
    at = province or office(session, "P", OfficeKind.PROVINCE)
    return account, appointments.appoint(
        session, account, at, Role.ADMIN, Tenure(date(2020, 1, 1)), by=OPERATOR, at=AT
    )


def test_the_last_administrator_stays(session: Session) -> None:
    (first, mine), (second, theirs) = administrator(session, "mot"), administrator(session, "hai")
    acting = Actor(first.id, first.full_name, Role.ADMIN, mine.id, mine.office_id)
    appointments.end(session, theirs, TODAY, by=acting, at=AT)
    session.flush()
    with pytest.raises(LastAdministrator):
        appointments.end(session, mine, TODAY, by=OPERATOR, at=AT)
    with pytest.raises(LastAdministrator):
        closing.close(session, first, Farewell(), by=OPERATOR, at=AT)
    assert (mine.to_on, first.closed_at) == (None, None)
    assert second.closed_at is None


def test_a_closed_administrator_does_not_count_as_one_left(session: Session) -> None:
    (_first, mine), (second, _theirs) = administrator(session, "mot"), administrator(session, "hai")
    second.closed_at = AT
    session.flush()
    with pytest.raises(LastAdministrator):
        appointments.end(session, mine, TODAY, by=OPERATOR, at=AT)


def test_a_role_is_neither_given_nor_ended_backwards(session: Session) -> None:
    admin, mine = administrator(session, "mot")
    acting = Actor(admin.id, admin.full_name, Role.ADMIN, mine.id, mine.office_id)
    account, ward = yen(session), office(session)
    with pytest.raises(Refused):
        appointments.appoint(session, account, ward, Role.LEADER, Tenure(YESTERDAY), by=acting, at=AT)
    long_ago = Tenure(date(2020, 1, 1))
    held = appointments.appoint(session, account, ward, Role.LEADER, long_ago, by=OPERATOR, at=AT)
    with pytest.raises(Refused):
        appointments.end(session, held, date(2020, 9, 13), by=acting, at=AT)
    appointments.end(session, held, YESTERDAY, by=acting, at=AT)


def test_days_begin_at_midnight_in_vietnam(session: Session) -> None:
    admin, mine = administrator(session, "mot")
    acting = Actor(admin.id, admin.full_name, Role.ADMIN, mine.id, mine.office_id)
    account, ward = yen(session), office(session)
    late = datetime(2020, 9, 15, 17, 30, tzinfo=UTC)  # 00:30 on the 16th in Vietnam.
    with pytest.raises(Refused):
        appointments.appoint(session, account, ward, Role.LEADER, Tenure(TODAY), by=acting, at=late)
    held = appointments.appoint(session, account, ward, Role.LEADER, Tenure(TOMORROW), by=acting, at=late)
    assert appointments.open_to(session, account.id, day_of(late)) == [held]


def test_a_role_that_has_not_begun_is_called_off_and_only_the_ledger_knows_it(session: Session) -> None:
    account, ward = yen(session), office(session)
    coming = appointments.appoint(session, account, ward, Role.LEADER, Tenure(TOMORROW), by=OPERATOR, at=AT)
    appointments.call_off(session, coming, by=OPERATOR, at=AT)
    session.flush()
    assert appointments.open_to(session, account.id, TOMORROW) == []
    told = [(one.deed, one.role, one.office) for one in rights.of_person(session, account)]
    assert told[0] == (rights.Deed.CALL_OFF, Role.LEADER, "UBND W1")
    begun = given(session, account, ward)
    with pytest.raises(WrongState):
        appointments.call_off(session, begun, by=OPERATOR, at=AT)


def test_a_person_is_moved_to_another_role_of_the_same_office(session: Session) -> None:
    account, ward = yen(session), office(session)
    held = given(session, account, ward)
    new = appointments.move(session, held, Seat(ward, Role.LEADER), TOMORROW, by=OPERATOR, at=AT)
    assert (held.to_on, new.from_on, new.role) == (TODAY, TOMORROW, Role.LEADER)
    with pytest.raises(Refused):
        appointments.move(session, new, Seat(ward, Role.LEADER), TOMORROW, by=OPERATOR, at=AT)


def test_closing_an_account_ends_its_roles_and_calls_off_those_to_come(session: Session) -> None:
    account, ward, other = yen(session), office(session), office(session, "W2")
    old = Tenure(date(2020, 1, 1))
    held = appointments.appoint(session, account, ward, Role.LEADER, old, by=OPERATOR, at=AT)
    appointments.appoint(session, account, other, Role.LEADER, Tenure(TOMORROW), by=OPERATOR, at=AT)
    session.expire(account, ["appointments"])
    closing.close(session, account, Farewell("Nghỉ hưu"), by=OPERATOR, at=AT)
    session.flush()
    assert held.to_on == YESTERDAY
    assert appointments.open_to(session, account.id, TOMORROW) == []
    deeds = [(one.deed, one.reason) for one in rights.of_person(session, account)]
    assert (rights.Deed.END, "Nghỉ hưu") in deeds
    assert (rights.Deed.CLOSE_ACCOUNT, "Nghỉ hưu") in deeds


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (OfficeKind.WARD, Role.CARRIER),
        (OfficeKind.POST, Role.RECEPTIONIST),
        (OfficeKind.WARD, Role.ADMIN),
        (OfficeKind.PROVINCE, Role.LEADER),
        (OfficeKind.DISTRICT, Role.CITIZEN),
    ],
)
def test_an_office_has_only_its_own_roles(session: Session, kind: OfficeKind, role: Role) -> None:
    account, there = yen(session), office(session, kind=kind)
    with pytest.raises(Refused):
        appointments.appoint(session, account, there, role, Tenure(TODAY), by=OPERATOR, at=AT)


@pytest.mark.parametrize(
    "tenure", [Tenure(TODAY, YESTERDAY), Tenure(date(2012, 5, 1))], ids=["ends first", "before the office"]
)
def test_days_that_cannot_be_are_refused(session: Session, tenure: Tenure) -> None:
    account, ward = yen(session), office(session)
    with pytest.raises(Refused):
        appointments.appoint(session, account, ward, Role.LEADER, tenure, by=OPERATOR, at=AT)


def test_a_closed_office_appoints_nobody(session: Session) -> None:
    account, ward = yen(session), office(session)
    ward.to_on = YESTERDAY
    with pytest.raises(Refused):
        given(session, account, ward)


def test_the_same_role_is_not_given_twice_for_the_same_days(session: Session) -> None:
    account, ward = yen(session), office(session)
    given(session, account, ward, until=TOMORROW)
    with pytest.raises(WrongState):
        given(session, account, ward)
    later = Tenure(date(2020, 9, 17))
    appointments.appoint(session, account, ward, Role.RECEPTIONIST, later, by=OPERATOR, at=AT)


def test_a_citizen_s_account_holds_no_office(session: Session) -> None:
    citizen = register(session, "Đỗ Thị Mai", "074191003215", "0912345678", "trời mưa ở Phú Hòa", at=AT)
    with pytest.raises(Refused):
        given(session, citizen, office(session))


@pytest.mark.parametrize(
    ("held_until", "last_on"), [(TODAY, TOMORROW), (TODAY, TODAY), (None, YESTERDAY)], ids=str
)
def test_an_end_neither_lengthens_nor_turns_back(
    session: Session, held_until: date | None, last_on: date
) -> None:
    held = given(session, yen(session), office(session), until=held_until)
    with pytest.raises(PortalError):
        appointments.end(session, held, last_on, by=OPERATOR, at=AT)
    assert held.to_on == held_until


def test_a_session_ends_with_the_role_it_acts_under(session: Session) -> None:
    account, ward = yen(session), office(session)
    held = given(session, account, ward, until=TODAY)
    life = sessions.Lifetime(idle=AT - AT.replace(hour=1), whole=AT - AT.replace(hour=0))
    token = sessions.open_session(session, account, at=AT, appointment=held)
    session.flush()
    assert sessions.find(session, token, at=AT, today=TODAY, lifetime=life) is not None
    assert sessions.find(session, token, at=AT, today=TOMORROW, lifetime=life) is None
