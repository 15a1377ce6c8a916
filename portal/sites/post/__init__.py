"""The public post: the clerk's orders and hand-overs, the carrier's run."""

from portal.sites.post import bag, carrier, clerk, counter, door

blueprints = (clerk.bp, carrier.bp)

__all__ = ["bag", "blueprints", "counter", "door"]
