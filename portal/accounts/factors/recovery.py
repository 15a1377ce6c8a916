"""Recovery codes: ten at a time, shown once, each good once."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.accounts import passwords
from portal.accounts.factors.apps import WrongCode
from portal.accounts.factors.models import RecoveryCode
from portal.accounts.factors.recording import record
from portal.accounts.models import Account
from portal.ground.sealing import keys_of

CODES = 10


def new_codes(session: Session, account: Account, *, at: datetime) -> list[str]:
    """Make ten new codes and return them; those made before are worthless from then on."""
    codes = [passwords.one_time() for _ in range(CODES)]
    record(session, account, "new_recovery_codes", at=at)
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    rows = (RecoveryCode(account_id=account.id, code_index=_index(session, account, code)) for code in codes)
    session.add_all(rows)
    return codes


def use_code(session: Session, account: Account, typed: str, *, at: datetime) -> None:
    """Take one unused code of the account, in any way of typing it; raises WrongCode."""
    unused = (RecoveryCode.code_index == _index(session, account, typed), RecoveryCode.used_at.is_(None))
    taking = update(RecoveryCode).where(*unused).values(used_at=at).returning(RecoveryCode.id)
    if session.execute(taking).first() is None:
        raise WrongCode
    record(session, account, "use_recovery_code", at=at)


def _index(session: Session, account: Account, typed: str) -> str:
    """A keyed hash: 59 random bits under a secret key need no slow one."""
    signs = "".join(sign for sign in typed.casefold() if sign.isalnum())
    return keys_of(session).index(f"recovery {account.uid} {signs}")
