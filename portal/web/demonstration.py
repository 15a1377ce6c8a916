"""Keeps a demonstration and real data apart: the anchor in the database is the mark of a demonstration."""

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.ground import anchor
from portal.web import context

REAL_DATA = "Cơ sở dữ liệu này có tài khoản thật, không phải bản trình diễn: bỏ PORTAL_DEMONSTRATION."
"""Said where demonstration mode would open real accounts to one click."""

MARKED = "Cơ sở dữ liệu này là bản trình diễn: đặt PORTAL_DEMONSTRATION=1, hoặc dùng cơ sở dữ liệu khác."
"""Said where invented people would pass for real ones."""


def holds_real_data(session: Session) -> bool:
    """Whether there are accounts that no demonstration planted."""
    return not anchor.is_dropped(session) and session.scalar(select(Account.id).limit(1)) is not None


def obstacle() -> str | None:
    """Why this portal must not serve its database in the mode it was given; None when the two agree.

    A database without tables is neither: there is nothing to mix up yet.
    """
    try:
        with context.database().reading() as session:
            if context.settings().demonstration:
                return REAL_DATA if holds_real_data(session) else None
            return MARKED if anchor.is_dropped(session) else None
    except (sa.exc.OperationalError, sa.exc.ProgrammingError):
        return None
