"""The open pages: home, catalogue, look-up."""

from portal.sites.public import look_up, mailbox
from portal.sites.public.views import bp

__all__ = ["bp", "look_up", "mailbox"]
