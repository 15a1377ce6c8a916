"""Fills in any form of the catalogue as somebody would: by the kind of each question, and by its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from portal.catalogue.definitions import CASE, Definition, Kind, Question, RuleKind
from portal.catalogue.form_source import PARTS
from portal.seed.walks.families import family_of
from portal.seed.walks.neighbours import FEMALE, MALE, Names, Neighbour

_ADDRESS = ("area", "line")
_PARTS = sorted([*(part for part in PARTS if part != "address"), *_ADDRESS], key=len, reverse=True)

BIRTH = frozenset({"relation", "parents", "child_name"})
"""The questions by which a form is known to register a birth."""


@dataclass
class Writer:
    """Who fills in a form, where they live, and about what."""

    names: Names
    person: Neighbour
    case_key: str
    procedure: str
    today: date
    others: dict[str, Neighbour] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def fill(self, definition: Definition) -> dict[str, Any]:
        """Answers to every question that is asked and must be answered, as they are stored."""
        if {question.name for question in definition.questions()} >= BIRTH:
            family = family_of(self.names, self.person, self.case_key, self.today)
            self.others |= family.people
            self.said |= {**family.answers, "ethnicity": self.names.answer("ethnicity", "") or ""}
        so_far: dict[str, Any] = {CASE: self.case_key}
        for page in definition.pages:
            for question in page.asked(so_far):
                answer = self._answer(definition, question)
                if answer not in (None, ""):
                    so_far[question.name] = answer
        del so_far[CASE]
        return _mended(definition, so_far)

    def _answer(self, definition: Definition, question: Question) -> Any:
        if not question.required:
            return None
        if question.name in self.said:
            return self.said[question.name]
        himself = definition.owner.himself
        if himself and himself.question == question.name:
            return himself.values[0]
        recent = [rule.days for rule in definition.rules if _is_recent(rule.kind, rule.on, question.name)]
        if recent:
            return self._days_ago(3, min(recent[0], 50)).isoformat()
        known = self.names.answer(question.name, self.case_key)
        if known is not None:
            return known.format(procedure=self.procedure)
        whose, part = _person_asked(question)
        if part:
            return self._detail(self._who(definition, question, whose), question, part)
        return _BY_KIND[question.kind](self, question)

    def _who(self, definition: Definition, question: Question, whose: str) -> Neighbour:
        """The person a question is about: whoever files, or a relative, who stays the same."""
        own = {_split(definition.owner.name)[0], definition.owner.address}
        own |= {_split(one.name)[0] for one in definition.questions() if one.from_account}
        if question.from_account or whose in own:
            return self.person
        sex = "female" if whose in FEMALE else "male" if whose in MALE else ""
        if whose not in self.others:
            self.others[whose] = self.names.somebody(self.person.phone, self.person.area_code, sex=sex)
        return self.others[whose]

    def _detail(self, who: Neighbour, question: Question, part: str) -> Any:
        details: dict[str, Any] = {
            "name": who.name,
            "birth_date": who.born.isoformat(),
            "birth_year": who.born.year,
            "sex": who.sex,
            "ethnicity": self.said.get("ethnicity") or self.names.answer("ethnicity", ""),
            "nationality": question.default,
            "identity": who.number,
            "phone": who.phone,
            "area": who.area_code,
            "line": who.line,
        }
        return details[part]

    def _days_ago(self, least: int, most: int) -> date:
        return self.today - timedelta(days=self.names.chance.randint(least, most))

    def _text(self, question: Question) -> str:
        words = question.default or self.names.answer(str(question.kind), self.case_key) or ""
        return words[: question.most or len(words)]

    def _number(self, question: Question) -> int:
        usual = 20_000_000 if question.kind == Kind.MONEY else 1
        least, most = question.least or 0, question.most or usual
        return max(least, min(usual, most))

    def _date(self, question: Question) -> str:
        on = self._days_ago(100, 900) if question.past else self.today + timedelta(days=20)
        return on.isoformat()

    def _choice(self, question: Question) -> str:
        """Mostly the first thing offered, sometimes the second."""
        most = 1 if self.names.chance.random() < 0.7 else 2
        return question.options[:most][-1].value

    def _choices(self, question: Question) -> list[str]:
        return [self._choice(question)]

    def _group(self, question: Question) -> list[dict[str, Any]]:
        entries = range(max(question.least or 0, 1))
        return [self._entry(question) for _ in entries]

    def _entry(self, question: Question) -> dict[str, Any]:
        somebody = self.names.somebody(self.person.phone, self.person.area_code)
        inner = (one for one in question.questions if one.required)
        return {one.name: self._inside(somebody, one) for one in inner}

    def _inside(self, somebody: Neighbour, question: Question) -> Any:
        _, part = _person_asked(question)
        known = self.names.answer(question.name, self.case_key)
        if part:
            return self._detail(somebody, question, part)
        return known if known is not None else _BY_KIND[question.kind](self, question)


_BY_KIND: Mapping[Kind, Callable[[Writer, Question], Any]] = {
    Kind.TEXT: Writer._text,
    Kind.PARAGRAPH: Writer._text,
    Kind.NUMBER: Writer._number,
    Kind.MONEY: Writer._number,
    Kind.DATE: Writer._date,
    Kind.CHOICE: Writer._choice,
    Kind.CHOICES: Writer._choices,
    Kind.IDENTITY: lambda writer, _question: writer.person.number,
    Kind.PHONE: lambda writer, _question: writer.person.phone,
    Kind.AREA: lambda writer, _question: writer.person.area_code,
    Kind.GROUP: Writer._group,
}


def _split(name: str) -> tuple[str, str]:
    """The person and the part a question's name is made of; ("", "") when it is no part of a person."""
    part = next((one for one in _PARTS if name.endswith(f"_{one}")), "")
    return (name.removesuffix(f"_{part}"), part) if part else ("", "")


_KINDS = {part: Kind(made["kind"]) for part, made in PARTS.items() if part != "address"}
_KINDS |= {"area": Kind.AREA, "line": Kind.TEXT}


def _person_asked(question: Question) -> tuple[str, str]:
    """As _split, where the kind of the question fits the part."""
    whose, part = _split(question.name)
    return (whose, part) if part and _KINDS[part] == question.kind else ("", "")


def _is_recent(kind: RuleKind, on: str, name: str) -> bool:
    return kind == RuleKind.RECENT and on == name


def _mended(definition: Definition, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers with those put right that a rule compares."""
    for rule in definition.rules:
        other = answers.get(rule.other)
        if rule.on not in answers or other is None:
            continue
        if rule.kind == RuleKind.EQUAL:
            answers[rule.on] = other
        if rule.kind == RuleKind.ORDER:
            answers[rule.on] = max(answers[rule.on], other)
    return answers
