"""Signed-in browsers: opened, found by their token, used under one appointment at a time, ended."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Account, AccountSession, Actor, Appointment, Role
from portal.ground.errors import NotAllowed

TOUCH_EVERY = timedelta(minutes=1)
"""How stale the last-seen moment may be before it is written again."""

CONFIRMED_FOR = timedelta(minutes=10)
"""How long after showing password and factor somebody may change them, by the wall clock."""


@dataclass(frozen=True)
class Lifetime:
    """How long a session lives unused, in some roles longer or shorter than usual, and at all."""

    idle: timedelta
    whole: timedelta
    idle_as: Mapping[Role, timedelta] = field(default_factory=dict)

    def idle_in(self, role: Role) -> timedelta:
        """How long a session may rest whose person acts in *role*."""
        return self.idle_as.get(role, self.idle)


def open_session(
    session: Session,
    account: Account,
    *,
    at: datetime,
    appointment: Appointment | None = None,
    browser: str = "",
    with_factor: bool = False,
) -> str:
    """Sign *account* in and return the token for the cookie: 256 random bits, stored only as a hash.

    with_factor: whether a second factor was shown as well.
    """
    token = new_token()
    row = AccountSession(
        token_hash=hash_of(token),
        account_id=account.id,
        appointment_id=appointment.id if appointment else None,
        browser=browser[:200],
        began_at=at,
        seen_at=at,
        confirmed_at=at,
        factor_at=at if with_factor else None,
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
        AccountSession.token_hash == hash_of(token), AccountSession.ended_at.is_(None)
    )
    whole = (
        joinedload(AccountSession.account),
        joinedload(AccountSession.appointment).joinedload(Appointment.office),
    )
    row = session.scalar(query.options(*whole))
    return row if row and _lives(row, at, lifetime) and _may_act(row, today) else None


def owner_of(session: Session, token: str) -> int | None:
    """The account that *token* was given to, though its session may have ended; None for a strange token."""
    owner = select(AccountSession.account_id).where(AccountSession.token_hash == hash_of(token))
    return session.scalar(owner)


def living(session: Session, account_id: int, *, at: datetime, lifetime: Lifetime) -> list[AccountSession]:
    """The sessions of an account that are still good at *at*, last used first."""
    mine = (AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
    rows = select(AccountSession).where(*mine, AccountSession.began_at >= at - lifetime.whole)
    acting = rows.options(joinedload(AccountSession.appointment)).order_by(AccountSession.seen_at.desc())
    return [row for row in session.scalars(acting) if _lives(row, at, lifetime)]


def is_confirmed(confirmed_at: datetime | None, at: datetime) -> bool:
    """Whether password and factor were shown so lately that they may be changed."""
    return confirmed_at is not None and at - confirmed_at <= CONFIRMED_FOR


def confirm(session: Session, session_id: int, *, at: datetime, with_factor: bool) -> None:
    """Note that the person has shown the password again, and a second factor *with_factor*."""
    row = session.get_one(AccountSession, session_id)
    row.confirmed_at, row.factor_at = at, at if with_factor else row.factor_at


def renew(session: Session, session_id: int) -> str:
    """Give a session whose rights grow a new token, and return it; a copy of the old one is worthless."""
    token = new_token()
    session.get_one(AccountSession, session_id).token_hash = hash_of(token)
    return token


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


def purge(session: Session, before: datetime) -> None:
    """Delete the sessions that were last used before *before*, ended or not."""
    session.execute(delete(AccountSession).where(AccountSession.seen_at < before))


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
    role = row.appointment.role if row.appointment else Role.CITIZEN
    return at - row.seen_at <= lifetime.idle_in(role) and at - row.began_at <= lifetime.whole


def _may_act(row: AccountSession, today: date) -> bool:
    in_force = row.appointment is None or row.appointment.holds_on(today)
    return in_force and row.account.closed_at is None


def new_token() -> str:
    """256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
