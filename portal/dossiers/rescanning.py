"""Stored files looked at again when the scanner has learnt more; what it finds goes into quarantine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.dossiers.models import Dossier, Paper
from portal.ground import ledger

KIND = "paper"
"""The kind of a file's chain in the ledger."""

QUARANTINE = "quarantine"


@dataclass(frozen=True)
class Quarantined:
    """A file that nobody sees any more, and the dossier it is missing in; "" for one of a draft."""

    uid: str
    name: str
    at: datetime
    dossier_code: str


def waiting(session: Session, version: str | None) -> Sequence[str]:
    """The keys of stored files that the scanner *version* has not let pass yet, each once; None: of all."""
    blobs = select(Paper.blob).where(Paper.quarantined_at.is_(None))
    if version is not None:
        blobs = blobs.where(Paper.scanned_with != version)
    return session.scalars(blobs.distinct().order_by(Paper.blob)).all()


def passed(session: Session, blob: str, version: str) -> None:
    """Note that the content *blob* is clean for all that the scanner *version* knows."""
    session.execute(update(Paper).where(Paper.blob == blob).values(scanned_with=version))


def quarantine(session: Session, blob: str, signature: str, *, by: Actor, at: datetime) -> int:
    """Hide every file with the content *blob* from everybody and return how many; the bytes stay stored.

    Each leaves a row in the ledger with the name of the virus. One that is hidden already stays as it is.
    """
    found = session.scalars(select(Paper).where(Paper.blob == blob, Paper.quarantined_at.is_(None))).all()
    for paper in found:
        home = {"dossier_id": paper.dossier_id, "draft_id": paper.draft_id}
        deed = ledger.Deed(KIND, paper.uid, QUARANTINE, reason=signature, details={**home, "blob": blob})
        ledger.append(session, deed, by=by, at=at)
        paper.quarantined_at = at
    return len(found)


def in_quarantine(session: Session) -> list[Quarantined]:
    """Every file in quarantine, the latest first, for whoever has to tell the people."""
    code = sa.func.coalesce(Dossier.code, Dossier.provisional_code, "")
    rows = (
        select(Paper, code)
        .outerjoin(Dossier, Paper.dossier_id == Dossier.id)
        .where(Paper.quarantined_at.is_not(None))
        .order_by(Paper.quarantined_at.desc(), Paper.id)
    )
    return [
        Quarantined(paper.uid, paper.name, paper.quarantined_at, code)
        for paper, code in session.execute(rows)
        if paper.quarantined_at
    ]
