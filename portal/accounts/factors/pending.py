"""Between the two steps of signing in: the password was right, and nothing is open yet."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.factors.models import PendingSignIn
from portal.accounts.models import Account
from portal.accounts.sessions import hash_of, new_token

GOOD_FOR = timedelta(minutes=10)


def open_pending(session: Session, account: Account, *, at: datetime, browser: str) -> str:
    """Keep that *account* has passed its first step in this browser; the token is for its cookie.

    at: the wall clock. What nobody finished is swept away.
    """
    session.execute(delete(PendingSignIn).where(PendingSignIn.began_at <= at - GOOD_FOR))
    token = new_token()
    begun = {"account_id": account.id, "browser": browser[:200], "began_at": at}
    session.add(PendingSignIn(token_hash=hash_of(token), **begun))
    return token


def find_pending(session: Session, token: str, *, at: datetime, browser: str) -> PendingSignIn | None:
    """The sign-in that waits for its second step in this very browser, None when it is over."""
    fresh = (PendingSignIn.token_hash == hash_of(token), PendingSignIn.began_at > at - GOOD_FOR)
    mine = select(PendingSignIn).where(*fresh, PendingSignIn.browser == browser[:200])
    found = session.scalar(mine.options(joinedload(PendingSignIn.account)))
    return found if found and found.account.closed_at is None else None


def end_pending(session: Session, account_id: int) -> None:
    """End every sign-in of the account that waits: it is done, or must begin anew."""
    session.execute(delete(PendingSignIn).where(PendingSignIn.account_id == account_id))
