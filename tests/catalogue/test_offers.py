"""What a page offers follows from fitness, level and the post's list, and from nothing else."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.catalogue import queries
from portal.catalogue.levels import Ability, OnlineLevel
from portal.catalogue.models import (
    Case,
    Channel,
    ChannelTerm,
    Competence,
    PostListing,
    ProcedureVersion,
    RequiredPaper,
    Tier,
)
from portal.catalogue.offers import NO_CHECKLIST, NO_COMPETENCE, NO_TIME, Way, fitness, offered
from portal.ground.errors import NotFound
from portal.ground.working_time import Unit
from portal.seed.curate import plant_curated
from tests.conftest import START

TODAY = date(2020, 9, 15)


def version(**said: Any) -> ProcedureVersion:
    whole: dict[str, Any] = {
        "competence": Competence.RESIDENCE,
        "competent_tier": Tier.COMMUNE,
        "terms": [term(Decimal(3), Unit.WORKING_DAY)],
        "cases": [Case(key="a", name="A", papers=[RequiredPaper(key="don", name="Đơn")])],
    }
    return ProcedureVersion(**(whole | said))


def term(amount: Decimal | None, unit: Unit | None) -> ChannelTerm:
    return ChannelTerm(channel=Channel.DESK, case_key="", amount=amount, unit=unit)


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({}, []),
        ({"terms": []}, [NO_TIME]),
        ({"terms": [term(Decimal(1), None)]}, [NO_TIME]),
        ({"terms": [term(None, Unit.DAY)]}, [NO_TIME]),
        ({"competence": None}, [NO_COMPETENCE]),
        ({"competent_tier": None}, [NO_COMPETENCE]),
        ({"cases": []}, [NO_CHECKLIST]),
        ({"cases": [Case(key="a", name="A", papers=[])]}, [NO_CHECKLIST]),
        ({"terms": [], "competence": None, "cases": []}, [NO_TIME, NO_COMPETENCE, NO_CHECKLIST]),
    ],
)
def test_a_version_is_fit_when_nothing_is_missing(said: dict[str, Any], missing: list[str]) -> None:
    assert fitness(version(**said)) == missing


@pytest.mark.parametrize(
    ("level", "on_post_list", "way"),
    [
        (1, False, Way.DESK), (1, True, Way.ANNOUNCE), (2, False, Way.DESK), (2, True, Way.ANNOUNCE),
        (3, False, Way.FILE), (3, True, Way.FILE), (4, False, Way.FILE), (4, True, Way.FILE),
    ],
)  # fmt: skip
def test_the_way_in_follows_the_level_and_the_post_list(level: int, on_post_list: bool, way: Way) -> None:
    offer = offered(version(), OnlineLevel(level), on_post_list=on_post_list)

    assert (offer.way, offer.by_post) == (way, on_post_list)


@pytest.mark.parametrize("level", OnlineLevel)
def test_a_version_that_is_not_fit_only_informs(level: OnlineLevel) -> None:
    offer = offered(version(cases=[]), level, on_post_list=True)

    assert (offer.way, offer.by_post) == (Way.NONE, False)
    assert [step.ability for step in offer.ladder if step.is_there] == [Ability.INFORMATION]


def test_planting_again_changes_nothing(session: Session) -> None:
    for _ in range(2):
        plant_curated(session, START, TODAY)
        session.flush()

    assert queries.published(session, "1.001193", TODAY).number == 1


def test_the_dated_list_of_the_post_departs_from_the_published_channels(town: Session) -> None:
    taken_off = PostListing(code="1.001193", from_on=date(2020, 10, 1), to_on=None, is_listed=False)
    town.add(taken_off)
    town.flush()
    one = queries.published(town, "1.001193", TODAY)

    assert queries.is_on_post_list(town, one, TODAY)
    assert not queries.is_on_post_list(town, one, date(2020, 10, 1))


def test_nothing_is_published_before_its_day(town: Session) -> None:

    with pytest.raises(NotFound):
        queries.published(town, "1.001193", date(2020, 7, 15))
