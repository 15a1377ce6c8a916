"""Stored values as people read them: answers to questions, the explanation of a date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.catalogue.definitions import AREA_ELSEWHERE, Kind, Question
from portal.ground.trace import NOT_COUNTED, Line
from portal.ground.working_time import ZONE
from portal.web import formats
from portal.web.i18n import _, say

SHOWN_DIGITS = 3


@dataclass(frozen=True)
class TraceRow:
    """One row of the explanation of a date."""

    when: str
    what: str
    counted: str
    source: str
    tone: str = ""


def in_words(question: Question, value: Any, areas: Mapping[str, str]) -> str:
    """An answer as a person reads it; masking an identity number is the caller's."""
    if question.kind == Kind.GROUP:
        return "; ".join(_entry(question, entry, areas) for entry in value)
    if isinstance(value, list):
        return ", ".join(_one(question, one, areas) for one in value)
    return _one(question, value, areas)


def masked(number: str) -> str:
    """An identity number for its own holder's eyes: only its last digits."""
    return "•" * max(len(number) - SHOWN_DIGITS, 0) + number[-SHOWN_DIGITS:]


def trace_rows(trace: Sequence[Line]) -> list[TraceRow]:
    """The explanation of a due moment; its last row is the moment itself."""
    last = len(trace) - 1
    return [_row(line, is_last=number == last) for number, line in enumerate(trace)]


def _entry(question: Question, entry: Mapping[str, Any], areas: Mapping[str, str]) -> str:
    inside = (inner for inner in question.questions if entry.get(inner.name))
    return ", ".join(in_words(inner, entry[inner.name], areas) for inner in inside)


def _one(question: Question, value: Any, areas: Mapping[str, str]) -> str:
    if question.kind == Kind.DATE:
        return formats.day(date.fromisoformat(value))
    if question.kind == Kind.MONEY:
        return formats.money(int(value))
    if question.kind == Kind.AREA:
        return _("Ngoài tỉnh") if value == AREA_ELSEWHERE else areas.get(value, value)
    labels = {option.value: say(option.label) for option in question.options}
    return labels.get(value, str(value))


def _row(line: Line, *, is_last: bool) -> TraceRow:
    at = line.at.astimezone(ZONE)
    whole_day = (at.hour, at.minute) == (0, 0)
    when = formats.day(at) if whole_day else f"{formats.clock(at)} {formats.day(at)}"
    what = say(line.what, **{name: _said(value) for name, value in line.params.items()})
    pause = "pause" if line.counted == NOT_COUNTED else ""
    return TraceRow(when, what, _said(line.counted), _said(line.source), "end" if is_last else pause)


def _said(words: str) -> str:
    return say(words) if words else ""
