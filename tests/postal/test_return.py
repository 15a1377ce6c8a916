"""Results on their way from the desk to the citizen."""

import pytest

from portal.accounts.models import Role
from portal.catalogue.models import Channel
from portal.dossiers import actions as dossiers
from portal.dossiers.states import Evidence, Status
from portal.ground.errors import NotAllowed, NotFound, Refused, WrongState
from portal.postal import actions, queries
from portal.postal.custody import NotPassedSo, standing_for
from portal.postal.models import Holder
from portal.postal.states import Failure, HolderKind, OrderState, Outcome, Purpose
from tests import make
from tests.postal.journey import HOME, Journey, seal_number


def test_a_return_asked_for_at_filing_waits_until_the_result_is_there(journey: Journey):
    dossier = journey.dossier(channel=Channel.DESK)
    order = journey.back(dossier)
    office = order.post_office_id
    assert queries.waiting(journey.session, office) == []
    with pytest.raises(WrongState):
        journey.stop(order)
    make.Road(journey.session, dossier, make.PHU_HOA, journey.at, journey.citizen).walk_to(
        Status.FINISHED, None
    )
    journey.session.flush()
    [row] = queries.waiting(journey.session, office)
    assert (row.code, row.fetched_from) == (order.code, "UBND phường Phú Hòa")
    assert queries.results_to_send(journey.session, office) == [dossier]
    journey.stop(order)
    journey.session.flush()
    assert queries.results_to_send(journey.session, office) == []


def test_a_dossier_may_be_sent_and_received_by_post_at_once(journey: Journey):
    dossier = journey.dossier()
    there, back = journey.pickup(dossier), journey.back(dossier)
    assert [order.id for order in queries.open_orders_of(journey.session, dossier.id)] == [there.id, back.id]


def test_a_result_fetched_elsewhere_is_not_brought_home(journey: Journey):
    dossier = make.dossier(journey.session, Status.FINISHED, at=journey.tick())
    with pytest.raises(WrongState):
        journey.back(dossier)


def test_the_receiver_reads_out_the_code_and_the_result_is_returned(journey: Journey):
    order = journey.back()
    stop = journey.with_carrier(order)
    code = order.delivery_code or ""
    spoken = f"{code[:3]} {code[3:]}"
    actions.deliver(journey.session, stop, "Đỗ Thị Mai", spoken, by=journey.carrier, at=journey.tick())
    dossier = order.dossier
    assert (dossier.status, dossier.evidence) == (Status.RETURNED, Evidence.DELIVERY)
    assert (order.state, stop.outcome) == (OrderState.DONE, Outcome.DELIVERED)
    assert journey.envelope(order).holder.kind == HolderKind.CITIZEN
    told = queries.events_of(journey.session, dossier.id)[-1]
    assert told.text % told.params == "Bưu tá Lê Văn Tám đã phát tận tay Đỗ Thị Mai, có mã nhận."


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.mark.parametrize(
    ("receiver", "spoken"),
    [
        pytest.param("Đỗ Thị Mai", wrong, id="another code"),
        pytest.param("Đỗ Thị Mai", lambda _code: "", id="no code"),
        pytest.param(" ", str, id="no name"),
    ],
)
def test_without_name_and_code_nothing_is_delivered(journey: Journey, receiver, spoken):
    order = journey.back()
    stop = journey.with_carrier(order)
    with pytest.raises(Refused):
        actions.deliver(
            journey.session,
            stop,
            receiver,
            spoken(order.delivery_code),
            by=journey.carrier,
            at=journey.tick(),
        )
    assert order.dossier.status == Status.FINISHED
    assert journey.envelope(order).holder == standing_for(journey.carrier)


def test_nothing_is_delivered_that_the_carrier_has_not_taken_over(journey: Journey):
    order = journey.back()
    stop, code = journey.opened(order), order.delivery_code or ""
    with pytest.raises(WrongState):
        actions.deliver(journey.session, stop, "Mai", code, by=journey.carrier, at=journey.tick())
    actions.offer_to_carrier(
        journey.session, order.dossier, journey.carrier.account_id, seal_number(),
        by=journey.receptionist, at=journey.tick(),
    )  # fmt: skip
    with pytest.raises(WrongState):
        actions.deliver(journey.session, stop, "Mai", code, by=journey.carrier, at=journey.tick())


def test_the_desk_sees_what_it_gives_out_and_to_whom(journey: Journey):
    order = journey.back()
    desk = journey.receptionist.office_id or 0
    [row] = queries.leaving_from(journey.session, desk)
    assert (row.order_code, row.carrier_name, row.envelope_code) == (order.code, "", "")
    journey.stop(order)
    actions.offer_to_carrier(
        journey.session, order.dossier, journey.carrier.account_id, "np 000 001",
        by=journey.receptionist, at=journey.tick(),
    )  # fmt: skip
    journey.session.flush()
    [row] = queries.leaving_from(journey.session, desk)
    assert (row.carrier_name, row.seal, row.offered_to) == ("Lê Văn Tám", "NP 000 001", "Lê Văn Tám")
    [offered] = queries.offered_to_carrier(journey.session, journey.carrier)
    assert offered.giver_name == "UBND phường Phú Hòa"
    actions.confirm_hand_over(
        journey.session, offered.hand_over_id, actions.Recount(), by=journey.carrier, at=journey.tick()
    )
    journey.session.flush()
    assert queries.leaving_from(journey.session, desk) == []


def test_a_result_is_sealed_by_its_own_desk_once_it_exists(journey: Journey):
    dossier = journey.dossier(channel=Channel.DESK)
    journey.back(dossier)
    with pytest.raises(WrongState):
        actions.seal(journey.session, dossier, seal_number(), by=journey.receptionist, at=journey.tick())
    elsewhere = make.official(journey.session, Role.RECEPTIONIST, "Hiệp Thành")
    with pytest.raises(NotAllowed):
        actions.seal(journey.session, dossier, seal_number(), by=elsewhere, at=journey.tick())


def test_a_failed_delivery_is_attempt_two_and_stays_with_whoever_has_the_envelope(journey: Journey):
    order = journey.back()
    stop = journey.with_carrier(order)
    actions.fail(journey.session, stop, Failure.ABSENT, by=journey.carrier, at=journey.tick())
    journey.session.flush()
    [row] = queries.waiting(journey.session, order.post_office_id)
    assert (row.attempt, row.fetched_from) == (2, "Lê Văn Tám")
    with pytest.raises(Refused, match="Bưu tá khác"):
        journey.stop(order, journey.other_carrier)
    again = journey.opened(order)
    actions.deliver(
        journey.session, again, "Mai", order.delivery_code or "", by=journey.carrier, at=journey.tick()
    )
    assert order.dossier.status == Status.RETURNED


def test_another_carrier_takes_over_at_the_post_office(journey: Journey):
    order = journey.back()
    stop = journey.with_carrier(order)
    actions.fail(journey.session, stop, Failure.NO_ACCESS, by=journey.carrier, at=journey.tick())
    envelope = journey.envelope(order)
    counter = Holder(HolderKind.POST_OFFICE, office_id=order.post_office_id)
    for giver, taker, to in (
        (journey.carrier, journey.clerk, counter),
        (journey.clerk, journey.other_carrier, standing_for(journey.other_carrier)),
    ):
        offered = actions.offer(journey.session, envelope, to, by=giver, at=journey.tick())
        journey.session.flush()
        journey.confirm(offered, taker)
    assert journey.stop(order, journey.other_carrier).run.carrier_id == journey.other_carrier.account_id
    with pytest.raises(NotFound):
        queries.envelope_of_code(journey.session, envelope.code, journey.carrier)
    journey.session.flush()
    names = [held.name for held in queries.custody_strip(journey.session, order.dossier_id)]
    assert names == ["UBND phường Phú Hòa", "Lê Văn Tám", "Bưu cục Thủ Dầu Một", "Bùi Văn Chín"]


def test_an_envelope_on_offer_is_not_delivered_behind_the_back_of_the_other_side(journey: Journey):
    order = journey.back()
    stop = journey.with_carrier(order)
    counter = Holder(HolderKind.POST_OFFICE, office_id=order.post_office_id)
    actions.offer(journey.session, journey.envelope(order), counter, by=journey.carrier, at=journey.tick())
    with pytest.raises(WrongState):
        actions.deliver(
            journey.session, stop, "Mai", order.delivery_code or "", by=journey.carrier, at=journey.tick()
        )


def test_a_return_is_cancelled_until_the_post_has_the_result(journey: Journey):
    order = journey.back()
    stop = journey.with_carrier(order)
    with pytest.raises(WrongState):
        actions.cancel(journey.session, order, by=journey.citizen, at=journey.tick())
    with pytest.raises(WrongState):
        actions.take_off(journey.session, stop, by=journey.clerk, at=journey.tick())


def test_the_desk_does_not_hand_over_what_the_post_holds(journey: Journey):
    order = journey.back()
    journey.with_carrier(order)
    said = {"receiver": "Đỗ Thị Mai"}
    dossiers.hand_over(journey.session, order.dossier, said, by=journey.receptionist, at=journey.tick())
    with pytest.raises(WrongState):
        actions.follow_end(journey.session, order.dossier, by=journey.receptionist, at=journey.tick())


def test_a_result_that_came_back_is_handed_over_at_the_desk(journey: Journey):
    order = journey.back()
    stop = journey.with_carrier(order)
    actions.fail(journey.session, stop, Failure.WRONG_ADDRESS, by=journey.carrier, at=journey.tick())
    envelope = journey.envelope(order)
    desk = standing_for(journey.receptionist)
    offered = actions.offer(journey.session, envelope, desk, by=journey.carrier, at=journey.tick())
    journey.session.flush()
    journey.confirm(offered, journey.receptionist)
    said = {"receiver": "Đỗ Thị Mai"}
    dossiers.hand_over(journey.session, order.dossier, said, by=journey.receptionist, at=journey.tick())
    actions.follow_end(journey.session, order.dossier, by=journey.receptionist, at=journey.tick())
    assert order.state == OrderState.CANCELLED
    assert envelope.holder.kind == HolderKind.CITIZEN


def test_an_undelivered_result_gets_a_new_seal_before_it_leaves_again(journey: Journey):
    order = journey.back()
    stop = journey.with_carrier(order)
    envelope = journey.envelope(order)
    first_seal = envelope.seal
    with pytest.raises(NotPassedSo):
        actions.seal(
            journey.session, order.dossier, seal_number(), by=journey.receptionist, at=journey.tick()
        )
    actions.fail(journey.session, stop, Failure.ABSENT, by=journey.carrier, at=journey.tick())
    desk = standing_for(journey.receptionist)
    offered = actions.offer(journey.session, envelope, desk, by=journey.carrier, at=journey.tick())
    journey.session.flush()
    journey.confirm(offered, journey.receptionist)
    journey.with_carrier(order)
    assert envelope.seal != first_seal
    assert journey.envelope(order).id == envelope.id


def test_papers_go_back_only_when_the_dossier_has_ended(journey: Journey):
    with pytest.raises(WrongState):
        actions.order_return(
            journey.session, journey.dossier(), HOME, by=journey.citizen, at=journey.tick(),
            purpose=Purpose.PAPERS_BACK,
        )  # fmt: skip
