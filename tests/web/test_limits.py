"""Limits on tries: the table and what it says in the documents, addresses, and the answer beyond a limit."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.ground.config import Settings
from portal.ground.tries import WINDOW
from portal.web.limits import LIMITS, Limit, Tried, address
from tests.conftest import SignIn

OPERATIONS = (Path(__file__).parents[2] / "docs/operations.md").read_text()
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| (\d+) \| (\d+) \| ([^|]+) \|$", re.MULTILINE)
MINUTES = WINDOW.total_seconds() // 60


def row(what: Tried, limit: Limit) -> tuple[str, ...]:
    """A limit as the operations page has it, with the usual settings."""
    usual = (limit.most(limit.per_subject, Settings()), limit.most(limit.per_address, Settings()))
    whose = f"{limit.subject}, from one address" if limit.here_only else f"{limit.subject}, wherever from"
    setting = f"`PORTAL_{limit.setting.upper()}`" if limit.setting else "–"
    return (what.value, whose, *map(str, usual), setting)


def test_every_limit_is_in_the_table_and_in_the_operations_page() -> None:
    assert set(LIMITS) == set(Tried)
    assert ROW.findall(OPERATIONS) == [row(what, limit) for what, limit in LIMITS.items()]
    assert f"within {MINUTES:.0f} minutes" in OPERATIONS


def test_what_opens_an_account_is_counted_for_each_address_apart() -> None:
    apart = (Tried.SIGN_IN, Tried.SECOND_STEP, Tried.PASSKEY, Tried.CONFIRM, Tried.REGISTER)
    assert all(LIMITS[what].here_only for what in apart)


@pytest.mark.parametrize(
    ("asking", "counted"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
    ],
)
def test_an_ipv6_network_of_one_person_is_one_address(app: Flask, asking: str, counted: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": asking}):
        assert address() == counted


def test_beyond_a_limit_the_answer_says_when_and_keeps_what_was_typed(client: FlaskClient) -> None:
    newcomer = {"ho_ten": "Lê Thị Mới", "so_dinh_danh": "074195001234", "dien_thoai": "0912345678"}
    secret = {"mat_khau_moi": "trời mưa ở Phú Hòa", "mat_khau_lai": "trời mưa ở Phú Hòa"}
    for _ in range(11):
        answer = client.post("/dang-ky", data=newcomer | secret)
        client.delete_cookie("phien")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= WINDOW.total_seconds()
    assert "Hãy thử lại lúc" in answer.text
    assert "Lê Thị Mới" in answer.text
    assert "0912345678" in answer.text
    assert "trời mưa" not in answer.text
    assert "074195001234" not in answer.text


def test_an_official_searches_for_so_many_people_and_then_pauses(
    app: Flask, client: FlaskClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, Tried.PERSON_SEARCH, Limit("official", 2, 600, here_only=False))
    sign_in(client, "tiepnhan.phuhoa")
    typed = {"so_dinh_danh": "074191003215"}
    statuses = [client.post("/quan-tri/dat-lai", data=typed).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    elsewhere = app.test_client()
    sign_in(elsewhere, "tiepnhan.phuhoa")
    elsewhere.environ_base["REMOTE_ADDR"] = "10.9.9.9"
    assert elsewhere.post("/quan-tri/dat-lai", data=typed).status_code == 429
    colleague = app.test_client()
    sign_in(colleague, "tiepnhan.hiepthanh")
    assert colleague.post("/quan-tri/dat-lai", data=typed).status_code == 200
