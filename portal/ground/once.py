"""Exactly once: the answer to a request, kept under the key its form carried."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.ground.db import Base, insert_ignoring


class StoredAnswer(Base):
    """What was answered to the request of this key: status and where to go, or a JSON body."""

    __tablename__ = "stored_answer"

    key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[dict[str, Any]]


def claim(session: Session, key: str, at: datetime) -> StoredAnswer | None:
    """Take *key* for this transaction; return the answer stored before when it is not the first.

    A second request with the key waits until the first commits or rolls back.
    """
    if insert_ignoring(session, StoredAnswer, {"key": key, "at": at, "answer": {}}):
        return None
    return session.get_one(StoredAnswer, key)


def answer_of(session: Session, key: str) -> dict[str, Any] | None:
    """The answer that was kept under *key*; None when the key is not used, or was used without an answer."""
    found = session.get(StoredAnswer, key)
    return found.answer or None if found else None


def release(session: Session, key: str) -> None:
    """Give the claimed *key* back: what was sent changed nothing, and may be judged again."""
    session.delete(session.get_one(StoredAnswer, key))


def keep(session: Session, key: str, answer: dict[str, Any]) -> None:
    """Store *answer* under the claimed *key*, in the transaction that makes it true."""
    session.get_one(StoredAnswer, key).answer = answer


def forget(session: Session, before: datetime) -> None:
    """Delete the answers stored before *before*: nobody sends such an old request again."""
    session.execute(sa.delete(StoredAnswer).where(StoredAnswer.at < before))
