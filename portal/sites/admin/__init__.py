"""Offices, accounts, rights and special days for the administrator; passwords reset at a desk."""

from portal.sites.admin import accounts, appointing, desk_resets, special_days
from portal.sites.admin.views import bp

blueprints = (bp, desk_resets.bp)

__all__ = ["accounts", "appointing", "blueprints", "bp", "special_days"]
