"""The calendar's pages: nothing is saved before its consequences were seen, no promise moves by itself."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts import special_days
from portal.accounts.calendars import CalendarDay
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status
from portal.ground.working_time import DayKind
from tests import make
from tests.conftest import START, SignIn

NEW = "/quan-tri/ngay-dac-biet/moi"
STORM = {
    "ngay": "17/09/2020",
    "loai": "holiday",
    "ten": "Nghỉ bão số 5",
    "can_cu": "Công điện 1195/CĐ-TTg",
    "ly_do": "Bão vào bờ",
}
NEW_YEAR = "/quan-tri/ngay-dac-biet/2021-01-01"


@pytest.fixture
def admin(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """A browser in which the administrator is signed in."""
    sign_in(client, "quantri")
    return client


@pytest.fixture
def dossier(store: Session) -> Dossier:
    """A dossier promised for Friday 18 September 2020."""
    made = make.dossier(store, Status.ACCEPTED, at=START)
    store.commit()
    return made


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's form, as a browser sends them back."""
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    pairs = [(re.search(r'name="(.*?)"', one), re.search(r'value="(.*?)"', one)) for one in found]
    return {name[1]: value[1] if value else "" for name, value in pairs if name}


def send(client: FlaskClient, address: str, typed: dict[str, str], *, times: int = 1) -> TestResponse:
    """Fill the form in and press its button as often as asked, each time on the page that came."""
    answer = client.get(address)
    for _ in range(times):
        answer = client.post(address, data=hidden(answer.text) | typed)
    return answer


def stored(app: Flask, day: str) -> CalendarDay | None:
    with app.extensions["database"].reading() as session:
        return special_days.find(session, date.fromisoformat(day))


def test_a_year_shows_its_days_with_their_sources(admin: FlaskClient) -> None:
    page = admin.get("/quan-tri/ngay-dac-biet?nam=2026").text
    assert "Công văn 12729/VPCP-KGVX năm 2025" in page
    assert '<time datetime="2026-01-10">thứ Bảy, 10/01/2026</time>' in page


def test_before_saving_the_page_names_the_promises_that_would_move(
    app: Flask, admin: FlaskClient, dossier: Dossier
) -> None:
    page = send(admin, NEW, STORM).text
    assert "1 hồ sơ đang chạy sẽ ra ngày hẹn khác" in page
    assert dossier.code in page
    assert "17:00 thứ Sáu, 18/09/2020" in page
    assert "17:00 thứ Hai, 21/09/2020" in page
    assert "muộn hơn" in page
    assert stored(app, "2020-09-17") is None


def test_saving_keeps_every_promise_and_says_so_in_the_history(
    app: Flask, admin: FlaskClient, dossier: Dossier, store: Session
) -> None:
    done = send(admin, NEW, STORM, times=2)
    assert (done.status_code, done.location) == (303, "/quan-tri/ngay-dac-biet?nam=2020")
    row = stored(app, "2020-09-17")
    assert row is not None
    assert row.kind is DayKind.HOLIDAY
    promised = dossier.due_at
    store.refresh(dossier)
    assert dossier.due_at == promised
    page = admin.get("/quan-tri/ngay-dac-biet/2020-09-17").text
    assert "Bão vào bờ" in page
    assert re.search(r'class="n">1</td>', page)


def test_another_change_than_the_one_that_was_seen_is_shown_first(app: Flask, admin: FlaskClient) -> None:
    seen = hidden(send(admin, NEW, STORM).text)
    page = admin.post(NEW, data=seen | STORM | {"ngay": "16/09/2020"})
    assert page.status_code == 200
    assert "Lưu lịch, giữ mọi hẹn" in page.text
    assert stored(app, "2020-09-16") is None


def test_a_day_can_be_ended_and_entered_again(app: Flask, admin: FlaskClient) -> None:
    assert send(admin, NEW_YEAR, {"loai": "", "ly_do": "Nhập nhầm"}, times=2).status_code == 303
    ended = stored(app, "2021-01-01")
    assert ended is not None
    assert ended.ended_at is not None
    assert "thôi áp dụng" in admin.get("/quan-tri/ngay-dac-biet?nam=2021").text
    assert "<form" not in admin.get(NEW_YEAR).text.split("<main")[1]
    assert send(admin, NEW, STORM | {"ngay": "01/01/2021"}, times=2).status_code == 303
    assert "Bão vào bờ" in admin.get(NEW_YEAR).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"ngay": "31/02/2021"}, "Ngày cần có dạng"),
        ({"ngay": "01/09/2020"}, "Lịch chỉ đổi từ hôm nay trở đi"),
        ({"ngay": "17/09/2206"}, "hãy xem lại năm"),
        ({"loai": "make_up"}, "Chỉ thứ Bảy hoặc Chủ nhật"),
        ({"loai": "full_moon"}, "Hãy chọn một trong các lựa chọn."),
        ({"ten": " "}, "Hãy ghi tên của ngày này."),
        ({"can_cu": ""}, "Hãy ghi văn bản quy định."),
        ({"ly_do": ""}, "Hãy ghi lý do."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    admin: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    answer = send(admin, NEW, STORM | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Công điện" in answer.text or "can_cu" in typed


def test_a_day_that_is_there_already_is_not_entered_twice(admin: FlaskClient) -> None:
    answer = send(admin, NEW, STORM | {"ngay": "01/01/2021"}, times=2)
    assert answer.status_code == 409
    assert "Ngày này đã có trong lịch" in answer.text


def test_the_later_of_two_administrators_sees_that_the_day_changed(app: Flask, admin: FlaskClient) -> None:
    mine = {"loai": "holiday", "ten": "Tết Dương lịch", "can_cu": "Điều 112", "ly_do": "Ghi gọn"}
    seen = hidden(send(admin, NEW_YEAR, mine).text)
    send(admin, NEW_YEAR, mine | {"ten": "Năm mới"}, times=2)
    late = admin.post(NEW_YEAR, data=seen | mine)
    assert late.status_code == 409
    assert "Có người vừa sửa ngày này" in late.text
    row = stored(app, "2021-01-01")
    assert row is not None
    assert row.note == "Năm mới"


def test_a_day_that_has_passed_is_shown_and_not_changed(admin: FlaskClient) -> None:
    page = admin.get("/quan-tri/ngay-dac-biet/2020-01-01").text
    assert "Ngày đã qua thì không sửa" in page
    assert "<form" not in page.split("<main")[1]


@pytest.mark.parametrize("day", ["hom-qua", "2020-02-30", "2020-09-03"])
def test_a_day_nobody_entered_has_no_page(admin: FlaskClient, day: str) -> None:
    assert admin.get(f"/quan-tri/ngay-dac-biet/{day}").status_code == 404
