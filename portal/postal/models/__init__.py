"""Everything the post keeps: orders and runs, envelopes and their custody."""

from portal.postal.models.envelopes import (
    CustodyEvent,
    Envelope,
    EnvelopeLine,
    HandOver,
    Holder,
    Recount,
)
from portal.postal.models.orders import Place, PostageRate, PostalOrder, Run, Stop

__all__ = [
    "CustodyEvent",
    "Envelope",
    "EnvelopeLine",
    "HandOver",
    "Holder",
    "Place",
    "PostageRate",
    "PostalOrder",
    "Recount",
    "Run",
    "Stop",
]
