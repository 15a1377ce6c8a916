"""Noun: one question to a register about one paper of a draft or a dossier."""

from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.ground.db import Base
from portal.ground.registers import Outcome


class Inquiry(Base):
    """Who asked which register about which line, when, and what came of it (R35); never changed.

    It belongs to a draft until that is filed, then to the dossier, as papers do.
    number_index: the blind index of the number it was asked about; about any other number it says nothing.
    read_sealed: what was read, personal, sealed to this row; only where something was found.
    """

    __tablename__ = "register_inquiry"
    __table_args__ = (
        sa.CheckConstraint("(draft_id IS NULL) <> (dossier_id IS NULL)", name="one_home"),
        sa.CheckConstraint("(outcome = 'found') = (read_sealed IS NOT NULL)", name="read_where_found"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(36), unique=True, default=lambda: str(uuid4()))
    draft_id: Mapped[int | None] = mapped_column(sa.ForeignKey("draft.id"), index=True)
    dossier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    item_key: Mapped[str] = mapped_column(sa.String(40))
    register: Mapped[str] = mapped_column(sa.String(20))
    number_index: Mapped[str] = mapped_column(sa.String(64))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    appointment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appointment.id"), index=True)
    asked_at: Mapped[datetime]
    outcome: Mapped[Outcome]
    read_sealed: Mapped[str | None] = mapped_column(sa.Text)

    @property
    def bound_to(self) -> str:
        """What the sealed sentence of this row is bound to."""
        return f"inquiry:{self.uid}"
