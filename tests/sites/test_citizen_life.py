"""What a citizen reads and does while a dossier waits, stands still, or has a draft to look at."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.catalogue.models import Channel
from portal.dossiers import actions
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status
from tests import make
from tests.conftest import START, SignIn
from tests.postal.journey import Journey
from tests.sites.test_citizen import address, now, planted
from tests.sites.test_filing import BINH, MAI
from tests.sites.ward_pages import hidden_of

HOUR = timedelta(hours=1)


@pytest.fixture
def mai(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """A browser in which Đỗ Thị Mai is signed in."""
    sign_in(client, MAI)
    return client


@pytest.fixture
def appraised(store: Session) -> Dossier:
    """Mai's dossier, in appraisal at Phú Hòa."""
    return planted(store, Status.IN_PROGRESS)


@pytest.fixture
def drafted(store: Session, appraised: Dossier) -> Dossier:
    """The same, with a draft of its result sent to Mai."""
    version, specialist = appraised.procedure_version, make.official(store, Role.SPECIALIST)
    version.curated = {**(version.curated or {}), "confirm_draft": True}
    make.result_file(store, appraised, specialist, START)
    store.flush()
    actions.send_draft(store, appraised, by=specialist, at=START + HOUR)
    store.commit()
    return appraised


def say_about(client: FlaskClient, dossier: Dossier, word: str, **typed: str):
    """Open the page and send one of the two forms about the draft."""
    here = address(dossier, f"/ban-nhap/{word}")
    return client.post(here, data={**hidden_of(client.get(address(dossier)).text, here), **typed})


def test_what_is_to_be_paid_stands_with_place_and_day(
    mai: FlaskClient, store: Session, appraised: Dossier
) -> None:
    specialist = make.official(store, Role.SPECIALIST)
    actions.charge(store, appraised, 50_000, "Thông báo 12/TB", by=specialist, at=START + HOUR)
    store.commit()
    page = mai.get(address(appraised)).text

    assert "Bạn cần nộp 50.000\N{NO-BREAK SPACE}₫" in page
    assert "Khoản: Thông báo 12/TB. Nộp chậm nhất 17:00 thứ Năm, 15/10/2020." in page
    assert "Số 22 Lê Hồng Phong, phường Phú Hòa" in page
    assert "Đồng hồ đang dừng, chờ bạn nộp tiền." in page


def test_a_stop_names_who_why_and_what_one_can_do(
    mai: FlaskClient, store: Session, appraised: Dossier
) -> None:
    leader = make.official(store, Role.LEADER)
    actions.stop(store, appraised, by=leader, at=START + HOUR, reason="Tòa án đang xét.")
    store.commit()
    stopped = mai.get(address(appraised)).text
    actions.close(store, appraised, by=leader, at=START + 2 * HOUR, reason="Tòa đã xử.")
    store.commit()
    closed = mai.get(address(appraised)).text

    assert "Tòa án đang xét." in stopped
    assert f"{leader.name}, UBND phường Phú Hòa" in stopped
    assert address(appraised, "/rut") in stopped
    assert "Muốn làm lại, bạn nộp hồ sơ mới." in closed
    assert address(appraised, "/rut") not in closed


def test_an_apology_shows_the_old_and_the_new_day(
    mai: FlaskClient, store: Session, appraised: Dossier
) -> None:
    leader = make.official(store, Role.LEADER)
    actions.extend(store, appraised, date(2020, 9, 22), by=leader, at=START + HOUR, reason="Chờ xác minh.")
    store.commit()
    page = mai.get(address(appraised)).text

    assert "Trước hẹn 17:00 thứ Sáu, 18/09/2020, nay hẹn 17:00 thứ Ba, 22/09/2020." in page
    assert "Chờ xác minh." in page


@pytest.mark.both_databases
def test_the_owner_confirms_the_draft_once(mai: FlaskClient, store: Session, drafted: Dossier) -> None:
    page = mai.get(address(drafted)).text
    stale = hidden_of(page, address(drafted, "/ban-nhap/dung"))
    said = say_about(mai, drafted, "dung")
    again = mai.post(address(drafted, "/ban-nhap/dung"), data={**stale, "khoa": "other"})

    assert "Không báo sai trước 17:00 thứ Tư, 16/09/2020" in page
    assert (said.status_code, again.status_code) == (303, 409)
    assert now(store, drafted).draft_confirmed_at == START
    assert "Đúng rồi" not in mai.get(address(drafted)).text


def test_what_is_wrong_in_the_draft_is_said_in_words(
    mai: FlaskClient, store: Session, drafted: Dossier
) -> None:
    silent = say_about(mai, drafted, "sai", ban_nhap_sai=" ")
    long = say_about(mai, drafted, "sai", ban_nhap_sai="Sai tên đệm " * 300)
    said = say_about(mai, drafted, "sai", ban_nhap_sai="Sai tên đệm")
    after = now(store, drafted)

    assert (silent.status_code, long.status_code, said.status_code) == (422, 422, 303)
    assert "<title>Lỗi:" in silent.text
    assert "Sai tên đệm Sai tên đệm" in long.text
    assert (after.results, after.draft_sent_at) == ([], None)
    assert "Sai tên đệm" in mai.get(address(drafted)).text


def test_the_draft_opens_for_its_owner_only_while_it_waits(
    client: FlaskClient, store: Session, sign_in: SignIn, drafted: Dossier
) -> None:
    paper = drafted.results[0]
    paper.blob = client.application.extensions["files"].put(b"%PDF-1.4 draft")
    store.commit()
    file = f"/ho-so/tep/{paper.uid}"
    sign_in(client, BINH)
    strangers = client.get(file).status_code
    sign_in(client, MAI)
    waiting = client.get(file).status_code
    say_about(client, drafted, "dung")

    assert (strangers, waiting, client.get(file).status_code) == (404, 200, 404)


def test_linked_dossiers_and_opinions_stand_on_the_same_page(
    mai: FlaskClient, store: Session, appraised: Dossier
) -> None:
    owner, specialist = make.actor(store, MAI), make.official(store, Role.SPECIALIST)
    filed = make.application(store, owner, channel=Channel.DESK, office_name="Hiệp Thành")
    child = actions.link(store, appraised, filed, by=specialist, at=START + HOUR)
    question = actions.Question(make.office(store, "Hiệp Thành"), "Điều chỉ cán bộ đọc?", 2)
    actions.consult(store, appraised, question, by=specialist, at=START + HOUR)
    store.commit()
    page, of_child = mai.get(address(appraised)).text, mai.get(address(child)).text

    assert address(child) in page
    assert "Đang hỏi ý kiến UBND phường Hiệp Thành" in page
    assert "Điều chỉ cán bộ đọc?" not in page
    assert address(appraised) in of_child


def test_papers_of_a_closed_dossier_may_be_asked_home(mai: FlaskClient, store: Session) -> None:
    journey = Journey(store, START)
    dossier = journey.at_desk().order.dossier
    desk, leader = journey.receptionist, make.official(store, Role.LEADER)
    actions.accept(store, dossier, by=desk, at=journey.tick())
    actions.forward(store, dossier, by=desk, at=journey.tick())
    actions.stop(store, dossier, by=leader, at=journey.tick(), reason="Tranh chấp")
    here = address(dossier)
    store.commit()
    stopped = mai.get(here).text
    actions.close(store, dossier, by=leader, at=journey.tick(), reason="Hết cách")
    store.commit()
    closed = mai.get(here).text
    form = mai.get(f"{here}/buu-ta/tra-giay")

    assert "Trả lại giấy tờ" not in stopped
    assert f"{here}/buu-ta/tra-giay" in closed
    assert form.status_code == 200
