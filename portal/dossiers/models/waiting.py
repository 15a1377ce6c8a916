"""Nouns: what a dossier waits for, or stands still for: supplements, blockers, pauses, charges, opinions."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Office
from portal.dossiers.models.checklist import ChecklistItem
from portal.dossiers.states import BlockerKind, Fault, PauseGround
from portal.ground.db import Base


class SupplementRequest(Base):
    """All that is asked for at once (R10), and when it was answered."""

    __tablename__ = "supplement_request"
    __table_args__ = (
        sa.Index(
            "uq_supplement_request_open", "dossier_id", unique=True,
            sqlite_where=sa.text("answered_at IS NULL"), postgresql_where=sa.text("answered_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    answer_until: Mapped[datetime | None]
    """Until when the answer is waited for; afterwards the office may refuse or stop."""
    reminders: Mapped[int] = mapped_column(default=0)
    """How often the citizen was reminded."""

    items: Mapped[list["SupplementItem"]] = relationship(order_by="SupplementItem.id")


class SupplementItem(Base):
    """One line of a request: a paper of the frozen checklist, or a question of the form, and why."""

    __tablename__ = "supplement_item"
    __table_args__ = (
        sa.CheckConstraint("(checklist_item_id IS NULL) <> (question IS NULL)", name="paper_or_question"),
        sa.CheckConstraint("note <> ''", name="says_what"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("supplement_request.id"), index=True)
    checklist_item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("checklist_item.id"), index=True)
    question: Mapped[str | None] = mapped_column(sa.String(60))
    fault: Mapped[Fault]
    note: Mapped[str] = mapped_column(sa.Text)
    declined: Mapped[str] = mapped_column(sa.Text, default="")
    """The citizen's word when the paper cannot be given; empty when it was."""

    checklist_item: Mapped[ChecklistItem | None] = relationship()


class Blocker(Base):
    """A neutral reason not to accept; cleared by whoever raised it."""

    __tablename__ = "blocker"
    __table_args__ = (sa.UniqueConstraint("dossier_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    kind: Mapped[BlockerKind]
    raised_at: Mapped[datetime]


class Pause(Base):
    """A time in which the clock stands: from when to when, on what ground, by whom (R18)."""

    __tablename__ = "pause"
    __table_args__ = (
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="ends_after_it_begins"),
        sa.Index(
            "uq_pause_open", "dossier_id", unique=True,
            sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    ground: Mapped[PauseGround]
    began_at: Mapped[datetime]
    began_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    old_due_at: Mapped[datetime]
    new_due_at: Mapped[datetime | None]

    @hybrid_property
    def came_late(self) -> bool:
        """Whether the promise had passed when the clock was stopped; asked in Python or inside a SELECT."""
        return self.began_at > self.old_due_at


class Charge(Base):
    """A financial obligation that is waited for: how much, by which document, until it was met (status 6)."""

    __tablename__ = "charge"
    __table_args__ = (
        sa.CheckConstraint("amount_dong > 0", name="some_money"),
        sa.Index(
            "uq_charge_open", "dossier_id", unique=True,
            sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    amount_dong: Mapped[int] = mapped_column(sa.BigInteger)
    document: Mapped[str] = mapped_column(sa.Text)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    pay_until: Mapped[datetime]
    reminders: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    """When it was paid in full, or given up with the dossier."""


class Consultation(Base):
    """A question to another office, with a term of its own; the asking office answers for the dossier.

    ended_at: when the dossier ended, or had its result, before there was an answer: nobody waits for one.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_with_words"),
        sa.CheckConstraint("answered_at IS NULL OR ended_at IS NULL", name="answered_or_ended"),
        sa.Index("ix_consultation_waiting", "office_id", "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    question: Mapped[str] = mapped_column(sa.Text)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    due_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]

    office: Mapped[Office] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether an answer is waited for."""
        return self.answered_at is None and self.ended_at is None
