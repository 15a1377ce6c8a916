"""The post-office clerk: orders, runs and hand-overs."""

from flask import Blueprint

from portal.accounts.models import Role
from portal.web.guard import only_for

bp = Blueprint("post", __name__)
only_for(bp, Role.POST_CLERK)
