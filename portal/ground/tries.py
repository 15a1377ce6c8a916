"""Tries counted per key within a window: exact for any number of processes, with no server of its own."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import delete, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.ground.db import Base, insert_or_add

WINDOW = timedelta(minutes=10)
"""How long tries are remembered, from the first of them."""


class Tries(Base):
    """How often something was tried since *began_at*; the key is a hash, so that no row names anybody."""

    __tablename__ = "tries"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


@dataclass(frozen=True)
class Tally:
    """How many tries there are now, and when they will be forgotten."""

    count: int
    until: datetime


def note(session: Session, what: str, *, at: datetime, times: int = 1) -> Tally:
    """Count more tries of *what*, such as "sign in 10.0.0.1"; old counts of everything are swept away."""
    session.execute(delete(Tries).where(Tries.began_at <= at - WINDOW))
    key = _key(what)
    row = insert_or_add(session, Tries, {"key": key, "began_at": at, "count": times}, "count")
    return Tally(row._mapping["count"], row.began_at + WINDOW)


def take_back(session: Session, what: str) -> None:
    """Uncount a try that was right after all."""
    counted = (Tries.key == _key(what), Tries.count > 0)
    session.execute(update(Tries).where(*counted).values(count=Tries.count - 1))


def forget(session: Session, what: str) -> None:
    """Forget every try of *what*."""
    session.execute(delete(Tries).where(Tries.key == _key(what)))


def _key(what: str) -> str:
    return hashlib.sha256(what.encode()).hexdigest()
