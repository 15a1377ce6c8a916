"""Hours of an office as an administrator sets them: from a day on, the old ones ended, on the ledger."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.authority import require_admin
from portal.accounts.calendars import OfficeHours
from portal.accounts.establishment import KIND
from portal.accounts.models import Actor, Office
from portal.ground import ledger
from portal.ground.errors import Refused
from portal.ground.ledger import LedgerEntry
from portal.ground.open_hours import ONE_DAY, Span, Week, day_of
from portal.ground.words import N_

HOURS = "hours"
"""The move of an office's chain that changes its hours."""

HOW = N_("Ghi giờ dạng 7:30-11:30, 13:30-17:00; để trống là nghỉ.")
"""How hours are typed."""

_SPAN = re.compile(r"(\d{1,2})[:h](\d{2})\s*[-–]\s*(\d{1,2})[:h](\d{2})", re.ASCII)


def typed_spans(text: str) -> tuple[Span, ...]:
    """Read "7:30-11:30, 13:30-17:00" as spans of a day, in order; "" is a day off. Raises Refused."""
    spans = [_span(part.strip()) for part in re.split(r"[,;]", text) if part.strip()]
    if any(after[0] <= before[1] for before, after in zip(spans, spans[1:], strict=False)):
        raise Refused(N_("Các buổi trong ngày phải theo thứ tự và không chồng nhau."))
    return tuple(spans)


def written_spans(spans: Iterable[Span]) -> str:
    """Write spans as they are typed: 07:30-11:30, 13:30-17:00."""
    return ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans)


def require_possible(from_on: date, at: datetime) -> None:
    """Refuse hours from a day that has passed; raises Refused."""
    if from_on < day_of(at):
        raise Refused(N_("Giờ làm việc chỉ đổi từ hôm nay trở đi: hạn đã tính giữ giờ cũ."))


def set_hours(
    session: Session,
    office: Office,
    week: Week,
    from_on: date,
    promises: Mapping[str, Any] | None = None,
    *,
    by: Actor,
    at: datetime,
) -> LedgerEntry:
    """Give *office* its own hours from *from_on*; an empty week gives back the hours of all offices.

    Rows in force end the day before, rows that were to begin then or later are dropped. promises: what the
    entry, which is returned, says of them (special_days.promises_said). Raises NotAllowed, Refused for a day
    that has passed.
    """
    require_admin(by)
    require_possible(from_on, at)
    said = {str(weekday): written_spans(spans) for weekday, spans in sorted(week.items()) if spans}
    details = {"from_on": from_on.isoformat(), "week": said, **(promises or {})}
    entry = ledger.append(session, ledger.Deed(KIND, office.id, HOURS, details=details), by=by, at=at)
    _end_old(session, office, from_on)
    session.add_all(
        OfficeHours(office_id=office.id, weekday=weekday, opens=opens, closes=closes, from_on=from_on)
        for weekday, spans in week.items()
        for opens, closes in spans
    )
    return entry


def _end_old(session: Session, office: Office, from_on: date) -> None:
    for row in session.scalars(select(OfficeHours).where(OfficeHours.office_id == office.id)):
        if row.from_on >= from_on:
            session.delete(row)
        elif row.to_on is None or row.to_on >= from_on:
            row.to_on = from_on - ONE_DAY


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    hours = [int(number) for number in found.groups()] if found else [24, 0, 24, 0]
    try:
        opens, closes = time(hours[0], hours[1]), time(hours[2], hours[3])
    except ValueError:
        raise Refused(HOW) from None
    if opens >= closes:
        raise Refused(HOW)
    return opens, closes
