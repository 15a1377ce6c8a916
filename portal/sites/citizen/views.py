"""A citizen's filings and dossiers."""

from flask import Blueprint

from portal.accounts.models import Role
from portal.web.guard import only_for

bp = Blueprint("citizen", __name__)
only_for(bp, *Role)
