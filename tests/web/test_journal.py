"""What the logs say of a day, and what they never say: nothing that anybody typed, is called or holds."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.app import create_app
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status
from portal.ground.db import Database
from portal.ground.errors import Unavailable
from portal.postal.models import PostalOrder
from portal.web import logs
from portal.web.guard import open_to_all
from tests import make
from tests.conftest import START, Clock, SignIn
from tests.postal.journey import HOME, Journey
from tests.sites.test_filing import MAI, Filer, place
from tests.sites.test_post_carrier import counted
from tests.sites.ward_pages import DESK, move

SECRET = "Nguyễn Thị Bí Mật"
LINE_ENDS = "a\r\n{}\x0b\x0c\x1c\x85\u2028\u2029z"
Capture = pytest.CaptureFixture[str]


def lines(capsys: Capture) -> list[dict[str, Any]]:
    """Every line that was logged; each must be JSON."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


class Day:
    """Browsers of one day, and everything that was typed into them or that they hold."""

    def __init__(self, app: Flask, sign_in: SignIn) -> None:
        self.app, self._sign_in = app, sign_in
        self.typed: set[str] = set()

    def browser(self, name: str | None = None) -> FlaskClient:
        """A new browser, signed in as *name* if given; it remembers what is typed."""
        client, send = self.app.test_client(), None
        if name:
            self._sign_in(client, name)
        send = client.open

        def remembering(*args: Any, **more: Any) -> Any:
            data = more.get("data")
            values = data.values() if isinstance(data, dict) else ()
            self.typed |= {value for value in values if isinstance(value, str) and len(value) > 5}
            answer = send(*args, **more)
            self.typed |= {cookie.value for cookie in client._cookies.values()}
            return answer

        client.open = remembering  # type: ignore[method-assign]
        return client


@pytest.fixture
def day(app: Flask, sign_in: SignIn) -> Day:
    """The portal with pages that fail as a careless programmer would let them."""
    site = Blueprint("broken", __name__)
    open_to_all(site)

    @site.post("/hong")
    def fail() -> str:
        raise RuntimeError(f"cannot read {request.form['ho_ten']}")

    @site.post("/hong/csdl")
    def fail_in_database() -> str:
        name = request.form["ho_ten"]
        logging.getLogger("sqlalchemy.pool").error("lost %s", name, exc_info=ValueError(name))
        raise sa.exc.DataError("INSERT", {"name": name}, Exception(f"value {name} too long"))

    app.register_blueprint(site)
    return Day(app, sign_in)


def a_citizens_morning(day: Day) -> None:
    mai = day.browser(MAI)
    Filer(mai).fill().send("post", "post", **place("pickup"), **place("back")).submit()
    for page in ("/ho-so", "/tai-khoan", "/ho-so/TN-AAAA-AAAA-A"):
        mai.get(page)
    mai.post("/tai-khoan/mat-khau", data={"mat_khau": "sai mật khẩu", "mat_khau_moi": "một câu khác dài"})
    mai.post("/dang-xuat")


def at_the_sign_in(day: Day) -> None:
    stranger = day.browser()
    for typed in ("mat-khau-sai-1", "motcua-2020"):
        stranger.post("/dang-nhap", data={"ten": "0900000001", "mat_khau": typed, "tiep": "/ho-so?q=riêng"})
    new = {"ho_ten": SECRET, "dien_thoai": "0987654321", "thu_dien_tu": "bi@mat.vn"}
    chosen = dict.fromkeys(("mat_khau_moi", "mat_khau_lai"), "một câu đủ dài")
    day.browser().post("/dang-ky", data={**new, **chosen, "so_dinh_danh": "074191003219"})
    for name in ["khong-co-ai"] * 12:
        day.browser().post("/dang-nhap", data={"ten": name, "mat_khau": "mat-khau-sai-2"})


def at_the_desk(day: Day, dossier: int, code: str) -> None:
    public = day.browser()
    public.get(f"/tra-cuu?ma={code}&so_cuoi=0001")
    for digits in ("0001", "9999"):
        public.post("/tra-cuu", data={"ma": code, "so_cuoi": digits})
    desk = day.browser(DESK["receptionist"])
    desk.get(f"/mot-cua/ho-so/{dossier}?q={SECRET}")
    move(desk, dossier, "tu-choi", reason=f"{SECRET} nộp sai nơi")
    desk.post(f"/mot-cua/ho-so/{dossier}/hien-so")
    desk.post("/mot-cua/tiep-nhan/tim", data={"q": "074191003215"})
    desk.get("/quan-tri")


def on_the_road(day: Day, journey: Journey) -> None:
    order = journey.pickup()
    journey.stop(order)
    filled = counted(order)
    journey.session.commit()
    carrier = day.browser("buuta.tam")
    here = f"/buu-ta/diem/{order.code}"
    for page, sent in (("mo", {"khoa": "o"}), ("lay", filled)):
        carrier.post(f"{here}/{page}", data=sent)
    carrier.get(here)


def the_administrator(day: Day) -> None:
    admin = day.browser("quantri")
    admin.post("/quan-tri/tai-khoan/moi", data={"ho_ten": SECRET, "ten_dang_nhap": "bi.mat.rieng"})
    admin.get("/quan-tri")


def what_breaks(day: Day) -> None:
    unlucky = day.browser(MAI)
    for page in ("/hong", "/hong/csdl"):
        unlucky.post(page, data={"ho_ten": SECRET, "so_dinh_danh": "074191003215"})
    odd = {"HTTP_USER_AGENT": LINE_ENDS.format(SECRET), "REQUEST_METHOD": "MỘT\nHAI"}
    unlucky.get(f"/khong/{LINE_ENDS.format(SECRET)}", environ_overrides=odd)


def personal(database: Database) -> Iterator[str]:
    """Every name, phone, address, code and secret that the database holds."""
    owner = ("owner_name", "owner_phone", "owner_address")
    columns = {
        Account: ("full_name", "phone", "sign_in_name", "email", "password_hash", "identity_index"),
        Dossier: ("code", "provisional_code", "submitter_phone", *owner),
        PostalOrder: ("code", "contact_name", "phone", "line", "delivery_code"),
    }
    with database.reading() as session:
        for table, names in columns.items():
            for row in session.scalars(sa.select(table)):
                yield from (value for name in names if (value := getattr(row, name)))


def test_a_whole_day_leaves_nothing_personal_in_the_logs(
    app: Flask, store: Session, day: Day, capsys: Capture
) -> None:
    dossier = make.dossier(store, Status.SUBMITTED, at=START)
    number, code = dossier.id, dossier.shown_code
    store.commit()
    a_citizens_morning(day)
    at_the_sign_in(day)
    at_the_desk(day, number, code)
    on_the_road(day, Journey(store))
    the_administrator(day)
    what_breaks(day)

    captured = capsys.readouterr()
    said = captured.out + captured.err
    known = {*day.typed, *personal(app.extensions["database"]), SECRET, HOME.name, HOME.line, code}
    known |= {"so_cuoi", "074191003215", "bi@mat.vn", "riêng"}
    spelled = {form for value in known for form in (value, json.dumps(value)[1:-1])}
    assert [value for value in sorted(spelled) if value in said] == []

    told = [json.loads(line) for line in captured.out.splitlines()]
    assert captured.err == ""
    events = {one["event"] for one in told}
    assert events >= {"request", "signed_in", "signed_out", "sign_in_refused", "limited", "denied"}
    assert events >= {"not_theirs", "unexpected", "library"}
    reached = {one["endpoint"] for one in told if one["event"] == "request" and one["status"] < 400}
    assert reached >= {"citizen.submit", "public.look_up_submit", "carrier.collect", "ward.reveal"}
    assert reached >= {"admin.new_account_submit", "signin.register_submit"}


def test_a_request_is_one_line_with_the_endpoint_and_the_account_by_number(
    client: FlaskClient, sign_in: SignIn, capsys: Capture
) -> None:
    actor = sign_in(client, DESK["receptionist"])
    client.get("/mot-cua?q=bí+mật")
    (line,) = lines(capsys)
    assert line["event"] == "request"
    assert (line["endpoint"], line["method"], line["status"]) == ("ward.inbox", "GET", 200)
    assert (line["account"], line["role"]) == (actor.account_id, "receptionist")
    assert line["timestamp"].endswith("Z")
    assert line["ms"] > 0
    assert set(line) == {
        "account", "endpoint", "event", "level", "method", "ms", "release", "request_id", "role", "status",
        "timestamp",
    }  # fmt: skip


def test_the_number_of_a_request_is_in_the_answer_and_in_every_line_of_it(day: Day, capsys: Capture) -> None:
    answer = day.browser().post("/hong", data={"ho_ten": SECRET})
    unexpected, line = lines(capsys)
    number = answer.headers["X-Request-Id"]
    assert unexpected["request_id"] == line["request_id"] == number
    assert unexpected["number"] in answer.text
    assert unexpected["endpoint"] == "broken.fail"
    failure = unexpected["failure"][0]
    assert failure["kind"] == "RuntimeError"
    assert re.search(r"test_journal\.py:\d+ fail$", failure["at"][-1])


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (0, "abcdef0123456789", False),
        (1, "abcdef0123456789", True),
        (1, "a b c d\n{}", False),
        (1, "ab", False),
    ],
)
def test_only_a_proxy_we_believe_names_a_request(
    app: Flask, proxies: int, given: str, is_taken: bool
) -> None:
    behind = create_app(replace(app.extensions["settings"], trusted_proxies=proxies))
    answer = behind.test_client().get("/healthz", environ_overrides={"HTTP_X_REQUEST_ID": given})
    behind.extensions["database"].dispose()
    assert (answer.headers["X-Request-Id"] == given) is is_taken


def test_who_was_turned_away_is_in_the_log_with_the_address(
    client: FlaskClient, sign_in: SignIn, capsys: Capture
) -> None:
    actor = sign_in(client, MAI)
    client.get("/quan-tri", environ_overrides={"REMOTE_ADDR": "2001:db8::7"})
    denied = lines(capsys)[0]
    assert (denied["event"], denied["endpoint"], denied["level"]) == ("denied", "admin.home", "warning")
    assert (denied["account"], denied["address"]) == (actor.account_id, "2001:db8::/64")


def test_a_failure_outside_every_page_is_a_line_and_a_500(app: Flask, capsys: Capture) -> None:
    journal = app.wsgi_app
    journal._app = lambda *_: 1 / 0  # type: ignore[attr-defined]
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert [one["event"] for one in lines(capsys)] == ["crashed", "request"]


def test_a_busy_database_is_an_event(app: Flask, client: FlaskClient, clock: Clock, capsys: Capture) -> None:
    def busy(*_: object) -> None:
        raise sa.exc.OperationalError("BEGIN", {}, Exception("database is locked"))

    sa.event.listen(app.extensions["database"].engine, "before_cursor_execute", busy)
    answer = client.post("/dang-nhap/vai", data={"vai": "1"})
    assert answer.status_code == Unavailable.status
    assert "database_busy" in {one["event"] for one in lines(capsys)}


@pytest.mark.parametrize(
    ("level", "said", "is_told"),
    [
        (logging.WARNING, "Configuration allows spawning up to 8 Python threads, which", False),
        (logging.INFO, "Listening at: http://127.0.0.1:8000", False),
        (logging.INFO, "Shutting down granian", True),
        (logging.WARNING, "Killing worker-1 after it refused to gracefully stop", True),
        (logging.ERROR, "Unexpected exit from worker-1", True),
    ],
)
def test_the_server_tells_what_is_news_and_not_what_we_chose(level: int, said: str, is_told: bool) -> None:
    record = logging.LogRecord("_granian", level, "", 1, said, None, None)
    assert logs.News().filter(record) is is_told
