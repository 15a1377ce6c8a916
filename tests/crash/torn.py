"""Two portals with a page that does what no page of ours may do: to see that the harness finds it."""

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Flask, Response

from portal.ground.codes import next_number
from portal.ground.config import Settings
from portal.web import context
from portal.web.guard import open_to_all
from tests.crash.killing import Request
from tests.crash.sweeping import standing

PATH = "/xe-doi"


def request(usual: Request) -> Request:
    """What is sent to the page."""
    return replace(usual, path=PATH, data={"khoa": "k"})


def in_two_transactions(settings: Settings, at: datetime) -> Flask:
    """A page that counts two things, each for itself."""

    def count() -> Response:
        for series in ("one", "two"):
            with context.database().writing.begin() as session:
                next_number(session, series)
        return context.go_to("/")

    return _with(settings, at, count)


def without_its_key(settings: Settings, at: datetime) -> Flask:
    """A page that counts again when it is sent again."""

    def count() -> Response:
        with context.database().writing.begin() as session:
            next_number(session, "one")
        return context.go_to("/")

    return _with(settings, at, count)


def _with(settings: Settings, at: datetime, view) -> Flask:  # type: ignore[no-untyped-def]
    app, site = standing(settings, at), Blueprint("torn", __name__)
    open_to_all(site)
    site.add_url_rule(PATH, view_func=view, methods=["POST"])
    app.register_blueprint(site)
    return app
