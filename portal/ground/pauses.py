"""What a pause and a new appointment do to a due moment: the new one, with its trace. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from portal.ground.open_hours import OFFICE_HOURS, ONE_DAY, Calendar, day_of
from portal.ground.trace import BEGINS, NOT_COUNTED, Due, Line, rests
from portal.ground.words import N_
from portal.ground.working_time import Unit

BY_THE_CALENDAR = (Unit.DAY, Unit.MONTH)
"""Units whose rest is counted in calendar days; of all others it is counted in open time."""

APPOINTED = N_("Xin lỗi và hẹn lại, một lần; hạn cũ %(was)s")
"""The line of a trace that tells of a day appointed with an apology."""


def resumed(
    promised: Due, unit: Unit, paused_at: datetime, back_at: datetime, calendar: Calendar, why: str
) -> Due:
    """Return when *promised* is due after the clock stood from *paused_at* to *back_at*.

    What was left of the term then is left now: open time for terms in working days and hours, which ends at a
    close of office where the term is in days; calendar days for the others. A promise that was broken before
    the pause stays broken: it comes back unchanged. No pause moves a promise forward, even where the calendar
    has changed meanwhile. why: message id of the ground.
    Source: NĐ 61/2018 art. 17, 19 (stop, payment), law set 2025 for supplements; DOMAIN 7.3, R18.
    """
    paused_at, back_at = (at.astimezone(UTC).replace(microsecond=0) for at in (paused_at, back_at))
    if paused_at >= promised.at:
        return promised
    before = [line for line in promised.trace[:-1] if line.at < paused_at]
    begun = calendar.next_opening(back_at)
    stood = Line(paused_at, why, {}, NOT_COUNTED)
    count = _calendar_days if unit in BY_THE_CALENDAR else _open_time
    counted = list(count(promised.at, paused_at, begun, calendar))
    end = counted.pop()
    if unit is Unit.WORKING_DAY:
        end = replace(end, at=calendar.closes(day_of(end.at)))
    if end.at < promised.at:
        return Due(promised.at, (*before, stood, promised.trace[-1]))
    return Due(end.at, (*before, stood, *counted, end))


def appointed(promised: Due, at: datetime, new_on: date, calendar: Calendar) -> Due:
    """Return *promised* moved, at the moment *at*, to the close of office on *new_on* (form 04; R20).

    Raises ValueError when *new_on* is no working day or not after the day promised.
    """
    if new_on <= day_of(promised.at) or not calendar.is_working_day(new_on):
        raise ValueError(f"{new_on} is no new appointment")
    before = promised.trace[:-1] if promised.trace[-1].at >= at else promised.trace
    kept = [line for line in before if line.at <= at]
    was = {"was": f"{day_of(promised.at):%d/%m/%Y}"}
    moved = Line(at, APPOINTED, was, "", _ONCE)
    end = Line(calendar.closes(new_on), N_("Ngày hẹn lại, hết giờ làm việc: đến hạn"), {}, "", _ONCE)
    return Due(end.at, (*kept, moved, end))


def _open_time(due_at: datetime, paused_at: datetime, begun: datetime, calendar: Calendar) -> Iterator[Line]:
    """Spend, from *begun* on, the open time that was left between the pause and the due moment."""
    left = sum((closes - opens for opens, closes in _open(paused_at, due_at, calendar)), timedelta())
    yield _goes_on(begun, N_("Tính tiếp: khi dừng còn %(left)s giờ làm việc"), _clock(left))
    day, rest_of_it = day_of(begun), left
    while True:
        for opens, closes in calendar.open_moments(day):
            opens = max(opens, begun)
            if opens < closes and opens + rest_of_it <= closes:
                yield Line(opens + rest_of_it, N_("Hết thời gian còn lại: đến hạn"), {}, "", OFFICE_HOURS)
                return
            rest_of_it -= max(closes - opens, timedelta())
        following = calendar.next_working_day(day)
        yield from rests(day + ONE_DAY, following, calendar)
        day = following


def _calendar_days(
    due_at: datetime, paused_at: datetime, begun: datetime, calendar: Calendar
) -> Iterator[Line]:
    """Count, from the day after *begun*, the days that were left on the day of the pause."""
    days = (day_of(due_at) - day_of(paused_at)).days
    yield _goes_on(begun, N_("Tính tiếp: khi dừng còn %(left)s ngày"), str(days))
    last = day_of(begun) + days * ONE_DAY
    if not calendar.is_working_day(last):
        following = calendar.next_working_day(last)
        yield from rests(last, following, calendar)
        last = following
    yield Line(calendar.closes(last), N_("Hết số ngày còn lại, hết giờ làm việc: đến hạn"), {}, "", _LAST_DAY)


def _open(start: datetime, end: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The open spans inside *start* to *end*."""
    day = day_of(start)
    while day <= day_of(end):
        for opens, closes in calendar.open_moments(day):
            if max(opens, start) < min(closes, end):
                yield max(opens, start), min(closes, end)
        day += ONE_DAY


def _goes_on(begun: datetime, what: str, left: str) -> Line:
    return Line(begun, what, {"left": left}, BEGINS, _RESUMES)


def _clock(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    return f"{minutes // 60}:{minutes % 60:02d}"


_RESUMES = N_("Nghị định 61/2018/NĐ-CP, điều 19")
_LAST_DAY = N_("Bộ luật Dân sự 2015, điều 148")
_ONCE = N_("Nghị định 61/2018/NĐ-CP, điều 19")
