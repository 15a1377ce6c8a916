"""The carrier's run, stops and bag, as a phone without JavaScript uses them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.dossiers.models import AccessLogEntry
from portal.dossiers.states import Look, Status
from portal.postal import actions
from portal.postal.checklist import wanted
from portal.postal.custody import desk_of, standing_for
from portal.postal.models import PostalOrder
from portal.postal.states import HolderKind, MissingReason, OrderState
from tests.conftest import Clock, SignIn
from tests.postal.journey import HOME, Journey, seal_number
from tests.sites.post_pages import Visitor

CARRIER, OTHER = "buuta.tam", "buuta.chin"
HIDDEN = (HOME.name, HOME.phone, "12 Lê Hồng Phong", "khu phố 4")
"""What nobody reads before the stop is opened."""


@pytest.fixture
def journey(store: Session) -> Journey:
    """The road of one dossier by post, in the application's database."""
    return Journey(store)


@pytest.fixture
def visitor(client: FlaskClient, sign_in: SignIn, journey: Journey) -> Visitor:
    """A browser on the pages of the post."""
    return Visitor(client, sign_in, journey)


def given_out(journey: Journey, order: PostalOrder) -> str:
    """The address of the order's stop, once it is on the carrier's run."""
    journey.stop(order)
    return f"/buu-ta/diem/{order.code}"


def counted(order: PostalOrder, **typed: object) -> dict[str, object]:
    """The form of the door, filled in whole."""
    lines = wanted(order.dossier, order.purpose)
    sheets = {f"dem_{line.item_id}_{line.form}": line.needed for line in lines}
    said = {"nguoi_giao": HOME.name, "niem_phong": seal_number(), "dong_y": "y", "tien": "tien_mat"}
    return {**sheets, **said, "khoa": "k", **typed}


def test_the_list_shows_window_and_ward_and_hides_the_person(visitor: Visitor, journey: Journey):
    order = journey.pickup()
    here = given_out(journey, order)
    visitor.come_as(CARRIER)
    for page in (visitor.get("/buu-ta").text, visitor.get(here).text):
        assert "08:00–10:00" in page
        assert "Phường Phú Hòa" in page
        assert order.code in page
        assert not [word for word in HIDDEN if word in page]
        assert not [line.name for line in wanted(order.dossier, order.purpose) if line.name in page]


def test_an_opened_stop_shows_person_and_papers_and_the_look_is_kept(visitor: Visitor, journey: Journey):
    order = journey.pickup()
    here = given_out(journey, order)
    visitor.come_as(CARRIER)
    assert visitor.post(f"{here}/mo", data={"khoa": "o"}).status_code == 303
    html = visitor.get(here).text
    assert all(word in html for word in HIDDEN)
    assert all(line.name in html for line in wanted(order.dossier, order.purpose))
    assert HOME.name in visitor.get("/buu-ta").text
    looks = journey.session.scalars(select(AccessLogEntry).where(AccessLogEntry.look == Look.STOP)).all()
    assert [look.account_id for look in looks] == [journey.carrier.account_id]


def test_the_carrier_reads_paper_names_but_no_procedure_and_no_answer(visitor: Visitor, journey: Journey):
    order = journey.pickup()
    here = given_out(journey, order)
    visitor.come_as(CARRIER)
    visitor.post(f"{here}/mo")
    for address in ("/buu-ta", here, f"{here}/khong-duoc", "/buu-ta/ban-giao"):
        html = visitor.get(address).text
        assert order.dossier.procedure_version.name not in html
        assert "Đăng ký kết hôn" not in html
        assert order.dossier.provisional_code not in html


SENT = [("GET", "khong-duoc"), ("POST", "lay"), ("POST", "phat"), ("POST", "khong-duoc")]
"""Everything that can be asked of a stop beside opening it."""


@pytest.mark.parametrize(("method", "word"), SENT)
@pytest.mark.parametrize("way", ["pickup", "back"])
def test_a_stop_that_is_shut_or_done_names_nobody(
    visitor: Visitor, journey: Journey, method: str, word: str, way: str
):
    order = journey.pickup() if way == "pickup" else journey.back()
    here = given_out(journey, order)
    visitor.come_as(CARRIER)
    whole = {**counted(order), "ly_do": "absent", "nguoi_nhan": "A", "ma": "000000"}

    def answers() -> list[TestResponse]:
        visitor.session.commit()
        forms = ({}, {**whole, "nguoi_giao": "A"}) if method == "POST" else ({},)
        return [visitor.client.open(f"{here}/{word}", method=method, data=form) for form in forms]

    shut = answers()
    visitor.post(f"{here}/mo")
    assert visitor.post(f"{here}/khong-duoc", {"ly_do": "absent"}).status_code == 303
    for answer in (*shut, *answers()):
        assert answer.status_code == 409
        assert not [said for said in HIDDEN if said in answer.text]


def test_a_stop_of_another_carrier_does_not_exist(visitor: Visitor, journey: Journey):
    order = journey.pickup()
    here = given_out(journey, order)
    visitor.come_as(OTHER)
    assert visitor.get(here).status_code == 404
    assert visitor.get(f"{here}/khong-duoc").status_code == 404
    for word in ("mo", "lay", "phat", "khong-duoc"):
        assert visitor.post(f"{here}/{word}", data=counted(order)).status_code == 404
    assert order.code not in visitor.get("/buu-ta").text


def test_papers_are_collected_once_though_the_reply_was_lost(visitor: Visitor, journey: Journey):
    order = journey.pickup()
    here = given_out(journey, order)
    visitor.come_as(CARRIER)
    visitor.post(f"{here}/mo")
    form = counted(order)
    answers = [visitor.post(f"{here}/lay", data=form) for _sent in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/buu-ta")] * 2
    envelope = journey.envelope(order)
    assert envelope.holder == standing_for(journey.carrier)
    assert len(envelope.events) == 1
    assert order.postage_paid_at is not None
    assert not [word for word in HIDDEN if word in visitor.get("/buu-ta?xem=xong").text]
    assert not [word for word in HIDDEN if word in visitor.get(here).text]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("dem", "", "Hãy đếm giấy này."),
        ("dem", "0", "hãy chọn vì sao"),
        ("dem", "9", "Danh mục chỉ có"),
        ("dem", "x", "Hãy nhập một số."),
        ("niem_phong", "?", "Hãy ghi số niêm phong"),
        ("nguoi_giao", " ", "Hãy ghi họ tên người giao"),
        ("dong_y", "", "đồng ý trước khi niêm phong"),
        ("tien", "", "Hãy chọn đã nhận tiền cước hay chưa."),
    ],
)
def test_a_count_that_is_not_whole_comes_back_with_what_was_typed(
    visitor: Visitor, journey: Journey, field: str, typed: str, sentence: str
):
    order = journey.pickup()
    here = given_out(journey, order)
    visitor.come_as(CARRIER)
    visitor.post(f"{here}/mo")
    first = wanted(order.dossier, order.purpose)[0]
    name = f"dem_{first.item_id}_{first.form}" if field == "dem" else field
    form = counted(order, **{name: typed})
    answer = visitor.post(f"{here}/lay", data={key: value for key, value in form.items() if value != ""})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "<title>Lỗi:" in answer.text
    if field != "niem_phong":
        assert str(form["niem_phong"]) in answer.text


def test_missing_sheets_are_kept_with_their_reason(visitor: Visitor, journey: Journey):
    order = journey.pickup()
    here = given_out(journey, order)
    visitor.come_as(CARRIER)
    visitor.post(f"{here}/mo")
    name = "{0.item_id}_{0.form}".format(wanted(order.dossier, order.purpose)[0])
    form = counted(order, **{f"dem_{name}": 0, f"thieu_{name}": MissingReason.KEEPS_ORIGINAL})
    assert visitor.post(f"{here}/lay", data=form).status_code == 303
    reasons = [line.missing_reason for line in journey.envelope(order).lines if line.missing_reason]
    assert reasons == [MissingReason.KEEPS_ORIGINAL]


def test_a_failure_needs_a_reason_and_sends_the_order_back(visitor: Visitor, journey: Journey):
    order = journey.pickup()
    here = given_out(journey, order)
    visitor.come_as(CARRIER)
    assert visitor.get(f"{here}/khong-duoc").status_code == 409
    visitor.post(f"{here}/mo")
    assert "Tiếp theo:" in visitor.get(f"{here}/khong-duoc").text
    assert visitor.post(f"{here}/khong-duoc", data={}).status_code == 422
    for _sent in range(2):
        answer = visitor.post(f"{here}/khong-duoc", data={"ly_do": "absent", "khoa": "f"})
        assert answer.status_code == 303
    assert (order.state, order.attempt) == (OrderState.REQUESTED, 2)


def test_the_bag_is_given_to_the_desk_and_may_be_taken_back(visitor: Visitor, journey: Journey, clock: Clock):
    envelope = journey.collected()
    clock.at = journey.tick()
    visitor.come_as(CARRIER)
    assert "Giao quầy UBND phường Phú Hòa" in visitor.get("/buu-ta/ban-giao").text
    given = visitor.post("/buu-ta/ban-giao", data={"phong_bi": [envelope.code], "noi": "quay", "khoa": "g"})
    assert given.status_code == 303
    offered = envelope.open_hand_over
    assert offered is not None
    assert offered.receiver == desk_of(envelope.order.dossier)
    assert "Bạn còn giữ" in visitor.get("/buu-ta/ban-giao").text
    visitor.post(f"/buu-ta/ban-giao/{offered.id}/rut", data={"khoa": "r"})
    assert envelope.open_hand_over is None


def test_the_bag_of_another_carrier_does_not_exist(visitor: Visitor, journey: Journey):
    envelope = journey.collected()
    offered = journey.offered_to_desk(envelope)
    visitor.come_as(OTHER)
    assert envelope.code not in visitor.get("/buu-ta/ban-giao").text
    for address in (f"/buu-ta/ban-giao/{offered.id}/rut", f"/buu-ta/ban-giao/{offered.id}/nhan"):
        assert visitor.post(address).status_code == 404
    given = {"phong_bi": [envelope.code], "noi": "quay"}
    assert visitor.post("/buu-ta/ban-giao", data=given).status_code == 404


def test_choosing_no_envelope_or_no_side_gives_nothing(visitor: Visitor, journey: Journey):
    envelope = journey.collected()
    visitor.come_as(CARRIER)
    visitor.post("/buu-ta/ban-giao", data={"noi": "quay"})
    assert "Hãy chọn ít nhất một phong bì" in visitor.get("/buu-ta/ban-giao").text
    assert visitor.post("/buu-ta/ban-giao", data={"phong_bi": [envelope.code]}).status_code == 404


def test_a_result_is_taken_over_from_the_desk_and_delivered_with_the_code(
    visitor: Visitor, journey: Journey, clock: Clock
):
    order = journey.back()
    here = given_out(journey, order)
    offered = actions.offer_to_carrier(
        journey.session, order.dossier, journey.carrier.account_id, seal_number(),
        by=journey.receptionist, at=journey.tick(),
    )  # fmt: skip
    clock.at = journey.tick()
    visitor.come_as(CARRIER)
    visitor.post(f"{here}/mo")
    assert "Phong bì chưa ở trong túi của bạn" in visitor.get(here).text
    assert "Có 1 phong bì chờ bạn nhận" in visitor.get("/buu-ta").text
    visitor.post(f"/buu-ta/ban-giao/{offered.id}/nhan", data={"khoa": "n"})
    html = visitor.get(here).text
    assert order.delivery_code not in html
    spoken = {"nguoi_nhan": HOME.name, "ma": "", "tien": "chua_thu", "khoa": "d"}
    assert visitor.post(f"{here}/phat", data=spoken).status_code == 422
    wrong = "000000" if order.delivery_code != "000000" else "111111"
    refused = visitor.post(f"{here}/phat", data=spoken | {"ma": wrong})
    assert refused.status_code == 422
    assert "Mã nhận chưa đúng" in refused.text
    for _sent in range(2):
        done = visitor.post(f"{here}/phat", data=spoken | {"ma": order.delivery_code})
        assert done.status_code == 303
    assert order.dossier.status == Status.RETURNED
    assert order.postage_paid_at is None
    assert journey.envelope(order).holder.kind == HolderKind.CITIZEN


def test_a_delivery_code_is_not_guessed(visitor: Visitor, journey: Journey):
    order = journey.back()
    journey.with_carrier(order)
    visitor.come_as(CARRIER)
    right = int(order.delivery_code or "")
    guesses = [f"{(right + step) % 10**6:06d}" for step in range(1, 8)]
    here = f"/buu-ta/diem/{order.code}/phat"
    said = [visitor.post(here, {"nguoi_nhan": "A", "ma": guess, "tien": "chua_thu"}) for guess in guesses]
    assert [answer.status_code for answer in said] == [422] * 6 + [429]
    assert order.dossier.status == Status.FINISHED


def test_guesses_at_one_code_do_not_hinder_the_next_delivery(visitor: Visitor, journey: Journey):
    guessed, next_one = journey.back(), journey.back()
    for order in (guessed, next_one):
        journey.with_carrier(order)
    visitor.come_as(CARRIER)
    said = {"nguoi_nhan": "A", "tien": "chua_thu"}
    wrong = f"{(int(guessed.delivery_code or '') + 1) % 10**6:06d}"
    for _guess in range(7):
        visitor.post(f"/buu-ta/diem/{guessed.code}/phat", said | {"ma": wrong})
    done = visitor.post(f"/buu-ta/diem/{next_one.code}/phat", said | {"ma": next_one.delivery_code})
    assert done.status_code == 303
    assert guessed.dossier.status == Status.FINISHED


@pytest.mark.parametrize("address", ["/buu-ta", "/buu-ta?xem=xong", "/buu-ta/ban-giao"])
def test_more_stops_need_no_more_statements(
    visitor: Visitor, journey: Journey, count_statements: list[str], address: str
):
    def visit() -> int:
        visitor.session.commit()
        count_statements.clear()
        assert visitor.get(address).status_code == 200
        return len(count_statements)

    def more() -> None:
        journey.stop(journey.pickup())
        journey.opened(journey.pickup())
        journey.collected()
        journey.offered_to_desk()

    visitor.come_as(CARRIER)
    more()
    visitor.get(address)
    few = visit()
    for _time in range(4):
        more()
    assert visit() == few


def test_only_carriers_come_in(visitor: Visitor):
    for name in ("giaodich.thu", "tiepnhan.phuhoa", "0900000001"):
        visitor.come_as(name)
        assert visitor.get("/buu-ta").status_code == 403
