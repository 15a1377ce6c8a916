"""Signing in and out, registering, one's own account."""

from flask import Blueprint

from portal.web.guard import open_to_all

bp = Blueprint("signin", __name__)
open_to_all(bp)
