"""A form as lines to print and fill in by hand: from the form's definition, or as the curator wrote them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.catalogue.definitions import Question
from portal.catalogue.form_source import form_for, parse
from portal.catalogue.models import ProcedureVersion
from portal.web.i18n import _, say


@dataclass(frozen=True)
class Blank:
    """A form to fill in by hand. paper: the key of the line of the published list that it is."""

    paper: str
    title: str
    sections: list[tuple[str, list[str]]]
    fact: dict[str, Any]


def of(session: Session, version: ProcedureVersion) -> Blank | None:
    """The form of *version*; None when it has none of its own."""
    written = (version.curated or {}).get("blank")
    if written:
        return Blank(written["paper"], written["title"], [("", written["lines"])], written)
    paper = next((paper.key for case in version.cases for paper in case.papers if paper.is_form), None)
    form = form_for(session, version.procedure.code)
    if paper is None or form is None or form.code != version.procedure.code:
        return None
    definition = parse(form.content)
    sections = [(page.title, [*_lines(page.questions)]) for page in definition.pages]
    return Blank(paper, definition.title, sections, {"source": definition.source})


def _lines(questions: tuple[Question, ...]) -> Iterator[str]:
    for question in questions:
        if question.questions:
            yield from (f"{say(question.label)}: {line}" for line in _lines(question.questions))
        else:
            yield _line(question)


def _line(question: Question) -> str:
    """What is asked, the answers to choose from, and whether it may stay empty."""
    choices = " / ".join(say(option.label) for option in question.options)
    optional = "" if question.required and question.when is None else _("nếu có")
    return f"{say(question.label)}" + "".join(f" ({part})" for part in (choices, optional) if part)
