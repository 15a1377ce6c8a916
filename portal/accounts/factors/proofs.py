"""A typed code, whichever kind it is: of the app, or a recovery code."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.factors import apps, recovery
from portal.accounts.models import Account

APP_DIGITS = 6


def prove_by_code(session: Session, account: Account, typed: str, *, wall: datetime, at: datetime) -> None:
    """Take *typed* as the account's second factor; raises WrongCode, and then nothing was used up."""
    code = typed.replace(" ", "")
    if len(code) == APP_DIGITS and code.isascii() and code.isdecimal():
        apps.prove(session, account, code, wall=wall)
    else:
        recovery.use_code(session, account, typed, at=at)
