"""How an account begins: a citizen registers, an administrator enrols staff."""

import re
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import identity, passwords, phones
from portal.accounts.authority import require_admin
from portal.accounts.models import Account, Actor, IdentityLevel
from portal.ground import ledger
from portal.ground.errors import Refused
from portal.ground.text import clean
from portal.ground.words import N_

KIND = "account"
"""Kind of the ledger chains of accounts."""

_SIGN_IN_NAME = re.compile(r"(?=.*[a-z])[a-z0-9][a-z0-9._-]{2,59}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class NameTaken(Refused):
    """Another account signs in under this name."""

    message = N_("Tên đăng nhập này đã có người dùng.")


def register(
    session: Session, name: str, number: str, phone: str, password: str, email: str = "", *, at: datetime
) -> Account:
    """Open a citizen's account. The number is self-declared and reserves nothing; raises Refused."""
    passwords.check(password, name, number, phone)
    account = _account(name, password, at)
    account.phone, account.email = phones.normal(phone), email_address(email)
    identity.declare(session, account, number)
    session.add(account)
    session.flush()  # The ledger names the account by its id.
    said = ledger.Deed(KIND, account.id, "register", to_state=IdentityLevel.SELF_DECLARED)
    ledger.append(session, said, by=Actor(account.id, account.full_name), at=at)
    return account


def note_seen(session: Session, account: Account, *, by: Actor, at: datetime) -> None:
    """Note that the declared number was compared with the card of the person who holds the account."""
    said = ledger.Deed(KIND, account.id, "see", account.identity_level, IdentityLevel.SEEN)
    ledger.append(session, said, by=by, at=at)
    account.identity_level = IdentityLevel.SEEN


def enrol(
    session: Session,
    name: str,
    staff_name: str,
    password: str,
    *,
    by: Actor,
    at: datetime,
    one_time_until: datetime | None = None,
) -> Account:
    """Open a staff account without any appointment yet; raises Refused, NotAllowed.

    one_time_until: the password is a one-time one, good until then and changed at the first sign-in.
    """
    require_admin(by)
    account = _account(name, password, at)
    account.sign_in_name = _free_name(session, staff_name)
    account.must_change_password, account.one_time_until = one_time_until is not None, one_time_until
    session.add(account)
    session.flush()  # The ledger names the account by its id.
    said = ledger.Deed(KIND, account.id, "enrol", details={"sign_in_name": account.sign_in_name})
    ledger.append(session, said, by=by, at=at)
    return account


def email_address(typed: str) -> str | None:
    """Return a typed address as stored, None for an empty one; raises Refused for another shape."""
    address = clean(typed)
    if address and (len(address) > 200 or not _EMAIL.fullmatch(address)):
        raise Refused(N_("Địa chỉ thư điện tử chưa đúng, ví dụ ten@vidu.vn."))
    return address or None


def full_name(typed: str) -> str:
    """Return a typed name as stored; raises Refused when it is none."""
    name = clean(typed)
    if not name or len(name) > 200 or not any(sign.isalpha() for sign in name):
        raise Refused(N_("Hãy ghi họ tên như trên giấy tờ."))
    return name


def sign_in_name(typed: str) -> str:
    """Return a typed sign-in name as stored; raises Refused. A letter tells it from a number."""
    name = typed.strip().casefold()
    if not _SIGN_IN_NAME.fullmatch(name):
        raise Refused(N_("Tên đăng nhập gồm chữ không dấu, chữ số, dấu chấm; từ 3 đến 60 ký tự."))
    return name


def _account(name: str, password: str, at: datetime) -> Account:
    return Account(
        uid=str(uuid4()),
        full_name=full_name(name),
        password_hash=passwords.hashed(password),
        identity_level=IdentityLevel.SELF_DECLARED,
        created_at=at,
    )


def _free_name(session: Session, typed: str) -> str:
    name = sign_in_name(typed)
    if session.scalar(select(Account.id).where(Account.sign_in_name == name)):
        raise NameTaken
    return name
