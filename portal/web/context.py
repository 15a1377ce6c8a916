"""What a view may take from the request: the clock, the actor, a session to read, a transaction to write."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import cast

import click
import sqlalchemy as sa
import structlog
from flask import Flask, Response, current_app, g, redirect, request
from flask import session as cookie
from flask_login import current_user
from obstore.exceptions import BaseError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts.models import Actor
from portal.ground import anchor, once
from portal.ground.config import BadSetting, Settings
from portal.ground.db import Database, of_one_moment, trouble
from portal.ground.errors import WrongState
from portal.ground.jobs import Jobs
from portal.ground.sealing import keys_of
from portal.ground.storage import Files
from portal.ground.working_time import ZONE
from portal.web import sending

log = structlog.get_logger()

Clock = Callable[[], datetime]

ONCE_FIELD = "khoa"
"""The hidden field, or else the Idempotency-Key header, that makes a POST happen once."""

REFUSALS = (404, 409, 422, 429)
"""Statuses by which a view refuses what was sent."""


class NotSignedIn(Exception):
    """The page needs somebody signed in; answered with the way to sign in."""


class AlreadyAnswered(Exception):
    """The request of this key was done before; *response* is what was answered then."""

    def __init__(self, response: Response) -> None:
        self.response = response


def wall_clock() -> datetime:
    """The moment by this machine's clock: for sessions, one-time codes and limits."""
    return datetime.now(UTC)


def demonstration_clock() -> datetime:
    """The moment in the demonstration's own time, which its database keeps.

    It is read once a request: the demonstration may begin anew while it is served.
    """
    if "offset" not in g:
        with database().reading() as reading:
            g.offset = anchor.offset(reading)
    span: timedelta = g.offset
    return wall_clock() + span


def now() -> datetime:
    """This moment, aware, in UTC: the only clock of everything that is recorded."""
    clock: Clock = current_app.extensions["clock"]
    return clock()


def today() -> date:
    """This day in Vietnam."""
    return now().astimezone(ZONE).date()


def application() -> Flask:
    """This portal's application itself, for what outlives the request or command."""
    found: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return found


def settings() -> Settings:
    """The settings of this portal."""
    found: Settings = current_app.extensions["settings"]
    return found


def release() -> str:
    """What this release is called in logs and measures."""
    return settings().release or str(current_app.extensions["release"])


def files() -> Files:
    """The store of uploaded files and results."""
    found: Files = current_app.extensions["files"]
    return found


def database() -> Database:
    """The database of this portal."""
    found: Database = current_app.extensions["database"]
    return found


def jobs() -> Jobs:
    """The jobs of this portal."""
    found: Jobs = current_app.extensions["jobs"]
    return found


def actor() -> Actor:
    """Who acts in this request; raises NotSignedIn."""
    if not current_user.is_authenticated:
        raise NotSignedIn
    found: Actor = current_user.actor
    return found


def session() -> Session:
    """The session that this request reads with; it is never committed."""
    if "reading" not in g:
        g.reading = database().reading()
    found: Session = g.reading
    return found


@contextmanager
def transaction() -> Iterator[Session]:
    """Give the one transaction of a POST: committed at the end of the block, undone by any exception.

    When the request carries a key, the block runs once for it: a second request gets the stored answer.
    Raises Unavailable when the database is locked or away, NoRoom when it is full, WrongState when somebody
    else wrote first.
    """
    try:
        with database().writing.begin() as writing:
            g.writing = writing
            _claim(writing)
            yield writing
    except (StaleDataError, sa.exc.IntegrityError) as beaten:
        log.warning("beaten", what=type(beaten).__name__)
        raise WrongState from beaten
    except sa.exc.DBAPIError as error:
        known = trouble(error)
        if known is not None:
            log.warning("database_busy", status=known.status)
        raise known or error from error.orig
    finally:
        g.pop("writing", None)
        forget_read()


def answer(response: Response) -> Response:
    """Keep *response* as the answer to this request's key, inside the open transaction, and return it."""
    key = g.get("once_key")
    if key:
        once.keep(g.writing, key, sending.stored(response, keys_of(g.writing)))
    return response


def go_to(address: str) -> Response:
    """Lead the browser on to *address* with a GET, as every POST ends."""
    return cast(Response, redirect(address, 303))


@contextmanager
def trace() -> Iterator[Session]:
    """A small transaction for the traces that a GET may leave: access log, last seen, empty searches."""
    with database().writing.begin() as writing:
        yield writing


@contextmanager
def command_session() -> Iterator[Session]:
    """The one transaction of a command; a database away or without tables is one clear line."""
    with _usable_database(), database().writing.begin() as writing:
        yield writing


@contextmanager
def command_reading() -> Iterator[Session]:
    """A session for a command that only reads, all of one moment: on SQLite nobody waits for it to write."""
    with _usable_database(), database().reading() as reading:
        of_one_moment(reading)
        yield reading


@contextmanager
def _usable_database() -> Iterator[None]:
    with reachable_database():
        try:
            yield
        except (sa.exc.OperationalError, sa.exc.ProgrammingError) as error:
            text = str(error.orig).lower()
            if error.statement and ("no such table" in text or "does not exist" in text):
                raise click.ClickException("Cơ sở dữ liệu chưa có bảng: chạy `migrate` trước.") from error
            raise


@contextmanager
def reachable_database() -> Iterator[None]:
    """Tell a command in one line that the database cannot be reached; the driver's line names no password."""
    try:
        yield
    except sa.exc.OperationalError as error:
        if error.statement:
            raise
        why = str(error.orig).partition("\n")[0]
        raise click.ClickException(f"Không nối được cơ sở dữ liệu: {why}") from error


def forget_read() -> None:
    """Close the reading session, so that what is read next is what was just written."""
    reading = g.pop("reading", None)
    if reading is not None:
        reading.close()


def install(app: Flask, *, settings: Settings, clock: Clock | None) -> None:
    """Open the database and the file store and close the reading session after each request."""
    app.extensions["settings"] = settings
    app.extensions["clock"] = clock or (demonstration_clock if settings.demonstration else wall_clock)
    app.extensions["database"] = database = _opened_database(settings)
    app.extensions["jobs"] = Jobs(database)
    app.extensions["files"] = _opened_files(settings)
    app.teardown_appcontext(lambda _error: forget_read())
    app.after_request(_as_before)


def _opened_database(settings: Settings) -> Database:
    """The engine of the settings; a URL it cannot use is not repeated, for it may hold a password."""
    keys = settings.keys()
    try:
        return Database(settings.database, keys)
    except (sa.exc.ArgumentError, ImportError):
        raise BadSetting("PORTAL_DATABASE_URL must be like postgresql+psycopg://user@host/name") from None


def _opened_files(settings: Settings) -> Files:
    try:
        return Files(settings.storage, settings.storage_access)
    except (BaseError, OSError, ValueError):
        raise BadSetting("PORTAL_STORAGE_URL must be file:///folder or s3://bucket") from None


def _claim(writing: Session) -> None:
    key = _key()
    if not key:
        return
    g.once_key = key
    before = once.claim(writing, key, now())
    if before is None:
        return
    if not sending.is_answered_by(before.answer, keys_of(writing)):
        raise sending.SentOtherwise
    raise AlreadyAnswered(_rebuilt(before.answer))


def _as_before(response: Response) -> Response:
    """Give a form that was sent again, and is wrong only since the first sending, the answer of the first.

    A view may judge a form before its transaction begins, by what the first sending has changed already.
    """
    if request.method != "POST" or response.status_code not in REFUSALS or not _key():
        return response
    forget_read()
    kept = once.answer_of(session(), _key())
    return _rebuilt(kept) if kept and sending.is_answered_by(kept, keys_of(session())) else response


def _key() -> str:
    """The key of this request, bound to who sends it and where to; "" when it carries none."""
    key = request.headers.get("Idempotency-Key") or request.form.get(ONCE_FIELD, "")
    place = hashlib.sha256(request.path.encode()).hexdigest()[:16]
    return f"{_who()}:{place}:{key[:60]}" if key else ""


def _who() -> str:
    """Whose key it is: a stranger's is bound to the secret of their own forms."""
    if current_user.is_authenticated:
        return str(current_user.actor.account_id)
    return f"-{cookie.get('csrf_token', '')[:30]}"


def _rebuilt(kept: dict[str, str | int]) -> Response:
    if not kept:  # The first request committed without an answer of its own.
        raise WrongState
    response = Response(str(kept["body"]), int(kept["status"]), content_type=str(kept["type"]))
    if kept["location"]:
        response.headers["Location"] = str(kept["location"])
    return response
