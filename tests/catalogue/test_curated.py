"""Every curated procedure keeps what its page says: found, sourced, fit, filed where its level allows."""

import tomllib
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import OfficeKind
from portal.catalogue import queries
from portal.catalogue.answers import check_step
from portal.catalogue.definitions import CASE, Kind, Page
from portal.catalogue.levels import OnlineLevel
from portal.catalogue.models import Channel, Competence
from portal.catalogue.offers import Way, fitness, offered
from portal.catalogue.search import Wanted, search, words_of
from portal.dossiers import drafts, papers
from portal.dossiers.deadlines import term_of
from portal.dossiers.models import Dossier, Draft
from portal.dossiers.readiness import KIND_OF, deciders, whole
from portal.dossiers.states import Delivery, Status
from portal.dossiers.ways import Chosen, must_upload
from portal.ground.config import Settings
from portal.ground.text import fold
from portal.seed.fees import FEES
from portal.seed.levels import reference_list
from tests import make
from tests.catalogue.curated_files import FILES, of_level
from tests.conftest import START

TODAY = START.date()
LIMITS = Settings(drafts_per_account=3)
FIRST = 3
"""Among how many results a procedure must be when its other name is typed."""

NUMBER = "074099001234"
TYPED = {
    Kind.TEXT: "Lê Thị Hoa", Kind.PARAGRAPH: "Tôi đề nghị giải quyết.", Kind.NUMBER: "1", Kind.MONEY: "1000",
    Kind.DATE: "05/09/1999", Kind.IDENTITY: NUMBER, Kind.PHONE: "0912345678", Kind.AREA: "25750",
}  # fmt: skip


def texts(value: Any) -> Iterator[str]:
    """Every text of a file."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def test_the_everyday_procedures_of_three_tiers_are_there() -> None:
    tiers = [written["competence"]["tier"] for written in FILES.values()]

    assert len(FILES) >= 42
    assert {"commune", "district", "province"} == set(tiers)


@pytest.mark.parametrize("code", FILES)
def test_every_fact_has_a_source_or_says_that_nobody_has_confirmed_it(code: str) -> None:
    written = FILES[code]
    facts = [written["competence"], written["post"], *written["terms"], *written["cases"]]
    facts += [*written.get("notes", []), *(written[key] for key in ("why", "blank") if key in written)]

    assert written["code"] == code
    assert written["legal"]
    assert [fact for fact in facts if len(fact["source"]) < 10] == []
    assert written["level"]["unverified"], "levels are invented for the demonstration"


@pytest.mark.parametrize("code", FILES)
def test_the_words_of_a_file_are_clean(code: str) -> None:
    words = list(texts(FILES[code]))

    assert [text for text in words if unicodedata.normalize("NFC", text) != text] == []
    assert [
        text for text in words if text != text.strip() or "  " in text or text.endswith(("..", ",."))
    ] == []
    assert FILES[code]["lead"].endswith(".")
    assert len(FILES[code]["name"]) <= 80


@pytest.mark.parametrize("code", FILES)
def test_a_checklist_counts_what_is_handed_in(code: str) -> None:
    for case in FILES[code]["cases"]:
        counted = [paper for paper in case["papers"] if not paper.get("form")]
        sheets = [sum(paper.get(kind, 0) for kind in SHEETS) for paper in counted]

        assert all(sheets), case["key"]
        assert len({paper["key"] for paper in case["papers"]}) == len(case["papers"])


SHEETS = ("originals", "copies", "certified_copies")


@pytest.mark.parametrize("code", FILES)
def test_the_page_says_how_it_ends_or_why_one_must_come(code: str) -> None:
    written = FILES[code]

    assert ("whole" if written["level"]["level"] == 4 else "why") in written
    if any(paper.get("form") for case in written["cases"] for paper in case["papers"]):
        assert written["level"]["level"] >= 3, (
            "a form that is filled on the portal cannot be filled at level 2"
        )


def test_a_curated_level_is_that_of_the_reference_list() -> None:
    listed = {one.code: one.level for one in reference_list()}

    assert {code: FILES[code]["level"]["level"] for code in FILES} == {code: listed[code] for code in FILES}


def test_the_tariff_asks_what_the_page_publishes() -> None:
    fees = tomllib.loads(FEES.read_text(encoding="utf-8"))["fee"]
    published = {code: {term["channel"]: term["fee"] for term in FILES[code]["terms"]} for code in FILES}

    for fee in fees:
        amount = f"{fee['amount_dong']:,} ₫".replace(",", ".")
        assert all(published[fee["code"]][channel].startswith(amount) for channel in fee["channels"]), fee


def test_every_procedure_is_fit_and_offers_what_its_level_permits(town: Session) -> None:
    found = {code: _way(town, code) for code in FILES}

    assert {code: way for code, way in found.items() if way == Way.NONE} == {}
    assert [code for code in of_level(3, 4) if found[code] != Way.FILE] == []
    assert [code for code in of_level(1, 2) if found[code] not in (Way.ANNOUNCE, Way.DESK)] == []


def _way(session: Session, code: str) -> Way:
    one = queries.published(session, code, TODAY)
    said = one.curated or {}
    assert fitness(one) == [], code
    assert {row.channel.value for row in one.terms} == set(said["terms"]), code
    assert {case.key for case in one.cases} == set(said["cases"]), code
    assert deciders(session, one, TODAY), f"nobody decides on {code}"
    level = queries.level_of(session, code, TODAY)
    return offered(one, level, on_post_list=queries.is_on_post_list(session, one, TODAY)).way


def test_every_procedure_is_found_by_the_words_people_type_without_marks(store: Session) -> None:
    missed = {}
    for code, written in FILES.items():
        for question in written["also_called"]:
            hits = search(store, Wanted(words_of(fold(question))), TODAY).hits
            first = [hit.version.procedure.code for hit in hits[:FIRST]]
            if code not in first:
                missed[question] = (code, first)

    assert missed == {}


def test_the_plain_question_finds_the_everyday_procedure(store: Session) -> None:
    asked = {
        "khai sinh": "1.001193", "ket hon": "1.000894", "khai tu": "1.000656", "sao y": "2.000815",
        "tam tru": "1.004194", "thuong tru": "1.004222", "lam can cuoc": "1.014061", "di chuc": "2.001019",
        "xay nha": "1.013225", "mo quan": "1.001612", "bang lai": "1.002809", "ly lich tu phap": "2.000488",
        "con nuoi": "2.001263", "tranh chap dat": "1.012812", "bhyt": "1.001939", "nguoi gia": "1.001776",
    }  # fmt: skip

    hits = {words: search(store, Wanted(words_of(words)), TODAY).hits for words in asked}

    assert {words: found[0].version.procedure.code for words, found in hits.items()} == asked


@pytest.mark.parametrize("code", of_level(3, 4))
def test_a_citizen_can_file_what_its_level_allows(store: Session, code: str) -> None:
    dossier = _filed(store, code)

    version = dossier.procedure_version
    assert dossier.status == Status.SUBMITTED
    assert dossier.office.kind in (KIND_OF[version.competent_tier], OfficeKind.PROVINCE)
    assert term_of(version, Channel.ONLINE, dossier.case_key)
    assert {item.key for item in dossier.checklist} <= {paper.key for paper in version.cases[0].papers}


def test_a_department_decides_only_on_what_is_its_own(store: Session) -> None:
    assert _filed(store, "2.000488").office.name == "Sở Tư pháp"
    assert _filed(store, "1.002809").office.name == "Sở Giao thông vận tải"


def test_who_may_choose_any_office_is_not_asked_for_an_area(store: Session) -> None:
    asked = {code: _names_asked(store, code) for code in ("2.001019", "1.004194")}

    assert "decides_area" not in asked["2.001019"]
    assert "decides_area" in asked["1.004194"]


def _names_asked(session: Session, code: str) -> set[str]:
    draft = _begun(session, code, Chosen(Channel.ONLINE, Delivery.DESK))
    return {question.name for page in whole(session, draft, START).pages for question in page.questions}


@pytest.mark.parametrize("code", [code for code in of_level(1, 2) if FILES[code]["post"]["by_channel"]])
def test_a_citizen_can_announce_what_only_travels_on_paper(store: Session, code: str) -> None:
    place = {"name": "Lê Thị Hoa", "phone": "0912345678", "area_code": "25750", "line": "12 Lê Hồng Phong"}
    draft = _begun(store, code, Chosen(Channel.POST, Delivery.POST, pickup=place, back=place))
    drafts.choose_office(draft, deciders(store, draft.procedure_version, TODAY)[0])

    dossier = drafts.file(store, draft, by=make.citizen(store), at=START)

    assert (dossier.channel, dossier.check_due_at) == (Channel.POST, None)


def _begun(session: Session, code: str, chosen: Chosen) -> Draft:
    by = make.citizen(session)
    draft = drafts.begin(session, queries.published(session, code, TODAY), by=by, at=START, limits=LIMITS)
    session.flush()
    case = draft.procedure_version.cases[0]
    drafts.choose_case_and_papers(draft, case.key, frozenset(), at=START, limits=LIMITS)
    drafts.choose_ways(draft, chosen, at=START, limits=LIMITS)
    return draft


def _filed(session: Session, code: str) -> Dossier:
    """A dossier of the first case, filled in page by page and sent online with a photo of each paper."""
    is_full = queries.level_of(session, code, TODAY) == OnlineLevel.FULL
    draft = _begun(session, code, Chosen(Channel.ONLINE, Delivery.ONLINE if is_full else Delivery.DESK))
    by, version = make.citizen(session), draft.procedure_version
    if version.competence == Competence.ANY:
        drafts.choose_office(draft, deciders(session, version, TODAY)[0])
    while left := [p for p in whole(session, draft, START).pages if p.key not in draft.pages_done]:
        _fill(session, draft, left[0])
    for paper in must_upload(whole(session, draft, START).papers):
        stored = papers.StoredFile("anh.jpg", "image/jpeg", 1000, "a" * 64)
        papers.attach(session, draft, stored, paper.key, by=by, at=START, most=40)
    return drafts.file(session, drafts.resume(session, draft.uid, by, START, lock=True), by=by, at=START)


def _fill(session: Session, draft: Draft, page: Page) -> None:
    seen = whole(session, draft, START)
    answers = {CASE: draft.case_key, **seen.answers}
    typed = {
        question.name: str(question.least or TYPED.get(question.kind) or question.options[0].value)
        for question in page.questions
        if question.required
    }
    found = check_step(seen.definition, page, typed, answers, seen.known)
    assert not found.errors, (page.key, found.errors)
    drafts.save_page(session, draft, page, found.values, done=True, at=START, limits=LIMITS)
