"""One thing to tell about a dossier becomes a message to each of its people, and an e-mail on its way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.dossiers.models import Dossier
from portal.messages.models import Message, Sending, SendingState


@dataclass(frozen=True)
class News:
    """One thing to tell about a dossier; *source* is the row it comes from, as Message keeps it."""

    source: str
    dossier: Dossier
    topic: str
    params: Mapping[str, Any]
    at: datetime


def write(session: Session, news: Iterable[News], *, by_email: bool, wall: datetime) -> list[Sending]:
    """Tell owner and submitter every piece of *news* they were not told yet; returns the sendings made."""
    made = [message for one in news for message in _messages(session, one)]
    if by_email:
        for message in made:
            _address(message, wall)
    session.add_all(made)
    session.flush()  # The jobs that send them name them by their ids.
    return [sending for message in made for sending in message.sendings]


def _messages(session: Session, news: News) -> list[Message]:
    people = {news.dossier.owner_id, news.dossier.submitter_id} - {None}
    told = select(Message.account_id).where(Message.source == news.source)
    missing = select(Account).where(Account.id.in_(people), Account.id.not_in(told)).order_by(Account.id)
    return [
        Message(
            account=account,
            dossier_id=news.dossier.id,
            source=news.source,
            topic=news.topic,
            params=dict(news.params),
            at=news.at,
        )
        for account in session.scalars(missing)
    ]


def _address(message: Message, wall: datetime) -> None:
    """Put *message* on its way to the e-mail address of its person, if there is one."""
    if message.account.email:
        sending = Sending(
            uid=str(uuid4()), address=message.account.email, tries=0, made_at=wall, next_at=wall
        )
        sending.state = SendingState.WAITING
        message.sendings.append(sending)
