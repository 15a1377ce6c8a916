"""Identity numbers of accounts: checked for shape, sealed to their row, renewed with the newest key."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, IdentityKind
from portal.ground.errors import Refused
from portal.ground.sealing import keys_of
from portal.ground.words import N_

LENGTHS = {12: IdentityKind.CITIZEN_NUMBER, 9: IdentityKind.OLD_CARD}
"""12 digits of a citizen number (NĐ 137/2015 art. 13), 9 of an old card; nothing else is accepted (R41)."""


def kind_of(number: str) -> IdentityKind:
    """The kind of an identity number by its digits; raises Refused when it is neither."""
    digits = number.replace(" ", "")
    kind = LENGTHS.get(len(digits)) if digits.isdecimal() and digits.isascii() else None
    if kind is None:
        raise Refused(N_("Số định danh có 12 chữ số, số CMND có 9 chữ số."))
    return kind


def declare(session: Session, account: Account, number: str) -> None:
    """Write *number* into the account, sealed and indexed; raises Refused for a wrong shape."""
    digits = number.replace(" ", "")
    account.identity_kind = kind_of(digits)
    account.identity_sealed = keys_of(session).seal(digits, account.bound_to)
    account.identity_index = keys_of(session).index(digits)


def number_of(session: Session, account: Account) -> str:
    """The account's number, or "" when none was declared."""
    sealed = account.identity_sealed
    return keys_of(session).open(sealed, account.bound_to) if sealed else ""


def renew(session: Session) -> int:
    """Seal every account's number with the current key; returns how many changed."""
    keys = keys_of(session)
    held = session.scalars(select(Account).where(Account.identity_sealed.is_not(None)))
    stale = [(row, sealed) for row in held if (sealed := row.identity_sealed) and not keys.is_current(sealed)]
    for account, sealed in stale:
        account.identity_sealed = keys.renewed(sealed, account.bound_to)
    return len(stale)
