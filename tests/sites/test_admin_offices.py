"""The administrator's pages of offices, of people who move, and of the calendar."""

import itertools
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Appointment, Office, OfficeKind, Role
from portal.dossiers import actions, queries
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status, Step
from portal.ground import ledger
from tests import make
from tests.conftest import START, Clock, SignIn
from tests.postal.journey import Journey


@pytest.fixture
def admin(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """A browser in which the administrator is signed in."""
    sign_in(client, "quantri")
    return client


def office_id(app: Flask, name: str) -> int:
    with app.extensions["database"].reading() as reading:
        return reading.scalars(select(Office.id).where(Office.name.endswith(name))).one()


def held(app: Flask, name: str) -> list[Appointment]:
    """The appointments of a person as stored now, the oldest first."""
    with app.extensions["database"].reading() as reading:
        theirs = select(Appointment).join(Account).where(Account.sign_in_name == name)
        return list(reading.scalars(theirs.order_by(Appointment.id)))


def uid(app: Flask, name: str) -> str:
    with app.extensions["database"].reading() as reading:
        return make.account(reading, name).uid


NEW = {
    "ma": "000.99.07.H09", "loai": "ward", "ten": "UBND phường Tân An", "dia_ban": "25765", "cap_tren": "3",
    "dia_chi": "Số 3 Lê Chí Dân", "dien_thoai": "", "tu_ngay": "15/09/2020",
}  # fmt: skip


def test_an_office_is_set_up_changed_and_read_back_from_its_history(app: Flask, admin: FlaskClient) -> None:
    new = {**NEW, "cap_tren": str(office_id(app, "thành phố Thủ Dầu Một"))}
    where = admin.post("/quan-tri/co-quan/moi", data=new).location
    assert "Số 3 Lê Chí Dân" in admin.get(where).text
    assert admin.post(f"{where}/sua", data={**new, "ten": "UBND Tân An"}).status_code == 303
    told = admin.get(f"{where}/so-cai").text
    assert "Lập cơ quan" in told
    assert "Tên: UBND phường Tân An → UBND Tân An" in told
    assert "Mai Anh Khoa" in told


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("ma", "820000"),
        ("ma", "x"),
        ("ten", ""),
        ("dia_ban", "718"),
        ("dia_ban", ""),
        ("tu_ngay", "31/02/2020"),
    ],
)
def test_an_office_that_cannot_be_keeps_what_was_typed(admin: FlaskClient, field: str, typed: str) -> None:
    answer = admin.post("/quan-tri/co-quan/moi", data={**NEW, field: typed})
    assert answer.status_code == 422
    assert "-err" in answer.text
    assert 'value="Số 3 Lê Chí Dân"' in answer.text


def test_offices_are_found_without_marks_by_kind_and_page_by_page(
    admin: FlaskClient, store: Session, count_statements: list[str]
) -> None:
    admin.get("/quan-tri")
    count_statements.clear()
    admin.get("/quan-tri")
    few = len(count_statements)
    store.add_all(
        Office(code=f"83{n:04d}", kind=OfficeKind.POST, name=f"Bưu cục số {n}", from_on=date(2020, 1, 1))
        for n in range(120)
    )
    store.commit()
    count_statements.clear()
    first = admin.get("/quan-tri?loai=post")
    assert len(count_statements) == few
    assert "UBND phường Phú Hòa" not in first.text
    assert "1–50" in first.text
    last = admin.get("/quan-tri?loai=post&trang=4")
    assert "151–176" in last.text
    assert "Bưu cục số 119" in last.text
    assert "Bưu cục số 77" in admin.get("/quan-tri?tim=buu+cuc+so+77").text
    assert "Không thấy cơ quan nào" in admin.get("/quan-tri?tim=khong+co+dau").text
    assert admin.get("/quan-tri?trang=x&loai=y").status_code == 200


def test_people_are_found_by_name_role_and_office(app: Flask, admin: FlaskClient) -> None:
    assert "Phan Thị Yến" in admin.get("/quan-tri/tai-khoan?tim=phan+thi+yen").text
    carriers = admin.get("/quan-tri/tai-khoan?vai=carrier").text
    assert "Lê Văn Tám" in carriers
    assert "Phan Thị Yến" not in carriers
    here = admin.get(f"/quan-tri/tai-khoan?co-quan={office_id(app, 'phường Phú Hòa')}").text
    assert here.count("UBND phường Phú Hòa") > 4
    assert "Lê Văn Tám" not in here
    assert "Không thấy tài khoản nào" in admin.get("/quan-tri/tai-khoan?vai=chua-co").text
    assert "Không thấy tài khoản nào" in admin.get("/quan-tri/tai-khoan?tim=đỗ+thị+mai").text, "a citizen"


def test_hours_are_shown_now_and_to_come(app: Flask, admin: FlaskClient) -> None:
    where = f"/quan-tri/co-quan/{office_id(app, 'phường Phú Hòa')}"
    week = {f"ngay_{day}": "8:00-11:30" if day == 5 else "" for day in range(7)}
    data = {**week, "tu_ngay": "01/10/2020", "theo": "rieng"}
    assert admin.post(f"{where}/gio", data=data).status_code == 303
    page = admin.get(where).text
    assert "Từ ngày 01/10/2020" in page
    assert "08:00-11:30" in page
    for wrong in ({"ngay_5": "sáng"}, {"ngay_5": ""}, {"tu_ngay": "14/09/2020"}):
        assert admin.post(f"{where}/gio", data=data | wrong).status_code == 422
    assert admin.post(f"{where}/gio", data=data | {"theo": "chung"}).status_code == 303


def test_new_hours_name_the_promises_they_would_move_and_keep_them(
    app: Flask, admin: FlaskClient, store: Session
) -> None:
    dossier = make.dossier(store, Status.ACCEPTED, at=START)
    store.commit()
    where = f"/quan-tri/co-quan/{dossier.office_id}/gio"
    data = {f"ngay_{day}": "8:00-12:00" if day < 5 else "" for day in range(7)}
    data |= {"tu_ngay": "16/09/2020", "theo": "rieng"}
    asked = admin.post(where, data=data)
    assert asked.status_code == 200
    assert "1 hồ sơ đang chạy sẽ ra ngày hẹn khác" in asked.text
    assert "12:00 thứ Sáu, 18/09/2020" in asked.text
    seen = re.search(r'name="da_xem"[^>]* value="(.*?)"', asked.text)
    assert seen is not None
    other = data | {"da_xem": seen[1], "ngay_0": "9:00-12:00"}
    assert admin.post(where, data=other).status_code == 200
    assert admin.post(where, data=data | {"da_xem": seen[1]}).status_code == 303
    promised = dossier.due_at
    store.refresh(dossier)
    assert dossier.due_at == promised


def test_wards_are_ticked_for_a_post_office_only(app: Flask, admin: FlaskClient) -> None:
    where = f"/quan-tri/co-quan/{office_id(app, 'Bưu cục Phú Cường')}"
    assert len(re.findall(r" checked>", admin.get(f"{where}/dia-ban").text)) == 7
    assert admin.post(f"{where}/dia-ban", data={"phuong": ["25747"]}).status_code == 303
    assert "Phường Phú Cường." in admin.get(where).text
    assert admin.post(f"{where}/dia-ban", data={"phuong": ["718"]}).status_code == 422
    assert admin.get(f"/quan-tri/co-quan/{office_id(app, 'phường Phú Hòa')}/dia-ban").status_code == 404


def test_an_office_with_work_says_what_is_open_and_closes_later(
    app: Flask, admin: FlaskClient, store: Session, clock: Clock
) -> None:
    dossier = make.dossier(store, Status.SUBMITTED, at=START)
    store.commit()
    where = f"/quan-tri/co-quan/{office_id(app, 'phường Phú Hòa')}"
    successor = str(office_id(app, "phường Phú Lợi"))
    assert dossier.provisional_code in admin.get(f"{where}/dong").text
    data = {"den_ngay": "15/09/2020", "ke_thua": successor, "ly_do": "NQ 202/2025"}
    refused = admin.post(f"{where}/dong", data=data)
    assert refused.status_code == 422
    assert "còn 1 hồ sơ, 0 phong bì, 0 đơn bưu điện" in refused.text
    assert "NQ 202/2025" in refused.text
    nobody = admin.post(f"{where}/dong", data=data | {"den_ngay": "01/10/2020", "ke_thua": ""})
    assert 'id="ke_thua-err"' in nobody.text
    assert admin.post(f"{where}/dong", data=data | {"den_ngay": "01/10/2020"}).status_code == 303
    clock.forward(days=20)
    client = app.test_client()
    page = open_again(app, client, where)
    assert "UBND phường Phú Lợi" in page
    assert "Cơ quan đã đóng nhưng còn 1 hồ sơ" in page


def open_again(app: Flask, client: FlaskClient, where: str) -> str:
    """A page as the administrator reads it after the clock was moved."""
    client.post("/dang-nhap", data={"ten": "quantri", "mat_khau": "motcua-2020"})
    return client.get(where).text


def test_a_person_is_moved_in_one_act_and_the_new_role_begins_by_itself(
    app: Flask, admin: FlaskClient, clock: Clock
) -> None:
    [old] = held(app, "chuyenvien.phuhoa")
    data = {
        "co_quan": str(office_id(app, "phường Phú Lợi")), "vai": "specialist", "tu_ngay": "01/10/2020",
        "nguoi_thay": "", "ly_do": "Điều động",
    }  # fmt: skip
    assert admin.post(f"/quan-tri/vai/{old.id}/chuyen", data=data).status_code == 303
    ended, begun = held(app, "chuyenvien.phuhoa")
    assert (ended.to_on, begun.from_on) == (date(2020, 9, 30), date(2020, 10, 1))
    shown = admin.get(f"/quan-tri/tai-khoan/{uid(app, 'chuyenvien.phuhoa')}").text
    assert "chưa đến ngày" in shown
    clock.forward(days=16)
    ha = app.test_client()
    signed = ha.post("/dang-nhap", data={"ten": "chuyenvien.phuhoa", "mat_khau": "motcua-2020"})
    assert signed.location == "/mot-cua"
    assert "UBND phường Phú Lợi" in ha.get("/mot-cua").text


def test_the_last_leader_names_who_goes_on(app: Flask, admin: FlaskClient, store: Session) -> None:
    make.dossier(store, Status.IN_PROGRESS, at=START, step=Step.SIGNING)
    store.commit()
    [lan] = held(app, "lanhdao.phuhoa")
    where = f"/quan-tri/vai/{lan.id}/ket-thuc"
    assert "Người cuối cùng giữ vai này ở đây" in admin.get(where).text
    refused = admin.post(where, data={"den_ngay": "15/09/2020"})
    assert refused.status_code == 422
    assert 'id="nguoi_thay-err"' in refused.text
    stranger = admin.post(where, data={"den_ngay": "15/09/2020", "nguoi_thay": "khong.co"})
    assert "Không có tài khoản cán bộ nào" in stranger.text
    assert 'value="khong.co"' in stranger.text
    named = {"den_ngay": "15/09/2020", "nguoi_thay": "chuyenvien.phuhoa"}
    assert admin.post(where, data=named).status_code == 303
    taken = held(app, "chuyenvien.phuhoa")[-1]
    assert (taken.role, taken.from_on) == (Role.LEADER, date(2020, 9, 16))


def test_whoever_leaves_reads_which_dossiers_are_passed_on(
    app: Flask, admin: FlaskClient, store: Session
) -> None:
    dossier = make.dossier(store, Status.IN_PROGRESS, at=START)
    actions.take_over(store, dossier, by=make.official(store, Role.SPECIALIST), at=START)
    code, dossier_id = dossier.code or "", dossier.id
    store.commit()
    [ha] = held(app, "chuyenvien.phuhoa")
    page = admin.get(f"/quan-tri/vai/{ha.id}/ket-thuc").text
    assert "1 hồ sơ đang giao riêng cho người này" in page
    assert code in page
    ending = {"den_ngay": "14/09/2020", "ly_do": "Nghỉ hưu"}
    assert admin.post(f"/quan-tri/vai/{ha.id}/ket-thuc", data=ending).status_code == 303
    with app.extensions["database"].reading() as reading:
        assert reading.get_one(Dossier, dossier_id).assignee_id is None
        assert not list(ledger.verify(reading))


def test_a_carrier_with_envelopes_stays_until_they_are_handed_over(
    app: Flask, admin: FlaskClient, store: Session
) -> None:
    envelope = Journey(store).collected()
    store.commit()
    [tam] = held(app, "buuta.tam")
    assert envelope.code in admin.get(f"/quan-tri/vai/{tam.id}/ket-thuc").text
    data = {"den_ngay": "14/09/2020", "ly_do": "Nghỉ"}
    refused = admin.post(f"/quan-tri/vai/{tam.id}/ket-thuc", data=data)
    assert refused.status_code == 422
    assert "Bưu tá còn giữ 1 phong bì" in refused.text
    closing = admin.post(f"/quan-tri/tai-khoan/{uid(app, 'buuta.tam')}/dong", data={"ly_do": "Nghỉ"})
    assert closing.status_code == 422
    assert envelope.code in closing.text
    assert held(app, "buuta.tam")[0].to_on is None


def test_the_counter_takes_in_what_a_carrier_who_left_still_holds(
    app: Flask, admin: FlaskClient, store: Session, sign_in: SignIn, clock: Clock
) -> None:
    code = Journey(store).collected().code
    store.commit()
    [tam] = held(app, "buuta.tam")
    admin.post(f"/quan-tri/vai/{tam.id}/ket-thuc", data={"den_ngay": "15/09/2020", "ly_do": "Nghỉ"})
    thu = app.test_client()
    sign_in(thu, "giaodich.thu")
    assert "Bưu tá đã thôi vai còn giữ" not in thu.get("/buu-dien/ban-giao").text
    clock.forward(days=1)
    assert "Bưu tá đã thôi vai còn giữ" in thu.get("/buu-dien/ban-giao").text
    reclaim = f"/buu-dien/ban-giao/phong-bi/{code}/thu-lai"
    thu.post(reclaim, data={"ly_do": ""})
    assert "Hãy ghi phong bì được thu lại ở đâu" in thu.get("/buu-dien/ban-giao").text
    assert thu.post(reclaim, data={"ly_do": "Ở nhà bưu tá"}).status_code == 303
    assert thu.post(reclaim, data={"ly_do": "Lần nữa"}).status_code == 404
    with app.extensions["database"].reading() as reading:
        assert not list(ledger.verify(reading))


def test_a_role_to_come_is_called_off(app: Flask, admin: FlaskClient) -> None:
    role = {"co_quan": str(office_id(app, "phường Phú Lợi")), "vai": "leader", "tu_ngay": "01/10/2020"}
    admin.post(f"/quan-tri/tai-khoan/{uid(app, 'vanthu.phuhoa')}/vai", data=role)
    coming = held(app, "vanthu.phuhoa")[-1]
    assert admin.post(f"/quan-tri/vai/{coming.id}/huy").status_code == 303
    assert len(held(app, "vanthu.phuhoa")) == 1
    told = admin.get(f"/quan-tri/tai-khoan/{uid(app, 'vanthu.phuhoa')}/so-cai").text
    assert "Hủy vai chưa bắt đầu" in told
    assert "Mai Anh Khoa" in told
    assert admin.post(f"/quan-tri/vai/{held(app, 'vanthu.phuhoa')[0].id}/huy").status_code == 409


def test_special_days_are_read_a_year_at_a_time(admin: FlaskClient) -> None:
    page = admin.get("/quan-tri/ngay-dac-biet").text
    assert "Ngày đặc biệt của năm 2020" in page
    assert "Quốc khánh" in page
    assert "Làm bù" in admin.get("/quan-tri/ngay-dac-biet?nam=2019").text
    assert "Năm 2050 chưa có ngày nào" in admin.get("/quan-tri/ngay-dac-biet?nam=2050").text


def test_a_citizen_reads_looks_page_by_page_and_by_dossier(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    one, two = make.dossier(store, at=START), make.dossier(store, at=START)
    codes = one.provisional_code, two.provisional_code
    yen = make.official(store, Role.RECEPTIONIST)
    moments = [START + timedelta(minutes=minute // 3) for minute in range(26)]  # Some at the same moment.
    store.commit()
    sign_in(client, "0900000001")
    assert "Chưa ai xem dữ liệu của bạn" in client.get("/tai-khoan/luot-xem").text
    for dossier, at in itertools.product((one, two), moments):
        queries.note_look(store, dossier, yen, at=at)
    store.commit()
    first = client.get("/tai-khoan/luot-xem").text
    [following] = re.findall(r'href="([^"]*)" rel="next"', first)
    second = client.get(following).text
    seen = [page.count("Cán bộ tiếp nhận, UBND phường Phú Hòa") for page in (first, second)]
    assert seen == [50, 2]
    only = client.get(f"/tai-khoan/luot-xem?ho-so={codes[0]}").text
    assert only.count(f'href="/ho-so/{codes[0]}"') == 26
    assert f'href="/ho-so/{codes[1]}"' not in only
    sign_in(client, "0900000002")
    assert "Phan Thị Yến" not in client.get(f"/tai-khoan/luot-xem?ho-so={codes[0]}").text
    assert client.get("/tai-khoan/luot-xem?sau=x-d-9").status_code == 200


@pytest.mark.parametrize("day", ["31/12/9999", "01/01/0001", "31/12/1899", "01/01/2200"])
def test_a_day_at_the_end_of_the_calendar_is_refused_at_its_field(
    admin: FlaskClient, store: Session, day: str
) -> None:
    lan = make.official(store, Role.SPECIALIST)
    where = f"/quan-tri/vai/{lan.appointment_id}"
    forms = {
        f"{where}/ket-thuc": {"den_ngay": day, "ly_do": "Nghỉ"},
        f"{where}/chuyen": {"tu_ngay": day, "co_quan": str(lan.office_id), "vai": "leader", "ly_do": "Đổi"},
        f"/quan-tri/co-quan/{lan.office_id}/dong": {"den_ngay": day, "ly_do": "Sáp nhập"},
        f"/quan-tri/co-quan/{lan.office_id}/gio": {"tu_ngay": day},
        f"/quan-tri/tai-khoan/{make.account(store, 'quantri').uid}/vai": {"tu_ngay": day},
        f"/mot-cua/vang-mat?noi={lan.office_id}": {"tu_ngay": day, "den_ngay": day},
        "/quan-tri/ngay-dac-biet/moi": {"ngay": day},
    }
    store.rollback()
    for path, sent in forms.items():
        refused = admin.post(path, data=sent)
        assert refused.status_code == 422, path
        assert "Năm cần từ 1900 đến 2199." in refused.text, path
