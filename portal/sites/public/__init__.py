"""The open pages: home, catalogue, look-up."""

from portal.sites.public import ledger_roots, look_up, mailbox
from portal.sites.public.views import bp

__all__ = ["bp", "ledger_roots", "look_up", "mailbox"]
