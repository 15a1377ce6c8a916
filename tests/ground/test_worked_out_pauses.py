"""Due dates after pauses, answers and new appointments, worked out by hand in worked_out_pauses.toml."""

import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from portal.ground import pauses
from portal.ground.working_time import ZONE, Due, Term, Unit, due
from tests.ground.test_worked_out import calendar

TABLE = tomllib.loads(Path(__file__).with_name("worked_out_pauses.toml").read_text())
COUNTRY = calendar("usual")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def promised(received: str, amount: int, unit: str) -> Due:
    return due(at(received), Term(Decimal(amount), Unit(unit)), COUNTRY)


def shown(found: Due) -> str:
    return f"{found.at.astimezone(ZONE):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("received", "amount", "unit", "paused", "back", "expected", "why"), TABLE["resumed"]
)
def test_what_was_left_at_the_pause_is_left_after_it(
    received: str, amount: int, unit: str, paused: str, back: str, expected: str, why: str
):
    promise = promised(received, amount, unit)
    found = pauses.resumed(promise, Unit(unit), at(paused), at(back), COUNTRY, "Dừng")
    assert shown(found) == expected, why


@pytest.mark.parametrize(("received", "amount", "unit", "answered", "expected", "why"), TABLE["restarted"])
def test_an_answer_begins_the_whole_term_anew(
    received: str, amount: int, unit: str, answered: str, expected: str, why: str
):
    assert promised(received, amount, unit).at < at(answered)
    assert shown(promised(answered, amount, unit)) == expected, why


@pytest.mark.parametrize(
    ("received", "amount", "unit", "apology", "new_on", "expected", "why"), TABLE["appointed"]
)
def test_a_new_appointment_is_at_the_close_of_a_later_working_day(
    received: str, amount: int, unit: str, apology: str, new_on: str, expected: str, why: str
):
    promise = promised(received, amount, unit)
    if expected:
        assert shown(pauses.appointed(promise, at(apology), date.fromisoformat(new_on), COUNTRY)) == expected
        return
    with pytest.raises(ValueError, match="no new appointment"):
        pauses.appointed(promise, at(apology), date.fromisoformat(new_on), COUNTRY)
