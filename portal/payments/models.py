"""Nouns: the dated tariff of fees, and receipts for cash taken at a desk."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.catalogue.models import Channel
from portal.ground.db import Base
from portal.ground.words import N_, Labelled


class FeeKind(Labelled):
    """The two kinds of public fee, which a receipt keeps apart (Luật Phí và lệ phí 2015; R26)."""

    CHARGE = "charge", N_("Phí")
    LEVY = "levy", N_("Lệ phí")


class FeeRule(Base):
    """What one fee of a procedure costs in a channel from a day to a day, both inclusive (R26).

    amount_dong: 0 says that it is free, which is not the same as no rule. The code has no foreign key: a fee
    may be set before the procedure is imported.
    """

    __tablename__ = "fee_rule"
    __table_args__ = (
        sa.UniqueConstraint("code", "channel", "name", "from_on"),
        sa.CheckConstraint("amount_dong >= 0", name="never_negative"),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20))
    channel: Mapped[Channel]
    kind: Mapped[FeeKind]
    name: Mapped[str] = mapped_column(sa.String(200))
    amount_dong: Mapped[int]
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(sa.Text, default="")


class CashReceipt(Base):
    """Cash taken for a dossier: numbered by office and year, never changed."""

    __tablename__ = "cash_receipt"
    __table_args__ = (
        sa.UniqueConstraint("office_id", "year", "number"),
        sa.CheckConstraint("amount_dong > 0", name="some_money"),
        sa.CheckConstraint("payer <> ''", name="somebody_paid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    year: Mapped[int]
    number: Mapped[int]
    kind: Mapped[FeeKind]
    amount_dong: Mapped[int] = mapped_column(sa.BigInteger)
    payer: Mapped[str] = mapped_column(sa.String(200))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    taken_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    taken_at: Mapped[datetime]

    taken_by: Mapped[Account] = relationship()

    @property
    def shown_number(self) -> str:
        """The number as it is printed: 0000017/2020."""
        return f"{self.number:07d}/{self.year}"
