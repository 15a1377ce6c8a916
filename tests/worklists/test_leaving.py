"""Somebody leaves a role: the open work is passed on, and nobody leaves with an envelope in the bag."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import absences, appointments, rights
from portal.accounts.appointments import Seat, Tenure
from portal.accounts.authority import OPERATOR, OwnRights
from portal.accounts.models import Account, Actor, Appointment, Role
from portal.accounts.registration import enrol
from portal.catalogue import workflows
from portal.dossiers import actions as dossier_actions
from portal.dossiers.models import Dossier
from portal.dossiers.states import Move, Status, Step
from portal.dossiers.workflow import replay
from portal.ground import ledger
from portal.ground.errors import NotAllowed, PortalError, Refused, WrongState
from portal.postal import actions, queries
from portal.postal.models import Holder
from portal.postal.states import HolderKind, OrderState, Outcome
from portal.worklists import leaving
from portal.worklists.leaving import Leave, NobodyLeft, StillCarrying
from portal.worklists.open_work import NoSuccessor, StillOpen, close_office, open_work, work_of
from tests import make
from tests.conftest import START
from tests.postal.journey import Journey

TODAY, YESTERDAY, TOMORROW = date(2020, 9, 15), date(2020, 9, 14), date(2020, 9, 16)
LATER = date(2020, 10, 1)


@pytest.fixture
def journey(town: Session) -> Journey:
    """The people of Phú Hòa and its post office, and what they do."""
    return Journey(town)


def admin(town: Session) -> Actor:
    return make.somebody(town, Role.ADMIN)


def seat_of(town: Session, person: Actor) -> Appointment:
    """The appointment a person acts under, and everything said so far written down."""
    town.flush()
    town.expire_all()
    return town.get_one(Appointment, person.appointment_id)


def colleague(town: Session, name: str = "moi") -> Account:
    return enrol(town, "Người Mới", name, "trời mưa ở Phú Hòa", by=OPERATOR, at=START)


def leave(town: Session, person: Actor, what: Leave, at: datetime = START + timedelta(hours=2)) -> None:
    leaving.end(town, seat_of(town, person), what, by=admin(town), at=at)
    town.flush()


def test_the_stops_of_a_carrier_who_leaves_wait_for_another_one(town: Session, journey: Journey) -> None:
    order = journey.pickup()
    stop = journey.stop(order)
    leave(town, journey.carrier, Leave(YESTERDAY, "Nghỉ ốm dài ngày"))
    assert (order.state, stop.outcome) == (OrderState.REQUESTED, Outcome.TAKEN_OFF)
    entry = ledger.history(town, "order", order.id)[-1]
    assert (entry.move, entry.details["reason"]) == ("take_off", "Nghỉ ốm dài ngày")
    assert entry.account_id == admin(town).account_id
    assert order.code in [row.code for row in queries.waiting(town, order.post_office_id)]


def test_stops_before_the_last_day_stay_with_the_carrier(town: Session, journey: Journey) -> None:
    today, later = journey.pickup(), journey.pickup()
    stop = journey.stop(today)
    actions.assign(town, later, journey.carrier.account_id, LATER, by=journey.clerk, at=journey.tick())
    leave(town, journey.carrier, Leave(TODAY, "Chuyển nơi ở"))
    assert stop.outcome is None
    assert (today.state, later.state) == (OrderState.ASSIGNED, OrderState.REQUESTED)


def test_nobody_stops_being_a_carrier_with_envelopes_in_the_bag(town: Session, journey: Journey) -> None:
    envelope = journey.collected()
    with pytest.raises(StillCarrying) as refusal:
        leave(town, journey.carrier, Leave(YESTERDAY, "Nghỉ"))
    assert refusal.value.params["codes"] == envelope.code
    account = town.get_one(Account, journey.carrier.account_id)
    with pytest.raises(StillCarrying):
        leaving.close(town, account, "Nghỉ", by=admin(town), at=START + timedelta(hours=2))
    journey.at_desk(envelope)
    leave(town, journey.carrier, Leave(YESTERDAY, "Nghỉ"))


def test_what_was_offered_to_a_carrier_who_leaves_stays_with_its_giver(
    town: Session, journey: Journey
) -> None:
    order = journey.back()
    journey.stop(order)
    offered = actions.offer_to_carrier(
        town, order.dossier, journey.carrier.account_id, "NP 777 111",
        by=journey.receptionist, at=journey.tick(),
    )  # fmt: skip
    leave(town, journey.carrier, Leave(YESTERDAY, "Nghỉ"))
    assert offered.taken_back_at is not None
    assert journey.envelope(order).holder.kind == HolderKind.DESK
    assert not list(ledger.verify(town))


def test_the_post_office_takes_in_what_a_carrier_who_left_forgot(town: Session, journey: Journey) -> None:
    envelope = journey.collected()
    with pytest.raises(WrongState):
        actions.reclaim(town, envelope, "Ở nhà bưu tá", by=journey.clerk, at=journey.tick())
    leave(town, journey.carrier, Leave(TODAY, "Nghỉ"))
    after = START + timedelta(days=1)
    [left] = queries.left_behind(town, envelope.order.post_office_id, TOMORROW)
    assert left.envelope_code == envelope.code
    with pytest.raises(Refused):
        actions.reclaim(town, envelope, " ", by=journey.clerk, at=after)
    with pytest.raises(NotAllowed):
        actions.reclaim(town, envelope, "Ở nhà bưu tá", by=journey.receptionist, at=after)
    actions.reclaim(town, envelope, "Ở nhà bưu tá", by=journey.clerk, at=after)
    town.flush()
    assert envelope.holder == Holder(HolderKind.POST_OFFICE, office_id=journey.clerk.office_id)
    assert queries.left_behind(town, envelope.order.post_office_id, TOMORROW) == []
    told = queries.events_of(town, envelope.order.dossier_id)[-1]
    assert told.text % told.params == "Bưu cục đã thu lại phong bì của bưu tá thôi vai: Ở nhà bưu tá"


def test_the_only_leader_does_not_leave_dossiers_without_a_signature(town: Session) -> None:
    make.dossier(town, Status.IN_PROGRESS, at=START, step=Step.SIGNING)
    leader, at = make.official(town, Role.LEADER), START + timedelta(hours=2)
    with pytest.raises(NobodyLeft) as refusal:
        leave(town, leader, Leave(TODAY))
    assert refusal.value.params["count"] == 1
    successor = colleague(town)
    leave(town, leader, Leave(TODAY, successor=successor))
    [taken] = appointments.open_to(town, successor.id, TOMORROW)
    assert (taken.role, taken.office_id) == (Role.LEADER, leader.office_id)
    [entry] = [e for e in ledger.history(town, "grant", leader.account_id) if e.move == "end"]
    assert entry.details["successor"] == taken.id
    assert at > START


def test_a_role_left_empty_says_why(town: Session) -> None:
    make.dossier(town, Status.IN_PROGRESS, at=START, step=Step.SIGNING)
    leader = make.official(town, Role.LEADER)
    leave(town, leader, Leave(TODAY, "Phó chủ tịch ký thay từ tuần sau"))
    account = town.get_one(Account, leader.account_id)
    assert rights.of_person(town, account)[0].reason == "Phó chủ tịch ký thay từ tuần sau"


@pytest.mark.parametrize("until", [None, TODAY])
def test_a_second_leader_goes_on_when_still_there_the_day_after(town: Session, until: date | None) -> None:
    make.dossier(town, Status.IN_PROGRESS, at=START, step=Step.SIGNING)
    leader, second = make.official(town, Role.LEADER), colleague(town)
    tenure = Tenure(date(2020, 1, 1), until)
    appointments.appoint(town, second, make.office(town), Role.LEADER, tenure, by=OPERATOR, at=START)
    if until is None:
        leave(town, leader, Leave(TODAY))
    else:
        with pytest.raises(NobodyLeft):
            leave(town, leader, Leave(TODAY))


WAITING: list[tuple[Role, Callable[[Session], object]]] = [
    (Role.RECEPTIONIST, lambda town: make.dossier(town, Status.SUBMITTED, at=START)),
    (Role.RECEPTIONIST, lambda town: make.dossier(town, Status.FINISHED, at=START)),
    (Role.SPECIALIST, lambda town: make.dossier(town, Status.IN_PROGRESS, at=START)),
    (Role.LEADER, lambda town: make.dossier(town, Status.IN_PROGRESS, at=START, step=Step.SIGNING)),
    (Role.RECORDS_CLERK, lambda town: make.dossier(town, Status.IN_PROGRESS, at=START, step=Step.ISSUING)),
    (Role.POST_CLERK, lambda town: Journey(town).pickup()),
]


@pytest.mark.parametrize(("role", "happens"), WAITING, ids=[f"{n}-{r}" for n, (r, _) in enumerate(WAITING)])
def test_each_role_has_the_work_that_waits_for_it(
    town: Session, role: Role, happens: Callable[[Session], object]
) -> None:
    person = make.somebody(town, role)
    held = seat_of(town, person)
    assert leaving.holdings(town, held, TODAY, TODAY).waiting == 0
    happens(town)
    found = leaving.holdings(town, seat_of(town, person), TODAY, TODAY)
    assert (found.waiting, found.is_last) == (1, True)


def test_a_specialist_sees_what_still_waits_for_a_signature(town: Session) -> None:
    dossier = make.dossier(town, Status.IN_PROGRESS, at=START, step=Step.SIGNING)
    specialist = make.official(town, Role.SPECIALIST)
    found = leaving.holdings(town, seat_of(town, specialist), TODAY, TODAY)
    assert found.proposals == (dossier.code,)


def test_a_carrier_moves_to_another_post_office_in_one_act(town: Session, journey: Journey) -> None:
    order = journey.pickup()
    actions.assign(town, order, journey.carrier.account_id, LATER, by=journey.clerk, at=journey.tick())
    held = seat_of(town, journey.carrier)
    other = town.scalars(select(Appointment).where(Appointment.role == Role.CARRIER)).all()[-1].office
    assert other.id != held.office_id
    seat, what = Seat(other, Role.CARRIER), Leave(TODAY, "Điều động")
    begun = leaving.move(town, held, seat, what, by=admin(town), at=START + timedelta(hours=2))
    assert (held.to_on, begun.from_on, begun.office) == (TODAY, TOMORROW, other)
    assert order.state == OrderState.REQUESTED


def test_nobody_moves_ends_or_closes_oneself(town: Session) -> None:
    myself = admin(town)
    held = seat_of(town, myself)
    with pytest.raises(OwnRights):
        leaving.end(town, held, Leave(TODAY), by=myself, at=START)
    with pytest.raises(OwnRights):
        leaving.close(town, held.account, "Nghỉ", by=myself, at=START)


def test_nobody_is_their_own_successor(town: Session) -> None:
    make.dossier(town, Status.IN_PROGRESS, at=START, step=Step.SIGNING)
    leader = make.official(town, Role.LEADER)
    successor = town.get_one(Account, leader.account_id)
    with pytest.raises(PortalError):
        leave(town, leader, Leave(TODAY, successor=successor))


def test_an_office_with_open_work_does_not_close_at_once(town: Session) -> None:
    make.dossier(town, Status.SUBMITTED, at=START)
    office = make.office(town)
    found = open_work(town, office, TODAY)
    assert (found.dossiers, found.people, len(found.codes)) == (1, 4, 1)
    with pytest.raises(StillOpen):
        close_office(town, office, TODAY, make.office(town, "Phú Lợi"), "x", by=admin(town), at=START)
    with pytest.raises(NoSuccessor):
        close_office(town, office, LATER, None, "x", by=admin(town), at=START)
    assert office.to_on == date(2025, 6, 30)


def test_an_office_may_close_later_with_a_successor_and_its_people_finish(town: Session) -> None:
    dossier = make.dossier(town, Status.SUBMITTED, at=START)
    office, successor = make.office(town), make.office(town, "Phú Lợi")
    close_office(town, office, LATER, successor, "NQ 202/2025", by=admin(town), at=START)
    town.flush()
    assert (office.to_on, office.successor_id, dossier.office_id) == (LATER, successor.id, office.id)
    yen = make.official(town, Role.RECEPTIONIST)
    assert appointments.open_to(town, yen.account_id, date(2020, 10, 2)), "the open dossier keeps its people"


def test_an_empty_office_closes_at_once(town: Session) -> None:
    office = make.office(town)
    for held in town.scalars(select(Appointment).where(Appointment.office_id == office.id)):
        held.to_on = YESTERDAY
    close_office(town, office, TODAY, None, "Sáp nhập", by=admin(town), at=START)
    assert office.to_on == TODAY


def given_to(town: Session, person: Actor, status: Status = Status.IN_PROGRESS) -> Dossier:
    """A dossier of Phú Hòa that *person* took on and that has come to *status* since."""
    dossier = make.dossier(town, Status.IN_PROGRESS, at=START)
    dossier_actions.take_over(town, dossier, by=person, at=START)
    if status == Status.AWAITING_PAYMENT:
        dossier_actions.charge(town, dossier, 5, "Phí", by=person, at=START)
    elif status == Status.STOPPED:
        leader = make.official(town, Role.LEADER)
        dossier_actions.stop(town, dossier, by=leader, at=START, reason="Chờ tòa")
    elif status == Status.FINISHED:
        road = make.Road(town, dossier, make.PHU_HOA, START, make.citizen(town))
        for number in (2, 3, 4):  # Propose, sign, finish.
            road.make_move(number)
    town.flush()
    return dossier


PASSED = (Status.IN_PROGRESS, Status.AWAITING_PAYMENT, Status.STOPPED, Status.FINISHED)


@pytest.mark.parametrize("status", PASSED)
def test_what_one_person_had_in_hand_is_anybodys_of_the_role_afterwards(
    town: Session, status: Status
) -> None:
    hoa = make.official(town, Role.SPECIALIST)
    dossier = given_to(town, hoa, status)
    state = (dossier.status, dossier.step)
    assert leaving.holdings(town, seat_of(town, hoa), YESTERDAY, TODAY).assigned == (dossier.code,)
    leave(town, hoa, Leave(TODAY, "Nghỉ hưu"))
    assert dossier.assignee_id is None
    assert (dossier.status, dossier.step) == state
    entries = ledger.history(town, "dossier", dossier.id)
    assert (entries[-1].move, entries[-1].reason) == ("assign", "Nghỉ hưu")
    assert entries[-1].details == {"from": hoa.account_id, "to": None}
    assert replay(Move(entry.move) for entry in entries) == state
    assert leaving.holdings(town, seat_of(town, hoa), YESTERDAY, TODAY).assigned == ()
    assert not list(ledger.verify(town))


def test_a_successor_who_appraises_there_goes_on_with_each_dossier(town: Session) -> None:
    hoa, second = make.official(town, Role.SPECIALIST), make.colleague(town, Role.SPECIALIST)
    dossier = given_to(town, hoa)
    leave(town, hoa, Leave(YESTERDAY, "Chuyển công tác", town.get_one(Account, second.account_id)))
    assert dossier.assignee_id == second.account_id
    town.refresh(dossier)
    dossier_actions.charge(town, dossier, 5, "Phí", by=second, at=START + timedelta(days=1))


def test_a_successor_who_begins_later_finds_it_open_to_the_role(town: Session) -> None:
    hoa = make.official(town, Role.SPECIALIST)
    dossier = given_to(town, hoa)
    leave(town, hoa, Leave(TODAY, "Chuyển công tác", colleague(town)))
    assert dossier.assignee_id is None


def test_closing_an_account_passes_its_dossiers_on_and_nobody_elses(town: Session) -> None:
    hoa, second = make.official(town, Role.SPECIALIST), make.colleague(town, Role.SPECIALIST)
    mine, other = given_to(town, hoa), given_to(town, second)
    over = given_to(town, hoa)
    dossier_actions.withdraw(town, over, by=make.citizen(town), at=START)
    town.flush()
    account = town.get_one(Account, hoa.account_id)
    leaving.close(town, account, "Nghỉ việc", by=admin(town), at=START + timedelta(hours=2))
    assert (mine.assignee_id, other.assignee_id) == (None, second.account_id)
    assert over.assignee_id == hoa.account_id, "what is over keeps its history"


def test_leaving_another_role_of_the_same_office_keeps_the_dossiers(town: Session) -> None:
    hoa = make.official(town, Role.SPECIALIST)
    dossier = given_to(town, hoa)
    account, there = town.get_one(Account, hoa.account_id), make.office(town)
    at, by = START + timedelta(hours=1), admin(town)
    clerk = appointments.appoint(town, account, there, Role.RECORDS_CLERK, Tenure(TODAY), by=by, at=at)
    leaving.end(town, clerk, Leave(TODAY, "Thôi kiêm"), by=by, at=at)
    assert dossier.assignee_id == hoa.account_id


@pytest.mark.parametrize("is_substitute", [True, False])
def test_absences_end_with_the_role_of_either(town: Session, is_substitute: bool) -> None:
    hoa, second = make.official(town, Role.SPECIALIST), make.colleague(town, Role.SPECIALIST)
    leader, pair = make.official(town, Role.LEADER), (second, hoa) if is_substitute else (hoa, second)
    who = absences.StandIn(pair[0].account_id, pair[1].account_id, hoa.office_id or 0)
    now = absences.declare(town, who, Tenure(TODAY, LATER), "Tập huấn", by=leader, at=START)
    town.flush()
    assert leaving.holdings(town, seat_of(town, hoa), YESTERDAY, TODAY).covers == int(is_substitute)
    leave(town, hoa, Leave(TOMORROW, "Nghỉ"))
    assert now.to_on == TOMORROW
    assert [entry.move for entry in ledger.history(town, absences.KIND, who.account_id)] == ["declare", "end"]


def test_work_waits_for_the_role_that_its_workflow_names(town: Session) -> None:
    make.dossier(town, Status.IN_PROGRESS, at=START, step=Step.SIGNING)
    steps = [replace(one, role=R) if one.kind == K else one for one in workflow_of(town).steps]
    drafted = workflows.draft(town, make.MARRIAGE_STATUS, steps, "QĐ 1", by=OPERATOR, at=START)
    workflows.publish(town, drafted, by=OPERATOR, at=START)
    small = make.dossier(town, Status.ACCEPTED, at=START)
    dossier_actions.forward(town, small, by=make.official(town, R), at=START)
    town.flush()
    there = small.office_id
    assert (work_of(town, R, there), work_of(town, Role.SPECIALIST, there)) == (1, 0)
    assert work_of(town, Role.LEADER, there) == 1


K, R = workflows.StepKind.APPRAISAL, Role.RECEPTIONIST


def workflow_of(town: Session) -> workflows.WorkflowVersion:
    found = workflows.in_force(town, make.MARRIAGE_STATUS, "Hộ tịch")
    assert found is not None
    return found
