"""Verbs of the post. Each reads, checks, appends its ledger row, then assigns; none commits."""

from portal.postal.actions.door import POSSIBLE, Counted, collect, deliver, fail, open_stop
from portal.postal.actions.handing import (
    Recount,
    confirm_hand_over,
    give_back,
    offer,
    offer_to_carrier,
    seal,
    take_back,
)
from portal.postal.actions.ordering import cancel, follow_end, order_pickup, order_return
from portal.postal.actions.planning import assign, move_up, take_off
from portal.postal.actions.relieving import Rounds, reclaim, relieve

__all__ = [
    "POSSIBLE",
    "Counted",
    "Recount",
    "Rounds",
    "assign",
    "cancel",
    "collect",
    "confirm_hand_over",
    "deliver",
    "fail",
    "follow_end",
    "give_back",
    "move_up",
    "offer",
    "offer_to_carrier",
    "open_stop",
    "order_pickup",
    "order_return",
    "reclaim",
    "relieve",
    "seal",
    "take_back",
    "take_off",
]
