"""Alarms: raised for the moment they concern, once, whenever the sweep runs; gone when they hold no more."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts.calendars import calendar_of
from portal.accounts.models import Account, Actor, Role
from portal.catalogue.models import Channel
from portal.dossiers import actions, sweeping
from portal.dossiers.alarms import TABLE, Facts, Measure, forward_until, standing
from portal.dossiers.models import Alarm, AlarmKind, Dossier
from portal.dossiers.states import Fault, Status, Step
from portal.ground import ledger
from portal.ground.open_hours import Calendar, DayKind
from portal.ground.ruler import Ruler
from portal.ground.working_time import ZONE
from portal.messages.models import Message, Sending
from portal.messages.reminding import remind
from portal.messages.wording import ALARMS
from tests import make
from tests.conftest import START

K = AlarmKind
SILENT_HOURS = 40
NATIONAL_DAY = Calendar(days={date(2020, 9, 2): DayKind.HOLIDAY})
"""Office hours are 07:30 to 11:30 and 13:30 to 17:00, 7.5 hours a day; Wednesday 2 September is a holiday."""


def at(text: str) -> datetime:
    """A moment in Vietnam, such as "2020-09-16 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def local(moment: datetime) -> str:
    """How the clock on the wall shows it."""
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}"


def facts(status: Status, **more: object) -> Facts:
    """A dossier that has nothing but what is said here."""
    nothing = dict.fromkeys(Facts.__dataclass_fields__)
    step = Step.APPRAISAL if status == Status.IN_PROGRESS else None
    said = {"dossier_id": 1, "office_id": 1, "channel": Channel.ONLINE, "step": step, "rest": timedelta()}
    return Facts(**{**nothing, **said, "status": status, **more})  # type: ignore[arg-type]


MEASURE = Measure(
    NATIONAL_DAY, Ruler(NATIONAL_DAY, date(2020, 6, 1), date(2020, 12, 31)), timedelta(hours=SILENT_HOURS)
)
PROMISED = {"accepted_at": at("2020-09-01 08:30"), "due_at": at("2020-09-07 17:00")}
"""Accepted on Tuesday 1 September at 08:30, due on Monday 7: 6.5 + 7.5 + 7.5 + 7.5 open hours are 29."""

MOMENTS = {
    "the check of an online dossier": (
        K.CHECK_ONLINE, facts(Status.SUBMITTED, check_due_at=at("2020-09-01 10:00")), "2020-09-01 10:00"),
    "the check of a paper one": (
        K.CHECK_PAPER,
        facts(Status.SUBMITTED, channel=Channel.POST, check_due_at=at("2020-09-03 17:00")),
        "2020-09-03 17:00"),
    "half of the open time": (K.HALF, facts(Status.IN_PROGRESS, **PROMISED), "2020-09-04 08:00"),
    "one working day before": (K.LAST_DAY, facts(Status.IN_PROGRESS, **PROMISED), "2020-09-04 17:00"),
    "the due moment": (K.LATE, facts(Status.ACCEPTED, **PROMISED), "2020-09-07 17:00"),
    "half around lunch": (
        K.HALF,
        facts(Status.IN_PROGRESS, accepted_at=at("2020-09-03 10:30"), due_at=at("2020-09-03 16:30")),
        "2020-09-03 14:30"),
    "half over a holiday": (
        K.HALF,
        facts(Status.IN_PROGRESS, accepted_at=at("2020-09-01 18:00"), due_at=at("2020-09-03 17:00")),
        "2020-09-03 11:15"),
    "forty open hours of silence": (
        K.SILENT, facts(Status.IN_PROGRESS, last_at=at("2020-09-01 17:00"), **PROMISED), "2020-09-10 10:00"),
    "the norm of a step": (
        K.STEP_OVER,
        facts(
            Status.IN_PROGRESS, step_due_at=at("2020-09-07 09:00"), rest=timedelta(hours=10), **PROMISED
        ), "2020-09-07 09:00"),
    "the latest start of the steps after one that is over": (
        K.STEP_OVER,
        facts(
            Status.IN_PROGRESS, step_due_at=at("2020-09-03 09:00"), rest=timedelta(hours=10), **PROMISED
        ), "2020-09-04 14:30"),
    "three days of waiting": (
        K.WAITING_3,
        facts(Status.AWAITING_PAYMENT, asked_at=at("2020-09-04 16:20")), "2020-09-07 16:20"),
    "seven days of waiting": (
        K.WAITING_7,
        facts(Status.AWAITING_SUPPLEMENT, asked_at=at("2020-09-04 16:20")), "2020-09-11 16:20"),
    "an opinion": (
        K.OPINION_LATE,
        facts(Status.IN_PROGRESS, opinion_due_at=at("2020-09-04 17:00")), "2020-09-04 17:00"),
    "the end of the parent": (
        K.PARENT_ENDED, facts(Status.STOPPED, parent_ended_at=at("2020-09-03 09:00")), "2020-09-03 09:00"),
    "a day of silence over a holiday": (
        K.DRAFT_SILENCE, facts(Status.IN_PROGRESS, draft_sent_at=at("2020-09-01 10:00")), "2020-09-03 17:00"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "which", "moment"), MOMENTS.values(), ids=MOMENTS.keys())
def test_every_alarm_holds_from_just_after_its_moment(kind: AlarmKind, which: Facts, moment: str) -> None:
    assert kind not in standing(which, MEASURE, at(moment))
    found = standing(which, MEASURE, at(moment) + timedelta(seconds=1))
    assert local(found[kind]) == moment


def test_every_alarm_has_its_moment_in_this_table() -> None:
    assert {kind for kind, _, _ in MOMENTS.values()} | {K.FORWARD} == set(TABLE) == set(AlarmKind)


@pytest.mark.parametrize(
    ("accepted", "until"),
    [
        ("2020-09-01 14:59:59", "2020-09-01 17:00"),
        ("2020-09-01 15:00:00", "2020-09-01 17:00"),
        ("2020-09-01 15:00:01", "2020-09-03 07:30"),  # The next day is the holiday.
        ("2020-09-04 15:01:00", "2020-09-07 07:30"),  # Friday afternoon.
        ("2020-09-03 12:10:00", "2020-09-03 17:00"),  # At lunch.
        ("2020-09-05 09:00:00", "2020-09-07 17:00"),  # Saturday counts as Monday's opening.
        ("2020-09-03 19:00:00", "2020-09-04 07:30"),
    ],
)
def test_what_is_accepted_is_forwarded_the_same_day_or_at_the_next_opening(accepted: str, until: str) -> None:
    assert local(forward_until(at(accepted), NATIONAL_DAY)) == until
    waiting = facts(Status.ACCEPTED, accepted_at=at(accepted), due_at=at("2020-10-30 17:00"))
    assert standing(waiting, MEASURE, at(until) + timedelta(minutes=1))[K.FORWARD] == at(until)


def test_one_word_at_a_time_about_the_same_promise() -> None:
    """Half, then the last day, then late."""
    about = {K.HALF, K.LAST_DAY, K.LATE}
    dossier = facts(Status.IN_PROGRESS, **PROMISED)
    seen = [
        about & set(standing(dossier, MEASURE, at(moment)))
        for moment in ("2020-09-03 17:00", "2020-09-04 09:00", "2020-09-07 09:00", "2020-09-08 09:00")
    ]
    assert seen == [set(), {K.HALF}, {K.LAST_DAY}, {K.LATE}]


@pytest.mark.parametrize(
    ("hours", "moment"),
    [(10, "2020-09-04 14:30"), (0, "2020-09-07 17:00"), (10, "2020-09-07 17:01")],
    ids=["time to spare", "the last step", "late is another word"],
)
def test_a_step_over_its_norm_is_quiet_while_the_promise_is_safe(hours: int, moment: str) -> None:
    over = {"step_due_at": at("2020-09-03 09:00"), "rest": timedelta(hours=hours), **PROMISED}
    assert K.STEP_OVER not in standing(facts(Status.IN_PROGRESS, **over), MEASURE, at(moment))


def test_the_check_at_reception_is_no_step_over() -> None:
    waiting = facts(Status.SUBMITTED, step_due_at=at("2020-09-03 09:00"), check_due_at=at("2020-09-03 11:00"))
    assert set(standing(waiting, MEASURE, at("2020-09-03 10:00"))) == set()


def test_a_term_of_one_day_has_no_last_day() -> None:
    same_day = {"accepted_at": at("2020-09-03 09:00"), "due_at": at("2020-09-03 17:00")}
    assert set(standing(facts(Status.IN_PROGRESS, **same_day), MEASURE, at("2020-09-03 15:00"))) == {K.HALF}


def test_a_clock_that_stands_raises_nothing_about_time() -> None:
    for status in (Status.AWAITING_SUPPLEMENT, Status.AWAITING_PAYMENT, Status.STOPPED):
        moments = {"last_at": at("2020-09-01 09:00"), "step_due_at": at("2020-09-01 10:00"), **PROMISED}
        assert standing(facts(status, **moments), MEASURE, at("2020-11-01 09:00")) == {}


def test_papers_that_have_not_come_are_not_silence() -> None:
    announced = facts(Status.SUBMITTED, channel=Channel.POST, last_at=at("2020-09-01 09:00"))
    assert standing(announced, MEASURE, at("2020-11-01 09:00")) == {}


@pytest.mark.parametrize(
    "start", ["2020-08-30 03:00", "2020-09-01 07:30", "2020-09-01 12:00", "2020-09-04 17:00"]
)
def test_the_ruler_measures_what_the_calendar_counts(start: str) -> None:
    """Against adding up the open spans one by one."""
    for minutes in (1, 240, 450, 451, 3000):
        left, end = timedelta(minutes=minutes), None
        day = at(start).date()
        while end is None:
            for opens, closes in NATIONAL_DAY.open_moments(day):
                span = closes - max(opens, at(start))
                if end is None and span > timedelta(0):
                    end = max(opens, at(start)) + left if left <= span else None
                    left -= span
            day += timedelta(days=1)
        assert MEASURE.ruler.later(at(start), timedelta(minutes=minutes)) == end


def sweep(session: Session, moment: datetime) -> list[Alarm]:
    """One sweep, as the job makes it, in one transaction."""
    waiting = sweeping.to_settle(session, moment, SILENT_HOURS)
    raised = sweeping.settle(session, waiting, moment, SILENT_HOURS)
    session.flush()
    return raised


def raised(session: Session, dossier: Dossier) -> dict[AlarmKind, str]:
    """The alarms of a dossier that hold, with their moments."""
    mine = select(Alarm).where(Alarm.dossier_id == dossier.id, Alarm.cleared_at.is_(None))
    return {alarm.kind: local(alarm.concerns_at) for alarm in session.scalars(mine)}


def ask(session: Session, dossier: Dossier, by: Actor, when: datetime) -> None:
    asked = [actions.Asked(Fault.EXPIRED, "Giấy hết hạn.", item_key=dossier.checklist[0].key)]
    actions.ask_supplement(session, dossier, asked, by=by, at=when)
    session.flush()


@pytest.fixture
def specialist(town: Session) -> Actor:
    return make.official(town, Role.SPECIALIST)


@pytest.fixture
def appraised(town: Session) -> Dossier:
    """A dossier in appraisal, accepted on Tuesday 15 September 2020 at 09:01, due on Friday 18 at 17:00."""
    return make.dossier(town, Status.IN_PROGRESS, at=START)


def test_a_late_sweep_still_says_since_when(town: Session, appraised: Dossier) -> None:
    sweep(town, at("2020-09-21 14:00"))
    assert raised(town, appraised)[K.LATE] == "2020-09-18 17:00"


def test_what_was_done_in_time_is_no_alarm_however_late_the_sweep(town: Session) -> None:
    done = make.dossier(town, Status.FINISHED, at=START)
    waiting = make.dossier(town, at=START, by=make.citizen(town, 1))
    actions.accept(town, waiting, by=make.official(town, Role.RECEPTIONIST), at=at("2020-09-16 09:59"))
    town.flush()
    sweep(town, at("2020-09-21 14:00"))
    assert raised(town, done) == {}
    assert K.CHECK_ONLINE not in raised(town, waiting)


def test_sweeping_again_raises_nothing_twice(town: Session, appraised: Dossier) -> None:
    assert {alarm.kind for alarm in sweep(town, at("2020-09-19 09:00"))} >= {K.LATE}
    assert sweep(town, at("2020-09-19 09:00")) == []
    assert sweep(town, at("2020-09-19 09:05")) == []
    every = town.scalars(select(Alarm.kind).where(Alarm.dossier_id == appraised.id)).all()
    assert len(every) == len(set(every))


def test_two_sweeps_that_saw_the_same_raise_it_once(town: Session, appraised: Dossier) -> None:
    moment = at("2020-09-19 09:00")
    seen = sweeping.to_settle(town, moment, SILENT_HOURS)
    first = sweeping.settle(town, seen, moment, SILENT_HOURS)
    second = sweeping.settle(town, seen, moment + timedelta(seconds=1), SILENT_HOURS)
    assert first
    assert second == []


def test_a_clock_that_stops_clears_what_was_about_time(
    town: Session, appraised: Dossier, specialist: Actor
) -> None:
    sweep(town, at("2020-09-17 09:00"))
    assert raised(town, appraised)[K.HALF] == "2020-09-17 08:15"
    ask(town, appraised, specialist, at("2020-09-17 09:10"))
    sweep(town, at("2020-09-17 09:15"))
    assert raised(town, appraised) == {}


def test_a_late_dossier_is_late_again_after_a_pause(
    town: Session, appraised: Dossier, specialist: Actor
) -> None:
    first = sweep(town, at("2020-09-19 09:00"))
    leader = make.official(town, Role.LEADER)
    actions.stop(town, appraised, by=leader, at=at("2020-09-21 09:00"), reason="Chờ tòa án")
    town.flush()
    sweep(town, at("2020-09-21 09:05"))
    assert raised(town, appraised) == {}
    actions.resume(town, appraised, by=leader, at=at("2020-09-22 09:00"))
    town.flush()
    assert K.LATE not in {alarm.kind for alarm in sweep(town, at("2020-09-22 09:05"))}
    assert raised(town, appraised)[K.LATE] == "2020-09-18 17:00"
    assert K.LATE in {alarm.kind for alarm in first}


def test_a_new_appointment_clears_what_was_about_the_old_one(town: Session, appraised: Dossier) -> None:
    sweep(town, at("2020-09-18 09:00"))
    assert raised(town, appraised)[K.LAST_DAY] == "2020-09-17 17:00"
    leader = make.official(town, Role.LEADER)
    moved = date(2020, 9, 25)
    actions.extend(town, appraised, moved, by=leader, at=at("2020-09-18 09:10"), reason="Chờ xác minh")
    town.flush()
    sweep(town, at("2020-09-18 09:15"))
    assert K.LAST_DAY not in raised(town, appraised)
    sweep(town, at("2020-09-25 09:00"))
    assert raised(town, appraised)[K.LAST_DAY] == "2020-09-24 17:00"


def test_a_dossier_that_is_done_keeps_no_alarm(town: Session, appraised: Dossier) -> None:
    sweep(town, at("2020-09-19 09:00"))
    actions.withdraw(town, appraised, by=make.citizen(town), at=at("2020-09-19 10:00"))
    town.flush()
    sweep(town, at("2020-09-19 10:05"))
    assert raised(town, appraised) == {}


def test_a_sweep_measures_the_norms_that_follow_by_the_dossiers_own_workflow(
    town: Session, appraised: Dossier
) -> None:
    """Signing and issuing, 2 working hours each: to fit before Friday 17:00 appraisal ends at 11:00."""
    norms = {step.kind: step.norm_hours for step in appraised.workflow.steps}
    assert (norms["signing"], norms["issuing"]) == (2, 2)
    appraised.step_due_at = at("2020-09-16 09:00")
    town.flush()
    sweep(town, at("2020-09-18 11:00"))
    assert K.STEP_OVER not in raised(town, appraised)
    sweep(town, at("2020-09-18 11:05"))
    assert raised(town, appraised)[K.STEP_OVER] == "2020-09-18 11:00"
    sweep(town, at("2020-09-18 17:05"))
    assert K.STEP_OVER not in raised(town, appraised)


def test_a_question_alarms_only_while_it_can_be_answered(
    town: Session, appraised: Dossier, specialist: Actor
) -> None:
    question = actions.Question(make.office(town, "Hiệp Thành"), "Hỏi?", 1)
    actions.consult(town, appraised, question, by=specialist, at=at("2020-09-15 10:00"))
    town.flush()
    sweep(town, at("2020-09-17 09:00"))
    assert K.OPINION_LATE in raised(town, appraised)
    leader = make.official(town, Role.LEADER)
    actions.stop(town, appraised, by=leader, at=at("2020-09-17 10:00"), reason="Chờ tòa án")
    town.flush()
    sweep(town, at("2020-09-17 10:05"))
    assert K.OPINION_LATE not in raised(town, appraised)
    actions.withdraw(town, appraised, by=make.citizen(town), at=at("2020-09-17 11:00"))
    town.flush()
    sweep(town, at("2020-09-17 11:05"))
    assert raised(town, appraised) == {}


def test_a_linked_dossier_alarms_from_the_end_of_its_parent_until_its_own(
    town: Session, appraised: Dossier, specialist: Actor
) -> None:
    child = make.application(town, make.citizen(town), channel=Channel.DESK, office_name="Hiệp Thành")
    linked = actions.link(town, appraised, child, by=specialist, at=at("2020-09-15 10:00"))
    town.flush()
    sweep(town, at("2020-09-15 10:05"))
    assert raised(town, linked) == {}
    leader = make.official(town, Role.LEADER)
    actions.stop(town, appraised, by=leader, at=at("2020-09-15 10:10"), reason="Tranh chấp")
    town.flush()
    sweep(town, at("2020-09-15 10:15"))
    assert raised(town, linked) == {}, "a stopped parent may go on"
    actions.close(town, appraised, by=leader, at=at("2020-09-15 10:20"), reason="Hết cách")
    town.flush()
    found = sweep(town, at("2020-09-15 10:25"))
    assert [(alarm.kind, alarm.dossier_id) for alarm in found] == [(K.PARENT_ENDED, linked.id)]
    assert raised(town, linked)[K.PARENT_ENDED] == "2020-09-15 10:20"
    remind(town, found, by_email=True, wall=START)
    message = town.scalars(select(Message).order_by(Message.id.desc())).first()
    assert (message.topic, message.dossier_id) == ("alarm/parent_ended", linked.id)
    desk = make.official(town, Role.RECEPTIONIST, "Hiệp Thành")
    actions.refuse(town, linked, by=desk, at=at("2020-09-15 11:00"), reason="Hồ sơ chính đã kết thúc")
    town.flush()
    sweep(town, at("2020-09-15 11:05"))
    assert raised(town, linked) == {}


def test_waiting_is_given_up_only_after_two_reminders(
    town: Session, appraised: Dossier, specialist: Actor
) -> None:
    leader = make.official(town, Role.LEADER)
    actions.charge(town, appraised, 50_000, "Lệ phí", by=specialist, at=at("2020-09-16 09:00"))
    town.flush()
    for moment, reminders in (("2020-09-19 09:05", 1), ("2020-09-19 09:10", 1), ("2020-09-23 09:05", 2)):
        sweep(town, at(moment))
        town.expire_all()
        assert appraised.open_charge.reminders == reminders
        town.execute(update(Alarm).values(cleared_at=at(moment)))  # As if another worker had just cleared it.
    after = at("2020-10-20 09:00")
    actions.give_up(town, appraised, by=leader, at=after, reason="Không nộp tiền")
    assert appraised.status == Status.STOPPED


def test_a_sweep_that_comes_late_reminds_once_and_again_a_day_later(
    town: Session, appraised: Dossier, specialist: Actor
) -> None:
    actions.charge(town, appraised, 50_000, "Lệ phí", by=specialist, at=at("2020-09-16 09:00"))
    town.flush()
    told, reminders = [], (K.WAITING_3, K.WAITING_7)
    for moment in ("2020-09-24 09:05", "2020-09-24 09:10", "2020-09-25 09:00", "2020-09-25 09:05"):
        told.append([alarm.kind for alarm in sweep(town, at(moment)) if alarm.kind in reminders])
        town.expire_all()
        assert appraised.open_charge.reminders == len([kind for kinds in told for kind in kinds])
    assert told == [[K.WAITING_3], [], [], [K.WAITING_7]]


def test_a_day_of_silence_confirms_a_draft_once(town: Session, specialist: Actor) -> None:
    born = make.dossier(town, Status.IN_PROGRESS, at=START, code=make.BIRTH)
    make.result_file(town, born, specialist, at("2020-09-16 09:00"))
    actions.send_draft(town, born, by=specialist, at=at("2020-09-16 10:00"))
    town.flush()
    sweep(town, at("2020-09-17 17:00"))
    assert born.draft_confirmed_at is None
    sweep(town, at("2020-09-17 17:05"))
    sweep(town, at("2020-09-17 17:10"))
    town.refresh(born)
    assert born.draft_confirmed_at == at("2020-09-17 17:05")
    moves = [entry.move for entry in ledger.history(town, "dossier", born.id)]
    assert moves.count("confirm_draft") == 1
    assert list(ledger.verify(town)) == []


class TestReminders:
    """What alarms say to citizens."""

    def test_each_is_told_once_to_the_box_and_by_e_mail(
        self, town: Session, appraised: Dossier, specialist: Actor
    ) -> None:
        town.get_one(Account, appraised.owner_id).email = "mai@vidu.vn"
        ask(town, appraised, specialist, at("2020-09-16 09:00"))
        sent: list[Sending] = []
        for moment in ("2020-09-19 09:05", "2020-09-19 09:10", "2020-09-23 09:05"):
            coming = sweep(town, at(moment))
            sent += remind(town, coming, by_email=True, wall=START)
            assert remind(town, coming, by_email=True, wall=START) == []
        assert [one.message.topic for one in sent] == ["alarm/waiting_3", "alarm/waiting_7"]
        assert {one.address for one in sent} == {"mai@vidu.vn"}

    def test_a_late_office_says_sorry_and_since_when(self, town: Session, appraised: Dossier) -> None:
        remind(town, sweep(town, at("2020-09-21 14:00")), by_email=True, wall=START)
        (message,) = town.scalars(select(Message)).all()
        assert message.topic == "alarm/late"
        assert datetime.fromisoformat(message.params["since"]) == appraised.due_at

    def test_most_alarms_are_the_offices_own_business(self) -> None:
        assert set(ALARMS) == {K.WAITING_3, K.WAITING_7, K.LATE, K.PARENT_ENDED}


def test_the_hours_of_one_office_are_its_own(town: Session) -> None:
    """The measure of an office that has hours of its own is not that of all the others."""
    measures = sweeping.Measures(town, START, SILENT_HOURS)
    ward = make.office(town)
    assert measures.of(ward.id).calendar == calendar_of(town, ward.id, START.date())
