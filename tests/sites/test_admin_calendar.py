"""The calendar's pages: nothing is saved before its consequences were seen, no promise moves unasked."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts import special_days
from portal.accounts.calendars import CalendarDay
from portal.dossiers import actions, postponing
from portal.dossiers.models import Dossier, PostponedPromise
from portal.dossiers.states import Status
from portal.ground.working_time import ZONE, DayKind
from tests import make
from tests.conftest import START, Clock, SignIn

NEW = "/quan-tri/ngay-dac-biet/moi"
STORM = {
    "ngay": "17/09/2020",
    "loai": "holiday",
    "ten": "Nghỉ bão số 5",
    "can_cu": "Công điện 1195/CĐ-TTg",
    "ly_do": "Bão vào bờ",
}
ALL = "/quan-tri/lich-va-hen"
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
    assert "giữ 1" in page
    assert asked_for(app) == (1, 0, "")


def asked_for(app: Flask) -> tuple[int, int, str]:
    """What the newest decision says: kept, to be moved, on what ground."""
    with app.extensions["database"].reading() as session:
        made = postponing.decided(session, 1)[0].decision
        return made.kept, made.moving, made.ground


def settle(app: Flask, clock: Clock) -> int:
    """Move what the newest decision wants moved, as its job does."""
    with app.extensions["database"].writing.begin() as session:
        made = postponing.decided(session, 1)[0].decision
        return postponing.settle(session, made.id, clock.at, 50)


class TestMoving:
    """The question, its answer, and what is seen afterwards."""

    MOVING = STORM | {"hen": "doi"}

    def test_the_page_asks_and_keeping_is_the_answer_that_is_there(
        self, admin: FlaskClient, dossier: Dossier
    ) -> None:
        page = send(admin, NEW, STORM).text
        assert re.search(r'<input[^>]* checked[^>]* value="giu"', page)
        assert len(re.findall(r'<input[^>]* checked[^>]* name="hen"', page)) == 1
        assert 'value="Nghỉ bão số 5, Công điện 1195/CĐ-TTg"' in page
        assert "1 hẹn dời đến ngày ghi trong bảng dưới đây" in page

    def test_nothing_is_asked_where_no_promise_would_be_later(self, admin: FlaskClient) -> None:
        page = send(admin, NEW, STORM).text
        assert "Không hồ sơ đang chạy nào ra ngày hẹn khác" in page
        assert 'name="hen"' not in page

    @pytest.mark.both_databases
    def test_the_promises_are_moved_and_every_page_says_so(
        self, app: Flask, admin: FlaskClient, dossier: Dossier, store: Session, clock: Clock
    ) -> None:
        shown = send(admin, NEW, STORM)
        answer = admin.post(NEW, data=hidden(shown.text) | self.MOVING | {"can_cu_doi": "Công điện 9"})
        assert answer.status_code == 303
        assert "Số hẹn đang được dời: 1" in admin.get(answer.location).text
        assert asked_for(app) == (0, 1, "Công điện 9")
        assert "đang dời 1" in admin.get(ALL).text
        assert (settle(app, clock), settle(app, clock)) == (1, 0)
        store.refresh(dossier)
        assert f"{dossier.due_at.astimezone(ZONE):%d.%m %H:%M}" == "21.09 17:00"
        page = admin.get(ALL).text
        assert "đã dời 1" in page
        assert "Công điện 9" in page
        assert "Không có: mọi hẹn đang chạy" in page
        assert "giữ 0, đã dời 1" in admin.get("/quan-tri/ngay-dac-biet/2020-09-17").text

    def test_the_citizen_sees_the_old_day_the_new_one_and_why(
        self, app: Flask, admin: FlaskClient, dossier: Dossier, sign_in: SignIn, clock: Clock
    ) -> None:
        shown = send(admin, NEW, STORM)
        admin.post(NEW, data=hidden(shown.text) | self.MOVING | {"can_cu_doi": "Công điện 9"})
        settle(app, clock)
        citizen = app.test_client()
        sign_in(citizen, "Đỗ Thị Mai")
        page = citizen.get(f"/ho-so/{dossier.code}").text
        assert "Ngày hẹn trả dời theo lịch mới" in page
        assert "Hạn tính lại: 17:00 thứ Hai, 21/09/2020. Công điện 9" in page
        assert "hạn cũ 18/09/2020" in page
        english = citizen.get(f"/en/ho-so/{dossier.code}").text
        assert "The due day moves with the calendar" in english

    def test_moving_needs_a_ground_and_the_table_stays_on_the_page(
        self, app: Flask, admin: FlaskClient, dossier: Dossier
    ) -> None:
        shown = send(admin, NEW, STORM)
        answer = admin.post(NEW, data=hidden(shown.text) | self.MOVING | {"can_cu_doi": " "})
        assert answer.status_code == 422
        assert "Hãy ghi văn bản làm căn cứ dời hẹn" in answer.text
        assert dossier.code in answer.text
        assert stored(app, "2020-09-17") is None
        again = hidden(answer.text) | self.MOVING | {"can_cu_doi": "Công điện 9"}
        assert admin.post(NEW, data=again).status_code == 303

    def test_an_answer_is_not_saved_that_is_no_longer_on_the_page(
        self, app: Flask, admin: FlaskClient, dossier: Dossier
    ) -> None:
        shown = send(admin, NEW, STORM)
        wrong = hidden(shown.text) | self.MOVING | {"can_cu_doi": "Công điện 9", "ly_do": ""}
        answer = admin.post(NEW, data=wrong)
        assert answer.status_code == 422
        assert 'name="hen"' not in answer.text
        asked = admin.post(NEW, data=hidden(answer.text) | STORM)
        assert (asked.status_code, 'name="hen"' in asked.text) == (200, True)
        assert stored(app, "2020-09-17") is None

    @pytest.mark.both_databases
    def test_sent_twice_it_counts_once(self, app: Flask, admin: FlaskClient, dossier: Dossier) -> None:
        shown = send(admin, NEW, STORM)
        data = hidden(shown.text) | self.MOVING | {"can_cu_doi": "Công điện 9"}
        assert [admin.post(NEW, data=data).status_code for _ in range(2)] == [303, 303]
        with app.extensions["database"].reading() as session:
            assert [one.decision.moving for one in postponing.decided(session, 9)] == [1]

    def test_the_list_is_judged_again_when_it_is_saved(
        self, app: Flask, admin: FlaskClient, dossier: Dossier, store: Session
    ) -> None:
        """Between the question and the answer one dossier ends and another one is accepted."""
        shown = send(admin, NEW, STORM)
        actions.withdraw(store, dossier, by=make.citizen(store), at=START)
        other = make.dossier(store, Status.ACCEPTED, at=START)
        store.commit()
        admin.post(NEW, data=hidden(shown.text) | self.MOVING | {"can_cu_doi": "Công điện 9"})
        with app.extensions["database"].reading() as session:
            assert list(session.scalars(select(PostponedPromise.dossier_id))) == [other.id]

    def test_what_was_kept_stays_named(self, admin: FlaskClient, dossier: Dossier) -> None:
        assert "Chưa ai đổi lịch" in admin.get(ALL).text
        send(admin, NEW, STORM, times=2)
        page = admin.get(ALL).text
        assert "Ngày 17/09/2020" in page
        assert dossier.code in page
        assert "17:00 thứ Hai, 21/09/2020" in page

    def test_hours_of_an_office_ask_the_same(
        self, app: Flask, admin: FlaskClient, dossier: Dossier, store: Session, clock: Clock
    ) -> None:
        where = f"/quan-tri/co-quan/{dossier.office_id}/gio"
        week = {f"ngay_{day}": "7:30-17:00" if day < 4 else "" for day in range(7)}
        data = week | {"tu_ngay": "16/09/2020", "theo": "rieng"}
        asked = admin.post(where, data=data)
        assert "1 hẹn dời đến ngày ghi trong bảng dưới đây" in asked.text
        wrong = admin.post(where, data=hidden(asked.text) | data | {"hen": "doi", "can_cu_doi": ""})
        assert (wrong.status_code, dossier.code in wrong.text) == (422, True)
        said = {"hen": "doi", "can_cu_doi": "Thông báo 3/TB"}
        assert admin.post(where, data=hidden(wrong.text) | data | said).status_code == 303
        assert asked_for(app) == (0, 1, "Thông báo 3/TB")
        settle(app, clock)
        store.refresh(dossier)
        assert f"{dossier.due_at.astimezone(ZONE):%d.%m}" == "21.09"
        assert "Giờ làm việc, UBND phường Phú Hòa" in admin.get(ALL).text


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
        ({"ngay": "17/09/2106"}, "hãy xem lại năm"),
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
