"""Forms as data: pages, questions, conditions and rules of a definition, parsed and validated. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

CASE = "case"
"""The name under which conditions ask for the case the citizen chose."""

AREA_ELSEWHERE = "khac"
"""The answer to an area question that lies outside the province; the line below it then says where."""


class BadDefinition(Exception):
    """A definition cannot be used; the text says where and why, in English, for who writes it."""


class Kind(StrEnum):
    """What a question asks for. A person or an address of a definition is several of these."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    IDENTITY = "identity"
    PHONE = "phone"
    AREA = "area"
    GROUP = "group"


class RuleKind(StrEnum):
    """How two answers, or an answer and today, must fit."""

    ORDER = "order"
    EQUAL = "equal"
    DIFFERENT = "different"
    RECENT = "recent"
    IDENTITY_FITS = "identity_fits"


MILD = (RuleKind.RECENT, RuleKind.IDENTITY_FITS)
"""Rules that only warn, unless the definition says otherwise (R41)."""


@dataclass(frozen=True)
class Condition:
    """True when the answer to an earlier question is one of *values*."""

    question: str
    values: tuple[str, ...]

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Whether *answers* fulfil it."""
        given = answers.get(self.question)
        return any(str(one) in self.values for one in (given if isinstance(given, list) else [given]))


@dataclass(frozen=True)
class Option:
    """One answer to choose."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """One thing asked. *least* and *most*: a number's value, a group's entries, a text's length.

    competence: its answer decides the competent office. elsewhere: an area outside the province will do.
    from_account: which detail of the account fills it in beforehand: name, phone or identity; else default.
    """

    name: str
    kind: Kind
    label: str
    hint: str = ""
    required: bool = True
    when: Condition | None = None
    options: tuple[Option, ...] = ()
    least: int | None = None
    most: int | None = None
    past: bool = False
    competence: bool = False
    elsewhere: bool = False
    from_account: str = ""
    default: str = ""
    autocomplete: str = ""
    questions: tuple["Question", ...] = ()

    def is_asked(self, answers: Mapping[str, Any]) -> bool:
        """Whether the question is asked after *answers*."""
        return self.when is None or self.when.holds(answers)


@dataclass(frozen=True)
class Page:
    """One subject on one page."""

    key: str
    title: str
    questions: tuple[Question, ...]
    lead: str = ""
    when: Condition | None = None

    def asked(self, answers: Mapping[str, Any]) -> tuple[Question, ...]:
        """The questions of this page that are asked after *answers*; none when the page is skipped."""
        if self.when and not self.when.holds(answers):
            return ()
        return tuple(question for question in self.questions if question.is_asked(answers))


@dataclass(frozen=True)
class Rule:
    """A rule across fields: *on* gets the message. A mild one warns, another stops."""

    kind: RuleKind
    on: str
    message: str
    other: str = ""
    days: int = 0
    is_mild: bool = False


@dataclass(frozen=True)
class Owner:
    """Which questions say whose dossier it is; *himself* holds when that is the person who files."""

    name: str = ""
    phone: str = ""
    identity: str = ""
    address: str = ""
    himself: Condition | None = None


@dataclass(frozen=True)
class Definition:
    """A whole form."""

    title: str
    pages: tuple[Page, ...]
    rules: tuple[Rule, ...] = ()
    owner: Owner = field(default_factory=Owner)
    source: str = ""

    def questions(self) -> Iterator[Question]:
        """Every question, in the order of the pages."""
        return (question for page in self.pages for question in page.questions)

    def question(self, name: str) -> Question | None:
        """The question called *name*."""
        return next((question for question in self.questions() if question.name == name), None)

    @property
    def competence(self) -> Question | None:
        """The question whose answer decides the competent office."""
        return next((question for question in self.questions() if question.competence), None)

    def page(self, key: str) -> Page | None:
        """The page called *key*."""
        return next((page for page in self.pages if page.key == key), None)

    def open_pages(self, answers: Mapping[str, Any]) -> list[Page]:
        """The pages that ask anything after *answers*."""
        return [page for page in self.pages if page.asked(answers)]

    def likely_pages(self, answers: Mapping[str, Any]) -> list[Page]:
        """The pages that are asked, or may be once what they depend on is answered."""
        open_or_unsaid = (page for page in self.pages if page.when is None or _may_hold(page.when, answers))
        return list(open_or_unsaid)

    def sealed(self) -> list[str]:
        """The names of the questions that hold identity numbers."""
        return [question.name for question in self.questions() if question.kind == Kind.IDENTITY]


def _may_hold(condition: Condition, answers: Mapping[str, Any]) -> bool:
    return condition.question not in answers or condition.holds(answers)


_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_KEY = re.compile(r"[a-z][a-z0-9-]{0,59}")
_RESERVED = {
    CASE, "go", "khoa", "csrf_token", "phien_ban", "data", "errors", "form_errors", "meta", "process",
    "validate", "populate_obj", "validate_on_submit", "hidden_tag", "is_submitted", "once_key",
}  # fmt: skip
"""Names that a page's form has for itself."""


def validate(definition: Definition) -> None:
    """Check that names are unique and that everything that is referred to exists; raises BadDefinition."""
    _check_names(definition)
    _check_conditions(definition)
    _check_rules(definition)
    _check_competence(definition)
    for question in definition.questions():
        _check_question(question)


def _check_names(definition: Definition) -> None:
    names = [question.name for question in definition.questions()]
    keys = [page.key for page in definition.pages]
    _refuse_twice("question", names)
    _refuse_twice("page", keys)
    wrong = [name for name in names if not _NAME.fullmatch(name) or name in _RESERVED]
    wrong += [key for key in keys if not _KEY.fullmatch(key)]
    if wrong or not names:
        raise BadDefinition(f"unusable names: {wrong}")


def _refuse_twice(what: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadDefinition(f"{what} named twice: {twice}")


def _check_conditions(definition: Definition) -> None:
    """A condition may only ask what an earlier page asked: pages work without scripts."""
    before: dict[str, Question] = {}
    for page in definition.pages:
        for condition in (page.when, *(question.when for question in page.questions)):
            _check_condition(condition, before, f"page {page.key}")
        before |= {question.name: question for question in page.questions}
    owner = definition.owner
    _check_condition(owner.himself, before, "owner")
    unknown = {owner.name, owner.phone, owner.identity} - set(before) - {""}
    if unknown or (owner.address and f"{owner.address}_line" not in before):
        raise BadDefinition(f"owner: no such questions: {sorted(unknown) or owner.address}")


def _check_condition(condition: Condition | None, before: Mapping[str, Question], where: str) -> None:
    if condition is None or condition.question == CASE:
        return
    asked = before.get(condition.question)
    if asked is None or not asked.options:
        raise BadDefinition(f"{where}: {condition.question} is no choice of an earlier page")
    unknown = set(condition.values) - {option.value for option in asked.options}
    if unknown or not condition.values:
        raise BadDefinition(f"{where}: {condition.question} cannot be {sorted(unknown)}")


def _check_rules(definition: Definition) -> None:
    kinds = {question.name: question.kind for question in definition.questions()}
    pages = {
        question.name: number for number, page in enumerate(definition.pages) for question in page.questions
    }
    for rule in definition.rules:
        wanted = _RULE_KINDS.get(rule.kind, (None, None))
        two = rule.kind is not RuleKind.RECENT
        for name, kind in zip((rule.on, rule.other), wanted, strict=True):
            if (name or two) and (name not in kinds or (kind and kinds[name] != kind)):
                raise BadDefinition(f"rule {rule.kind} on {rule.on}: {name!r} is no such question")
        if two and pages[rule.other] > pages[rule.on]:
            raise BadDefinition(f"rule {rule.kind} on {rule.on}: {rule.other} is asked later")
        if not rule.message or (not two and rule.days <= 0):
            raise BadDefinition(f"rule {rule.kind} on {rule.on} says nothing or counts no days")


_RULE_KINDS: dict[RuleKind, tuple[Kind | None, Kind | None]] = {
    RuleKind.ORDER: (Kind.DATE, Kind.DATE),
    RuleKind.RECENT: (Kind.DATE, None),
    RuleKind.IDENTITY_FITS: (Kind.IDENTITY, Kind.DATE),
}


def _check_competence(definition: Definition) -> None:
    deciding = [question for question in definition.questions() if question.competence]
    if len(deciding) > 1 or any(question.kind != Kind.AREA or question.elsewhere for question in deciding):
        raise BadDefinition("one area of the province decides the competent office, no more and nothing else")


def _check_question(question: Question) -> None:
    values = [option.value for option in question.options]
    _refuse_twice(f"option of {question.name}", values)
    if bool(values) != (question.kind in (Kind.CHOICE, Kind.CHOICES)):
        raise BadDefinition(f"{question.name}: options belong to choices, and choices need them")
    if bool(question.questions) != (question.kind == Kind.GROUP):
        raise BadDefinition(f"{question.name}: questions inside belong to a group, and a group needs them")
    _refuse_twice(f"question in {question.name}", [inner.name for inner in question.questions])
    for inner in question.questions:
        # A sealed number must stand at the top of the answers, where key rotation finds it.
        if inner.kind in (Kind.GROUP, Kind.IDENTITY) or inner.when:
            raise BadDefinition(f"{question.name}: {inner.name} cannot stand in a group")
        _check_question(inner)
