"""Offices, accounts and rights; passwords reset at a desk."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, IdentityLevel, Office
from portal.ground import ledger
from tests import make
from tests.conftest import SignIn

NUMBER = "074191003215"
"""Of Đỗ Thị Mai in the demonstration."""


@pytest.fixture
def admin(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """A browser in which the administrator is signed in."""
    sign_in(client, "quantri")
    return client


@pytest.fixture
def desk(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """A browser in which the receptionist of Phú Hòa is signed in."""
    sign_in(client, "tiepnhan.phuhoa")
    return client


def reading(app: Flask) -> Session:
    """A session that sees what is stored and hinders nobody."""
    opened: Session = app.extensions["database"].reading()
    return opened


def known(app: Flask, name: str) -> Account:
    """A person as stored now, with what they are appointed to."""
    with reading(app) as session:
        found = make.account(session, name)
        assert found.appointments is not None
        return found


def uid(app: Flask, name: str) -> str:
    return known(app, name).uid


def ward_id(app: Flask) -> int:
    with reading(app) as session:
        return make.office(session).id


def shown_password(page: str) -> str:
    found = re.search(r"<strong>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</strong>", page)
    assert found is not None
    return found[1]


def test_the_administrator_sees_every_office_and_its_people(app: Flask, admin: FlaskClient) -> None:
    with reading(app) as session:
        offices = session.scalars(select(Office)).all()
    pages = [admin.get(f"/quan-tri?trang={number}").text for number in range(1, 2 + len(offices) // 50)]
    for office in offices:
        assert any(office.name in page for page in pages), office.name
    for office in offices[::20]:
        assert admin.get(f"/quan-tri/co-quan/{office.id}").status_code == 200
    phu_hoa = admin.get(f"/quan-tri/co-quan/{ward_id(app)}").text
    assert "Phan Thị Yến" in phu_hoa
    assert "Lê Thị Hồng Nhung" not in phu_hoa


def test_the_list_of_offices_takes_a_constant_number_of_statements(
    admin: FlaskClient, store: Session, count_statements: list[str]
) -> None:
    admin.get("/quan-tri")
    before = len(count_statements)
    store.add_all(
        Office(code=f"9{number:05d}", kind="post", name=f"Bưu cục {number}", from_on=date(2020, 1, 1))
        for number in range(20)
    )
    store.commit()
    count_statements.clear()
    admin.get("/quan-tri")
    assert len(count_statements) == before


def test_a_new_official_signs_in_with_the_password_shown_once_and_a_role(
    app: Flask, admin: FlaskClient
) -> None:
    opened = admin.post("/quan-tri/tai-khoan/moi", data={"ho_ten": "Người Mới", "ten_dang_nhap": "moi"})
    password = shown_password(opened.text)
    assert "Người Mới" in admin.get("/quan-tri").text, "waits for a role"
    role = {
        "co_quan": str(ward_id(app)),
        "vai": "specialist",
        "tu_ngay": "15/09/2020",
        "den_ngay": "",
    }
    given = admin.post(f"/quan-tri/tai-khoan/{uid(app, 'moi')}/vai", data=role)
    assert given.status_code == 303
    newcomer = app.test_client()
    answer = newcomer.post("/dang-nhap", data={"ten": "moi", "mat_khau": password})
    assert answer.location == "/mot-cua"
    assert newcomer.get("/mot-cua").location == "/tai-khoan/mat-khau"
    assert password not in admin.get(f"/quan-tri/tai-khoan/{uid(app, 'moi')}").text


def test_a_name_that_is_taken_is_said_at_its_field(admin: FlaskClient) -> None:
    data = {"ho_ten": "Người Mới", "ten_dang_nhap": "tiepnhan.phuhoa"}
    answer = admin.post("/quan-tri/tai-khoan/moi", data=data)
    assert answer.status_code == 422
    assert 'id="ten_dang_nhap-err"' in answer.text
    assert 'value="Người Mới"' in answer.text


@pytest.mark.parametrize(
    ("field", "typed", "status"),
    [
        ("vai", "carrier", 422),
        ("vai", "citizen", 422),
        ("co_quan", "999", 422),
        ("tu_ngay", "31/02/2020", 422),
        ("tu_ngay", "", 422),
        ("den_ngay", "01/01/2020", 422),
        ("vai", "receptionist", 409),
    ],
)
def test_a_role_that_cannot_be_is_refused_on_the_form(
    app: Flask, admin: FlaskClient, field: str, typed: str, status: int
) -> None:
    data = {
        "co_quan": str(ward_id(app)),
        "vai": "specialist",
        "tu_ngay": "15/09/2020",
        "den_ngay": "",
    }
    before = known(app, "tiepnhan.phuhoa").appointments
    answer = admin.post(f"/quan-tri/tai-khoan/{uid(app, 'tiepnhan.phuhoa')}/vai", data={**data, field: typed})
    assert answer.status_code == status
    assert "-err" in answer.text
    assert len(known(app, "tiepnhan.phuhoa").appointments) == len(before)


def test_a_role_ended_yesterday_is_over_with_the_next_click(
    app: Flask, admin: FlaskClient, sign_in: SignIn
) -> None:
    yen = app.test_client()
    acting = sign_in(yen, "tiepnhan.phuhoa")
    assert yen.get("/quan-tri/dat-lai").status_code == 200
    ended = admin.post(f"/quan-tri/vai/{acting.appointment_id}/ket-thuc", data={"den_ngay": "14/09/2020"})
    assert ended.status_code == 303
    assert yen.get("/quan-tri/dat-lai").status_code == 303, "signed out"
    assert "đã thôi" in admin.get(f"/quan-tri/tai-khoan/{uid(app, 'tiepnhan.phuhoa')}").text


def test_sessions_are_ended_and_accounts_closed_at_once(
    app: Flask, admin: FlaskClient, sign_in: SignIn
) -> None:
    yen, address = app.test_client(), f"/quan-tri/tai-khoan/{uid(app, 'tiepnhan.phuhoa')}"
    sign_in(yen, "tiepnhan.phuhoa")
    answers = [admin.post(f"{address}/ket-thuc-phien", data={"khoa": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert yen.get("/tai-khoan").status_code == 303
    with app.extensions["database"].reading() as reading:
        ended = make.account(reading, "tiepnhan.phuhoa")
        assert [entry.move for entry in ledger.history(reading, "account", ended.id)].count(
            "end_sessions"
        ) == 1
    sign_in(yen, "tiepnhan.phuhoa")
    assert yen.get("/tai-khoan").status_code == 200
    admin.post(f"{address}/dong", data={"ly_do": "Nghỉ việc"})
    assert yen.get("/tai-khoan").status_code == 303
    data = {"ten": "tiepnhan.phuhoa", "mat_khau": "motcua-2020"}
    assert app.test_client().post("/dang-nhap", data=data).status_code == 422
    assert "Đã đóng" in admin.get(address).text


@pytest.mark.parametrize("act", ["mat-khau", "dong", "vai"])
def test_nobody_administers_oneself(app: Flask, admin: FlaskClient, act: str) -> None:
    with reading(app) as session:
        province = session.scalars(select(Office.id).where(Office.kind == "province")).one()
    data = {"co_quan": str(province), "vai": "supervisor", "tu_ngay": "15/09/2020", "ly_do": "Nghỉ"}
    answer = admin.post(f"/quan-tri/tai-khoan/{uid(app, 'quantri')}/{act}", data=data)
    assert answer.status_code == 403
    account = known(app, "quantri")
    assert account.closed_at is None
    assert len(account.appointments) == 1


def test_a_citizen_s_account_is_none_of_the_administrator_s_business(app: Flask, admin: FlaskClient) -> None:
    for act in ("", "/mat-khau", "/dong", "/ket-thuc-phien"):
        address = f"/quan-tri/tai-khoan/{uid(app, '0900000001')}{act}"
        answer = admin.post(address) if act else admin.get(address)
        assert answer.status_code == 404, act


@pytest.mark.parametrize(
    "name", ["tiepnhan.phuhoa", "lanhdao.phuhoa", "buuta.tam", "giaodich.thu", "giamsat", "0900000001"]
)
def test_only_an_administrator_administers(client: FlaskClient, sign_in: SignIn, name: str) -> None:
    sign_in(client, name)
    assert client.get("/quan-tri").status_code == 403
    assert client.get("/quan-tri/tai-khoan/moi").status_code == 403


@pytest.mark.parametrize("name", ["quantri", "lanhdao.phuhoa", "buuta.tam", "giaodich.thu", "0900000001"])
def test_only_a_receptionist_resets_at_a_desk(client: FlaskClient, sign_in: SignIn, name: str) -> None:
    sign_in(client, name)
    assert client.get("/quan-tri/dat-lai").status_code == 403


def test_a_person_with_the_card_gets_a_password_and_a_proven_number(app: Flask, desk: FlaskClient) -> None:
    found = desk.post("/quan-tri/dat-lai", data={"so_dinh_danh": "074 191 003 215"})
    assert "Đỗ Thị Mai" in found.text
    assert "Tự khai, chưa đối chiếu" in found.text
    asked = {"so_dinh_danh": NUMBER, "tai_khoan": uid(app, "0900000001"), "da_doi_chieu": "y"}
    password = shown_password(desk.post("/quan-tri/dat-lai/mat-khau", data=asked).text)
    mai = app.test_client()
    assert mai.post("/dang-nhap", data={"ten": NUMBER, "mat_khau": password}).status_code == 303
    assert mai.get("/tai-khoan").location == "/tai-khoan/mat-khau"
    account = known(app, "0900000001")
    assert account.identity_level == IdentityLevel.SEEN
    with reading(app) as session:
        assert ledger.history(session, "account", account.id)[-1].move == "reset"


def test_a_receptionist_finds_the_way_to_a_reset(desk: FlaskClient) -> None:
    assert 'href="/quan-tri/dat-lai"' in desk.get("/tai-khoan").text


def test_without_looking_at_the_card_nothing_is_reset(app: Flask, desk: FlaskClient) -> None:
    asked = {"so_dinh_danh": NUMBER, "tai_khoan": uid(app, "0900000001")}
    answer = desk.post("/quan-tri/dat-lai/mat-khau", data=asked)
    assert answer.status_code == 422
    assert "Chỉ đặt lại sau khi đã đối chiếu giấy tờ" in answer.text
    assert 'id="da_doi_chieu"' in answer.text
    assert not known(app, "0900000001").must_change_password


def test_a_card_of_another_number_resets_nothing(app: Flask, desk: FlaskClient) -> None:
    asked = {"so_dinh_danh": "074191003216", "tai_khoan": uid(app, "0900000001"), "da_doi_chieu": "y"}
    assert desk.post("/quan-tri/dat-lai/mat-khau", data=asked).status_code == 422
    asked = {"so_dinh_danh": NUMBER, "tai_khoan": uid(app, "quantri"), "da_doi_chieu": "y"}
    assert desk.post("/quan-tri/dat-lai/mat-khau", data=asked).status_code == 404


def test_a_number_proven_for_somebody_else_is_a_conflict_to_see(desk: FlaskClient, store: Session) -> None:
    mai = make.account(store, "0900000001")
    mai.identity_level = IdentityLevel.SEEN
    double = make.account(store, "0900000005")
    double.identity_index = mai.identity_index
    store.commit()
    asked = {"so_dinh_danh": NUMBER, "tai_khoan": double.uid, "da_doi_chieu": "y"}
    answer = desk.post("/quan-tri/dat-lai/mat-khau", data=asked)
    assert answer.status_code == 409
    assert "đã được đối chiếu cho một tài khoản khác" in answer.text


def test_a_number_nobody_declared_shows_the_way_to_an_account(desk: FlaskClient) -> None:
    assert "/dang-ky" in desk.post("/quan-tri/dat-lai", data={"so_dinh_danh": "074191003299"}).text
    assert desk.post("/quan-tri/dat-lai", data={"so_dinh_danh": "07419"}).status_code == 422


def test_the_first_account_of_a_portal_comes_from_the_command(app: Flask) -> None:
    asked = ["create-account", "khoa2", "--name", "Mai Anh Khoa", "--role", "admin", "--office"]
    with app.app_context():
        made, again, nowhere, wrong = (
            app.test_cli_runner().invoke(args=[*asked, code])
            for code in ("000.00.00.H09", "000.00.00.H09", "000", "820000")
        )
    assert made.exit_code == 0
    name, password = made.stdout.strip().split(": ")
    answer = app.test_client().post("/dang-nhap", data={"ten": name, "mat_khau": password})
    assert answer.location == "/quan-tri"
    assert [result.exit_code for result in (again, nowhere, wrong)] == [1, 1, 1]
    assert "đã có người dùng" in again.stderr
    assert known(app, "khoa2").must_change_password
