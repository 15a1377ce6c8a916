"""The engine of the stories: the same every time, with a seam after each step, for every fit procedure."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.models import Channel, Procedure, ProcedureVersion
from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery, Status
from portal.ground.config import Settings
from portal.ground.ledger import LedgerEntry
from portal.ground.storage import Files
from portal.ground.working_time import day_of
from portal.postal.models import Envelope
from portal.seed.moments import ANCHOR, OPENING
from portal.seed.walks.engine import STEPS, plant_dossiers
from portal.seed.walks.menu import menu
from portal.seed.walks.neighbours import Names
from portal.seed.walks.stories import Story, stories, weights

ROAD = Story(
    times=2,
    channel=Channel.POST,
    delivery=Delivery.POST,
    days_ago=(10, 20),
    steps=("file", "assign", "open", "collect", "to_desk", "take_in", "accept", "forward", "propose", "sign",
           "finish", "assign", "give_out", "carrier_takes", "open", "deliver"),
)  # fmt: skip
COUNTER = Story(2, Channel.DESK, Delivery.DESK, (3, 9), ("intake", "accept", "forward"), slow=True)


def told(session: Session, folder: Path, *these: Story, **more: object) -> list[Dossier]:
    """The dossiers that come of *these* stories."""
    files, limits = Files(f"file://{folder}/files"), Settings(data=folder)
    plant_dossiers(session, files, limits, told=these, **more)  # type: ignore[arg-type]
    return list(session.scalars(select(Dossier).order_by(Dossier.id)))


def test_a_story_leads_from_the_first_page_to_the_door(town: Session, tmp_path: Path) -> None:
    dossiers = told(town, tmp_path, ROAD, COUNTER)
    assert sorted(dossier.status for dossier in dossiers) == [Status.IN_PROGRESS] * 2 + [Status.RETURNED] * 2
    assert len(town.scalars(select(Envelope)).all()) == 4


def test_chance_plays_the_same_every_time(town: Session, tmp_path: Path) -> None:
    def said() -> list[tuple[str, datetime, str]]:
        entries = town.scalars(select(LedgerEntry).where(LedgerEntry.kind == "dossier")).all()
        return [(entry.move, entry.at, entry.to_state) for entry in entries]

    before = town.begin_nested()
    names = [dossier.owner_name for dossier in told(town, tmp_path, ROAD)]
    moves = said()
    before.rollback()
    town.expire_all()
    assert [dossier.owner_name for dossier in told(town, tmp_path, ROAD)] == names
    assert said() == moves


def test_every_step_is_followed_by_whoever_asked(town: Session, tmp_path: Path) -> None:
    seen: list[tuple[int, datetime]] = []

    def note(session: Session, at: datetime) -> None:
        last = session.scalars(select(LedgerEntry.id).order_by(LedgerEntry.id.desc())).first()
        seen.append((last or 0, at))

    told(town, tmp_path, ROAD, after_step=note)
    assert len(seen) == 2 * len(ROAD.steps)
    assert [at for _, at in seen] == sorted(at for _, at in seen)
    assert len({entry for entry, _ in seen}) == len(seen)


def test_what_would_happen_after_the_anchor_has_not_happened(town: Session, tmp_path: Path) -> None:
    dossiers = told(town, tmp_path, replace(ROAD, days_ago=(1, 1)))
    assert {dossier.status for dossier in dossiers} == {Status.SUBMITTED}


def test_dossiers_are_not_planted_beside_others(town: Session, tmp_path: Path) -> None:
    first = told(town, tmp_path, COUNTER)
    assert told(town, tmp_path, ROAD) == first


def test_every_procedure_that_takes_dossiers_is_on_the_menu(town: Session) -> None:
    today = day_of(ANCHOR)
    dishes = menu(town, Names(Random(1)), day_of(OPENING), today)
    curated = select(Procedure.code).join(ProcedureVersion).where(ProcedureVersion.curated.is_not(None))
    assert {dish.version.procedure.code for dish in dishes} == set(town.scalars(curated))
    assert {len(dish.version.cases) for dish in dishes if dish.version.procedure.code == "1.004873"} == {3}


@pytest.mark.parametrize("story", stories(), ids=lambda story: " ".join(story.steps[-2:]))
def test_a_story_says_what_the_engine_can_play(story: Story) -> None:
    assert {step.partition(":")[0] for step in story.steps} <= set(STEPS)
    assert story.days_ago[0] <= story.days_ago[1]


def test_the_table_names_no_procedure_that_does_not_exist(town: Session) -> None:
    codes = set(town.scalars(select(Procedure.code)))
    assert set(weights()) <= codes
    assert {story.procedure for story in stories() if story.procedure} <= codes
