"""People who come to the desks, put together from names.toml. Nobody of them lives."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from portal.accounts.models import Actor

NAMES = Path(__file__).with_name("names.toml")

BORN_FIRST, BORN_LAST = date(1948, 1, 1), date(1999, 12, 31)
"""Between which days grown people are born; all of one century, as their numbers say."""

FEMALE = ("mother", "wife", "bride")
"""Whom a form can only mean a woman by."""

MALE = ("father", "husband", "groom")
"""Whom a form can only mean a man by."""


@dataclass(frozen=True)
class Neighbour:
    """Somebody with a name, a number, a house; *account* when they file on the portal themselves."""

    name: str
    sex: str
    born: date
    number: str
    phone: str
    area_code: str
    line: str
    account: Actor | None = None


class Names:
    """Gives names, houses and sentences; every name only once."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._facts: dict[str, Any] = tomllib.loads(NAMES.read_text(encoding="utf-8"))
        self._given: set[str] = set()
        self._numbers = 0

    def somebody(
        self,
        phone: str,
        area_code: str,
        *,
        sex: str = "",
        span: tuple[date, date] | None = None,
        surname: str = "",
    ) -> Neighbour:
        """Somebody of a ward whom nobody met before: a grown-up, or born within *span*."""
        first, last = span or (BORN_FIRST, BORN_LAST)
        sex = sex or self.chance.choice(("female", "male"))
        born = first + timedelta(days=self.chance.randrange((last - first).days + 1))
        name, number = self._name(sex, surname), self.number(sex, born)
        return Neighbour(name, sex, born, number, phone, area_code, self.house())

    def number(self, sex: str, born: date) -> str:
        """A number of Bình Dương (074) for somebody born in the 20th century; its end only counts up."""
        self._numbers += 1
        return f"074{int(sex == 'female')}{born:%y}{500_000 + self._numbers:06d}"

    def house(self) -> str:
        """House, street and quarter."""
        places = self._facts["houses"]
        street, quarter = self.pick(places["streets"]), self.pick(places["quarters"])
        return f"{self.chance.randint(2, 390)} {street}, {quarter}"

    def window(self) -> str:
        """When somebody is at home."""
        return self.pick(self._facts["houses"]["windows"])

    def note(self) -> str:
        """What the carrier is told, often nothing."""
        return self.pick(self._facts["houses"]["notes"])

    def line(self, occasion: str) -> str:
        """What is written down on an *occasion*; "" where there is nothing to say."""
        return self.pick(self._facts["lines"].get(occasion, [""]))

    def answer(self, question: str, case: str) -> str | None:
        """What is answered to *question* in a case, None when the table knows none."""
        table = self._facts["answers"]
        known = table.get(f"{question}@{case}") or table.get(question)
        return self.pick(known) if known else None

    def pick(self, words: Sequence[str]) -> str:
        """One of *words*."""
        return self.chance.choice(words)

    def _name(self, sex: str, surname: str = "") -> str:
        names = self._facts[sex]
        surnames = [surname] if surname else self._facts["surnames"]
        while True:
            parts = (surnames, names["middle"], names["given"])
            name = " ".join(self.pick(part) for part in parts)
            if name not in self._given:
                self._given.add(name)
                return name
