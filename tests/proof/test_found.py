"""What the machines of this folder found: each once as a plain story."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts.authority import OPERATOR
from portal.accounts.calendars import CalendarDay
from portal.accounts.models import Actor, IdentityKind, Role
from portal.catalogue.models import Channel
from portal.catalogue.workflows import StepKind
from portal.dossiers import actions
from portal.dossiers.models import Dossier
from portal.dossiers.states import Fault, Move, Status, Step
from portal.dossiers.workflow import roles_for, rule_of
from portal.ground import ledger
from portal.ground.db import Database
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.pauses import resumed
from portal.ground.sealing import keys_of
from portal.ground.trace import Due
from portal.ground.working_time import Calendar, DayKind, Term, Unit, due
from tests import make
from tests.conftest import START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def receptionist(town: Session) -> Actor:
    return make.official(town, Role.RECEPTIONIST)


@pytest.fixture
def specialist(town: Session) -> Actor:
    return make.official(town, Role.SPECIALIST)


@pytest.fixture
def leader(town: Session) -> Actor:
    return make.official(town, Role.LEADER)


@pytest.fixture
def appraised(town: Session) -> Dossier:
    """A dossier in appraisal, due on Friday 18 September 2020 at 17:00."""
    return make.dossier(town, Status.IN_PROGRESS, at=START)


def ask(session: Session, dossier: Dossier, by: Actor, at) -> None:
    asked = [actions.Asked(Fault.EXPIRED, "Giấy hết hạn.", item_key=dossier.checklist[0].key)]
    actions.ask_supplement(session, dossier, asked, by=by, at=at)
    session.flush()


def answer(session: Session, dossier: Dossier, at) -> None:
    given = actions.Answered(given=frozenset({dossier.checklist[0].key}))
    actions.answer(session, dossier, given, by=make.citizen(session), at=at)
    session.flush()


def _opine(session: Session, dossier: Dossier, by: Actor) -> None:
    actions.opine(session, dossier, "Không có.", by=by, at=START + DAY)


def _consult(session: Session, dossier: Dossier, by: Actor) -> None:
    question = actions.Question(make.office(session, "Phú Lợi"), "Có không?", 2)
    actions.consult(session, dossier, question, by=by, at=START + DAY)


def _link(session: Session, dossier: Dossier, by: Actor) -> None:
    child = make.application(session, make.citizen(session), channel=Channel.DESK, office_name="Phú Lợi")
    actions.link(session, dossier, child, by=by, at=START + DAY)


def _assign(session: Session, dossier: Dossier, by: Actor) -> None:
    who = make.official(session, Role.SPECIALIST).account_id
    actions.assign(session, dossier, who, by=by, at=START + DAY)


@pytest.mark.parametrize(
    ("verb", "role", "office"),
    [
        (_opine, Role.SPECIALIST, "Hiệp Thành"),
        (_consult, Role.SPECIALIST, make.PHU_HOA),
        (_link, Role.SPECIALIST, make.PHU_HOA),
        (_assign, Role.LEADER, make.PHU_HOA),
    ],
)
def test_of_two_who_saw_the_same_only_one_wins_even_where_the_state_stays(
    planted: Database, verb: Callable[[Session, Dossier, Actor], None], role: Role, office: str
) -> None:
    """Opinions, questions, links and assignments leave the state as it is; the second one would overwrite."""
    with planted.writing.begin() as session:
        number = _asked_elsewhere(session).id
        by = make.official(session, role, office)
    with planted.reading() as late:
        seen = late.get_one(Dossier, number)
        assert [one.office_id for one in seen.consultations]
        assert seen.children == []
        late.commit()  # What was seen stays in the session; its transaction is over.
        with planted.writing.begin() as first:
            verb(first, first.get_one(Dossier, number), by)
        with late.no_autoflush:
            verb(late, seen, by)
        with pytest.raises(StaleDataError):
            late.flush()
        late.rollback()
    with planted.reading() as session:
        assert list(ledger.verify(session)) == []


def _asked_elsewhere(session: Session) -> Dossier:
    dossier = make.dossier(session, Status.IN_PROGRESS, at=START)
    by = make.official(session, Role.SPECIALIST)
    _assign(session, dossier, make.official(session, Role.LEADER))
    question = actions.Question(make.office(session, "Hiệp Thành"), "Có không?", 2)
    actions.consult(session, dossier, question, by=by, at=START + DAY)
    session.flush()
    return dossier


def test_a_refused_dossier_waits_for_nothing_any_more(town: Session, receptionist: Actor) -> None:
    dossier = make.dossier(town, Status.AWAITING_SUPPLEMENT, at=START)
    after = dossier.open_supplement.answer_until + HOUR
    actions.refuse(town, dossier, by=receptionist, at=after, reason="Không bổ sung")
    assert dossier.open_supplement is None
    assert dossier.step_due_at is None


def test_the_desk_refuses_what_was_never_paid_in_advance(town: Session, receptionist: Actor) -> None:
    """Without this row nobody but the citizen could end it: it is neither accepted nor given up."""
    dossier = make.dossier(town, at=START)
    actions.prepay(town, dossier, 8_000, "Phí", by=receptionist, at=START + HOUR)
    town.flush()
    until = dossier.open_charge.pay_until
    with pytest.raises(Refused):
        actions.refuse(town, dossier, by=receptionist, at=until, reason="Chưa nộp phí")
    actions.refuse(town, dossier, by=receptionist, at=until + HOUR, reason="Chưa nộp phí")
    assert dossier.status == Status.NOT_ACCEPTED
    assert dossier.open_charge is None


def test_the_days_until_a_prepayment_are_not_the_offices(town: Session, receptionist: Actor) -> None:
    dossier = make.dossier(town, at=START)
    actions.prepay(town, dossier, 8_000, "Phí", by=receptionist, at=START + HOUR)
    town.flush()
    paid = START + 13 * DAY
    actions.pay(town, dossier, "7/2020", by=OPERATOR, at=paid)
    actions.accept(town, dossier, by=receptionist, at=paid + HOUR)
    assert dossier.received_at == paid
    assert not dossier.is_late(paid + DAY)


@pytest.mark.parametrize("way", ["supplement", "prepayment"])
def test_no_clock_begins_while_papers_travel(town: Session, receptionist: Actor, way: str) -> None:
    """R6: an answer or a payment does not make a dossier complete whose papers the post still carries."""
    dossier = make.dossier(town, at=START, channel=Channel.POST)
    if way == "supplement":
        ask(town, dossier, receptionist, START + HOUR)
        answer(town, dossier, START + 2 * HOUR)
    else:
        actions.prepay(town, dossier, 5, "Phí", by=receptionist, at=START + HOUR)
        town.flush()
        actions.pay(town, dossier, "1", by=receptionist, at=START + 2 * HOUR)
    assert (dossier.received_at, dossier.check_due_at) == (None, None)
    actions.expect_by_hand(dossier)
    actions.receive_papers(town, dossier, by=receptionist, at=START + DAY)
    assert dossier.received_at == START + DAY


def test_a_payment_told_twice_pays_one_demand(town: Session, appraised: Dossier, specialist: Actor) -> None:
    for hours in (1, 3):
        actions.charge(town, appraised, 5, "Phí", by=specialist, at=START + hours * HOUR)
        town.flush()
        if hours == 1:
            actions.pay(town, appraised, "GD-1", by=OPERATOR, at=START + 2 * HOUR)
    with pytest.raises(Refused):
        actions.pay(town, appraised, "GD-1", by=OPERATOR, at=START + 4 * HOUR)
    actions.pay(town, appraised, "GD-2", by=OPERATOR, at=START + 4 * HOUR)
    assert appraised.status == Status.IN_PROGRESS


def test_the_norm_of_a_step_does_not_run_while_money_is_awaited(
    town: Session, appraised: Dossier, specialist: Actor, receptionist: Actor
) -> None:
    before = appraised.step_due_at
    actions.charge(town, appraised, 5, "Phí", by=specialist, at=START + HOUR)
    town.flush()
    assert appraised.step_due_at is None
    actions.pay(town, appraised, "1", by=receptionist, at=START + 3 * DAY)
    assert appraised.step_due_at > before


def test_a_day_off_declared_during_a_pause_moves_no_promise_forward(
    town: Session, appraised: Dossier, leader: Actor
) -> None:
    """What is left is counted by today's calendar: with a day less in it, it would end a day too soon."""
    promised, evening = appraised.due_at, START + 9 * HOUR
    actions.stop(town, appraised, by=leader, at=evening, reason="Tranh chấp")
    town.add(CalendarDay(day=date(2020, 9, 18), kind=DayKind.HOLIDAY, note="Bão"))
    town.flush()
    actions.resume(town, appraised, by=leader, at=evening + HOUR)
    assert appraised.due_at == promised


@pytest.mark.parametrize("unit", [Unit.WORKING_DAY, Unit.DAY, Unit.HOUR])
def test_a_promise_kept_over_a_calendar_change_says_why_it_stands(unit: Unit) -> None:
    term = Term(3, unit)
    promised = due(START, term, Calendar())
    shut = Calendar(days={date(2020, 9, day): DayKind.HOLIDAY for day in (16, 17, 18)})
    kept: Due = resumed(promised, unit, START + HOUR, START + HOUR, shut, "nghỉ")
    assert kept.at >= promised.at
    assert [line.at for line in kept.trace] == sorted(line.at for line in kept.trace)
    assert kept.trace[-1].at == kept.at


def test_an_answer_brings_no_earlier_day_than_was_appointed(
    town: Session, appraised: Dossier, specialist: Actor, leader: Actor
) -> None:
    actions.extend(town, appraised, date(2020, 10, 20), by=leader, at=START + HOUR, reason="Chờ tra sổ")
    appointed = appraised.due_at
    ask(town, appraised, specialist, START + 2 * HOUR)
    answer(town, appraised, START + DAY)
    assert appraised.due_at == appointed


def test_a_linked_dossier_belongs_to_the_owner_of_the_first(town: Session, specialist: Actor) -> None:
    """Whatever the specialist writes: name, account and number come from the dossier it serves."""
    owner = make.citizen(town)
    filed = make.application(town, owner)
    number = "074191003215"
    known = replace(filed.owner, identity_kind=IdentityKind.CITIZEN_NUMBER, identity_number=number)
    parent = actions.submit(town, replace(filed, owner=known), by=owner, at=START)
    make.Road(town, parent, make.PHU_HOA, START, owner).walk_to(Status.IN_PROGRESS, Step.APPRAISAL)
    other = make.application(town, make.citizen(town, 1), channel=Channel.DESK, office_name="Hiệp Thành")
    child = actions.link(town, parent, other, by=specialist, at=START + HOUR)
    assert (child.owner_name, child.owner_id) == (parent.owner_name, owner.account_id)
    assert child.owner_identity_index == parent.owner_identity_index
    assert keys_of(town).open(child.owner_identity_sealed, child.bound_to) == number
    assert parent.children == [child]


def test_who_appraises_links(town: Session, appraised: Dossier) -> None:
    """A small ward gives appraisal to its receptionist; linking is part of it."""
    steps = [dict(row) for row in appraised.workflow.steps_data]
    for row in steps:
        if row["kind"] == StepKind.APPRAISAL:
            row["role"] = Role.RECEPTIONIST.value
    appraised.workflow.steps_data = steps
    for move in (Move.LINK, Move.CONSULT, Move.PROPOSE):
        assert roles_for(rule_of(move, Status.IN_PROGRESS), appraised) == {Role.RECEPTIONIST}


def test_a_receptionist_takes_in_nothing_of_their_own_and_nothing_for_another_desk(
    town: Session, receptionist: Actor
) -> None:
    own = make.application(town, make.as_citizen(town, receptionist), channel=Channel.DESK)
    with pytest.raises(NotAllowed):
        actions.intake(town, own, by=receptionist, at=START)
    theirs = make.application(town, make.citizen(town), channel=Channel.DESK)
    elsewhere = replace(theirs, received_by=make.office(town, "Hiệp Thành"))
    with pytest.raises(NotAllowed):
        actions.intake(town, elsewhere, by=receptionist, at=START)


def test_a_withdrawn_dossier_asks_nobody_any_more(
    town: Session, appraised: Dossier, specialist: Actor
) -> None:
    question = actions.Question(make.office(town, "Hiệp Thành"), "Có không?", 2)
    actions.consult(town, appraised, question, by=specialist, at=START + HOUR)
    town.flush()
    actions.withdraw(town, appraised, by=make.citizen(town), at=START + 2 * HOUR)
    there = make.official(town, Role.SPECIALIST, "Hiệp Thành")
    with pytest.raises(WrongState):
        actions.opine(town, appraised, "Không.", by=there, at=START + 3 * HOUR)
    assert appraised.consultations[0].answer == ""
