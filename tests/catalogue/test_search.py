"""A citizen finds a procedure in their own words; filters count right and cost few reads."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.catalogue.importing import import_procedures
from portal.catalogue.levels import OnlineLevel
from portal.catalogue.levels_import import import_levels
from portal.catalogue.models import PostListing, Tier
from portal.catalogue.search import PAGE, Found, Wanted, count, nearest, search, words_of
from portal.seed.curate import plant_curated
from tests.catalogue.records import channel, record
from tests.catalogue.test_levels_import import row
from tests.conftest import START

TODAY = date(2020, 9, 15)

ITEMS = [
    record("1.000011", name="Đăng ký nuôi ong", field="Chăn nuôi", levels=["commune"]),
    record("1.000012", name="Cấp phép nuôi cá sấu", field="Thủy sản", levels=["province", "commune"]),
    record("1.000013", name="Hoà giải tranh chấp đất", field="Đất đai", channels=[channel("post")]),
    record("2.000011", name="Xoá đăng ký nuôi ong", field="Chăn nuôi", levels=["province"]),
]
LEVELS = [
    row("1.000011", "4"),
    row("1.000012", "3"),
    row("1.000013", "2"),
    row("1.000011", "1", "2021-01-01"),
]


@pytest.fixture
def catalogue(session: Session) -> Session:
    import_procedures(session, ITEMS, today=TODAY)
    import_levels(session, LEVELS)
    session.flush()
    return session


def codes(found: Found) -> list[str]:
    return [hit.version.procedure.code for hit in found.hits]


def ask(session: Session, question: str = "", **filters: object) -> Found:
    chosen = {name: frozenset(values) for name, values in filters.items()}  # type: ignore[call-overload]
    return search(session, Wanted(words_of(question), **chosen), TODAY)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("nuôi ong", ["1.000011", "2.000011"]),
        ("NUOI ONG", ["1.000011", "2.000011"]),
        ("ong nuôi đăng ký", ["1.000011", "2.000011"]),
        ("nuo\u0302i ong", ["1.000011", "2.000011"]),
        ("tôi muốn nuôi ong", ["1.000011", "2.000011"]),
        ("hòa giải", ["1.000013"]),
        ("hoà giải", ["1.000013"]),
        ("xóa đăng ký", ["2.000011"]),
        ("dat dai", ["1.000013"]),
        ("1.0000", ["1.000011", "1.000012", "1.000013"]),
        ("1.000011", ["1.000011"]),
        ("1.000011.000.00.00.H09", ["1.000011"]),
        ("uôi", []),
        ("%", ["1.000012", "1.000011", "1.000013", "2.000011"]),
        ("_", []),
    ],
)
def test_every_word_of_the_question_begins_a_word(
    catalogue: Session, question: str, expected: list[str]
) -> None:
    assert codes(ask(catalogue, question)) == expected


def test_words_in_the_name_come_before_words_elsewhere(catalogue: Session) -> None:
    plant_curated(catalogue, START, TODAY)
    catalogue.flush()

    assert codes(ask(catalogue, "khai sinh"))[0] == "1.001193"
    assert codes(ask(catalogue, "sinh con"))[0] == "1.001193"
    assert codes(ask(catalogue, "làm giấy kết hôn"))[0] == "1.000894"


@pytest.mark.parametrize(
    ("question", "first", "others"),
    [
        ("sổ hồng", "2.001035", {"2.001406", "2.000815"}),
        ("sang tên sổ đỏ", "2.001035", {"2.001406"}),
        ("giay to xe", "2.001035", {"1.002809"}),
        ("giấy tờ lái xe", "1.002809", set()),
        ("li hon", "1.004873", {"1.010038"}),
        ("ly hôn", "1.004873", {"1.010038"}),
        ("marriage", "1.000894", {"1.004746", "2.000806", "2.002189"}),
        ("marriage with a foreigner", "2.000806", set()),
        ("birth certificate", "1.001193", set()),
        ("driving licence", "1.002809", set()),
    ],
)
def test_what_people_call_it_finds_it(
    catalogue: Session, question: str, first: str, others: set[str]
) -> None:
    plant_curated(catalogue, START, TODAY)
    catalogue.flush()

    found = codes(ask(catalogue, question))
    assert found[0] == first
    assert set(found[1:]) == others


@pytest.mark.parametrize("question", ["đăng ký máy bay", "divorce"])
def test_what_is_not_here_finds_nothing(catalogue: Session, question: str) -> None:
    plant_curated(catalogue, START, TODAY)
    catalogue.flush()

    assert codes(ask(catalogue, question)) == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"levels": [4]}, ["1.000011"]),
        ({"levels": [1]}, ["2.000011"]),
        ({"levels": [3, 4]}, ["1.000012", "1.000011"]),
        ({"fields": ["Chăn nuôi"]}, ["1.000011", "2.000011"]),
        ({"tiers": [Tier.PROVINCE]}, ["1.000012", "1.000013", "2.000011"]),
        ({"tiers": [Tier.PROVINCE, Tier.COMMUNE], "levels": [3]}, ["1.000012"]),
        ({"by_post": [True]}, ["1.000013"]),
        ({"by_post": [False], "fields": ["Chăn nuôi"], "levels": [1]}, ["2.000011"]),
    ],
)
def test_filters_narrow_the_list(
    catalogue: Session, filters: dict[str, list[object]], expected: list[str]
) -> None:
    found = ask(catalogue, **filters)

    assert codes(found) == expected
    assert (
        found.total
        == len(expected)
        == count(catalogue, Wanted(**{k: frozenset(v) for k, v in filters.items()}), TODAY)
    )  # type: ignore[arg-type]


def test_a_filter_counts_what_it_would_show_beside_the_others(catalogue: Session) -> None:
    counts = ask(catalogue, "nuôi", levels=[4], tiers=[Tier.COMMUNE]).counts

    assert +counts.levels == Counter({4: 1, 3: 1})
    assert +counts.fields == Counter({"Chăn nuôi": 1})
    assert +counts.tiers == Counter({Tier.COMMUNE: 1})
    assert +counts.by_post == Counter({False: 1})


def test_the_counts_of_a_group_ignore_its_own_filter_only(catalogue: Session) -> None:
    counts = ask(catalogue, levels=[4], fields=["Chăn nuôi"], by_post=[False]).counts

    assert +counts.levels == Counter({4: 1, 1: 1})
    assert +counts.fields == Counter({"Chăn nuôi": 1})
    assert +counts.by_post == Counter({False: 1})


def test_each_count_of_a_filter_is_what_choosing_it_shows(catalogue: Session) -> None:
    counts = ask(catalogue, "nuôi").counts

    assert all(ask(catalogue, "nuôi", levels=[level]).total == n for level, n in counts.levels.items())
    assert all(ask(catalogue, "nuôi", fields=[name]).total == n for name, n in counts.fields.items())
    assert all(ask(catalogue, "nuôi", tiers=[tier]).total == n for tier, n in counts.tiers.items())
    assert all(ask(catalogue, "nuôi", by_post=[post]).total == n for post, n in counts.by_post.items())


def test_a_level_counts_from_its_day_and_a_listing_until_its_last(catalogue: Session) -> None:
    listed = PostListing(code="1.000011", from_on=TODAY, to_on=date(2020, 12, 31), is_listed=True)
    catalogue.add(listed)

    before = ask(catalogue, "1.000011").hits[0]
    after = search(catalogue, Wanted(("1.000011",)), date(2021, 1, 1)).hits[0]

    assert (before.level, before.by_post) == (OnlineLevel.FULL, True)
    assert (after.level, after.by_post) == (OnlineLevel.INFORMATION, False)


@pytest.mark.parametrize(
    ("question", "expected"),
    [("nuoi onq", "1.000011"), ("xin nuôi ong ở Bến Cát", "1.000011"), ("hoa giaii", "1.000013")],
)
def test_a_misspelt_question_comes_near(catalogue: Session, question: str, expected: str) -> None:
    assert ask(catalogue, question).total == 0
    assert nearest(catalogue, words_of(question), TODAY)[0].version.procedure.code == expected


def test_nothing_is_near_to_nonsense(catalogue: Session) -> None:
    assert nearest(catalogue, words_of("qqqq wwww"), TODAY) == []
    assert nearest(catalogue, (), TODAY) == []


@pytest.fixture
def statements(catalogue: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = catalogue.get_bind().engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


def test_a_page_of_the_list_costs_the_same_whatever_it_holds(
    catalogue: Session, statements: list[str]
) -> None:
    catalogue.expire_all()
    few = _cost(catalogue, statements)
    many = [record(f"3.{n:06d}", name=f"Nuôi con vật số {n}") for n in range(PAGE + 5)]
    import_procedures(catalogue, many, today=TODAY)
    catalogue.flush()
    catalogue.expunge_all()

    assert _cost(catalogue, statements) == few <= 5


def _cost(session: Session, statements: list[str]) -> int:
    statements.clear()
    found = ask(session, "nuôi")
    assert [len(hit.version.terms) for hit in found.hits]
    return len(statements)


def test_pages_hold_every_procedure_once(catalogue: Session) -> None:
    many = [record(f"3.{n:06d}", name=f"Nuôi con vật số {n}") for n in range(PAGE * 2)]
    import_procedures(catalogue, many, today=TODAY)

    pages = [search(catalogue, Wanted(("nuoi",)), TODAY, page) for page in (1, 2, 3)]

    shown = [code for page in pages for code in codes(page)]
    assert len(shown) == len(set(shown)) == pages[0].total == PAGE * 2 + 3
    assert [(page.first, page.last) for page in pages] == [(1, 20), (21, 40), (41, 43)]
    assert search(catalogue, Wanted(("nuoi",)), TODAY, 99).page == 3
