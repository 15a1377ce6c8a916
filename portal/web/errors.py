"""One handler for every error: a page in the product's look, a sentence, ways on, and what was typed."""

import secrets
from typing import Any, cast

import sqlalchemy as sa
import structlog
from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from portal.ground import measures
from portal.ground.db import trouble
from portal.ground.errors import NotAllowed, NotFound, PortalError, TooManyTries
from portal.web import context, identity, journal, keeping
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
    507: _l("Máy chủ hết chỗ lưu"),
}

TEXTS = {
    400: _l("Trang bạn gửi đã cũ hoặc thiếu thông tin. Hãy mở lại trang rồi gửi lần nữa."),
    404: _l("Địa chỉ có thể bị gõ thiếu, hoặc hồ sơ không thuộc về bạn. Nếu có mã hồ sơ, hãy tra bằng mã."),
    405: _l("Hãy quay lại trang trước và dùng các nút trên trang."),
    413: _l("Mỗi tệp và mỗi lần gửi có giới hạn, ghi cạnh ô chọn tệp. Hãy chọn tệp nhỏ hơn rồi gửi lại."),
    429: _l("Hãy đợi ít phút rồi thử lại; hồ sơ của bạn không bị khóa."),
    500: _l("Lỗi đã được ghi lại. Những gì bạn đã lưu vẫn còn."),
    503: _l("Hãy thử lại sau ít phút. Những gì bạn đã lưu vẫn còn."),
    507: _l("Điều vừa gửi chưa được lưu. Hãy giữ trang này và gửi lại sau ít phút; những gì đã lưu vẫn còn."),
}

Ways = list[tuple[str, str]]


def page(status: int, text: str = "", *, title: str = "", ways: Ways | None = None) -> tuple[str, int]:
    """The page of an error, in the product's look, with a *title* and *ways* on of its own if need be."""
    title, text = title or str(TITLES.get(status, TITLES[400])), text or TEXTS.get(status, "")
    return (
        render_template(
            "errors/error.html",
            status=status,
            title=title,
            text=text,
            ways=ways or _ways(status),
            kept=keeping.typed(),
            unread_messages=int,  # Nothing: the page of an error asks the database for nothing more.
        ),
        status,
    )


def _ways(status: int) -> Ways:
    again = (_("Mở lại trang này"), request.full_path.rstrip("?"))
    home = (_("Về trang chính"), url_for("public.home"))
    find = (_("Tra cứu bằng mã hồ sơ"), url_for("public.look_up"))
    if status in (409, 413, 500, 503, 507):
        return [again, home]
    return [find, home] if status == 404 else [home]


def _portal_error(error: PortalError) -> tuple[str, int, dict[str, str]]:
    _note(error)
    title = say(error.title) if error.title else ""
    text, status = page(error.status, say(error.message, **error.params), title=title)
    wait = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyTries) else {}
    return text, status, wait


def _note(error: PortalError) -> None:
    """Keep in the log who was turned away, and what we could not serve.

    To somebody signed in, what is not there and what is not theirs look alike.
    """
    if isinstance(error, NotAllowed):
        journal.note("denied")
    elif isinstance(error, TooManyTries):
        journal.note("limited")
    elif isinstance(error, NotFound) and identity.seen():
        journal.note("not_theirs")
    elif error.status >= 500:
        log.error("cannot_serve", status=error.status, cause=type(error.__cause__).__name__)


def _http_error(error: HTTPException) -> AnyResponse | tuple[str, int]:
    if error.response is not None:
        return cast(AnyResponse, error.response)
    if error.code is not None and 300 <= error.code < 400:
        return redirect(error.get_response().headers["Location"], error.code)
    return page(error.code or 500)


LATE = _l("Phiên làm việc đã hết hạn")
ENDED = _l("Phiên làm việc đã hết hạn hoặc trang đã cũ, nên điều vừa gửi chưa được lưu.")
KEPT = _l("Những gì bạn gõ được giữ một ngày để gửi lại.")
COPY = _l("Những gì bạn gõ còn ở dưới; mở lại trang rồi gửi lại.")
FILES = _l("Tệp không giữ được, hãy chọn lại.")


def _csrf_error(_error: CSRFError) -> tuple[str, int]:
    journal.note("token_refused")
    return _ended(None if current_user.is_authenticated else _signing_in())


def _not_signed_in(_error: context.NotSignedIn) -> AnyResponse | tuple[str, int]:
    """The way to sign in and back; what somebody sent while the session ended is kept, not lost."""
    if keeping.typed() or keeping.has_files():
        return _ended(_signing_in())
    return redirect(_signing_in(), 303)


def _signing_in() -> str:
    """The address of the sign-in page that leads back here, where there is a page to see."""
    shown = "GET" in request_ctx.url_adapter.allowed_methods() if request_ctx.url_adapter else False
    return url_for("signin.sign_in", tiep=request.full_path.rstrip("?") if shown else None)


def _ended(signing_in: str | None) -> tuple[str, int]:
    """The page for a form that came too late: the way to send it again, after signing in if need be."""
    uid = keeping.keep()
    sentences = [ENDED, *([KEPT if uid else COPY] if keeping.typed() else []), *_about_files()]
    again = url_for("signin.again", uid=uid) if uid else None
    way = (_("Xem lại và gửi lại"), again or request.full_path.rstrip("?"))
    if signing_in:
        back = url_for("signin.sign_in", tiep=_plain(again)) if again else signing_in
        way = (_("Đăng nhập rồi gửi lại"), back) if again else (_("Đăng nhập rồi mở lại trang này"), back)
    ways = [way] if signing_in or again else None
    return page(400, " ".join(str(sentence) for sentence in sentences), title=str(LATE), ways=ways)


def _about_files() -> list[Any]:
    return [FILES] if keeping.has_files() else []


def _plain(address: str) -> str:
    """*address* without its language, as the sign-in page wants the way back."""
    return address.removeprefix(request.script_root)


def _unexpected(error: Exception) -> tuple[str, int]:
    """The last resort: a page that needs no database, and a number to read out on the phone."""
    number = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()
    known = trouble(error) if isinstance(error, sa.exc.DBAPIError) else None
    away = isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError | sa.exc.TimeoutError)
    status = known.status if known else 503 if away else 500
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
    said |= {"number": number, "is_demonstration": context.settings().demonstration}
    return bare.render(status=status, kept=_typed_if_readable(), **said)


def _typed_if_readable() -> keeping.Pairs:
    """What was typed, unless reading it is what failed."""
    try:
        return keeping.typed()
    except HTTPException:
        return []


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
