"""What a register found is not demanded (R35): for this owner, for this filing, and nowhere else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts.models import Actor, Role
from portal.catalogue.models import Channel, RequiredPaper
from portal.catalogue.registers import REGISTERS, UnknownRegister, known, name_of
from portal.dossiers import actions, asking, drafts, identity, inquiries, purging
from portal.dossiers.actions.recording import KIND
from portal.dossiers.models import Dossier, Draft, Inquiry
from portal.dossiers.ownership import ANOTHERS, NO_NUMBER, NOT_SEEN
from portal.dossiers.readiness import Stage, Whole, obstacles, whole
from portal.dossiers.states import BlockerKind, Delivery, Fault, Status, Step
from portal.dossiers.ways import NOTHING_TRAVELS, Chosen, sending
from portal.ground import ledger
from portal.ground.errors import NotAllowed, NotFound, Refused
from portal.ground.registers import Answer, Outcome, Question
from portal.ground.sealing import KeyRing, keys_of
from portal.postal.checklist import wanted
from portal.postal.states import Purpose
from tests import make
from tests.catalogue.curated_files import FILES
from tests.conftest import START
from tests.dossiers.test_drafts import ALL_PAGES, LIMITS, PERSON, _begin, _save

BINH, BINHS_NUMBER = "Nguyễn Văn Bình", "074087001942"
LINE, READS = "noi-cu-tru", "Nguyễn Văn Bình, thường trú tại 45 đường 30/4"
FOUND = Answer(Outcome.FOUND, READS)
NOT_FOUND, AWAY = Answer(Outcome.NOT_FOUND), Answer(Outcome.AWAY, why="x")
ONLINE = Chosen(Channel.ONLINE, Delivery.DESK)


@pytest.fixture
def binh(town: Session) -> Actor:
    """A citizen whose number a desk has compared with the card."""
    return make.actor(town, BINH)


def draft_of(town: Session, by: Actor, number: str = BINHS_NUMBER, chosen: Chosen = ONLINE) -> Draft:
    """A draft of *by* with every page filled, for the owner with *number*; nothing uploaded."""
    draft = _begin(town, by)
    case = draft.procedure_version.cases[0]
    drafts.choose_case_and_papers(draft, case.key, frozenset(), at=START, limits=LIMITS)
    for key, typed in ALL_PAGES.items():
        changed = {name: number for name in typed if name in ("person_identity", "requester_identity")}
        _save(town, draft, key, typed | changed)
    drafts.choose_ways(draft, chosen, at=START, limits=LIMITS)
    town.flush()
    return drafts.resume(town, draft.uid, by, START, lock=True)


def ask(
    town: Session, home: Draft | Dossier, answer: Answer, by: Actor, *, number: str = BINHS_NUMBER,
    register: str = "DANCU", minutes: int = 0,
) -> Inquiry:  # fmt: skip
    """Keep for *home* what a register answered about the residence of *number*."""
    question = Question(register, number, LINE, make.MARRIAGE_STATUS, home.uid)
    inquiry = inquiries.made(town, question, answer, by=by, at=START + timedelta(minutes=minutes))
    home.inquiries.append(inquiry)
    town.flush()
    return inquiry


def missing(town: Session, draft: Draft) -> list[str]:
    """The papers that are still demanded for sending online."""
    return [paper.key for paper in whole(town, draft, START).not_uploaded]


@pytest.mark.parametrize(
    ("answers", "demanded"),
    [
        ([], [LINE]),
        ([FOUND], []),
        ([NOT_FOUND], [LINE]),
        ([AWAY], [LINE]),
        ([NOT_FOUND, FOUND], []),
        ([FOUND, NOT_FOUND], [LINE]),
        ([FOUND, AWAY], []),
        ([AWAY, FOUND, AWAY, AWAY], []),
        ([NOT_FOUND, AWAY], [LINE]),
    ],
)
def test_the_last_answer_counts_and_silence_only_where_there_is_none(
    town: Session, binh: Actor, answers: list[Answer], demanded: list[str]
) -> None:
    draft = draft_of(town, binh)
    for minutes, answer in enumerate(answers):
        ask(town, draft, answer, binh, minutes=minutes)
    assert missing(town, draft) == demanded
    in_the_way = [one for one in obstacles(whole(town, draft, START)) if one.stage == Stage.UPLOADS]
    assert len(in_the_way) == len(demanded)


def test_the_answer_is_bound_to_the_number_it_was_asked_about(town: Session, binh: Actor) -> None:
    draft = draft_of(town, binh)
    ask(town, draft, FOUND, binh)
    _save(town, draft, "nguoi-duoc-cap", PERSON)  # Another owner from now on.
    assert missing(town, draft) == [LINE]
    _save(town, draft, "nguoi-duoc-cap", PERSON | {"person_identity": BINHS_NUMBER})
    assert missing(town, draft) == []


def _shut(town: Session, draft: Draft) -> str | None:
    return whole(town, draft, START).numbers.not_askable


def test_nobody_asks_about_somebody_else(town: Session, binh: Actor) -> None:
    assert _shut(town, draft_of(town, binh)) is None
    assert _shut(town, draft_of(town, binh, "074191003215")) == ANOTHERS
    assert _shut(town, _begin(town, binh)) == NO_NUMBER


def test_a_number_that_nobody_has_compared_is_nobodys_own(town: Session, binh: Actor) -> None:
    liar = make.account(town, "Phan Văn Hậu")
    identity_of_binh = make.account(town, BINH)
    liar.identity_index = identity_of_binh.identity_index
    liar.identity_sealed = keys_of(town).seal(BINHS_NUMBER, liar.bound_to)
    town.flush()
    assert _shut(town, draft_of(town, make.actor(town, "Phan Văn Hậu"))) == NOT_SEEN


def test_where_no_form_asks_the_owner_is_who_files(town: Session, binh: Actor) -> None:
    seen = whole(town, _begin(town, binh), START)
    plain = replace(seen, definition=None)
    assert (plain.numbers.owner, plain.numbers.not_askable) == (BINHS_NUMBER, None)


def _filed(town: Session, by: Actor, *answers: Answer, chosen: Chosen = ONLINE) -> Dossier:
    draft = draft_of(town, by, chosen=chosen)
    for minutes, answer in enumerate(answers):
        ask(town, draft, answer, by, minutes=minutes)
    dossier = drafts.file(town, drafts.resume(town, draft.uid, by, START, lock=True), by=by, at=START)
    town.flush()
    town.expire_all()
    return dossier


def test_what_was_asked_for_a_draft_is_the_dossiers_from_then_on(town: Session, binh: Actor) -> None:
    draft = draft_of(town, binh)
    ask(town, draft, FOUND, binh, number="074191003215", register="HOTICH")
    ask(town, draft, AWAY, binh)
    ask(town, draft, FOUND, binh, minutes=5)
    dossier = drafts.file(town, draft, by=binh, at=START + timedelta(hours=1))
    town.flush()
    town.expire_all()
    (item,) = [item for item in dossier.checklist if item.register]
    assert [one.outcome for one in dossier.inquiries] == [Outcome.AWAY, Outcome.FOUND]
    assert town.scalars(select(Inquiry.draft_id)).all() == [None, None], (
        "what is about another number is gone"
    )
    assert (item.key, item.register, item.found_at) == (LINE, "DANCU", START + timedelta(minutes=5))
    assert inquiries.consulted(town, dossier.id) == ["DANCU"]
    (row,) = ledger.history(town, KIND, dossier.id)
    asked = {"register": "DANCU", "paper": LINE}
    assert row.details["registers"] == [asked | {"outcome": "away"}, asked | {"outcome": "found"}]
    assert list(ledger.verify(town)) == []


def test_a_filing_that_asked_nobody_says_nothing_of_registers(town: Session, binh: Actor) -> None:
    dossier = _filed(town, binh, chosen=Chosen(Channel.DESK, Delivery.DESK))
    assert "registers" not in ledger.history(town, KIND, dossier.id)[0].details
    assert inquiries.consulted(town, dossier.id) == []


def test_consulted_are_those_that_answered_once_each_in_order(town: Session, binh: Actor) -> None:
    dossier = _filed(town, binh, FOUND)
    more = [("HOTICH", AWAY), ("DANCU", NOT_FOUND), ("HOTICH", NOT_FOUND), ("DANCU", FOUND)]
    for register, answer in more:
        ask(town, dossier, answer, binh, register=register)
    assert inquiries.consulted(town, dossier.id) == ["DANCU", "HOTICH"]


def test_what_was_read_is_sealed_to_its_row_and_renewed_with_the_newest_key(
    town: Session, binh: Actor
) -> None:
    inquiry = ask(town, _filed(town, binh, FOUND), FOUND, binh)
    old = inquiry.read_sealed or ""
    assert READS not in old
    assert inquiries.read(town, inquiry) == READS
    before = keys_of(town)
    town.info["keys"] = KeyRing({"k2": b"2" * 32, **before.keys}, "k2", before.index_key)
    try:
        assert identity.renew(town) == 3, "the dossier and both answers"
        assert inquiry.read_sealed != old
        assert (inquiry.read_sealed or "").startswith("k2.")
        assert inquiries.read(town, inquiry) == READS
        assert identity.renew(town) == 0
    finally:
        town.info["keys"] = before


def test_the_database_keeps_words_only_where_something_was_found(town: Session, binh: Actor) -> None:
    inquiry = ask(town, draft_of(town, binh), NOT_FOUND, binh)
    inquiry.read_sealed = "x"
    with pytest.raises(IntegrityError), town.begin_nested():
        town.flush()


@pytest.mark.parametrize("goes_by", ["discarded", "expired"])
def test_a_draft_that_goes_takes_along_what_was_read_for_it(town: Session, binh: Actor, goes_by: str) -> None:
    draft = draft_of(town, binh)
    ask(town, draft, FOUND, binh)
    if goes_by == "discarded":
        drafts.discard(town, draft)
    else:
        purging.purge_drafts(town, START + timedelta(days=40))
    town.flush()
    assert town.scalar(select(func.count(Inquiry.id))) == 0


def test_a_found_paper_is_no_sheet_to_send(town: Session, binh: Actor) -> None:
    by_post = Chosen(Channel.POST, Delivery.DESK)
    draft = draft_of(town, binh, chosen=by_post)
    assert _why_no_post(whole(town, draft, START)) is None
    ask(town, draft, FOUND, binh)
    assert _why_no_post(whole(town, draft, START)) == NOTHING_TRAVELS
    assert NOTHING_TRAVELS in [one.message for one in obstacles(whole(town, draft, START))]


def _why_no_post(seen: Whole) -> str | None:
    choices = sending(seen.standing, seen.draft.case_key, seen.demanded)
    return next(choice.shut_because for choice in choices if choice.value == Channel.POST)


def test_a_found_paper_is_not_counted_at_the_door(town: Session, binh: Actor) -> None:
    dossier = _filed(town, binh, FOUND)
    assert wanted(dossier, Purpose.PAPERS) == []
    assert [item.sheets for item in dossier.checklist] == [0, 0, 0]


@pytest.mark.parametrize("answer", [FOUND, NOT_FOUND, AWAY], ids=["found", "not found", "away"])
def test_only_what_no_register_answered_may_be_asked_for(town: Session, binh: Actor, answer: Answer) -> None:
    dossier = make.dossier(town, at=START, by=binh)
    dossier.owner_identity_sealed = keys_of(town).seal(BINHS_NUMBER, dossier.bound_to)
    desk = make.official(town, Role.RECEPTIONIST)
    asking.settle(dossier, _made(town, dossier, answer, desk))
    wish = [actions.Asked(Fault.MISSING, "Thiếu.", item_key=LINE)]
    town.flush()
    before = dossier.version
    if answer is FOUND:
        with pytest.raises(Refused, match="đã tra thấy"):
            actions.ask_supplement(town, dossier, wish, by=desk, at=START)
        assert (dossier.status, dossier.version) == (Status.SUBMITTED, before)
    else:
        assert actions.ask_supplement(town, dossier, wish, by=desk, at=START).items[0].fault == Fault.MISSING


def _made(town: Session, dossier: Dossier, answer: Answer, by: Actor) -> Inquiry:
    question = Question("DANCU", BINHS_NUMBER, LINE, make.MARRIAGE_STATUS, dossier.uid)
    return inquiries.made(town, question, answer, by=by, at=START)


def test_an_answer_is_a_new_version_only_when_it_changes_the_list(town: Session, binh: Actor) -> None:
    dossier, desk = make.dossier(town, at=START, by=binh), make.official(town, Role.RECEPTIONIST)
    versions = [dossier.version]
    for answer in (NOT_FOUND, AWAY, FOUND, FOUND, AWAY, NOT_FOUND):
        asking.settle(dossier, _made(town, dossier, answer, desk))
        town.flush()
        versions.append(dossier.version)
    assert [new - old for old, new in zip(versions, versions[1:], strict=False)] == [0, 0, 1, 0, 0, 1]
    assert next(item.found_at for item in dossier.checklist if item.key == LINE) is None


WHEN: dict[str, tuple[Status, Step | None, bool]] = {
    "filed": (Status.SUBMITTED, None, True),
    "accepted": (Status.ACCEPTED, None, True),
    "in appraisal": (Status.IN_PROGRESS, Step.APPRAISAL, True),
    "asked for more": (Status.AWAITING_SUPPLEMENT, None, False),
    "withdrawn": (Status.WITHDRAWN, None, False),
    "finished": (Status.FINISHED, None, False),
}


@pytest.mark.parametrize(("status", "step", "is_open"), WHEN.values(), ids=WHEN)
def test_an_official_asks_while_the_office_works(
    town: Session, binh: Actor, status: Status, step: Step | None, is_open: bool
) -> None:
    dossier = make.dossier(town, status, at=START, step=step, by=binh)
    dossier.owner_identity_sealed = keys_of(town).seal(BINHS_NUMBER, dossier.bound_to)
    desk = make.official(town, Role.RECEPTIONIST)
    if is_open:
        assert asking.item_to_ask(dossier, LINE, desk).register == "DANCU"
    else:
        with pytest.raises(Refused, match="không tra cứu được"):
            asking.item_to_ask(dossier, LINE, desk)


def test_an_official_asks_only_what_the_list_names_about_others_and_with_a_number(
    town: Session, binh: Actor
) -> None:
    dossier, desk = make.dossier(town, at=START, by=binh), make.official(town, Role.RECEPTIONIST)
    assert dossier.owner_identity_sealed is None
    with pytest.raises(Refused):
        asking.item_to_ask(dossier, LINE, desk)
    dossier.owner_identity_sealed = keys_of(town).seal(BINHS_NUMBER, dossier.bound_to)
    for key in ("to-khai", "giay-to-tuy-than", "khong-co"):
        with pytest.raises(NotFound):
            asking.item_to_ask(dossier, key, desk)
    guest = make.official(town, Role.SPECIALIST, "Hiệp Thành")
    for nobody in (binh, guest, replace(desk, account_id=binh.account_id)):
        with pytest.raises(NotAllowed):
            asking.item_to_ask(dossier, LINE, nobody)


@pytest.mark.parametrize("channel", [Channel.POST, Channel.DESK])
def test_nothing_is_asked_while_papers_are_on_their_way(town: Session, binh: Actor, channel: Channel) -> None:
    dossier = make.dossier(town, at=START, by=binh, channel=channel)
    dossier.owner_identity_sealed = keys_of(town).seal(BINHS_NUMBER, dossier.bound_to)
    assert {one.kind for one in dossier.blockers} <= {*BlockerKind}
    assert dossier.blockers
    assert not asking.is_open(dossier)


def test_every_register_the_files_name_is_known_and_answers_about_who_files() -> None:
    lines = [paper for file in FILES.values() for case in file["cases"] for paper in case["papers"]]
    named = [paper for paper in lines if "register" in paper]
    assert {paper["register"] for paper in named} == set(REGISTERS)
    assert len(named) >= 8
    assert not [paper for paper in named if paper.get("form")]


def test_the_planted_lines_name_their_register(town: Session) -> None:
    rows = select(RequiredPaper.key).where(RequiredPaper.register == "DANCU").distinct()
    assert set(town.scalars(rows)) == {"noi-cu-tru", "so-ho-khau", "giay-to-tuy-than", "ban-sao-tuy-than"}


def test_a_file_with_an_unknown_register_is_a_defect_that_names_paper_and_codes() -> None:
    assert known("", "Giấy") == ""
    assert known("DANCU", "Giấy") == "DANCU"
    with pytest.raises(UnknownRegister) as defect:
        known("DAN_CU", "Giấy tờ chứng minh nơi cư trú")
    said = defect.value.message % defect.value.params
    assert all(word in said for word in ("Giấy tờ chứng minh nơi cư trú", "DAN_CU", "DANCU, HOTICH"))


def test_a_register_the_table_has_lost_is_shown_by_its_code() -> None:
    assert name_of("DANCU") == "Cơ sở dữ liệu quốc gia về dân cư"
    assert name_of("CU") == "CU"
