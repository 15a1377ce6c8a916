"""Rules across answers: order of dates, sameness, how long ago, identity numbers that fit a birth. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from portal.catalogue.definitions import Rule, RuleKind

_CENTURIES = {0: 1900, 1: 1900, 2: 2000, 3: 2000, 4: 2100, 5: 2100, 6: 2200, 7: 2200, 8: 2300, 9: 2300}
"""The century of birth by the fourth digit of a citizen number (NĐ 137/2015 art. 13; DOMAIN 4.4)."""

Holds = Callable[[Rule, Mapping[str, Any], date], bool]


def _order(rule: Rule, answers: Mapping[str, Any], _today: date) -> bool:
    """*on* is not before *other*; ISO dates compare as text."""
    other = answers.get(rule.other)
    return other is None or bool(answers[rule.on] >= other)


def _equal(rule: Rule, answers: Mapping[str, Any], _today: date) -> bool:
    other = answers.get(rule.other)
    return other is None or bool(answers[rule.on] == other)


def _different(rule: Rule, answers: Mapping[str, Any], _today: date) -> bool:
    return bool(answers[rule.on] != answers.get(rule.other))


def _recent(rule: Rule, answers: Mapping[str, Any], today: date) -> bool:
    """*on* lies at most *days* back; the day itself is not counted."""
    return (today - date.fromisoformat(answers[rule.on])).days <= rule.days


def _identity_fits(rule: Rule, answers: Mapping[str, Any], _today: date) -> bool:
    """A 12-digit number names the year of birth in its digits 4 to 6; a 9-digit one says nothing."""
    number, born = answers[rule.on], answers.get(rule.other)
    if born is None or len(number) != 12:
        return True
    return _CENTURIES[int(number[3])] + int(number[4:6]) == date.fromisoformat(born).year


RULES: dict[RuleKind, Holds] = {
    RuleKind.ORDER: _order,
    RuleKind.EQUAL: _equal,
    RuleKind.DIFFERENT: _different,
    RuleKind.RECENT: _recent,
    RuleKind.IDENTITY_FITS: _identity_fits,
}
"""How each kind of rule is judged, on answers that hold the rule's field."""
