"""Papers on their way from the citizen to the desk."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Role
from portal.catalogue.models import Channel
from portal.dossiers import actions as dossiers
from portal.dossiers.models import AccessLogEntry, Dossier
from portal.dossiers.states import BlockerKind, Fault, Look, Status
from portal.ground import ledger
from portal.ground.codes import is_random_code
from portal.ground.errors import NotAllowed, NotFound, Refused, WrongState
from portal.postal import actions, queries
from portal.postal.actions.recording import ENVELOPE, ORDER, written
from portal.postal.checklist import wanted
from portal.postal.custody import desk_of
from portal.postal.models import Envelope, Place, PostalOrder, Stop
from portal.postal.states import (
    Exemption,
    Failure,
    HolderKind,
    MissingReason,
    OrderState,
    Outcome,
    Purpose,
)
from tests import make
from tests.postal.journey import HOME, Journey


def test_a_pickup_goes_to_the_post_office_that_serves_the_ward_and_costs_its_price(journey: Journey):
    order = journey.pickup()
    assert order.post_office.name == "Bưu cục Thủ Dầu Một"
    assert (order.postage_dong, order.delivery_code, order.state) == (26_000, None, OrderState.REQUESTED)
    assert is_random_code(order.code)


def test_the_exempt_pay_nothing(journey: Journey):
    order = actions.order_pickup(
        journey.session, journey.dossier(), HOME, by=journey.citizen, at=journey.tick(),
        exemption=Exemption.HEROIC_MOTHER,
    )  # fmt: skip
    assert order.postage_dong == 0


def test_a_ward_that_no_post_office_serves_is_refused_with_a_sentence(journey: Journey):
    nowhere = Place("Mai", "0900000001", "718", "12 Lê Hồng Phong")
    with pytest.raises(Refused, match="chưa phục vụ"):
        actions.order_pickup(
            journey.session, journey.dossier(), nowhere, by=journey.citizen, at=journey.tick()
        )


def test_a_dossier_has_one_open_pickup(journey: Journey):
    order = journey.pickup()
    with pytest.raises(WrongState):
        journey.pickup(order.dossier)
    actions.cancel(journey.session, order, by=journey.citizen, at=journey.tick())
    assert journey.pickup(order.dossier).id != order.id


def test_nothing_is_collected_for_a_dossier_that_awaits_no_papers(journey: Journey):
    with pytest.raises(WrongState):
        journey.pickup(journey.dossier(channel=Channel.ONLINE))


def test_a_stranger_orders_nothing_and_cancels_nothing(journey: Journey):
    order, stranger = journey.pickup(), make.citizen(journey.session, 1)
    with pytest.raises(NotAllowed):
        actions.order_pickup(journey.session, journey.dossier(), HOME, by=stranger, at=journey.tick())
    with pytest.raises(NotAllowed):
        actions.cancel(journey.session, order, by=stranger, at=journey.tick())


def test_the_clerk_sees_address_and_window_by_ward_and_another_post_office_sees_nothing(journey: Journey):
    order = journey.pickup()
    [row] = queries.waiting(journey.session, order.post_office_id)
    assert (row.code, row.line, row.window) == (order.code, HOME.line, HOME.window)
    assert row.sheets == sum(line.needed for line in wanted(order.dossier, order.purpose)) > 0
    elsewhere = make.actor(journey.session, "giaodich.ngan")
    assert queries.waiting(journey.session, elsewhere.office_id or 0) == []
    with pytest.raises(NotFound):
        queries.order_by_code(journey.session, order.code, elsewhere)
    with pytest.raises(NotAllowed):
        actions.assign(
            journey.session, order, journey.carrier.account_id, journey.at.date(),
            by=elsewhere, at=journey.tick(),
        )  # fmt: skip


def test_only_carriers_of_the_post_office_get_its_orders(journey: Journey):
    order, stranger = journey.pickup(), make.actor(journey.session, "buuta.tung")
    with pytest.raises(Refused, match="không chạy tuyến"):
        journey.stop(order, stranger)


def test_stops_stand_in_the_order_the_clerk_gives_them(journey: Journey):
    first, second = journey.stop(journey.pickup()), journey.stop(journey.pickup())
    actions.move_up(journey.session, second, by=journey.clerk, at=journey.tick())
    actions.move_up(journey.session, second, by=journey.clerk, at=journey.tick())
    journey.session.flush()
    seen = queries.stops_of(journey.session, journey.carrier, journey.at.date())
    assert [stop.id for stop in seen] == [second.id, first.id]
    moves = [e for e in ledger.history(journey.session, ORDER, second.order_id) if e.move == "move_up"]
    assert [(e.account_id, e.details["before"]) for e in moves] == [
        (journey.clerk.account_id, first.order.code)
    ]


def test_a_stop_taken_off_lets_the_order_wait_again(journey: Journey):
    order = journey.pickup()
    actions.take_off(journey.session, journey.stop(order), by=journey.clerk, at=journey.tick())
    journey.session.flush()
    assert (order.state, order.attempt) == (OrderState.REQUESTED, 1)
    assert queries.stops_of(journey.session, journey.carrier, journey.at.date()) == []


def test_a_stop_is_its_own_carriers_alone(journey: Journey):
    stop = journey.stop(journey.pickup())
    journey.session.flush()
    with pytest.raises(NotFound):
        queries.stop_by_code(journey.session, stop.order.code, journey.other_carrier, journey.at.date())
    with pytest.raises(NotAllowed):
        actions.open_stop(journey.session, stop, by=journey.other_carrier, at=journey.tick())


def test_tomorrows_stop_is_not_opened_today(journey: Journey):
    order, tomorrow = journey.pickup(), journey.at.date() + timedelta(days=1)
    actions.assign(
        journey.session, order, journey.carrier.account_id, tomorrow, by=journey.clerk, at=journey.tick()
    )
    journey.session.flush()
    with pytest.raises(NotFound):
        queries.stop_by_code(journey.session, order.code, journey.carrier, journey.at.date())


def test_a_stop_left_open_is_still_there_the_next_day(journey: Journey):
    stop, tomorrow = journey.stop(journey.pickup()), journey.at.date() + timedelta(days=1)
    journey.session.flush()
    assert queries.stops_of(journey.session, journey.carrier, tomorrow) == [stop]


def test_opening_a_stop_is_recorded_once_and_told_to_the_citizen(journey: Journey):
    order = journey.pickup()
    stop = journey.opened(order)
    first = stop.opened_at
    actions.open_stop(journey.session, stop, by=journey.carrier, at=journey.tick())
    looks = journey.session.scalars(select(AccessLogEntry).where(AccessLogEntry.look == Look.STOP)).all()
    assert [look.account_id for look in looks] == [journey.carrier.account_id]
    assert stop.opened_at == first
    assert [e.kind for e in queries.events_of(journey.session, order.dossier_id)].count("open") == 1


def test_nothing_is_collected_before_the_stop_is_opened(journey: Journey):
    order = journey.pickup()
    with pytest.raises(WrongState):
        actions.collect(
            journey.session, journey.stop(order), journey.everything(order),
            by=journey.carrier, at=journey.tick(),
        )  # fmt: skip


def test_what_the_carrier_collects_is_the_frozen_list_and_starts_no_term(journey: Journey):
    order = journey.pickup()
    envelope = journey.collected(order)
    listed = {(line.item_id, line.form): line.needed for line in wanted(order.dossier, order.purpose)}
    assert {(line.checklist_item_id, line.form): line.counted for line in envelope.lines} == listed
    assert envelope.holder.kind == HolderKind.CARRIER
    assert order.state == OrderState.COLLECTED
    assert order.dossier.received_at is None
    assert order.dossier.blockers


def unticked(order: PostalOrder) -> dict[str, int]:
    return {line.key: line.needed for line in wanted(order.dossier, order.purpose)[1:]}


def one_less(order: PostalOrder) -> dict[str, int]:
    first = wanted(order.dossier, order.purpose)[0]
    return unticked(order) | {first.key: first.needed - 1}


def one_more(order: PostalOrder) -> dict[str, int]:
    first = wanted(order.dossier, order.purpose)[0]
    return unticked(order) | {first.key: first.needed + 1}


def nothing(order: PostalOrder) -> dict[str, int]:
    return {line.key: 0 for line in wanted(order.dossier, order.purpose)}


@pytest.mark.parametrize(
    ("sheets", "said", "sentence"),
    [
        pytest.param(unticked, {}, "Hãy đếm mọi giấy tờ", id="a line is not counted"),
        pytest.param(one_less, {}, "chọn lý do thiếu", id="a short line has no reason"),
        pytest.param(one_more, {}, "danh mục chỉ có", id="more than the list asks for"),
        pytest.param(nothing, {}, "Không có tờ nào", id="nothing at all"),
        pytest.param(None, {"citizen_agreed": False}, "đồng ý", id="the citizen did not agree"),
        pytest.param(None, {"giver": " "}, "người giao", id="nobody gave"),
        pytest.param(None, {"seal": "??"}, "số niêm phong", id="no seal"),
    ],
)  # fmt: skip
def test_a_count_that_is_not_whole_seals_nothing(journey: Journey, sheets, said, sentence):
    order = journey.pickup()
    stop = journey.opened(order)
    reasons = dict.fromkeys(nothing(order), MissingReason.NOT_YET) if sheets is nothing else {}
    counted = journey.everything(order, **said, missing=reasons)
    if sheets:
        counted = journey.everything(order, sheets=sheets(order), missing=reasons, **said)
    with pytest.raises(Refused, match=sentence):
        actions.collect(journey.session, stop, counted, by=journey.carrier, at=journey.tick())
    assert (order.state, stop.outcome) == (OrderState.ASSIGNED, None)


def test_a_seal_is_used_once(journey: Journey):
    used = journey.collected().seal
    order = journey.pickup()
    stop = journey.opened(order)
    with pytest.raises(Refused, match="đã dùng"):
        actions.collect(
            journey.session, stop, journey.everything(order, seal=used.lower()),
            by=journey.carrier, at=journey.tick(),
        )  # fmt: skip


def test_a_missing_sheet_travels_with_its_reason(journey: Journey):
    order = journey.pickup()
    short = one_less(order)
    key = wanted(order.dossier, order.purpose)[0].key
    counted = journey.everything(order, sheets=short, missing={key: MissingReason.NOT_YET})
    envelope = actions.collect(
        journey.session, journey.opened(order), counted, by=journey.carrier, at=journey.tick()
    )
    assert [line.missing_reason for line in envelope.lines if line.counted < line.needed] == [
        MissingReason.NOT_YET
    ]
    told = queries.events_of(journey.session, order.dossier_id)[-1]
    assert told.kind == "collect"
    assert "thiếu" in told.detail % told.params


def test_a_failed_pickup_goes_back_to_the_clerk_as_attempt_two_with_its_reason(journey: Journey):
    order = journey.pickup()
    stop = journey.opened(order)
    actions.fail(journey.session, stop, Failure.ABSENT, "Đã gọi 2 lần", by=journey.carrier, at=journey.tick())
    journey.session.flush()
    [row] = queries.waiting(journey.session, order.post_office_id)
    assert (row.attempt, row.failed_because, row.failure_note) == (2, Failure.ABSENT, "Đã gọi 2 lần")
    assert stop.outcome == Outcome.FAILED
    again = journey.opened(order)
    assert again.attempt == 2
    told = queries.events_of(journey.session, order.dossier_id)
    assert [event.detail for event in told if event.kind == "fail"] == [Failure.ABSENT.label]


def test_a_pickup_does_not_fail_for_a_reason_of_deliveries(journey: Journey):
    stop = journey.opened(journey.pickup())
    with pytest.raises(Refused):
        actions.fail(journey.session, stop, Failure.NO_PROOF, by=journey.carrier, at=journey.tick())


def test_a_stop_ends_once(journey: Journey):
    order = journey.pickup()
    stop = journey.opened(order)
    actions.fail(journey.session, stop, Failure.ABSENT, by=journey.carrier, at=journey.tick())
    with pytest.raises(WrongState):
        actions.collect(
            journey.session, stop, journey.everything(order), by=journey.carrier, at=journey.tick()
        )


def test_the_term_starts_when_the_desk_has_counted_the_papers(journey: Journey):
    envelope = journey.at_desk()
    dossier = envelope.order.dossier
    assert envelope.holder == desk_of(dossier)
    assert (envelope.order.state, dossier.received_at) == (OrderState.DONE, journey.at)
    assert dossier.check_due_at is not None
    assert dossier.blockers == []
    assert [item.counted for item in dossier.checklist] == [item.sheets for item in dossier.checklist]
    dossiers.accept(journey.session, dossier, by=journey.receptionist, at=journey.tick())
    assert dossier.status == Status.ACCEPTED


def test_the_desk_counts_every_line_and_says_what_differs(journey: Journey):
    offered = journey.offered_to_desk()
    with pytest.raises(Refused, match="đếm lại mọi"):
        journey.confirm(offered, journey.receptionist)
    first = offered.envelope.lines[0]
    counts = {line.id: line.counted for line in offered.envelope.lines}
    short = counts | {first.id: first.counted - 1}
    with pytest.raises(Refused, match="khác bên giao"):
        journey.confirm(offered, journey.receptionist, actions.Recount(short))
    journey.confirm(offered, journey.receptionist, actions.Recount(short, "Thiếu tờ 2 của bản sao"))
    row = next(count for count in offered.counts if count.line_id == first.id)
    assert (row.given, row.counted) == (first.counted, first.counted - 1)
    told = queries.events_of(journey.session, offered.envelope.order.dossier_id)[-1]
    assert "Thiếu tờ 2 của bản sao" in told.detail % told.params


def test_an_offer_is_confirmed_by_the_other_side_alone(journey: Journey):
    offered = journey.offered_to_desk()
    elsewhere = make.official(journey.session, Role.RECEPTIONIST, "Hiệp Thành")
    for stranger in (journey.carrier, journey.other_carrier, journey.clerk, elsewhere):
        with pytest.raises((NotFound, NotAllowed)):
            journey.confirm(offered, stranger, journey.recounted(offered))
    assert offered.envelope.holder.account_id == journey.carrier.account_id


def test_until_the_other_side_confirms_the_giver_holds_and_may_take_back(journey: Journey):
    offered = journey.offered_to_desk()
    envelope = offered.envelope
    assert envelope.holder.account_id == journey.carrier.account_id
    with pytest.raises(WrongState):
        journey.offered_to_desk(envelope)
    actions.take_back(journey.session, offered.id, by=journey.carrier, at=journey.tick())
    with pytest.raises(WrongState):
        journey.confirm(offered, journey.receptionist, journey.recounted(offered))
    assert journey.at_desk(envelope).holder.kind == HolderKind.DESK


def test_every_offer_and_its_taking_back_stand_in_the_ledger(journey: Journey):
    offered = journey.offered_to_desk()
    actions.take_back(journey.session, offered.id, by=journey.carrier, at=journey.tick())
    rows = ledger.history(journey.session, ENVELOPE, offered.envelope_id)[-2:]
    assert [row.move for row in rows] == ["offer", "take_back"]
    here, desk = written(offered.giver), written(offered.receiver)
    assert {(row.from_state, row.to_state, row.details["receiver"]) for row in rows} == {(here, here, desk)}
    assert {row.account_id for row in rows} == {journey.carrier.account_id}


def test_an_envelope_goes_to_the_desk_of_its_dossier_and_no_other(journey: Journey):
    envelope = journey.collected()
    elsewhere = make.official(journey.session, Role.RECEPTIONIST, "Hiệp Thành")
    wrong = desk_of(envelope.order.dossier).__class__(HolderKind.DESK, office_id=elsewhere.office_id)
    with pytest.raises(Refused, match="quầy khác"):
        actions.offer(journey.session, envelope, wrong, by=journey.carrier, at=journey.tick())


def test_a_pickup_of_an_ended_dossier_is_cancelled_and_its_stop_closed(journey: Journey):
    order = journey.pickup()
    stop = journey.opened(order)
    dossiers.withdraw(journey.session, order.dossier, by=journey.citizen, at=journey.tick())
    actions.follow_end(journey.session, order.dossier, by=journey.citizen, at=journey.tick())
    assert (order.state, stop.outcome) == (OrderState.CANCELLED, Outcome.TAKEN_OFF)
    with pytest.raises(NotFound):
        queries.stop_by_code(journey.session, order.code, journey.carrier, journey.at.date())


def test_papers_underway_when_the_dossier_ends_reach_the_desk_and_go_back(journey: Journey):
    envelope = journey.collected()
    dossier = envelope.order.dossier
    dossiers.withdraw(journey.session, dossier, by=journey.citizen, at=journey.tick())
    actions.follow_end(journey.session, dossier, by=journey.citizen, at=journey.tick())
    journey.at_desk(envelope)
    journey.session.flush()
    desk = journey.receptionist.office_id or 0
    assert [held.envelope_code for held in queries.papers_to_give_back(journey.session, desk)] == [
        envelope.code
    ]
    order = actions.order_return(
        journey.session, dossier, HOME, by=journey.citizen, at=journey.tick(), purpose=Purpose.PAPERS_BACK
    )
    assert order.postage_dong == 0
    stop = journey.with_carrier(order)
    back = journey.envelope(order)
    assert back.sheets == envelope.sheets
    actions.deliver(
        journey.session, stop, "Đỗ Thị Mai", order.delivery_code or "", by=journey.carrier, at=journey.tick()
    )
    assert (order.state, dossier.status) == (OrderState.DONE, Status.WITHDRAWN)
    assert queries.papers_to_give_back(journey.session, desk) == []


def closed(journey: Journey) -> Envelope:
    """The envelope of a dossier that was accepted, stopped and closed; it lies at the desk."""
    envelope = journey.at_desk()
    dossier, session = envelope.order.dossier, journey.session
    dossiers.accept(session, dossier, by=journey.receptionist, at=journey.tick())
    dossiers.forward(session, dossier, by=journey.receptionist, at=journey.tick())
    leader = make.official(session, Role.LEADER)
    dossiers.stop(session, dossier, by=leader, at=journey.tick(), reason="Tranh chấp")
    session.flush()
    with pytest.raises(WrongState):
        papers_back(journey, dossier)
    dossiers.close(session, dossier, by=leader, at=journey.tick(), reason="Hết cách")
    actions.follow_end(session, dossier, by=leader, at=journey.tick())
    session.flush()
    return envelope


def papers_back(journey: Journey, dossier: Dossier) -> PostalOrder:
    """The citizen asks the post to bring the papers home."""
    at, by = journey.tick(), journey.citizen
    return actions.order_return(journey.session, dossier, HOME, by=by, at=at, purpose=Purpose.PAPERS_BACK)


def test_papers_of_a_closed_dossier_go_home_by_post(journey: Journey):
    envelope = closed(journey)
    dossier, desk = envelope.order.dossier, journey.receptionist.office_id or 0
    lying = queries.papers_to_give_back(journey.session, desk)
    assert [held.envelope_code for held in lying] == [envelope.code]
    order = papers_back(journey, dossier)
    stop = journey.with_carrier(order)
    assert journey.envelope(order).sheets == envelope.sheets
    said = ("Đỗ Thị Mai", order.delivery_code or "")
    actions.deliver(journey.session, stop, *said, by=journey.carrier, at=journey.tick())
    assert (order.state, dossier.status, dossier.is_over) == (OrderState.DONE, Status.STOPPED, True)
    assert queries.papers_to_give_back(journey.session, desk) == []


def test_papers_of_a_closed_dossier_may_be_fetched_at_the_desk(journey: Journey):
    envelope = closed(journey)
    actions.give_back(journey.session, envelope, "Mai", by=journey.receptionist, at=journey.tick())
    assert envelope.holder.kind == HolderKind.CITIZEN


def test_papers_of_an_ended_dossier_may_be_fetched_at_the_desk(journey: Journey):
    envelope = journey.at_desk()
    dossier = envelope.order.dossier
    with pytest.raises(WrongState):
        actions.give_back(journey.session, envelope, "Mai", by=journey.receptionist, at=journey.tick())
    dossiers.refuse(
        journey.session, dossier, by=journey.receptionist, at=journey.tick(), reason="Sai nơi nộp"
    )
    actions.give_back(journey.session, envelope, "Mai", by=journey.receptionist, at=journey.tick())
    assert envelope.holder.kind == HolderKind.CITIZEN


def test_a_supplement_is_collected_against_what_was_asked_for(journey: Journey):
    dossier = journey.dossier(Status.AWAITING_SUPPLEMENT, Channel.ONLINE)
    order = actions.order_pickup(
        journey.session, dossier, HOME, by=journey.citizen, at=journey.tick(), purpose=Purpose.SUPPLEMENT
    )
    asked = {dossier.checklist[0].id}
    assert {line.item_id for line in wanted(dossier, order.purpose)} == asked
    envelope = journey.at_desk(journey.collected(order))
    assert envelope.order.state == OrderState.DONE
    assert dossier.status == Status.AWAITING_SUPPLEMENT


def test_an_order_of_the_carriers_own_dossier_goes_to_somebody_else(journey: Journey):
    mine = make.as_citizen(journey.session, journey.carrier)
    dossier = make.dossier(
        journey.session, at=journey.tick(), by=mine, code=make.CERTIFIED_COPY, channel=Channel.POST
    )
    order = actions.order_pickup(journey.session, dossier, HOME, by=mine, at=journey.tick())
    with pytest.raises(Refused, match="chính mình"):
        journey.stop(order)
    assert isinstance(journey.stop(order, journey.other_carrier), Stop)


def kinds(dossier: Dossier) -> list[BlockerKind]:
    return [blocker.kind for blocker in dossier.blockers]


def test_papers_come_in_by_hand_only_while_no_order_brings_them(journey: Journey):
    dossier = journey.dossier(channel=Channel.DESK)
    assert kinds(dossier) == [BlockerKind.PAPERS_TO_BRING]
    order = journey.pickup(dossier)
    assert kinds(dossier) == [BlockerKind.PAPERS_ON_THE_WAY]
    actions.cancel(journey.session, order, by=journey.citizen, at=journey.tick())
    assert kinds(dossier) == [BlockerKind.PAPERS_TO_BRING]


def test_papers_that_arrive_while_a_supplement_is_awaited_are_taken_in_later_by_hand(journey: Journey):
    envelope = journey.collected()
    dossier = envelope.order.dossier
    asked = [dossiers.Asked(Fault.MISSING, "Thiếu tờ 2", item_key=dossier.checklist[0].key)]
    dossiers.ask_supplement(journey.session, dossier, asked, by=journey.receptionist, at=journey.tick())
    journey.at_desk(envelope)
    assert envelope.order.state == OrderState.DONE
    assert kinds(dossier) == [BlockerKind.PAPERS_TO_BRING]
