"""Noun: one paper of a dossier, frozen at filing."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.ground.db import Base


class ChecklistItem(Base):
    """One paper of the dossier, frozen at filing (B8): what is ticked, recounted, asked for again."""

    __tablename__ = "checklist_item"
    __table_args__ = (sa.UniqueConstraint("dossier_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.Text)
    originals: Mapped[int] = mapped_column(default=0)
    copies: Mapped[int] = mapped_column(default=0)
    certified_copies: Mapped[int] = mapped_column(default=0)
    is_form: Mapped[bool] = mapped_column(default=False)
    to_show: Mapped[bool] = mapped_column(default=False)
    register: Mapped[str] = mapped_column(sa.String(20), default="")
    """The code of the register that can answer in its place (catalogue.registers), "" when none can."""
    counted: Mapped[int | None]
    """Sheets of this line found at the desk; None until somebody counted."""
    found_at: Mapped[datetime | None]
    """When its register answered with what the paper would say: since then nobody may demand it (R35)."""

    @property
    def sheets(self) -> int:
        """How many papers of this line travel in an envelope or are counted at a desk."""
        stays = self.is_form or self.to_show or self.found_at is not None
        return 0 if stays else self.originals + self.copies + self.certified_copies
