"""Signed-in browsers: opened, found by their token, used under one appointment at a time, ended."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Account, AccountSession, Actor, Appointment, Role
from portal.ground.errors import NotAllowed

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


def find(
    session: Session, token: str, *, at: datetime, today: date, lifetime: Lifetime
) -> AccountSession | None:
    """The living session of *token*: not ended nor idle too long, account open, appointment in force.

    at: the wall clock, which sessions live by; today: the portal's day, which appointments hold on.
    """
    query = select(AccountSession).where(
        AccountSession.token_hash == _hash(token), AccountSession.ended_at.is_(None)
    )
    whole = (
        joinedload(AccountSession.account),
        joinedload(AccountSession.appointment).joinedload(Appointment.office),
    )
    row = session.scalar(query.options(*whole))
    return row if row and _lives(row, at, lifetime) and _may_act(row, today) else None


def owner_of(session: Session, token: str) -> int | None:
    """The account that *token* was given to, though its session may have ended; None for a strange token."""
    return session.scalar(select(AccountSession.account_id).where(AccountSession.token_hash == _hash(token)))


def living(session: Session, account_id: int, *, at: datetime, lifetime: Lifetime) -> list[AccountSession]:
    """The sessions of an account that are still good at *at*, last used first."""
    mine = (AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
    fresh = (AccountSession.seen_at >= at - lifetime.idle, AccountSession.began_at >= at - lifetime.whole)
    rows = select(AccountSession).where(*mine, *fresh).order_by(AccountSession.seen_at.desc())
    return list(session.scalars(rows))


def needs_touch(row: AccountSession, at: datetime) -> bool:
    """Whether the last-seen moment of *row* is worth writing again."""
    return at - row.seen_at > TOUCH_EVERY


def touch(session: Session, session_id: int, at: datetime) -> None:
    """Note that the session was used at *at*."""
    session.execute(update(AccountSession).where(AccountSession.id == session_id).values(seen_at=at))


def switch(session: Session, session_id: int, appointment_id: int | None, *, today: date) -> Role:
    """Act under another of one's own appointments, or as a citizen (None); return the role then held.

    Raises NotAllowed for an appointment of somebody else, or not in force on *today*.
    """
    row = session.get_one(AccountSession, session_id)
    chosen = session.get(Appointment, appointment_id) if appointment_id else None
    mine = chosen is not None and chosen.account_id == row.account_id and chosen.holds_on(today)
    if appointment_id and not mine:
        raise NotAllowed
    row.appointment_id = appointment_id
    return chosen.role if chosen else Role.CITIZEN


def end(session: Session, session_id: int, *, at: datetime) -> None:
    """Sign this browser out."""
    session.execute(update(AccountSession).where(AccountSession.id == session_id).values(ended_at=at))


def end_one_of(session: Session, account_id: int, session_id: int, *, at: datetime) -> None:
    """Sign one browser of the account out; another account's session stays as it is."""
    one = (AccountSession.id == session_id, AccountSession.account_id == account_id)
    session.execute(update(AccountSession).where(*one).values(ended_at=at))


def end_all(session: Session, account_id: int, *, at: datetime, but: int | None = None) -> None:
    """Sign every browser of the account out at once, except the session *but*."""
    open_ones = (AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
    ending = update(AccountSession).where(*open_ones, AccountSession.id.is_distinct_from(but))
    session.execute(ending.values(ended_at=at))


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
    return at - row.seen_at <= lifetime.idle and at - row.began_at <= lifetime.whole


def _may_act(row: AccountSession, today: date) -> bool:
    in_force = row.appointment is None or row.appointment.holds_on(today)
    return in_force and row.account.closed_at is None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
