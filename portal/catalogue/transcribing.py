"""Writes an imported record as the rows of a version. Pure; guesses nothing."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from portal.catalogue.defects import Defect
from portal.catalogue.models import Channel, ChannelTerm, ProcedureVersion, Tier, VersionState, VersionTier
from portal.catalogue.records import Content, Record
from portal.ground.text import clean, fold
from portal.ground.working_time import Unit

BAR = "|"
"""What stands between the name, the code with the field, and each other name in the text that is searched."""

CHANNELS = {"online": Channel.ONLINE, "post": Channel.POST, "counter": Channel.DESK}

UNITS = {"working_day": Unit.WORKING_DAY, "day": Unit.DAY, "hour": Unit.HOUR, "month": Unit.MONTH}
"""The units that a clock can count; "unknown" and "other" become none, never a guess."""


def version_from(record: Record, warnings: Sequence[Defect], *, from_on: date) -> ProcedureVersion:
    """The version that says what *record* says, published from *from_on*; the caller gives its procedure."""
    content = record.content
    return ProcedureVersion(
        number=1,
        state=VersionState.PUBLISHED,
        from_on=from_on,
        name=record.name,
        field=record.field,
        applicants="\n".join(clean(who) for who in content.get("applicants", [])),
        folded=searchable(record.name, record.code, record.field),
        decision=clean(content.get("decision", "")),
        by_post=_goes_by_post(content),
        record=dict(content),
        record_hash=record.hash,
        warnings=[warning.value for warning in warnings],
        source=content.get("source", {}).get("url", ""),
        tiers=[VersionTier(tier=Tier(tier)) for tier in dict.fromkeys(content.get("levels", []))],
        terms=list(_terms(content)),
    )


def searchable(name: str, code: str, field: str, also_called: Sequence[str] = ()) -> str:
    """What a search looks through, folded: the name, a bar, code and field, and each other name after a bar.

    The order of these texts is that of the names, and what stands before the first bar is a hit in the name.
    """
    return f" {BAR} ".join(fold(part) for part in (name, f"{code} {field}", *also_called))


def _goes_by_post(content: Content) -> bool:
    offered = any(row["channel"] == "post" for row in content.get("channels", []))
    return offered or bool(content.get("post_available"))


def _terms(content: Content) -> Iterator[ChannelTerm]:
    for row in content.get("channels", []):
        yield ChannelTerm(
            channel=CHANNELS[row["channel"]],
            amount=_amount(row.get("time_value", 0)),
            unit=UNITS.get(row.get("time_unit", "")),
            fee_text="; ".join(_fee(fee) for fee in row.get("fees", [])),
            note=row.get("note") or content.get("channel_note", ""),
        )


def _amount(value: float) -> Decimal | None:
    """The amount as it is stored; 0 and what rounds to it say nothing."""
    return Decimal(str(value)).quantize(Decimal("0.01")) or None


def _fee(fee: dict[str, Any]) -> str:
    """One fee as the source writes it: the amount with its currency, and the note."""
    note = clean(fee.get("note", ""))
    if "amount" not in fee:
        return note
    currency = fee.get("currency", "VND")
    shown = f"{fee['amount']:,}".replace(",", ".") + (" ₫" if currency == "VND" else f" {currency}")
    return f"{shown} ({note})" if note else shown
