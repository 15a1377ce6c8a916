"""Questions to registers about papers: kept, read, what an answer is worth, what was consulted (R35)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.dossiers.models import Inquiry
from portal.ground.registers import Answer, Outcome, Question
from portal.ground.sealing import keys_of


def made(session: Session, question: Question, answer: Answer, *, by: Actor, at: datetime) -> Inquiry:
    """The row of a question that was asked, for a draft or a dossier to keep."""
    keys, uid = keys_of(session), str(uuid4())
    inquiry = Inquiry(
        uid=uid,
        item_key=question.paper,
        register=question.register,
        number_index=keys.index(question.identity_number),
        account_id=by.account_id,
        appointment_id=by.appointment_id,
        asked_at=at,
        outcome=answer.outcome,
    )
    if answer.outcome == Outcome.FOUND:
        inquiry.read_sealed = keys.seal(answer.reads, inquiry.bound_to)
    return inquiry


def read(session: Session, inquiry: Inquiry) -> str:
    """What was read, "" where nothing was found; only for who may see the papers of its dossier or draft."""
    return keys_of(session).open(inquiry.read_sealed, inquiry.bound_to) if inquiry.read_sealed else ""


def about(asked: Iterable[Inquiry], number_index: str) -> list[Inquiry]:
    """Those that were asked about this number: what is said of anybody else is worth nothing here."""
    return [inquiry for inquiry in asked if number_index and inquiry.number_index == number_index]


def last_words(asked: Iterable[Inquiry]) -> dict[str, Inquiry]:
    """The one that counts for each line, by its key: the last answer; silence only where there is none."""
    counting: dict[str, Inquiry] = {}
    for inquiry in asked:
        before = counting.get(inquiry.item_key, inquiry)
        if inquiry.outcome != Outcome.AWAY or before.outcome == Outcome.AWAY:
            counting[inquiry.item_key] = inquiry
    return counting


def found(asked: Iterable[Inquiry]) -> dict[str, Inquiry]:
    """The lines that need no paper, with the answer that says so."""
    return {key: one for key, one in last_words(asked).items() if one.outcome == Outcome.FOUND}


def consulted(session: Session, dossier_id: int) -> list[str]:
    """DSKetNoiCSDL: the codes of the registers that answered about a dossier, once each, in order."""
    answered = (Inquiry.dossier_id == dossier_id, Inquiry.outcome != Outcome.AWAY)
    codes = select(Inquiry.register).where(*answered).group_by(Inquiry.register)
    return list(session.scalars(codes.order_by(func.min(Inquiry.id))))
