"""Plants the fees of the demonstration by the real action: those of circulars, and plainly published ones."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal.accounts.authority import OPERATOR
from portal.catalogue.models import Channel
from portal.payments.actions import Fee, set_fee
from portal.payments.models import FeeKind
from portal.seed.curate import FOLDER

FEES = Path(__file__).parent / "fees.toml"
SINCE = date(2017, 1, 1)
"""From when the circulars of the file are in force."""

PLAIN = re.compile(r"(\d{1,3}(?:\.\d{3})*) ₫")
"""One amount and nothing else; “a page”, “as the council decides” and the like are counted by people."""

PUBLISHED = "Lệ phí theo mức công bố"


def plant_fees(session: Session, at: datetime) -> None:
    """Set every fee of the file, then every plainly published one; one that holds already stays."""
    for code, channel, fee in [*_written(), *_published()]:
        set_fee(session, code, channel, fee, by=OPERATOR, at=at)


def _written() -> Iterator[tuple[str, Channel, Fee]]:
    for entry in tomllib.loads(FEES.read_text(encoding="utf-8"))["fee"]:
        kind = FeeKind(entry["kind"])
        fee = Fee(kind, entry["name"], entry["amount_dong"], SINCE, entry["source"])
        yield from ((entry["code"], Channel(channel), fee) for channel in entry["channels"])


def _published() -> Iterator[tuple[str, Channel, Fee]]:
    written = {code for code, _, _ in _written()}
    for path in sorted(FOLDER.glob("*.toml")):
        procedure = tomllib.loads(path.read_text(encoding="utf-8"))
        if procedure["code"] not in written:
            yield from _plain_fees(procedure)


def _plain_fees(procedure: Mapping[str, Any]) -> Iterator[tuple[str, Channel, Fee]]:
    """A levy for each channel with one plain amount; none where a note on the fee names another amount."""
    if any("₫" in note["text"] for note in procedure.get("notes", ()) if note["about"] == "fee"):
        return
    for term in procedure["terms"]:
        amount = PLAIN.fullmatch(term["fee"])
        if amount and not term.get("case"):
            dong = int(amount[1].replace(".", ""))
            fee = Fee(FeeKind.LEVY, PUBLISHED, dong, procedure["from_on"], _source(procedure, term))
            yield procedure["code"], Channel(term["channel"]), fee


def _source(procedure: Mapping[str, Any], term: Mapping[str, Any]) -> str:
    doubt = ", chưa kiểm chứng" if term.get("fee_unverified") else ""
    return f"{procedure['decision']}, thủ tục {procedure['code']}{doubt}"
