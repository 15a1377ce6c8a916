"""A register in place of a paper, as the citizen sees it: offered, asked on their press, what was read."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.catalogue.models import RequiredPaper
from portal.catalogue.registers import name_of
from portal.dossiers import inquiries
from portal.dossiers.models import Dossier, Inquiry
from portal.dossiers.readiness import Whole
from portal.ground.errors import NotFound, Refused
from portal.ground.registers import Answer, Outcome, Question
from portal.web import formats, registers
from portal.web.i18n import _, say

LOOK = "tra:"
"""Before the key of a paper, in the button that asks its register."""


@dataclass(frozen=True)
class LookUp:
    """What a register can do for one paper: what it said, and whether it can be asked, or why not."""

    key: str
    name: str
    outcome: Outcome | None
    when: str
    reads: str
    shut_because: str

    @property
    def is_found(self) -> bool:
        """Whether the paper is demanded no longer."""
        return self.outcome == Outcome.FOUND


def look_up(session: Session, seen: Whole, paper: RequiredPaper) -> LookUp | None:
    """The register of *paper* as it stands; None for a paper without, or where nobody can be asked."""
    asked = seen.inquiries.get(paper.key)
    if not paper.register or (asked is None and not registers.are_there()):
        return None
    shut = seen.numbers.not_askable
    return LookUp(
        key=paper.key,
        name=say(name_of(paper.register)),
        outcome=asked.outcome if asked else None,
        when=formats.moment(asked.asked_at) if asked else "",
        reads=inquiries.read(session, asked) if asked else "",
        shut_because=say(shut) if shut else "",
    )


def replaceable(papers: Iterable[RequiredPaper]) -> list[str]:
    """The names of papers that a register may make needless, each once; none where nobody can be asked."""
    if not registers.are_there():
        return []
    return list(dict.fromkeys(paper.name for paper in papers if paper.register))


def asked(seen: Whole, go: str) -> tuple[Question, Answer] | None:
    """Ask the register of the paper in the button *go* about who presses it; None for another button.

    It takes time: before the transaction. Raises NotFound, Refused, TooOften.
    """
    if not go.startswith(LOOK):
        return None
    key = go.removeprefix(LOOK)
    paper = next((paper for paper in seen.papers if paper.key == key and paper.register), None)
    if paper is None:
        raise NotFound
    shut = seen.numbers.not_askable
    if shut:
        raise Refused(shut)
    procedure = seen.draft.procedure_version.procedure.code
    question = Question(paper.register, seen.numbers.own, paper.key, procedure, seen.draft.uid)
    return question, registers.ask(question)


def told(filed: Dossier) -> list[str]:
    """The registers asked about a dossier; never what was read, for who filed it may not be its owner."""
    return [_line(inquiry) for inquiry in filed.inquiries]


def _line(inquiry: Inquiry) -> str:
    said = {"register": say(name_of(inquiry.register)), "outcome": say(inquiry.outcome.label)}
    return _("%(register)s: %(outcome)s, %(moment)s", moment=formats.moment(inquiry.asked_at), **said)
