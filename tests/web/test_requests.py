"""What a request cannot do, whoever sends it: walked over every route."""

import hashlib
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.models import AccountSession, Appointment, IdentityLevel, Role
from portal.catalogue.models import Channel
from portal.dossiers.models import Dossier, Paper
from portal.dossiers.states import Delivery, Status
from portal.ground.db import Base
from portal.ground.storage import Files
from portal.web.security import CSRF
from tests import make
from tests.conftest import START, SignIn
from tests.doors import ANYBODY, AUDIENCES, PLACES

STRANGER = "stranger"
BINH, STAFF = "0900000002", "tiepnhan.phuhoa"
TRACES = {"access_log"}
"""Tables to which a GET may append; it also notes when a session was last seen."""


def rules(app: Flask, method: str) -> Iterator[tuple[str, set[str]]]:
    """Endpoint and blanks of every route that takes *method*."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            yield rule.endpoint, set(rule.arguments)


def address(app: Flask, endpoint: str, blanks: set[str], places: dict[str, str]) -> str:
    with app.test_request_context():
        return url_for(endpoint, **{name: places.get(name, "1") for name in blanks})


def somebody_for(store: Session, endpoint: str, method: str) -> str:
    """Who may go through that door; "" when a stranger may."""
    audience = AUDIENCES[f"{method} {endpoint}"]
    roles = [role for role in Role if role in audience]
    return make.sign_in_name(store, roles[0]) if audience is not ANYBODY and roles else ""


def is_without_token(app: Flask, endpoint: str) -> bool:
    view = app.view_functions[endpoint]
    return f"{view.__module__}.{view.__name__}" in CSRF._exempt_views


@pytest.fixture
def walked(app: Flask, store: Session, sign_in: SignIn) -> Iterator[tuple[str, str, FlaskClient]]:
    """Endpoint, address and a browser of somebody it is for, of every POST."""
    app.config["WTF_CSRF_ENABLED"] = True
    posts = list(rules(app, "POST"))
    people = {endpoint: somebody_for(store, endpoint, "POST") for endpoint, _ in posts}
    store.commit()
    browsers = {name: app.test_client() for name in set(people.values())}
    for name, browser in browsers.items():
        if name:
            sign_in(browser, name)
    return (
        (endpoint, address(app, endpoint, blanks, PLACES), browsers[people[endpoint]])
        for endpoint, blanks in posts
    )


def test_every_post_asks_for_its_token_or_where_it_comes_from(
    app: Flask, walked: Iterator[tuple[str, str, FlaskClient]]
) -> None:
    open_without, wrong = [], []
    for endpoint, path, browser in walked:
        if not is_without_token(app, endpoint):
            wrong += [endpoint] if browser.post(path).status_code != 400 else []
            continue
        open_without.append(endpoint)
        for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            wrong += [endpoint] if browser.post(path, headers=foreign).status_code != 403 else []
    assert wrong == []
    assert open_without == ["public.look_up_submit"], "the readers' only form"


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_no_header_makes_one_method_another(client: FlaskClient, sign_in: SignIn, header: str) -> None:
    sign_in(client, BINH)
    assert client.get("/dang-xuat", headers={header: "POST"}).status_code == 405
    assert client.post("/tai-khoan", headers={header: "GET"}).status_code == 405
    assert client.post("/dang-ky?_method=DELETE", headers={header: "DELETE"}).status_code == 303
    assert client.get("/tai-khoan").status_code == 200


def tables(app: Flask) -> dict[str, str]:
    """A fingerprint of every table but the traces; of sessions without when they were last seen."""
    prints = {}
    with app.extensions["database"].reading() as reading:
        for table in Base.metadata.sorted_tables:
            if table.name not in TRACES:
                columns = [
                    column for column in table.columns if column is not AccountSession.seen_at.expression
                ]
                rows = sorted(map(repr, reading.execute(sa.select(*columns))))
                prints[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return prints


@pytest.mark.parametrize("role", [STRANGER, *Role])
def test_reading_changes_nothing(app: Flask, store: Session, sign_in: SignIn, role: str) -> None:
    dossier = make.dossier(store, Status.ACCEPTED, at=START, channel=Channel.ONLINE, delivery=Delivery.DESK)
    places = {"dossier_id": str(dossier.id), "appointment_id": "1"}
    places["uid"] = make.account(store, STAFF).uid
    name = "" if role == STRANGER else make.sign_in_name(store, Role(role))
    shown = {"public": PLACES["code"], "citizen": dossier.shown_code}
    store.commit()
    browser = app.test_client()
    if name:
        sign_in(browser, name)
    before, seen = tables(app), 0
    for endpoint, blanks in rules(app, "GET"):
        audience = AUDIENCES[f"GET {endpoint}"]
        if audience is ANYBODY or role in audience:
            code = shown.get(endpoint.partition(".")[0], PLACES["code"])
            answer = browser.get(address(app, endpoint, blanks, {**PLACES, "code": code, **places}))
            seen += answer.status_code == 200
            answer.close()
    assert tables(app) == before
    assert seen >= 8, "real pages"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", ""])
def test_a_host_that_is_not_ours_is_answered_by_nothing_of_ours(client: FlaskClient, host: str) -> None:
    for path in ("/", "/dang-nhap", "/ho-so", "/khong-co", "/en/thu-tuc"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert "evil" not in answer.text + str(answer.headers)


def test_links_are_never_built_from_the_host_of_a_request(client: FlaskClient, sign_in: SignIn) -> None:
    forwarded = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    sign_in(client, BINH)
    for path in ("/", "/thu-tuc/1.001193", "/tai-khoan", "/ho-so", "/khong-co", "/en/"):
        answer = client.get(path, headers={"Host": "localhost", **forwarded})
        links = re.findall(r'(?:href|action|src)="(https?://[^/"]+)', answer.text)
        assert not [link for link in links if "localhost" in link or "evil" in link], path
    away = client.post("/dang-xuat", headers={"Host": "localhost", **forwarded})
    assert away.location == "/"


INJECTED = ["/ho-so\r\nSet-Cookie: x=1", "/ho-so%0d%0aSet-Cookie:%20x=1", "/ho-so\u2028x", "/\u0000"]


@pytest.mark.parametrize("target", INJECTED)
def test_a_line_break_reaches_no_header_through_a_target(client: FlaskClient, target: str) -> None:
    data = {"ten": BINH, "mat_khau": "motcua-2020", "tiep": target}
    answer = client.post("/dang-nhap", data=data)
    assert [value for name, value in answer.headers if name == "Set-Cookie" and value.startswith("x=")] == []
    assert "\n" not in str(answer.location)
    assert answer.location in (None, "/ho-so", "/ho-so%0d%0aSet-Cookie:%20x=1")


def test_a_line_break_reaches_no_header_through_a_file_name(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    files: Files = app.extensions["files"]
    dossier = make.dossier(store, Status.RETURNED, at=START, channel=Channel.ONLINE, delivery=Delivery.DESK)
    paper = store.scalars(sa.select(Paper).where(Paper.dossier_id == dossier.id)).first()
    assert paper is not None
    paper.name, paper.blob = 'kết quả\r\nSet-Cookie: x=1".pdf', files.put(b"%PDF-1.4")
    uid, who = paper.uid, make.sign_in_name(store, Role.SPECIALIST, make.PHU_HOA)
    store.commit()
    sign_in(client, who)
    answer = client.get(f"/mot-cua/giay/{uid}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "\n" not in answer.headers["Content-Disposition"]
    answer.close()


EXTRA = {
    "id": "1", "role": "admin", "vai": "admin", "identity_level": "e_id", "sign_in_name": "quantri2",
    "must_change_password": "1", "status": "returned", "account_id": "1", "full_name": "Kẻ Khác",
    "password_hash": "x", "fee": "0", "amount_dong": "0", "code": "x", "due_at": "2030-01-01",
}  # fmt: skip
"""What no form has."""


def test_fields_that_no_form_has_are_not_taken(app: Flask, client: FlaskClient, store: Session) -> None:
    phrase = "trời mưa ở Phú Hòa"
    typed = {"ho_ten": "Lê Thị Mới", "so_dinh_danh": "074195001234", "dien_thoai": "0912345678"}
    client.post("/dang-ky", data={**EXTRA, **typed, "mat_khau_moi": phrase, "mat_khau_lai": phrase})
    contact = {"dien_thoai": "0912345679", "thu_dien_tu": "", "mat_khau": phrase}
    assert client.post("/tai-khoan/lien-lac", data={**EXTRA, **contact}).status_code == 303
    newcomer = make.account(store, "0912345679")
    held = sa.select(sa.func.count(Appointment.id)).where(Appointment.account_id == newcomer.id)
    assert newcomer.full_name == "Lê Thị Mới"
    assert newcomer.sign_in_name is None
    assert newcomer.identity_level == IdentityLevel.SELF_DECLARED
    assert not newcomer.must_change_password
    assert store.scalar(held) == 0


def test_a_move_takes_its_state_and_its_date_from_nobody(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = make.dossier(store, Status.SUBMITTED, at=START, channel=Channel.ONLINE, delivery=Delivery.DESK)
    number, owner, version = dossier.id, dossier.owner_name, dossier.version
    store.commit()
    sign_in(client, STAFF)
    sent = {**EXTRA, "phien_ban": str(version), "owner_name": "Kẻ Khác"}
    assert client.post(f"/mot-cua/ho-so/{number}/tiep-nhan", data=sent).status_code == 303
    store.expire_all()
    moved = store.get_one(Dossier, number)
    assert (moved.status, moved.owner_name) == (Status.ACCEPTED, owner)
    assert moved.due_at is not None
    assert moved.due_at.year == START.year


def test_a_role_that_ends_is_gone_with_the_next_request(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    sign_in(client, STAFF)
    assert client.get("/mot-cua").status_code == 200
    held = make.account(store, STAFF).appointments[0]
    held.to_on = START.date().replace(day=14)
    store.commit()
    assert client.get("/mot-cua").location.startswith("/dang-nhap")


def test_a_closed_officer_loses_every_session_at_once(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    browsers = [app.test_client() for _ in range(2)]
    for browser in browsers:
        sign_in(browser, STAFF)
        assert browser.get("/mot-cua").status_code == 200
    uid = make.account(store, STAFF).uid
    store.commit()
    sign_in(client, "quantri")
    assert client.post(f"/quan-tri/tai-khoan/{uid}/dong", data={"ly_do": "Nghỉ việc"}).status_code == 303
    assert [browser.get("/mot-cua").status_code for browser in browsers] == [303, 303]
    again = {"ten": STAFF, "mat_khau": "motcua-2020"}
    assert browsers[0].post("/dang-nhap", data=again).status_code == 422


def test_an_officer_in_two_browsers_is_signed_out_of_the_one_only(app: Flask, sign_in: SignIn) -> None:
    here, there = app.test_client(), app.test_client()
    for browser in (here, there):
        sign_in(browser, STAFF)
    here.post("/dang-xuat")
    assert [browser.get("/mot-cua").status_code for browser in (here, there)] == [303, 200]


@pytest.mark.parametrize(
    ("path", "name"),
    [("/mot-cua/canh-bao", "lanhdao.phuhoa"), ("/hop-thu", BINH), ("/trinh-dien/thu", "")],
)
@pytest.mark.both_databases
def test_a_list_begins_anew_at_a_place_that_no_database_can_count(
    client: FlaskClient, sign_in: SignIn, path: str, name: str
) -> None:
    if name:
        sign_in(client, name)
    for place in ("9223372036854775808", "-1", "0", "1" * 5000, "٣", "1e5", ""):
        assert client.get(path, query_string={"truoc": place}).status_code == 200, place
