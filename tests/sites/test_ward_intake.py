import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts import identity
from portal.accounts.models import Account, IdentityLevel, Role
from portal.catalogue.models import Channel
from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery, Status
from portal.ground.ledger import history
from portal.payments.actions import Fee, set_fee
from portal.payments.models import CashReceipt, FeeKind
from portal.postal.models import PostalOrder
from tests import make
from tests.conftest import START, SignIn
from tests.sites.ward_pages import DESK, hidden_of

COPIES = "/mot-cua/tiep-nhan?thu-tuc=2.000815"
PERSON = {
    "so_dinh_danh": "280 912 417",
    "ho_ten": "Vũ Đức Long",
    "dien_thoai": "0918 220 417",
    "dia_chi": "27 Huỳnh Văn Lũy, khu phố 3",
}


def take_in(client: FlaskClient, decision: str, **typed: str) -> TestResponse:
    """Fill the page of the counter for certified copies, with what is *typed* in place of the usual."""
    html = client.get(COPIES).text
    hidden = hidden_of(html, "/mot-cua/tiep-nhan")
    sent = {**hidden, **PERSON, **chosen(html), **counted(html), "nhan": "desk", **typed}
    return client.post(COPIES, data={**sent, "viec": decision})


def counted(html: str) -> dict[str, str]:
    """The sheets that the page has filled in already."""
    fields = [tag for tag in re.findall(r"<input[^>]*>", html) if re.search(r'name="ban-(chinh|sao)-', tag)]
    said = (dict(re.findall(r'(name|value)="([^"]*)"', tag)) for tag in fields)
    return {one["name"]: one["value"] for one in said}


def chosen(html: str) -> dict[str, str]:
    """The ward and the office that the lists of the page have chosen already."""
    picked = {}
    for name in ("phuong_xa", "co_quan"):
        options = html.split(f'name="{name}"')[1].split("</select>")[0]
        picked[name] = options.split("selected")[1].split('value="')[1].split('"')[0]
    return picked


@pytest.fixture
def desk(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    sign_in(client, DESK["receptionist"])
    return client


def test_a_procedure_is_found_in_the_words_of_the_person(desk: FlaskClient) -> None:
    html = desk.get("/mot-cua/tiep-nhan?tim=sao y").text

    assert 'href="/mot-cua/tiep-nhan?thu-tuc=2.000815"' in html


def test_papers_are_accepted_in_one_sitting_with_a_slip(desk: FlaskClient, store: Session) -> None:
    answer = take_in(desk, "tiep-nhan", **{"ban-sao-1": "4"})
    with desk.application.extensions["database"].reading() as reading:
        dossier = reading.scalars(select(Dossier)).one()
        papers = [(item.originals, item.copies, item.counted) for item in dossier.checklist]
        assert (dossier.status, dossier.channel, dossier.code) == (
            Status.ACCEPTED, Channel.DESK, "000.21.07.H09-200915-0001",
        )  # fmt: skip
        assert (dossier.owner_name, dossier.owner_phone, dossier.owner_id) == (
            "Vũ Đức Long",
            "0918220417",
            None,
        )
        assert dossier.owner_address.startswith("27 Huỳnh Văn Lũy, khu phố 3, Phường Phú Hòa")
        assert "912417" not in (dossier.owner_identity_sealed or "")
        assert papers == [(1, 0, 1), (0, 4, 4)]
        assert answer.location == f"/mot-cua/ho-so/{dossier.id}/giay-hen"
    assert "VŨ ĐỨC LONG" in desk.get(answer.location).text


def test_what_is_missing_is_asked_for_in_the_same_sitting(desk: FlaskClient, store: Session) -> None:
    typed = {"kiem-tra-1": "missing", "ban-sao-1": "0"}

    too_early = take_in(desk, "tiep-nhan", **typed)
    silent = take_in(desk, "bo-sung", **typed)
    asked = take_in(desk, "bo-sung", **typed, **{"noi-ro-1": "Chưa chụp bản sao"})

    assert (too_early.status_code, silent.status_code, asked.status_code) == (422, 422, 303)
    assert "Còn thiếu hoặc chưa hợp lệ" in too_early.text
    assert 'value="Vũ Đức Long"' in too_early.text
    with desk.application.extensions["database"].reading() as reading:
        dossier = reading.scalars(select(Dossier)).one()
        assert dossier.status == Status.AWAITING_SUPPLEMENT
        assert [item.note for item in dossier.supplements[0].items] == ["Chưa chụp bản sao"]
        assert [item.copies for item in dossier.checklist] == [0, 1]


def test_a_refusal_at_the_counter_needs_its_reason(desk: FlaskClient, store: Session) -> None:
    silent = take_in(desk, "tu-choi")
    refused = take_in(desk, "tu-choi", ly_do="Bản chính bị ép dẻo")

    assert (silent.status_code, refused.status_code) == (422, 303)
    assert store.scalars(select(Dossier.status)).one() == Status.NOT_ACCEPTED


@pytest.mark.parametrize(
    ("field", "value"),
    [("so_dinh_danh", "12"), ("ho_ten", " "), ("dien_thoai", "123"), ("dia_chi", ""), ("phuong_xa", "99999")],
)
def test_what_is_wrong_stands_beside_its_field(
    desk: FlaskClient, store: Session, field: str, value: str
) -> None:
    answer = take_in(desk, "tiep-nhan", **{field: value})

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-err"' in answer.text
    assert store.scalars(select(Dossier)).all() == []


def test_a_dossier_goes_into_an_account_only_when_its_number_was_proven(
    desk: FlaskClient, store: Session
) -> None:
    person = make.account(store, "Đỗ Thị Mai")
    hers = {"so_dinh_danh": "074191003215", "ho_ten": "Đỗ Thị Mai", "dien_thoai": "0900000001"}
    person.identity_level = IdentityLevel.SELF_DECLARED
    store.commit()

    looked = take_in(desk, "tra", **hers)
    take_in(desk, "tiep-nhan", **hers)
    person.identity_level = IdentityLevel.SEEN
    store.commit()
    looked_again = take_in(desk, "tra", so_dinh_danh="074191003215", ho_ten="", dien_thoai="")
    take_in(desk, "tiep-nhan", **hers)

    assert "Tự khai, chưa đối chiếu" in looked.text
    assert "hồ sơ sẽ nằm trong tài khoản này" in looked_again.text
    assert 'value="Đỗ Thị Mai"' in looked_again.text
    owners = store.scalars(select(Dossier.owner_id).order_by(Dossier.id)).all()
    assert owners == [None, person.id]


def test_sheets_that_were_not_counted_are_asked_for(desk: FlaskClient, store: Session) -> None:
    answer = take_in(desk, "tiep-nhan", **{"ban-chinh-0": "", "ban-sao-0": ""})

    assert answer.status_code == 422
    assert "Hãy ghi số tờ đã đếm." in answer.text
    assert store.scalars(select(Dossier)).all() == []


def test_who_was_looked_for_by_number_is_recorded_without_the_number(
    desk: FlaskClient, store: Session
) -> None:
    person = store.get_one(Account, make.citizen(store, 0).account_id)
    identity.declare(store, person, "074195001234")
    store.commit()

    take_in(desk, "tra", so_dinh_danh="074195001234")

    last = history(store, "account", person.id)[-1]
    assert last.move == "looked_up"
    assert last.details == {"office": make.official(store, Role.RECEPTIONIST).office_id}


def test_nobody_leafs_through_people_by_number(desk: FlaskClient) -> None:
    html = desk.get(COPIES).text
    sent = {**PERSON, **chosen(html), "viec": "tra"}

    answers = [desk.post(COPIES, data=sent).status_code for _ in range(61)]

    assert answers == [200] * 60 + [429]


def test_looking_for_an_account_takes_nothing_in(desk: FlaskClient, store: Session) -> None:
    answer = take_in(desk, "tra")

    assert answer.status_code == 200
    assert "Chưa có tài khoản nào mang số này." in answer.text
    assert store.scalars(select(Dossier)).all() == []


def test_an_identity_number_never_stands_in_an_address(desk: FlaskClient) -> None:
    answer = take_in(desk, "tra")

    assert 'method="post" action="/mot-cua/tiep-nhan?thu-tuc=2.000815' in answer.text
    assert "280" not in answer.request.url


def test_the_result_may_go_home_with_the_post(desk: FlaskClient, store: Session) -> None:
    take_in(desk, "tiep-nhan", nhan="post")

    order = store.scalars(select(PostalOrder)).one()
    assert (order.direction, order.contact_name, order.line) == (
        "return", "Vũ Đức Long", "27 Huỳnh Văn Lũy, khu phố 3",
    )  # fmt: skip
    assert order.dossier.delivery == Delivery.POST


def test_an_electronic_result_is_not_offered_below_level_4(desk: FlaskClient, store: Session) -> None:
    page = desk.get(COPIES).text
    answer = take_in(desk, "tiep-nhan", nhan="online")

    assert "kết quả chỉ có bản giấy" in page
    assert answer.status_code == 422


def test_fees_are_shown_and_taken_in_the_same_sitting(desk: FlaskClient, store: Session) -> None:
    fee = Fee(FeeKind.CHARGE, "Chứng thực bản sao", 8_000, date(2020, 1, 1), "Thông tư 226/2016/TT-BTC")
    set_fee(store, "2.000815", Channel.DESK, fee, by=make.official(store, Role.RECEPTIONIST), at=START)
    store.commit()

    page = desk.get(COPIES).text
    take_in(desk, "tiep-nhan", da_thu="y")

    assert "8.000\N{NO-BREAK SPACE}₫" in page
    receipt = store.scalars(select(CashReceipt)).one()
    assert (receipt.amount_dong, receipt.payer, receipt.note) == (8_000, "Vũ Đức Long", "Chứng thực bản sao")


def test_a_fee_without_a_rate_is_told_in_the_published_words(desk: FlaskClient) -> None:
    assert "công bố ghi: 2.000 ₫ một trang." in desk.get(COPIES).text


def test_another_ward_may_receive_what_this_one_decides(desk: FlaskClient, store: Session) -> None:
    here, elsewhere = make.office(store), make.office(store, "Hiệp Thành")
    store.commit()

    take_in(desk, "tiep-nhan", co_quan=str(elsewhere.id))

    dossier = store.scalars(select(Dossier)).one()
    assert (dossier.office_id, dossier.received_by_id) == (elsewhere.id, here.id)
    assert dossier.code
    assert dossier.code.startswith(elsewhere.code)


def test_a_double_click_takes_the_papers_in_once(desk: FlaskClient, store: Session) -> None:
    html = desk.get(COPIES).text
    sent = {
        **hidden_of(html, "/mot-cua/tiep-nhan"),
        **PERSON,
        **chosen(html),
        **counted(html),
        "nhan": "desk",
    }

    answers = [desk.post(COPIES, data={**sent, "viec": "tiep-nhan"}) for _ in range(2)]

    assert answers[0].location == answers[1].location
    assert len(store.scalars(select(Dossier)).all()) == 1


def test_a_receptionist_does_not_take_in_the_own_papers(desk: FlaskClient, store: Session) -> None:
    receptionist = make.account(store, DESK["receptionist"])
    receptionist.identity_level = IdentityLevel.SELF_DECLARED
    identity.declare(store, receptionist, "280 555 666")
    store.commit()

    answer = take_in(desk, "tiep-nhan", so_dinh_danh="280555666")

    assert answer.status_code == 403
    assert store.scalars(select(Dossier)).all() == []


def test_only_a_receptionist_takes_papers_in(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, DESK["specialist"])

    page = client.get(COPIES)
    answer = take_in(client, "tiep-nhan")

    assert (page.status_code, answer.status_code) == (200, 403)
    assert "Tiếp nhận, in giấy hẹn" not in page.text


def test_a_procedure_that_does_not_exist_is_a_404_and_no_decision_a_400(desk: FlaskClient) -> None:
    assert desk.get("/mot-cua/tiep-nhan?thu-tuc=9.999999").status_code == 404
    assert desk.post(COPIES, data=PERSON).status_code == 400


BIRTH = "/mot-cua/tiep-nhan?thu-tuc=1.001193&truong-hop=co-giay-chung-sinh"
TYPED = {
    **PERSON,
    "nhan": "post",
    "ly_do": "Chưa đủ",
    "ban-chinh-2": "3",
    "kiem-tra-2": "illegible",
    "noi-ro-2": "Văn bản ủy quyền bị nhòe",
}


def test_another_case_keeps_everything_that_was_typed(desk: FlaskClient) -> None:
    page = desk.get(BIRTH).text
    sent = {**hidden_of(page, "/mot-cua/tiep-nhan"), **TYPED, "truong-hop": "tre-bi-bo-roi"}

    without = desk.post(BIRTH, data={**sent, "viec": "doi"})
    sent["truong-hop"] = "khong-giay-chung-sinh"
    html = desk.post(BIRTH, data={**sent, "viec": "doi"}).text

    assert (without.status_code, "Văn bản ủy quyền" in without.text) == (200, False)
    assert all(f'value="{value}"' in html for value in PERSON.values())
    assert "Chưa đủ</textarea>" in html
    assert 'truong-hop=khong-giay-chung-sinh" id="nhan"' in html
    assert 'value="khong-giay-chung-sinh" form="nhan" checked' in html
    assert re.search(r'name="ban-chinh-2"[^>]* value="3"', html)
    assert "Văn bản ủy quyền bị nhòe" in html
    assert "Giấy chứng sinh</th>" not in html


def test_a_line_of_papers_follows_its_paper_into_another_case(desk: FlaskClient) -> None:
    page = desk.get(BIRTH).text
    typed = {"ban-chinh-1": "9", "kiem-tra-4": "missing", "noi-ro-4": "Quên thẻ ở nhà"}
    sent = {**hidden_of(page, "/mot-cua/tiep-nhan"), **typed, "truong-hop": "tre-bi-bo-roi"}

    html = desk.post(BIRTH, data={**sent, "viec": "doi"}).text

    assert re.search(r'name="noi-ro-2"[^>]* value="Quên thẻ ở nhà"', html)
    assert re.search(r'name="ban-chinh-1"[^>]* value="1"', html)


def test_nothing_is_decided_on_the_papers_of_another_case(desk: FlaskClient, store: Session) -> None:
    answer = take_in(desk, "tiep-nhan", **{"truong-hop": "chua-co-ban-sao"})

    assert answer.status_code == 422
    assert "Giấy tờ dưới đây là của trường hợp vừa chọn" in answer.text
    assert store.scalars(select(Dossier)).all() == []
