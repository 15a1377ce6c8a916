"""The one-stop desk: inbox, alarms, dossiers, intake, envelopes."""

from portal.sites.ward import (
    alarms,
    dossier,
    envelopes,
    intake,
    lists,
    moves,
    registers,
    side_moves,
    slip,
    stopping_moves,
)
from portal.sites.ward.views import bp

blueprints = (bp, alarms.bp)

__all__ = [
    "alarms",
    "blueprints",
    "bp",
    "dossier",
    "envelopes",
    "intake",
    "lists",
    "moves",
    "registers",
    "side_moves",
    "slip",
    "stopping_moves",
]
