"""Offices, accounts and rights for the administrator; passwords reset at a desk."""

from portal.sites.admin import (
    absence_pages,
    accounts,
    appointing,
    desk_resets,
    establishing,
    factors,
    office_pages,
    opening_closing,
    promises,
    special_days,
    workflow_acts,
    workflow_pages,
)
from portal.sites.admin.views import bp

blueprints = (bp, desk_resets.bp, absence_pages.bp)

__all__ = [
    "accounts",
    "appointing",
    "blueprints",
    "bp",
    "establishing",
    "factors",
    "office_pages",
    "opening_closing",
    "promises",
    "special_days",
    "workflow_acts",
    "workflow_pages",
]
