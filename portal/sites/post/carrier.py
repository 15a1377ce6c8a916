"""The carrier: the run of the day and its stops."""

from flask import Blueprint

from portal.accounts.models import Role
from portal.web.guard import only_for

bp = Blueprint("carrier", __name__)
only_for(bp, Role.CARRIER)
