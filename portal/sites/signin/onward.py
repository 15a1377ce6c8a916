"""Where a person goes after signing in: back to the page they came from, else to their own work."""

from urllib.parse import urlsplit

from flask import request, url_for
from flask_login import current_user

from portal.accounts.models import DESK_ROLES, Role
from portal.ground.errors import NotFound

HOMES = {
    Role.CITIZEN: "citizen.dossiers",
    Role.CARRIER: "carrier.run",
    Role.POST_CLERK: "post.orders",
    Role.SUPERVISOR: "public.home",
    Role.ADMIN: "admin.home",
    **dict.fromkeys(DESK_ROLES, "ward.inbox"),
}
"""The page each role starts at."""


def safe(target: str | None) -> str:
    """Return *target* when it is a path on this very site, else ""; nobody is sent elsewhere by a link."""
    path = target or ""
    if not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        return ""
    parts = urlsplit(path)
    return "" if parts.scheme or parts.netloc else path


def after(role: Role, target: str | None) -> str:
    """The address to go on to: *target* in the language of this page, else the first page of *role*."""
    path = safe(target)
    if not path:
        return url_for(HOMES[role])
    root = request.script_root  # "/en" on an English page, else "".
    return path if path == root or path.startswith(root + "/") else root + path


def sent_number(name: str) -> int | None:
    """The id a form sent as *name*, None where it sent none; what no row can have is not found."""
    typed = request.form.get(name, "").strip()
    if typed and not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise NotFound
    return int(typed) if typed else None


def session_id() -> int | None:
    """The session of the browser that asks, None for a stranger."""
    return current_user.session_id if current_user.is_authenticated else None
