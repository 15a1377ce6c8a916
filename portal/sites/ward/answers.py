"""What a dossier declares, question by question, as the desk reads it; identity numbers stay masked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Area
from portal.accounts.offices import wards
from portal.catalogue.answers import Known, clean
from portal.catalogue.definitions import Kind, Question
from portal.catalogue.form_source import parse
from portal.dossiers import identity
from portal.dossiers.models import Dossier
from portal.web import context
from portal.web.i18n import say
from portal.web.wording import in_words

MASK = "••• ••• •••"
"""What stands in the place of an identity number: nothing of it, not even its end."""


@dataclass(frozen=True)
class AnswerRow:
    """One question and its answer in words."""

    question: str
    answer: str
    is_masked: bool = False


def questions_of(dossier: Dossier) -> list[Question]:
    """The questions of the dossier's form that were answered, in its order."""
    if dossier.form is None:
        return []
    questions = parse(dossier.form.content).questions()
    return [question for question in questions if dossier.answers.get(question.name) not in (None, "", [])]


def answer_rows(session: Session, dossier: Dossier, *, revealed: bool) -> list[AnswerRow]:
    """The answers of *dossier* in words; identity numbers open only when *revealed*."""
    names = identity.sealed_names(dossier)
    answers = identity.opened(session, dossier, names) if revealed else dossier.answers
    areas = _areas(session, dossier)
    rows = []
    for question in questions_of(dossier):
        masked = question.name in names and not revealed
        words = MASK if masked else in_words(question, answers[question.name], areas)
        rows.append(AnswerRow(say(question.label), words, masked))
    return rows


def cleaned(session: Session, dossier: Dossier, typed: Mapping[str, str]) -> dict[str, Any]:
    """New answers typed at the desk, judged like those of a citizen; raises AnswerError."""
    today = context.today()
    known = Known(today, {ward.code: ward.full_name for ward in wards(session, today)})
    asked = {question.name: question for question in questions_of(dossier)}
    return {name: clean(asked[name], words, known) for name, words in typed.items() if name in asked}


def _areas(session: Session, dossier: Dossier) -> dict[str, str]:
    """Names of the areas among the answers, by code."""
    asked = [question.name for question in questions_of(dossier) if question.kind == Kind.AREA]
    codes = {dossier.answers[name] for name in asked}
    found = session.execute(select(Area.code, Area.name).where(Area.code.in_(codes)))
    return {row.code: row.name for row in found}
