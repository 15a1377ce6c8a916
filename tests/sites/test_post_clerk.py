"""The clerk's orders, runs and hand-overs, as a browser without JavaScript uses them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.postal import actions, queries
from portal.postal.custody import standing_for
from portal.postal.models import HandOver, Holder
from portal.postal.states import Failure, HolderKind, OrderState
from tests.conftest import Clock, SignIn
from tests.postal.journey import HOME, Journey
from tests.sites.post_pages import Visitor

CLERK, ELSEWHERE = "giaodich.thu", "giaodich.ngan"


@pytest.fixture
def journey(store: Session) -> Journey:
    """The road of one dossier by post, in the application's database."""
    return Journey(store)


@pytest.fixture
def visitor(client: FlaskClient, sign_in: SignIn, journey: Journey) -> Visitor:
    """A browser on the pages of the post."""
    return Visitor(client, sign_in, journey)


def assign(visitor: Visitor, journey: Journey, *codes: str, day: str = "0"):
    chosen = {"don": list(codes), "buu_ta": journey.carrier.account_id, "ngay": day, "khoa": "k1"}
    return visitor.post("/buu-dien/tuyen", data=chosen)


def test_the_clerk_sees_orders_by_ward_with_address_but_without_names(visitor: Visitor, journey: Journey):
    order = journey.pickup()
    visitor.come_as(CLERK)
    html = visitor.get("/buu-dien").text
    assert HOME.line in html
    assert order.code in html
    assert "Phường Phú Hòa" in html
    assert HOME.name not in html
    assert HOME.phone not in html


def test_another_post_office_sees_and_moves_nothing(visitor: Visitor, journey: Journey):
    order = journey.pickup()
    stop = journey.stop(journey.pickup())
    visitor.come_as(ELSEWHERE)
    assert order.code not in visitor.get("/buu-dien").text
    assert assign(visitor, journey, order.code).status_code == 422
    assert visitor.get(f"/buu-dien/tuyen/{stop.run_id}/phieu").status_code == 404
    for word in ("len", "rut"):
        assert visitor.post(f"/buu-dien/tuyen/diem/{stop.id}/{word}").status_code == 404


def test_the_clerk_gives_orders_to_a_carrier_and_a_repeated_click_changes_nothing(
    visitor: Visitor, journey: Journey
):
    first, second = journey.pickup(), journey.pickup()
    visitor.come_as(CLERK)
    for _click in range(2):
        assert assign(visitor, journey, first.code, second.code).status_code in (303, 422)
    html = visitor.get("/buu-dien").text
    assert "còn 2 trên 2 điểm" in html
    assert "Không có đơn nào chờ" in html


def test_choosing_nothing_says_so_beside_the_orders(visitor: Visitor, journey: Journey):
    journey.pickup()
    visitor.come_as(CLERK)
    answer = assign(visitor, journey)
    assert answer.status_code == 422
    assert "Hãy chọn ít nhất một đơn." in answer.text
    assert 'href="#don"' in answer.text
    assert 'id="don"' in answer.text


def test_a_run_for_tomorrow_is_made_today(visitor: Visitor, journey: Journey):
    order = journey.pickup()
    visitor.come_as(CLERK)
    assign(visitor, journey, order.code, day="1")
    assert "16/09/2020" in visitor.get("/buu-dien").text.split("còn 1 trên 1")[0]


def test_stops_are_moved_up_and_taken_off(visitor: Visitor, journey: Journey):
    first, second = journey.stop(journey.pickup()), journey.stop(journey.pickup())
    visitor.come_as(CLERK)
    visitor.post(f"/buu-dien/tuyen/diem/{second.id}/len", data={"khoa": "a"})
    sheet = visitor.get(f"/buu-dien/tuyen/{first.run_id}/phieu").text
    assert sheet.index(second.order.code) < sheet.index(first.order.code)
    assert HOME.name not in sheet
    assert "12 Lê Hồng Phong" not in sheet
    asked = visitor.get(f"/buu-dien/tuyen/diem/{second.id}/rut").text
    assert "Rút điểm này khỏi tuyến?" in asked
    assert f'action="/buu-dien/tuyen/diem/{second.id}/rut"' not in visitor.get("/buu-dien").text
    assert second.order.code in visitor.get(f"/buu-dien/tuyen/{first.run_id}/phieu").text
    visitor.post(f"/buu-dien/tuyen/diem/{second.id}/rut", data={"khoa": "b"})
    assert "Đã rút đơn" in visitor.get("/buu-dien").text
    assert second.order.code not in visitor.get(f"/buu-dien/tuyen/{first.run_id}/phieu").text


def test_a_failed_pickup_comes_back_with_its_attempt_and_reason(visitor: Visitor, journey: Journey):
    order = journey.pickup()
    stop = journey.opened(order)
    actions.fail(journey.session, stop, Failure.ABSENT, "Đã gọi 2 lần", by=journey.carrier, at=journey.tick())
    visitor.come_as(CLERK)
    html = visitor.get("/buu-dien").text
    assert "Lần 2, trước đó: Vắng nhà" in html
    assert "Đã gọi 2 lần" in html


def offer_to_counter(journey: Journey) -> HandOver:
    envelope = journey.collected()
    counter = Holder(HolderKind.POST_OFFICE, office_id=envelope.order.post_office_id)
    return actions.offer(journey.session, envelope, counter, by=journey.carrier, at=journey.tick())


def test_the_counter_takes_over_and_passes_on_with_both_sides(
    visitor: Visitor, journey: Journey, clock: Clock
):
    offered = offer_to_counter(journey)
    envelope = offered.envelope
    clock.at = journey.tick()
    visitor.come_as(CLERK)
    html = visitor.get("/buu-dien/ban-giao").text
    assert envelope.code in html
    assert envelope.seal in html
    taken = visitor.post("/buu-dien/ban-giao/nhan", data={"lan": [offered.id], "khoa": "n"})
    assert taken.status_code == 303
    given = {"phong_bi": [envelope.code], "ben_nhan": "quay", "khoa": "g"}
    assert visitor.post("/buu-dien/ban-giao/giao", data=given).status_code == 303
    assert envelope.holder == standing_for(journey.clerk)
    assert envelope.open_hand_over is not None
    assert "Chờ UBND phường Phú Hòa xác nhận" in visitor.get("/buu-dien/ban-giao").text
    visitor.post(f"/buu-dien/ban-giao/{envelope.open_hand_over.id}/rut", data={"khoa": "r"})
    assert envelope.open_hand_over is None


def test_nothing_chosen_at_the_counter_is_told_beside_the_table(visitor: Visitor, journey: Journey):
    offer_to_counter(journey)
    visitor.come_as(CLERK)
    answer = visitor.post("/buu-dien/ban-giao/nhan", data={})
    assert answer.status_code == 422
    assert 'href="#lan"' in answer.text
    assert 'id="lan"' in answer.text


def test_envelopes_with_carriers_are_listed_by_holder(visitor: Visitor, journey: Journey):
    envelope = journey.collected()
    visitor.come_as(CLERK)
    html = visitor.get("/buu-dien/ban-giao").text
    assert envelope.code in html
    assert "Lê Văn Tám" in html


@pytest.mark.parametrize("address", ["/buu-dien", "/buu-dien/ban-giao"])
def test_more_orders_need_no_more_statements(
    visitor: Visitor, journey: Journey, count_statements: list[str], address: str
):
    def visit() -> int:
        visitor.session.commit()
        count_statements.clear()
        assert visitor.get(address).status_code == 200
        return len(count_statements)

    visitor.come_as(CLERK)
    journey.pickup()
    journey.back()
    journey.collected()
    offer_to_counter(journey)
    visitor.get(address)
    few = visit()
    for _more in range(4):
        journey.pickup()
        journey.back()
        journey.collected()
        offer_to_counter(journey)
    assert visit() == few


def test_the_state_of_an_order_is_the_clerks_to_change_alone(visitor: Visitor, journey: Journey):
    order = journey.pickup()
    for name in ("buuta.tam", "tiepnhan.phuhoa", "0900000001"):
        visitor.come_as(name)
        assert visitor.get("/buu-dien").status_code == 403
        assert assign(visitor, journey, order.code).status_code == 403
    assert order.state == OrderState.REQUESTED
    assert queries.waiting(journey.session, order.post_office_id)
