"""The first door: which audience a site is for. A blueprint that says nothing opens to nobody."""

from flask import Blueprint, Flask, request

from portal.accounts.models import Role
from portal.ground.errors import NotAllowed
from portal.web import context

_OPEN: dict[str, frozenset[Role] | None] = {}
"""By blueprint name: the roles it is for, or None when everybody may come in."""


def open_to_all(blueprint: Blueprint) -> None:
    """Let anybody in, signed in or not."""
    _OPEN[blueprint.name] = None


def only_for(blueprint: Blueprint, *roles: Role) -> None:
    """Let in only people acting in one of *roles*."""
    _OPEN[blueprint.name] = frozenset(roles)


def install(app: Flask) -> None:
    """Check the door before every view of *app*."""
    app.before_request(_check)


def _check() -> None:
    if request.endpoint is None:
        return  # No such page: the 404 says so.
    name = request.blueprint or ""
    if name not in _OPEN:
        raise NotAllowed
    roles = _OPEN[name]
    if roles is not None and context.actor().role not in roles:
        raise NotAllowed
