"""A citizen's filings and dossiers."""

from portal.sites.citizen import (  # noqa: F401 - their views belong to the blueprint
    answering,
    drafting,
    ending,
    filling,
    ledger_receipt,
    looks,
    message_box,
    ordering,
    reviewing,
    sending,
    starting,
    tracking,
    uploading,
)
from portal.sites.citizen.site import bp

__all__ = ["bp"]
