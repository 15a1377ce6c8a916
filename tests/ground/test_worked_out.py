"""Due dates worked out by hand, in worked_out.toml, against the calendar the portal is seeded with."""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.accounts.calendars import CalendarDay, OfficeHours, calendar_of, seed_days
from portal.ground.db import Base
from portal.ground.working_time import ZONE, Calendar, Term, Unit, due

TABLE = tomllib.loads(Path(__file__).with_name("worked_out.toml").read_text())
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def worked_out() -> Iterator[Any]:
    """Every row as a parameter, named by its table and its question."""
    for name, table in TABLE.items():
        if name != "hours":
            for row in table["rows"]:
                yield pytest.param(table["hours"], *row, id=f"{name}: {row[0]} + {row[1]} {row[2]}")


@cache
def calendar(hours: str) -> Calendar:
    """The seeded special days with the office hours of that name, read back from rows."""
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(
        engine, tables=[Base.metadata.tables[t.__tablename__] for t in (CalendarDay, OfficeHours)]
    )
    with Session(engine) as session:
        seed_days(session)
        session.add_all(office_hours(TABLE["hours"][hours]))
        session.flush()
        return calendar_of(session, None, date(2026, 1, 1))


def office_hours(periods: list[list[str]]) -> Iterator[OfficeHours]:
    """The rows of hours of an office, each period up to the day before the next."""
    begins = [date.fromisoformat(period[0]) for period in periods]
    ends = [date.fromordinal(day.toordinal() - 1) for day in begins[1:]] + [None]
    for begin, end, (_, week) in zip(begins, ends, periods, strict=True):
        for part in week.split(", "):
            days, *spans = part.split()
            for weekday in weekdays(days):
                for span in spans:
                    opens, closes = (time.fromisoformat(clock) for clock in span.split("-"))
                    yield OfficeHours(weekday=weekday, opens=opens, closes=closes, from_on=begin, to_on=end)


def weekdays(text: str) -> range:
    """The weekdays of "Mon-Fri" or "Sat"."""
    first, *last = (WEEKDAYS.index(name) for name in text.split("-"))
    return range(first, (last or [first])[0] + 1)


@pytest.mark.parametrize(("hours", "received", "amount", "unit", "expected", "why"), list(worked_out()))
def test_the_clock_says_what_was_worked_out_by_hand(
    hours: str, received: str, amount: float, unit: str, expected: str, why: str
):
    start = datetime.fromisoformat(received).replace(tzinfo=ZONE)
    found = due(start, Term(Decimal(str(amount)), Unit(unit)), calendar(hours)).at
    assert f"{found.astimezone(ZONE):%Y-%m-%d %H:%M:%S}" == f"{expected}:00", why
