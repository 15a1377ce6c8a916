"""Nouns: sealed envelopes, what is in them, who holds them and how they passed from hand to hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from portal.dossiers.models import ChecklistItem
from portal.ground.db import Base
from portal.ground.words import N_
from portal.postal.models.orders import PostalOrder
from portal.postal.states import HolderKind, MissingReason, PaperForm


@dataclass(frozen=True)
class Holder:
    """Who holds an envelope: a person by account (a citizen may have none), or a desk or post office."""

    kind: HolderKind
    account_id: int | None = None
    office_id: int | None = None


def _kind(name: str) -> Any:
    values = [kind.value for kind in HolderKind]
    return mapped_column(
        sa.Enum(HolderKind, native_enum=False, create_constraint=True, length=40, name=name,
                values_callable=lambda _kinds: values)
    )  # fmt: skip


def _whole(role: str) -> sa.CheckConstraint:
    """A carrier is an account, a desk or post office an office, a citizen never an office."""
    kind, account, office = f"{role}_kind", f"{role}_account_id", f"{role}_office_id"
    return sa.CheckConstraint(
        f"({kind} IN ('post_office', 'desk')) = ({office} IS NOT NULL)"
        f" AND ({kind} = 'citizen' OR ({kind} = 'carrier') = ({account} IS NOT NULL))",
        name=f"{role}_whole",
    )


class Envelope(Base):
    """A sealed envelope under its own code. The holder's columns can name only one holder, and never none."""

    __tablename__ = "envelope"
    __table_args__ = (
        _whole("holder"),
        sa.Index("ix_envelope_holder_office", "holder_office_id"),
        sa.Index("ix_envelope_holder_account", "holder_account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("postal_order.id"), unique=True)
    seal: Mapped[str] = mapped_column(sa.String(30), unique=True)
    sealed_at: Mapped[datetime]
    sealed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    holder_kind: Mapped[HolderKind] = _kind("holder_kind")
    holder_account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    holder_office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"))
    held_since: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}

    holder: Mapped[Holder] = composite("holder_kind", "holder_account_id", "holder_office_id")
    order: Mapped[PostalOrder] = relationship()
    lines: Mapped[list["EnvelopeLine"]] = relationship(order_by="EnvelopeLine.id")
    events: Mapped[list["CustodyEvent"]] = relationship(order_by="CustodyEvent.seq")
    hand_overs: Mapped[list["HandOver"]] = relationship(back_populates="envelope", order_by="HandOver.id")

    @property
    def open_hand_over(self) -> "HandOver | None":
        """The transfer that was offered and waits for the other side."""
        return next((offered for offered in self.hand_overs if offered.is_open), None)

    @property
    def sheets(self) -> int:
        """How many sheets were counted into it."""
        return sum(line.counted for line in self.lines)


class EnvelopeLine(Base):
    """One line of the sheet list: a form of a paper of the frozen checklist, or the result itself."""

    __tablename__ = "envelope_line"
    __table_args__ = (
        sa.UniqueConstraint("envelope_id", "checklist_item_id", "form"),
        sa.CheckConstraint("counted BETWEEN 0 AND needed", name="counted_within_list"),
        sa.CheckConstraint("(counted < needed) = (missing_reason IS NOT NULL)", name="missing_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    envelope_id: Mapped[int] = mapped_column(sa.ForeignKey("envelope.id"), index=True)
    checklist_item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("checklist_item.id"), index=True)
    form: Mapped[PaperForm]
    needed: Mapped[int]
    counted: Mapped[int]
    missing_reason: Mapped[MissingReason | None]

    checklist_item: Mapped[ChecklistItem | None] = relationship()

    @property
    def name(self) -> str:
        """What the line is called; the name of the result is a message id."""
        return self.checklist_item.name if self.checklist_item else N_("Kết quả giải quyết hồ sơ")


class HandOver(Base):
    """A transfer with two sides: offered by the holder, confirmed by another account, or taken back."""

    __tablename__ = "hand_over"
    __table_args__ = (
        _whole("giver"),
        _whole("receiver"),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_somebody"
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> offered_by_id", name="two_different_people"
        ),
        sa.CheckConstraint("confirmed_at IS NULL OR taken_back_at IS NULL", name="ends_once"),
        sa.Index(
            "uq_hand_over_open", "envelope_id", unique=True,
            sqlite_where=sa.text("confirmed_at IS NULL AND taken_back_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL AND taken_back_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    envelope_id: Mapped[int] = mapped_column(sa.ForeignKey("envelope.id"), index=True)
    giver_kind: Mapped[HolderKind] = _kind("giver_kind")
    giver_account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    giver_office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"), index=True)
    receiver_kind: Mapped[HolderKind] = _kind("receiver_kind")
    receiver_account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    receiver_office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"), index=True)
    offered_at: Mapped[datetime]
    offered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    taken_back_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    """Why the recount differs, in the receiver's words."""

    giver: Mapped[Holder] = composite("giver_kind", "giver_account_id", "giver_office_id")
    receiver: Mapped[Holder] = composite("receiver_kind", "receiver_account_id", "receiver_office_id")
    envelope: Mapped[Envelope] = relationship(back_populates="hand_overs")
    counts: Mapped[list["Recount"]] = relationship(order_by="Recount.line_id")

    @property
    def is_open(self) -> bool:
        """Whether the other side has still to confirm."""
        return self.confirmed_at is None and self.taken_back_at is None


class Recount(Base):
    """What the receiver counted on one line, beside what the giver had counted; neither can be edited."""

    __tablename__ = "recount"
    __table_args__ = (sa.CheckConstraint("given >= 0 AND counted >= 0", name="counts_positive"),)

    hand_over_id: Mapped[int] = mapped_column(sa.ForeignKey("hand_over.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("envelope_line.id"), primary_key=True, index=True)
    given: Mapped[int]
    counted: Mapped[int]

    line: Mapped[EnvelopeLine] = relationship()


class CustodyEvent(Base):
    """An envelope passing from one holder to another; who gave and who took, by account."""

    __tablename__ = "custody_event"
    __table_args__ = (
        _whole("giver"),
        _whole("receiver"),
        sa.UniqueConstraint("envelope_id", "seq"),
        sa.CheckConstraint("given_by_id <> taken_by_id", name="two_different_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    envelope_id: Mapped[int] = mapped_column(sa.ForeignKey("envelope.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    giver_kind: Mapped[HolderKind] = _kind("giver_kind")
    giver_account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    giver_office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"), index=True)
    receiver_kind: Mapped[HolderKind] = _kind("receiver_kind")
    receiver_account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    receiver_office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"), index=True)
    given_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)

    giver: Mapped[Holder] = composite("giver_kind", "giver_account_id", "giver_office_id")
    receiver: Mapped[Holder] = composite("receiver_kind", "receiver_account_id", "receiver_office_id")
