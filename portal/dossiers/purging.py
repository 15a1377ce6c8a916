"""What is kept no longer: drafts past their day, with the rows that belong to them."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.dossiers.models import Draft, Inquiry, Paper

AT_ONCE = 500
"""Drafts deleted in one transaction."""


def purge_drafts(session: Session, at: datetime) -> int:
    """Delete drafts that expired before *at* and were not filed, at most AT_ONCE; returns how many.

    Their files stay in the store until nothing names them any more.
    """
    expired = select(Draft.id).where(Draft.expires_at <= at, Draft.dossier_id.is_(None))
    ids = session.scalars(expired.order_by(Draft.id).limit(AT_ONCE)).all()
    for kind in (Paper, Inquiry):
        session.execute(delete(kind).where(kind.draft_id.in_(ids)))
    session.execute(delete(Draft).where(Draft.id.in_(ids)))
    return len(ids)
