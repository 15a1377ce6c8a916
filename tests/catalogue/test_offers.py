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
    assert [ability for ability, is_there in offer.ladder if is_there] == [Ability.INFORMATION]


def test_every_curated_procedure_is_fit_and_says_where_its_facts_come_from(session: Session) -> None:
    plant_curated(session, START, TODAY)
    session.flush()
    for code in CURATED:
        one = queries.published(session, code, TODAY)
        said = one.curated or {}
        assert fitness(one) == [], code
        assert all(said[key]["source"] for key in ("competence", "post")), code
        assert all(row["source"] for row in (*said["terms"].values(), *said["cases"].values())), code
        assert {row.channel.value for row in one.terms} == set(said["terms"]), code
        assert {case.key for case in one.cases} == set(said["cases"]), code


CURATED = {
    "1.001193": Way.FILE, "1.004873": Way.FILE, "2.000815": Way.ANNOUNCE, "1.000894": Way.FILE,
    "1.000656": Way.FILE, "2.000635": Way.FILE, "1.004859": Way.FILE, "1.004222": Way.FILE,
    "1.001612": Way.FILE, "1.011607": Way.ANNOUNCE, "1.013225": Way.FILE, "1.004837": Way.FILE,
}  # fmt: skip


@pytest.mark.parametrize(("code", "way"), CURATED.items())
def test_a_curated_procedure_offers_what_its_level_permits(session: Session, code: str, way: Way) -> None:
    plant_curated(session, START, TODAY)
    session.flush()
    one = queries.published(session, code, TODAY)

    by_post = queries.is_on_post_list(session, one, TODAY)

    assert offered(one, queries.level_of(session, code, TODAY), on_post_list=by_post).way is way


def test_planting_again_changes_nothing(session: Session) -> None:
    for _ in range(2):
        plant_curated(session, START, TODAY)
        session.flush()

    assert queries.published(session, "1.001193", TODAY).number == 1


def test_the_dated_list_of_the_post_departs_from_the_published_channels(session: Session) -> None:
    plant_curated(session, START, TODAY)
    taken_off = PostListing(code="1.001193", from_on=date(2020, 10, 1), to_on=None, is_listed=False)
    session.add(taken_off)
    session.flush()
    one = queries.published(session, "1.001193", TODAY)

    assert queries.is_on_post_list(session, one, TODAY)
    assert not queries.is_on_post_list(session, one, date(2020, 10, 1))


def test_nothing_is_published_before_its_day(session: Session) -> None:
    plant_curated(session, START, TODAY)

    with pytest.raises(NotFound):
        queries.published(session, "1.001193", date(2020, 7, 15))
