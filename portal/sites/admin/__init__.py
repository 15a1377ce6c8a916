"""Offices, accounts and rights for the administrator; passwords reset at a desk."""

from portal.sites.admin import (
    accounts,
    appointing,
    desk_resets,
    establishing,
    factors,
    office_pages,
    opening_closing,
    special_days,
)
from portal.sites.admin.views import bp

blueprints = (bp, desk_resets.bp)

__all__ = [
    "accounts",
    "appointing",
    "blueprints",
    "bp",
    "establishing",
    "factors",
    "office_pages",
    "opening_closing",
    "special_days",
]
