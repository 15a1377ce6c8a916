"""The country's special days and the offices' hours, from rows to a calendar."""

from collections import Counter
from datetime import date, datetime, time
from decimal import Decimal

import pytest
import sqlalchemy as sa
from holidays import country_holidays
from sqlalchemy.orm import Session

from portal.accounts.calendars import SEED_YEARS, CalendarDay, OfficeHours, calendar_of, seed_days
from portal.accounts.models import Office, OfficeKind
from portal.ground.working_time import USUAL_WEEK, ZONE, DayKind, Term, Unit, due

HALVES = ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))


@pytest.fixture
def office(session: Session) -> Office:
    ward = Office(code="W", kind=OfficeKind.WARD, name="Phường Phú Hòa", from_on=date(2019, 1, 1))
    session.add(ward)
    session.flush()  # Its id.
    return ward


def open_on(
    session: Session, office: Office | None, weekday: int, opens: int, closes: int, *days: str
) -> None:
    """An office's row of hours from a day, to another day if given."""
    first, last = [date.fromisoformat(day) for day in days] + [None] * (2 - len(days))
    office_id = office.id if office else None
    hours = {"weekday": weekday, "opens": time(opens), "closes": time(closes)}
    session.add(OfficeHours(office_id=office_id, from_on=first, to_on=last, **hours))
    session.flush()


def off(session: Session, year: int) -> str:
    """The days off of a year that fall on Monday to Friday, as month.day."""
    calendar = calendar_of(session, None, date(year, 1, 1))
    days = sorted(day for day, kind in calendar.days.items() if kind is not DayKind.MAKE_UP)
    return " ".join(f"{d.month}.{d.day}" for d in days if d.year == year and d.weekday() < 5)


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2019, "1.1 2.4 2.5 2.6 2.7 2.8 4.15 4.29 4.30 5.1 9.2"),
        (2020, "1.1 1.23 1.24 1.27 1.28 1.29 4.2 4.30 5.1 9.2"),
        (2021, "1.1 2.10 2.11 2.12 2.15 2.16 4.21 4.30 5.3 9.2 9.3"),
        (2022, "1.3 1.31 2.1 2.2 2.3 2.4 4.11 5.2 5.3 9.1 9.2"),
        (2023, "1.2 1.20 1.23 1.24 1.25 1.26 5.1 5.2 5.3 9.1 9.4"),
        (2024, "1.1 2.8 2.9 2.12 2.13 2.14 4.18 4.29 4.30 5.1 9.2 9.3"),
        (2025, "1.1 1.27 1.28 1.29 1.30 1.31 4.7 4.30 5.1 5.2 9.1 9.2"),
        (2026, "1.1 1.2 2.16 2.17 2.18 2.19 2.20 4.27 4.30 5.1 8.31 9.1 9.2 11.24"),
        (2027, "1.1 2.4 2.5 2.8 2.9 2.10 4.16 4.30 5.3 9.2 9.3 11.24"),
    ],
)
def test_the_days_off_of_each_year_are_those_the_state_announced(session: Session, year: int, days: str):
    seed_days(session, SEED_YEARS)
    assert off(session, year) == days


def test_holidays_on_a_weekend_are_known_for_offices_that_work_then(session: Session):
    seed_days(session, SEED_YEARS)
    days = calendar_of(session, None, date(2026, 1, 1)).days
    weekend = sorted(
        day
        for day, kind in days.items()
        if kind is DayKind.HOLIDAY and day.weekday() == 5 and day.year > 2024
    )
    assert [f"{day:%Y-%m-%d}" for day in weekend] == ["2025-02-01", "2027-02-06", "2027-05-01"]


def test_make_up_saturdays_are_worked_all_day(session: Session):
    seed_days(session, SEED_YEARS)
    calendar = calendar_of(session, None, date(2026, 1, 1))
    made_up = sorted(day.isoformat() for day, kind in calendar.days.items() if kind is DayKind.MAKE_UP)
    assert made_up == ["2019-01-05", "2019-05-04", "2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22"]
    assert all(calendar.spans(date.fromisoformat(day)) == HALVES for day in made_up)


def test_every_saturday_the_package_knows_as_worked_is_among_our_exchanges(session: Session):
    seed_days(session, SEED_YEARS)
    known = {
        day for day in country_holidays("VN", years=SEED_YEARS).weekend_workdays if day.year in SEED_YEARS
    }
    assert known <= set(
        session.scalars(sa.select(CalendarDay.day).where(CalendarDay.kind == DayKind.MAKE_UP))
    )


def test_every_day_names_itself_and_its_source(session: Session):
    seed_days(session, SEED_YEARS)
    rows = {row.day: row for row in session.scalars(sa.select(CalendarDay))}
    assert all(row.note and row.source for row in rows.values())
    assert rows[date(2020, 9, 2)].source == "Bộ luật Lao động 2012, điều 115"
    assert rows[date(2021, 9, 2)].source == "Bộ luật Lao động 2019, điều 112"
    assert rows[date(2026, 4, 27)].source == "Bộ luật Lao động 2019, điều 111"
    assert (rows[date(2026, 1, 2)].kind, rows[date(2026, 1, 2)].note) == (
        DayKind.EXCHANGED_OFF,
        "Nghỉ hoán đổi với ngày 10/01/2026",
    )


def test_seeding_again_adds_nothing_and_keeps_what_an_administrator_changed(session: Session):
    assert seed_days(session, [2020]) > 0
    session.flush()
    changed = session.scalars(sa.select(CalendarDay).where(CalendarDay.day == date(2020, 9, 2))).one()
    changed.note = "Quốc khánh, theo tỉnh"
    assert seed_days(session, [2020]) == 0
    assert seed_days(session, [2020, 2021]) > 0
    assert changed.note == "Quốc khánh, theo tỉnh"
    assert set(Counter(session.scalars(sa.select(CalendarDay.day))).values()) == {1}


def test_the_seeded_calendar_gives_the_due_date_of_tet_2026_and_says_why(session: Session):
    seed_days(session, SEED_YEARS)
    start = datetime(2026, 2, 12, 15, 30, tzinfo=ZONE)
    found = due(start, Term(Decimal(3), Unit.WORKING_DAY), calendar_of(session, None, date(2026, 2, 12)))
    assert found.at == datetime(2026, 2, 24, 17, 0, tzinfo=ZONE)
    assert ("Tết Nguyên Đán", "Bộ luật Lao động 2019, điều 112") in {
        (line.what, line.source) for line in found.trace
    }


def test_an_office_nobody_set_hours_for_has_the_usual_ones(session: Session, office: Office):
    assert calendar_of(session, office.id, date(2020, 9, 7)).hours == USUAL_WEEK


def test_an_office_without_its_own_hours_has_those_for_all(session: Session, office: Office):
    open_on(session, None, 0, 8, 12, "2020-01-01")
    calendar = calendar_of(session, office.id, date(2020, 9, 7))
    assert calendar.hours == {0: ((time(8), time(12)),)}
    assert not calendar.is_working_day(date(2020, 9, 8))


def test_an_office_own_hours_go_before_those_for_all(session: Session, office: Office):
    open_on(session, None, 0, 8, 12, "2020-01-01")
    open_on(session, office, 1, 13, 16, "2020-01-01")
    open_on(session, office, 1, 7, 11, "2020-01-01")
    assert calendar_of(session, office.id, date(2020, 9, 7)).hours == {
        1: ((time(7), time(11)), (time(13), time(16)))
    }
    assert calendar_of(session, None, date(2020, 9, 7)).hours == {0: ((time(8), time(12)),)}


def test_rows_in_force_together_add_up(session: Session, office: Office):
    open_on(session, office, 0, 8, 12, "2020-01-01")
    open_on(session, office, 0, 11, 15, "2020-06-01")
    open_on(session, office, 0, 13, 14, "2020-06-01")
    open_on(session, office, 5, 8, 11, "2020-06-01")
    calendar = calendar_of(session, office.id, date(2020, 9, 7))
    assert calendar.hours == {0: ((time(8), time(15)),), 5: ((time(8), time(11)),)}


def test_one_calendar_serves_a_term_across_a_change_of_hours(session: Session, office: Office):
    for weekday in range(5):
        open_on(session, office, weekday, 7, 16, "2020-06-01", "2020-08-31")
    for on in (date(2020, 5, 4), date(2020, 7, 6), date(2020, 10, 5)):
        calendar = calendar_of(session, office.id, on)
        assert calendar.spans(date(2020, 5, 29)) == HALVES
        assert calendar.spans(date(2020, 6, 1)) == ((time(7), time(16)),)
        assert calendar.spans(date(2020, 8, 31)) == ((time(7), time(16)),)
        assert calendar.spans(date(2020, 9, 1)) == HALVES


def test_the_usual_hours_are_those_in_force_on_the_day_asked(session: Session, office: Office):
    open_on(session, office, 0, 7, 16, "2020-06-01", "2020-08-31")
    assert calendar_of(session, office.id, date(2020, 7, 6)).hours == {0: ((time(7), time(16)),)}
    assert calendar_of(session, office.id, date(2020, 10, 5)).hours == USUAL_WEEK


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"weekday": 7}, id="an eighth weekday"),
        pytest.param({"opens": time(17), "closes": time(7)}, id="closed before it opens"),
        pytest.param({"to_on": date(2018, 1, 1)}, id="ended before it began"),
    ],
)
def test_impossible_hours_are_refused_by_the_database(session: Session, wrong: dict[str, object]):
    right = {"weekday": 0, "opens": time(7), "closes": time(17), "from_on": date(2019, 1, 1)}
    session.add(OfficeHours(**right | wrong))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_a_day_is_special_once(session: Session):
    for kind in (DayKind.HOLIDAY, DayKind.MAKE_UP):
        session.add(CalendarDay(day=date(2020, 9, 2), kind=kind))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_a_calendar_costs_two_statements(session: Session, office: Office):
    seed_days(session, SEED_YEARS)
    office_id = office.id
    session.commit()
    statements: list[str] = []
    sa.event.listen(session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))
    calendar_of(session, office_id, date(2020, 9, 7))
    assert len([text for text in statements if text.startswith("SELECT")]) == 2
