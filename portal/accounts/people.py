"""Reads for whoever administers: lists of offices and staff, one account, the holders of a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.accounts.appointments import in_force
from portal.accounts.identity import kind_of
from portal.accounts.models import Account, Actor, Appointment, IdentityLevel, Office, OfficeKind, Role
from portal.accounts.registration import KIND
from portal.ground import ledger
from portal.ground.errors import NotFound
from portal.ground.sealing import keys_of
from portal.ground.text import fold

ROWS = 50
"""How many offices or accounts a page of a list holds."""

Row = TypeVar("Row")


@dataclass(frozen=True)
class OfficeLine:
    """An office and how many people hold a role there."""

    office: Office
    people: int


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for: words of names and codes, a kind or one office, a role, none at all."""

    words: str = ""
    kind: OfficeKind | None = None
    office_id: int | None = None
    role: Role | None = None
    without_role: bool = False


@dataclass(frozen=True)
class Part(Generic[Row]):
    """One page of a list, and how many rows the whole list has; pages count from 1."""

    rows: list[Row]
    total: int
    page: int

    @property
    def first(self) -> int:
        """The number of the first row here in the whole list."""
        return (self.page - 1) * ROWS + 1

    @property
    def last(self) -> int:
        """The number of the last row here."""
        return min(self.page * ROWS, self.total)


def office_list(session: Session, day: date, wanted: Wanted, page: int = 1) -> Part[OfficeLine]:
    """The offices that are wanted, by code, with the number of people appointed there on *day*."""
    held = sa.and_(Appointment.office_id == Office.id, in_force(day), Account.closed_at.is_(None))
    people = sa.func.count(sa.distinct(Appointment.account_id))
    here = _named(Office.searched, wanted.words)
    if wanted.kind:
        here.append(Office.kind == wanted.kind)
    inside = select(people).join(Appointment.account).where(held).correlate(Office).scalar_subquery()
    rows = select(Office, inside).where(*here).order_by(Office.code)
    total = session.scalars(select(sa.func.count(Office.id)).where(*here)).one()
    found = session.execute(_page(rows, page))
    return Part([OfficeLine(office, count) for office, count in found], total, page)


def staff_list(session: Session, day: date, wanted: Wanted, page: int = 1) -> Part[Account]:
    """The staff accounts that are wanted, by name, with their appointments; roles count on *day*."""
    here = [Account.sign_in_name.is_not(None), *_named(Account.searched, wanted.words)]
    if wanted.without_role:
        here += [Account.closed_at.is_(None), ~Account.appointments.any(_lasts(day))]
    if wanted.office_id or wanted.role:
        here.append(Account.appointments.any(sa.and_(in_force(day), *_seat(wanted))))
    total = session.scalars(select(sa.func.count(Account.id)).where(*here)).one()
    held = selectinload(Account.appointments).joinedload(Appointment.office)
    rows = select(Account).where(*here).order_by(Account.searched, Account.id).options(held)
    return Part(list(session.scalars(_page(rows, page))), total, page)


def offices(session: Session, day: date) -> list[OfficeLine]:
    """Every office by code, with the number of people appointed there on *day*."""
    held = sa.and_(Appointment.office_id == Office.id, in_force(day))
    people = sa.func.count(sa.distinct(Appointment.account_id))
    rows = select(Office, people).outerjoin(Appointment, held).group_by(Office.id)
    return [OfficeLine(office, count) for office, count in session.execute(rows.order_by(Office.code))]


def choices(session: Session, day: date) -> Sequence[Office]:
    """Every office that works on *day* or will, by name: what a role is given at."""
    lasts = sa.or_(Office.to_on.is_(None), Office.to_on >= day)
    return session.scalars(select(Office).where(lasts).order_by(Office.name, Office.code)).all()


def staff_of(session: Session, office_id: int) -> Sequence[Appointment]:
    """Every appointment at an office, past ones too, by the person's name."""
    held = select(Appointment).join(Appointment.account).where(Appointment.office_id == office_id)
    by_name = held.order_by(Account.full_name, Appointment.from_on)
    return session.scalars(by_name.options(joinedload(Appointment.account))).all()


def staff_account(session: Session, uid: str) -> Account:
    """One staff account with its appointments and their offices; raises NotFound."""
    held = selectinload(Account.appointments).joinedload(Appointment.office)
    query = select(Account).where(Account.uid == uid, Account.sign_in_name.is_not(None)).options(held)
    return _found(session.scalar(query))


def staff_named(session: Session, sign_in_name: str) -> Account | None:
    """The open staff account of a sign-in name."""
    name = sign_in_name.strip().casefold()
    return session.scalar(select(Account).where(Account.sign_in_name == name, Account.closed_at.is_(None)))


def citizen(session: Session, uid: str) -> Account:
    """One citizen's account; raises NotFound."""
    return _found(session.scalar(select(Account).where(Account.uid == uid, Account.sign_in_name.is_(None))))


def holders(session: Session, number: str) -> Sequence[Account]:
    """The open citizens' accounts that declare *number*, proven ones first; Refused when it is no number."""
    kind_of(number)
    index = keys_of(session).index(number.replace(" ", ""))
    proven = sa.case((Account.identity_level == IdentityLevel.SELF_DECLARED, 1), else_=0)
    open_ones = (Account.identity_index == index, Account.closed_at.is_(None), Account.sign_in_name.is_(None))
    return session.scalars(select(Account).where(*open_ones).order_by(proven, Account.id).limit(20)).all()


def note_looked_up(session: Session, found: Sequence[Account], *, by: Actor, at: datetime) -> None:
    """Record on each account that was found by its number who looked, and for which office."""
    for account in found:
        deed = ledger.Deed(KIND, account.id, "looked_up", details={"office": by.office_id})
        ledger.append(session, deed, by=by, at=at)


def _named(searched: Any, words: str) -> list[sa.ColumnElement[bool]]:
    """Every word stands somewhere in the folded text."""
    return [searched.contains(word, autoescape=True) for word in fold(words).split()[:8]]


def _seat(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    at_office = [Appointment.office_id == wanted.office_id] if wanted.office_id else []
    return [*at_office, *([Appointment.role == wanted.role] if wanted.role else [])]


def _lasts(day: date) -> sa.ColumnElement[bool]:
    """In force on *day*, or to come."""
    return sa.or_(Appointment.to_on.is_(None), Appointment.to_on >= day)


def _page(rows: sa.Select[Any], page: int) -> sa.Select[Any]:
    return rows.limit(ROWS).offset((page - 1) * ROWS)


def _found(account: Account | None) -> Account:
    if account is None:
        raise NotFound
    return account
