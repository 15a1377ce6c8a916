"""The one-stop desk: inbox, dossiers, intake, envelopes."""

from portal.sites.ward.views import bp

__all__ = ["bp"]
