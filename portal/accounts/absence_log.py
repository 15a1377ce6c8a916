"""What was said of absences at an office, read from the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.absences import KIND
from portal.accounts.models import Account, Appointment, Office
from portal.accounts.rights import MOST
from portal.ground.ledger import LedgerEntry
from portal.ground.words import N_, Labelled


class Deed(Labelled):
    """What happens to an absence."""

    DECLARE = "declare", N_("Ghi vắng mặt")
    END = "end", N_("Trở lại sớm")
    CALL_OFF = "call_off", N_("Hủy, chưa vắng")


@dataclass(frozen=True)
class Told:
    """One entry: what, who is away, who stands in, until when, why, said by whom ("" is the operator)."""

    at: datetime
    deed: Deed
    person: str
    substitute: str
    from_on: date | None
    to_on: date
    reason: str
    by: str


def told(session: Session, office: Office) -> list[Told]:
    """The entries of everybody who ever held a role at *office*, the newest first."""
    people = select(Appointment.account_id).where(Appointment.office_id == office.id).distinct()
    chains = [str(account_id) for account_id in session.scalars(people)]
    newest = select(LedgerEntry).where(LedgerEntry.kind == KIND, LedgerEntry.aggregate.in_(chains))
    in_order = newest.order_by(LedgerEntry.at.desc(), LedgerEntry.id.desc()).limit(MOST)
    here = [entry for entry in session.scalars(in_order) if entry.details["office"] == office.code]
    names = _names(session, here)
    return [_one(entry, names) for entry in here]


def _one(entry: LedgerEntry, names: Mapping[int, str]) -> Told:
    begins = entry.details.get("from_on")
    return Told(
        at=entry.at,
        deed=Deed(entry.move),
        person=names.get(int(entry.aggregate), ""),
        substitute=names.get(entry.details["substitute"], ""),
        from_on=date.fromisoformat(begins) if begins else None,
        to_on=date.fromisoformat(entry.details["to_on"]),
        reason=entry.reason,
        by=names.get(entry.account_id, ""),
    )


def _names(session: Session, entries: Sequence[LedgerEntry]) -> dict[int, str]:
    known = {int(entry.aggregate) for entry in entries} | {entry.account_id for entry in entries}
    known |= {entry.details["substitute"] for entry in entries}
    rows = session.execute(select(Account.id, Account.full_name).where(Account.id.in_(known)))
    return {row.id: row.full_name for row in rows}
