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
from portal.web import context, supplement_words
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
    explained: str = ""


@dataclass(frozen=True)
class AnswerPage:
    """The answers of one page of the form, under its title."""

    title: str
    rows: tuple[AnswerRow, ...]


def pages_of(dossier: Dossier) -> list[tuple[str, list[Question]]]:
    """The pages of the dossier's form with the questions that were answered, in its order."""
    pages = parse(dossier.form.content).pages if dossier.form else ()
    answered = ((say(page.title), [q for q in page.questions if _has(dossier, q)]) for page in pages)
    return [(title, questions) for title, questions in answered if questions]


def questions_of(dossier: Dossier) -> list[Question]:
    """The questions of the dossier's form that were answered, in its order."""
    return [question for _title, questions in pages_of(dossier) for question in questions]


def titles_of(dossier: Dossier) -> dict[str, str]:
    """What each answered question is called apart from its page: the page's title before its label."""
    pages = pages_of(dossier)
    return {question.name: f"{title}: {say(question.label)}" for title, asked in pages for question in asked}


def answer_pages(session: Session, dossier: Dossier, *, revealed: bool) -> list[AnswerPage]:
    """The answers of *dossier* in words; identity numbers open only when *revealed*."""
    names = identity.sealed_names(dossier)
    answers = identity.opened(session, dossier, names) if revealed else dossier.answers
    masked = frozenset() if revealed else names
    areas, explained = _areas(session, dossier), supplement_words.explained(dossier)

    def row(question: Question) -> AnswerRow:
        name, is_masked = question.name, question.name in masked
        answer = MASK if is_masked else in_words(question, answers[name], areas)
        return AnswerRow(say(question.label), answer, is_masked, explained.get(name, ""))

    return [AnswerPage(title, tuple(row(q) for q in questions)) for title, questions in pages_of(dossier)]


def _has(dossier: Dossier, question: Question) -> bool:
    return dossier.answers.get(question.name) not in (None, "", [])


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
