"""One handler for every error: a page in the product's look, a sentence, ways on, and what was typed."""

import re
import secrets
from collections.abc import Mapping
from typing import cast

import sqlalchemy as sa
import structlog
from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from portal.ground import measures
from portal.ground.errors import NotAllowed, NotFound, PortalError, TooManyTries
from portal.web import context, identity, journal
from portal.web.i18n import _, _l, language, say

log = structlog.get_logger()

TITLES = {
    400: _l("Yêu cầu không hợp lệ"),
    403: _l("Trang này không dành cho vai của bạn"),
    404: _l("Không có trang này"),
    405: _l("Trang này không nhận kiểu yêu cầu đó"),
    409: _l("Hồ sơ đã thay đổi trong lúc bạn làm"),
    413: _l("Tệp quá lớn"),
    422: _l("Có chỗ cần sửa"),
    429: _l("Bạn thử quá nhanh"),
    500: _l("Máy chủ gặp lỗi"),
    503: _l("Hệ thống tạm thời bận"),
}

TEXTS = {
    400: _l("Trang bạn gửi đã cũ hoặc thiếu thông tin. Hãy mở lại trang rồi gửi lần nữa."),
    404: _l("Địa chỉ có thể bị gõ thiếu, hoặc hồ sơ không thuộc về bạn. Nếu có mã hồ sơ, hãy tra bằng mã."),
    405: _l("Hãy quay lại trang trước và dùng các nút trên trang."),
    413: _l("Mỗi tệp và mỗi lần gửi có giới hạn, ghi cạnh ô chọn tệp. Hãy chọn tệp nhỏ hơn rồi gửi lại."),
    429: _l("Hãy đợi ít phút rồi thử lại; hồ sơ của bạn không bị khóa."),
    500: _l("Lỗi đã được ghi lại. Những gì bạn đã lưu vẫn còn."),
    503: _l("Hãy thử lại sau ít phút. Những gì bạn đã lưu vẫn còn."),
}

NEVER_SHOWN = ("csrf_token", "khoa", "phien_ban")
"""Hidden fields of our own."""


SECRET = re.compile("mat_khau|so_dinh_danh|identity|ma_buoc_hai|loi_moi|tra_loi")
"""Names of fields with passwords, identity numbers and second factors."""


def kept() -> dict[str, str]:
    """What the person typed into the form that failed, without passwords and our own hidden fields."""
    return {
        name: value
        for name, value in _sent().items()
        if value.strip() and name not in NEVER_SHOWN and not SECRET.search(name)
    }


def _sent() -> Mapping[str, str]:
    try:
        return request.form if request.method == "POST" else {}
    except RequestEntityTooLarge:  # Nothing of such a body was read.
        return {}


Ways = list[tuple[str, str]]


def page(status: int, text: str = "", number: str | None = None, ways: Ways | None = None) -> tuple[str, int]:
    """The page of an error, in the product's look; *ways* on instead of the usual ones of *status*."""
    title, text = TITLES.get(status, TITLES[400]), text or TEXTS.get(status, "")
    return (
        render_template(
            "errors/error.html",
            status=status,
            title=title,
            text=text,
            ways=ways or _ways(status),
            number=number,
            kept=kept(),
        ),
        status,
    )


def _ways(status: int) -> Ways:
    again = (_("Mở lại trang này"), request.full_path.rstrip("?"))
    home = (_("Về trang chính"), url_for("public.home"))
    find = (_("Tra cứu bằng mã hồ sơ"), url_for("public.look_up"))
    ways = {404: [find, home], 409: [again, home], 500: [again, home], 503: [again, home]}
    return ways.get(status, [home])


def _portal_error(error: PortalError) -> tuple[str, int, dict[str, str]]:
    _note(error)
    text, status = page(error.status, say(error.message, **error.params))
    wait = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyTries) else {}
    return text, status, wait


def _note(error: PortalError) -> None:
    """Keep in the log who was turned away; to somebody signed in, not there and not theirs look alike."""
    if isinstance(error, NotAllowed):
        journal.note("denied")
    elif isinstance(error, TooManyTries):
        journal.note("limited")
    elif isinstance(error, NotFound) and identity.seen():
        journal.note("not_theirs")


def _http_error(error: HTTPException) -> AnyResponse | tuple[str, int]:
    if error.response is not None:
        return cast(AnyResponse, error.response)
    if error.code is not None and 300 <= error.code < 400:
        return redirect(error.get_response().headers["Location"], error.code)
    return page(error.code or 500)


ENDED = _l(
    "Phiên làm việc đã hết hạn hoặc trang đã cũ. Những gì bạn gõ còn ở dưới; mở lại trang rồi gửi lại."
)


def _csrf_error(_error: CSRFError) -> tuple[str, int]:
    journal.note("token_refused")
    return page(400, str(ENDED))


def _not_signed_in(_error: context.NotSignedIn) -> AnyResponse | tuple[str, int]:
    """The way to sign in and back; what somebody typed while the session ended is shown, not lost."""
    shown = "GET" in request_ctx.url_adapter.allowed_methods() if request_ctx.url_adapter else False
    target = url_for("signin.sign_in", tiep=request.full_path.rstrip("?") if shown else None)
    if kept():
        return page(400, str(ENDED), ways=[(_("Đăng nhập rồi mở lại trang này"), target)])
    return redirect(target, 303)


def _unexpected(error: Exception) -> tuple[str, int]:
    """The last resort: a page that needs no database, and a number to read out on the phone."""
    number = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()
    away = isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError | sa.exc.TimeoutError)
    status = 503 if away else 500
    _log(error, number, status)
    return _bare(status, number), status


def _other_host(_error: SecurityError) -> tuple[str, int]:
    """A request that names a host which is not ours: no address can be built for it."""
    journal.note("strange_host")
    return _bare(400), 400


def _bare(status: int, number: str | None = None) -> str:
    """The page that needs no database, no address and nobody signed in."""
    bare = current_app.jinja_env.get_template("errors/bare.html")
    said = {"lang": language(), "title": TITLES[status], "text": TEXTS[status]}
    is_demonstration = context.settings().demonstration
    return bare.render(status=status, number=number, is_demonstration=is_demonstration, **said)


def _log(error: Exception, number: str, status: int) -> None:
    """Log the failure; of a database only its kind and the statement, for its own words may quote a row."""
    measures.ERRORS.labels(kind=type(error).__name__, status=str(status)).inc()
    if isinstance(error, sa.exc.DBAPIError):
        kind, state = type(error.orig).__name__, getattr(error.orig, "sqlstate", None)
        log.error("unexpected", number=number, kind=kind, state=state, sql=error.statement)
    else:
        log.error("unexpected", number=number, exc_info=error)


def install(app: Flask) -> None:
    """Answer every error of *app* with a page."""
    app.register_error_handler(PortalError, _portal_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(SecurityError, _other_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(context.NotSignedIn, _not_signed_in)
    app.register_error_handler(context.AlreadyAnswered, _already_answered)
    app.register_error_handler(Exception, _unexpected)


def _already_answered(done: context.AlreadyAnswered) -> Response:
    return done.response
