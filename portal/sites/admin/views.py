"""Accounts at a desk and their administration."""

from flask import Blueprint

from portal.accounts.models import Role
from portal.web.guard import only_for

bp = Blueprint("admin", __name__)
only_for(bp, Role.ADMIN, Role.RECEPTIONIST)
