"""Terms and due dates counted in working time. Pure; knows no database.

open_hours tells when an office is open, trace words the explanation; callers find both offered here.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from portal.ground.open_hours import (
    OFFICE_HOURS,
    ONE_DAY,
    USUAL_WEEK,
    ZONE,
    Calendar,
    DayKind,
    Note,
    Period,
    Span,
    Week,
    add_working_days,
    day_of,
    moment,
    open_minutes_between,
    open_time_between,
)
from portal.ground.trace import BEGINS, NOT_COUNTED, Due, Line, rest, rests, stretches, worked
from portal.ground.words import N_, Labelled

__all__ = [
    "USUAL_WEEK",
    "ZONE",
    "Calendar",
    "DayKind",
    "Due",
    "Line",
    "Note",
    "Period",
    "Span",
    "Term",
    "Unit",
    "Week",
    "add_working_days",
    "day_of",
    "due",
    "moment",
    "open_minutes_between",
    "open_time_between",
]

WORKING_DAY_HOURS = 8
"""What a fraction of a working day is a fraction of, whatever the office hours are (DOMAIN 7.3)."""

LONGEST = 10_000
"""No term has more of any unit; the longest real one seen is 300 days."""

SHOWN_ONE_BY_ONE = 10
"""A term of more working days shows them by unbroken stretches."""

_COUNTING_RULE = N_("Bộ luật Dân sự 2015, điều 147")
_LAST_DAY_RULE = N_("Bộ luật Dân sự 2015, điều 148")
_PROCEDURE_RULE = N_("Quy định của thủ tục")


class Unit(Labelled):
    """What a term is counted in."""

    WORKING_DAY = "working_day", N_("ngày làm việc")
    DAY = "day", N_("ngày")
    HOUR = "hour", N_("giờ làm việc")
    MONTH = "month", N_("tháng")
    SAME_DAY = "same_day", N_("trong ngày")


@dataclass(frozen=True)
class Term:
    """How long something may take; ValueError when that can't be counted.

    SAME_DAY ignores the amount: what is received until *cutoff*, to the second, is due the same day.
    """

    amount: Decimal
    unit: Unit
    cutoff: time = time(15)

    def __post_init__(self) -> None:
        if self.unit is Unit.SAME_DAY:
            return
        if not 0 < self.amount <= LONGEST:
            raise ValueError(f"a term of {self.amount} is no usable term")
        if self.unit in (Unit.DAY, Unit.MONTH) and self.amount % 1:
            raise ValueError("calendar days and months are whole numbers")

    @property
    def hours(self) -> Decimal | None:
        """The open hours of a term counted in them, else None."""
        if self.unit is Unit.WORKING_DAY and self.amount % 1:
            return self.amount * WORKING_DAY_HOURS
        return self.amount if self.unit is Unit.HOUR else None


def due(start: datetime, term: Term, calendar: Calendar) -> Due:
    """Return when *term* ends that began at *start*, with its trace.

    start: an aware moment, taken in whole seconds; outside office hours it becomes the next opening.
    Source: DOMAIN 7.3; BLDS 2015 art. 147-148; the same-day rule is the procedure's own.
    """
    if start.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    start = start.astimezone(UTC).replace(microsecond=0)
    begun = calendar.next_opening(start)
    *counted, end = _COUNTS[term.unit](begun, term, calendar)
    lines = [*_waiting(start, begun, calendar), _beginning(begun, term), *counted]
    lines += _unknown_years(begun, end.at, calendar)
    return Due(end.at, (*sorted(lines, key=lambda line: line.at), end))


def _waiting(start: datetime, begun: datetime, calendar: Calendar) -> list[Line]:
    """The way from a start outside office hours to the next opening."""
    if begun == start:
        return []
    what = N_("Ngoài giờ làm việc: tính từ giờ mở cửa tiếp theo")
    return [
        Line(start, what, {}, NOT_COUNTED, OFFICE_HOURS),
        *rests(day_of(start) + ONE_DAY, day_of(begun), calendar),
    ]


_BEGINNINGS = {
    Unit.WORKING_DAY: N_("Bắt đầu tính %(amount)s ngày làm việc; ngày bắt đầu không tính"),
    Unit.DAY: N_("Bắt đầu tính %(amount)s ngày; ngày bắt đầu không tính"),
    Unit.HOUR: N_("Bắt đầu tính %(amount)s giờ làm việc"),
    Unit.MONTH: N_("Bắt đầu tính %(amount)s tháng; ngày bắt đầu không tính"),
}
_FRACTION_BEGINS = N_("Bắt đầu tính %(amount)s ngày làm việc, mỗi ngày 8 giờ: %(hours)s giờ làm việc")


def _beginning(begun: datetime, term: Term) -> Line:
    if term.unit is Unit.SAME_DAY:
        return Line(begun, N_("Bắt đầu tính, trả trong ngày"), {}, BEGINS, _PROCEDURE_RULE)
    params = {"amount": _number(term.amount)}
    if term.unit is Unit.WORKING_DAY and term.hours:
        params["hours"] = _number(term.hours)
        return Line(begun, _FRACTION_BEGINS, params, BEGINS, _COUNTING_RULE)
    return Line(begun, _BEGINNINGS[term.unit], params, BEGINS, _COUNTING_RULE)


def _unknown_years(begun: datetime, end: datetime, calendar: Calendar) -> Iterator[Line]:
    """Say which years have no special day entered; every real one has at least 1 January."""
    known = {day.year for day in calendar.days}
    for year in range(day_of(begun).year, day_of(end).year + 1):
        if year not in known:
            what = N_("Chưa nhập lịch nghỉ lễ năm %(year)s: chưa trừ ngày lễ nào")
            yield Line(max(begun, moment(date(year, 1, 1))), what, {"year": str(year)})


def _count_working_days(begun: datetime, term: Term, calendar: Calendar) -> Iterator[Line]:
    if term.hours:
        yield from _count_hours(begun, term, calendar)
        return
    first = day_of(begun) + ONE_DAY
    last = add_working_days(day_of(begun), int(term.amount), calendar)
    before = 0
    for days in stretches(first, last, calendar, one_by_one=term.amount <= SHOWN_ONE_BY_ONE):
        if calendar.is_working_day(days[0]):
            yield worked(days, before, calendar)
            before += len(days)
        else:
            yield rest(days, calendar)
    yield _end(last, N_("Ngày làm việc thứ %(n)s, hết giờ làm việc: đến hạn"), term, calendar)


def _count_days(begun: datetime, term: Term, calendar: Calendar) -> Iterator[Line]:
    last = day_of(begun) + int(term.amount) * ONE_DAY
    ends = N_("Ngày thứ %(n)s, hết giờ làm việc: đến hạn")
    moves = N_("Ngày thứ %(n)s là ngày nghỉ: chuyển sang ngày làm việc tiếp theo")
    return _land(last, ends, moves, term, calendar)


def _count_months(begun: datetime, term: Term, calendar: Calendar) -> Iterator[Line]:
    last = _months_after(day_of(begun), int(term.amount))
    ends = N_("Tròn %(n)s tháng, hết giờ làm việc: đến hạn")
    moves = N_("Tròn %(n)s tháng là ngày nghỉ: chuyển sang ngày làm việc tiếp theo")
    return _land(last, ends, moves, term, calendar)


def _land(last: date, ends: str, moves: str, term: Term, calendar: Calendar) -> Iterator[Line]:
    """The end of a calendar term: the close of its last day, or of the next working day after a rest."""
    if calendar.is_working_day(last):
        yield _end(last, ends, term, calendar, _LAST_DAY_RULE)
        return
    n = _number(term.amount)
    yield Line(moment(last), moves, {"n": n}, n, _LAST_DAY_RULE)
    yield from _until_next_working_day(last, calendar)


def _count_hours(begun: datetime, term: Term, calendar: Calendar) -> Iterator[Line]:
    hours = term.hours or Decimal(0)
    whole = left = timedelta(seconds=round(hours * 3600))
    day = day_of(begun)
    for opens, closes in _open_from(begun, calendar):
        yield from rests(day + ONE_DAY, day_of(opens), calendar)
        day, end = day_of(opens), min(closes, opens + left)
        left -= end - opens
        span = {"opens": _clock(opens), "closes": _clock(end)}
        yield Line(opens, N_("Mở cửa từ %(opens)s đến %(closes)s"), span, _sum(whole - left), OFFICE_HOURS)
        if not left:
            what = N_("Đủ %(hours)s giờ làm việc: đến hạn")
            yield Line(end, what, {"hours": _number(hours)}, _sum(whole), _LAST_DAY_RULE)
            return


def _count_same_day(begun: datetime, term: Term, calendar: Calendar) -> Iterator[Line]:
    day = day_of(begun)
    params = {"cutoff": f"{term.cutoff:%H:%M}", "received": f"{begun.astimezone(ZONE):%H:%M:%S}"}
    if begun <= moment(day, term.cutoff):
        what = N_("Nhận không muộn hơn %(cutoff)s, hết giờ làm việc trong ngày: đến hạn")
        yield Line(calendar.closes(day), what, params, "", _PROCEDURE_RULE)
        return
    what = N_("Nhận lúc %(received)s, sau %(cutoff)s: trả vào ngày làm việc tiếp theo")
    yield Line(begun, what, params, NOT_COUNTED, _PROCEDURE_RULE)
    yield from _until_next_working_day(day + ONE_DAY, calendar)


_COUNTS: Mapping[Unit, Callable[[datetime, Term, Calendar], Iterator[Line]]] = {
    Unit.WORKING_DAY: _count_working_days,
    Unit.DAY: _count_days,
    Unit.HOUR: _count_hours,
    Unit.MONTH: _count_months,
    Unit.SAME_DAY: _count_same_day,
}


def _end(day: date, what: str, term: Term, calendar: Calendar, source: str = "") -> Line:
    n = _number(term.amount)
    return Line(calendar.closes(day), what, {"n": n}, n, source or calendar.note(day).source or OFFICE_HOURS)


def _until_next_working_day(first: date, calendar: Calendar) -> Iterator[Line]:
    """The rest from *first* on, if any, and the close of the working day after it."""
    end = calendar.next_working_day(first - ONE_DAY)
    yield from rests(first, end, calendar)
    what = N_("Ngày làm việc tiếp theo, hết giờ làm việc: đến hạn")
    yield Line(calendar.closes(end), what, {}, "", calendar.note(end).source or OFFICE_HOURS)


def _open_from(begun: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The open spans from *begun* on, without end."""
    day = day_of(begun)
    while True:
        for opens, closes in calendar.open_moments(day):
            if begun < closes:
                yield max(begun, opens), closes
        day = calendar.next_working_day(day)


def _months_after(day: date, months: int) -> date:
    """The same number so many months later, or the last day of that month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _number(amount: Decimal) -> str:
    return f"{amount:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _clock(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%H:%M}"


def _sum(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    return f"{minutes // 60}:{minutes % 60:02d}"
