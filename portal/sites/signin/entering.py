"""From a proof to a session: in at once, or first to the second step."""

import logging

from flask import Response, url_for
from sqlalchemy.orm import Session

from portal.accounts import appointments, credentials, sessions
from portal.accounts.factors.pending import end_pending
from portal.accounts.factors.queries import has_any
from portal.accounts.models import Account, Role
from portal.sites.signin import onward
from portal.web import context, identity, journal


def after_password(session: Session, account: Account, target: str | None) -> Response:
    """Lead on whoever showed the right password: to the second step where the account has one, else in."""
    if has_any(session, account.id):
        _end_the_one_before(session)
        identity.wait_for_factor(session, account)
        return context.go_to(url_for("signin.second_step", tiep=onward.safe(target) or None))
    credentials.use_up(account, at=context.wall_clock())
    return context.go_to(onward.after(enter(session, account), target))


def after_factor(session: Session, account: Account, target: str | None) -> Response:
    """Let in whoever showed the second factor, too, or a passkey, which is two; nothing waits any more."""
    end_pending(session, account.id)
    credentials.use_up(account, at=context.wall_clock())
    return context.go_to(onward.after(enter(session, account, with_factor=True), target))


def enter(session: Session, account: Account, *, with_factor: bool = False) -> Role:
    """Open a session for *account* under the most recent appointment; the one open here before ends."""
    _end_the_one_before(session)
    held = next(iter(appointments.open_to(session, account.id, context.today())), None)
    identity.sign_in(session, account, held, with_factor=with_factor)
    journal.note("signed_in", logging.INFO)
    return held.role if held else Role.CITIZEN


def _end_the_one_before(session: Session) -> None:
    before = onward.session_id()
    if before is not None:
        sessions.end(session, before, at=context.wall_clock())
