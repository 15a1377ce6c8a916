"""What holds for every answer: headers, tokens, cookies, limits on where a form comes from."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.ground.config import Settings
from portal.web.security import HEADERS
from tests import make
from tests.conftest import SignIn

OPEN_PAGES = ("/", "/thu-tuc", "/tra-cuu", "/khong-co-trang-nay", "/en/", "/en/tra-cuu")


@pytest.fixture
def strict(app: Flask) -> Flask:
    """The application asking for its token, as it does when it runs."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app


@pytest.mark.parametrize(
    "path", [*OPEN_PAGES, "/dang-nhap", "/dang-ky", "/ho-so", "/quan-tri", "/mot-cua", "/buu-ta"]
)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, (path, name)
    assert "Strict-Transport-Security" not in answer.headers


def test_so_do_static_files_and_refusals(client: FlaskClient) -> None:
    page = client.get("/dang-nhap").text
    sheet = re.search(r'href="(/static/[^"]*app\.css)"', page)
    assert sheet is not None
    refused = client.post("/tra-cuu", headers={"Origin": "https://evil.example"})
    for answer in (client.get(sheet[1]), refused, client.put("/tra-cuu")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        answer.close()


def test_the_policy_knows_no_exception_for_inline_code() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    for kept_out in ("object-src 'none'", "frame-ancestors 'none'", "base-uri 'self'", "form-action 'self'"):
        assert kept_out in policy


@pytest.mark.parametrize("path", ["/dang-nhap", "/dang-ky", "/tra-cuu", "/quen-mat-khau"])
def test_pages_hold_no_inline_code(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page)


def test_over_tls_the_cookie_is_bound_to_the_host_and_browsers_remember(app: Flask) -> None:
    settings = app.extensions["settings"]
    secure = create_app(
        Settings(
            data=settings.data,
            database_url=settings.database_url,
            secret_key="a key for tests",
            identity_keys=settings.identity_keys,
            index_key=settings.index_key,
            public_url="https://dichvucong.vidu.vn",
        )
    )
    secure.config["WTF_CSRF_ENABLED"] = False
    data = {"ten": "0900000001", "mat_khau": "motcua-2020"}
    answer = secure.test_client().post("/dang-nhap", data=data, base_url="https://dichvucong.vidu.vn")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    header = answer.headers["Set-Cookie"]
    assert header.startswith("__Host-phien=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in header
    assert "Domain" not in header
    secure.extensions["database"].dispose()


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_a_reader_who_is_not_signed_in_gets_no_cookie(client: FlaskClient, path: str) -> None:
    assert "Set-Cookie" not in client.get(path).headers


def test_signed_in_pages_are_kept_by_no_cache(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "tiepnhan.phuhoa")
    assert client.get("/tai-khoan").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/dang-nhap", "/dang-ky", "/dang-nhap/vai", "/dang-xuat", "/vai"])
def test_a_form_without_its_token_changes_nothing(strict: Flask, path: str) -> None:
    data = {"ten": "0900000001", "mat_khau": "motcua-2020", "vai": "1"}
    answer = strict.test_client().post(path, data=data)
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers or "_user_id" not in answer.headers["Set-Cookie"]
    assert "motcua-2020" not in answer.text


def test_a_form_with_the_token_of_its_page_is_taken(strict: Flask) -> None:
    browser = strict.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/dang-nhap").text)
    assert token is not None
    data = {"ten": "0900000001", "mat_khau": "motcua-2020", "csrf_token": token[1]}
    assert browser.post("/dang-nhap", data=data).status_code == 303


def test_a_token_of_another_person_is_refused(strict: Flask) -> None:
    attacker, victim = strict.test_client(), strict.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', attacker.get("/dang-nhap").text)
    assert token is not None
    victim.get("/dang-nhap")
    data = {"ten": "0900000001", "mat_khau": "motcua-2020", "csrf_token": token[1]}
    assert victim.post("/dang-nhap", data=data).status_code == 400


def test_what_is_typed_into_an_address_is_written_as_text(client: FlaskClient) -> None:
    for path in ('/tra-cuu?ma="><script>alert(1)</script>', '/dang-nhap?tiep=/"><script>alert(1)</script>'):
        assert "<script>alert" not in client.get(path).text


def test_a_name_full_of_signs_is_shown_as_it_is(client: FlaskClient, store: Session) -> None:
    make.account(store, "0900000001").full_name = "<b>Mai</b> & 'Con\" \u1ed1\u0301"
    store.commit()
    client.post("/dang-nhap", data={"ten": "0900000001", "mat_khau": "motcua-2020"})
    page = client.get("/tai-khoan").text
    assert "<b>Mai</b>" not in page
    assert "&lt;b&gt;Mai&lt;/b&gt; &amp; &#39;Con&#34; ố\u0301" in page
