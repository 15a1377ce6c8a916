"""Signing in and out, registering, one's own account."""

import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.models import Account, AccountSession, Role
from portal.sites.signin.browsers import called
from portal.sites.signin.onward import HOMES, safe
from portal.web.context import wall_clock
from tests import make
from tests.conftest import SignIn

PASSWORD = "motcua-2020"
MAI, BINH, STAFF = "0900000001", "0900000002", "tiepnhan.phuhoa"
NEWCOMER = {
    "ho_ten": "Lê Thị Mới",
    "so_dinh_danh": "074195001234",
    "dien_thoai": "0912 345 678",
    "thu_dien_tu": "",
    "mat_khau_moi": "trời mưa ở Phú Hòa",
    "mat_khau_lai": "trời mưa ở Phú Hòa",
}


def enter(client: FlaskClient, who: str = BINH, password: str = PASSWORD, **more: str) -> TestResponse:
    return client.post("/dang-nhap", data={"ten": who, "mat_khau": password, **more})


def reading(app: Flask) -> Session:
    """A session that sees what is stored and hinders nobody."""
    opened: Session = app.extensions["database"].reading()
    return opened


def known(app: Flask, name: str) -> Account:
    """A person as stored now."""
    with reading(app) as session:
        return make.account(session, name)


def cookie(client: FlaskClient) -> str | None:
    found = client.get_cookie("phien")
    return found.value if found else None


def session_token(client: FlaskClient) -> str:
    with client.session_transaction() as held:
        return str(held["_user_id"])


def test_a_citizen_signs_in_and_comes_to_their_dossiers(client: FlaskClient) -> None:
    answer = enter(client)
    assert (answer.status_code, answer.location) == (303, "/ho-so")
    assert "Nguyễn Văn Bình" in client.get("/tai-khoan").text


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("tiepnhan.phuhoa", "/mot-cua"),
        ("lanhdao.phuhoa", "/mot-cua"),
        ("buuta.tam", "/buu-ta"),
        ("giaodich.thu", "/buu-dien"),
        ("quantri", "/quan-tri"),
        ("giamsat", "/"),
    ],
)
def test_staff_come_to_their_own_work(client: FlaskClient, name: str, home: str) -> None:
    assert enter(client, name).location == home


def test_every_role_has_a_page_to_start_at(app: Flask) -> None:
    assert set(HOMES) == set(Role)
    assert set(HOMES.values()) <= set(app.view_functions)


def test_a_wrong_name_and_a_wrong_password_answer_alike(client: FlaskClient) -> None:
    unknown, wrong = enter(client, "0999999999", "sai"), enter(client, BINH, "sai")
    assert unknown.status_code == wrong.status_code == 422
    said = [re.sub(r'value="[^"]*"', "", page.text) for page in (unknown, wrong)]
    assert said[0] == said[1]
    assert "chưa đúng" in wrong.text
    assert "sai" not in re.findall(r'value="([^"]*)"', wrong.text)


KNOWN_AND_UNKNOWN = [("0900000002", "0999999999"), ("074191003215", "079191003215"), (STAFF, "khong.co")]


@pytest.mark.parametrize(("known", "unknown"), KNOWN_AND_UNKNOWN, ids=["phone", "number", "name"])
def test_nobody_learns_who_has_an_account(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, known: str, unknown: str
) -> None:
    """By status, by text, or by time: the slow part is the check of a password, and there is always one."""
    checked: list[object] = []
    really = PasswordHasher.verify

    def counting(self: PasswordHasher, stored: str | bytes, typed: str | bytes) -> bool:
        checked.append(stored)
        return really(self, stored, typed)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    answers = []
    for who in (known, unknown):
        page = enter(client, who, "sai")
        answers.append((page.status_code, re.sub(r'value="[^"]*"', "", page.text), len(checked)))
        checked.clear()
    assert answers[0] == answers[1]
    assert answers[0][2] == 1


def test_registering_tells_nobody_whose_phone_or_number_is_known(app: Flask) -> None:
    told = []
    for phone, number in (("0900000001", "074191003215"), ("0911111111", "074195001235")):
        answer = app.test_client().post(
            "/dang-ky", data={**NEWCOMER, "dien_thoai": phone, "so_dinh_danh": number}
        )
        told.append((answer.status_code, answer.location, answer.text))
    assert told[0] == told[1]
    assert told[0][0] == 303


def test_the_way_to_a_lost_password_asks_nothing_and_so_tells_nothing(client: FlaskClient) -> None:
    main = client.get("/quen-mat-khau").text.partition("<main")[2]
    assert "<input" not in main
    assert client.post("/quen-mat-khau").status_code == 405


def test_a_page_that_needs_somebody_leads_to_sign_in_and_back(client: FlaskClient) -> None:
    asked = client.get("/tai-khoan/lien-lac?x=1")
    assert asked.location == "/dang-nhap?tiep=/tai-khoan/lien-lac?x%3D1"
    form = client.get(asked.location).text
    target = re.search(r'name="tiep"[^>]*value="([^"]*)"', form)
    assert target is not None
    assert enter(client, tiep=target[1]).location == "/tai-khoan/lien-lac?x=1"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r/evil.example",
        "\t//evil.example",
        " //evil.example",
        "///evil.example",
        "/\\/evil.example",
        "//evil.example%2f@ho-so",
        "http:evil.example",
        "data:text/html,x",
        "JavaScript:alert(1)",
        "javascript:alert(1)",
        "ho-so",
        "",
    ],
)
def test_signing_in_never_leads_to_another_site(client: FlaskClient, target: str) -> None:
    assert safe(target) == ""
    assert enter(client, tiep=target).location == "/ho-so"


def test_an_english_reader_goes_on_in_english(client: FlaskClient) -> None:
    data = {"ten": BINH, "mat_khau": PASSWORD, "tiep": "/tai-khoan"}
    assert client.post("/en/dang-nhap", data=data).location == "/en/tai-khoan"
    assert client.get("/en/dang-nhap?tiep=/en/tai-khoan").location == "/en/tai-khoan"


def test_a_session_fixed_before_signing_in_is_worthless_afterwards(client: FlaskClient) -> None:
    with client.session_transaction() as planted:
        planted["_user_id"] = "a token that the attacker knows"
    before = cookie(client)
    enter(client)
    with client.session_transaction() as now:
        assert now["_user_id"] != "a token that the attacker knows"
        assert len(now["_user_id"]) >= 43
    assert cookie(client) != before


def test_each_sign_in_is_a_new_session_and_ends_the_one_it_replaces(app: Flask, client: FlaskClient) -> None:
    enter(client)
    enter(client)
    with reading(app) as session:
        rows = session.scalars(select(AccountSession).order_by(AccountSession.id))
        assert [row.ended_at is None for row in rows] == [False, True]


def test_signing_out_ends_the_session_on_the_server(client: FlaskClient) -> None:
    enter(client)
    kept = cookie(client)
    assert kept is not None
    answer = client.post("/dang-xuat")
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'
    client.set_cookie("phien", kept)
    assert client.get("/tai-khoan").location == "/dang-nhap?tiep=/tai-khoan"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    header = enter(client).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Expires" not in header


def test_too_many_wrong_passwords_shut_this_name_at_this_address_only(
    app: Flask, client: FlaskClient
) -> None:
    statuses = [enter(client, BINH, "sai").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    shut = enter(client, BINH, PASSWORD)
    assert shut.status_code == 429
    assert "Hãy thử lại lúc" in shut.text
    assert enter(client, MAI).status_code == 303, "another name from the same address"
    elsewhere = app.test_client()
    owner = elsewhere.post(
        "/dang-nhap", data={"ten": BINH, "mat_khau": PASSWORD}, environ_base={"REMOTE_ADDR": "10.1.2.3"}
    )
    assert owner.status_code == 303, "the owner from another address"


def test_an_address_that_tries_everybody_is_shut_as_a_whole(app: Flask, client: FlaskClient) -> None:
    object.__setattr__(app.extensions["settings"], "sign_in_tries", 1)
    statuses = {enter(client, f"09{number:08d}", "sai").status_code for number in range(10)}
    assert statuses == {422}
    assert enter(client, BINH).status_code == 429


def test_right_passwords_are_not_counted(client: FlaskClient) -> None:
    assert {enter(client).status_code for _ in range(12)} == {303}


def test_a_forged_forwarding_header_does_not_make_another_address(client: FlaskClient) -> None:
    for number in range(10):
        client.post(
            "/dang-nhap",
            data={"ten": BINH, "mat_khau": "sai"},
            headers={"X-Forwarded-For": f"10.0.0.{number}", "X-Real-IP": f"10.0.0.{number}"},
        )
    assert enter(client, BINH).status_code == 429


def test_a_newcomer_registers_on_the_way_and_goes_on(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/dang-ky", data={**NEWCOMER, "tiep": "/tai-khoan"})
    assert (answer.status_code, answer.location) == (303, "/tai-khoan")
    page = client.get("/tai-khoan").text
    assert "Lê Thị Mới" in page
    assert "Tự khai, chưa đối chiếu" in page
    assert "074195001234" not in page
    assert known(app, "0912345678").full_name == "Lê Thị Mới"


def test_a_double_click_or_going_back_registers_once(app: Flask, client: FlaskClient) -> None:
    twice = app.test_client()  # Its second click is sent before the cookie of the first arrives.
    typed = {**NEWCOMER, "khoa": "k"}
    answers = [client.post("/dang-ky", data=typed), twice.post("/dang-ky", data=typed)]
    answers.append(client.post("/dang-ky", data={**typed, "khoa": "another"}))
    assert [answer.location for answer in answers] == ["/ho-so"] * 3
    with reading(app) as session:
        same = select(func.count(Account.id)).where(Account.phone == "0912345678")
        assert session.scalar(same) == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("ho_ten", ""),
        ("so_dinh_danh", "0741950012345"),
        ("dien_thoai", "12345"),
        ("thu_dien_tu", "khong phai"),
        ("mat_khau_moi", "12345678"),
        ("mat_khau_moi", "074195001234"),
        ("mat_khau_lai", "gõ sai mất rồi"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(
    client: FlaskClient, field: str, typed: str
) -> None:
    answer = client.post("/dang-ky", data={**NEWCOMER, field: typed})
    assert answer.status_code == 422
    assert "<title>Lỗi:" in answer.text
    assert f'id="{field}-err"' in answer.text or f'id="{field.replace("moi", "lai")}-err"' in answer.text
    kept = NEWCOMER["ho_ten"] if field != "ho_ten" else NEWCOMER["dien_thoai"]
    assert f'value="{kept}"' in answer.text
    assert NEWCOMER["mat_khau_moi"] not in answer.text


def test_a_one_time_password_leads_to_a_password_of_one_s_own_and_nowhere_else(
    client: FlaskClient, store: Session
) -> None:
    make.account(store, "tiepnhan.phuhoa").must_change_password = True
    store.commit()
    enter(client, "tiepnhan.phuhoa")
    for path in ("/mot-cua", "/tai-khoan", "/", "/quan-tri/dat-lai"):
        assert client.get(path).location == "/tai-khoan/mat-khau", path
    changed = {"mat_khau": PASSWORD, "mat_khau_moi": "nắng đẹp quá", "mat_khau_lai": "nắng đẹp quá"}
    assert client.post("/tai-khoan/mat-khau", data=changed).location == "/tai-khoan"
    assert client.get("/tai-khoan").status_code == 200


def test_changing_the_password_ends_the_other_sessions(app: Flask, client: FlaskClient) -> None:
    elsewhere = app.test_client()
    enter(client)
    enter(elsewhere)
    changed = {"mat_khau": PASSWORD, "mat_khau_moi": "nắng đẹp quá", "mat_khau_lai": "nắng đẹp quá"}
    client.post("/tai-khoan/mat-khau", data=changed)
    assert client.get("/tai-khoan").status_code == 200
    assert elsewhere.get("/tai-khoan").status_code == 302 or elsewhere.get("/tai-khoan").status_code == 303
    assert enter(app.test_client()).status_code == 422


def test_a_stolen_session_does_not_find_the_password_out(client: FlaskClient) -> None:
    enter(client)
    tried = {"mat_khau": "đoán mò", "mat_khau_moi": "nắng đẹp quá", "mat_khau_lai": "nắng đẹp quá"}
    statuses = [client.post("/tai-khoan/mat-khau", data=tried).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_contact_changes_with_the_password(app: Flask, client: FlaskClient) -> None:
    enter(client)
    changed = {"dien_thoai": "0987 654 321", "thu_dien_tu": "", "mat_khau": "sai"}
    assert client.post("/tai-khoan/lien-lac", data=changed).status_code == 422
    assert client.post("/tai-khoan/lien-lac", data={**changed, "mat_khau": PASSWORD}).status_code == 303
    assert known(app, "0987654321").full_name == "Nguyễn Văn Bình"


def test_one_ends_another_of_one_s_sessions_or_all_of_them(app: Flask, client: FlaskClient) -> None:
    second, third = app.test_client(), app.test_client()
    for browser in (client, second, third):
        enter(browser)
    ends = re.findall(r"/tai-khoan/phien/(\d+)/ket-thuc", client.get("/tai-khoan").text)
    assert len(ends) == 2
    client.post(f"/tai-khoan/phien/{min(ends, key=int)}/ket-thuc")
    assert second.get("/tai-khoan").status_code == 303
    assert third.get("/tai-khoan").status_code == 200
    client.post("/tai-khoan/phien/ket-thuc-tat-ca")
    assert third.get("/tai-khoan").status_code == 303
    assert client.get("/tai-khoan").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(app: Flask, client: FlaskClient) -> None:
    mine = app.test_client()
    enter(mine, MAI)
    enter(client, BINH)
    for number in range(1, 4):
        client.post(f"/tai-khoan/phien/{number}/ket-thuc")
    assert mine.get("/tai-khoan").status_code == 200


def test_a_person_with_two_roles_acts_under_one_and_switches(client: FlaskClient) -> None:
    enter(client, "chuyenvien.phuloi")
    page = client.get("/tai-khoan").text
    assert "Cán bộ tiếp nhận</small>" in page, "the most recent role"
    other = re.search(r'name="vai" value="(\d+)"', page)
    assert other is not None
    before = session_token(client)
    assert client.post("/vai", data={"vai": other[1]}).location == "/mot-cua"
    assert session_token(client) != before, "a copy of the old cookie does not rise with the person"
    assert "Chuyên viên</small>" in client.get("/tai-khoan").text
    assert client.post("/vai", data={"vai": ""}).location == "/ho-so"
    assert client.get("/mot-cua").status_code == 403


def test_nobody_takes_a_role_of_somebody_else(app: Flask, client: FlaskClient) -> None:
    with reading(app) as session:
        leader = make.official(session, Role.LEADER)
    enter(client, "tiepnhan.phuhoa")
    assert client.post("/vai", data={"vai": str(leader.appointment_id)}).status_code == 403


def test_a_demonstration_shows_its_people_and_one_click_enters(app: Flask, client: FlaskClient) -> None:
    page = client.get("/dang-nhap?tiep=/tai-khoan").text
    assert "Tài khoản trình diễn" in page
    assert page.count('name="vai"') == 36
    tam = known(app, "buuta.tam")
    answer = client.post("/dang-nhap/vai", data={"vai": str(tam.id), "tiep": "/tai-khoan"})
    assert answer.location == "/tai-khoan"
    assert "Lê Văn Tám" in client.get("/tai-khoan").text


def test_only_people_of_the_demonstration_are_entered_by_a_click(app: Flask, client: FlaskClient) -> None:
    client.post("/dang-ky", data=NEWCOMER)
    client.post("/dang-xuat")
    newcomer = known(app, "0912345678")
    assert "Lê Thị Mới" not in client.get("/dang-nhap").text
    assert client.post("/dang-nhap/vai", data={"vai": str(newcomer.id)}).status_code == 404
    assert client.post("/dang-nhap/vai", data={"vai": "x"}).status_code == 404


def test_outside_a_demonstration_nobody_enters_by_a_click(app: Flask, client: FlaskClient) -> None:
    settings = app.extensions["settings"]
    object.__setattr__(settings, "demonstration", False)
    tam = known(app, "buuta.tam")
    assert "trình diễn" not in client.get("/dang-nhap").text
    assert client.post("/dang-nhap/vai", data={"vai": str(tam.id)}).status_code == 404


def test_whoever_is_signed_in_does_not_see_the_form_again(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "tiepnhan.phuhoa")
    assert client.get("/dang-nhap").location == "/mot-cua"


def test_the_way_to_a_lost_password_names_the_desks(client: FlaskClient) -> None:
    page = client.get("/quen-mat-khau").text
    assert "UBND phường Phú Hòa" in page
    assert "Bưu cục" not in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("Mozilla/5.0 (Linux; Android 10) Chrome/85.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; iPhone OS 13_6 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/85.0 Safari/537.36 Edg/85.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:80.0) Gecko Firefox/80.0", "Firefox, Linux"),
    ],
)
def test_a_browser_is_called_by_a_name_people_know(sent: str, said: str) -> None:
    assert called(sent) == said


def test_a_session_in_the_list_says_which_one_is_here(client: FlaskClient) -> None:
    enter(client)
    page = client.get("/tai-khoan").text
    assert page.count("Phiên này") == 1
    assert "Trình duyệt khác" in page


def test_every_way_of_typing_a_phone_is_one_count(app: Flask, client: FlaskClient) -> None:
    most = app.extensions["settings"].sign_in_tries
    spellings = ("0900000003", "090 0000003", "+84900000003", "84900000003", "090.000.0003")
    tried = [enter(client, spellings[n % len(spellings)], "sai") for n in range(most + 1)]
    assert [answer.status_code for answer in tried] == [422] * most + [429]


@pytest.mark.parametrize("role", ["9" * 21, "-1", "x"])
def test_a_role_nobody_can_have_is_not_found(client: FlaskClient, role: str) -> None:
    enter(client)
    assert client.post("/vai", data={"vai": role}).status_code == 404
    assert client.post(f"/tai-khoan/phien/{'9' * 21}/ket-thuc").status_code == 404


@pytest.mark.parametrize(
    ("name", "minutes"),
    [(BINH, 60), (STAFF, 30), ("quantri", 30), ("giaodich.thu", 30), ("buuta.tam", 12 * 60)],
    ids=["citizen", "desk", "administrator", "clerk", "carrier"],
)
def test_how_long_a_session_may_rest_depends_on_the_role(
    client: FlaskClient, store: Session, name: str, minutes: int
) -> None:
    enter(client, name)
    for rested, is_over in ((minutes - 1, False), (minutes + 1, True)):
        at = wall_clock() - timedelta(minutes=rested)
        began = max(at, wall_clock() - timedelta(hours=12, minutes=-1)) if not is_over else at
        store.execute(update(AccountSession).values(seen_at=at, began_at=began))
        store.commit()
        assert (client.get("/tai-khoan").status_code == 303) == is_over, rested


@pytest.mark.parametrize("name", [BINH, STAFF, "buuta.tam"])
def test_no_session_outlives_a_shift_however_much_it_is_used(
    client: FlaskClient, store: Session, name: str
) -> None:
    enter(client, name)
    began = wall_clock() - timedelta(hours=12, minutes=1)
    store.execute(update(AccountSession).values(seen_at=wall_clock(), began_at=began))
    store.commit()
    assert client.get("/tai-khoan").status_code == 303
