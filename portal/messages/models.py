"""Nouns: a message to one person about one move or alarm, and its way to an address."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.ground.db import Base, BigId
from portal.ground.words import N_, Labelled


class Message(Base):
    """What one person is told about one move or alarm; its words are made of *topic* and *params* when read.

    source: what it tells of, "ledger/" or "alarm/" and the number of the row; one person is told of it once.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "source"),
        sa.Index("ix_message_box", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    source: Mapped[str] = mapped_column(sa.String(40), index=True)
    topic: Mapped[str] = mapped_column(sa.String(60))
    params: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
    sendings: Mapped[list["Sending"]] = relationship(back_populates="message")


class SendingState(Labelled):
    """How far a message is on its way to an address."""

    WAITING = "waiting", N_("Đang chờ gửi")
    SENT = "sent", N_("Đã gửi")
    GIVEN_UP = "given_up", N_("Không gửi được")


class Sending(Base):
    """One message on its way to one e-mail address, by the wall clock.

    claimed_until: a worker has it in its hands until then; afterwards it may be taken again, with the same
    Message-ID, so that a mail server which got it twice can tell.
    """

    __tablename__ = "sending"
    __table_args__ = (
        sa.UniqueConstraint("message_id", "address"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_its_moment"),
        sa.Index(
            "ix_sending_waiting", "address", "id",
            sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(36), unique=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), index=True)
    address: Mapped[str] = mapped_column(sa.String(200))
    state: Mapped[SendingState] = mapped_column(default=SendingState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    message: Mapped[Message] = relationship(back_populates="sendings")
