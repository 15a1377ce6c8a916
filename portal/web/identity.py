"""Flask-Login over sessions kept in the database: the cookie carries a token, the row decides."""

from datetime import timedelta

from flask import Flask, g, request
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy.orm import Session

from portal.accounts import sessions
from portal.accounts.factors import pending
from portal.accounts.factors.models import PendingSignIn
from portal.accounts.models import Account, AccountSession, Actor, Appointment, Role
from portal.web import context

LOGINS = LoginManager()


class SignedIn:
    """The person behind the request, as Flask-Login wants it."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, token: str, row: AccountSession, *, needs_factor: bool) -> None:
        self.token = token
        self.session_id = row.id
        self.actor = sessions.actor_of(row)
        self.must_change_password = row.account.must_change_password
        self.is_staff_account = row.account.is_staff
        self.confirmed_at = row.confirmed_at
        self.lacks_factor = needs_factor and row.account.is_staff and row.factor_at is None

    def get_id(self) -> str:
        """What the cookie holds: the session's token, never the account."""
        return self.token


class NewlyIn:
    """Somebody whose session begins with this answer: what Flask-Login needs to write the cookie."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        """What the cookie holds."""
        return self.token


WAITING = "cho"
"""Where the cookie keeps the token of a browser that has not signed in: half a sign-in, or a challenge."""


def sign_in(
    writing: Session, account: Account, appointment: Appointment | None, *, with_factor: bool = False
) -> None:
    """Open a session inside the view's transaction; the cookie starts anew, so a fixed one is worthless."""
    browser, at = request.user_agent.string, context.wall_clock()
    token = sessions.open_session(
        writing, account, at=at, appointment=appointment, browser=browser, with_factor=with_factor
    )
    cookie.clear()
    role = appointment.role if appointment else Role.CITIZEN
    login_user(NewlyIn(token, Actor(account.id, account.full_name, role)))


def wait_for_factor(writing: Session, account: Account) -> None:
    """Keep, inside the view's transaction, that the password was right; the cookie starts anew."""
    at, browser = context.wall_clock(), request.user_agent.string
    token = pending.open_pending(writing, account, at=at, browser=browser)
    cookie.clear()
    cookie[WAITING] = token


def waiting(session: Session) -> PendingSignIn | None:
    """The sign-in of this browser that waits for its second step."""
    token, browser = str(cookie.get(WAITING, "")), request.user_agent.string
    return pending.find_pending(session, token, at=context.wall_clock(), browser=browser)


def renew(writing: Session) -> None:
    """Give this session another token, inside the view's transaction: what it may do has grown."""
    current_user.token = sessions.renew(writing, current_user.session_id)
    login_user(current_user._get_current_object())


def browser_token() -> str:
    """The token in this browser's cookie, of its session or of what it waits for; made when there is none."""
    if current_user.is_authenticated:
        return str(current_user.token)
    return str(cookie.setdefault(WAITING, sessions.new_token()))


def sign_out() -> None:
    """Empty the cookie; the caller ends the row."""
    logout_user()
    cookie.clear()


def seen() -> Actor | None:
    """Who is signed in, as far as this request has asked already; asks nothing itself."""
    someone = g.get("_login_user")  # Flask-Login keeps it there.
    return someone.actor if isinstance(someone, SignedIn | NewlyIn) else None


def lifetime() -> sessions.Lifetime:
    """How long sessions live, from the settings."""
    chosen = context.settings()
    idle, whole = timedelta(minutes=chosen.session_idle_minutes), timedelta(hours=chosen.session_shift_hours)
    desk = timedelta(minutes=chosen.session_desk_idle_minutes)
    resting = dict.fromkeys(Role, desk) | {Role.CITIZEN: idle, Role.CARRIER: whole}
    return sessions.Lifetime(idle, whole, resting)


@LOGINS.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> SignedIn | None:
    at = context.wall_clock()
    row = sessions.find(context.session(), token, at=at, today=context.today(), lifetime=lifetime())
    if row is None:
        return None
    if sessions.needs_touch(row, at):
        with context.trace() as writing:
            sessions.touch(writing, row.id, at)
    return SignedIn(token, row, needs_factor=context.settings().staff_need_factor)


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
