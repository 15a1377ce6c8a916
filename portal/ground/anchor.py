"""The own time of a demonstration: an anchor in the database, from which the wall clock's span is counted."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.ground.db import Base


class Anchor(Base):
    """The one row: at *set_at* by the wall clock it was *anchor_at* in the demonstration."""

    __tablename__ = "demonstration_anchor"

    id: Mapped[int] = mapped_column(primary_key=True)
    anchor_at: Mapped[datetime]
    set_at: Mapped[datetime]


def drop(session: Session, anchor_at: datetime, *, wall: datetime) -> None:
    """Start the demonstration's time at *anchor_at*; an anchor that is there already stays."""
    if session.get(Anchor, 1) is None:
        session.add(Anchor(id=1, anchor_at=anchor_at, set_at=wall))
        session.flush()  # The offset is asked for in the same transaction.


def is_dropped(session: Session) -> bool:
    """Whether the database is a demonstration's; no other has an anchor."""
    return session.get(Anchor, 1) is not None


def offset(session: Session) -> timedelta:
    """What to add to the wall clock; zero where no anchor was dropped."""
    anchor = session.get(Anchor, 1)
    return anchor.anchor_at - anchor.set_at if anchor else timedelta()
