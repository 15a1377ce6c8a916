"""Weeks and ledger entries of administration as people read them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.hours import written_spans
from portal.accounts.models import Area, Office
from portal.accounts.rights import Deed, Told
from portal.ground.open_hours import Period, Week
from portal.web import formats
from portal.web.i18n import _

FIELDS = ("name", "address", "phone", "area_code", "parent_id")


@dataclass(frozen=True)
class WeekRow:
    """A week of an office: from when, until when, and its days in words."""

    from_on: date | None
    to_on: date | None
    is_now: bool
    days: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ToldRow:
    """One entry of a history: when, what, details in words, why, by whom."""

    at: datetime
    deed: Deed
    person: str
    what: str
    reason: str
    by: str


def week_rows(weeks: Iterable[Period], today: date) -> list[WeekRow]:
    """Weeks as rows; the ends of all time are no days."""
    return [
        WeekRow(
            week.from_on if week.from_on > date.min else None,
            week.to_on if week.to_on < date.max else None,
            week.from_on <= today,
            tuple(days_of(week.week)),
        )
        for week in weeks
    ]


def days_of(week: Week) -> list[tuple[str, str]]:
    """Monday to Sunday with their hours."""
    return [(name, written_spans(week.get(day, ())) or _("nghỉ")) for day, name in enumerate(weekdays())]


def weekdays() -> tuple[str, ...]:
    """The names of the days from Monday on, each beginning a line."""
    return (
        _("Thứ Hai"), _("Thứ Ba"), _("Thứ Tư"), _("Thứ Năm"), _("Thứ Sáu"), _("Thứ Bảy"), _("Chủ nhật"),
    )  # fmt: skip


def told_rows(session: Session, told: Sequence[Told]) -> list[ToldRow]:
    """Entries in words; areas and offices in them by name."""
    areas, offices = _places(session, told)
    return [
        ToldRow(
            entry.at,
            entry.deed,
            entry.person,
            _seat(entry) if entry.details is None else _change(entry.details, areas, offices),
            entry.reason,
            entry.by,
        )
        for entry in told
    ]


def _seat(entry: Told) -> str:
    """The role, the office and the days of a grant; "" for what concerns the whole account."""
    if entry.role is None:
        return ""
    seat = f"{formats.label(entry.role)}, {entry.office}"
    if entry.from_on and entry.to_on:
        first, last = formats.day(entry.from_on), formats.day(entry.to_on)
        return _("%(seat)s, từ %(first)s đến hết %(last)s", seat=seat, first=first, last=last)
    return _("%(seat)s, từ %(first)s", seat=seat, first=formats.day(entry.from_on)) if entry.from_on else seat


def _change(said: Mapping[str, Any], areas: Mapping[str, str], offices: Mapping[int, str]) -> str:
    """What changed about an office: fields before and after, wards, hours, the last day."""
    names = {
        "name": _("Tên"), "address": _("Địa chỉ"), "phone": _("Điện thoại"), "area_code": _("Địa bàn"),
        "parent_id": _("Cấp trên"),
    }  # fmt: skip

    def worded(field: str, value: Any) -> str:
        known: dict[str, Mapping[Any, str]] = {"area_code": areas, "parent_id": offices}
        return known.get(field, {}).get(value, str(value)) if value else _("trống")

    parts = [
        f"{names[field]}: {worded(field, said[field][0])} → {worded(field, said[field][1])}"
        for field in FIELDS
        if isinstance(said.get(field), list)
    ]
    return "; ".join([*parts, *_wards(said, areas), *_hours(said), *_end(said, offices)])


def _wards(said: Mapping[str, Any], areas: Mapping[str, str]) -> Iterable[str]:
    for key, words in (("added", _("thêm: %(wards)s")), ("dropped", _("bỏ: %(wards)s"))):
        if said.get(key):
            yield words.replace("%(wards)s", ", ".join(areas.get(code, code) for code in said[key]))


def _hours(said: Mapping[str, Any]) -> Iterable[str]:
    if "week" in said:
        yield _("từ %(day)s", day=formats.day(date.fromisoformat(said["from_on"])))
        names = weekdays()
        yield from (f"{names[int(day)]} {hours}" for day, hours in said["week"].items())
        if not said["week"]:
            yield _("theo giờ chung")


def _end(said: Mapping[str, Any], offices: Mapping[int, str]) -> Iterable[str]:
    if "last_on" in said:
        yield _("đến hết ngày %(day)s", day=formats.day(date.fromisoformat(said["last_on"][1])))
        if said["successor"][1]:
            yield _("kế thừa: %(office)s", office=offices.get(said["successor"][1], ""))


def _places(session: Session, told: Sequence[Told]) -> tuple[dict[str, str], dict[int, str]]:
    """The names of all areas and offices that the entries mention."""
    said = [entry.details for entry in told if entry.details]
    codes = {code for one in said for key in ("added", "dropped") for code in one.get(key, ())}
    codes |= {code for one in said for code in _pair(one.get("area_code"))}
    ids = {number for one in said for key in ("parent_id", "successor") for number in _pair(one.get(key))}
    areas = session.execute(select(Area.code, Area.name).where(Area.code.in_(codes)))
    offices = session.execute(select(Office.id, Office.name).where(Office.id.in_(ids)))
    return {row.code: row.name for row in areas}, {row.id: row.name for row in offices}


def _pair(value: Any) -> Iterable[Any]:
    return [number for number in value if number] if isinstance(value, list) else []
