"""A citizen's filings and dossiers."""

from portal.sites.citizen.views import bp

__all__ = ["bp"]
