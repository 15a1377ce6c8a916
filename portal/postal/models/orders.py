"""Nouns: postal orders with where to go, runs and their stops, the dated price of the post."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account, Area, Office
from portal.dossiers.models import Dossier
from portal.ground.db import Base
from portal.postal.states import (
    CLOSED,
    Direction,
    Exemption,
    Failure,
    OrderState,
    Outcome,
    Purpose,
)

IS_OPEN = "state NOT IN ('done', 'cancelled')"
WAITS = "state = 'requested'"


@dataclass(frozen=True)
class Place:
    """Where a carrier goes and whom to ask for; line: house and street, window: when somebody is there."""

    name: str
    phone: str
    area_code: str
    line: str
    window: str = ""
    note: str = ""


class PostalOrder(Base):
    """One way of one dossier's papers: asked for, given to a carrier, done. Retries count *attempt* up.

    postage_dong: None while the tariff has no price. delivery_code: for the receiver alone.
    """

    __tablename__ = "postal_order"
    __table_args__ = (
        sa.CheckConstraint(
            "(direction = 'pickup') = (purpose IN ('papers', 'supplement'))", name="purpose_fits_direction"
        ),
        sa.CheckConstraint(
            "(direction = 'return') = (delivery_code IS NOT NULL)", name="return_has_delivery_code"
        ),
        sa.CheckConstraint("state <> 'collected' OR direction = 'pickup'", name="only_pickups_are_collected"),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('done', 'cancelled'))", name="closed_at_its_end"
        ),
        sa.CheckConstraint("attempt >= 1", name="attempts_from_one"),
        sa.CheckConstraint("postage_dong >= 0", name="postage_not_negative"),
        sa.CheckConstraint("exemption IS NULL OR postage_dong = 0", name="exempt_pays_nothing"),
        sa.Index(
            "uq_postal_order_open", "dossier_id", "direction", unique=True,
            sqlite_where=sa.text(IS_OPEN), postgresql_where=sa.text(IS_OPEN),
        ),
        sa.Index(
            "ix_postal_order_waiting", "post_office_id", "area_code", "window",
            sqlite_where=sa.text(WAITS), postgresql_where=sa.text(WAITS),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    direction: Mapped[Direction]
    purpose: Mapped[Purpose]
    state: Mapped[OrderState] = mapped_column(default=OrderState.REQUESTED)
    attempt: Mapped[int] = mapped_column(default=1)
    contact_name: Mapped[str] = mapped_column(sa.String(200))
    phone: Mapped[str] = mapped_column(sa.String(20))
    area_code: Mapped[str] = mapped_column(sa.ForeignKey("area.code"), index=True)
    line: Mapped[str] = mapped_column(sa.Text)
    window: Mapped[str] = mapped_column(sa.String(60), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    post_office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"), index=True)
    postage_dong: Mapped[int | None]
    exemption: Mapped[Exemption | None]
    postage_paid_at: Mapped[datetime | None]
    delivery_code: Mapped[str | None] = mapped_column(sa.String(6))
    requested_at: Mapped[datetime]
    requested_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    closed_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}

    dossier: Mapped[Dossier] = relationship()
    area: Mapped[Area] = relationship()
    post_office: Mapped[Office] = relationship()
    stops: Mapped[list["Stop"]] = relationship(back_populates="order", order_by="Stop.id")

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state not in CLOSED

    @property
    def open_stop(self) -> "Stop | None":
        """The stop of a run on which it now stands."""
        return next((stop for stop in self.stops if stop.outcome is None), None)

    @property
    def address(self) -> str:
        """House, street, quarter and ward, as one goes there."""
        whole = f"{self.line}, {self.area.name[:1].lower()}{self.area.name[1:]}"
        return whole[:1].upper() + whole[1:]


class Run(Base):
    """What one carrier does on one day for one post office."""

    __tablename__ = "run"
    __table_args__ = (sa.UniqueConstraint("carrier_id", "office_id", "runs_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"), index=True)
    runs_on: Mapped[date]

    carrier: Mapped[Account] = relationship()
    office: Mapped[Office] = relationship()
    stops: Mapped[list["Stop"]] = relationship(back_populates="run", order_by="(Stop.position, Stop.id)")


class Stop(Base):
    """One order on one run. Until it is opened its carrier reads the ward and the window, nothing typed."""

    __tablename__ = "stop"
    __table_args__ = (
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ends_with_outcome"),
        sa.CheckConstraint(
            "(reason IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'failed')", name="failure_has_reason"
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome = 'taken_off' OR opened_at IS NOT NULL", name="opened_before_its_end"
        ),
        sa.Index(
            "uq_stop_open_order", "order_id", unique=True,
            sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("run.id"), index=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("postal_order.id"), index=True)
    position: Mapped[int]
    attempt: Mapped[int]
    opened_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    reason: Mapped[Failure | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    ended_at: Mapped[datetime | None]

    run: Mapped[Run] = relationship(back_populates="stops")
    order: Mapped[PostalOrder] = relationship(back_populates="stops")


class PostageRate(Base):
    """A price of the public post from a day to a day, both inclusive: one way, up to a weight."""

    __tablename__ = "postage_rate"
    __table_args__ = (sa.CheckConstraint("price_dong >= 0 AND up_to_grams > 0", name="positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    up_to_grams: Mapped[int]
    price_dong: Mapped[int]
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(sa.Text, default="")
