"""Who has looked at a dossier, or at anything of a person, as that person reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Actor, Appointment, Office, Role
from portal.accounts.registration import KIND
from portal.dossiers.models import AccessLogEntry, Dossier
from portal.dossiers.queries import visible_to
from portal.dossiers.states import Look
from portal.ground.ledger import LedgerEntry
from portal.ground.words import N_, Labelled

ROWS = 50
"""How many looks a page shows."""

AT_DOSSIER, AT_ACCOUNT = "d", "a"
"""Where a look is kept: in the access log of dossiers, or in the ledger of accounts."""


class AccountLook(Labelled):
    """What an official did with a person's account, as the ledger of accounts names it."""

    LOOKED_UP = "looked_up", N_("Tìm tài khoản bằng số giấy tờ tại quầy")
    RESET = "reset", N_("Đặt lại mật khẩu tại quầy")


@dataclass(frozen=True)
class Seen:
    """One look: when, who in what capacity, at what."""

    at: datetime
    name: str
    role: Role | None
    office: str
    look: Look
    what: str


@dataclass(frozen=True)
class Cursor:
    """A place in the list of all looks: after the one of this moment, source and id."""

    at: datetime
    source: str
    id: int


@dataclass(frozen=True)
class AnyLook:
    """One look at anything of a person: when, who, for whom, at what; no dossier_code for the account."""

    at: datetime
    source: str
    id: int
    name: str
    role: Role | None
    office: str
    look: Look | AccountLook
    what: str
    dossier_code: str

    @property
    def place(self) -> Cursor:
        """Where it stands in the list."""
        return Cursor(self.at, self.source, self.id)


@dataclass(frozen=True)
class LookPage:
    """One page of looks, and the place of the next one, None at the end."""

    rows: tuple[AnyLook, ...]
    after: Cursor | None


def looks_at(session: Session, dossier_id: int, most_pages: int = 100) -> list[Seen]:
    """The looks at a dossier, newest first: the last at its page, all at files, numbers and stops."""
    pages = _looks(session, dossier_id, AccessLogEntry.look == Look.PAGE, most_pages)
    others = _looks(session, dossier_id, AccessLogEntry.look != Look.PAGE, None)
    return sorted([*pages, *others], key=lambda seen: seen.at, reverse=True)


def _looks(session: Session, dossier_id: int, which: sa.ColumnElement[bool], most: int | None) -> list[Seen]:
    query = (
        select(AccessLogEntry, Account.full_name, Appointment.role, Office.name)
        .join(Account, AccessLogEntry.account_id == Account.id)
        .outerjoin(Appointment, AccessLogEntry.appointment_id == Appointment.id)
        .outerjoin(Office, Appointment.office_id == Office.id)
        .where(AccessLogEntry.dossier_id == dossier_id, which)
        .order_by(AccessLogEntry.at.desc(), AccessLogEntry.id.desc())
        .limit(most)
    )
    return [
        Seen(entry.at, name, role, office or "", entry.look, entry.what)
        for entry, name, role, office in session.execute(query)
    ]


def at_everything_of(
    session: Session, owner: Actor, place: Cursor | None = None, dossier_code: str = "", size: int = ROWS
) -> LookPage:
    """Every look at the dossiers and the account of *owner*, newest first, from *place* on.

    dossier_code: only those at this dossier; nothing when it is not theirs.
    """
    everything = _at_dossiers(owner, dossier_code)
    both = everything if dossier_code else everything.union_all(_at_account(owner))
    found = both.subquery()
    order = (found.c.at.desc(), found.c.source.desc(), found.c.id.desc())
    query = select(found).order_by(*order).limit(size + 1)
    read = session.execute(query.where(_beyond(found.c, place)) if place else query).all()
    rows = _named(session, [dict(row._mapping) for row in read[:size]])
    return LookPage(rows, rows[-1].place if len(read) > size else None)


def looked_at_dossiers(session: Session, owner: Actor) -> Sequence[str]:
    """The codes of the owner's dossiers that anybody looked at, the newest dossier first."""
    code = sa.func.coalesce(Dossier.code, Dossier.provisional_code)
    looked = select(AccessLogEntry.dossier_id)
    mine = select(code).where(visible_to(owner), Dossier.id.in_(looked))
    return session.scalars(mine.order_by(Dossier.id.desc())).all()


def _at_dossiers(owner: Actor, dossier_code: str) -> sa.Select[Any]:
    code = sa.func.coalesce(Dossier.code, Dossier.provisional_code)
    columns: tuple[sa.SQLColumnExpression[Any], ...] = (
        AccessLogEntry.at.label("at"),
        sa.literal(AT_DOSSIER).label("source"),
        AccessLogEntry.id.label("id"),
        AccessLogEntry.account_id.label("account_id"),
        AccessLogEntry.appointment_id.label("appointment_id"),
        sa.cast(AccessLogEntry.look, sa.String(40)).label("look"),
        AccessLogEntry.what.label("what"),
        code.label("dossier_code"),
    )
    rows = select(*columns).join(Dossier, Dossier.id == AccessLogEntry.dossier_id).where(visible_to(owner))
    return rows.where(code == dossier_code) if dossier_code else rows


def _at_account(owner: Actor) -> sa.Select[Any]:
    columns: tuple[sa.SQLColumnExpression[Any], ...] = (
        LedgerEntry.at,
        sa.literal(AT_ACCOUNT),
        LedgerEntry.id,
        LedgerEntry.account_id,
        LedgerEntry.appointment_id,
        LedgerEntry.move,
        sa.literal(""),
        sa.literal(""),
    )
    mine = (LedgerEntry.kind == KIND, LedgerEntry.aggregate == str(owner.account_id))
    by_others = (LedgerEntry.move.in_(list(AccountLook)), LedgerEntry.account_id != owner.account_id)
    return select(*columns).where(*mine, *by_others)


def _beyond(columns: Any, place: Cursor) -> sa.ColumnElement[bool]:
    same_moment = columns.at == place.at
    later_id = sa.and_(columns.source == place.source, columns.id < place.id)
    return sa.or_(
        columns.at < place.at, sa.and_(same_moment, sa.or_(columns.source < place.source, later_id))
    )


def _named(session: Session, rows: Sequence[Mapping[str, Any]]) -> tuple[AnyLook, ...]:
    """The rows with the names of people, roles and offices, in two statements however many there are."""
    people = select(Account.id, Account.full_name).where(Account.id.in_({row["account_id"] for row in rows}))
    names = {row.id: row.full_name for row in session.execute(people)}
    acting = {row["appointment_id"] for row in rows if row["appointment_id"]}
    held = select(Appointment.id, Appointment.role, Office.name).join(Appointment.office)
    seats = {row.id: row for row in session.execute(held.where(Appointment.id.in_(acting)))}
    return tuple(_one(row, names, seats.get(row["appointment_id"])) for row in rows)


def _one(row: Mapping[str, Any], names: Mapping[int, str], seat: Any) -> AnyLook:
    is_dossier = row["source"] == AT_DOSSIER
    return AnyLook(
        at=row["at"],
        source=row["source"],
        id=row["id"],
        name=names.get(row["account_id"], ""),
        role=seat.role if seat else None,
        office=seat.name if seat else "",
        look=Look(row["look"]) if is_dossier else AccountLook(row["look"]),
        what=row["what"],
        dossier_code=row["dossier_code"],
    )
