"""The public post: the clerk's orders and hand-overs, the carrier's run."""

from portal.sites.post import carrier, clerk

blueprints = (clerk.bp, carrier.bp)

__all__ = ["blueprints"]
