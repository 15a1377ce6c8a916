"""The blueprint of the one-stop desk, for the four roles that work there, and what its pages share."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.accounts.models import DESK_ROLES
from portal.web import context
from portal.web.guard import only_for
from portal.worklists.inbox import View

bp = Blueprint("ward", __name__)
only_for(bp, *DESK_ROLES)


def in_list() -> str | None:
    """The view of the inbox one came from, as the address says it; None when it names none."""
    wanted = request.args.get("xem", "")
    return wanted if wanted in set(View) else None


def go(endpoint: str, **values: Any) -> Response:
    """Lead on to a page after a POST, with the view of the inbox kept in the address."""
    return context.go_to(url_for(endpoint, xem=in_list(), **values))
