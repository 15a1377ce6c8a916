"""Challenges for passkeys: one for each browser at a time, kept here, taken once."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.accounts.factors.models import PasskeyChallenge
from portal.accounts.sessions import hash_of

GOOD_FOR = timedelta(minutes=5)


def new_challenge(session: Session, token: str, *, at: datetime) -> bytes:
    """Make the challenge of the browser whose cookie holds *token*; one made before is worthless.

    at: the wall clock. What was never answered is swept away.
    """
    owner, challenge = hash_of(token), secrets.token_bytes(32)
    is_old = PasskeyChallenge.made_at <= at - GOOD_FOR
    session.execute(delete(PasskeyChallenge).where(is_old | (PasskeyChallenge.owner == owner)))
    session.add(PasskeyChallenge(owner=owner, challenge=challenge, made_at=at))
    return challenge


def take_challenge(session: Session, token: str, *, at: datetime) -> bytes:
    """Take the browser's challenge away; a fresh one that nobody knows when there is none any more."""
    mine = (PasskeyChallenge.owner == hash_of(token), PasskeyChallenge.made_at > at - GOOD_FOR)
    taking = delete(PasskeyChallenge).where(*mine).returning(PasskeyChallenge.challenge)
    found = session.execute(taking).scalar()
    return found if found is not None else secrets.token_bytes(32)
