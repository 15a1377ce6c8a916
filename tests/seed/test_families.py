"""A birth of the demonstration is registered by people who could be that family."""

import tomllib
from datetime import date
from random import Random
from typing import Any

import pytest

from portal.catalogue.form_source import parse, with_sealed
from portal.seed.plant_forms import FORMS
from portal.seed.walks.answers import Writer
from portal.seed.walks.families import FOUND, OLDEST, YOUNGEST
from portal.seed.walks.neighbours import Names

TODAY = date(2020, 9, 15)
FORM = parse(with_sealed(tomllib.loads((FORMS / "1.001193.toml").read_text(encoding="utf-8"))))
WARD = "25747"


def declared(case_key: str, chance: int) -> tuple[Writer, dict[str, Any]]:
    names = Names(Random(chance))
    writer = Writer(names, names.somebody("0900000000", WARD), case_key, "Đăng ký khai sinh", TODAY)
    return writer, writer.fill(FORM)


@pytest.mark.parametrize("chance", range(40))
def test_a_birth_is_declared_by_its_family(chance: int) -> None:
    writer, said = declared("co-giay-chung-sinh", chance)
    declarant, relation = writer.person, said["relation"]
    born = date.fromisoformat(said["child_birth_date"])

    assert said["parents"] == "both"
    assert said["child_name"].split()[0] == said["father_name"].split()[0]
    for parent in ("mother", "father"):
        assert YOUNGEST <= born.year - said[f"{parent}_birth_year"] <= OLDEST
    if relation == "grandparent":
        youngest = max(said["mother_birth_year"], said["father_birth_year"])
        assert youngest - declarant.born.year >= YOUNGEST
    else:
        assert said[f"{relation}_name"] == said["requester_name"] == declarant.name
        assert (relation == "mother") == (declarant.sex == "female")


@pytest.mark.parametrize("chance", range(10))
def test_nobody_names_parents_of_a_child_that_was_found(chance: int) -> None:
    _, said = declared(FOUND, chance)

    assert (said["relation"], said["parents"]) == ("carer", "none")
    assert not [name for name in said if name.startswith(("mother", "father"))]
    assert said["child_name"].split()[0] == said["requester_name"].split()[0]


def test_the_same_chance_makes_the_same_family() -> None:
    assert declared("co-giay-chung-sinh", 7)[1] == declared("co-giay-chung-sinh", 7)[1]
