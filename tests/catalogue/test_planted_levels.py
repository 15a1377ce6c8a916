"""The reference list gives the published figures of a quarter, says it is invented, lists no procedure."""

from collections import Counter

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalogue.importing import import_procedures
from portal.catalogue.models import LevelDecision, Procedure
from portal.seed.levels import plant_levels, reference_list
from tests.catalogue.curated_files import FILES
from tests.catalogue.records import record
from tests.conftest import START
from tests.sites.test_public_catalogue import text

TOTAL = 1961
BY_LEVEL = {1: 206, 2: 500, 3: 501, 4: 754}
WITH_DOSSIERS = {3: 48, 4: 76}


def percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2)


def test_the_list_adds_up_to_the_published_figures() -> None:
    listed = reference_list()
    levels = Counter(one.level for one in listed)
    used = Counter(one.level for one in listed if one.had_dossiers)
    online = levels[3] + levels[4]

    assert len({one.code for one in listed}) == len(listed) == TOTAL
    assert (levels, used) == (BY_LEVEL, WITH_DOSSIERS)
    assert (percent(online, TOTAL), percent(levels[4], TOTAL)) == (64.0, 38.45)
    assert percent(used.total(), online) == 9.88
    assert (percent(used[3], levels[3]), percent(used[4], levels[4])) == (9.58, 10.08)


def test_the_planted_levels_are_those_of_the_list_each_decided_once(town: Session) -> None:
    rows = town.execute(select(LevelDecision.code, LevelDecision.level)).all()

    assert len(rows) == TOTAL
    assert Counter(row.level for row in rows) == BY_LEVEL
    assert {row.code: row.level for row in rows} == {one.code: one.level for one in reference_list()}


def test_planting_the_levels_again_adds_nothing_and_overrules_nobody(town: Session) -> None:
    decided = town.scalars(select(LevelDecision).where(LevelDecision.code == "1.000020")).one()
    decided.level, decided.decision = 2, "QĐ 7"
    plant_levels(town)

    assert town.scalar(select(func.count(LevelDecision.id))) == TOTAL
    town.refresh(decided)
    assert (decided.level, decided.decision) == (2, "QĐ 7")


def test_every_level_says_where_it_is_shown_that_it_is_assumed(town: Session) -> None:
    said = set(town.scalars(select(LevelDecision.decision)))

    assert said == {"Danh mục dịch vụ công trực tuyến của tỉnh (giả định cho bản trình diễn)"}


def test_levels_without_a_procedure_are_kept_and_not_listed(client: FlaskClient, store: Session) -> None:
    assert store.scalar(select(func.count(Procedure.id))) == len(FILES)
    assert f"{len(FILES)} thủ tục" in text(client, "/thu-tuc")
    text(client, "/thu-tuc/1.000020", 404)


def test_a_procedure_imported_later_gets_its_level_with_the_mark(client: FlaskClient, store: Session) -> None:
    import_procedures(store, [record("1.000020", name="Nuôi ong lấy mật")], today=START.date())
    store.commit()

    page = text(client, "/thu-tuc/1.000020")

    assert "Thủ tục này ở mức 1" in page
    assert "(giả định cho bản trình diễn), từ 01/01/2020" in page
