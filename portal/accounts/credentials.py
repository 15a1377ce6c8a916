"""Who somebody is: a phone, a number or a sign-in name with its password. Counts no tries; the web does."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import passwords, phones
from portal.accounts.identity import number_of
from portal.accounts.models import Account, Actor, IdentityLevel
from portal.accounts.registration import KIND, email_address
from portal.ground import ledger
from portal.ground.errors import Refused
from portal.ground.sealing import keys_of
from portal.ground.words import N_

MOST_CANDIDATES = 5
"""How many accounts of one phone or number are tried: a family shares a phone, a crowd does not."""


class WrongPassword(Refused):
    """The password asked for again is not the account's."""

    message = N_("Mật khẩu hiện tại chưa đúng.")


def authenticate(session: Session, who: str, password: str, *, at: datetime) -> Account | None:
    """The open account that *who* (phone, identity number or sign-in name) and *password* open, or None.

    Every candidate is checked, and a stand-in when there is none, so that time tells nothing. *at* is the
    wall clock: a one-time password is good until its moment.
    """
    candidates = session.scalars(_candidates(session, who)).all()
    stored = [account.password_hash for account in candidates] or [passwords.NOBODY]
    right = [passwords.matches(one, password) for one in stored]
    found = [account for account, is_right in zip(candidates, right, strict=False) if is_right]
    return next((account for account in found if _is_usable(account, at)), None)


def counted_as(who: str) -> str:
    """One word for every way of typing the same name or number, under which its tries are counted."""
    return phones.national(who.casefold())


def refresh_hash(account: Account, password: str) -> None:
    """Store the password just proven under today's settings when it was kept under weaker ones."""
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hashed(password)


def use_up(account: Account, *, at: datetime) -> None:
    """Let a one-time password open nothing more, now that it has opened a session; *at*: the wall clock."""
    if account.one_time_until is not None:
        account.one_time_until = at


def confirm(account: Account, password: str) -> None:
    """Check that the owner is at the keyboard; raises WrongPassword."""
    if not passwords.matches(account.password_hash, password):
        raise WrongPassword


def change_password(session: Session, account: Account, current: str, new: str, *, at: datetime) -> None:
    """Let the owner replace the password; raises WrongPassword, Refused. The caller ends other sessions."""
    confirm(account, current)
    if new == current:
        raise Refused(N_("Mật khẩu mới giống mật khẩu hiện tại. Hãy chọn mật khẩu khác."))
    own = (account.full_name, account.phone or "", account.sign_in_name or "", number_of(session, account))
    passwords.check(new, *own)
    _record(session, account, "change_password", at)
    account.password_hash = passwords.hashed(new)
    account.must_change_password, account.one_time_until = False, None


def change_contact(
    session: Session, account: Account, current: str, phone: str, email: str, *, at: datetime
) -> None:
    """Let the owner, who says the password, replace phone and e-mail; raises WrongPassword, Refused."""
    confirm(account, current)
    normal, address = phones.normal(phone), email_address(email)
    _record(session, account, "change_contact", at)
    account.phone, account.email = normal, address


def _candidates(session: Session, who: str) -> sa.Select[Account]:
    """Open accounts of that name, phone or number: proven ones first, then the oldest."""
    name = who.strip().casefold()
    index = keys_of(session).index(name.replace(" ", ""))
    named = sa.or_(
        Account.sign_in_name == name,
        Account.phone == phones.national(who),
        Account.identity_index == index,
    )
    proven = sa.case((Account.identity_level == IdentityLevel.SELF_DECLARED, 1), else_=0)
    oldest = select(Account).where(named, Account.closed_at.is_(None)).order_by(proven, Account.id)
    return oldest.limit(MOST_CANDIDATES)


def _is_usable(account: Account, at: datetime) -> bool:
    return account.one_time_until is None or at < account.one_time_until


def _record(session: Session, account: Account, move: str, at: datetime) -> None:
    owner = Actor(account.id, account.full_name)
    ledger.append(session, ledger.Deed(KIND, account.id, move), by=owner, at=at)
