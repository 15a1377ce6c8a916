"""Nouns: what was decided about promises when the calendar changed, and each promise that is to be moved."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.dossiers.models.dossiers import Dossier
from portal.ground.db import Base, BigId
from portal.ground.words import N_, Labelled


class Outcome(Labelled):
    """What became of a promise that was to be moved."""

    WAITING = "waiting", N_("đang dời")
    MOVED = "moved", N_("đã dời")
    LEFT = "left", N_("không dời được nữa")


class CalendarDecision(Base):
    """The choice that went with one change of the calendar: which promises, and on what ground.

    entry_id: the ledger entry of the change, which says who made it; a plain number, for the ledger outlives
    every row.
    ground: the decision on which promises are moved; empty where all are kept.
    kept, moving: how many promises would have come out differently and were kept, or are to be moved.
    """

    __tablename__ = "calendar_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(BigId, unique=True)
    at: Mapped[datetime]
    ground: Mapped[str] = mapped_column(sa.Text)
    kept: Mapped[int]
    moving: Mapped[int]


class PostponedPromise(Base):
    """One promise that is to be moved, once: from when to when, as it was shown, and what became of it."""

    __tablename__ = "postponed_promise"
    __table_args__ = (
        sa.UniqueConstraint("decision_id", "dossier_id"),
        sa.CheckConstraint("new_due_at > old_due_at", name="only_later"),
        sa.CheckConstraint("(outcome = 'waiting') = (settled_at IS NULL)", name="settled_with_its_moment"),
        sa.Index(
            "ix_postponed_promise_waiting", "decision_id", "dossier_id",
            sqlite_where=sa.text("outcome = 'waiting'"), postgresql_where=sa.text("outcome = 'waiting'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("calendar_decision.id"))
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    old_due_at: Mapped[datetime]
    new_due_at: Mapped[datetime]
    outcome: Mapped[Outcome]
    settled_at: Mapped[datetime | None]

    dossier: Mapped[Dossier] = relationship()
