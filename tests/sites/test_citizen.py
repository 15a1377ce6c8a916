"""A citizen follows dossiers: one line of time, what is asked, the result, and nobody else's."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.catalogue.models import Channel
from portal.dossiers import actions, papers, queries
from portal.dossiers.models import Dossier, Paper
from portal.dossiers.states import Delivery, Fault, Look, PaperKind, Status
from portal.ground import ledger
from portal.ground.sealing import keys_of
from portal.messages import actions as messages
from portal.postal.models import PostalOrder
from tests import make
from tests.conftest import START, SignIn
from tests.dossiers.test_papers import pdf
from tests.sites.test_filing import BINH, MAI, NUMBER, Filer, photo, place

LINES = {"tep": "giay-to"}


@pytest.fixture
def mai(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """A browser in which Đỗ Thị Mai is signed in."""
    sign_in(client, MAI)
    return client


def planted(store: Session, status: Status = Status.SUBMITTED, **more: object) -> Dossier:
    """A dossier of Mai that walked to *status*, committed."""
    dossier = make.dossier(store, status, at=START, by=make.actor(store, MAI), **more)
    store.commit()
    return dossier


def now(store: Session, dossier: Dossier) -> Dossier:
    """The dossier as it is in the database now."""
    store.rollback()
    store.expire_all()
    fresh = store.get_one(Dossier, dossier.id)
    assert fresh.papers is not None
    assert fresh.supplements is not None
    store.commit()
    return fresh


def address(dossier: Dossier, page: str = "") -> str:
    return f"/ho-so/{dossier.shown_code}{page}"


def test_the_list_shows_ones_own_dossiers_and_drafts(mai: FlaskClient, store: Session) -> None:
    mine = planted(store)
    theirs = make.dossier(store, at=START, by=make.actor(store, BINH))
    store.commit()
    draft = Filer(mai)
    page = mai.get("/ho-so").text
    assert mine.provisional_code in page
    assert draft.uid in page
    assert theirs.provisional_code not in page


def test_the_list_needs_as_many_statements_for_twenty_as_for_one(
    mai: FlaskClient, store: Session, count_statements: list[str]
) -> None:
    planted(store)
    mai.get("/ho-so")
    count_statements.clear()
    mai.get("/ho-so")
    for_one = len(count_statements)
    for _ in range(19):
        planted(store)
        Filer(mai)
    count_statements.clear()
    mai.get("/ho-so")
    assert len(count_statements) == for_one <= 8


def test_the_menu_counts_what_is_not_read_yet(mai: FlaskClient, store: Session) -> None:
    make.dossier(store, Status.ACCEPTED, at=START, by=make.actor(store, MAI))
    messages.tell(store, ledger.appended(store), by_email=False, wall=START)
    store.commit()
    assert ">Hộp thư (2)</a>" in mai.get("/ho-so").text
    assert ">Hộp thư</a>" in mai.get("/khong-co").text
    mai.post("/hop-thu/da-doc")
    assert ">Hộp thư</a>" in mai.get("/ho-so").text


def test_an_empty_list_says_what_would_be_here(mai: FlaskClient) -> None:
    assert "Bạn chưa có hồ sơ nào" in mai.get("/ho-so").text


@pytest.mark.parametrize("page", ["", "/bien-nhan", "/bo-sung", "/rut", "/buu-ta/lay-giay"])
def test_a_dossier_of_somebody_else_is_not_there(
    client: FlaskClient, store: Session, sign_in: SignIn, page: str
) -> None:
    dossier = planted(store, Status.AWAITING_SUPPLEMENT, channel=Channel.POST)
    sign_in(client, BINH)
    assert client.get(address(dossier, page)).status_code == 404
    assert client.post(address(dossier, page or "/ket-qua")).status_code in (404, 405)


def test_officials_come_in_only_as_citizens(client: FlaskClient, store: Session, sign_in: SignIn) -> None:
    dossier = planted(store)
    sign_in(client, "tiepnhan.phuhoa")
    assert client.get(address(dossier)).status_code == 403


@pytest.mark.parametrize("status", [s for s in Status if s not in (Status.AWAITING_PAYMENT, Status.STOPPED)])
def test_every_state_has_its_page(mai: FlaskClient, store: Session, status: Status) -> None:
    dossier = planted(store, status)
    page = mai.get(address(dossier)).text
    assert status.label in page
    assert page.count('aria-current="step"') == (
        status not in (Status.NOT_ACCEPTED, Status.WITHDRAWN, Status.RETURNED)
    )


def test_the_promise_unfolds_into_how_it_was_counted(mai: FlaskClient, store: Session) -> None:
    page = mai.get(address(planted(store, Status.ACCEPTED))).text
    assert "Hẹn trả kết quả" in page
    assert "Vì sao là ngày này?" in page
    assert 'class="end"' in page
    assert "Còn 3 ngày" in page


def test_a_late_dossier_says_so_without_excuse(mai: FlaskClient, store: Session, clock) -> None:
    dossier = planted(store, Status.ACCEPTED)
    clock.forward(days=10)  # Due on Friday at 17:00; it is the Friday after, at 09:00.
    assert "Đã quá hạn 4 ngày 1,5 giờ làm việc." in mai.get(address(dossier)).text


def test_words_inside_the_office_are_not_for_the_citizen(mai: FlaskClient, store: Session) -> None:
    page = mai.get(address(planted(store, Status.FINISHED))).text
    assert "Đủ điều kiện." not in page
    assert "Trình lãnh đạo ký" in page


def test_a_refusal_shows_its_reason(mai: FlaskClient, store: Session) -> None:
    assert "Sai nơi nộp" in mai.get(address(planted(store, Status.NOT_ACCEPTED))).text


def test_a_drafted_result_is_not_for_the_citizen(mai: FlaskClient, store: Session) -> None:
    dossier = planted(store, Status.FINISHED)
    dossier.status, dossier.step, dossier.finished_at = Status.IN_PROGRESS, "signing", None
    store.commit()
    (result,) = (paper for paper in dossier.papers if paper.kind == PaperKind.RESULT)
    assert result.uid not in mai.get(address(dossier)).text
    assert mai.get(f"/ho-so/tep/{result.uid}").status_code == 404
    assert mai.post(address(dossier, "/ket-qua"), data={"tep": result.uid}).status_code == 404


def test_identity_numbers_are_shown_only_by_their_last_digits(mai: FlaskClient, store: Session) -> None:
    Filer(mai).fill().send().submit()
    (code,) = store.scalars(select(Dossier.provisional_code))
    store.rollback()
    page = mai.get(f"/ho-so/{code}").text
    assert NUMBER not in page
    assert f"•{NUMBER[-3:]}" in page


def test_who_has_looked_is_told(mai: FlaskClient, store: Session) -> None:
    dossier = planted(store)
    official = make.official(store, Role.RECEPTIONIST)
    queries.note_look(store, dossier, official, at=START, look=Look.IDENTITY)
    store.commit()
    page = mai.get(address(dossier)).text
    assert "Ai đã xem hồ sơ của tôi</summary>" not in page
    assert Look.IDENTITY.label in page
    assert official.name in page


def asked(store: Session, *wanted: actions.Asked) -> Dossier:
    """A dossier of Mai, filed on the pages' own form, from which the desk wants something."""
    dossier = planted(store)
    lines = list(wanted) or [actions.Asked(Fault.BLURRED, "Dòng ngày sinh bị lóa.", item_key="noi-cu-tru")]
    actions.ask_supplement(store, dossier, lines, by=make.official(store, Role.RECEPTIONIST), at=START)
    store.commit()
    return dossier


def test_what_is_asked_stands_on_the_page_with_its_reason_and_the_way(
    mai: FlaskClient, store: Session
) -> None:
    dossier = asked(store)
    page = mai.get(address(dossier)).text
    assert "Dòng ngày sinh bị lóa." in page
    assert f'href="{address(dossier, "/bo-sung")}"' in page


def test_the_pages_say_until_when_to_answer_and_what_may_follow(mai: FlaskClient, store: Session) -> None:
    dossier = asked(store)
    words = "Bổ sung trước 17:00 thứ Năm, 15/10/2020; quá hạn thì cơ quan có thể từ chối tiếp nhận hồ sơ."
    assert words in mai.get(address(dossier)).text
    assert words in mai.get(address(dossier, "/bo-sung")).text


def test_the_page_says_what_answering_on_one_of_the_next_days_would_give(
    mai: FlaskClient, store: Session
) -> None:
    fold = mai.get(address(asked(store), "/bo-sung")).text.split("<details")[1].split("</details>")[0]
    assert "thì cơ quan kiểm tra xong chậm nhất" in fold
    assert fold.count("<tr>") == 1 + 5
    assert re.search(r"thứ Năm, 17/09/2020</time></th><td [^>]*><time [^>]*>08:00 thứ Hai, 21/09/2020<", fold)


def test_a_file_answers_a_request(mai: FlaskClient, store: Session) -> None:
    dossier = asked(store)
    sent = {"tep-noi-cu-tru": (photo(), "a.jpg"), "khoa": "k"}
    for _ in range(2):
        assert (
            mai.post(
                address(dossier, "/bo-sung"), data=sent | {"tep-noi-cu-tru": (photo(), "a.jpg")}
            ).status_code
            == 303
        )
    fresh = now(store, dossier)
    assert fresh.status == Status.SUBMITTED
    assert [paper.filed_at is not None for paper in fresh.papers] == [True]
    assert [item.declined for item in fresh.supplements[0].items] == [""]


def test_a_word_answers_a_request_too(mai: FlaskClient, store: Session) -> None:
    dossier = asked(store)
    mai.post(address(dossier, "/bo-sung"), data={"loi-noi-cu-tru": "Phường đang giữ sổ của tôi."})
    fresh = now(store, dossier)
    assert fresh.supplements[0].items[0].declined == "Phường đang giữ sổ của tôi."
    page = mai.get(address(dossier)).text
    paper = fresh.supplements[0].items[0].checklist_item
    assert paper is not None
    assert "Bạn giải thích: “Phường đang giữ sổ của tôi.”" in page
    assert f"Không có “{paper.name}”: Phường đang giữ sổ của tôi." in page
    assert "(mờ, không đọc được): Dòng ngày sinh bị lóa." in page


def test_an_unanswered_line_is_said_and_files_of_others_stay(mai: FlaskClient, store: Session) -> None:
    dossier = asked(
        store,
        actions.Asked(Fault.BLURRED, "Mờ.", item_key="noi-cu-tru"),
        actions.Asked(Fault.MISSING, "Thiếu.", item_key="giay-to-tuy-than"),
    )
    answer = mai.post(address(dossier, "/bo-sung"), data={"tep-noi-cu-tru": (photo(), "so.jpg")})
    assert answer.status_code == 422
    assert 'href="#tep-giay-to-tuy-than"' in answer.text
    assert "so.jpg" in answer.text
    fresh = now(store, dossier)
    assert (fresh.status, [paper.filed_at for paper in fresh.papers]) == (Status.AWAITING_SUPPLEMENT, [None])
    mai.post(address(dossier, "/bo-sung"), data={"tep-giay-to-tuy-than": (BytesIO(pdf()), "the.pdf")})
    fresh = now(store, dossier)
    assert fresh.status == Status.SUBMITTED
    assert all(paper.filed_at for paper in fresh.papers)


def test_a_kept_file_is_taken_out_again(mai: FlaskClient, store: Session) -> None:
    dossier = asked(store, actions.Asked(Fault.BLURRED, "Mờ.", item_key="noi-cu-tru"),
                    actions.Asked(Fault.MISSING, "Thiếu.", item_key="giay-to-tuy-than"))  # fmt: skip
    mai.post(address(dossier, "/bo-sung"), data={"tep-noi-cu-tru": (photo(), "so.jpg")})
    (paper,) = now(store, dossier).papers
    answer = mai.post(address(dossier, "/bo-sung"), data={"go": f"bo:{paper.uid}"})
    assert answer.status_code == 200
    assert 'role="alert"' not in answer.text
    assert now(store, dossier).papers == []


def test_a_question_is_answered_anew_and_an_identity_number_sealed(mai: FlaskClient, store: Session) -> None:
    Filer(mai).fill().send().submit()
    dossier = store.scalars(select(Dossier)).one()
    lines = [
        actions.Asked(Fault.WRONG_FIELD, "Sai số.", question="person_identity"),
        actions.Asked(Fault.WRONG_FIELD, "Sai ngày.", question="person_birth_date"),
    ]
    actions.ask_supplement(store, dossier, lines, by=make.official(store, Role.RECEPTIONIST), at=START)
    store.commit()
    wrong = mai.post(
        address(dossier, "/bo-sung"), data={"person_identity": "12", "person_birth_date": "1/1/1990"}
    )
    assert wrong.status_code == 422
    mai.post(
        address(dossier, "/bo-sung"),
        data={"person_identity": "074090000001", "person_birth_date": "1/1/1990"},
    )
    fresh = now(store, dossier)
    assert fresh.answers["person_birth_date"] == "1990-01-01"
    assert "074090000001" not in str(fresh.answers)
    assert keys_of(store).open(fresh.answers["person_identity"], fresh.bound_to) == "074090000001"


def test_a_stale_supplement_page_is_the_409_page(mai: FlaskClient, store: Session) -> None:
    dossier = asked(store)
    answer = mai.post(
        address(dossier, "/bo-sung"),
        data={"loi-noi-cu-tru": "Không có.", "phien_ban": str(dossier.version - 1)},
    )
    assert answer.status_code == 409
    assert "Không có." in answer.text


def test_nothing_is_asked_nothing_is_answered(mai: FlaskClient, store: Session) -> None:
    assert mai.get(address(planted(store), "/bo-sung")).status_code == 409


def finished(store: Session, app: Flask, delivery: Delivery) -> tuple[Dossier, str]:
    """A dossier with an issued result whose file lies in the store."""
    dossier = planted(store, Status.FINISHED, delivery=delivery)
    (result,) = papers.results(dossier)
    result.blob = app.extensions["files"].put(pdf())
    store.commit()
    return dossier, result.uid


def test_downloading_an_electronic_result_hands_it_over(mai: FlaskClient, store: Session, app: Flask) -> None:
    dossier, uid = finished(store, app, Delivery.ONLINE)
    assert mai.get(f"/ho-so/tep/{uid}").status_code == 404
    first = mai.post(address(dossier, "/ket-qua"), data={"tep": uid})
    again = mai.post(address(dossier, "/ket-qua"), data={"tep": uid})
    assert first.location == again.location == f"/ho-so/tep/{uid}"
    assert mai.get(first.location).mimetype == "application/pdf"
    fresh = now(store, dossier)
    assert (fresh.status, fresh.evidence) == (Status.RETURNED, "download")
    assert uid in mai.get(address(dossier)).text


def test_a_result_that_comes_on_paper_is_not_taken_by_download(
    mai: FlaskClient, store: Session, app: Flask
) -> None:
    dossier, uid = finished(store, app, Delivery.DESK)
    assert "tại quầy" in mai.get(address(dossier)).text
    assert mai.post(address(dossier, "/ket-qua"), data={"tep": uid}).status_code == 403
    assert now(store, dossier).status == Status.FINISHED


def test_withdrawing_asks_first_and_cancels_the_post(mai: FlaskClient, store: Session) -> None:
    Filer(mai).fill().send("post", "post", **place("pickup"), **place("back")).submit()
    dossier = store.scalars(select(Dossier)).one()
    store.commit()
    page = mai.get(address(dossier, "/rut")).text
    version = re.search(r'name="phien_ban"[^>]*value="(\d+)"', page)[1]
    sent = {"ly_do": "Đổi ý", "phien_ban": version, "khoa": "k"}
    for _ in range(2):
        assert mai.post(address(dossier, "/rut"), data=sent).status_code == 303
    fresh = now(store, dossier)
    assert fresh.status == Status.WITHDRAWN
    assert set(store.scalars(select(PostalOrder.state))) == {"cancelled"}
    store.commit()
    assert "Đổi ý" in mai.get(address(fresh)).text


def test_a_finished_dossier_is_not_withdrawn(mai: FlaskClient, store: Session) -> None:
    dossier = planted(store, Status.FINISHED)
    assert mai.get(address(dossier, "/rut")).status_code == 409
    assert mai.post(address(dossier, "/rut"), data={}).status_code == 409


def test_a_cancelled_pickup_can_be_ordered_anew(mai: FlaskClient, store: Session) -> None:
    Filer(mai).fill().send("post", "desk", **place("pickup")).submit()
    dossier = store.scalars(select(Dossier)).one()
    order = store.scalars(select(PostalOrder)).one()
    store.commit()
    assert mai.get(address(dossier, "/buu-ta/lay-giay")).status_code == 404
    cancelling = address(dossier, f"/buu-ta/{order.code}/huy")
    page = mai.get(address(dossier)).text
    assert f'href="{cancelling}"' in page
    assert f'action="{cancelling}"' not in page
    assert "Hủy đơn bưu tá này?" in mai.get(cancelling).text
    assert mai.post(cancelling).status_code == 303
    assert mai.get(cancelling).status_code == 404
    assert address(dossier, "/buu-ta/lay-giay") in mai.get(address(dossier)).text
    again = {name.removeprefix("pickup-"): value for name, value in place("pickup").items()}
    assert mai.post(address(dossier, "/buu-ta/lay-giay"), data=again | {"phone": "1"}).status_code == 422
    assert mai.post(address(dossier, "/buu-ta/lay-giay"), data=again).status_code == 303
    assert sorted(store.scalars(select(PostalOrder.state))) == ["cancelled", "requested"]
    store.commit()


def test_the_post_may_fetch_a_supplement(mai: FlaskClient, store: Session) -> None:
    dossier = asked(store)
    sent = {name.removeprefix("back-"): value for name, value in place("back").items()}
    assert mai.post(address(dossier, "/buu-ta/bo-sung"), data=sent).status_code == 303
    assert store.scalars(select(PostalOrder.purpose)).one() == "supplement"
    store.commit()


def test_the_delivery_code_is_shown_when_there_is_something_to_deliver(
    mai: FlaskClient, store: Session
) -> None:
    dossier = planted(store, Status.FINISHED, delivery=Delivery.POST)
    sent = {name.removeprefix("back-"): value for name, value in place("back").items()}
    assert mai.post(address(dossier, "/buu-ta/ket-qua"), data=sent).status_code == 303
    code = store.scalars(select(PostalOrder.delivery_code)).one()
    store.commit()
    assert code in mai.get(address(dossier)).text


def test_the_timeline_puts_law_and_post_on_one_line(mai: FlaskClient, store: Session) -> None:
    Filer(mai).fill().send("post", "post", **place("pickup"), **place("back")).submit()
    (code,) = store.scalars(select(Dossier.provisional_code))
    store.commit()
    page = mai.get(f"/ho-so/{code}").text
    stops = re.findall(r"<h3>([^<]+)</h3>", page)
    assert stops[:2] == ["Đã khai trên mạng, bưu tá lấy giấy tờ", "Đã đăng ký nhờ bưu tá phát tận nhà"]
    assert "Đã đăng ký nhờ bưu tá đến lấy giấy tờ." in page


def test_a_citizen_never_opens_a_paper_that_is_not_filed_by_them(mai: FlaskClient, store: Session) -> None:
    other = make.dossier(store, at=START, by=make.actor(store, BINH))
    stored = papers.StoredFile("a.jpg", "image/jpeg", 3, "0" * 64)
    papers.attach(store, other, stored, "noi-cu-tru", by=make.actor(store, BINH), at=START, most=9)
    store.commit()
    (uid,) = store.scalars(select(Paper.uid))
    store.commit()
    assert mai.get(f"/ho-so/tep/{uid}").status_code == 404
