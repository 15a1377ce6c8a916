"""Passwords set by somebody else: at a desk for a person seen with the card, by an admin for staff."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import identity, passwords, sessions
from portal.accounts.authority import OwnRights, require_admin, require_another
from portal.accounts.models import Account, Actor, IdentityLevel, Role
from portal.accounts.registration import KIND
from portal.ground import ledger
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.sealing import keys_of
from portal.ground.words import N_

ONE_TIME = timedelta(hours=24)
"""How long a password that somebody else set is good."""


class ProvenElsewhere(WrongState):
    """Another account has already been proven to belong to this number."""

    message = N_(
        "Số này đã được đối chiếu cho một tài khoản khác. Hãy đặt lại mật khẩu của tài khoản đó,"
        " hoặc báo quản trị nếu giấy tờ không khớp."
    )


class OtherNumber(Refused):
    """The card shows another number than the account declared."""

    message = N_("Số trên giấy khác số tài khoản đã khai, nên không thể trao tài khoản này.")


def reset(
    session: Session, account: Account, number: str, *, by: Actor, at: datetime, good_until: datetime
) -> str:
    """Give a citizen who stands at the desk with the card a one-time password, and return it.

    number: read from the card; it claims the account from then on, whoever else declared it.
    good_until: by the wall clock. Every session ends. Raises NotAllowed, OtherNumber, ProvenElsewhere.
    """
    if by.role != Role.RECEPTIONIST or account.sign_in_name is not None:
        raise NotAllowed
    _check(session, account, number, by)
    level = _proven(account)
    _record(session, account, "reset", level, by=by, at=at)
    if account.identity_index is None:
        identity.declare(session, account, number)
    account.identity_level = level
    return _one_time(session, account, at, good_until)


def reset_staff(session: Session, account: Account, *, by: Actor, at: datetime, good_until: datetime) -> str:
    """Give a staff account a one-time password, and return it; every session ends. Raises NotAllowed."""
    require_admin(by)
    require_another(by, account)
    if account.closed_at is not None:
        raise WrongState(N_("Tài khoản này đã đóng."))
    _record(session, account, "reset", account.identity_level, by=by, at=at)
    return _one_time(session, account, at, good_until)


def end_sessions(session: Session, account: Account, *, by: Actor, at: datetime) -> None:
    """Sign every browser of an account out at once."""
    require_admin(by)
    _record(session, account, "end_sessions", account.identity_level, by=by, at=at)
    sessions.end_all(session, account.id, at=at)


def _check(session: Session, account: Account, number: str, by: Actor) -> None:
    identity.kind_of(number)
    index = keys_of(session).index(number.replace(" ", ""))
    require_another(by, account)
    if by.identity_index == index:
        raise OwnRights
    if account.closed_at is not None:
        raise WrongState(N_("Tài khoản này đã đóng."))
    if account.identity_index not in (None, index):
        raise OtherNumber
    if _proven_elsewhere(session, account, index):
        raise ProvenElsewhere


def _proven_elsewhere(session: Session, account: Account, index: str) -> bool:
    proven = Account.identity_level != IdentityLevel.SELF_DECLARED
    others = (Account.identity_index == index, proven, Account.closed_at.is_(None), Account.id != account.id)
    return session.scalar(select(Account.id).where(*others).limit(1)) is not None


def _proven(account: Account) -> IdentityLevel:
    return max(account.identity_level, IdentityLevel.SEEN, key=list(IdentityLevel).index)


def _one_time(session: Session, account: Account, at: datetime, good_until: datetime) -> str:
    password = passwords.one_time()
    account.password_hash = passwords.hashed(password)
    account.must_change_password, account.one_time_until = True, good_until
    sessions.end_all(session, account.id, at=at)
    return password


def _record(
    session: Session, account: Account, move: str, level: IdentityLevel, *, by: Actor, at: datetime
) -> None:
    deed = ledger.Deed(KIND, account.id, move, account.identity_level, level)
    ledger.append(session, deed, by=by, at=at)
