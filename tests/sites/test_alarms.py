"""Where alarms are shown: the list of a leader, the desk's inbox and dossiers, the citizen's page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import worker
from portal.accounts.models import Role
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status
from portal.sites.ward import alarms as pages
from tests import make
from tests.conftest import START, Clock, SignIn
from tests.sites.ward_pages import DESK

Sweep = Callable[[], None]


@pytest.fixture
def sweep(app: Flask) -> Sweep:
    """What the worker does every five minutes."""

    def swept() -> None:
        with app.app_context():
            worker.alarms(app)

    return swept


@pytest.fixture
def late(store: Session, clock: Clock) -> Dossier:
    """A dossier in appraisal, due on Friday 18 September at 17:00; it is the Tuesday after."""
    dossier = make.dossier(store, Status.IN_PROGRESS, at=START)
    store.commit()
    clock.forward(days=7)
    return dossier


def test_a_leader_sees_what_stands_still_and_why(
    client: FlaskClient, sign_in: SignIn, late: Dossier, sweep: Sweep
) -> None:
    sweep()
    sign_in(client, DESK["leader"])
    assert "Cảnh báo" in client.get("/mot-cua").text
    html = client.get("/mot-cua/canh-bao").text
    assert "Quá hạn từ 17:00" in html
    assert f"/mot-cua/ho-so/{late.id}" in html


def test_the_desk_sees_the_tag_on_the_dossier_and_in_the_inbox(
    client: FlaskClient, sign_in: SignIn, late: Dossier, sweep: Sweep
) -> None:
    sweep()
    sign_in(client, DESK["specialist"])
    html = client.get(f"/mot-cua/ho-so/{late.id}").text
    assert '<span class="tag son">quá hạn</span>' in html
    assert "Cảnh báo" not in client.get("/mot-cua").text


def test_a_step_over_its_norm_is_a_tag_once_the_promise_is_in_danger(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock, sweep: Sweep
) -> None:
    """Due on Friday at 17:00, appraisal over its norm of four hours since Tuesday afternoon."""
    make.dossier(store, Status.IN_PROGRESS, at=START)
    store.commit()
    seen = []
    for days, hours in ((2, 0), (1, 5)):
        clock.forward(days=days, hours=hours)
        sweep()
        sign_in(client, DESK["specialist"])
        seen.append("quá giờ của bước</span>" in client.get("/mot-cua?xem=tham-tra").text)
    assert seen == [False, True]


def test_a_late_office_says_sorry_on_the_citizens_page(
    client: FlaskClient, store: Session, sign_in: SignIn, late: Dossier, sweep: Sweep
) -> None:
    phone, code = make.phone_of(store, make.citizen(store)), late.code
    store.rollback()  # SQLite has one writer.
    sign_in(client, phone)
    assert "Xin lỗi vì sự chậm trễ" not in client.get(f"/ho-so/{code}").text
    sweep()
    assert "Xin lỗi vì sự chậm trễ" in client.get(f"/ho-so/{code}").text
    assert f"Xin lỗi: hồ sơ {code} đã quá hạn" in client.get("/hop-thu").text


def test_an_answered_request_reminds_nobody_of_itself(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock, sweep: Sweep
) -> None:
    """The answer takes the reminder off the page at once, not with the next sweep."""
    dossier = make.dossier(store, Status.AWAITING_SUPPLEMENT, at=START)
    phone, code = make.phone_of(store, make.citizen(store)), dossier.shown_code
    (item,) = dossier.open_supplement.items
    words = {f"loi-{item.checklist_item.key}": "Không có giấy này."}
    store.commit()
    clock.forward(days=4)
    sweep()
    sign_in(client, phone)
    before = client.get(f"/ho-so/{code}").text
    assert client.post(f"/ho-so/{code}/bo-sung", data=words).status_code == 303
    assert "Đã 3 ngày" in before
    assert "Đã 3 ngày" not in client.get(f"/ho-so/{code}").text


def test_pages_of_alarms_follow_one_another(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock, sweep: Sweep,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(pages, "ROWS", 1)
    codes = [make.dossier(store, at=START + timedelta(minutes=n)).provisional_code for n in range(2)]
    store.commit()
    clock.forward(days=2)
    sweep()
    sign_in(client, DESK["leader"])
    first = client.get("/mot-cua/canh-bao").text
    assert codes[0] in first
    assert codes[1] not in first
    assert 'href="/mot-cua/canh-bao?trang=2"' in first
    second = client.get("/mot-cua/canh-bao?trang=2").text
    assert codes[1] in second
    for broken in ("zzz", "0", "-3", "99999999999"):
        assert client.get(f"/mot-cua/canh-bao?trang={broken}").status_code == 200


def test_a_dossier_is_one_row_with_its_tags_and_who_has_it_the_latest_first(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock, sweep: Sweep
) -> None:
    unchecked = make.dossier(store, at=START)
    newer = make.dossier(store, Status.IN_PROGRESS, at=START + timedelta(days=1))
    late = make.dossier(store, Status.IN_PROGRESS, at=START)
    specialist = make.official(store, Role.SPECIALIST)
    late.assignee_id = specialist.account_id
    store.commit()
    clock.forward(days=15)
    sweep()
    sign_in(client, DESK["leader"])
    html = client.get("/mot-cua/canh-bao").text

    rows = [html.index(f'href="/mot-cua/ho-so/{dossier.id}"') for dossier in (late, newer, unchecked)]
    assert rows == sorted(rows)
    assert html.count(f'href="/mot-cua/ho-so/{late.id}"') == 1
    row = html[rows[0] : rows[1]]
    assert ("quá hạn</span>" in row, "im lặng</span>" in row) == (True, True)
    assert f"Thẩm tra, {specialist.name}" in row
    assert '<span class="tag son">quá hạn</span> <b class="num">2</b>' in html
    assert "Xin lỗi" not in html


def test_the_list_of_alarms_takes_as_many_statements_for_ten_as_for_one(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock, sweep: Sweep,
    count_statements: list[str],
) -> None:  # fmt: skip
    seen = []
    for more in (1, 9):
        for n in range(more):
            make.dossier(store, at=START + timedelta(minutes=n))
        store.commit()
        clock.forward(days=2)
        sweep()
        sign_in(client, DESK["leader"])
        client.get("/mot-cua/canh-bao")
        count_statements.clear()
        client.get("/mot-cua/canh-bao")
        seen.append(len(count_statements))
    assert seen[0] == seen[1]


def test_another_offices_alarms_are_not_in_the_list(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock, sweep: Sweep
) -> None:
    make.dossier(store, at=START, office_name="Hiệp Thành")
    store.commit()
    clock.forward(days=2)
    sweep()
    sign_in(client, DESK["leader"])
    assert "Không có cảnh báo nào" in client.get("/mot-cua/canh-bao").text
