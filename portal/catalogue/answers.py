"""What people answer, made clean and checked against the definition: the only authority. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.accounts import phones
from portal.catalogue.answer_rules import RULES
from portal.catalogue.definitions import (
    AREA_ELSEWHERE,
    CASE,
    Definition,
    Kind,
    Page,
    Question,
    Rule,
)
from portal.ground import text
from portal.ground.errors import Refused
from portal.ground.words import N_

Raw = Mapping[str, Any]
Answers = Mapping[str, Any]

LONGEST = {Kind.TEXT: 200, Kind.PARAGRAPH: 4000}
"""Characters, where the question does not say."""

ENTRIES = 20
"""Entries of a group, where the question does not say."""


class AnswerError(Refused):
    """An answer cannot be taken; the message is what stands beside its field."""


@dataclass(frozen=True)
class Known:
    """What the answers are checked against: the day, and the wards of the province by code."""

    today: date
    areas: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """Clean values by question, errors and mild warnings by field (a group's as members-0-name)."""

    values: dict[str, Any]
    errors: dict[str, AnswerError]
    notices: dict[str, str]


def clean(question: Question, raw: Any, known: Known) -> Any:
    """Return the answer as it is stored, None when there is none; raises AnswerError.

    Text and phone are strings, number and money ints, a date is ISO, choices a list of values,
    an identity number digits, an area its code. Groups are checked by check_page, entry by entry.
    """
    given = [tidy(one) for one in raw] if isinstance(raw, list) else tidy(str(raw or ""))
    if not given or given == [""]:
        if question.required:
            raise AnswerError(_EMPTY.get(question.kind, N_("Hãy điền “%(label)s”.")), label=question.label)
        return None
    return _CLEANERS[question.kind](question, given, known)


def check_page(page: Page, raw: Raw, earlier: Answers, known: Known) -> Checked:
    """Check what was typed on *page* after *earlier* answers (with the case under its reserved name)."""
    found = Checked({}, {}, {})
    for question in page.asked(earlier):
        if question.kind == Kind.GROUP:
            _take_group(question, raw.get(question.name), known, found)
        else:
            _take(question, question.name, raw.get(question.name), known, found)
    return found


def check_rules(rules: tuple[Rule, ...], answers: Answers, known: Known, found: Checked) -> None:
    """Add to *found* what the rules on its values have to say, given all *answers* so far."""
    for rule in rules:
        if rule.on in found.values and not RULES[rule.kind](rule, answers, known.today):
            if rule.is_mild:
                found.notices[rule.on] = rule.message
            else:
                found.errors.setdefault(rule.on, AnswerError(rule.message))


def check_step(definition: Definition, page: Page, raw: Raw, earlier: Answers, known: Known) -> Checked:
    """Check one page and the rules whose field stands on it."""
    found = check_page(page, raw, earlier, known)
    check_rules(definition.rules, {**earlier, **found.values}, known, found)
    return found


def check_all(definition: Definition, answers: Answers, case_key: str, known: Known) -> Checked:
    """Check stored *answers* anew from the first page on; answers no longer asked for are left out."""
    so_far: dict[str, Any] = {CASE: case_key}
    whole = Checked({}, {}, {})
    for page in definition.pages:
        raw = {question.name: typed(question, answers.get(question.name)) for question in page.asked(so_far)}
        found = check_step(definition, page, raw, so_far, known)
        so_far |= found.values
        for part in ("values", "errors", "notices"):
            getattr(whole, part).update(getattr(found, part))
    return whole


def typed(question: Question, value: Any) -> Any:
    """Return a stored answer as a person would type it, for showing it in its field again."""
    if question.kind == Kind.GROUP:
        return [{q.name: typed(q, entry.get(q.name)) for q in question.questions} for entry in value or []]
    if value is None:
        return [] if question.kind == Kind.CHOICES else ""
    if question.kind == Kind.DATE:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    return value if isinstance(value, list) else str(value)


def tidy(line: str) -> str:
    """Return *line* without characters that no keyboard types and no database takes, in NFC."""
    kept = (sign for sign in line if sign in "\n\r\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    return text.clean_lines("".join(kept))


def _take(question: Question, name: str, raw: Any, known: Known, found: Checked) -> None:
    try:
        value = clean(question, raw, known)
    except AnswerError as error:
        found.errors[name] = error
        return
    if value is not None:
        found.values[name] = value


def _take_group(question: Question, raw: Any, known: Known, found: Checked) -> None:
    entries = {number: entry for number, entry in enumerate(raw or []) if any(entry.values())}
    least, most = question.least or int(question.required), question.most or ENTRIES
    if not least <= len(entries) <= most:
        sentence = N_("Cần từ %(least)s đến %(most)s mục.")
        found.errors[question.name] = AnswerError(sentence, least=least, most=most)
    inside = {number: _entry(question, entry, known) for number, entry in entries.items()}
    for number, checked in inside.items():
        found.errors.update({f"{question.name}-{number}-{k}": e for k, e in checked.errors.items()})
    if inside:
        found.values[question.name] = [checked.values for checked in inside.values()]


def _entry(question: Question, entry: Raw, known: Known) -> Checked:
    found = Checked({}, {}, {})
    for inner in question.questions:
        _take(inner, inner.name, entry.get(inner.name), known, found)
    return found


def _line(question: Question, given: str, _known: Known) -> str:
    line = given if question.kind == Kind.PARAGRAPH else text.clean(given)
    most = question.most or LONGEST[question.kind]
    if len(line) > most:
        raise AnswerError(N_("Tối đa %(most)s ký tự; bạn đã gõ %(count)s."), most=most, count=len(line))
    return line


def _number(question: Question, given: str, _known: Known) -> int:
    digits = re.sub(r"[\s.₫đ]", "", given)
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 15):
        raise AnswerError(N_("Hãy gõ một số, ví dụ 1500000."))
    value = int(digits)
    if question.least is not None and value < question.least:
        raise AnswerError(N_("Số này nhỏ nhất là %(least)s."), least=question.least)
    if question.most is not None and value > question.most:
        raise AnswerError(N_("Số này lớn nhất là %(most)s."), most=question.most)
    return value


def _date(question: Question, given: str, known: Known) -> str:
    try:
        found = datetime.strptime(re.sub(r"[-.\s]+", "/", given), "%d/%m/%Y").date()  # noqa: DTZ007
    except ValueError:
        raise AnswerError(N_("Ngày cần có dạng ngày/tháng/năm, ví dụ 05/09/2020.")) from None
    if found.year < 1850 or found.year > known.today.year + 100:
        raise AnswerError(N_("Hãy xem lại năm."))
    if question.past and found > known.today:
        raise AnswerError(N_("Ngày này chưa tới; hãy xem lại."))
    return found.isoformat()


def _choice(question: Question, given: str, _known: Known) -> str:
    if given not in {option.value for option in question.options}:
        raise AnswerError(N_("Hãy chọn một trong các lựa chọn."))
    return given


def _choices(question: Question, given: Any, known: Known) -> list[str]:
    ticked = given if isinstance(given, list) else [given]
    return [_choice(question, one, known) for one in dict.fromkeys(ticked) if one]


def _identity(_question: Question, given: str, _known: Known) -> str:
    digits = re.sub(r"[\s.]", "", given)
    if not (digits.isascii() and digits.isdecimal() and len(digits) in (9, 12)):
        raise AnswerError(
            N_("Số định danh có 12 chữ số, số CMND có 9 chữ số; bạn gõ %(count)s."), count=len(digits)
        )
    return digits


def _phone(_question: Question, given: str, _known: Known) -> str:
    try:
        return phones.normal(given)
    except Refused as refused:
        raise AnswerError(refused.message) from None


def _area(question: Question, given: str, known: Known) -> str:
    if given in known.areas or (question.elsewhere and given == AREA_ELSEWHERE):
        return given
    raise AnswerError(N_("Hãy chọn phường, xã trong danh sách."))


_EMPTY = dict.fromkeys((Kind.CHOICE, Kind.CHOICES, Kind.AREA), N_("Hãy chọn “%(label)s”."))


_CLEANERS: dict[Kind, Callable[[Question, Any, Known], Any]] = {
    Kind.TEXT: _line,
    Kind.PARAGRAPH: _line,
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.IDENTITY: _identity,
    Kind.PHONE: _phone,
    Kind.AREA: _area,
}
