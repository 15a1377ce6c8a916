"""Drafts: saved page by page, sealed, limited, and filed exactly once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor, Area
from portal.catalogue import queries as catalogue
from portal.catalogue.answers import check_step
from portal.catalogue.definitions import CASE
from portal.catalogue.models import Channel, LevelDecision
from portal.dossiers import drafts, papers, workflow
from portal.dossiers.identity import owner_number
from portal.dossiers.models import Dossier, Draft, Paper
from portal.dossiers.readiness import NotReceived, Stage, obstacles, office_of, whole
from portal.dossiers.states import BlockerKind, Delivery, Move, Status
from portal.dossiers.ways import Chosen
from portal.ground.config import Settings
from portal.ground.db import Database
from portal.ground.errors import NotFound, Refused
from portal.ground.sealing import keys_of
from tests import make
from tests.conftest import START

TODAY = START.date()
LIMITS = Settings(drafts_per_account=3, draft_days=30)
PHU_HOA = "25750"
NUMBER = "074099001234"

REQUESTER = {
    "requester_name": "Đỗ Thị Mai",
    "requester_identity": NUMBER,
    "requester_phone": "0912345678",
    "relation": "self",
}
PERSON = {
    "person_name": "Đỗ Thị Mai",
    "person_birth_date": "05/09/1999",
    "person_sex": "female",
    "person_ethnicity": "Kinh",
    "person_nationality": "Việt Nam",
    "person_identity": NUMBER,
    "person_area": PHU_HOA,
    "person_line": "12 Lê Hồng Phong, khu phố 3",
}
STATUS = {"marital_status": "never", "purpose": "property"}
ALL_PAGES = {"nguoi-yeu-cau": REQUESTER, "nguoi-duoc-cap": PERSON, "tinh-trang": STATUS}

BY_HAND = Chosen(Channel.DESK, Delivery.DESK)


def _begin(session: Session, by: Actor, code: str = make.MARRIAGE_STATUS) -> Draft:
    version = catalogue.published(session, code, TODAY)
    draft = drafts.begin(session, version, by=by, at=START, limits=LIMITS)
    session.flush()
    return draft


def _save(session: Session, draft: Draft, key: str, typed: dict[str, str]) -> None:
    seen = whole(session, draft, START)
    page = seen.definition.page(key)
    found = check_step(seen.definition, page, typed, {CASE: draft.case_key, **seen.answers}, seen.known)
    assert not found.errors
    drafts.save_page(session, draft, page, found.values, done=True, at=START, limits=LIMITS)


def _ready(session: Session, by: Actor, chosen: Chosen = BY_HAND) -> Draft:
    """A draft with every page filled, for sending as *chosen*."""
    draft = _begin(session, by)
    case = draft.procedure_version.cases[0]
    drafts.choose_case_and_papers(draft, case.key, frozenset(), at=START, limits=LIMITS)
    for key, typed in ALL_PAGES.items():
        _save(session, draft, key, typed)
    drafts.choose_ways(draft, chosen, at=START, limits=LIMITS)
    session.flush()
    return drafts.resume(session, draft.uid, by, START, lock=True)


def _photo(session: Session, draft: Draft, item_key: str, by: Actor, blob: str = "a" * 64) -> Paper:
    stored = papers.StoredFile("anh.jpg", "image/jpeg", 1000, blob)
    return papers.attach(session, draft, stored, item_key, by=by, at=START, most=40)


def test_a_draft_saved_on_one_device_is_resumed_on_another(town: Session) -> None:
    by = make.citizen(town)
    uid = _ready(town, by).uid
    town.expire_all()
    assert whole(town, drafts.resume(town, uid, by, START), START).answers["person_name"] == "Đỗ Thị Mai"


def test_a_draft_is_nobody_elses(town: Session) -> None:
    uid = _begin(town, make.citizen(town)).uid
    with pytest.raises(NotFound):
        drafts.resume(town, uid, make.citizen(town, 1), START)


def test_an_untouched_draft_expires(town: Session) -> None:
    by = make.citizen(town)
    uid = _begin(town, by).uid
    assert drafts.resume(town, uid, by, START + timedelta(days=29))
    with pytest.raises(NotFound):
        drafts.resume(town, uid, by, START + timedelta(days=31))
    assert drafts.mine(town, by, START + timedelta(days=31)) == []


def test_nobody_keeps_more_drafts_than_allowed(town: Session) -> None:
    by = make.citizen(town)
    for _ in range(3):
        _begin(town, by)
    with pytest.raises(drafts.TooManyDrafts, match="3"):
        _begin(town, by)


def test_a_procedure_that_takes_no_filings_begins_no_draft(town: Session) -> None:
    by = make.citizen(town)
    town.add(LevelDecision(code=make.MARRIAGE_STATUS, level=1, decision="QĐ 1", effective_from=TODAY))
    version = catalogue.published(town, make.MARRIAGE_STATUS, TODAY)
    version.by_post = False
    town.flush()
    with pytest.raises(Refused):
        _begin(town, by)


def test_identity_numbers_are_sealed_in_the_draft_and_sealed_anew_in_the_dossier(town: Session) -> None:
    by = make.citizen(town)
    draft = _ready(town, by)
    sealed = draft.answers["person_identity"]
    assert NUMBER not in str(draft.answers)
    dossier = drafts.file(town, draft, by=by, at=START)
    assert NUMBER not in str(dossier.answers)
    assert dossier.answers["person_identity"] != sealed
    opened = keys_of(town).open(dossier.answers["person_identity"], dossier.bound_to)
    assert opened == owner_number(town, dossier) == NUMBER


def test_filing_makes_one_dossier_however_often_it_is_sent(town: Session) -> None:
    by = make.citizen(town)
    before = town.scalar(select(func.count(Dossier.id)))
    draft = _ready(town, by)
    first = drafts.file(town, draft, by=by, at=START)
    town.flush()
    again = drafts.file(town, drafts.resume(town, draft.uid, by, START, lock=True), by=by, at=START)
    assert again is first
    assert town.scalar(select(func.count(Dossier.id))) == before + 1


def test_two_requests_at_once_file_one_dossier(planted: Database) -> None:
    with planted.writing.begin() as session:
        by = make.citizen(session)
        uid = _ready(session, by).uid

    def send(_: int) -> int:
        with planted.writing.begin() as session:
            draft = drafts.resume(session, uid, by, START, lock=True)
            return drafts.file(session, draft, by=by, at=START).id

    with ThreadPoolExecutor(4) as browsers:
        assert len(set(browsers.map(send, range(8)))) == 1
    with planted.reading() as session:
        assert session.scalar(select(func.count(Dossier.id))) == 1


def test_a_dossier_says_what_the_draft_said(town: Session) -> None:
    by = make.citizen(town)
    dossier = drafts.file(town, _ready(town, by), by=by, at=START)
    assert (dossier.status, dossier.channel, dossier.delivery) == (Status.SUBMITTED, "desk", "desk")
    assert dossier.owner_name == "Đỗ Thị Mai"
    assert dossier.owner_address.startswith("12 Lê Hồng Phong, khu phố 3, Phường Phú Hòa")
    assert dossier.office.name == make.office(town).name
    assert dossier.owner_id == by.account_id
    assert [item.key for item in dossier.checklist] == ["to-khai", "noi-cu-tru", "giay-to-tuy-than"]
    assert [blocker.kind for blocker in dossier.blockers] == [BlockerKind.PAPERS_TO_BRING]


def test_filing_for_a_relative_leaves_the_owner_without_our_account(town: Session) -> None:
    by = make.citizen(town)
    draft = _ready(town, by)
    _save(town, draft, "nguoi-yeu-cau", REQUESTER | {"relation": "close"})
    _save(town, draft, "noi-o", {"requester_area": "khac", "requester_line": "Xã An Bình, Phú Giáo"})
    dossier = drafts.file(town, draft, by=by, at=START)
    assert (dossier.owner_id, dossier.submitter_id) == (None, by.account_id)


def test_sending_online_needs_a_file_for_every_paper_that_is_handed_in(town: Session) -> None:
    by = make.citizen(town)
    draft = _ready(town, by, Chosen(Channel.ONLINE, Delivery.ONLINE))
    with pytest.raises(drafts.NotReady, match="Giấy tờ chứng minh nơi cư trú") as raised:
        drafts.file(town, draft, by=by, at=START)
    assert raised.value.obstacle.stage == Stage.UPLOADS
    _photo(town, draft, "noi-cu-tru", by)
    dossier = drafts.file(town, draft, by=by, at=START)
    assert dossier.check_due_at is not None


def test_files_become_the_dossiers_and_others_go(town: Session) -> None:
    by = make.citizen(town)
    draft = _ready(town, by)
    _photo(town, draft, "noi-cu-tru", by)
    _photo(town, draft, "cham-dut-hon-nhan", by, "b" * 64)
    dossier = drafts.file(town, draft, by=by, at=START)
    town.flush()
    rows = town.scalars(select(Paper)).all()
    assert [(p.item_key, p.dossier_id, p.draft_id, p.filed_at) for p in rows] == [
        ("noi-cu-tru", dossier.id, None, START)
    ]


def test_what_the_level_forbids_is_refused_at_filing_however_it_got_into_the_draft(town: Session) -> None:
    by = make.citizen(town)
    draft = _ready(town, by, Chosen(Channel.DESK, Delivery.ONLINE))
    town.add(LevelDecision(code=make.MARRIAGE_STATUS, level=3, decision="QĐ 2", effective_from=TODAY))
    town.flush()
    with pytest.raises(drafts.NotReady, match="bản giấy"):
        drafts.file(town, draft, by=by, at=START)


def test_an_unfinished_page_stands_in_the_way(town: Session) -> None:
    by = make.citizen(town)
    draft = _ready(town, by)
    _save(town, draft, "tinh-trang", STATUS | {"purpose": "other"})
    found = obstacles(whole(town, draft, START))
    assert [(one.stage, one.page) for one in found] == [(Stage.FORM, "muc-dich")]


def test_an_answer_no_longer_asked_for_is_not_filed(town: Session) -> None:
    by = make.citizen(town)
    draft = _ready(town, by)
    _save(town, draft, "tinh-trang", STATUS | {"purpose": "other"})
    _save(town, draft, "muc-dich", {"purpose_text": "Xin thị thực"})
    _save(town, draft, "tinh-trang", STATUS)
    assert "purpose_text" not in drafts.file(town, draft, by=by, at=START).answers


def test_a_level_two_procedure_is_announced_for_the_post(town: Session) -> None:
    by = make.citizen(town)
    draft = _begin(town, by, make.CERTIFIED_COPY)
    assert draft.form is None
    case = draft.procedure_version.cases[0]
    drafts.choose_case_and_papers(draft, case.key, frozenset(), at=START, limits=LIMITS)
    drafts.choose_office(draft, make.office(town, "Hiệp Thành"))
    place = {"name": "Đỗ Thị Mai", "phone": "0912345678", "area_code": PHU_HOA, "line": "12 Lê Hồng Phong"}
    chosen = Chosen(Channel.POST, Delivery.POST, pickup=place, back=place)
    drafts.choose_ways(draft, chosen, at=START, limits=LIMITS)
    dossier = drafts.file(town, draft, by=by, at=START)
    assert (dossier.channel, dossier.check_due_at, dossier.answers) == (Channel.POST, None, {})
    assert dossier.office.name == make.office(town, "Hiệp Thành").name
    assert Move.WITHDRAW in [offer.move for offer in workflow.moves_open_to(by, dossier, START)]


def test_a_ward_whose_office_has_nobody_stands_in_the_way(town: Session) -> None:
    by = make.citizen(town)
    draft = _ready(town, by)
    draft.answers = draft.answers | {"person_area": "25786"}
    seen = whole(town, draft, START)
    assert seen.office is not None
    assert seen.office.name == "UBND xã Minh Tân"
    assert [one.message for one in obstacles(seen)] == [NotReceived.message]


def test_a_ward_without_an_office_goes_to_the_district(town: Session) -> None:
    by = make.citizen(town)
    draft = _ready(town, by)
    town.add(Area(code="99999", kind="ward", name="Phường Mới", parent_code="718", from_on=TODAY))
    town.flush()
    seen = whole(town, draft, START)
    office = office_of(town, draft, seen.definition, {"person_area": "99999"}, TODAY)
    assert office.kind == "district"


def test_discarding_takes_the_files_along_but_never_a_filed_draft(town: Session) -> None:
    by = make.citizen(town)
    draft = _begin(town, by)
    _photo(town, draft, "noi-cu-tru", by)
    town.flush()
    drafts.discard(town, draft)
    town.flush()
    assert town.scalars(select(Paper)).all() == []
    filed = _ready(town, by)
    drafts.file(town, filed, by=by, at=START)
    with pytest.raises(Refused):
        drafts.discard(town, filed)


def test_an_open_dossier_of_the_same_procedure_is_found(town: Session) -> None:
    by = make.citizen(town)
    dossier = drafts.file(town, _ready(town, by), by=by, at=START)
    town.flush()
    version = catalogue.published(town, make.MARRIAGE_STATUS, TODAY)
    assert list(drafts.open_dossiers(town, version, by)) == [dossier]
    assert drafts.open_dossiers(town, version, make.citizen(town, 1)) == []
