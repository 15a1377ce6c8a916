"""Due dates worked out by hand from the rules."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from portal.ground.working_time import (
    USUAL_WEEK,
    ZONE,
    Calendar,
    DayKind,
    Period,
    Term,
    Unit,
    add_working_days,
    due,
    open_minutes_between,
    open_time_between,
)

WD, DAY, HOUR, MONTH, SAME = Unit.WORKING_DAY, Unit.DAY, Unit.HOUR, Unit.MONTH, Unit.SAME_DAY

HOLIDAYS = """
    2020-01-01 2020-01-23 2020-01-24 2020-01-25 2020-01-26 2020-01-27 2020-01-28 2020-01-29
    2020-04-02 2020-04-30 2020-05-01 2020-09-02
    2025-01-01 2025-01-27 2025-01-28 2025-01-29 2025-01-30 2025-01-31 2025-04-07 2025-04-30 2025-05-01
    2025-09-01 2025-09-02
    2026-01-01 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20 2026-04-26 2026-04-27 2026-04-30
    2026-05-01 2026-09-01 2026-09-02 2026-11-24
    2027-01-01
"""
EXCHANGED_OFF = "2025-05-02 2026-01-02 2026-08-31"
MAKE_UP = "2025-04-26 2026-01-10 2026-08-22"


def days_of(text: str, kind: DayKind) -> dict[date, DayKind]:
    return {date.fromisoformat(day): kind for day in text.split()}


COUNTRY = Calendar(
    days=days_of(HOLIDAYS, DayKind.HOLIDAY)
    | days_of(EXCHANGED_OFF, DayKind.EXCHANGED_OFF)
    | days_of(MAKE_UP, DayKind.MAKE_UP)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def due_at(start: str, amount: str, unit: Unit, calendar: Calendar = COUNTRY) -> str:
    """The due moment on the office's clock, to the second only where it has seconds."""
    found = due(at(start), Term(Decimal(amount), unit), calendar).at.astimezone(ZONE).replace(tzinfo=None)
    return found.isoformat(" ", "seconds").removesuffix(":00")


WORKED_OUT = {
    # September 2020: 1 is a Tuesday, 2 the National Day, 7 a Monday.
    "the day of the start is not counted": ("2020-09-07 09:00", "1", WD, "2020-09-08 17:00"),
    "the National Day is not counted: 3, 4, 7": ("2020-09-01 15:10", "3", WD, "2020-09-07 17:00"),
    "the weekend is not counted": ("2020-09-04 16:59", "1", WD, "2020-09-07 17:00"),
    "before opening it starts at opening, that day": ("2020-09-07 06:00", "1", WD, "2020-09-08 17:00"),
    "at lunch it starts in the afternoon, that day": ("2020-09-07 12:00", "1", WD, "2020-09-08 17:00"),
    "the closing moment is inside": ("2020-09-07 17:00:00", "1", WD, "2020-09-08 17:00"),
    "a second after closing starts tomorrow": ("2020-09-07 17:00:01", "1", WD, "2020-09-09 17:00"),
    "a fraction of a second after is still that second": (
        "2020-09-07 17:00:00.9",
        "1",
        WD,
        "2020-09-08 17:00",
    ),
    "a Saturday starts on Monday, Tuesday is first": ("2020-09-05 10:00", "1", WD, "2020-09-08 17:00"),
    "a Sunday night starts on Monday": ("2020-09-06 23:59", "1", WD, "2020-09-08 17:00"),
    "a holiday starts on the day after it": ("2020-09-02 09:00", "1", WD, "2020-09-04 17:00"),
    "Friday after closing starts on Monday": ("2020-09-04 17:30", "1", WD, "2020-09-08 17:00"),
    "thirty days are six weeks": ("2020-09-07 09:00", "30", WD, "2020-10-19 17:00"),
    "a whole number written with a point is whole": ("2020-09-07 07:30", "2.0", WD, "2020-09-09 17:00"),
    # Tet and the exchanges.
    "13, 23, 24 February around Tet": ("2026-02-12 15:30", "3", WD, "2026-02-24 17:00"),
    "seven days of Tet 2020": ("2020-01-22 10:00", "1", WD, "2020-01-30 17:00"),
    "20, 21, 22 before Tet, 30, 31 after": ("2020-01-17 16:00", "5", WD, "2020-01-31 17:00"),
    "received in Tet: starts on 30, first is 31": ("2020-01-25 10:00", "1", WD, "2020-01-31 17:00"),
    "a make-up Saturday counts": ("2026-08-20 09:00", "2", WD, "2026-08-22 17:00"),
    "received on a make-up Saturday": ("2026-08-22 10:00", "1", WD, "2026-08-24 17:00"),
    "an ordinary Saturday after it does not count": ("2026-08-27 10:00", "2", WD, "2026-09-03 17:00"),
    "31 August exchanged, 1 and 2 September": ("2026-08-28 10:00", "1", WD, "2026-09-03 17:00"),
    "1 January, exchanged Friday, weekend": ("2025-12-31 10:00", "1", WD, "2026-01-05 17:00"),
    "worked Saturday 10 January": ("2026-01-09 10:00", "1", WD, "2026-01-10 17:00"),
    "worked Saturday 26 April, then Monday": ("2025-04-25 10:00", "2", WD, "2025-04-28 17:00"),
    "30 April, 1 May, exchanged 2 May, weekend": ("2025-04-29 10:00", "1", WD, "2025-05-05 17:00"),
    "Hung Kings on a Sunday, Monday off": ("2026-04-24 10:00", "1", WD, "2026-04-28 17:00"),
    "24 November since 2026": ("2026-11-23 10:00", "1", WD, "2026-11-25 17:00"),
    "29 February is a Saturday": ("2020-02-28 10:00", "1", WD, "2020-03-02 17:00"),
    # Calendar days.
    "calendar days count every day": ("2020-09-01 10:00", "3", DAY, "2020-09-04 17:00"),
    "ending on Saturday moves to Monday": ("2020-09-07 09:00", "5", DAY, "2020-09-14 17:00"),
    "ending in Tet moves behind it": ("2020-01-15 09:00", "10", DAY, "2020-01-30 17:00"),
    "a Saturday start becomes Monday, 9 is Wednesday": ("2020-09-05 10:00", "2", DAY, "2020-09-09 17:00"),
    "ending on a make-up Saturday stays": ("2026-08-19 10:00", "3", DAY, "2026-08-22 17:00"),
    "ending on an exchanged day off moves": ("2026-08-28 10:00", "3", DAY, "2026-09-03 17:00"),
    "across the year": ("2019-12-31 16:00", "15", DAY, "2020-01-15 17:00"),
    "after closing starts tomorrow": ("2020-09-07 18:00", "2", DAY, "2020-09-10 17:00"),
    # Months.
    "30 June to 30 July": ("2020-06-30 10:00", "1", MONTH, "2020-07-30 17:00"),
    "31 January to 29 February, a Saturday": ("2020-01-31 10:00", "1", MONTH, "2020-03-02 17:00"),
    "30 January to 28 February, a Saturday": ("2026-01-30 10:00", "1", MONTH, "2026-03-02 17:00"),
    "31 March to 30 April, holidays, weekend": ("2020-03-31 10:00", "1", MONTH, "2020-05-04 17:00"),
    "29 February to 28 February a year on": ("2024-02-29 10:00", "12", MONTH, "2025-02-28 17:00"),
    "31 December and two months": ("2019-12-31 10:00", "2", MONTH, "2020-03-02 17:00"),
    "a start after closing moves the month too": ("2020-05-29 18:00", "3", MONTH, "2020-09-01 17:00"),
    "30 November to 28 February, a Sunday": ("2020-11-30 10:00", "3", MONTH, "2021-03-01 17:00"),
    "20 December to 20 January": ("2019-12-20 10:00", "1", MONTH, "2020-01-20 17:00"),
    # Hours.
    "1:48 this morning, 3:30 this afternoon, 2:42": ("2020-09-15 09:42", "8", HOUR, "2020-09-16 10:12"),
    "out exactly at the lunch closing": ("2020-09-07 07:30", "4", HOUR, "2020-09-07 11:30"),
    "out exactly at the evening closing": ("2020-09-07 13:30", "3.5", HOUR, "2020-09-07 17:00"),
    "a minute later it is tomorrow": ("2020-09-07 13:31", "3.5", HOUR, "2020-09-08 07:31"),
    "a second later it is tomorrow": ("2020-09-07 13:30:01", "3.5", HOUR, "2020-09-08 07:30:01"),
    "begun at the closing": ("2020-09-07 17:00", "1", HOUR, "2020-09-08 08:30"),
    "begun at the lunch closing": ("2020-09-07 11:30", "1", HOUR, "2020-09-07 14:30"),
    "begun at lunch": ("2020-09-07 12:15", "2", HOUR, "2020-09-07 15:30"),
    "begun before opening": ("2020-09-07 05:00", "1", HOUR, "2020-09-07 08:30"),
    "across a weekend": ("2020-09-04 16:30", "1", HOUR, "2020-09-07 08:00"),
    "across the evening": ("2020-09-15 16:45", "0.5", HOUR, "2020-09-16 07:45"),
    "across Tet: 2 hours, then 6": ("2020-01-22 15:00", "8", HOUR, "2020-01-30 15:30"),
    "into a make-up Saturday": ("2026-08-21 16:00", "2", HOUR, "2026-08-22 08:30"),
    "three days of 7:30, then 5:30": ("2020-09-07 07:30", "28", HOUR, "2020-09-10 15:00"),
    "received on a day of rest": ("2020-09-05 15:00", "8", HOUR, "2020-09-08 08:00"),
    # Fractions of a working day are of 8 hours.
    "half a day is 4 hours": ("2020-09-07 07:30", "0.5", WD, "2020-09-07 11:30"),
    "half a day across lunch": ("2020-09-07 10:00", "0.5", WD, "2020-09-07 16:00"),
    "a day and a half is 12 hours": ("2020-09-07 07:30", "1.5", WD, "2020-09-08 14:00"),
    "half a day on Friday afternoon": ("2020-09-04 15:00", "0.5", WD, "2020-09-07 09:30"),
    # Same day, 15:00.
    "a minute before 15:00": ("2020-09-07 14:59", "1", SAME, "2020-09-07 17:00"),
    "at 15:00": ("2020-09-07 15:00:00", "1", SAME, "2020-09-07 17:00"),
    "within the second of 15:00": ("2020-09-07 15:00:00.999", "1", SAME, "2020-09-07 17:00"),
    "a second after 15:00": ("2020-09-07 15:00:01", "1", SAME, "2020-09-08 17:00"),
    "after 15:00 on a Friday": ("2020-09-04 15:01", "1", SAME, "2020-09-07 17:00"),
    "after 15:00 before the National Day": ("2020-09-01 15:30", "1", SAME, "2020-09-03 17:00"),
    "after 15:00 before Tet": ("2020-01-22 15:01", "1", SAME, "2020-01-30 17:00"),
    "a Saturday afternoon": ("2020-09-05 16:00", "1", SAME, "2020-09-07 17:00"),
    "a holiday afternoon": ("2020-09-02 16:00", "1", SAME, "2020-09-03 17:00"),
    "same day before opening": ("2020-09-07 06:00", "1", SAME, "2020-09-07 17:00"),
    "same day at lunch": ("2020-09-07 12:00", "1", SAME, "2020-09-07 17:00"),
    "same day after closing": ("2020-09-07 17:30", "1", SAME, "2020-09-08 17:00"),
    "same day on a make-up Saturday": ("2026-08-22 14:00", "0", SAME, "2026-08-22 17:00"),
}


@pytest.mark.parametrize(("start", "amount", "unit", "expected"), WORKED_OUT.values(), ids=WORKED_OUT.keys())
def test_a_due_date_is_the_one_worked_out_by_hand(start: str, amount: str, unit: Unit, expected: str):
    assert due_at(start, amount, unit) == expected


SATURDAY_MORNING = Calendar(
    hours={**USUAL_WEEK, 5: ((time(7, 30), time(11, 30)),)}, days={date(2026, 8, 22): DayKind.MAKE_UP}
)
SUMMER = {day: ((time(7), time(11)), (time(13), time(16, 30))) for day in range(5)}
WITH_SUMMER = Calendar(periods=(Period(date(2020, 6, 1), date(2020, 8, 31), SUMMER),))


@pytest.mark.parametrize(
    ("calendar", "start", "amount", "unit", "expected"),
    [
        pytest.param(
            SATURDAY_MORNING, "2020-09-04 09:00", "1", WD, "2020-09-05 11:30", id="open on Saturday"
        ),
        pytest.param(
            SATURDAY_MORNING, "2020-09-05 11:31", "1", WD, "2020-09-08 17:00", id="after that morning"
        ),
        pytest.param(
            SATURDAY_MORNING, "2026-08-21 09:00", "1", WD, "2026-08-22 17:00", id="make-up: whole day"
        ),
        pytest.param(
            SATURDAY_MORNING, "2020-09-05 09:00", "1", SAME, "2020-09-05 11:30", id="same day at 11:30"
        ),
        pytest.param(
            WITH_SUMMER, "2020-08-28 10:00", "1", WD, "2020-08-31 16:30", id="last day of summer hours"
        ),
        pytest.param(WITH_SUMMER, "2020-08-28 10:00", "2", WD, "2020-09-01 17:00", id="across the change"),
        pytest.param(
            WITH_SUMMER, "2020-08-31 16:00", "1", HOUR, "2020-09-01 08:00", id="hours across the change"
        ),
        pytest.param(WITH_SUMMER, "2020-05-29 16:45", "1", HOUR, "2020-06-01 07:45", id="into summer hours"),
        pytest.param(
            WITH_SUMMER, "2020-07-01 16:45", "1", WD, "2020-07-03 16:30", id="closed by then in summer"
        ),
    ],
)
def test_each_office_counts_by_its_own_hours(
    calendar: Calendar, start: str, amount: str, unit: Unit, expected: str
):
    assert due_at(start, amount, unit, calendar) == expected


def test_a_procedure_may_have_another_hour_than_15():
    term = Term(Decimal(1), SAME, cutoff=time(10))
    assert due(at("2020-09-07 10:00"), term, COUNTRY).at == at("2020-09-07 17:00")
    assert due(at("2020-09-07 10:01"), term, COUNTRY).at == at("2020-09-08 17:00")


@pytest.mark.parametrize(
    ("amount", "unit"),
    [("0", WD), ("-1", DAY), ("0", HOUR), ("10001", WD), ("1.5", DAY), ("0.5", MONTH)],
)
def test_a_term_that_cannot_be_counted_is_refused(amount: str, unit: Unit):
    with pytest.raises(ValueError, match=r"usable|whole"):
        Term(Decimal(amount), unit)


def test_a_start_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2020, 9, 7, 9), Term(Decimal(1), WD), COUNTRY)  # noqa: DTZ001


def test_an_office_that_never_opens_is_an_error_and_no_endless_search():
    with pytest.raises(ValueError, match="no working day"):
        due(at("2020-09-07 09:00"), Term(Decimal(1), WD), Calendar(hours={}))


def test_the_start_may_come_from_any_time_zone():
    term = Term(Decimal(1), WD)
    assert due(datetime(2020, 9, 7, 10, 0, 1, tzinfo=UTC), term, COUNTRY).at == at("2020-09-09 17:00")


def test_working_days_added_to_a_day_skip_the_rest():
    assert add_working_days(date(2026, 2, 12), 3, COUNTRY) == date(2026, 2, 24)
    assert add_working_days(date(2026, 2, 14), 0, COUNTRY) == date(2026, 2, 14)
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 2, 12), -1, COUNTRY)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        pytest.param("2020-09-07 08:00", "2020-09-07 09:15", 75, id="one morning"),
        pytest.param("2020-09-07 11:00", "2020-09-07 14:00", 60, id="lunch is no working time"),
        pytest.param("2020-09-04 16:00", "2020-09-07 08:00", 90, id="a weekend is no working time"),
        pytest.param("2020-09-05 08:00", "2020-09-06 20:00", 0, id="inside a weekend"),
        pytest.param("2020-09-01 16:30", "2020-09-03 08:00", 60, id="a holiday is no working time"),
        pytest.param("2020-09-07 00:00", "2020-09-08 00:00", 450, id="a whole day is seven hours and a half"),
        pytest.param("2020-09-07 09:00:30", "2020-09-07 09:02:29", 1, id="whole minutes only"),
        pytest.param("2020-09-07 09:15", "2020-09-07 08:00", -75, id="backwards is negative"),
    ],
)
def test_open_minutes_between_two_moments(start: str, end: str, minutes: int):
    assert open_minutes_between(at(start), at(end), COUNTRY) == minutes


def spans(*text: str) -> tuple[tuple[time, time], ...]:
    halves = (half.split("-") for half in text)
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in halves)


EIGHT_HOURS = Calendar(hours=dict.fromkeys(range(5), spans("07:00-11:00", "13:00-17:00")))
SATURDAY_MORNINGS = Calendar(hours={**USUAL_WEEK, 5: spans("07:30-11:30")})
MONDAY_MORNINGS = Calendar(hours={**USUAL_WEEK, 0: spans("07:30-11:30")})
NEVER_OPEN = Calendar(hours={})


@pytest.mark.parametrize(
    ("one", "other", "calendar", "days", "minutes"),
    [
        pytest.param("2020-09-08 17:00", "2020-09-15 09:02", COUNTRY, 4, 92, id="four days of 7.5 hours"),
        pytest.param("2020-09-15 09:02", "2020-09-08 17:00", COUNTRY, 4, 92, id="whichever comes first"),
        pytest.param("2020-09-07 10:00", "2020-09-09 10:00", COUNTRY, 2, 0, id="from clock to clock"),
        pytest.param("2020-09-07 07:30", "2020-09-07 16:59", COUNTRY, 0, 449, id="a minute short of a day"),
        pytest.param("2020-09-07 11:00", "2020-09-07 14:00", COUNTRY, 0, 60, id="over lunch"),
        pytest.param("2020-09-07 11:30", "2020-09-07 13:30", COUNTRY, 0, 0, id="lunch itself"),
        pytest.param("2020-09-01 17:00", "2020-09-04 17:00", COUNTRY, 2, 0, id="the National Day"),
        pytest.param("2025-04-25 17:00", "2025-04-28 11:30", COUNTRY, 1, 240, id="a make-up Saturday"),
        pytest.param("2020-09-11 17:00", "2020-09-15 17:00", SATURDAY_MORNINGS, 2, 240, id="a half Saturday"),
        pytest.param("2020-09-11 17:00", "2020-09-15 17:00", MONDAY_MORNINGS, 1, 240, id="a half Monday"),
        pytest.param("2020-09-08 17:00", "2020-09-10 17:00", EIGHT_HOURS, 2, 0, id="days of eight hours"),
        pytest.param("2020-09-08 17:00", "2020-09-10 17:00", NEVER_OPEN, 0, 0, id="never open"),
    ],
)
def test_open_time_is_told_in_days_of_the_calendar(
    one: str, other: str, calendar: Calendar, days: int, minutes: int
):
    assert open_time_between(at(one), at(other), calendar) == (days, minutes)
