"""Reads of the post: orders and runs, envelopes and their holders, the story of one dossier."""

from portal.postal.queries.bags import (
    Bundle,
    Offered,
    Waiting,
    bundles_of,
    held_by_carrier,
    offered_by_carrier,
    offered_to_carrier,
    out_with_carriers,
)
from portal.postal.queries.envelopes import (
    Held,
    custody_strip,
    envelope_of_code,
    holder_of,
    papers_to_give_back,
)
from portal.postal.queries.orders import (
    WaitingOrder,
    carriers_of,
    open_orders_of,
    order_by_code,
    results_to_send,
    run_by_id,
    runs_of,
    stop_by_code,
    stop_by_id,
    stops_of,
    waiting,
)
from portal.postal.queries.story import PostalEvent, events_of
from portal.postal.queries.transfers import (
    Coming,
    Leaving,
    SheetLine,
    coming_to,
    leaving_from,
)

__all__ = [
    "Bundle",
    "Coming",
    "Held",
    "Leaving",
    "Offered",
    "PostalEvent",
    "SheetLine",
    "Waiting",
    "WaitingOrder",
    "bundles_of",
    "carriers_of",
    "coming_to",
    "custody_strip",
    "envelope_of_code",
    "events_of",
    "held_by_carrier",
    "holder_of",
    "leaving_from",
    "offered_to_carrier",
    "offered_by_carrier",
    "open_orders_of",
    "order_by_code",
    "out_with_carriers",
    "papers_to_give_back",
    "results_to_send",
    "run_by_id",
    "runs_of",
    "stop_by_code",
    "stop_by_id",
    "stops_of",
    "waiting",
]
