"""Signing in and out, registering, one's own account."""

from portal.sites.signin import own_account, own_factors, passkeys, registering, second_step
from portal.sites.signin.views import bp

__all__ = ["bp", "own_account", "own_factors", "passkeys", "registering", "second_step"]
