"""Closing an account: every role of it ends, every browser is signed out, its name stays in every record."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import sessions
from portal.accounts.appointments import Farewell, call_off, check_administrators_remain, end
from portal.accounts.authority import require_admin, require_another
from portal.accounts.models import Account, Actor
from portal.accounts.registration import KIND
from portal.ground import ledger
from portal.ground.errors import WrongState
from portal.ground.open_hours import ONE_DAY, day_of
from portal.ground.words import N_


def close(session: Session, account: Account, farewell: Farewell, *, by: Actor, at: datetime) -> None:
    """Close an account at once, for good: its roles end, those to come are called off, its sessions end.

    Raises NotAllowed, OwnRights, WrongState, LastAdministrator; then nothing changed.
    """
    require_admin(by)
    require_another(by, account)
    if account.closed_at is not None:
        raise WrongState(N_("Tài khoản này đã đóng."))
    check_administrators_remain(session, account, account.appointments)
    _end_roles(session, account, farewell, by=by, at=at)
    level, reason = account.identity_level, farewell.reason.strip()
    ledger.append(session, ledger.Deed(KIND, account.id, "close", level, level, reason=reason), by=by, at=at)
    account.closed_at = at
    sessions.end_all(session, account.id, at=at)


def _end_roles(session: Session, account: Account, farewell: Farewell, *, by: Actor, at: datetime) -> None:
    today = day_of(at)
    for held in list(account.appointments):
        last_on = max(held.from_on, today - ONE_DAY)
        if held.from_on > today:
            call_off(session, held, by=by, at=at)
        elif held.to_on is None or held.to_on > last_on:
            end(session, held, last_on, farewell, by=by, at=at)
