"""Signed-in browsers: opened, found by their token, used under one appointment at a time, ended."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Account, AccountSession, Actor, Appointment, Role
from portal.ground.errors import NotAllowed
from portal.ground.working_time import ZONE

TOUCH_EVERY = timedelta(minutes=1)
"""How stale the last-seen moment may be before it is written again."""


@dataclass(frozen=True)
class Lifetime:
    """How long a session lives unused, and at all."""

    idle: timedelta
    whole: timedelta


def open_session(
    session: Session,
    account: Account,
    *,
    at: datetime,
    appointment: Appointment | None = None,
    browser: str = "",
) -> str:
    """Sign *account* in and return the token for the cookie: 256 random bits, stored only as a hash."""
    token = secrets.token_urlsafe(32)
    row = AccountSession(
        token_hash=_hash(token),
        account_id=account.id,
        appointment_id=appointment.id if appointment else None,
        browser=browser[:200],
        began_at=at,
        seen_at=at,
    )
    session.add(row)
    return token


def find(session: Session, token: str, *, at: datetime, lifetime: Lifetime) -> AccountSession | None:
    """The living session of *token*: not ended nor idle too long, account open, appointment in force."""
    query = select(AccountSession).where(
        AccountSession.token_hash == _hash(token), AccountSession.ended_at.is_(None)
    )
    whole = (
        joinedload(AccountSession.account),
        joinedload(AccountSession.appointment).joinedload(Appointment.office),
    )
    row = session.scalar(query.options(*whole))
    return row if row and _lives(row, at, lifetime) else None


def needs_touch(row: AccountSession, at: datetime) -> bool:
    """Whether the last-seen moment of *row* is worth writing again."""
    return at - row.seen_at > TOUCH_EVERY


def touch(session: Session, session_id: int, at: datetime) -> None:
    """Note that the session was used at *at*."""
    session.execute(update(AccountSession).where(AccountSession.id == session_id).values(seen_at=at))


def switch(session: Session, session_id: int, appointment_id: int | None, *, at: datetime) -> None:
    """Act under another of one's own appointments, or as a citizen (None); raises NotAllowed."""
    row = session.get_one(AccountSession, session_id)
    chosen = session.get(Appointment, appointment_id) if appointment_id else None
    mine = chosen is not None and chosen.account_id == row.account_id and chosen.holds_on(_day(at))
    if appointment_id and not mine:
        raise NotAllowed
    row.appointment_id = appointment_id


def end(session: Session, session_id: int, *, at: datetime) -> None:
    """Sign this browser out."""
    session.execute(update(AccountSession).where(AccountSession.id == session_id).values(ended_at=at))


def end_all(session: Session, account_id: int, *, at: datetime) -> None:
    """Sign every browser of the account out, at once."""
    living = (AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
    session.execute(update(AccountSession).where(*living).values(ended_at=at))


def actor_of(row: AccountSession) -> Actor:
    """Who acts in this session, as a plain value."""
    account, held = row.account, row.appointment
    return Actor(
        account_id=account.id,
        name=account.full_name,
        role=held.role if held else Role.CITIZEN,
        appointment_id=held.id if held else None,
        office_id=held.office_id if held else None,
        office_name=held.office.name if held else "",
        identity_index=account.identity_index,
    )


def _lives(row: AccountSession, at: datetime, lifetime: Lifetime) -> bool:
    fresh = at - row.seen_at <= lifetime.idle and at - row.began_at <= lifetime.whole
    in_force = row.appointment is None or row.appointment.holds_on(_day(at))
    return fresh and in_force and row.account.closed_at is None


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
