"""The family of a birth that somebody registers: who they are to the child, and whom they name with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from portal.seed.walks.neighbours import Names, Neighbour

FOUND = "tre-bi-bo-roi"
"""The case of a child whose parents nobody knows."""

YOUNGEST, OLDEST = 20, 45
"""Ages between which somebody of the demonstration has a newborn child."""


@dataclass(frozen=True)
class Family:
    """The people of a form by what it calls them, and the answers that say how they belong together."""

    people: Mapping[str, Neighbour]
    answers: Mapping[str, str]


def family_of(names: Names, declarant: Neighbour, case_key: str, today: date) -> Family:
    """A child of *declarant* where their age allows, else a grandchild; a foundling of who cares for it."""
    if case_key == FOUND:
        child = _child(names, declarant, declarant)
        return Family({"child": child}, {"relation": "carer", "parents": "none"})
    age = today.year - declarant.born.year
    relation = _parent(declarant) if age <= OLDEST else "grandparent"
    own = declarant if age <= OLDEST else _grown_child(names, declarant, today)
    parents = {_parent(own): own, _parent(own, other=True): _spouse(names, own, today)}
    return Family(
        parents | {"child": _child(names, declarant, parents["father"])},
        {"relation": relation, "parents": "both"},
    )


def _parent(somebody: Neighbour, *, other: bool = False) -> str:
    return "mother" if (somebody.sex == "female") != other else "father"


def _grown_child(names: Names, declarant: Neighbour, today: date) -> Neighbour:
    """A son or daughter old enough to have a child; a father's children bear his surname."""
    oldest = min(OLDEST, today.year - declarant.born.year - YOUNGEST)
    surname = _surname(declarant) if declarant.sex == "male" else ""
    return _at_home(names, declarant, _born(today, YOUNGEST, oldest), surname=surname)


def _spouse(names: Names, own: Neighbour, today: date) -> Neighbour:
    age, sex = today.year - own.born.year, "male" if own.sex == "female" else "female"
    span = _born(today, max(YOUNGEST, age - 5), min(OLDEST, max(YOUNGEST, age + 5)))
    return _at_home(names, own, span, sex=sex)


def _child(names: Names, home: Neighbour, father: Neighbour) -> Neighbour:
    return _at_home(names, home, None, surname=_surname(father))


def _at_home(
    names: Names, home: Neighbour, span: tuple[date, date] | None, *, sex: str = "", surname: str = ""
) -> Neighbour:
    """Somebody new who lives where *home* lives."""
    fresh = names.somebody(home.phone, home.area_code, sex=sex, span=span, surname=surname)
    return replace(fresh, line=home.line)


def _born(today: date, least: int, most: int) -> tuple[date, date]:
    """The first and the last day on which somebody of these ages may be born; within the last century."""
    last = min(date(today.year - least, 1, 1), date(1999, 12, 31))
    return min(date(today.year - most, 1, 1), date(last.year, 1, 1)), last


def _surname(somebody: Neighbour) -> str:
    return somebody.name.split()[0]
