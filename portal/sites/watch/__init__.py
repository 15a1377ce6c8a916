"""What machines ask: alive, ready, how much."""

from portal.sites.watch.views import bp

__all__ = ["bp"]
