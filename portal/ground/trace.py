"""The rows that explain a due date, in plain words with their sources. Pure; counts nothing itself."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, Self

from portal.ground.open_hours import OFFICE_HOURS, WEEKLY_REST, ZONE, Calendar, Note, days_between, moment
from portal.ground.words import N_

BEGINS = N_("bắt đầu")
NOT_COUNTED = N_("không tính")


@dataclass(frozen=True)
class Line:
    """One row: moment (local midnight stands for the whole day), message id, what it counts, source."""

    at: datetime
    what: str
    params: Mapping[str, str] = field(default_factory=dict)
    counted: str = ""
    source: str = ""

    @property
    def sentence(self) -> str:
        """The Vietnamese sentence, its parameters filled in."""
        return self.what % self.params if self.params else self.what


@dataclass(frozen=True)
class Due:
    """A due moment and the rows that lead to it; the last row is the due moment itself."""

    at: datetime
    trace: tuple[Line, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain values for storing and printing; moments in local ISO form."""
        rows = [asdict(line) | {"at": line.at.astimezone(ZONE).isoformat()} for line in self.trace]
        return {"due": self.at.astimezone(ZONE).isoformat(), "trace": rows}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return what to_json was called on."""
        rows = (Line(**row | {"at": _parsed(row["at"])}) for row in stored["trace"])
        return cls(_parsed(stored["due"]), tuple(rows))


def stretches(first: date, end: date, calendar: Calendar, *, one_by_one: bool) -> Iterator[list[date]]:
    """Yield the days until before *end* in runs of one kind and name; or each working day alone."""

    def kind(day: date) -> tuple[Note, bool, date | None]:
        works = calendar.is_working_day(day)
        return calendar.note(day), works, day if works and one_by_one else None

    return (list(run) for _, run in groupby(days_between(first, end), kind))


def rests(first: date, end: date, calendar: Calendar) -> list[Line]:
    """Return a row for each run of days of rest from *first* until before *end*."""
    runs = stretches(first, end, calendar, one_by_one=False)
    return [rest(days, calendar) for days in runs if not calendar.is_working_day(days[0])]


def rest(days: list[date], calendar: Calendar) -> Line:
    """Return the row of one run of days of rest."""
    note = calendar.note(days[0])
    if len(days) == 1:
        return Line(moment(days[0]), note.name, {}, NOT_COUNTED, note.source)
    what = _WEEKENDS if note.name == WEEKLY_REST else N_("%(name)s, đến hết %(until)s")
    params = {"name": note.name, "until": f"{days[-1]:%d/%m/%Y}"}
    return Line(moment(days[0]), what, params, NOT_COUNTED, note.source)


def worked(days: list[date], before: int, calendar: Calendar) -> Line:
    """Return the row of a run of counted working days, the first of them number *before* + 1."""
    note, first, last = calendar.note(days[0]), str(before + 1), str(before + len(days))
    params = {"name": note.name, "first": first, "last": last}
    if len(days) > 1:
        return Line(moment(days[0]), _WORKING_DAYS, params, f"{first}–{last}", note.source or OFFICE_HOURS)
    what = N_("Ngày làm việc thứ %(first)s: %(name)s") if note.name else N_("Ngày làm việc thứ %(first)s")
    return Line(moment(days[0]), what, params, first, note.source or OFFICE_HOURS)


_WEEKENDS = N_("Nghỉ hằng tuần, đến hết %(until)s")
_WORKING_DAYS = N_("Ngày làm việc thứ %(first)s đến thứ %(last)s")


def _parsed(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
