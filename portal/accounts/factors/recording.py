"""The ledger row of whatever is done about second factors."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.models import Account, Actor
from portal.accounts.registration import KIND
from portal.ground import ledger


def record(
    session: Session, account: Account, move: str, *, at: datetime, by: Actor | None = None, name: str = ""
) -> None:
    """Append *move* to the account's chain; by its owner unless *by* says who else."""
    details = {"name": name} if name else {}
    owner = Actor(account.id, account.full_name)
    ledger.append(session, ledger.Deed(KIND, account.id, move, details=details), by=by or owner, at=at)
