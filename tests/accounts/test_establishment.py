"""Offices as an administrator sets them up: founded, changed, their wards and hours, their end."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy.orm import Session

from portal.accounts import calendars, establishment, hours, offices, people, rights
from portal.accounts.establishment import CodeTaken, Particulars
from portal.accounts.models import Actor, Office, OfficeKind, Role
from portal.accounts.people import Wanted
from portal.ground import ledger
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.postal.actions.ordering import post_office_of
from tests import make

AT = datetime(2020, 9, 15, 2, tzinfo=UTC)
YESTERDAY, TODAY, TOMORROW, LATER = (
    date(2020, 9, 14), date(2020, 9, 15), date(2020, 9, 16), date(2020, 10, 1),
)  # fmt: skip
TAN_AN = "25765"
A_WARD = -1
"""Stands for the number of a ward office."""
MORNINGS = {0: ((time(8), time(11)),), 2: ((time(8), time(11)), (time(14), time(16)))}


def admin(town: Session) -> Actor:
    return make.somebody(town, Role.ADMIN)


def tan_an(town: Session) -> Office:
    """A new ward office, founded today in the place of one that closed yesterday."""
    make.office(town, "Tân An").to_on = YESTERDAY
    place = Particulars("UBND phường Tân An mới", "Số 3 Lê Chí Dân", area_code=TAN_AN)
    return establishment.found(town, "000.99.07.h09", OfficeKind.WARD, place, TODAY, by=admin(town), at=AT)


def post(town: Session, name: str) -> Office:
    [line] = people.office_list(town, TODAY, Wanted(name, OfficeKind.POST)).rows
    return line.office


def moves(town: Session, office: Office) -> list[str]:
    return [entry.move for entry in ledger.history(town, "office", office.id)]


def test_a_new_office_answers_for_its_area_from_its_first_day(town: Session) -> None:
    planted, office = make.office(town, "Tân An"), tan_an(town)
    assert office.code == "000.99.07.H09"
    assert offices.competent(town, OfficeKind.WARD, TAN_AN, TODAY) is office
    assert offices.competent(town, OfficeKind.WARD, TAN_AN, YESTERDAY) is planted
    assert moves(town, office) == ["found"]


@pytest.mark.parametrize(
    ("code", "kind", "place"),
    [
        ("000.21.07.H09", OfficeKind.WARD, Particulars("Phường cũ", area_code=TAN_AN)),
        ("sai mã", OfficeKind.WARD, Particulars("Phường", area_code=TAN_AN)),
        ("000.98.07.H09", OfficeKind.WARD, Particulars(" ", area_code=TAN_AN)),
        ("000.98.07.H09", OfficeKind.WARD, Particulars("Phường", area_code="718")),
        ("000.98.07.H09", OfficeKind.WARD, Particulars("Phường")),
        ("000.98.07.H09", OfficeKind.DISTRICT, Particulars("Huyện", area_code="718", parent_id=A_WARD)),
    ],
    ids=["code taken", "no code", "no name", "area of another tier", "no area", "above a ward"],
)
def test_an_office_that_cannot_be_is_refused(
    town: Session, code: str, kind: OfficeKind, place: Particulars
) -> None:
    if place.parent_id == A_WARD:
        place = replace(place, parent_id=make.office(town).id)
    with pytest.raises(CodeTaken if code == "000.21.07.H09" else Refused):
        establishment.found(town, code, kind, place, TODAY, by=admin(town), at=AT)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.CITIZEN)])
def test_only_an_administrator_touches_offices(town: Session, role: Role) -> None:
    by, office = make.somebody(town, role), make.office(town)
    with pytest.raises(NotAllowed):
        establishment.change(town, office, Particulars("Tên khác"), by=by, at=AT)
    with pytest.raises(NotAllowed):
        establishment.close(town, office, LATER, None, by=by, at=AT)
    with pytest.raises(NotAllowed):
        hours.set_hours(town, office, MORNINGS, TOMORROW, by=by, at=AT)


def test_a_change_says_what_was_before_and_a_change_of_nothing_says_nothing(town: Session) -> None:
    office = make.office(town)
    same = Particulars(office.name, office.address, office.phone, office.area_code, office.parent_id)
    assert not establishment.change(town, office, same, by=admin(town), at=AT)
    new = Particulars(office.name, "Số 1 Lê Lợi", office.phone, office.area_code, office.parent_id)
    assert establishment.change(town, office, new, by=admin(town), at=AT)
    [entry] = ledger.history(town, "office", office.id)
    assert entry.details == {"address": ["Số 22 Lê Hồng Phong, phường Phú Hòa", "Số 1 Lê Lợi"]}
    assert office.address == "Số 1 Lê Lợi"


def test_a_renamed_office_is_found_by_its_new_name_without_marks(town: Session) -> None:
    office = make.office(town)
    new = Particulars("UBND phường Đông Sơn", area_code=office.area_code, parent_id=office.parent_id)
    establishment.change(town, office, new, by=admin(town), at=AT)
    town.flush()
    found = people.office_list(town, TODAY, Wanted("dong SON phuong"))
    assert [line.office for line in found.rows] == [office]
    assert office not in [line.office for line in people.office_list(town, TODAY, Wanted("phu hoa")).rows]


def test_a_post_office_serves_exactly_the_wards_that_were_chosen(town: Session) -> None:
    shop = post(town, "Phú Cường")
    assert establishment.serve(town, shop, ["25747", "25750"], by=admin(town), at=AT)
    town.flush()
    assert [ward.code for ward in establishment.wards_of(town, shop)] == ["25747", "25750"]
    [entry] = ledger.history(town, "office", shop.id)
    assert entry.details["added"] == ["25750"]
    assert len(entry.details["dropped"]) == 6
    assert not establishment.serve(town, shop, ["25750", "25747"], by=admin(town), at=AT)
    with pytest.raises(Refused):
        establishment.serve(town, shop, ["718"], by=admin(town), at=AT)
    with pytest.raises(Refused):
        establishment.serve(town, make.office(town), ["25747"], by=admin(town), at=AT)


def test_hours_begin_on_their_day_and_end_those_before(town: Session) -> None:
    office = make.office(town)
    hours.set_hours(town, office, MORNINGS, TOMORROW, by=admin(town), at=AT)
    town.flush()
    usual = calendars.calendar_of(town, office.id, TODAY)
    assert usual.hours[4] == calendars.USUAL_WEEK[4], "today as before"
    assert calendars.calendar_of(town, office.id, TOMORROW).hours == MORNINGS
    hours.set_hours(town, office, {}, LATER, by=admin(town), at=AT)
    town.flush()
    weeks = calendars.weeks(town, office.id, TODAY)
    assert [(week.from_on, week.week) for week in weeks[1:]] == [
        (TOMORROW, MORNINGS), (LATER, calendars.USUAL_WEEK),
    ]  # fmt: skip
    assert calendars.has_own_hours(town, office.id, TOMORROW)
    assert not calendars.has_own_hours(town, office.id, LATER)
    assert calendars.calendar_of(town, make.office(town, "Phú Lợi").id, TOMORROW).hours != MORNINGS
    assert moves(town, office) == ["hours", "hours"]


def test_a_new_week_drops_the_one_that_was_to_come(town: Session) -> None:
    office = make.office(town)
    hours.set_hours(town, office, MORNINGS, LATER, by=admin(town), at=AT)
    hours.set_hours(town, office, {5: MORNINGS[0]}, TOMORROW, by=admin(town), at=AT)
    town.flush()
    assert [week.from_on for week in calendars.weeks(town, office.id, TODAY)[1:]] == [TOMORROW]
    with pytest.raises(Refused):
        hours.set_hours(town, office, MORNINGS, date(2020, 9, 14), by=admin(town), at=AT)


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("7:30-11:30, 13:30-17:00", ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))),
        ("07h30 – 11h30", ((time(7, 30), time(11, 30)),)),
        ("", ()),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, spans: object) -> None:
    assert hours.typed_spans(typed) == spans


@pytest.mark.parametrize("typed", ["sáng", "11:30-7:30", "25:00-26:00", "7:30-11:30, 11:00-17:00", "7-11"])
def test_hours_that_cannot_be_are_refused(typed: str) -> None:
    with pytest.raises(Refused):
        hours.typed_spans(typed)


def test_a_closed_office_stays_readable_and_names_its_successor(town: Session) -> None:
    office, successor = make.office(town), make.office(town, "Phú Lợi")
    establishment.close(town, office, TODAY, successor, "NQ 202/2025", by=admin(town), at=AT)
    town.flush()
    assert offices.competent(town, OfficeKind.WARD, "25750", TODAY) is office
    assert offices.competent(town, OfficeKind.WARD, "25750", TOMORROW) is not office
    assert (office.to_on, office.successor_id) == (TODAY, successor.id)
    [told] = rights.of_office(town, office)[:1]
    assert (told.deed, told.reason, told.by) == (rights.Deed.CLOSE, "NQ 202/2025", "Mai Anh Khoa")


def test_an_office_that_has_closed_closes_no_second_time(town: Session) -> None:
    office = make.office(town)
    office.to_on = date(2020, 9, 13)
    with pytest.raises(WrongState):
        establishment.close(town, office, LATER, None, by=admin(town), at=AT)


def test_a_successor_is_of_the_same_branch_and_outlives_the_office(town: Session) -> None:
    office, other = make.office(town), make.office(town, "Phú Lợi")
    for successor in (office, post(town, "Phú Cường")):
        with pytest.raises(Refused):
            establishment.close(town, office, LATER, successor, by=admin(town), at=AT)
    other.to_on = LATER
    with pytest.raises(Refused):
        establishment.close(town, office, LATER, other, by=admin(town), at=AT)
    with pytest.raises(Refused):
        establishment.close(town, office, date(2020, 9, 13), None, by=admin(town), at=AT)


def test_the_wards_of_a_post_office_go_to_its_successor_the_day_after(town: Session) -> None:
    closing, successor = post(town, "Phú Cường"), post(town, "Thủ Dầu Một")
    establishment.close(town, closing, LATER, successor, by=admin(town), at=AT)
    town.flush()
    assert post_office_of(town, "25747", LATER) is closing, "it serves until its last day"
    assert post_office_of(town, "25747", date(2020, 10, 2)) is successor
    assert moves(town, successor) == ["serve"]
    assert not list(ledger.verify(town))
