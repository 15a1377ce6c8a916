"""Plants the fees of the demonstration through the real action."""

import tomllib
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.accounts.authority import OPERATOR
from portal.catalogue.models import Channel
from portal.payments.actions import Fee, set_fee
from portal.payments.models import FeeKind

FEES = Path(__file__).parent / "fees.toml"
SINCE = date(2017, 1, 1)
"""From when the circular is in force."""


def plant_fees(session: Session, at: datetime) -> None:
    """Set every fee of the file; one that holds already stays."""
    for entry in tomllib.loads(FEES.read_text())["fee"]:
        kind = FeeKind(entry["kind"])
        fee = Fee(kind, entry["name"], entry["amount_dong"], SINCE, entry["source"])
        for channel in entry["channels"]:
            set_fee(session, entry["code"], Channel(channel), fee, by=OPERATOR, at=at)
