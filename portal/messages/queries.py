"""Reads: a person's message box, and in a demonstration everything that was sent."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.dossiers.models import Dossier
from portal.messages.models import Message, Sending


def box(session: Session, account_id: int, *, before: int | None = None, most: int = 20) -> Sequence[Message]:
    """The messages of a person, newest first, from the one before *before* on."""
    mine = select(Message).where(Message.account_id == account_id)
    page = mine.where(Message.id < before) if before else mine
    return session.scalars(page.order_by(Message.id.desc()).limit(most)).all()


def unread(session: Session, account_id: int) -> int:
    """How many messages the person has not read."""
    mine = (Message.account_id == account_id, Message.read_at.is_(None))
    return session.scalars(select(func.count()).select_from(Message).where(*mine)).one()


def codes(session: Session, messages: Sequence[Message]) -> dict[int, str]:
    """The codes of the dossiers that *messages* are about, by the dossier's id."""
    named = select(Dossier).where(Dossier.id.in_({message.dossier_id for message in messages}))
    return {dossier.id: dossier.shown_code for dossier in session.scalars(named)}


def sendings(session: Session, *, before: int | None = None, most: int = 20) -> Sequence[Sending]:
    """Every e-mail on its way or sent, newest first: the mail box of a demonstration."""
    every = select(Sending).options(joinedload(Sending.message))
    page = every.where(Sending.id < before) if before else every
    return session.scalars(page.order_by(Sending.id.desc()).limit(most)).all()
