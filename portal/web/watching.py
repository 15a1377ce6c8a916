"""The door of what machines watch: near networks and a token; for everybody else there is no such page."""

import hmac
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

from flask import request

from portal.ground.errors import NotFound
from portal.web import context
from portal.web.i18n import WsgiApp

ADDRESSES = ("/healthz", "/readyz", "/metrics")
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")
"""Signs that a request came through a proxy, and so perhaps from anybody."""


class AnyHost:
    """Let watchers ask by number or by any name: what they may ask holds no address of ours."""

    def __init__(self, app: WsgiApp, host: str) -> None:
        self._app, self._host = app, host

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in ADDRESSES:
            environ["HTTP_HOST"] = self._host
        return self._app(environ, start_response)


def only_watchers() -> None:
    """Raise NotFound unless the request comes straight from a watching network or brings the token."""
    if not (_brings_token() or _comes_from_near()):
        raise NotFound


def _brings_token() -> bool:
    token = context.settings().watch_token
    sent = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(sent.encode(), f"Bearer {token}".encode())


def _comes_from_near() -> bool:
    if any(name in request.environ for name in FORWARDED):
        return False
    asking = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 - a stand-in, nothing listens there
    return any(asking in network for network in context.settings().watchers)
