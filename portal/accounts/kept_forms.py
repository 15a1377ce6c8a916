"""Forms sent after a session had ended: kept for a day for the account that sent them, to be sent again."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.ground.db import Base
from portal.ground.errors import NotFound

KEPT_FOR = timedelta(days=1)
"""How long a form waits for its sender."""

MOST = 10
"""Forms kept of one account; the oldest goes."""

LONGEST = 200_000
"""Characters of a form that is still kept."""


class KeptForm(Base):
    """What was typed, as pairs of name and value in their order, and the address it was sent to."""

    __tablename__ = "kept_form"

    uid: Mapped[str] = mapped_column(sa.String(43), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    path: Mapped[str] = mapped_column(sa.String(2000))
    fields: Mapped[list[Any]]


def keep(
    session: Session, account_id: int, path: str, fields: list[tuple[str, str]], *, at: datetime
) -> str | None:
    """Keep a form for *account_id* and return its uid; None when it is too long. Old ones are swept away.

    *fields* hold no password and no identity number: the caller leaves them out.
    """
    if len(path) > 2000 or sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return None
    session.execute(delete(KeptForm).where(KeptForm.at <= at - KEPT_FOR))
    mine = select(KeptForm.uid).where(KeptForm.account_id == account_id)
    newest = session.scalars(mine.order_by(KeptForm.at.desc()).limit(MOST - 1)).all()
    session.execute(delete(KeptForm).where(KeptForm.account_id == account_id, KeptForm.uid.not_in(newest)))
    uid = secrets.token_urlsafe(32)
    session.add(KeptForm(uid=uid, account_id=account_id, at=at, path=path, fields=[list(f) for f in fields]))
    return uid


def get(session: Session, uid: str, account_id: int, *, at: datetime) -> KeptForm:
    """The form of this uid, or NotFound when it is another account's or has waited too long."""
    mine = (KeptForm.uid == uid, KeptForm.account_id == account_id, KeptForm.at > at - KEPT_FOR)
    found = session.scalar(select(KeptForm).where(*mine))
    if found is None:
        raise NotFound
    return found
