"""Special days as an administrator keeps them: entered, changed and ended, every version on the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.authority import require_admin
from portal.accounts.calendars import CalendarDay
from portal.accounts.models import Account, Actor
from portal.ground import ledger
from portal.ground.errors import Refused, WrongState
from portal.ground.ledger import LedgerEntry
from portal.ground.text import clean
from portal.ground.words import N_
from portal.ground.working_time import DayKind, day_of

KIND = "calendar"
"""Kind of the ledger chains of special days, one chain a day."""

FARTHEST = timedelta(days=5 * 366)
"""No day beyond is entered: the government announces one year at a time, and a typed year may be wrong."""


_SATURDAY = 5


@dataclass(frozen=True)
class Wanted:
    """What a day shall be and why; kind None ends it, so that it is an ordinary day of its weekday.

    kept: how many promises would come out differently and are kept as they are; moving: how many are moved
    to a later moment, on the *ground* that the citizens read.
    """

    day: date
    kind: DayKind | None
    note: str = ""
    source: str = ""
    reason: str = ""
    kept: int = 0
    moving: int = 0
    ground: str = ""


@dataclass(frozen=True)
class Version:
    """What was done to a day: who, when, why, and what the day has been since; kind None for an end.

    kept, moving: how many promises would have come out differently and were kept, or were to be moved.
    """

    entry_id: int
    at: datetime
    who: str
    reason: str
    kind: DayKind | None
    note: str
    source: str
    kept: int
    moving: int


def enter(session: Session, wanted: Wanted, *, by: Actor, at: datetime) -> LedgerEntry:
    """Enter a day that is not special now, and return the entry that says so.

    Raises NotAllowed, Refused, WrongState when it already is.
    """
    wanted = _checked(wanted, by, at)
    row = find(session, wanted.day)
    if row is not None and row.ended_at is None:
        raise WrongState(N_("Ngày này đã có trong lịch. Hãy mở ngày đó để sửa."))
    entry = _record(session, "enter", row, wanted, by=by, at=at)
    if row is None:
        row = CalendarDay(day=wanted.day)
        session.add(row)
    _assign(row, wanted, at)
    return entry


def change(session: Session, row: CalendarDay, wanted: Wanted, *, by: Actor, at: datetime) -> LedgerEntry:
    """Change a special day, or end it where *wanted* has no kind; raises as enter, Refused for no change."""
    wanted = _checked(wanted, by, at)
    if row.ended_at is not None:
        raise WrongState(N_("Ngày này đã thôi áp dụng trong lúc bạn sửa."))
    if (row.kind, row.note, row.source) == (wanted.kind, wanted.note, wanted.source):
        raise Refused(N_("Chưa có gì thay đổi."))
    entry = _record(session, "change" if wanted.kind else "end", row, wanted, by=by, at=at)
    _assign(row, wanted, at)
    return entry


def require_possible(wanted: Wanted, at: datetime) -> None:
    """Refuse a day that has passed or is too far off, and a make-up day in the week; raises Refused."""
    if wanted.day < day_of(at):
        raise Refused(N_("Lịch chỉ đổi từ hôm nay trở đi: ngày đã qua được tính như lúc đó."))
    if wanted.day > day_of(at) + FARTHEST:
        raise Refused(N_("Ngày này còn quá xa; hãy xem lại năm."))
    if wanted.kind is DayKind.MAKE_UP and wanted.day.weekday() < _SATURDAY:
        raise Refused(N_("Chỉ thứ Bảy hoặc Chủ nhật mới thành ngày làm bù."))


def promises_said(kept: int, moving: int, ground: str) -> dict[str, Any]:
    """What the ledger says of the promises that a change of the calendar would give differently."""
    return {"kept": kept, "moving": moving, "ground": ground} if moving else {"kept": kept}


def find(session: Session, day: date) -> CalendarDay | None:
    """The special day, also one that was ended; None when nobody ever entered it."""
    return session.scalar(select(CalendarDay).where(CalendarDay.day == day))


def of_year(session: Session, year: int) -> Sequence[CalendarDay]:
    """The special days of a year in order, ended ones among them."""
    inside = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return session.scalars(select(CalendarDay).where(inside).order_by(CalendarDay.day)).all()


def years(session: Session) -> list[int]:
    """The years that have special days, in order."""
    year = sa.extract("year", CalendarDay.day)
    return [int(found) for found in session.scalars(select(year).distinct().order_by(year))]


def history(session: Session, day: date) -> list[Version]:
    """What was done to a day, the newest first; nothing for a day that is as it was first entered."""
    entries = ledger.history(session, KIND, day.isoformat())
    accounts = select(Account.id, Account.full_name).where(
        Account.id.in_({one.account_id for one in entries})
    )
    names = {row.id: row.full_name for row in session.execute(accounts)}
    return [_version(one, names.get(one.account_id, "")) for one in reversed(entries)]


def _checked(wanted: Wanted, by: Actor, at: datetime) -> Wanted:
    """What is wanted with its words cleaned, or the refusal."""
    require_admin(by)
    require_possible(wanted, at)
    note, source = (clean(wanted.note), clean(wanted.source)) if wanted.kind else ("", "")
    reason = clean(wanted.reason)
    if not reason or (wanted.kind and not (note and source)):
        raise Refused(N_("Một ngày đặc biệt cần tên, căn cứ và lý do."))
    return replace(wanted, note=note, source=source, reason=reason)


def _record(
    session: Session, move: str, row: CalendarDay | None, wanted: Wanted, *, by: Actor, at: datetime
) -> LedgerEntry:
    """Append the version to the chain of its day, with what it replaces."""
    was = row if row is not None and row.ended_at is None else None
    before = {"note": was.note, "source": was.source} if was else {}
    now = {"note": wanted.note, "source": wanted.source} if wanted.kind else {}
    deed = ledger.Deed(
        KIND,
        wanted.day.isoformat(),
        move,
        from_state=was.kind if was else "",
        to_state=wanted.kind or "",
        reason=wanted.reason,
        details={"before": before, "now": now} | promises_said(wanted.kept, wanted.moving, wanted.ground),
    )
    return ledger.append(session, deed, by=by, at=at)


def _assign(row: CalendarDay, wanted: Wanted, at: datetime) -> None:
    if wanted.kind is None:
        row.ended_at = at
        return
    row.kind, row.note, row.source = wanted.kind, wanted.note, wanted.source
    row.ended_at = None


def _version(entry: LedgerEntry, who: str) -> Version:
    kind = DayKind(entry.to_state) if entry.to_state else None
    now, said = entry.details["now"], entry.details
    note, source = now.get("note", ""), now.get("source", "")
    return Version(
        entry.id, entry.at, who, entry.reason, kind, note, source, said["kept"], said.get("moving", 0)
    )
