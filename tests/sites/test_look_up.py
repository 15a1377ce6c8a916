"""The public look-up: a code and four digits, the stage and the due date, and nothing more."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.dossiers.models import Dossier
from portal.dossiers.states import Status, Step
from tests import make
from tests.conftest import START

DIGITS = "0001"
"""The last digits of the telephone of the first citizen of the demonstration."""


def ask(client: FlaskClient, code: str, digits: str = DIGITS) -> TestResponse:
    return client.post("/tra-cuu", data={"ma": code, "so_cuoi": digits})


@pytest.fixture
def accepted(store: Session) -> Dossier:
    """An accepted dossier of the first citizen."""
    made = make.dossier(store, Status.ACCEPTED, at=START)
    store.commit()
    return made


def test_the_code_and_four_digits_give_stage_and_due_date(client: FlaskClient, accepted: Dossier) -> None:
    page = ask(client, accepted.code or "")
    assert page.status_code == 200
    assert "Được tiếp nhận" in page.text
    assert f"{accepted.due_at:%Y-%m-%d}" in page.text


def test_it_says_nothing_about_people_nor_about_what_was_asked_for(
    client: FlaskClient, accepted: Dossier
) -> None:
    page = ask(client, accepted.code or "").text
    for secret in (accepted.owner_name, accepted.owner_phone, accepted.owner_address):
        assert secret not in page
    assert accepted.procedure_version.name not in page


def test_a_provisional_code_leads_to_the_official_one(client: FlaskClient, accepted: Dossier) -> None:
    page = ask(client, accepted.provisional_code).text
    assert accepted.code in page
    assert f"Mã tạm {accepted.provisional_code} nay là mã chính thức ở trên" in page


@pytest.mark.parametrize("typed", ["{} ", " {}", "{lower}", "{bare}", "{dashes}"])
def test_a_code_is_read_however_it_was_typed(client: FlaskClient, accepted: Dossier, typed: str) -> None:
    code = accepted.provisional_code
    said = typed.format(code, lower=code.lower(), bare=code.replace("-", ""), dashes=code.replace("-", "–"))
    assert ask(client, said, f" {DIGITS} ").status_code == 200


def test_an_unknown_code_and_wrong_digits_get_the_same_words(client: FlaskClient, accepted: Dossier) -> None:
    code = accepted.code or ""
    unknown, wrong = ask(client, "000.21.07.H09-200915-9999"), ask(client, code, "9999")
    assert unknown.status_code == wrong.status_code == 422
    assert unknown.text.replace("000.21.07.H09-200915-9999", code) == wrong.text.replace("9999", DIGITS)
    assert "Được tiếp nhận" not in wrong.text


@pytest.mark.parametrize("digits", ["", "1", "00001", "000a", "%%%%", "____", "0%01"])
def test_less_than_four_digits_find_nothing(client: FlaskClient, accepted: Dossier, digits: str) -> None:
    assert ask(client, accepted.code or "", digits).status_code == 422


@pytest.mark.parametrize(
    ("status", "step", "said", "promised"),
    [
        (Status.SUBMITTED, None, "Chưa có ngày hẹn", False),
        (Status.IN_PROGRESS, Step.SIGNING, "Bước trong cơ quan: trình ký", True),
        (Status.AWAITING_SUPPLEMENT, None, "Đang chờ người nộp bổ sung", False),
        (Status.FINISHED, None, "Đã có kết quả, đang chờ trả", False),
        (Status.RETURNED, None, "Đã trả kết quả", False),
        (Status.WITHDRAWN, None, "Người nộp đã rút hồ sơ", False),
        (Status.NOT_ACCEPTED, None, "Lý do nằm trong hồ sơ", False),
    ],
    ids=lambda value: str(value),
)
def test_every_stage_has_its_words_and_only_a_running_promise_its_date(
    client: FlaskClient, store: Session, status: Status, step: Step | None, said: str, promised: bool
) -> None:
    dossier = make.dossier(store, status, at=START, step=step)
    store.commit()
    page = ask(client, dossier.shown_code).text
    assert said in page
    assert ("Hẹn trả" in page) == promised


def test_the_code_of_a_receipt_fills_the_form(client: FlaskClient) -> None:
    assert 'value="TN-4F7K-29QX-Y"' in client.get("/tra-cuu?ma=TN-4F7K-29QX-Y").text
    assert "<script>" not in client.get("/tra-cuu?ma=<script>").text.split("<main", 1)[1]


def test_one_address_asks_only_so_often(app: Flask, client: FlaskClient, accepted: Dossier) -> None:
    statuses = [ask(client, f"TN-0000-{number:04d}-X").status_code for number in range(11)]
    assert statuses == [422] * 10 + [429]
    assert "Hãy thử lại lúc" in ask(client, accepted.code or "").text
    elsewhere = {
        "data": {"ma": accepted.code, "so_cuoi": DIGITS},
        "environ_base": {"REMOTE_ADDR": "10.1.2.3"},
    }
    assert app.test_client().post("/tra-cuu", **elsewhere).status_code == 200


def test_one_code_is_asked_for_only_so_often_from_wherever(client: FlaskClient, accepted: Dossier) -> None:
    data = {"ma": accepted.code, "so_cuoi": "9999"}
    statuses = [
        client.post("/tra-cuu", data=data, environ_base={"REMOTE_ADDR": f"10.0.0.{number}"}).status_code
        for number in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_a_network_of_one_person_is_one_address(client: FlaskClient) -> None:
    for number in range(10):
        place = {"REMOTE_ADDR": f"2001:db8:1:2::{number:x}"}
        client.post("/tra-cuu", data={"ma": f"TN-{number:04d}-0000-X", "so_cuoi": "0000"}, environ_base=place)
    again = {"ma": "TN-1111-1111-X", "so_cuoi": "0000"}
    same = client.post("/tra-cuu", data=again, environ_base={"REMOTE_ADDR": "2001:db8:1:2:ffff::1"})
    other = client.post("/tra-cuu", data=again, environ_base={"REMOTE_ADDR": "2001:db8:1:3::1"})
    assert (same.status_code, other.status_code) == (429, 422)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({}, 200),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_only_the_own_page_may_ask(
    app: Flask, client: FlaskClient, accepted: Dossier, headers: dict[str, str], status: int
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    data = {"ma": accepted.code, "so_cuoi": DIGITS}
    assert client.post("/tra-cuu", data=data, headers=headers).status_code == status


def test_a_reader_gets_no_cookie(client: FlaskClient, accepted: Dossier) -> None:
    for answer in (client.get("/tra-cuu"), ask(client, accepted.code or ""), ask(client, "x", "1")):
        assert "Set-Cookie" not in answer.headers


def test_it_takes_few_statements(client: FlaskClient, accepted: Dossier, count_statements: list[str]) -> None:
    ask(client, accepted.code or "")
    reads = [sent for sent in count_statements if sent.startswith("SELECT")]
    assert len(reads) == 1
