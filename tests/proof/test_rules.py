"""The rules of the trade, each with the test that shows it: one of this file, or the name of another one."""

import ast
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.authority import OPERATOR
from portal.accounts.calendars import calendar_of
from portal.accounts.models import Role
from portal.catalogue import versions
from portal.catalogue.models import Channel, ProcedureVersion
from portal.catalogue.workflows import StepKind
from portal.dossiers import actions
from portal.dossiers.deadlines import NoTerm
from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery, Fault, Move, Status, Step
from portal.ground import ledger
from portal.ground.codes import DOSSIER_CODE
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.working_time import ZONE, Term, Unit, due
from portal.messages import actions as messages
from portal.messages.models import Message
from tests import make
from tests.conftest import START

ROOT = Path(__file__).parents[2]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

HERE = "tests/proof/test_rules.py::"
LIFE = "tests/dossiers/test_life.py::"
TABLE = "tests/dossiers/test_workflow.py::"

SHOWN_BY: dict[str, tuple[str, ...]] = {
    "R1": (
        HERE + "test_r1_a_dossier_keeps_the_version_it_was_filed_under",
        "tests/catalogue/test_importing.py::"
        "test_a_changed_record_becomes_the_next_version_and_ends_the_last_one",
    ),
    "R7": (
        HERE + "test_r7_the_official_code_comes_once_at_acceptance",
        "tests/ground/test_codes.py::test_each_agency_and_each_day_counts_for_itself",
        "tests/proof/test_parallel.py::test_a_hundred_acceptances_at_one_agency_have_a_hundred_numbers",
    ),
    "R8": (HERE + "test_r8_an_online_dossier_is_checked_within_eight_working_hours",),
    "R9": (HERE + "test_r9_papers_are_checked_within_one_working_day_of_their_arrival",),
    "R10": (
        HERE + "test_r10_a_request_names_each_paper_and_its_reason",
        TABLE + "test_a_refusal_without_a_reason_is_refused",
    ),
    "R11": (LIFE + "TestSupplement::test_a_second_request_is_the_leaders_with_a_ground",),
    "R12": (TABLE + "test_only_papers_of_the_checklist_may_be_asked_for",),
    "R13": (HERE + "test_r13_acceptance_promises_what_the_calendar_says_or_nothing_at_all",),
    "R14": (
        HERE + "test_r14_a_same_day_procedure_after_three_is_due_the_next_working_day",
        "tests/ground/test_trace.py::test_a_trace_tells_the_second_that_was_too_late",
    ),
    "R15": (HERE + "test_r15_what_was_accepted_is_forwarded_by_the_portal_or_has_its_norm",),
    "R16": (
        "tests/ground/test_working_time.py::test_a_due_date_is_the_one_worked_out_by_hand",
        "tests/accounts/test_calendars.py::test_make_up_saturdays_are_worked_all_day",
    ),
    "R17": (
        TABLE + "test_no_move_leaves_the_table",
        "tests/proof/test_life_machine.py::test_whatever_anybody_does_a_dossier_stays_what_its_ledger_says",
    ),
    "R18": (
        HERE + "test_r18_a_pause_keeps_both_promises",
        LIFE + "TestSupplement::test_the_whole_term_begins_anew_under_the_law_of_2020",
        LIFE + "TestSupplement::test_what_was_left_is_left_where_the_procedure_says_so",
        LIFE + "TestStopping::test_a_stopped_dossier_keeps_what_was_left",
    ),
    "R19": (
        HERE + "test_r19_an_apology_is_judged_when_it_is_made",
        LIFE + "TestExtending::test_it_is_a_later_working_day_told_in_time",
    ),
    "R20": (LIFE + "TestExtending::test_a_new_day_is_appointed_once",),
    "R21": (HERE + "test_r21_the_apology_is_told_to_the_citizen",),
    "R22": (
        HERE + "test_r22_nothing_is_withdrawn_once_there_is_a_result",
        LIFE + "TestStopping::test_the_owner_may_withdraw_what_stands_still",
    ),
    "R23": (HERE + "test_r23_lateness_keeps_nobody_from_their_result",),
    "R24": (
        HERE + "test_r24_a_return_needs_its_evidence",
        TABLE + "test_a_download_returns_only_what_was_to_come_online",
        "tests/postal/test_return.py::test_the_receiver_reads_out_the_code_and_the_result_is_returned",
    ),
    "R28": (
        TABLE + "test_an_office_that_only_received_a_dossier_does_not_decide_it",
        "tests/sites/test_ward_intake.py::test_another_ward_may_receive_what_this_one_decides",
    ),
    "R29": (
        "tests/accounts/test_appointments.py::test_a_role_holds_from_its_first_day_to_its_last",
        "tests/accounts/test_establishment.py::test_a_closed_office_stays_readable_and_names_its_successor",
    ),
    "R37": (
        LIFE + "TestDrafts::test_nothing_is_proposed_before_the_citizen_has_seen_it",
        LIFE + "TestDrafts::test_a_day_of_silence_confirms_and_not_an_hour_less",
    ),
}
"""By rule of DOMAIN 13 that the life of a dossier obeys. R35 is missing: no register is read yet."""


ROWS = [(rule, test) for rule, tests in SHOWN_BY.items() for test in tests]


@pytest.mark.parametrize(("rule", "test"), ROWS)
def test_the_test_that_shows_a_rule_exists(rule: str, test: str) -> None:
    path, *names = test.split("::")
    found: list[ast.stmt] = ast.parse((ROOT / path).read_text()).body
    for name in names:
        named = [node for node in found if getattr(node, "name", None) == name]
        assert named, f"{rule}: {test} is not there"
        found = named[0].body


def test_every_rule_of_the_life_of_a_dossier_is_shown() -> None:
    wanted = {1, 7, 8, 9, *range(10, 25), 28, 29, 37}
    assert set(SHOWN_BY) == {f"R{number}" for number in wanted}


def receptionist(town: Session):
    return make.official(town, Role.RECEPTIONIST)


def local(dossier_moment) -> str:
    return f"{dossier_moment.astimezone(ZONE):%Y-%m-%d %H:%M}"


def test_r1_a_dossier_keeps_the_version_it_was_filed_under(town: Session) -> None:
    dossier = make.dossier(town, at=START)
    old = dossier.procedure_version
    next_day = date(2020, 9, 16)
    slower = ProcedureVersion(
        procedure_id=old.procedure_id, number=old.number + 1, state=old.state, from_on=next_day,
        name=old.name, field=old.field, lead="", applicants="", folded="", decision="", by_post=True,
        record={}, record_hash="x", warnings=[], source="", terms=[], cases=[],
    )  # fmt: skip
    versions.end(town, [old.id], next_day)
    town.add(slower)
    town.flush()
    actions.accept(town, dossier, by=receptionist(town), at=START + DAY)
    assert dossier.procedure_version is old
    assert local(dossier.due_at) == "2020-09-18 17:00", "by the old version's three working days"


def test_r7_the_official_code_comes_once_at_acceptance(town: Session) -> None:
    first, second = (make.dossier(town, at=START) for _ in range(2))
    assert (first.code, first.shown_code) == (None, first.provisional_code)
    for dossier in (first, second):
        actions.accept(town, dossier, by=receptionist(town), at=START + HOUR)
    codes = (first.code, second.code)
    assert all(DOSSIER_CODE.fullmatch(code) for code in codes)
    assert [code.rpartition("-")[2] for code in codes] == ["0001", "0002"]
    assert {code.split("-")[1] for code in codes} == {"200915"}
    with pytest.raises(WrongState):
        actions.accept(town, first, by=receptionist(town), at=START + 2 * HOUR)
    assert (first.code, second.code) == codes


def test_r8_an_online_dossier_is_checked_within_eight_working_hours(town: Session) -> None:
    """Tuesday 09:00: two and a half hours and three and a half that day, the last two on Wednesday."""
    assert local(make.dossier(town, at=START).check_due_at) == "2020-09-16 09:30"


def test_r9_papers_are_checked_within_one_working_day_of_their_arrival(town: Session) -> None:
    dossier = make.dossier(town, at=START, channel=Channel.POST)
    assert dossier.check_due_at is None
    actions.expect_by_hand(dossier)
    actions.receive_papers(town, dossier, by=receptionist(town), at=START + 3 * DAY)
    assert local(dossier.check_due_at) == "2020-09-21 17:00", "the Monday after Friday"


@pytest.mark.parametrize("words", ["", "  "])
def test_r10_a_request_names_each_paper_and_its_reason(town: Session, words: str) -> None:
    dossier = make.dossier(town, at=START)
    by, key = receptionist(town), dossier.checklist[0].key
    for asked in ([], [actions.Asked(Fault.MISSING, words, item_key=key)]):
        with pytest.raises(Refused):
            actions.ask_supplement(town, dossier, asked, by=by, at=START + HOUR)
    assert (dossier.status, dossier.supplements) == (Status.SUBMITTED, [])


def test_r13_acceptance_promises_what_the_calendar_says_or_nothing_at_all(town: Session) -> None:
    dossier, without = (make.dossier(town, at=START) for _ in range(2))
    actions.accept(town, dossier, by=receptionist(town), at=START + HOUR)
    calendar = calendar_of(town, dossier.office_id, START.date())
    assert dossier.due_at == due(START, Term(Decimal(3), Unit.WORKING_DAY), calendar).at
    for term in without.procedure_version.terms:
        term.unit = None
    town.flush()
    before = ledger.history(town, "dossier", without.id)
    with pytest.raises(NoTerm):
        actions.accept(town, without, by=receptionist(town), at=START + HOUR)
    assert (without.status, without.code, without.due_at) == (Status.SUBMITTED, None, None)
    assert ledger.history(town, "dossier", without.id) == before


@pytest.mark.parametrize(
    ("late", "promised"), [(timedelta(), "2020-09-15 17:00"), (timedelta(seconds=1), "2020-09-16 17:00")]
)
def test_r14_a_same_day_procedure_after_three_is_due_the_next_working_day(
    town: Session, late: timedelta, promised: str
) -> None:
    for term in make.version(town).terms:
        term.unit = Unit.SAME_DAY
    dossier = make.dossier(town, Status.ACCEPTED, at=START + 6 * HOUR + late)
    assert local(dossier.due_at) == promised


def test_r15_what_was_accepted_is_forwarded_by_the_portal_or_has_its_norm(town: Session) -> None:
    """The portal itself may forward; where the workflow has no transfer it does so at once."""
    waiting = make.dossier(town, Status.ACCEPTED, at=START)
    assert waiting.step_due_at is not None
    actions.forward(town, waiting, by=OPERATOR, at=START + HOUR)
    assert waiting.step == Step.APPRAISAL
    at_once = make.dossier(town, at=START)
    rows = at_once.workflow.steps_data
    at_once.workflow.steps_data = [row for row in rows if row["kind"] != StepKind.TRANSFER]
    actions.accept(town, at_once, by=receptionist(town), at=START + HOUR)
    assert at_once.step == Step.APPRAISAL
    assert [entry.move for entry in ledger.history(town, "dossier", at_once.id)][-2:] == ["accept", "forward"]


def test_r18_a_pause_keeps_both_promises(town: Session) -> None:
    """Row and ledger both say what was promised before and after; a dossier not yet accepted has no pause."""
    dossier, leader = make.dossier(town, Status.IN_PROGRESS, at=START), make.official(town, Role.LEADER)
    old = dossier.due_at
    actions.stop(town, dossier, by=leader, at=START + HOUR, reason="Tranh chấp")
    town.flush()
    actions.resume(town, dossier, by=leader, at=START + 8 * DAY)
    assert [(one.old_due_at, one.new_due_at) for one in dossier.pauses] == [(old, dossier.due_at)]
    said = ledger.history(town, "dossier", dossier.id)[-1].details
    assert said == {"old_due": old.isoformat(), "new_due": dossier.due_at.isoformat()}
    assert make.dossier(town, Status.AWAITING_SUPPLEMENT, at=START).pauses == []


def test_r19_an_apology_is_judged_when_it_is_made(town: Session) -> None:
    leader = make.official(town, Role.LEADER)
    in_time, too_late = (make.dossier(town, Status.IN_PROGRESS, at=START) for _ in range(2))
    new, due_at = date(2020, 9, 22), in_time.due_at
    actions.extend(town, in_time, new, by=leader, at=due_at, reason="Chờ tra sổ")
    with pytest.raises(Refused):
        actions.extend(town, too_late, new, by=leader, at=due_at + timedelta(seconds=1), reason="Chờ tra sổ")
    after = due_at + HOUR
    assert (in_time.is_late(after), too_late.is_late(after)) == (False, True)


def test_r21_the_apology_is_told_to_the_citizen(town: Session) -> None:
    dossier = make.dossier(town, Status.IN_PROGRESS, at=START)
    leader, new = make.official(town, Role.LEADER), date(2020, 9, 22)
    actions.extend(town, dossier, new, by=leader, at=START + HOUR, reason="Chờ tra sổ")
    messages.tell(town, ledger.appended(town), by_email=False, wall=START)
    told = town.scalars(select(Message).where(Message.topic == Move.EXTEND)).one()
    assert (told.account_id, told.params["reason"]) == (dossier.owner_id, "Chờ tra sổ")


@pytest.mark.parametrize("status", [Status.FINISHED, Status.RETURNED])
def test_r22_nothing_is_withdrawn_once_there_is_a_result(town: Session, status: Status) -> None:
    dossier = make.dossier(town, status, at=START)
    with pytest.raises(WrongState):
        actions.withdraw(town, dossier, by=make.citizen(town), at=START + DAY)


def test_r23_lateness_keeps_nobody_from_their_result(town: Session) -> None:
    dossier = make.dossier(town, Status.IN_PROGRESS, step=Step.ISSUING, at=START)
    late = dossier.due_at + 30 * DAY
    actions.finish(town, dossier, by=make.official(town, Role.RECORDS_CLERK), at=late, number="9/XN")
    actions.hand_over(town, dossier, {"receiver": "Mai"}, by=receptionist(town), at=late + HOUR)
    assert dossier.status == Status.RETURNED
    assert dossier.is_late(late + HOUR), "and it stays late"


def test_r24_a_return_needs_its_evidence(town: Session) -> None:
    dossier: Dossier = make.dossier(town, Status.FINISHED, at=START, delivery=Delivery.DESK)
    with pytest.raises(Refused):
        actions.hand_over(town, dossier, {"receiver": " "}, by=receptionist(town), at=START + DAY)
    with pytest.raises(NotAllowed):
        actions.hand_over(town, dossier, {}, by=make.citizen(town), at=START + DAY)
    assert (dossier.status, dossier.evidence) == (Status.FINISHED, None)
