"""Second factors taken away: by their owner one by one, or all at once by somebody who may."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.accounts import sessions
from portal.accounts.authority import require_admin, require_another
from portal.accounts.factors.models import Authenticator, Passkey, RecoveryCode
from portal.accounts.factors.pending import end_pending
from portal.accounts.factors.queries import factors_of
from portal.accounts.factors.recording import record
from portal.accounts.models import Account, Actor, Role
from portal.ground.errors import NotAllowed, NotFound, Refused, WrongState
from portal.ground.words import N_


class LastFactor(Refused):
    """Staff keep at least one second factor."""

    message = N_("Tài khoản cán bộ phải còn ít nhất một cách cho bước hai. Hãy thêm cách khác trước.")


def remove_app(session: Session, account: Account, *, must_keep_one: bool, at: datetime) -> None:
    """Let the owner drop the app; raises NotFound, LastFactor."""
    app = session.get(Authenticator, account.id)
    if app is None:
        raise NotFound
    _check_not_last(session, account, must_keep_one)
    record(session, account, "remove_app", at=at)
    session.delete(app)
    _drop_idle_codes(session, account)


def remove_passkey(
    session: Session, account: Account, passkey_id: int, *, must_keep_one: bool, at: datetime
) -> None:
    """Let the owner drop one passkey; raises NotFound for somebody else's, LastFactor."""
    passkey = session.get(Passkey, passkey_id)
    if passkey is None or passkey.account_id != account.id:
        raise NotFound
    _check_not_last(session, account, must_keep_one)
    record(session, account, "remove_passkey", at=at, name=passkey.name)
    session.delete(passkey)
    _drop_idle_codes(session, account)


def reset_staff(session: Session, account: Account, *, by: Actor, at: datetime) -> None:
    """Take all factors of a staff account away, of another administrator's too; its sessions end.

    Raises NotAllowed, and OwnRights for one's own account.
    """
    require_admin(by)
    if not account.is_staff:
        raise NotAllowed
    _reset(session, account, by=by, at=at)


def reset_citizen(session: Session, account: Account, *, by: Actor, at: datetime) -> None:
    """Take all factors of a citizen away, whom a receptionist sees with the card; their sessions end."""
    if by.role != Role.RECEPTIONIST or account.is_staff:
        raise NotAllowed
    _reset(session, account, by=by, at=at)


def _reset(session: Session, account: Account, *, by: Actor, at: datetime) -> None:
    require_another(by, account)
    if account.closed_at is not None:
        raise WrongState(N_("Tài khoản này đã đóng."))
    record(session, account, "reset_factors", at=at, by=by)
    for table in (Authenticator, Passkey, RecoveryCode):
        session.execute(delete(table).where(table.account_id == account.id))
    end_pending(session, account.id)
    sessions.end_all(session, account.id, at=at)


def _check_not_last(session: Session, account: Account, must_keep_one: bool) -> None:
    if must_keep_one and factors_of(session, account.id).count < 2:
        raise LastFactor


def _drop_idle_codes(session: Session, account: Account) -> None:
    """Recovery codes stand in for a factor: without any they stand for nothing."""
    session.flush()  # What was just taken away must not be counted.
    if factors_of(session, account.id).count == 0:
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
