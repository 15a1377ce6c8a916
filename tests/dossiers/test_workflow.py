"""The table of a dossier's life: every row, every wrong door, and replay."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.accounts import identity
from portal.accounts.models import Account, Role
from portal.catalogue.models import Channel
from portal.dossiers import actions
from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery, Fault, Move, Status, Step
from portal.dossiers.workflow import RULES, check, moves_open_to, replay, rule_of, state_text
from portal.ground import ledger
from portal.ground.errors import NotAllowed, PortalError, Refused, WrongState
from tests import make
from tests.conftest import START

REACHED = [
    (Status.SUBMITTED, None),
    (Status.ACCEPTED, None),
    (Status.NOT_ACCEPTED, None),
    (Status.IN_PROGRESS, Step.APPRAISAL),
    (Status.IN_PROGRESS, Step.SIGNING),
    (Status.IN_PROGRESS, Step.ISSUING),
    (Status.AWAITING_SUPPLEMENT, None),
    (Status.WITHDRAWN, None),
    (Status.FINISHED, None),
    (Status.RETURNED, None),
]

OPEN_AT_THE_DESK = {
    ("submitted", Role.RECEPTIONIST): {
        Move.ACCEPT, Move.RECEIVE_PAPERS, Move.ASK_SUPPLEMENT, Move.PREPAY, Move.REFUSE,
    },
    ("accepted", Role.RECEPTIONIST): {Move.FORWARD},
    ("accepted", Role.LEADER): {Move.ASSIGN, Move.EXTEND},
    ("in_progress/appraisal", Role.SPECIALIST): {
        Move.ASK_SUPPLEMENT, Move.CHARGE, Move.TAKE_OVER, Move.CONSULT, Move.LINK, Move.SEND_DRAFT,
        Move.PROPOSE,
    },
    ("in_progress/appraisal", Role.LEADER): {Move.ASK_SUPPLEMENT, Move.ASSIGN, Move.EXTEND, Move.STOP},
    ("in_progress/signing", Role.LEADER): {Move.SIGN, Move.SEND_BACK, Move.ASSIGN, Move.EXTEND, Move.STOP},
    ("in_progress/issuing", Role.LEADER): {Move.ASSIGN, Move.EXTEND, Move.STOP},
    ("awaiting_supplement", Role.LEADER): {Move.STOP, Move.GIVE_UP},
    ("finished", Role.LEADER): {Move.RECALL},
    ("in_progress/issuing", Role.RECORDS_CLERK): {Move.FINISH},
    ("awaiting_supplement", Role.RECEPTIONIST): {Move.ANSWER, Move.REFUSE},
    ("finished", Role.RECEPTIONIST): {Move.HAND_OVER},
}  # fmt: skip
"""Who has a button in which state, from DOMAIN 2.3; every pair not named has none."""

DESK = (Role.RECEPTIONIST, Role.SPECIALIST, Role.LEADER, Role.RECORDS_CLERK)


@pytest.mark.parametrize(("status", "step"), REACHED, ids=lambda word: str(word or ""))
@pytest.mark.parametrize("role", DESK)
def test_the_page_offers_each_role_exactly_the_moves_of_the_table(
    town: Session, status: Status, step: Step | None, role: Role
) -> None:
    dossier = make.dossier(town, status, step=step, at=START)
    offered = {offer.move for offer in moves_open_to(make.official(town, role), dossier, START)}
    assert offered == OPEN_AT_THE_DESK.get((state_text(status, step), role), set())


@pytest.mark.parametrize(("status", "step"), REACHED, ids=lambda word: str(word or ""))
def test_no_move_leaves_the_table(town: Session, status: Status, step: Step | None) -> None:
    dossier = make.dossier(town, status, step=step, at=START)
    for move in Move:
        row = rule_of(move, status)
        if row is None or (row.steps and step not in row.steps):
            for role in DESK:
                with pytest.raises(WrongState):
                    check(dossier, move, make.official(town, role), START)


def test_officials_of_another_ward_may_not_move_it(town: Session) -> None:
    dossier = make.dossier(town, at=START)
    stranger = make.official(town, Role.RECEPTIONIST, "Hiệp Thành")
    assert moves_open_to(stranger, dossier, START) == []
    with pytest.raises(NotAllowed):
        actions.accept(town, dossier, by=stranger, at=START)


def test_nobody_acts_on_a_dossier_of_their_own(town: Session) -> None:
    receptionist = make.official(town, Role.RECEPTIONIST)
    as_citizen = make.as_citizen(town, receptionist)
    dossier = make.dossier(town, at=START, by=as_citizen)
    with pytest.raises(NotAllowed):
        actions.accept(town, dossier, by=receptionist, at=START)


def test_the_one_who_drafted_the_result_does_not_sign_it(town: Session) -> None:
    dossier = make.dossier(town, Status.IN_PROGRESS, step=Step.SIGNING, at=START)
    leader = make.official(town, Role.LEADER)
    dossier.papers[0].account_id = leader.account_id
    with pytest.raises(Refused):
        actions.sign(town, dossier, by=leader, at=START)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_refusal_without_a_reason_is_refused(town: Session, reason: str) -> None:
    dossier = make.dossier(town, at=START)
    with pytest.raises(Refused):
        actions.refuse(town, dossier, by=make.official(town, Role.RECEPTIONIST), at=START, reason=reason)
    assert dossier.status == Status.SUBMITTED


def test_papers_on_the_way_keep_a_dossier_from_being_accepted(town: Session) -> None:
    dossier = make.dossier(town, at=START, channel=Channel.POST)
    receptionist = make.official(town, Role.RECEPTIONIST)
    with pytest.raises(Refused):
        actions.accept(town, dossier, by=receptionist, at=START)
    with pytest.raises(Refused):
        actions.receive_papers(town, dossier, by=receptionist, at=START)
    actions.expect_by_hand(dossier)
    actions.receive_papers(town, dossier, by=receptionist, at=START)
    actions.accept(town, dossier, by=receptionist, at=START)
    assert dossier.status == Status.ACCEPTED


def test_only_papers_of_the_checklist_may_be_asked_for(town: Session) -> None:
    dossier = make.dossier(town, at=START)
    outside = [actions.Asked(Fault.MISSING, "Nộp thêm sổ đỏ.", item_key="so-do")]
    with pytest.raises(Refused):
        actions.ask_supplement(town, dossier, outside, by=make.official(town, Role.RECEPTIONIST), at=START)
    assert dossier.status == Status.SUBMITTED


def test_a_supplement_leads_back_to_where_it_came_from(town: Session) -> None:
    dossier = make.dossier(town, Status.IN_PROGRESS, at=START)
    old_due, key = dossier.due_at, dossier.checklist[0].key
    asked = [actions.Asked(Fault.EXPIRED, "Giấy hết hạn.", item_key=key)]
    specialist = make.official(town, Role.SPECIALIST)
    actions.ask_supplement(town, dossier, asked, by=specialist, at=START + timedelta(hours=1))
    town.flush()
    later = START + timedelta(days=3)
    given = actions.Answered(given=frozenset({key}))
    actions.answer(town, dossier, given, by=make.citizen(town), at=later)
    assert (dossier.status, dossier.step) == (Status.IN_PROGRESS, Step.APPRAISAL)
    assert old_due is not None
    assert dossier.due_at is not None
    assert dossier.due_at > old_due


def test_a_second_request_in_appraisal_is_shut_with_its_reason(town: Session) -> None:
    dossier = make.dossier(town, Status.IN_PROGRESS, at=START)
    key = dossier.checklist[0].key
    specialist = make.official(town, Role.SPECIALIST)
    asked = [actions.Asked(Fault.EXPIRED, "Giấy hết hạn.", item_key=key)]
    actions.ask_supplement(town, dossier, asked, by=specialist, at=START + timedelta(hours=1))
    town.flush()
    given = actions.Answered(given=frozenset({key}))
    actions.answer(town, dossier, given, by=make.citizen(town), at=START + timedelta(hours=2))
    offers = {offer.move: offer.shut_because for offer in moves_open_to(specialist, dossier, START)}
    assert offers[Move.ASK_SUPPLEMENT]
    with pytest.raises(Refused):
        actions.ask_supplement(town, dossier, asked, by=specialist, at=START + timedelta(hours=3))


def test_an_answer_must_speak_to_every_asked_paper(town: Session) -> None:
    dossier = make.dossier(town, Status.AWAITING_SUPPLEMENT, at=START)
    with pytest.raises(Refused):
        actions.answer(town, dossier, actions.Answered(), by=make.citizen(town), at=START)
    assert dossier.status == Status.AWAITING_SUPPLEMENT


def test_a_download_returns_only_what_was_to_come_online(town: Session) -> None:
    at_the_desk = make.dossier(town, Status.FINISHED, at=START)
    online = make.dossier(town, Status.FINISHED, at=START, delivery=Delivery.ONLINE)
    with pytest.raises(NotAllowed):
        actions.hand_over(town, at_the_desk, {}, by=make.citizen(town), at=START)
    actions.hand_over(town, online, {}, by=make.citizen(town), at=START)
    assert online.status == Status.RETURNED


@pytest.mark.parametrize(("status", "step"), REACHED, ids=lambda word: str(word or ""))
def test_replaying_the_ledger_gives_the_status(town: Session, status: Status, step: Step | None) -> None:
    dossier = make.dossier(town, status, step=step, at=START, channel=Channel.POST)
    entries = ledger.history(town, "dossier", dossier.id)
    assert replay(Move(entry.move) for entry in entries) == (dossier.status, dossier.step)
    assert entries[-1].to_state == state_text(dossier.status, dossier.step)
    assert list(ledger.verify(town)) == []


MOVES = st.lists(st.tuples(st.sampled_from(list(Move)), st.sampled_from(list(Role))), max_size=25)


@pytest.mark.parametrize("channel", [Channel.ONLINE, Channel.POST])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=MOVES)
def test_random_wishes_never_leave_the_table(
    town: Session, channel: Channel, wishes: list[tuple[Move, Role]]
) -> None:
    """Whoever tries whatever: the status is always what replay says, and the chain holds."""
    dossier = make.dossier(town, at=START, channel=channel)
    at = START
    for move, role in wishes:
        at += timedelta(minutes=7)
        _try(town, dossier, move, role, at)
    town.flush()
    entries = ledger.history(town, "dossier", dossier.id)
    assert replay(Move(entry.move) for entry in entries) == (dossier.status, dossier.step)
    assert (dossier.code is None) == (dossier.due_at is None)


def _try(session: Session, dossier: Dossier, move: Move, role: Role, at) -> None:
    person = make.citizen(session) if role == Role.CITIZEN else make.somebody(session, role)
    key = dossier.checklist[0].key
    verbs = {
        Move.ACCEPT: lambda: actions.accept(session, dossier, by=person, at=at),
        Move.RECEIVE_PAPERS: lambda: actions.receive_papers(session, dossier, by=person, at=at),
        Move.ASK_SUPPLEMENT: lambda: actions.ask_supplement(
            session, dossier, [actions.Asked(Fault.MISSING, "Thiếu.", item_key=key)], by=person, at=at
        ),
        Move.ANSWER: lambda: actions.answer(
            session, dossier, actions.Answered(given=frozenset({key})), by=person, at=at
        ),
        Move.REFUSE: lambda: actions.refuse(session, dossier, by=person, at=at, reason="Sai nơi nộp."),
        Move.FORWARD: lambda: actions.forward(session, dossier, by=person, at=at),
        Move.PROPOSE: lambda: (
            make.result_file(session, dossier, person, at),
            actions.propose(session, dossier, by=person, at=at, opinion="Đủ."),
        ),
        Move.SEND_BACK: lambda: actions.send_back(session, dossier, by=person, at=at, reason="Sai tên."),
        Move.SIGN: lambda: actions.sign(session, dossier, by=person, at=at),
        Move.FINISH: lambda: actions.finish(session, dossier, by=person, at=at, number="7"),
        Move.HAND_OVER: lambda: actions.hand_over(session, dossier, {"receiver": "Mai"}, by=person, at=at),
        Move.WITHDRAW: lambda: actions.withdraw(session, dossier, by=person, at=at),
    }
    verb = verbs.get(move)
    if verb is None:
        return
    try:
        verb()
    except PortalError:
        return
    session.flush()


def test_every_move_has_a_row() -> None:
    assert {rule.move for rule in RULES} == set(Move)


def test_an_office_that_only_received_a_dossier_does_not_decide_it(town: Session) -> None:
    """R28: any desk may receive; the competent office appraises, signs and issues."""
    dossier = make.dossier(town, Status.IN_PROGRESS, at=START, office_name="Hiệp Thành")
    dossier.received_by_id = make.office(town).id
    specialist = make.official(town, Role.SPECIALIST)
    assert moves_open_to(specialist, dossier, START) == []
    with pytest.raises(NotAllowed):
        actions.propose(town, dossier, by=specialist, at=START, opinion="Đủ.")


def test_a_draft_sent_back_is_never_the_result(town: Session) -> None:
    dossier = make.dossier(town, Status.IN_PROGRESS, step=Step.SIGNING, at=START)
    wrong = dossier.papers[-1]
    leader, specialist = make.official(town, Role.LEADER), make.official(town, Role.SPECIALIST)
    actions.send_back(town, dossier, by=leader, at=START, reason="Sai tên.")
    with pytest.raises(Refused):
        actions.propose(town, dossier, by=specialist, at=START, opinion="Vẫn bản cũ.")
    right = make.result_file(town, dossier, specialist, START)
    actions.propose(town, dossier, by=specialist, at=START, opinion="Đã sửa tên.")
    assert dossier.results == [right]
    assert wrong in dossier.papers


def test_the_one_who_proposed_does_not_sign_even_another_ones_draft(town: Session) -> None:
    dossier = make.dossier(town, Status.IN_PROGRESS, step=Step.SIGNING, at=START)
    leader = make.official(town, Role.LEADER)
    dossier.proposed_by_id = leader.account_id
    with pytest.raises(Refused):
        actions.sign(town, dossier, by=leader, at=START)


@pytest.mark.parametrize("typed", ["GD-77", "gd-77", "GD\u201177", "GD-77\u200b", "ＧＤ-７７", "GD 77"])
def test_a_receipt_pays_once_however_its_number_is_written(town: Session, typed: str) -> None:
    dossier = make.dossier(town, Status.AWAITING_PAYMENT, at=START)
    desk, specialist = make.official(town, Role.RECEPTIONIST), make.official(town, Role.SPECIALIST)
    actions.pay(town, dossier, "GD-77", by=desk, at=START + timedelta(hours=1))
    actions.charge(town, dossier, 10_000, "Thuế", by=specialist, at=START + timedelta(hours=2))

    with pytest.raises(Refused, match="Biên lai này đã được ghi"):
        actions.pay(town, dossier, typed, by=desk, at=START + timedelta(hours=3))
    actions.pay(town, dossier, "GD-78", by=desk, at=START + timedelta(hours=3))


def test_nobody_decides_what_they_filed_for_somebody_else_from_another_account(town: Session) -> None:
    citizen, desk = make.citizen(town), make.official(town, Role.RECEPTIONIST)
    specialist = make.official(town, Role.SPECIALIST)
    for account_id in (citizen.account_id, desk.account_id, specialist.account_id):
        identity.declare(town, town.get_one(Account, account_id), "079301002345")
    grandmother = actions.Person("Trần Thị Bà", "0911111111", "12 Lê Hồng Phong")
    application = replace(make.application(town, citizen), owner=grandmother)
    dossier = actions.submit(town, application, by=citizen, at=START)

    with pytest.raises(NotAllowed):
        actions.accept(town, dossier, by=make.official(town, Role.RECEPTIONIST), at=START)
    assert specialist.account_id not in actions.appraisers(town, dossier, START)
    assert make.colleague(town, Role.SPECIALIST).account_id in actions.appraisers(town, dossier, START)
