"""Forms as data: read, checked, and asked; answers made clean by them and by nothing else."""

import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.answers import AnswerError, Known, check_all, check_page, check_step, clean, typed
from portal.catalogue.definitions import BadDefinition, Kind, Option, Page, Question
from portal.catalogue.form_source import form_for, parse, with_sealed
from portal.catalogue.models import FormDefinition
from portal.seed import plant_forms
from tests import make
from tests.conftest import START

KNOWN = Known(date(2020, 9, 15), {"25750": "Phường Phú Hòa"})
AB = ({"value": "a", "label": "A"}, {"value": "b", "label": "B"})


def q(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "label": f"{name}?"} | more


def form(*pages: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    listed = [
        {"key": f"trang-{n}", "title": f"Trang {n}", "questions": asked} for n, asked in enumerate(pages)
    ]
    return {"title": "Tờ khai", "pages": listed} | more


def question(kind: Kind, **more: Any) -> Question:
    options = (Option("a", "A"), Option("b", "B")) if kind in (Kind.CHOICE, Kind.CHOICES) else ()
    return Question("x", kind, "Mục", options=options, **more)


@pytest.mark.parametrize("path", sorted(plant_forms.FORMS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_form_holds(path) -> None:
    definition = parse(tomllib.loads(path.read_text()))
    assert definition.competence is not None
    assert definition.owner.name


WRONG = {
    "no pages": form(),
    "a name twice": form([q("a")], [q("a")]),
    "a page twice": {"title": "T", "pages": [{"key": "k", "title": "K", "questions": [q(n)]} for n in "ab"]},
    "an unknown kind": form([q("a", "colour")]),
    "an unknown key": form([q("a", colour="red")]),
    "a name no form can have": form([q("Tên")]),
    "a name of the page itself": form([q("csrf_token")]),
    "no label": form([{"name": "a", "kind": "text"}]),
    "a choice without options": form([q("a", "choice")]),
    "a text with options": form([q("a", options=AB)]),
    "an option twice": form([q("a", "choice", options=[AB[0], AB[0]])]),
    "a condition on the same page": form(
        [q("a", "choice", options=AB), q("b", when={"question": "a", "is": ["a"]})]
    ),
    "a condition on a later page": form(
        [q("b", when={"question": "a", "is": ["a"]})], [q("a", "choice", options=AB)]
    ),
    "a condition that never holds": form(
        [q("a", "choice", options=AB)], [q("b", when={"question": "a", "is": ["c"]})]
    ),
    "a condition on a text": form([q("a")], [q("b", when={"question": "a", "is": ["a"]})]),
    "two questions of competence": form([q("a", "area", competence=True), q("b", "area", competence=True)]),
    "competence by a text": form([q("a", competence=True)]),
    "competence outside the province": form([q("a", "area", competence=True, elsewhere=True)]),
    "an identity number in a group": form([q("a", "group", questions=[q("b", "identity")])]),
    "a group in a group": form([q("a", "group", questions=[q("b", "group", questions=[q("c")])])]),
    "a group of nothing": form([q("a", "group")]),
    "a rule on nothing": form([q("a")], rules=[{"kind": "equal", "on": "z", "other": "a", "message": "M"}]),
    "a rule on a later page": form(
        [q("a")], [q("b")], rules=[{"kind": "equal", "on": "a", "other": "b", "message": "M"}]
    ),
    "an order of texts": form(
        [q("a"), q("b")], rules=[{"kind": "order", "on": "a", "other": "b", "message": "M"}]
    ),
    "a rule that says nothing": form([q("a"), q("b")], rules=[{"kind": "equal", "on": "a", "other": "b"}]),
    "an unknown rule": form(
        [q("a"), q("b")], rules=[{"kind": "rhyme", "on": "a", "other": "b", "message": "M"}]
    ),
    "an owner nobody is asked for": form([q("a")], owner={"name": "z"}),
    "an unknown part of a person": form([{"name": "p", "kind": "person", "parts": ["shoe_size"]}]),
}


@pytest.mark.parametrize("source", WRONG.values(), ids=WRONG)
def test_a_form_that_does_not_hold_is_refused(source: dict[str, Any]) -> None:
    with pytest.raises(BadDefinition):
        parse(source)


def test_a_person_becomes_questions_of_their_own() -> None:
    person = {
        "name": "mother",
        "kind": "person",
        "parts": ["name", "identity", "address"],
        "optional": ["identity"],
    }
    (page,) = parse(form([person])).pages
    assert [(each.name, each.kind, each.required) for each in page.questions] == [
        ("mother_name", "text", True),
        ("mother_identity", "identity", False),
        ("mother_area", "area", True),
        ("mother_line", "text", True),
    ]


def test_publishing_names_the_questions_to_seal() -> None:
    source = form([q("a", "identity"), q("b")], [{"name": "p", "kind": "person", "parts": ["identity"]}])
    assert with_sealed(source)["sealed"] == ["a", "p_identity"]


CLEANED = [
    (Kind.TEXT, "  Nguyễn   Văn\tBình ", "Nguyễn Văn Bình"),
    (Kind.TEXT, "Hoa\u0300", "Hoà"),
    (Kind.TEXT, "Mai\x00\x07", "Mai"),
    (Kind.PARAGRAPH, "một \r\nhai  ", "một\nhai"),
    (Kind.NUMBER, "1.500", 1500),
    (Kind.MONEY, "1 500 000 ₫", 1500000),
    (Kind.DATE, "5/9/2020", "2020-09-05"),
    (Kind.DATE, "05-09-2020", "2020-09-05"),
    (Kind.DATE, "29/02/2020", "2020-02-29"),
    (Kind.CHOICE, "a", "a"),
    (Kind.CHOICES, ["b", "a", "b"], ["b", "a"]),
    (Kind.IDENTITY, "074 099 001 234", "074099001234"),
    (Kind.IDENTITY, "280734512", "280734512"),
    (Kind.PHONE, "+84 912 345 678", "0912345678"),
    (Kind.AREA, "25750", "25750"),
]


@pytest.mark.parametrize(("kind", "raw", "stored"), CLEANED)
def test_an_answer_is_stored_clean(kind: Kind, raw: Any, stored: Any) -> None:
    assert clean(question(kind), raw, KNOWN) == stored


REFUSED = [
    (Kind.TEXT, "x" * 201), (Kind.TEXT, "   "), (Kind.TEXT, None), (Kind.NUMBER, "mười"), (Kind.NUMBER, "-1"),
    (Kind.NUMBER, "²"), (Kind.DATE, "31/02/2020"), (Kind.DATE, "5/9/20"), (Kind.DATE, "2020-09-05"),
    (Kind.DATE, "01/01/1700"), (Kind.CHOICE, "c"), (Kind.CHOICE, ""), (Kind.CHOICES, ["a", "c"]),
    (Kind.CHOICES, []), (Kind.IDENTITY, "07409900123"), (Kind.IDENTITY, "07409900123a"),
    (Kind.IDENTITY, "٠٧٤٠٩٩٠٠١٢٣٤"), (Kind.PHONE, "12345"), (Kind.AREA, "99999"), (Kind.AREA, "khac"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw"), REFUSED)
def test_an_answer_that_does_not_fit_is_refused(kind: Kind, raw: Any) -> None:
    with pytest.raises(AnswerError):
        clean(question(kind), raw, KNOWN)


def test_limits_are_inclusive() -> None:
    number = question(Kind.NUMBER, least=1, most=20)
    assert [clean(number, raw, KNOWN) for raw in ("1", "20")] == [1, 20]
    for raw in ("0", "21"):
        with pytest.raises(AnswerError):
            clean(number, raw, KNOWN)


def test_a_day_of_the_past_may_be_today_but_not_tomorrow() -> None:
    born = question(Kind.DATE, past=True)
    assert clean(born, "15/09/2020", KNOWN) == "2020-09-15"
    with pytest.raises(AnswerError, match="chưa tới"):
        clean(born, "16/09/2020", KNOWN)


def test_outside_the_province_is_an_answer_where_it_will_do() -> None:
    assert clean(question(Kind.AREA, elsewhere=True), "khac", KNOWN) == "khac"


def test_an_optional_question_may_stay_empty() -> None:
    assert clean(question(Kind.DATE, required=False), "  ", KNOWN) is None


@given(st.sampled_from([kind for kind in Kind if kind != Kind.GROUP]), st.text(max_size=30))
def test_whatever_is_typed_is_taken_or_refused_with_a_sentence(kind: Kind, raw: str) -> None:
    asked = question(kind, required=False)
    try:
        stored = clean(asked, raw, KNOWN)
    except AnswerError:
        return
    assert clean(asked, typed(asked, stored), KNOWN) == stored


@given(st.text(max_size=300))
def test_what_is_stored_has_no_sign_a_database_refuses(raw: str) -> None:
    stored = clean(question(Kind.PARAGRAPH, required=False), raw, KNOWN) or ""
    assert "\x00" not in stored
    stored.encode()


def test_extra_fields_are_ignored() -> None:
    page = Page("p", "P", (question(Kind.TEXT),))
    assert check_page(page, {"x": "1", "status": "returned", "owner_id": "7"}, {}, KNOWN).values == {"x": "1"}


BRANCHING = form(
    [q("a", "choice", options=AB)],
    [q("b", when={"question": "a", "is": ["a"]}), q("c", required=False)],
    [q("d")],
)


def test_a_question_whose_condition_does_not_hold_is_not_asked() -> None:
    definition = parse(BRANCHING)
    page = definition.page("trang-1")
    assert check_page(page, {"b": "x"}, {"a": "b"}, KNOWN).values == {}
    assert set(check_page(page, {}, {"a": "a"}, KNOWN).errors) == {"b"}


def test_the_whole_is_checked_anew_from_the_first_page_on() -> None:
    definition = parse(BRANCHING)
    found = check_all(definition, {"a": "b", "b": "left over", "d": "x"}, "", KNOWN)
    assert (found.values, found.errors) == ({"a": "b", "d": "x"}, {})
    assert set(check_all(definition, {"a": "a"}, "", KNOWN).errors) == {"b", "d"}


def test_pages_that_may_still_be_asked_are_counted() -> None:
    skipped = form([q("a", "choice", options=AB)], [q("b")])
    skipped["pages"][1]["when"] = {"question": "a", "is": ["a"]}
    definition = parse(skipped)
    assert [len(definition.likely_pages(answers)) for answers in ({}, {"a": "a"}, {"a": "b"})] == [2, 2, 1]


def rules(*written: dict[str, Any]) -> Any:
    dates = [q(name, "date", required=False) for name in ("first", "second")]
    return parse(form([q("number", "identity", required=False), *dates], rules=list(written)))


def complaints(definition: Any, **raw: str) -> tuple[list[str], list[str]]:
    found = check_step(definition, definition.pages[0], raw, {}, KNOWN)
    return sorted(found.errors), sorted(found.notices)


def test_dates_in_the_wrong_order_are_an_error() -> None:
    definition = rules({"kind": "order", "on": "second", "other": "first", "message": "M"})
    assert complaints(definition, first="02/01/2020", second="01/01/2020") == (["second"], [])
    assert complaints(definition, first="01/01/2020", second="01/01/2020") == ([], [])
    assert complaints(definition, second="01/01/2020") == ([], [])


def test_a_birth_more_than_sixty_days_ago_is_only_pointed_out() -> None:
    definition = rules({"kind": "recent", "on": "first", "days": 60, "message": "M"})
    assert complaints(definition, first="17/07/2020") == ([], [])
    assert complaints(definition, first="16/07/2020") == ([], ["first"])


@pytest.mark.parametrize(
    ("number", "born", "fits"),
    [
        ("074099001234", "05/09/1999", True),
        ("074199001234", "05/09/1999", True),
        ("074205001234", "05/09/2005", True),
        ("074099001234", "05/09/1998", False),
        ("074299001234", "05/09/1999", False),
        ("280734512", "05/09/1999", True),
    ],
)
def test_a_number_that_names_another_year_of_birth_is_only_pointed_out(
    number: str, born: str, fits: bool
) -> None:
    definition = rules({"kind": "identity_fits", "on": "number", "other": "first", "message": "M"})
    assert complaints(definition, number=number, first=born) == ([], [] if fits else ["number"])


def test_a_group_is_checked_entry_by_entry() -> None:
    members = q("members", "group", questions=[q("name"), q("born", "date")], most=3)
    (page,) = parse(form([members])).pages
    raw = [{"name": "An", "born": "1/1/2010"}, {"name": "", "born": ""}, {"name": "", "born": "x"}]
    found = check_page(page, {"members": raw}, {}, KNOWN)
    assert sorted(found.errors) == ["members-2-born", "members-2-name"]
    assert set(check_page(page, {"members": []}, {}, KNOWN).errors) == {"members"}
    assert set(check_page(page, {"members": raw[:1] * 4}, {}, KNOWN).errors) == {"members"}
    kept = check_page(page, {"members": raw[:1]}, {}, KNOWN).values
    assert kept == {"members": [{"name": "An", "born": "2010-01-01"}]}
    assert check_page(page, {"members": typed(page.questions[0], kept["members"])}, {}, KNOWN).values == kept


def test_planting_again_publishes_nothing_and_a_change_becomes_the_next_number(session: Session) -> None:
    assert plant_forms.plant_forms(session, START) == 3
    session.flush()
    assert plant_forms.plant_forms(session, START) == 0
    held = form_for(session, make.MARRIAGE_STATUS)
    held.content = held.content | {"title": "Mẫu cũ"}
    session.flush()
    assert plant_forms.plant_forms(session, START) == 1
    numbers = select(FormDefinition.number).where(FormDefinition.code == make.MARRIAGE_STATUS)
    assert sorted(session.scalars(numbers)) == [1, 2]


def test_a_procedure_without_a_form_of_its_own_has_the_generic_one(session: Session) -> None:
    plant_forms.plant_forms(session, START)
    session.flush()
    assert form_for(session, make.BIRTH).code == make.BIRTH
    assert form_for(session, "9.999999").code == ""
