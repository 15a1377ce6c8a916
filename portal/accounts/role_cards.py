"""Accounts that a demonstration shows on its sign-in page, to enter with one click. None anywhere else."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.accounts.models import Account, Appointment
from portal.ground.db import Base


class RoleCard(Base):
    """One card: whose account, in which order, and whether it is one of the few shown at once.

    Only the seed of a demonstration writes these rows; without a row nobody enters this way.
    """

    __tablename__ = "role_card"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    position: Mapped[int]
    is_first: Mapped[bool]

    account: Mapped[Account] = relationship()


def cards(session: Session) -> Sequence[RoleCard]:
    """Every card in order, with the account and what it is appointed to."""
    account = joinedload(RoleCard.account)
    held = account.selectinload(Account.appointments).joinedload(Appointment.office)
    query = select(RoleCard).join(RoleCard.account).where(Account.closed_at.is_(None))
    return session.scalars(query.order_by(RoleCard.position).options(account, held)).all()
