"""Who gave which right to whom and when, read from the ledger: of one person, of one office."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import appointments, establishment, registration
from portal.accounts.models import Account, Office, Role
from portal.ground.ledger import LedgerEntry
from portal.ground.words import N_, Labelled

MOST = 300
"""How many entries a page of a history shows, the newest."""


class Deed(Labelled):
    """What is told on the pages of rights; other moves of an account are its owner's business."""

    APPOINT = "appoint", N_("Giao vai")
    END = "end", N_("Ghi ngày kết thúc vai")
    CALL_OFF = "call_off", N_("Hủy vai chưa bắt đầu")
    ENROL = "enrol", N_("Mở tài khoản")
    RESET = "reset", N_("Cấp mật khẩu dùng một lần")
    END_SESSIONS = "end_sessions", N_("Kết thúc mọi phiên")
    CLOSE_ACCOUNT = "close_account", N_("Đóng tài khoản")
    FOUND = "found", N_("Lập cơ quan")
    CHANGE = "change", N_("Sửa thông tin")
    HOURS = "hours", N_("Đổi giờ làm việc")
    SERVE = "serve", N_("Đổi địa bàn phục vụ")
    CLOSE = "close", N_("Đóng cơ quan")


@dataclass(frozen=True)
class Told:
    """One entry as it is read: what, about whom, which seat and days, why, by whom ("" is the operator)."""

    at: datetime
    deed: Deed
    by: str
    person: str = ""
    role: Role | None = None
    office: str = ""
    from_on: date | None = None
    to_on: date | None = None
    reason: str = ""
    details: Mapping[str, Any] | None = None


def of_person(session: Session, account: Account) -> list[Told]:
    """What was given to and taken from a person, the newest first."""
    grants = sa.and_(LedgerEntry.kind == appointments.KIND, LedgerEntry.aggregate == str(account.id))
    own = sa.and_(LedgerEntry.kind == registration.KIND, LedgerEntry.aggregate == str(account.id))
    return _told(session, sa.or_(grants, sa.and_(own, LedgerEntry.move.in_(_ACCOUNT_MOVES))))


def of_office(session: Session, office: Office) -> list[Told]:
    """What an administrator changed about an office, and who was appointed there, the newest first."""
    here = f" {office.code}"
    states = [
        state.endswith(here, autoescape=True) for state in (LedgerEntry.from_state, LedgerEntry.to_state)
    ]
    grants = sa.and_(LedgerEntry.kind == appointments.KIND, sa.or_(*states))
    own = sa.and_(LedgerEntry.kind == establishment.KIND, LedgerEntry.aggregate == str(office.id))
    return _told(session, sa.or_(own, grants))


_ACCOUNT_MOVES = (Deed.ENROL, Deed.RESET, Deed.END_SESSIONS, "close")


def _told(session: Session, which: sa.ColumnElement[bool]) -> list[Told]:
    newest = select(LedgerEntry).where(which).order_by(LedgerEntry.at.desc(), LedgerEntry.id.desc())
    entries = session.scalars(newest.limit(MOST)).all()
    names, offices = _names(session, entries), _offices(session, entries)
    return [_one(entry, names, offices) for entry in entries]


def _one(entry: LedgerEntry, names: Mapping[int, str], offices: Mapping[str, str]) -> Told:
    is_grant = entry.kind == appointments.KIND
    role, code = _seat(entry)
    is_closing = entry.kind == registration.KIND and entry.move == "close"
    return Told(
        at=entry.at,
        deed=Deed.CLOSE_ACCOUNT if is_closing else Deed(entry.move),
        by=names.get(entry.account_id, ""),
        person=names.get(int(entry.aggregate), "") if entry.kind != establishment.KIND else "",
        role=role,
        office=offices.get(code, code),
        from_on=_day(entry.details.get("from_on")) if is_grant else None,
        to_on=_day(entry.details.get("to_on")) if is_grant else None,
        reason=entry.reason,
        details=entry.details if entry.kind == establishment.KIND else None,
    )


def _seat(entry: LedgerEntry) -> tuple[Role | None, str]:
    """The role and the code of the office that a grant names in its state."""
    if entry.kind != appointments.KIND:
        return None, ""
    role, _space, code = (entry.to_state or entry.from_state).partition(" ")
    return Role(role), code


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def _names(session: Session, entries: Sequence[LedgerEntry]) -> dict[int, str]:
    about = {int(entry.aggregate) for entry in entries if entry.kind != establishment.KIND}
    known = about | {entry.account_id for entry in entries}
    rows = session.execute(select(Account.id, Account.full_name).where(Account.id.in_(known)))
    return {row.id: row.full_name for row in rows}


def _offices(session: Session, entries: Iterable[LedgerEntry]) -> dict[str, str]:
    codes = {code for entry in entries if (code := _seat(entry)[1])}
    rows = session.execute(select(Office.code, Office.name).where(Office.code.in_(codes)))
    return {row.code: row.name for row in rows}
