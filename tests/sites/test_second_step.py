"""The second step at sign-in, in every order it can be tried; one's own factors; what staff must set up."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts import sessions
from portal.accounts.factors import apps, recovery
from portal.accounts.factors.models import PendingSignIn
from portal.accounts.factors.queries import Factors, factors_of
from portal.accounts.models import Account, AccountSession
from portal.ground.config import Settings, from_environment
from portal.web.context import wall_clock
from tests import make
from tests.accounts.authenticator import SoftPasskey, altered
from tests.conftest import START, SignIn

PASSWORD = "motcua-2020"
BINH, STAFF = "0900000002", "tiepnhan.phuhoa"
HOST, ORIGIN = "localhost", "http://localhost:8000"
STEP = "/dang-nhap/buoc-hai"
FACTORS = "/tai-khoan/buoc-hai"


@pytest.fixture
def earnest(app: Flask) -> Flask:
    """The application outside demonstration mode, at an address that passkeys can belong to."""
    for name, value in (("demonstration", False), ("public_url", ORIGIN)):
        object.__setattr__(app.extensions["settings"], name, value)
    return app


def known(app: Flask, name: str) -> Account:
    """A person as stored now."""
    with app.extensions["database"].reading() as session:
        return make.account(session, name)


def held(app: Flask, name: str) -> Factors:
    """The second factors of a person as stored now."""
    with app.extensions["database"].reading() as session:
        return factors_of(session, make.account(session, name).id)


def password(client: FlaskClient, who: str = STAFF, typed: str = PASSWORD, **more: str) -> TestResponse:
    return client.post("/dang-nhap", data={"ten": who, "mat_khau": typed, **more})


def code(client: FlaskClient, typed: str, **more: str) -> TestResponse:
    return client.post(STEP, data={"ma_buoc_hai": typed, **more})


def planted_app(store: Session, who: str = STAFF) -> pyotp.TOTP:
    """The app that a person added a while ago."""
    account, before = make.account(store, who), wall_clock() - timedelta(minutes=10)
    offer = apps.new_offer(store, account)
    app = pyotp.TOTP(apps.secret_of(store, account, offer))
    apps.add_app(store, account, offer, app.at(before), wall=before, at=START)
    store.commit()
    return app


def planted_codes(store: Session, who: str = STAFF) -> list[str]:
    codes = recovery.new_codes(store, make.account(store, who), at=START)
    store.commit()
    return codes


def token(client: FlaskClient) -> str:
    with client.session_transaction() as cookie:
        return str(cookie.get("_user_id", ""))


def is_in(client: FlaskClient) -> bool:
    return client.get("/tai-khoan").status_code == 200


def question(client: FlaskClient, **more: str) -> str:
    answer = client.post("/khoa-truy-cap/cau-hoi", data=more)
    assert answer.status_code == 200
    return answer.text


def answered(client: FlaskClient, passkey: SoftPasskey, **more: str) -> TestResponse:
    return client.post("/khoa-truy-cap", data={"tra_loi": passkey.signed(question(client)), **more})


def added(client: FlaskClient) -> SoftPasskey:
    """A passkey that whoever is signed in adds."""
    passkey = SoftPasskey(HOST, ORIGIN)
    made = passkey.made(question(client, viec="them"))
    assert client.post(FACTORS + "/khoa", data={"tra_loi": made, "ten_khoa": "Máy quầy"}).location == FACTORS
    return passkey


def test_the_second_factor_of_staff_is_off_in_a_demonstration_only() -> None:
    needed = {
        (demonstration, factors): Settings(
            demonstration=demonstration, demonstration_factors=factors
        ).staff_need_factor
        for demonstration in (False, True)
        for factors in (False, True)
    }
    assert [mode for mode, is_needed in needed.items() if not is_needed] == [(True, False)]
    off = {f"PORTAL_{name.upper()}": "0" for name in vars(Settings()) if "factor" in name}
    assert from_environment(off).staff_need_factor, "no setting switches it off"


def test_in_a_demonstration_passwords_and_cards_enter_at_once(app: Flask, client: FlaskClient) -> None:
    assert password(client).location == "/mot-cua"
    assert client.get("/mot-cua").status_code == 200
    card = {"vai": str(known(app, STAFF).id)}
    assert client.post("/dang-nhap/vai", data=card).location == "/mot-cua"
    assert client.get("/mot-cua").status_code == 200


def test_a_card_stands_for_the_password_only_where_a_demonstration_asks_for_factors(
    app: Flask, client: FlaskClient, store: Session
) -> None:
    object.__setattr__(app.extensions["settings"], "demonstration_factors", True)
    card = {"vai": str(known(app, STAFF).id)}
    client.post("/dang-nhap/vai", data=card)
    assert client.get("/mot-cua").location == FACTORS
    planted_app(store)
    another = app.test_client()
    assert another.post("/dang-nhap/vai", data=card).location == STEP
    assert not is_in(another)


def test_staff_without_a_factor_do_nothing_before_they_have_one(
    earnest: Flask, client: FlaskClient, store: Session
) -> None:
    assert password(client).location == "/mot-cua"
    for path in ("/mot-cua", "/tai-khoan", "/", "/quan-tri/dat-lai", "/tai-khoan/lien-lac"):
        assert client.get(path).location == FACTORS, path
    assert client.post("/vai", data={"vai": ""}).location == FACTORS
    page = client.get(FACTORS).text
    assert "Tài khoản cán bộ cần bước hai trước khi làm việc khác" in page
    offered = client.get(FACTORS + "/ung-dung").text
    before = token(client)
    app = pyotp.TOTP(re.findall(r'<strong class="num">([A-Z2-7 ]+)<', offered)[0].replace(" ", ""))
    sealed = re.findall(r'name="loi_moi" value="([^"]+)"', offered)[0]
    wrong = client.post(FACTORS + "/ung-dung", data={"loi_moi": sealed, "ma_buoc_hai": "000000"})
    assert wrong.status_code == 422
    assert sealed in wrong.text, "the same code to scan"
    assert client.get("/mot-cua").location == FACTORS
    right = {"loi_moi": sealed, "ma_buoc_hai": app.at(wall_clock())}
    assert client.post(FACTORS + "/ung-dung", data=right).location == FACTORS
    assert client.get("/mot-cua").status_code == 200
    assert token(client) != before, "a session that may do more has another token"
    shown = client.post(FACTORS + "/ma-khoi-phuc").text
    codes = re.findall(r'class="code">([^<]+)<', shown)
    assert len(codes) == 10
    assert codes[0] not in client.get(FACTORS).text
    client.post("/dang-xuat")
    assert password(client).location == STEP
    assert code(client, codes[0]).location == "/mot-cua"


def test_sessions_without_a_factor_end_when_the_first_one_is_added(
    earnest: Flask, client: FlaskClient
) -> None:
    thief = earnest.test_client()
    password(thief)
    password(client)
    added(client)
    assert thief.get(FACTORS).status_code == 303
    assert thief.get(FACTORS).location.startswith("/dang-nhap")
    assert is_in(client)


def test_a_password_alone_opens_no_session(earnest: Flask, client: FlaskClient, store: Session) -> None:
    app = planted_app(store)
    onward = "/mot-cua?xem=cho-giay"
    assert password(client, tiep=onward).location == f"{STEP}?tiep=/mot-cua?xem%3Dcho-giay"
    assert not is_in(client)
    with earnest.extensions["database"].reading() as session:
        assert session.scalars(select(AccountSession)).all() == []
    assert code(client, "000000").status_code == 422
    assert not is_in(client)
    assert code(client, app.at(wall_clock()), tiep=onward).location == onward
    assert client.get("/mot-cua").status_code == 200


def test_a_citizen_without_a_factor_is_asked_for_none(earnest: Flask, client: FlaskClient) -> None:
    assert password(client, BINH).location == "/ho-so"
    assert is_in(client)


def test_the_token_changes_at_both_steps_and_a_fixed_one_opens_nothing(
    earnest: Flask, client: FlaskClient, store: Session
) -> None:
    app = planted_app(store)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = cookie["cho"] = "known to the attacker"
        cookie["csrf_token"] = "also known"
    password(client)
    with client.session_transaction() as cookie:
        assert cookie["cho"] != "known to the attacker"
        assert {"_user_id", "csrf_token"} & set(cookie) == set()
        half = cookie["cho"]
    code(client, app.at(wall_clock()))
    with client.session_transaction() as cookie:
        assert "cho" not in cookie
        assert cookie["_user_id"] not in (half, "known to the attacker")


def test_half_a_sign_in_that_is_done_or_copied_opens_nothing_again(
    earnest: Flask, client: FlaskClient, store: Session
) -> None:
    app = planted_app(store)
    password(client)
    kept = client.get_cookie("phien")
    assert kept is not None
    copied = earnest.test_client()
    copied.set_cookie("phien", kept.value)
    elsewhere = {"User-Agent": "curl"}
    assert copied.get(STEP, headers=elsewhere).location == "/dang-nhap", "another browser"
    assert code(client, app.at(wall_clock())).location == "/mot-cua"
    later = app.at(wall_clock() + timedelta(seconds=30))
    assert code(copied, later).location == "/dang-nhap"
    assert not is_in(copied)


def test_without_a_first_step_there_is_no_second(client: FlaskClient) -> None:
    assert client.get(STEP).location == "/dang-nhap"
    assert code(client, "123456").location == "/dang-nhap"
    assert "nhập lại mật khẩu" in client.get("/dang-nhap").text


def test_half_a_sign_in_is_over_after_ten_minutes(
    earnest: Flask, client: FlaskClient, store: Session
) -> None:
    app = planted_app(store)
    password(client)
    store.execute(update(PendingSignIn).values(began_at=wall_clock() - timedelta(minutes=10)))
    store.commit()
    assert code(client, app.at(wall_clock())).location == "/dang-nhap"


def test_wrong_codes_are_counted_and_shut_nobody_out_elsewhere(
    earnest: Flask, client: FlaskClient, store: Session
) -> None:
    app = planted_app(store)
    password(client)
    assert [code(client, "000000").status_code for _ in range(11)] == [422] * 10 + [429]
    password(client)
    refused = code(client, app.at(wall_clock()))
    assert refused.status_code == 429, "a new sign-in from the same address"
    assert 0 < int(refused.headers["Retry-After"]) <= 600
    assert "k7fm-29qx-bd3h" not in code(client, "k7fm-29qx-bd3h").text
    owner = earnest.test_client()
    owner.environ_base["REMOTE_ADDR"] = "10.1.2.3"
    password(owner)
    assert code(owner, app.at(wall_clock())).location == "/mot-cua"


def test_one_sign_in_that_wanders_between_addresses_is_shut(
    earnest: Flask, client: FlaskClient, store: Session
) -> None:
    planted_app(store)
    password(client)
    statuses = []
    for number in range(11):
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        statuses.append(code(client, "000000").status_code)
    assert statuses == [422] * 10 + [429]


def test_a_wrong_code_is_not_shown_again(earnest: Flask, client: FlaskClient, store: Session) -> None:
    planted_app(store)
    password(client)
    assert "bi-mat-nay" not in code(client, "bi-mat-nay").text


def test_a_one_time_password_opens_one_session(earnest: Flask, client: FlaskClient, store: Session) -> None:
    make.account(store, BINH).one_time_until = wall_clock() + timedelta(hours=1)
    store.commit()
    assert password(client, BINH).status_code == 303
    assert password(earnest.test_client(), BINH).status_code == 422
    app = planted_app(store)
    make.account(store, STAFF).one_time_until = wall_clock() + timedelta(hours=1)
    store.commit()
    password(client)
    assert password(earnest.test_client()).location == STEP, "not used up before the second step"
    assert code(client, app.at(wall_clock())).status_code == 303
    assert password(earnest.test_client()).status_code == 422


def test_a_passkey_is_a_second_step_and_a_sign_in_of_its_own(earnest: Flask, client: FlaskClient) -> None:
    password(client)
    passkey = added(client)
    assert "Máy quầy" in client.get(FACTORS).text
    client.post("/dang-xuat")
    password(client)
    page = client.get(STEP).text
    assert "Dùng khóa truy cập" in page
    assert answered(client, passkey, tiep="/tai-khoan").location == "/tai-khoan"
    assert is_in(client)
    client.post("/dang-xuat")
    assert answered(client, passkey).location == "/mot-cua", "without any password"
    assert client.get("/mot-cua").status_code == 200


def test_an_answer_of_a_passkey_is_good_once_and_in_its_own_browser(
    earnest: Flask, client: FlaskClient
) -> None:
    password(client)
    passkey = added(client)
    client.post("/dang-xuat")
    sent = {"tra_loi": passkey.signed(question(client))}
    stranger = earnest.test_client()
    assert stranger.post("/khoa-truy-cap", data=sent).status_code == 422
    assert client.post("/khoa-truy-cap", data=sent).status_code == 303
    client.post("/dang-xuat")
    assert client.post("/khoa-truy-cap", data=sent).status_code == 422
    assert not is_in(client)


def test_a_challenge_is_spent_by_a_wrong_answer(earnest: Flask, client: FlaskClient) -> None:
    password(client)
    passkey = added(client)
    client.post("/dang-xuat")
    answer = passkey.signed(question(client))
    wrong = client.post("/khoa-truy-cap", data={"tra_loi": altered(answer, "signature")})
    assert wrong.status_code == 422
    assert "Khóa truy cập này không dùng được ở đây" in wrong.text
    assert client.post("/khoa-truy-cap", data={"tra_loi": answer}).status_code == 422


def test_somebody_else_s_passkey_is_no_second_step(
    earnest: Flask, client: FlaskClient, store: Session
) -> None:
    planted_app(store)
    other = earnest.test_client()
    password(other, BINH)
    passkey = added(other)
    password(client)
    assert answered(client, passkey).status_code == 422
    assert not is_in(client)


RUBBISH = ("", "null", "[" * 3000, '{"id": "\\u0000"}', '{"id": "AA", "response": 1}')


def test_rubbish_for_a_passkey_is_a_clear_page(earnest: Flask, client: FlaskClient) -> None:
    signed_in = earnest.test_client()
    password(signed_in, BINH)
    for answer in RUBBISH:
        for browser, path in ((client, ""), (signed_in, ""), (signed_in, FACTORS)):
            page = browser.post(f"{path}/khoa" if path else "/khoa-truy-cap", data={"tra_loi": answer})
            assert page.status_code == 422
            assert "Khóa truy cập này không dùng được ở đây" in page.text


def test_where_the_address_is_a_number_there_are_no_passkeys(client: FlaskClient) -> None:
    assert "khóa truy cập" not in client.get("/dang-nhap").text
    assert client.post("/khoa-truy-cap/cau-hoi").status_code == 404
    assert client.post("/khoa-truy-cap", data={"tra_loi": "{}"}).status_code == 404


def an_hour_ago(store: Session) -> None:
    """Let every session have confirmed itself an hour ago."""
    store.execute(update(AccountSession).values(confirmed_at=wall_clock() - timedelta(hours=1)))
    store.commit()


def test_factors_change_only_after_password_and_factor_were_shown_again(
    earnest: Flask, client: FlaskClient, store: Session
) -> None:
    app = planted_app(store)
    password(client)
    code(client, app.at(wall_clock()))
    an_hour_ago(store)
    assert client.get(FACTORS).location == f"/tai-khoan/xac-nhan?tiep={FACTORS}"
    for path in ("/ung-dung", "/ung-dung/bo", "/khoa", "/khoa/1/bo", "/ma-khoi-phuc"):
        assert client.post(FACTORS + path).location == f"/tai-khoan/xac-nhan?tiep={FACTORS}", path
    confirm, later = "/tai-khoan/xac-nhan", app.at(wall_clock() + timedelta(seconds=30))
    for wrong in ({"mat_khau": "sai"}, {"ma_buoc_hai": "000000"}, {"ma_buoc_hai": ""}):
        said = {"mat_khau": PASSWORD, "ma_buoc_hai": later, "tiep": FACTORS, **wrong}
        assert client.post(confirm, data=said).status_code == 422
    before = token(client)
    said = {"mat_khau": PASSWORD, "ma_buoc_hai": later, "tiep": FACTORS}
    assert client.post(confirm, data=said).location == FACTORS
    assert client.get(FACTORS).status_code == 200
    assert token(client) != before


def test_a_passkey_confirms_too(earnest: Flask, client: FlaskClient, store: Session) -> None:
    password(client, BINH)
    passkey = added(client)
    an_hour_ago(store)
    assert client.get(FACTORS).status_code == 303
    assert answered(client, passkey, tiep=FACTORS).location == FACTORS
    assert client.get(FACTORS).status_code == 200


def test_phone_and_e_mail_change_only_with_a_fresh_factor(
    earnest: Flask, client: FlaskClient, store: Session
) -> None:
    password(client, BINH)
    added(client)
    changed = {"dien_thoai": "0987 654 321", "thu_dien_tu": "", "mat_khau": PASSWORD}
    an_hour_ago(store)
    assert client.get("/tai-khoan/lien-lac").location == "/tai-khoan/xac-nhan?tiep=/tai-khoan/lien-lac"
    stale = client.post("/tai-khoan/lien-lac", data=changed)
    assert stale.status_code == 422
    assert "0987 654 321" in stale.text, "what was typed stays"
    store.execute(update(AccountSession).values(confirmed_at=wall_clock()))
    store.commit()
    assert client.post("/tai-khoan/lien-lac", data=changed).status_code == 303


def test_staff_cannot_drop_the_last_factor_but_citizens_can(
    earnest: Flask, client: FlaskClient, store: Session
) -> None:
    app = planted_app(store)
    password(client)
    code(client, app.at(wall_clock()))
    assert client.post(FACTORS + "/ung-dung/bo").status_code == 422
    citizen = earnest.test_client()
    password(citizen, BINH)
    added(citizen)
    shown = citizen.get(FACTORS).text
    dropping = re.findall(r'action="([^"]+/khoa/\d+/bo)"', shown)[0]
    assert client.post(dropping).status_code == 404, "somebody else's"
    assert citizen.post(dropping).location == FACTORS
    citizen.post("/dang-xuat")
    assert password(citizen, BINH).location == "/ho-so"


def test_an_administrator_resets_the_factors_of_another_only(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    planted_app(store)
    planted_codes(store)
    sign_in(client, "quantri")
    staff, admin = known(app, STAFF), known(app, "quantri")
    page = client.get(f"/quan-tri/tai-khoan/{staff.uid}").text
    assert "Đặt lại bước hai" in page
    assert client.post(f"/quan-tri/tai-khoan/{staff.uid}/buoc-hai").status_code == 303
    assert held(app, STAFF).count == held(app, STAFF).codes_left == 0
    assert client.post(f"/quan-tri/tai-khoan/{admin.uid}/buoc-hai").status_code == 403


@pytest.mark.parametrize(("ticked", "left"), [({"bo_buoc_hai": "y"}, 0), ({}, 1)])
def test_a_desk_resets_a_lost_phone_with_the_password(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn, ticked: dict[str, str], left: int
) -> None:
    planted_app(store, "0900000001")
    mai = known(app, "0900000001")
    sign_in(client, STAFF)
    sent = {"so_dinh_danh": "074191003215", "tai_khoan": mai.uid, "da_doi_chieu": "y", **ticked}
    assert "Đặt lại mật khẩu" in client.get("/quan-tri/dat-lai").text
    assert client.post("/quan-tri/dat-lai/mat-khau", data=sent).status_code == 200
    assert held(app, "0900000001").count == left


def test_the_operator_resets_the_last_administrator(earnest: Flask, store: Session) -> None:
    planted_app(store, "quantri")
    runner = earnest.test_cli_runner()
    assert runner.invoke(args=["reset-factors", "quantri"]).exit_code == 0
    assert held(earnest, "quantri").count == 0
    assert runner.invoke(args=["reset-factors", "khong.co"]).exit_code == 1


def test_a_session_from_before_factors_were_asked_for_must_show_one(
    earnest: Flask, client: FlaskClient, store: Session
) -> None:
    app = planted_app(store)
    account = make.account(store, STAFF)
    opened = sessions.open_session(
        store, account, at=wall_clock() - timedelta(minutes=20), appointment=account.appointments[0]
    )
    store.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = opened, True
    assert client.get("/mot-cua").location == FACTORS
    assert client.get(FACTORS).location == f"/tai-khoan/xac-nhan?tiep={FACTORS}"
    said = {"mat_khau": PASSWORD, "ma_buoc_hai": app.at(wall_clock())}
    assert client.post("/tai-khoan/xac-nhan", data=said).status_code == 303
    assert client.get("/mot-cua").status_code == 200
