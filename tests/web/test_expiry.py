"""A session that ends while somebody types: what was sent is shown, kept for its sender, and sent again."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts import kept_forms
from portal.accounts.models import AccountSession
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status
from portal.ground import ledger
from portal.ground.errors import NotFound
from portal.postal.checklist import wanted
from portal.web.context import wall_clock
from tests import make
from tests.conftest import START, SignIn
from tests.dossiers.test_drafts import STATUS
from tests.postal.journey import HOME, Journey
from tests.sites.test_filing import BINH, MAI, Filer, photo
from tests.sites.ward_pages import DESK, hidden_of, move, page_of

OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form on one of our own pages."""


def expire(app: Flask) -> None:
    """End every session, as time does."""
    with app.extensions["database"].writing.begin() as session:
        for row in session.scalars(select(AccountSession)):
            row.seen_at -= timedelta(days=1)


def way_back(page: TestResponse) -> str:
    """Where the page of the ended session leads once one has signed in."""
    (link,) = re.findall(r'href="/dang-nhap\?tiep=([^"]*/gui-lai/[^"]*)"', page.text)
    return unescape(link)


def send_again(client: FlaskClient, address: str) -> TestResponse:
    """Press the one button of the page of what was kept."""
    html = client.get(address).text
    action = unescape(re.findall(r'<form method="post" action="([^"]*)" class', html)[0])
    return client.post(action, data=hidden_of(html, action.partition("?")[0]))


def test_a_page_of_a_citizens_form_comes_back_whole(app: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, MAI)
    filer = Filer(client).fill()
    expire(app)
    late = client.post(f"{filer.address}/to-khai/tinh-trang", data=STATUS | {"khoa": "k"}, headers=OURS)
    assert late.status_code == 400
    assert "chưa được lưu" in late.text
    assert "<h1>Phiên làm việc đã hết hạn</h1>" in late.text
    sign_in(client, MAI)
    assert send_again(client, way_back(late)).status_code == 303


def test_what_was_typed_waits_for_its_sender_only_and_without_numbers_and_passwords(
    app: Flask, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client, MAI)
    filer = Filer(client).fill()
    expire(app)
    typed = {"requester_name": "Đỗ Thị Mai Lan", "requester_identity": "074188001234", "mat_khau": "bí mật"}
    late = client.post(f"{filer.address}/to-khai/nguoi-yeu-cau", data=typed, headers=OURS)
    sign_in(client, BINH)
    assert client.get(way_back(late)).status_code == 404
    sign_in(client, MAI)
    page = client.get(way_back(late)).text
    assert "Đỗ Thị Mai Lan" in page
    assert "074188001234" not in late.text + page
    assert "bí mật" not in late.text + page
    shown = send_again(client, way_back(late))
    assert shown.status_code == 422
    assert 'value="Đỗ Thị Mai Lan"' in shown.text


def test_photos_have_to_be_chosen_again_and_the_page_says_so(
    app: Flask, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client, MAI)
    filer = Filer(client).fill()
    expire(app)
    data = {"tep-noi-cu-tru": (photo(), "sổ.jpg")}
    late = client.post(f"{filer.address}/anh", data=data, headers=OURS)
    assert late.status_code == 400
    assert "Tệp không giữ được, hãy chọn lại." in late.text
    assert f'href="/dang-nhap?tiep={filer.address}/anh"' in late.text


def test_an_opinion_of_the_desk_is_not_typed_twice(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = make.dossier(store, Status.ACCEPTED, at=START)
    store.commit()
    sign_in(client, DESK["receptionist"])
    here = page_of(dossier.id)
    hidden = hidden_of(client.get(here).text, f"{here}/chuyen")
    expire(app)
    typed = {"loi_nhan": "Người dân cần trước thứ Sáu."}
    late = client.post(f"{here}/chuyen", data=hidden | typed, headers=OURS)
    assert "Lời nhắn cho chuyên viên</h3>" in late.text
    assert "Người dân cần trước thứ Sáu." in late.text
    sign_in(client, DESK["receptionist"])
    assert send_again(client, way_back(late)).status_code == 303
    assert send_again(client, way_back(late)).status_code == 303  # The key went along: it counted once.
    store.rollback()
    store.expire_all()
    assert store.get_one(Dossier, dossier.id).status == Status.IN_PROGRESS
    moves = [(entry.move, entry.reason) for entry in ledger.history(store, "dossier", dossier.id)]
    assert moves[-1] == ("forward", "Người dân cần trước thứ Sáu.")
    assert len(moves) == 3


def test_a_count_at_the_door_is_not_made_twice(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    journey = Journey(store)
    order = journey.pickup()
    journey.opened(order)
    sheets = {f"dem_{one.item_id}_{one.form}": one.needed for one in wanted(order.dossier, order.purpose)}
    store.commit()
    sign_in(client, "buuta.tam")
    expire(app)
    said = {"nguoi_giao": HOME.name, "niem_phong": "NP 004 731", "dong_y": "y", "tien": "tien_mat"}
    late = client.post(f"/buu-ta/diem/{order.code}/lay", data=sheets | said, headers=OURS)
    assert "NP 004 731" in late.text
    sign_in(client, "buuta.tam")
    assert send_again(client, way_back(late)).location == "/buu-ta"


def test_a_new_account_of_the_administrator_is_not_typed_twice(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    name = make.sign_in_name(store, make.Role.ADMIN)
    store.commit()
    sign_in(client, name)
    address = next(str(r) for r in app.url_map.iter_rules() if r.endpoint == "admin.new_account_submit")
    expire(app)
    late = client.post(address, data={"ho_ten": "Phan Thị Mới"}, headers=OURS)
    assert "Phan Thị Mới" in late.text
    sign_in(client, name)
    assert 'value="Phan Thị Mới"' in send_again(client, way_back(late)).text


def test_a_form_from_another_site_waits_under_nobodys_name(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    sign_in(client, MAI)
    expire(app)
    for said in ({}, {"Origin": "https://evil.example"}, OURS | {"Sec-Fetch-Site": "cross-site"}):
        late = client.post("/nop-ho-so/x", data={"loi": "Tôi không gõ điều này."}, headers=said)
        assert late.status_code == 400
        assert "/gui-lai/" not in late.text
    assert store.scalars(select(kept_forms.KeptForm)).all() == []


def test_a_page_from_before_signing_in_again_is_sent_again_with_one_more_press(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    dossier = make.dossier(store, Status.ACCEPTED, at=START)
    store.commit()
    sign_in(client, DESK["receptionist"])
    here = page_of(dossier.id)
    hidden = hidden_of(client.get(here).text, f"{here}/chuyen")
    old = hidden | {"csrf_token": "of an earlier session", "loi_nhan": "Gấp"}
    late = client.post(f"{here}/chuyen", data=old, headers=OURS)
    assert late.status_code == 400
    (address,) = re.findall(r'href="(/gui-lai/[^"]*)"', late.text)
    assert send_again(client, address).status_code == 303


def test_a_kept_form_waits_a_day_and_only_the_newest_wait(town: Session) -> None:
    me, at = make.citizen(town).account_id, wall_clock()
    uids = [
        kept_forms.keep(town, me, "/x", [("a", str(n))], at=at + timedelta(minutes=n))
        for n in range(kept_forms.MOST + 1)
    ]
    with pytest.raises(NotFound):
        kept_forms.get(town, str(uids[0]), me, at=at + timedelta(minutes=20))
    last = kept_forms.get(town, str(uids[-1]), me, at=at + timedelta(minutes=20))
    assert last.fields == [["a", str(kept_forms.MOST)]]
    with pytest.raises(NotFound):
        kept_forms.get(town, str(uids[-1]), me, at=at + timedelta(days=2))
    assert kept_forms.keep(town, me, "/x", [("a", "x" * (kept_forms.LONGEST + 1))], at=at) is None


def test_two_officials_at_once_keep_everything_the_later_one_typed(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = make.dossier(store, Status.SUBMITTED, at=START)
    store.commit()
    sign_in(client, DESK["receptionist"])
    here = page_of(dossier.id)
    hidden = hidden_of(client.get(here).text, f"{here}/bo-sung")
    move(client, dossier.id, "tiep-nhan")
    asked = {
        "hoi-1": "y",
        "hoi-ly-do-1": "blurred",
        "hoi-noi-ro-1": "Mờ ở dòng ba.",
        "loi_dan": "Xin gửi sớm.",
    }
    stale = client.post(f"{here}/bo-sung", data=hidden | asked)
    assert stale.status_code == 409
    assert [text in stale.text for text in ("Mờ ở dòng ba.", "Xin gửi sớm.")] == [True, True]
