"""The open pages: home, catalogue, look-up."""

from flask import Blueprint

from portal.web.guard import open_to_all

bp = Blueprint("public", __name__)
open_to_all(bp)
