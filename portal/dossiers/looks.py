"""Who has looked at a dossier, as its owner reads it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Appointment, Office, Role
from portal.dossiers.models import AccessLogEntry
from portal.dossiers.states import Look


@dataclass(frozen=True)
class Seen:
    """One look: when, who in what capacity, at what."""

    at: datetime
    name: str
    role: Role | None
    office: str
    look: Look
    what: str


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
