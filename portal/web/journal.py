"""One log line and one count for each request, and lines for what an auditor asks about: who, where, when."""

import logging
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import structlog
from flask import Flask, Response, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from portal.ground import measures
from portal.web import identity, limits
from portal.web.i18n import WsgiApp

log = structlog.get_logger()

HEADER = "X-Request-Id"
GIVEN_ID = re.compile("[0-9A-Za-z-]{8,64}")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

SEEN = "portal.seen"
"""Where the environment of a request keeps what the line will say."""

STATIC, NOWHERE = "static", "nowhere"
"""What stands for an endpoint: a file that never reached a view, an address that is no page."""


@dataclass
class Seen:
    """What is known about a request when it has been answered."""

    endpoint: str = STATIC
    status: int = 500
    account: int | str = "-"
    role: str = "-"


class Journal:
    """Around everything: names the request, catches what nothing else caught, writes the line, counts."""

    def __init__(self, app: WsgiApp, *, release: str, believes_header: bool) -> None:
        self._app, self._release, self._believes_header = app, release, believes_header

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began, number, seen = perf_counter(), self._id_of(environ), Seen()
        environ[SEEN] = seen
        clear_contextvars()
        bind_contextvars(request_id=number)

        def start(status: str, headers: list[tuple[str, str]], failure: Any = None) -> Any:
            seen.status = int(status[:3])
            return start_response(status, [*headers, (HEADER, number)], failure)

        try:
            return self._app(environ, start)
        except Exception as error:
            log.error("crashed", exc_info=error)
            start("500 Internal Server Error", [("Content-Type", "text/plain")])
            return [b"500\n"]
        finally:
            self._write(environ["REQUEST_METHOD"], seen, perf_counter() - began)

    def _id_of(self, environ: dict[str, Any]) -> str:
        """The number of the request: the proxy's, when there is one to believe, else a new one."""
        given = environ.get("HTTP_X_REQUEST_ID", "") if self._believes_header else ""
        return given if GIVEN_ID.fullmatch(given) else secrets.token_hex(16)

    def _write(self, asked: str, seen: Seen, seconds: float) -> None:
        method = asked if asked in METHODS else "other"
        status = f"{seen.status // 100}xx"
        measures.REQUESTS.labels(endpoint=seen.endpoint, method=method, status=status).inc()
        measures.REQUEST_SECONDS.labels(endpoint=seen.endpoint).observe(seconds)
        log.info(
            "request",
            endpoint=seen.endpoint,
            method=method,
            status=seen.status,
            ms=round(seconds * 1000, 1),
            account=seen.account,
            role=seen.role,
            release=self._release,
        )


def note(event: str, level: int = logging.WARNING) -> None:
    """Log *event* with who is signed in and the address, for those who look into misuse later."""
    log.log(level, event, address=limits.address(), **_who())


def _who() -> dict[str, Any]:
    me = identity.seen()
    return {"account": me.account_id, "role": me.role.value} if me else {"account": "-", "role": "-"}


def _name_the_page() -> None:
    seen = request.environ.get(SEEN) or Seen()
    seen.endpoint = request.endpoint or NOWHERE
    bind_contextvars(endpoint=seen.endpoint)


def _name_the_person(response: Response) -> Response:
    seen, who = request.environ.get(SEEN) or Seen(), _who()
    seen.account, seen.role = who["account"], who["role"]
    return response


def watch(app: Flask) -> None:
    """Let every view of *app* tell its name and who asked; the first thing that happens in a request."""
    app.before_request(_name_the_page)
    app.after_request(_name_the_person)


def install(app: Flask, *, release: str, believes_header: bool) -> None:
    """Write a line for everything *app* answers, its static files, too; *believes_header* behind a proxy."""
    app.wsgi_app = Journal(  # type: ignore[method-assign]
        app.wsgi_app, release=release, believes_header=believes_header
    )
