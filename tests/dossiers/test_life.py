"""The moves beside the straight road: money, stops, new appointments, opinions, links, drafts, absences."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import absences
from portal.accounts.appointments import Tenure
from portal.accounts.authority import OPERATOR
from portal.accounts.models import DESK_ROLES, Actor, Role
from portal.catalogue.models import Channel
from portal.dossiers import actions, deadlines, queries
from portal.dossiers.law import TURN, AfterSupplement, LawSet, law_on
from portal.dossiers.models import Dossier
from portal.dossiers.states import BlockerKind, Fault, Move, PauseGround, Status, Step
from portal.dossiers.workflow import moves_open_to, replay
from portal.ground import ledger
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.working_time import ZONE
from portal.payments.actions import Cash, record_cash
from portal.payments.models import FeeKind
from portal.worklists import questions
from tests import make
from tests.conftest import START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(text: str) -> datetime:
    """A moment in Vietnam, such as "2020-09-16 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def local(moment: datetime | None) -> str:
    """How the clock on the wall shows it."""
    assert moment is not None
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}"


@pytest.fixture
def people(town: Session) -> Callable[[Role], Actor]:
    """Who holds a role at Phú Hòa."""
    return lambda role: make.official(town, role)


@pytest.fixture
def leader(town: Session) -> Actor:
    return make.official(town, Role.LEADER)


@pytest.fixture
def specialist(town: Session) -> Actor:
    return make.official(town, Role.SPECIALIST)


@pytest.fixture
def receptionist(town: Session) -> Actor:
    return make.official(town, Role.RECEPTIONIST)


@pytest.fixture
def appraised(town: Session) -> Dossier:
    """A dossier in appraisal, accepted on Tuesday 15 September 2020 at 09:01, due on Friday 18 at 17:00."""
    dossier = make.dossier(town, Status.IN_PROGRESS, at=START)
    assert local(dossier.due_at) == "2020-09-18 17:00"
    return dossier


def well_kept(session: Session, dossier: Dossier) -> None:
    """What always holds: status is what replay says, the promise is what its trace says, the chain holds."""
    session.flush()
    entries = ledger.history(session, "dossier", dossier.id)
    assert replay(Move(entry.move) for entry in entries) == (dossier.status, dossier.step)
    if dossier.due_at:
        assert deadlines.promise_of(dossier).trace[-1].at == dossier.due_at
    assert list(ledger.verify(session)) == []


def ask(session: Session, dossier: Dossier, by: Actor, when: datetime, note: str = "") -> None:
    asked = [actions.Asked(Fault.EXPIRED, "Giấy hết hạn.", item_key=dossier.checklist[0].key)]
    actions.ask_supplement(session, dossier, asked, by=by, at=when, note=note)
    session.flush()


def answer(session: Session, dossier: Dossier, when: datetime) -> None:
    given = actions.Answered(given=frozenset({dossier.checklist[0].key}))
    actions.answer(session, dossier, given, by=make.citizen(session), at=when)


def finish(session: Session, dossier: Dossier, when: datetime) -> None:
    """From appraisal to the issued result, a minute a move after *when*."""
    road = make.Road(session, dossier, make.PHU_HOA, when, make.citizen(session))
    for number in (2, 3, 4):
        road.make_move(number)
    session.flush()


class TestMoney:
    """Status 6, from reception and from appraisal."""

    def test_a_charge_stops_the_clock_until_it_is_paid(self, town, appraised, specialist, receptionist):
        actions.charge(town, appraised, 50_000, "Lệ phí", by=specialist, at=at("2020-09-16 09:00"))
        town.flush()
        assert appraised.status == Status.AWAITING_PAYMENT
        assert appraised.open_pause.ground == PauseGround.PAYMENT
        actions.pay(town, appraised, "0000001/2020", by=receptionist, at=at("2020-09-21 09:00"))
        assert (appraised.status, appraised.step) == (Status.IN_PROGRESS, Step.APPRAISAL)
        # Left on Wednesday 09:00: 6 hours that day, 7.5 on Thursday and on Friday; it ended on Monday 09:00.
        assert local(appraised.due_at) == "2020-09-23 17:00"
        well_kept(town, appraised)

    def test_cash_at_the_desk_pays_it_once_it_is_all_there(self, town, appraised, specialist, receptionist):
        actions.charge(town, appraised, 50_000, "Lệ phí", by=specialist, at=START + HOUR)
        town.flush()
        some = Cash(FeeKind.LEVY, 20_000, "Đỗ Thị Mai")
        record_cash(town, appraised, some, by=receptionist, at=START + 2 * HOUR)
        assert appraised.status == Status.AWAITING_PAYMENT
        record_cash(
            town, appraised, Cash(FeeKind.LEVY, 30_000, "Đỗ Thị Mai"), by=receptionist, at=START + 3 * HOUR
        )
        assert appraised.status == Status.IN_PROGRESS
        well_kept(town, appraised)

    def test_prepayment_leads_back_to_reception_and_starts_no_term(self, town, receptionist):
        dossier = make.dossier(town, at=START)
        actions.prepay(town, dossier, 8_000, "Phí bản sao", by=receptionist, at=START + HOUR)
        town.flush()
        assert dossier.due_at is None
        assert dossier.open_pause is None
        actions.pay(town, dossier, "7/2020", by=OPERATOR, at=START + 2 * HOUR)
        assert dossier.status == Status.SUBMITTED
        assert dossier.check_due_at is not None
        well_kept(town, dossier)

    @pytest.mark.parametrize(("amount", "document"), [(0, "Lệ phí"), (-1, "Lệ phí"), (5, " ")])
    def test_a_charge_names_an_amount_and_its_document(self, town, appraised, specialist, amount, document):
        with pytest.raises(Refused):
            actions.charge(town, appraised, amount, document, by=specialist, at=START + HOUR)
        assert appraised.status == Status.IN_PROGRESS


class TestSupplement:
    """Restart under the law of 2020, resume under that of 2025 or where the procedure says so."""

    def test_the_whole_term_begins_anew_under_the_law_of_2020(self, town, appraised, specialist):
        ask(town, appraised, specialist, at("2020-09-16 09:00"))
        answer(town, appraised, at("2020-09-21 10:00"))
        assert local(appraised.due_at) == "2020-09-24 17:00"
        assert appraised.pauses[0].ended_at == at("2020-09-21 10:00")
        well_kept(town, appraised)

    def test_a_promise_broken_before_the_term_began_anew_stays_broken(self, town, appraised, specialist):
        ask(town, appraised, specialist, at("2020-09-21 09:00"))
        assert appraised.is_late(at("2020-09-21 10:00")), "while it waits, too"
        answer(town, appraised, at("2020-09-22 10:00"))
        town.flush()
        now = at("2020-09-22 11:00")
        assert local(appraised.due_at) == "2020-09-25 17:00"
        assert (appraised.is_late(now), appraised.is_overdue(now)) == (True, False)
        assert local(appraised.broken_at) == "2020-09-18 17:00"
        finish(town, appraised, now)
        assert appraised.is_late(now + DAY)
        assert not appraised.is_overdue(now + DAY)
        broken = town.scalars(select(Dossier.id).where(queries.was_broken())).all()
        assert broken == [appraised.id]
        well_kept(town, appraised)

    def test_a_promise_that_was_kept_open_in_time_is_not_broken(self, town, appraised, specialist):
        ask(town, appraised, specialist, appraised.due_at)
        answer(town, appraised, at("2020-09-30 10:00"))
        town.flush()
        assert appraised.broken_at is None
        assert not appraised.is_late(at("2020-09-30 11:00"))
        assert town.scalars(select(Dossier.id).where(queries.was_broken())).all() == []

    def test_what_was_left_is_left_where_the_procedure_says_so(self, town, appraised, specialist):
        version = appraised.procedure_version
        version.curated = {**version.curated, "after_supplement": "resume"}
        ask(town, appraised, specialist, at("2020-09-16 16:00"))
        answer(town, appraised, at("2020-09-21 10:00"))
        # Left: 1 hour on Wednesday, 7.5 on Thursday, 7.5 on Friday. Monday from 10:00 has 5, Tuesday 7.5,
        # the last 3.5 fall on Wednesday, whose close of office is due.
        assert local(appraised.due_at) == "2020-09-23 17:00"
        well_kept(town, appraised)

    def test_a_second_request_is_the_leaders_with_a_ground(self, town, appraised, specialist, leader):
        ask(town, appraised, specialist, START + HOUR)
        answer(town, appraised, START + 2 * HOUR)
        with pytest.raises(Refused):
            ask(town, appraised, specialist, START + 3 * HOUR)
        with pytest.raises(Refused):
            ask(town, appraised, leader, START + 3 * HOUR)
        ask(town, appraised, leader, START + 3 * HOUR, "Luật Xây dựng, điều 102")
        assert appraised.status == Status.AWAITING_SUPPLEMENT
        well_kept(town, appraised)

    def test_the_desk_refuses_only_after_the_period(self, town, receptionist):
        dossier = make.dossier(town, Status.AWAITING_SUPPLEMENT, at=START)
        until = dossier.open_supplement.answer_until
        with pytest.raises(Refused):
            actions.refuse(town, dossier, by=receptionist, at=until, reason="Không bổ sung")
        actions.refuse(town, dossier, by=receptionist, at=until + HOUR, reason="Không bổ sung")
        assert dossier.status == Status.NOT_ACCEPTED

    def test_an_accepted_dossier_is_given_up_only_after_its_period_and_two_warnings(
        self, town, appraised, specialist, leader
    ):
        ask(town, appraised, specialist, START + HOUR)
        request = appraised.open_supplement
        late = request.answer_until + HOUR
        for reminders, when in ((2, request.answer_until), (1, late)):
            request.reminders = reminders
            with pytest.raises(Refused):
                actions.give_up(town, appraised, by=leader, at=when, reason="Không bổ sung")
        request.reminders = 2
        actions.give_up(town, appraised, by=leader, at=late, reason="Không bổ sung")
        assert appraised.status == Status.STOPPED
        assert request.answered_at == late
        well_kept(town, appraised)


class TestStopping:
    """Status 8, and the two ways out of it."""

    @pytest.mark.parametrize("first", ["nothing", "supplement", "charge"])
    def test_a_stopped_dossier_keeps_what_was_left(self, town, appraised, specialist, leader, first):
        if first == "supplement":
            ask(town, appraised, specialist, at("2020-09-16 09:00"))
        if first == "charge":
            actions.charge(town, appraised, 5, "Phí", by=specialist, at=at("2020-09-16 09:00"))
            town.flush()
        actions.stop(town, appraised, by=leader, at=at("2020-09-16 09:00"), reason="Tranh chấp")
        town.flush()
        assert appraised.status == Status.STOPPED
        assert appraised.open_supplement is None
        assert appraised.open_charge is None
        actions.resume(town, appraised, by=leader, at=at("2020-09-21 09:00"))
        assert (appraised.status, appraised.step) == (Status.IN_PROGRESS, Step.APPRAISAL)
        assert local(appraised.due_at) == "2020-09-23 17:00"
        well_kept(town, appraised)

    def test_a_promise_broken_before_the_stop_stays_broken(self, town, appraised, leader):
        actions.stop(town, appraised, by=leader, at=at("2020-09-21 09:00"), reason="Tranh chấp")
        town.flush()
        actions.resume(town, appraised, by=leader, at=at("2020-09-28 09:00"))
        assert local(appraised.due_at) == "2020-09-18 17:00"

    def test_nothing_leaves_a_closed_dossier(self, town, appraised, leader):
        actions.stop(town, appraised, by=leader, at=START + HOUR, reason="Tranh chấp")
        town.flush()
        actions.close(town, appraised, by=leader, at=START + 2 * HOUR, reason="Người dân đồng ý")
        with pytest.raises(Refused):
            actions.resume(town, appraised, by=leader, at=START + 3 * HOUR)
        with pytest.raises(Refused):
            actions.withdraw(town, appraised, by=make.citizen(town), at=START + 3 * HOUR)
        assert appraised.is_over
        well_kept(town, appraised)

    def test_a_dossier_that_was_never_accepted_is_not_stopped(self, town, leader):
        dossier = make.dossier(town, Status.AWAITING_SUPPLEMENT, at=START)
        with pytest.raises(Refused):
            actions.stop(town, dossier, by=leader, at=START + HOUR, reason="Sai")

    @pytest.mark.parametrize("status", [Status.AWAITING_PAYMENT, Status.STOPPED])
    def test_the_owner_may_withdraw_what_stands_still(self, town, appraised, specialist, leader, status):
        if status == Status.STOPPED:
            actions.stop(town, appraised, by=leader, at=START + HOUR, reason="Tranh chấp")
        else:
            actions.charge(town, appraised, 5, "Phí", by=specialist, at=START + HOUR)
        town.flush()
        actions.withdraw(town, appraised, by=make.citizen(town), at=START + 2 * HOUR)
        assert appraised.status == Status.WITHDRAWN
        well_kept(town, appraised)


class TestExtending:
    """Form 04: before the due moment, once, to a later working day."""

    def test_a_new_day_is_appointed_once(self, town, appraised, leader):
        actions.extend(town, appraised, date(2020, 9, 22), by=leader, at=START + DAY, reason="Chờ tra sổ")
        assert local(appraised.due_at) == "2020-09-22 17:00"
        assert any("18/09/2020" in str(line.params) for line in deadlines.promise_of(appraised).trace)
        with pytest.raises(Refused):
            actions.extend(town, appraised, date(2020, 9, 24), by=leader, at=START + DAY, reason="Lần nữa")
        well_kept(town, appraised)

    @pytest.mark.parametrize(
        ("new_on", "when"),
        [
            (date(2020, 9, 18), START + DAY),
            (date(2020, 9, 19), START + DAY),
            (date(2020, 9, 22), at("2020-09-18 17:01")),
        ],
        ids=["same day", "saturday", "too late"],
    )
    def test_it_is_a_later_working_day_told_in_time(self, town, appraised, leader, new_on, when):
        with pytest.raises(Refused):
            actions.extend(town, appraised, new_on, by=leader, at=when, reason="Chờ tra sổ")
        assert appraised.extended_at is None

    def test_the_apology_records_whose_part_took_too_long(self, town, appraised, leader, specialist):
        asked, linked = make.office(town, "Hiệp Thành"), make.office(town, "Phú Lợi")
        actions.consult(town, appraised, actions.Question(asked, "Hỏi?", 2), by=specialist, at=START + HOUR)
        child = make.application(town, make.citizen(town), channel=Channel.DESK, office_name="Phú Lợi")
        actions.link(town, appraised, child, by=specialist, at=START + HOUR)
        town.flush()
        assert actions.taking_part(appraised) == [appraised.office, asked, linked]
        new_on, stranger = date(2020, 9, 22), make.office(town, "Chánh Nghĩa")
        said = {"reason": "Chờ", "at_fault": stranger}
        with pytest.raises(Refused):
            actions.extend(town, appraised, new_on, by=leader, at=START + DAY, **said)
        assert appraised.extended_at is None
        said = {"reason": "Chờ", "at_fault": linked}
        actions.extend(town, appraised, new_on, by=leader, at=START + DAY, **said)
        town.flush()
        last = ledger.history(town, "dossier", appraised.id)[-1]
        assert (last.details["at_fault"], last.details["at_fault_name"]) == (linked.code, linked.name)
        well_kept(town, appraised)

    def test_the_deciding_office_is_at_fault_where_no_other_is_named(self, town, appraised, leader):
        actions.extend(town, appraised, date(2020, 9, 22), by=leader, at=START + DAY, reason="Chờ tra sổ")
        town.flush()
        last = ledger.history(town, "dossier", appraised.id)[-1]
        assert last.details["at_fault"] == appraised.office.code

    def test_a_late_dossier_stays_late_after_recall(self, town, leader):
        dossier = make.dossier(town, Status.FINISHED, at=START)
        due_at = dossier.due_at
        actions.recall(town, dossier, by=leader, at=due_at + DAY, reason="Sai họ tên")
        assert dossier.is_late(due_at + DAY)
        assert dossier.results == []
        assert (dossier.status, dossier.step) == (Status.IN_PROGRESS, Step.APPRAISAL)
        well_kept(town, dossier)

    def test_a_result_that_left_with_the_post_is_not_recalled(self, town, leader):
        dossier = make.dossier(town, Status.FINISHED, at=START)
        actions.note_result_out(dossier, START, is_out=True)
        actions.note_result_out(dossier, START, is_out=True)
        assert [blocker.kind for blocker in dossier.blockers] == [BlockerKind.RESULT_OUT]
        with pytest.raises(Refused):
            actions.recall(town, dossier, by=leader, at=START + DAY, reason="Sai họ tên")
        actions.note_result_out(dossier, START, is_out=False)
        actions.recall(town, dossier, by=leader, at=START + DAY, reason="Sai họ tên")


class TestHands:
    """Whose it is inside the office."""

    def test_what_is_given_to_one_is_shut_to_another_until_taken_over(
        self, town, appraised, leader, specialist
    ):
        other = second_specialist(town)
        actions.assign(town, appraised, other.account_id, by=leader, at=START + HOUR)
        with pytest.raises(Refused):
            actions.charge(town, appraised, 5, "Phí", by=specialist, at=START + HOUR)
        actions.take_over(town, appraised, by=specialist, at=START + HOUR)
        assert appraised.assignee_id == specialist.account_id
        with pytest.raises(Refused):
            actions.take_over(town, appraised, by=specialist, at=START + HOUR)
        well_kept(town, appraised)

    def test_only_who_appraises_there_is_assigned(self, town, appraised, leader, receptionist):
        with pytest.raises(Refused):
            actions.assign(town, appraised, receptionist.account_id, by=leader, at=START + HOUR)

    def test_who_stands_in_during_an_absence_works_without_taking_over(
        self, town, appraised, leader, specialist
    ):
        other = second_specialist(town)
        actions.assign(town, appraised, other.account_id, by=leader, at=START + HOUR)
        days = Tenure(date(2020, 9, 16), date(2020, 9, 17))
        pair = absences.StandIn(other.account_id, specialist.account_id, appraised.office_id)
        absences.declare(town, pair, days, "Tập huấn", by=leader, at=START)
        town.flush()
        covered = absences.stands_in_for(town, specialist.account_id, specialist.office_id, date(2020, 9, 17))
        standing = make.standing_in(specialist, covered)
        actions.charge(town, appraised, 5, "Phí", by=standing, at=at("2020-09-17 09:00"))
        after = absences.stands_in_for(town, specialist.account_id, specialist.office_id, date(2020, 9, 18))
        assert after == frozenset()

    def test_absences_are_the_leaders_and_by_the_same_role(self, town, leader, specialist, receptionist):
        days = Tenure(date(2020, 9, 16), date(2020, 9, 17))
        pair = absences.StandIn(specialist.account_id, receptionist.account_id, leader.office_id or 0)
        with pytest.raises(NotAllowed):
            absences.declare(town, pair, days, "", by=specialist, at=START)
        with pytest.raises(Refused):
            absences.declare(town, pair, days, "", by=leader, at=START)


def second_specialist(session: Session) -> Actor:
    """Another specialist of Phú Hòa, newly appointed."""
    return make.colleague(session, Role.SPECIALIST)


class TestOpinions:
    """Other offices: asked, with their own term; and linked dossiers."""

    def test_a_proposal_waits_for_an_opinion_but_not_longer_than_its_term(self, town, appraised, specialist):
        elsewhere = make.office(town, "Hiệp Thành")
        question = actions.Question(elsewhere, "Có đăng ký kết hôn ở phường không?", 2)
        asked = actions.consult(town, appraised, question, by=specialist, at=START + HOUR)
        make.result_file(town, appraised, specialist, START)
        town.flush()
        with pytest.raises(Refused):
            actions.propose(town, appraised, by=specialist, at=asked.due_at, opinion="Đủ.")
        actions.propose(town, appraised, by=specialist, at=asked.due_at + HOUR, opinion="Đủ.")
        well_kept(town, appraised)

    def test_the_asked_office_answers_and_no_other(self, town, appraised, specialist):
        elsewhere = make.office(town, "Hiệp Thành")
        actions.consult(
            town, appraised, actions.Question(elsewhere, "Hỏi?", 2), by=specialist, at=START + HOUR
        )
        town.flush()
        with pytest.raises(NotAllowed):
            actions.opine(town, appraised, "Không có.", by=specialist, at=START + 2 * HOUR)
        there = make.official(town, Role.SPECIALIST, "Hiệp Thành")
        actions.opine(town, appraised, "Không có.", by=there, at=START + 2 * HOUR)
        assert appraised.consultations[0].answer == "Không có."
        assert Move.OPINE not in {offer.move for offer in moves_open_to(there, appraised, START + 3 * HOUR)}
        well_kept(town, appraised)

    def test_one_does_not_ask_oneself_twice_or_without_words(self, town, appraised, specialist):
        here, elsewhere = make.office(town), make.office(town, "Hiệp Thành")
        for question in (
            actions.Question(here, "Hỏi?", 2),
            actions.Question(elsewhere, " ", 2),
            actions.Question(elsewhere, "Hỏi?", 0),
        ):
            with pytest.raises(Refused):
                actions.consult(town, appraised, question, by=specialist, at=START + HOUR)
        assert appraised.consultations == []

    @pytest.mark.parametrize("end", ["withdraw", "close", "finish"])
    def test_a_question_ends_with_its_dossier(self, town, appraised, specialist, leader, end):
        elsewhere = make.office(town, "Hiệp Thành")
        question = actions.Question(elsewhere, "Hỏi?", 2)
        asked = actions.consult(town, appraised, question, by=specialist, at=START + HOUR)
        town.flush()
        ended = asked.due_at + HOUR
        if end == "withdraw":
            actions.withdraw(town, appraised, by=make.citizen(town), at=ended)
        if end == "close":
            actions.stop(town, appraised, by=leader, at=ended - 2 * HOUR, reason="Tranh chấp")
            town.flush()
            assert asked.is_open, "a stopped dossier may go on"
            actions.close(town, appraised, by=leader, at=ended, reason="Hết cách")
        if end == "finish":
            finish(town, appraised, ended - timedelta(minutes=3))
        assert (asked.is_open, asked.ended_at, asked.answered_at) == (False, ended, None)
        there = make.official(town, Role.SPECIALIST, "Hiệp Thành")
        assert moves_open_to(there, appraised, ended + HOUR) == []
        with pytest.raises((NotAllowed, WrongState)):
            actions.opine(town, appraised, "Không có.", by=there, at=ended + HOUR)
        [told] = questions.ended(town, there, ended + DAY)
        assert (told.move, told.question, told.code) == (Move(end), "Hỏi?", appraised.code)
        assert questions.ended(town, there, ended + 40 * DAY) == []
        well_kept(town, appraised)

    def test_a_recalled_result_may_ask_the_same_office_again(self, town, appraised, specialist, leader):
        elsewhere = make.office(town, "Hiệp Thành")
        question = actions.Question(elsewhere, "Hỏi?", 2)
        asked = actions.consult(town, appraised, question, by=specialist, at=START + HOUR)
        town.flush()
        finish(town, appraised, asked.due_at + HOUR)
        later = asked.due_at + 2 * HOUR
        actions.recall(town, appraised, by=leader, at=later, reason="Sai họ tên")
        town.flush()
        there = make.official(town, Role.SPECIALIST, "Hiệp Thành")
        assert moves_open_to(there, appraised, later) == []
        again = actions.consult(town, appraised, question, by=specialist, at=later)
        assert (asked.is_open, again.is_open) == (False, True)

    def test_a_linked_dossier_has_its_own_clock_and_is_waited_for(self, town, appraised, specialist):
        owner = make.citizen(town)
        child = make.application(town, owner, channel=Channel.DESK, office_name="Hiệp Thành")
        opened = actions.link(town, appraised, child, by=specialist, at=START + DAY)
        make.result_file(town, appraised, specialist, START)
        town.flush()
        town.refresh(appraised, ["children"])
        assert opened.parent_id == appraised.id
        with pytest.raises(Refused):
            actions.propose(town, appraised, by=specialist, at=START + DAY + HOUR, opinion="Đủ.")
        there = make.official(town, Role.RECEPTIONIST, "Hiệp Thành")
        actions.accept(town, opened, by=there, at=START + DAY + 2 * HOUR)
        assert opened.due_at != appraised.due_at
        actions.withdraw(town, opened, by=owner, at=START + DAY + 3 * HOUR)
        actions.propose(town, appraised, by=specialist, at=START + DAY + 4 * HOUR, opinion="Đủ.")
        well_kept(town, opened)

    def test_of_two_links_to_the_same_office_for_the_same_procedure_one_is_opened(
        self, town, appraised, specialist
    ):
        def link(code: str, office: str) -> Dossier:
            child = make.application(town, make.citizen(town), code, channel=Channel.DESK, office_name=office)
            opened = actions.link(town, appraised, child, by=specialist, at=START + DAY)
            town.flush()
            return opened

        first = link(make.MARRIAGE_STATUS, "Hiệp Thành")
        with pytest.raises(WrongState, match=first.provisional_code):
            link(make.MARRIAGE_STATUS, "Hiệp Thành")
        assert appraised.children == [first]
        link(make.BIRTH, "Hiệp Thành")
        link(make.MARRIAGE_STATUS, "Phú Lợi")
        actions.withdraw(town, first, by=make.citizen(town), at=START + DAY)
        town.flush()
        link(make.MARRIAGE_STATUS, "Hiệp Thành")
        assert len(appraised.open_children) == 3
        well_kept(town, appraised)


class TestEndedParents:
    """A linked dossier has its own clock: it goes on when its parent ends, but nobody may overlook it."""

    @pytest.fixture
    def child(self, town: Session, appraised: Dossier, specialist: Actor) -> Dossier:
        filed = make.application(town, make.citizen(town), channel=Channel.DESK, office_name="Hiệp Thành")
        opened = actions.link(town, appraised, filed, by=specialist, at=START + HOUR)
        town.flush()
        return opened

    @staticmethod
    def end(town: Session, parent: Dossier, when: datetime) -> None:
        actions.withdraw(town, parent, by=make.citizen(town), at=when)
        town.flush()

    @pytest.mark.parametrize("status", ["accepted", "in_progress", "supplement", "charge", "stopped"])
    def test_its_leader_may_end_it_from_wherever_it_is(self, town, appraised, child, status):
        there = {role: make.official(town, role, "Hiệp Thành") for role in DESK_ROLES}
        when = START + 2 * HOUR
        actions.accept(town, child, by=there[Role.RECEPTIONIST], at=when)
        if status != "accepted":
            actions.forward(town, child, by=there[Role.RECEPTIONIST], at=when)
        if status == "supplement":
            ask(town, child, there[Role.SPECIALIST], when)
        if status == "charge":
            actions.charge(town, child, 5, "Phí", by=there[Role.SPECIALIST], at=when)
        if status == "stopped":
            actions.stop(town, child, by=there[Role.LEADER], at=when, reason="Tranh chấp")
        town.flush()
        leader = there[Role.LEADER]
        with pytest.raises(NotAllowed):
            actions.end_linked(town, child, by=leader, at=when, reason="Sớm quá")
        self.end(town, appraised, when)
        assert not child.is_over
        offered = {offer.move for offer in moves_open_to(leader, child, when) if not offer.shut_because}
        assert Move.END_LINKED in offered
        actions.end_linked(town, child, by=leader, at=when + HOUR, reason="Hồ sơ chính đã rút")
        town.flush()
        assert (child.status, child.is_over) == (Status.STOPPED, True)
        assert (child.open_supplement, child.open_charge) == (None, None)
        last = ledger.history(town, "dossier", child.id)[-1]
        assert last.details == {"parent": appraised.code}
        well_kept(town, child)

    def test_before_acceptance_its_desk_refuses_without_waiting(self, town, appraised, child):
        desk = make.official(town, Role.RECEPTIONIST, "Hiệp Thành")
        ask(town, child, desk, START + 2 * HOUR)
        with pytest.raises(Refused):
            actions.refuse(town, child, by=desk, at=START + 3 * HOUR, reason="Hồ sơ chính đã rút")
        self.end(town, appraised, START + 3 * HOUR)
        actions.refuse(town, child, by=desk, at=START + 4 * HOUR, reason="Hồ sơ chính đã rút")
        assert child.status == Status.NOT_ACCEPTED
        well_kept(town, child)

    def test_it_may_go_on_to_its_own_result(self, town, appraised, child):
        self.end(town, appraised, START + 2 * HOUR)
        road = make.Road(town, child, "Hiệp Thành", START + 3 * HOUR, make.citizen(town))
        for number in range(1, 6):
            road.make_move(number)
        assert child.status == Status.FINISHED

    def test_a_parent_with_its_result_has_not_ended_in_this_sense(self, town, appraised, child):
        actions.withdraw(town, child, by=make.citizen(town), at=START + 2 * HOUR)
        town.flush()
        finish(town, appraised, START + 3 * HOUR)
        assert not child.has_ended_parent


class TestDrafts:
    """R37: the citizen sees the draft; a day of silence confirms it."""

    @pytest.fixture
    def born(self, town: Session, appraised: Dossier, specialist: Actor) -> Dossier:
        """A dossier whose procedure sends drafts, with a draft lying there."""
        version = appraised.procedure_version
        version.curated = {**version.curated, "confirm_draft": True}
        make.result_file(town, appraised, specialist, START)
        town.flush()
        return appraised

    def test_nothing_is_proposed_before_the_citizen_has_seen_it(self, town, born, specialist):
        with pytest.raises(Refused):
            actions.propose(town, born, by=specialist, at=START + HOUR, opinion="Đủ.")
        actions.send_draft(town, born, by=specialist, at=START + HOUR)
        with pytest.raises(Refused):
            actions.propose(town, born, by=specialist, at=START + HOUR, opinion="Đủ.")
        actions.confirm_draft(town, born, by=make.citizen(town), at=START + 2 * HOUR)
        actions.propose(town, born, by=specialist, at=START + 3 * HOUR, opinion="Đủ.")
        well_kept(town, born)

    def test_a_day_of_silence_confirms_and_not_an_hour_less(self, town, born, specialist):
        actions.send_draft(town, born, by=specialist, at=at("2020-09-16 09:00"))
        assert local(actions.silence_until(town, born)) == "2020-09-17 17:00"
        with pytest.raises(Refused):
            actions.confirm_draft(town, born, by=OPERATOR, at=at("2020-09-17 16:59"))
        actions.confirm_draft(town, born, by=OPERATOR, at=at("2020-09-17 17:00"))
        assert born.draft_confirmed_at is not None
        with pytest.raises(Refused):
            actions.confirm_draft(town, born, by=make.citizen(town), at=at("2020-09-17 17:01"))

    def test_silence_counts_only_while_the_citizen_could_speak(self, town, born, specialist, leader):
        """Somebody who could not answer while the dossier stood has confirmed nothing."""
        actions.send_draft(town, born, by=specialist, at=START + HOUR)
        actions.stop(town, born, by=leader, at=START + 2 * HOUR, reason="Tòa án đang xét")
        actions.resume(town, born, by=leader, at=START + 6 * DAY)
        with pytest.raises(Refused):
            actions.confirm_draft(town, born, by=OPERATOR, at=START + 7 * DAY)
        actions.send_draft(town, born, by=specialist, at=START + 7 * DAY)
        well_kept(town, born)

    def test_a_confirmation_does_not_outlive_a_supplement(self, town, born, specialist):
        """What was confirmed was made of what is asked for anew."""
        actions.send_draft(town, born, by=specialist, at=START + HOUR)
        actions.confirm_draft(town, born, by=make.citizen(town), at=START + 2 * HOUR)
        ask(town, born, specialist, START + 3 * HOUR)
        answer(town, born, START + DAY)
        with pytest.raises(Refused):
            actions.propose(town, born, by=specialist, at=START + 2 * DAY, opinion="Đủ.")
        well_kept(town, born)

    def test_an_objection_makes_a_new_draft_necessary(self, town, born, specialist):
        citizen = make.citizen(town)
        actions.send_draft(town, born, by=specialist, at=START + HOUR)
        with pytest.raises(Refused):
            actions.object_draft(town, born, by=citizen, at=START + 2 * HOUR, reason=" ")
        actions.object_draft(town, born, by=citizen, at=START + 2 * HOUR, reason="Sai tên đệm")
        assert born.results == []
        with pytest.raises(Refused):
            actions.send_draft(town, born, by=specialist, at=START + 3 * HOUR)
        well_kept(town, born)

    def test_other_procedures_send_none(self, town, appraised, specialist):
        make.result_file(town, appraised, specialist, START)
        with pytest.raises(Refused):
            actions.send_draft(town, appraised, by=specialist, at=START + HOUR)


@pytest.mark.parametrize(
    ("on", "law", "supplement"),
    [
        (TURN - DAY, LawSet.OF_2020, AfterSupplement.RESTART),
        (TURN, LawSet.OF_2025, AfterSupplement.RESUME),
    ],
)
def test_the_law_of_the_day_of_filing_counts(town: Session, on: date, law: LawSet, supplement) -> None:
    assert law_on(on) == law
    dossier = make.dossier(town, at=START)
    dossier.submitted_at = datetime(on.year, on.month, on.day, 9, tzinfo=ZONE)
    assert deadlines.after_supplement(dossier) == supplement


def test_a_dossier_keeps_the_workflow_it_was_filed_under(town: Session) -> None:
    dossier = make.dossier(town, Status.ACCEPTED, at=START)
    assert dossier.workflow is not None
    assert dossier.workflow.scope == "field:Hộ tịch"
    assert dossier.step_due_at is not None


@pytest.mark.parametrize("move", [actions.stop, actions.close, actions.recall])
def test_words_are_needed_where_people_read_them(town: Session, appraised, leader, move) -> None:
    with pytest.raises((Refused, WrongState)):
        move(town, appraised, by=leader, at=START + HOUR, reason="  ")
    assert town.scalar(select(Dossier.status).where(Dossier.id == appraised.id)) == Status.IN_PROGRESS
