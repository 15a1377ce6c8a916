"""Signing in and out, registering, one's own account."""

from portal.sites.signin import own_account, registering
from portal.sites.signin.views import bp

__all__ = ["bp", "own_account", "registering"]
