"""The one-stop desk: inbox, dossiers, intake, envelopes."""

from portal.sites.ward import (
    dossier,
    envelopes,
    intake,
    lists,
    moves,
    side_moves,
    slip,
    stopping_moves,
)
from portal.sites.ward.views import bp

__all__ = [
    "bp",
    "dossier",
    "envelopes",
    "intake",
    "lists",
    "moves",
    "side_moves",
    "slip",
    "stopping_moves",
]
