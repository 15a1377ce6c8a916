"""What a change of the calendar does to a moment that was promised: where it lands, with its trace. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from portal.ground.open_hours import ONE_DAY, Calendar, add_working_days, day_of, days_between
from portal.ground.trace import Due, Line, rests
from portal.ground.words import N_

CARRIED = N_("Hẹn dời theo lịch mới, hết giờ làm việc: đến hạn")
"""The last line of a promise that was carried on and does not follow from its start alone."""

_MOVED = N_("Lịch đổi, hẹn dời muộn hơn; hạn cũ %(was)s")


def landed(due_at: datetime, calendar: Calendar) -> datetime:
    """Return *due_at*, or where its day is one of rest the close of office on the next working day.

    Source: BLDS 2015 art. 148.5.
    """
    day = day_of(due_at)
    return due_at if calendar.is_working_day(day) else calendar.closes(calendar.next_working_day(day))


def carried(due_at: datetime, since: date, old: Calendar, new: Calendar) -> datetime:
    """Return where a promise lands when *new* takes the place of *old* from the day *since* on.

    As many working days lie before it as before: for each that is none any more it ends a working day later,
    at the close of office. Never earlier. For promises that do not follow from their start alone.
    """
    left = sum(map(old.is_working_day, days_between(since, day_of(due_at) + ONE_DAY)))
    day = add_working_days(since - ONE_DAY, left, new)
    return new.closes(day) if left and day > day_of(due_at) else landed(due_at, new)


def moved(anew: Due, promised: Due, at: datetime, ground: str) -> Due:
    """Return *anew*, counted from the start by the new calendar, with what was promised before it."""
    lines = (*anew.trace[:-1], _moved(promised, at, ground))
    return replace(anew, trace=(*sorted(lines, key=lambda line: line.at), anew.trace[-1]))


def moved_on(promised: Due, to: datetime, calendar: Calendar, at: datetime, ground: str) -> Due:
    """Return *promised* moved at the moment *at* to *to*: its trace until then stays."""
    kept = [line for line in promised.trace[:-1] if line.at <= at]
    return Due(to, (*kept, *_carrying(promised, to, calendar, at, ground)))


def _carrying(promised: Due, to: datetime, calendar: Calendar, at: datetime, ground: str) -> Iterator[Line]:
    yield _moved(promised, at, ground)
    yield from rests(day_of(at) + ONE_DAY, day_of(to), calendar)
    yield Line(to, CARRIED, {}, "", ground)


def _moved(promised: Due, at: datetime, ground: str) -> Line:
    was = {"was": f"{day_of(promised.at):%d/%m/%Y}"}
    return Line(at.replace(microsecond=0), _MOVED, was, "", ground)
