"""Signing in and out, registering, one's own account."""

from portal.sites.signin import again, own_account, own_factors, passkeys, registering, second_step
from portal.sites.signin.views import bp

__all__ = ["again", "bp", "own_account", "own_factors", "passkeys", "registering", "second_step"]
