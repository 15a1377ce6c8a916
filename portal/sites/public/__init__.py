"""The open pages: home, catalogue, look-up."""

from portal.sites.public.views import bp

__all__ = ["bp"]
