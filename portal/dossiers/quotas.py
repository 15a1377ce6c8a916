"""How much one account may send in files in a day, so that nobody fills the store."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.ground.db import Base, insert_ignoring
from portal.ground.errors import TooManyTries
from portal.ground.words import N_


class DayIsFull(TooManyTries):
    """The files of one day together would be more than allowed."""

    message = N_(
        "Tệp %(name)s chưa được nhận vì mỗi ngày một người gửi được nhiều nhất %(most)s MB tệp. "
        "Hãy gửi tiếp từ ngày mai, hoặc mang bản giấy đến quầy."
    )


class SentBytes(Base):
    """What an account sent on its last day of sending; one row an account, begun anew each day."""

    __tablename__ = "sent_bytes"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    sent_on: Mapped[date]
    size_bytes: Mapped[int] = mapped_column(sa.BigInteger)


def grant(session: Session, account_id: int, sizes: Sequence[int], *, on: date, most: int) -> list[bool]:
    """For each file of *sizes* bytes, in their order, whether it fits into the day; those that do count.

    Taking a file out again gives nothing back: its bytes have been received.
    """
    if _all_fit(session, account_id, sum(sizes), on, most):
        return [True] * len(sizes)
    insert_ignoring(session, SentBytes, {"account_id": account_id, "sent_on": on, "size_bytes": 0})
    mine = select(SentBytes).where(SentBytes.account_id == account_id).with_for_update()
    row = session.scalars(mine).one()
    used = row.size_bytes if row.sent_on == on else 0
    granted = []
    for size in sizes:
        granted.append(used + size <= most)
        used += size if granted[-1] else 0
    row.sent_on, row.size_bytes = on, used
    return granted


def _all_fit(session: Session, account_id: int, size: int, on: date, most: int) -> bool:
    """The usual case in one statement: not the first files of the day, and not near its end."""
    mine = (SentBytes.account_id == account_id, SentBytes.sent_on == on, SentBytes.size_bytes <= most - size)
    added = update(SentBytes).where(*mine).values(size_bytes=SentBytes.size_bytes + size)
    return session.execute(added.returning(SentBytes.account_id)).first() is not None
