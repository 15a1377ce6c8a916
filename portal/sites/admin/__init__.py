"""Accounts at a desk and their administration."""

from portal.sites.admin.views import bp

__all__ = ["bp"]
