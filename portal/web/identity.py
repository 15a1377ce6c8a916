"""Flask-Login over sessions kept in the database: the cookie carries a token, the row decides."""

from datetime import timedelta

from flask import Flask, g, request
from flask import session as cookie
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy.orm import Session

from portal.accounts import sessions
from portal.accounts.models import Account, Actor, Appointment, Role
from portal.web import context

LOGINS = LoginManager()


class SignedIn:
    """The person behind the request, as Flask-Login wants it."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, token: str, session_id: int, actor: Actor, *, must_change_password: bool) -> None:
        self.token = token
        self.session_id = session_id
        self.actor = actor
        self.must_change_password = must_change_password

    def get_id(self) -> str:
        """What the cookie holds: the session's token, never the account."""
        return self.token


def sign_in(writing: Session, account: Account, appointment: Appointment | None) -> None:
    """Open a session inside the view's transaction; the cookie starts anew, so a fixed one is worthless."""
    browser = request.user_agent.string
    at = context.wall_clock()
    token = sessions.open_session(writing, account, at=at, appointment=appointment, browser=browser)
    cookie.clear()
    role = appointment.role if appointment else Role.CITIZEN
    someone, must = Actor(account.id, account.full_name, role), account.must_change_password
    login_user(SignedIn(token, 0, someone, must_change_password=must))


def sign_out() -> None:
    """Empty the cookie; the caller ends the row."""
    logout_user()
    cookie.clear()


def seen() -> Actor | None:
    """Who is signed in, as far as this request has asked already; asks nothing itself."""
    someone = g.get("_login_user")  # Flask-Login keeps it there.
    return someone.actor if isinstance(someone, SignedIn) else None


def lifetime() -> sessions.Lifetime:
    """How long sessions live, from the settings."""
    chosen = context.settings()
    idle = timedelta(minutes=chosen.session_idle_minutes)
    return sessions.Lifetime(idle, timedelta(hours=chosen.session_shift_hours))


@LOGINS.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> SignedIn | None:
    at = context.wall_clock()
    row = sessions.find(context.session(), token, at=at, today=context.today(), lifetime=lifetime())
    if row is None:
        return None
    if sessions.needs_touch(row, at):
        with context.trace() as writing:
            sessions.touch(writing, row.id, at)
    must = row.account.must_change_password
    return SignedIn(token, row.id, sessions.actor_of(row), must_change_password=must)


def install(app: Flask, *, https: bool) -> None:
    """Attach Flask-Login and the cookie's rules."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-phien" if https else "phien",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    LOGINS.session_protection = None  # The row knows; a changed address must not sign a phone out.
    LOGINS.init_app(app)
