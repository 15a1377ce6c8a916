"""When an office is open: weekly hours, periods, holidays and make-up days. Pure; knows no database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from portal.ground.words import N_, Labelled

ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Vietnam's clock; a fixed offset is right for every day since 1975 and needs no zone files."""

OFFICE_HOURS = N_("Giờ làm việc của cơ quan")
WEEKLY_REST = N_("Nghỉ hằng tuần")

ONE_DAY = timedelta(days=1)
_HORIZON_DAYS = 400

Span = tuple[time, time]
Week = Mapping[int, tuple[Span, ...]]

USUAL_WEEK: Week = dict.fromkeys(range(5), ((time(7, 30), time(11, 30)), (time(13, 30), time(17))))
"""Office hours where nobody set others: Monday to Friday, in two halves."""


class DayKind(Labelled):
    """Why a day differs from its weekday."""

    HOLIDAY = "holiday", N_("Nghỉ lễ")
    EXCHANGED_OFF = "exchanged_off", N_("Nghỉ hoán đổi")
    MAKE_UP = "make_up", N_("Làm bù")


@dataclass(frozen=True)
class Note:
    """The name of a day and the text that made it so."""

    name: str
    source: str = ""


@dataclass(frozen=True)
class Period:
    """Hours that replace the usual ones from a day to a day, both included."""

    from_on: date
    to_on: date
    week: Week


@dataclass(frozen=True)
class Calendar:
    """When an office is open: hours by weekday (Monday is 0), other hours in periods, special days by date.

    The spans of a weekday are in order and do not overlap. A make-up day has the hours of a day from Monday
    to Friday.
    """

    hours: Week = field(default_factory=lambda: USUAL_WEEK)
    days: Mapping[date, DayKind] = field(default_factory=dict)
    notes: Mapping[date, Note] = field(default_factory=dict)
    periods: tuple[Period, ...] = ()

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the open spans of *day* in local time; none on a day of rest."""
        week, kind = self.week(day), self.days.get(day)
        if kind is None:
            return week.get(day.weekday(), ())
        return _monday_to_friday(week) if kind is DayKind.MAKE_UP else ()

    def week(self, day: date) -> Week:
        """Return the hours by weekday that hold on *day*, special day or not."""
        return next((p.week for p in self.periods if p.from_on <= day <= p.to_on), self.hours)

    def full_day(self, day: date) -> int:
        """Return the open minutes of a normal day in the week of *day*: its longest; 0 when none is open."""
        return max((_minutes_of(spans) for spans in self.week(day).values()), default=0)

    def open_moments(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the open spans of *day* as moments."""
        return [(moment(day, opens), moment(day, closes)) for opens, closes in self.spans(day)]

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on *day* at all."""
        return bool(self.spans(day))

    def opens(self, day: date) -> datetime:
        """Return the first opening of a working *day*."""
        return moment(day, self.spans(day)[0][0])

    def closes(self, day: date) -> datetime:
        """Return the last closing of a working *day*."""
        return moment(day, self.spans(day)[-1][1])

    def next_working_day(self, day: date) -> date:
        """Return the first working day after *day*; raises ValueError when none comes in over a year."""
        following = days_between(day + ONE_DAY, day + _HORIZON_DAYS * ONE_DAY)
        found = next((d for d in following if self.is_working_day(d)), None)
        if found is None:
            raise ValueError(f"the calendar has no working day after {day}")
        return found

    def next_opening(self, at: datetime) -> datetime:
        """Return *at* itself while the office is open (closing moments included), else the next opening."""
        for opens, closes in self.open_moments(day_of(at)):
            if at <= closes:
                return max(at, opens)
        return self.opens(self.next_working_day(day_of(at)))

    def note(self, day: date) -> Note:
        """Return the name of a special day or a day of rest; an empty one for an ordinary working day."""
        if day in self.days:
            return self.notes.get(day) or Note(self.days[day].label)
        return Note("") if self.is_working_day(day) else Note(WEEKLY_REST, OFFICE_HOURS)

    def with_day(self, day: date, kind: DayKind | None) -> "Calendar":
        """Return this calendar with *day* of that kind, or an ordinary day of its weekday for None."""
        others = {known: its for known, its in self.days.items() if known != day}
        return replace(self, days=others | {day: kind} if kind else others)

    def followed_by(self, other: "Calendar", from_on: date) -> "Calendar":
        """Return this calendar with the hours of *other* from *from_on* on, without end."""
        later = [replace(p, from_on=max(p.from_on, from_on)) for p in other.periods if p.to_on >= from_on]
        return replace(self, periods=(*later, Period(from_on, date.max, other.hours), *self.periods))


def _monday_to_friday(week: Week) -> tuple[Span, ...]:
    return next((week[weekday] for weekday in range(5) if week.get(weekday)), ())


def _minutes_of(spans: tuple[Span, ...]) -> int:
    return sum((closes.hour - opens.hour) * 60 + closes.minute - opens.minute for opens, closes in spans)


def moment(day: date, clock: time = time(0)) -> datetime:
    """Return the moment when *clock* shows on *day* in Vietnam."""
    return datetime.combine(day, clock, ZONE).astimezone(UTC)


def day_of(at: datetime) -> date:
    """Return the day that *at* falls on in Vietnam."""
    return at.astimezone(ZONE).date()


def days_between(first: date, end: date) -> Iterator[date]:
    """Yield the days from *first* until before *end*."""
    return (first + n * ONE_DAY for n in range((end - first).days))


def add_working_days(start: date, days: int, calendar: Calendar) -> date:
    """Return the *days*-th working day after *start*; *start* itself is not counted.

    days: whole working days, >= 0; raises ValueError when negative.
    Source: BLDS 2015 art. 147-148; rest and make-up days from *calendar* (DOMAIN 7.3).
    """
    if days < 0:
        raise ValueError("working days are counted forward")
    for _ in range(days):
        start = calendar.next_working_day(start)
    return start


def open_minutes_between(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Return the whole minutes the office is open from *start* to *end*; negative when *end* comes first."""
    if end < start:
        return -open_minutes_between(end, start, calendar)
    days = days_between(day_of(start), day_of(end) + ONE_DAY)
    spans = (span for day in days for span in calendar.open_moments(day))
    inside = (min(end, closes) - max(start, opens) for opens, closes in spans)
    return sum((part for part in inside if part > timedelta(0)), timedelta(0)) // timedelta(minutes=1)


def open_time_between(one: datetime, other: datetime, calendar: Calendar) -> tuple[int, int]:
    """Return the open time between two moments, whichever comes first, as working days and minutes left over.

    A day is the open time of a normal day of the week of the earlier moment: 7.5 hours in the usual week.
    """
    first, last = sorted((one, other))
    minutes, day = open_minutes_between(first, last, calendar), calendar.full_day(day_of(first))
    return divmod(minutes, day) if day else (0, minutes)
