"""The one-stop desk: inbox, dossiers, intake, envelopes."""

from flask import Blueprint

from portal.accounts.models import DESK_ROLES
from portal.web.guard import only_for

bp = Blueprint("ward", __name__)
only_for(bp, *DESK_ROLES)
