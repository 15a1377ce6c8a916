"""Headers on every answer, and the check that stands in for a token where there can be none."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, request
from flask_wtf import CSRFProtect

from portal.ground.errors import NotAllowed
from portal.web.i18n import _

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; "
    "object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
"""No inline script, no inline style, nothing from elsewhere."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}


CSRF = CSRFProtect()
"""A token on every POST, unless the view is marked with without_token."""

View = TypeVar("View", bound=Callable[..., Any])


def without_token(view: View) -> View:
    """Mark a view whose form has no token, because a token needs a cookie; it calls require_same_origin."""
    CSRF.exempt(view)
    return view


def require_same_origin() -> None:
    """Refuse a POST that another site sent; for the forms of anonymous readers, who have no token.

    A browser always says Origin or Sec-Fetch-Site on a cross-site POST; raises NotAllowed.
    """
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if site not in (None, "same-origin", "none") or (origin and origin != request.host_url.rstrip("/")):
        raise NotAllowed(_("Biểu mẫu này chỉ nhận từ chính trang của Cổng Một Cửa."))


def static_headers(headers: Any, _path: str, _url: str) -> None:
    """Give a static file the same headers as a page."""
    for name, value in HEADERS.items():
        headers[name] = value


def _refuse_nul() -> None:
    """Refuse the one character that no database keeps and no person types; answered with 400."""
    sent = (request.path, *request.args.values(), *request.form.values())
    if any("\x00" in text for text in sent):
        abort(400)


def install(app: Flask, *, https: bool) -> None:
    """Ask for the token, refuse what nobody types, and send the headers with everything *app* answers."""
    app.before_request(_refuse_nul)
    CSRF.init_app(app)

    @app.after_request
    def _send(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response
