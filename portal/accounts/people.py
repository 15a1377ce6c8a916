"""Reads for whoever administers: offices with their staff, one account, the holders of a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.accounts.appointments import in_force
from portal.accounts.identity import kind_of
from portal.accounts.models import Account, Actor, Appointment, IdentityLevel, Office
from portal.accounts.registration import KIND
from portal.ground import ledger
from portal.ground.errors import NotFound
from portal.ground.sealing import keys_of


@dataclass(frozen=True)
class OfficeLine:
    """An office and how many people hold a role there."""

    office: Office
    people: int


def offices(session: Session, day: date) -> list[OfficeLine]:
    """Every office by kind and name, with the number of people appointed there on *day*."""
    held = sa.and_(Appointment.office_id == Office.id, in_force(day))
    people = sa.func.count(sa.distinct(Appointment.account_id))
    rows = select(Office, people).outerjoin(Appointment, held).group_by(Office.id)
    return [OfficeLine(office, count) for office, count in session.execute(rows.order_by(Office.code))]


def staff_of(session: Session, office_id: int) -> Sequence[Appointment]:
    """Every appointment at an office, past ones too, by the person's name."""
    held = select(Appointment).join(Appointment.account).where(Appointment.office_id == office_id)
    by_name = held.order_by(Account.full_name, Appointment.from_on)
    return session.scalars(by_name.options(joinedload(Appointment.account))).all()


def unappointed(session: Session) -> Sequence[Account]:
    """Open staff accounts that hold no appointment at all."""
    never = ~Account.appointments.any()
    staff = select(Account).where(Account.sign_in_name.is_not(None), Account.closed_at.is_(None), never)
    return session.scalars(staff.order_by(Account.full_name)).all()


def staff_account(session: Session, uid: str) -> Account:
    """One staff account with its appointments and their offices; raises NotFound."""
    held = selectinload(Account.appointments).joinedload(Appointment.office)
    query = select(Account).where(Account.uid == uid, Account.sign_in_name.is_not(None)).options(held)
    return _found(session.scalar(query))


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


def _found(account: Account | None) -> Account:
    if account is None:
        raise NotFound
    return account
