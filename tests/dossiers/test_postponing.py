"""What becomes of each promise when the calendar changes: kept or moved later, once, told, never earlier."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import special_days
from portal.accounts.authority import OPERATOR
from portal.accounts.calendars import calendar_of
from portal.accounts.models import Actor, Role
from portal.dossiers import actions, deadlines, postponing, sweeping
from portal.dossiers.models import AlarmKind, Dossier, Outcome, PostponedPromise
from portal.dossiers.postponing import Choice, NoGround
from portal.dossiers.recounting import differing, moved_by_day
from portal.dossiers.states import Move, Status, Step
from portal.dossiers.workflow import replay
from portal.ground import calendar_changes, ledger
from portal.ground.errors import NotAllowed, Refused
from portal.ground.working_time import ZONE, Calendar, DayKind, Term, Unit, day_of, due
from portal.messages import actions as messages
from portal.messages.models import Message
from tests import make
from tests.conftest import START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (date(2020, 9, day) for day in range(15, 20))
MONDAY = date(2020, 9, 21)
GROUND = "Công điện 1195/CĐ-TTg"
KEEP, MOVE = Choice(), Choice(True, GROUND)


@pytest.fixture
def admin(town: Session) -> Actor:
    return make.somebody(town, Role.ADMIN)


@pytest.fixture
def leader(town: Session) -> Actor:
    return make.official(town, Role.LEADER)


def declare(session: Session, day: date, choice: Choice, at: datetime = START, kind=DayKind.HOLIDAY) -> int:
    """Enter a special day, or end it for no kind; returns the decision."""
    by = make.somebody(session, Role.ADMIN)
    row = special_days.find(session, day)
    wanted = special_days.Wanted(day, kind, "Nghỉ bão", GROUND, "Bão vào bờ")
    made = postponing.change_day(session, wanted, choice, row if not kind else None, by=by, at=at)
    session.flush()
    return made.id


def go_on(session: Session, decision_id: int, at: datetime = START, most: int = 50) -> list[int]:
    """Settle to the end, as the job does; how many each time."""
    counts = [postponing.settle(session, decision_id, at, most)]
    while counts[-1] == most:
        session.flush()
        counts.append(postponing.settle(session, decision_id, at, most))
    session.flush()
    return counts


def moves(session: Session, dossier: Dossier) -> list[str]:
    return [entry.move for entry in ledger.history(session, "dossier", dossier.id)]


def local(moment: datetime | None) -> str:
    return f"{moment.astimezone(ZONE):%d.%m %H:%M}" if moment else ""


def running(session: Session) -> Dossier:
    """Promised for Friday 18 September 2020, 17:00."""
    return make.dossier(session, Status.IN_PROGRESS, at=START)


def extended(session: Session) -> Dossier:
    """Appointed for Monday, with an apology."""
    dossier, by = running(session), make.official(session, Role.LEADER)
    actions.extend(session, dossier, MONDAY, by=by, at=START + HOUR, reason="Chờ tra sổ")
    return dossier


def resumed(session: Session) -> Dossier:
    """Stopped on Tuesday and taken up on Wednesday: the rest of its term ends on Monday."""
    dossier, by = running(session), make.official(session, Role.LEADER)
    actions.stop(session, dossier, by=by, at=START + HOUR, reason="Tranh chấp")
    session.flush()
    actions.resume(session, dossier, by=by, at=START + DAY + HOUR)
    return dossier


def kept(session: Session) -> Dossier:
    """Kept for Friday though Thursday is off."""
    dossier = running(session)
    declare(session, THURSDAY, KEEP)
    return dossier


def at_signing(session: Session) -> Dossier:
    return make.dossier(session, Status.IN_PROGRESS, step=Step.SIGNING, at=START)


def stopped(session: Session) -> Dossier:
    return make.dossier(session, Status.STOPPED, at=START)


def unpaid(session: Session) -> Dossier:
    return make.dossier(session, Status.AWAITING_PAYMENT, at=START)


def finished(session: Session) -> Dossier:
    return make.dossier(session, Status.FINISHED, at=START)


def closed(session: Session) -> Dossier:
    dossier, by = stopped(session), make.official(session, Role.LEADER)
    actions.close(session, dossier, by=by, at=START + HOUR, reason="Không tiếp tục")
    return dossier


def unchecked(session: Session) -> Dossier:
    return make.dossier(session, Status.SUBMITTED, at=START)


Make = Callable[[Session], Dossier]


@pytest.mark.parametrize(
    ("what", "day", "kind", "choice", "before", "after"),
    [
        pytest.param(running, THURSDAY, "holiday", KEEP, "18.09 17:00", "18.09 17:00", id="kept"),
        pytest.param(running, THURSDAY, "holiday", MOVE, "18.09 17:00", "21.09 17:00", id="moved"),
        pytest.param(running, FRIDAY, "holiday", MOVE, "18.09 17:00", "21.09 17:00", id="its last day"),
        pytest.param(running, MONDAY, "holiday", MOVE, "18.09 17:00", "18.09 17:00", id="a day after it"),
        pytest.param(running, SATURDAY, "holiday", MOVE, "18.09 17:00", "18.09 17:00", id="a day of rest"),
        pytest.param(at_signing, THURSDAY, "holiday", MOVE, "18.09 17:00", "21.09 17:00", id="at signing"),
        pytest.param(
            extended, FRIDAY, "holiday", MOVE, "21.09 17:00", "21.09 17:00", id="before the appointed"
        ),
        pytest.param(extended, MONDAY, "holiday", MOVE, "21.09 17:00", "22.09 17:00", id="the appointed day"),
        pytest.param(
            extended, MONDAY, "holiday", KEEP, "21.09 17:00", "21.09 17:00", id="appointed and kept"
        ),
        pytest.param(resumed, FRIDAY, "holiday", MOVE, "21.09 17:00", "22.09 17:00", id="after a pause"),
        pytest.param(resumed, SATURDAY, "make_up", MOVE, "21.09 17:00", "21.09 17:00", id="a pause, earlier"),
        pytest.param(kept, WEDNESDAY, "holiday", MOVE, "18.09 17:00", "21.09 17:00", id="kept once before"),
        pytest.param(kept, FRIDAY, "holiday", KEEP, "18.09 17:00", "18.09 17:00", id="kept twice"),
        pytest.param(stopped, THURSDAY, "holiday", MOVE, "18.09 17:00", "18.09 17:00", id="stopped"),
        pytest.param(unpaid, THURSDAY, "holiday", MOVE, "18.09 17:00", "18.09 17:00", id="awaiting payment"),
        pytest.param(closed, THURSDAY, "holiday", MOVE, "18.09 17:00", "18.09 17:00", id="closed"),
        pytest.param(finished, THURSDAY, "holiday", MOVE, "18.09 17:00", "18.09 17:00", id="finished"),
        pytest.param(unchecked, WEDNESDAY, "holiday", MOVE, "", "", id="nothing promised"),
    ],
)
def test_what_becomes_of_a_promise(
    town: Session, what: Make, day: date, kind: str, choice: Choice, before: str, after: str
) -> None:
    dossier = what(town)
    town.flush()
    assert local(dossier.due_at) == before
    at = START + DAY + 2 * HOUR if what is resumed else START + 2 * HOUR
    go_on(town, declare(town, day, choice, at, DayKind(kind)), at)
    assert local(dossier.due_at) == after
    assert moves(town, dossier).count(Move.POSTPONE) == int(before != after)
    assert replay(map(Move, moves(town, dossier))) == (dossier.status, dossier.step)
    if dossier.due_at:
        assert deadlines.promise_of(dossier).trace[-1].at == dossier.due_at
        lines = [line.at for line in deadlines.promise_of(dossier).trace]
        assert lines == sorted(lines)


def test_a_make_up_day_makes_no_promise_earlier(town: Session) -> None:
    dossier = make.dossier(town, Status.ACCEPTED, at=START + 2 * DAY)
    assert local(dossier.due_at) == "22.09 17:00"
    decision = declare(town, SATURDAY, MOVE, START + 2 * DAY + HOUR, DayKind.MAKE_UP)
    assert go_on(town, decision) == [0]
    assert local(dossier.due_at) == "22.09 17:00"
    assert [(one.decision.kept, one.outcomes) for one in postponing.decided(town, 1)] == [(1, {})]


def test_a_make_up_day_that_is_none_after_all_moves_promises_later(town: Session) -> None:
    declare(town, SATURDAY, KEEP, START, DayKind.MAKE_UP)
    dossier = make.dossier(town, Status.ACCEPTED, at=START + 2 * DAY)
    assert local(dossier.due_at) == "21.09 17:00"
    at = START + 2 * DAY + HOUR
    go_on(town, declare(town, SATURDAY, MOVE, at, None), at)
    assert local(dossier.due_at) == "22.09 17:00"


@pytest.mark.parametrize(
    ("late", "after"), [(timedelta(), "21.09 17:00"), (timedelta(seconds=1), "18.09 17:00")]
)
def test_a_promise_that_has_passed_is_not_moved(town: Session, late: timedelta, after: str) -> None:
    dossier = running(town)
    at = dossier.due_at + late
    go_on(town, declare(town, FRIDAY, MOVE, at), at)
    assert local(dossier.due_at) == after
    assert dossier.is_late(at) == bool(late), "and it stays late"
    made = postponing.decided(town, 1)[0].decision
    assert (made.kept, made.moving) == (int(bool(late)), int(not late))


def test_the_ledger_and_the_trace_say_from_when_to_when_and_why(town: Session) -> None:
    dossier = running(town)
    old, version = dossier.due_at, dossier.version
    go_on(town, declare(town, THURSDAY, MOVE))
    entry = ledger.history(town, "dossier", dossier.id)[-1]
    said = {"old_due": old.isoformat(), "new_due": dossier.due_at.isoformat()}
    assert (entry.move, entry.reason, entry.details) == ("postpone", GROUND, said)
    assert (entry.account_id, entry.from_state) == (OPERATOR.account_id, entry.to_state)
    assert dossier.version > version
    lines = [(line.what % line.params, line.source) for line in deadlines.promise_of(dossier).trace]
    assert ("Lịch đổi, hẹn dời muộn hơn; hạn cũ 18/09/2020", GROUND) in lines
    assert ("Nghỉ bão", GROUND) in lines, "the day off stands in it with its decision"
    version = special_days.history(town, THURSDAY)[0]
    assert (version.kept, version.moving) == (0, 1)
    assert ledger.history(town, "calendar", "2020-09-17")[0].details["ground"] == GROUND
    assert list(ledger.verify(town)) == []


def test_a_trace_that_was_paused_keeps_its_beginning(town: Session) -> None:
    dossier, at = resumed(town), START + DAY + 2 * HOUR
    before = deadlines.promise_of(dossier).trace
    go_on(town, declare(town, FRIDAY, MOVE, at), at)
    after = deadlines.promise_of(dossier).trace
    assert after[: len(before) - 3] == before[: len(before) - 3]
    said = [line.sentence for line in after]
    assert "Lịch đổi, hẹn dời muộn hơn; hạn cũ 21/09/2020" in said
    assert said[-3:] == ["Nghỉ bão", "Nghỉ hằng tuần, đến hết 20/09/2020", calendar_changes.CARRIED]
    assert not deadlines.follows_from_start(dossier.due_trace)


def test_the_norm_of_the_step_moves_with_the_promise(town: Session) -> None:
    dossier = running(town)
    before = dossier.step_due_at
    spec = dossier.workflow.step("appraisal")
    go_on(town, declare(town, TUESDAY, MOVE))
    began_at = ledger.history(town, "dossier", dossier.id)[-2].at
    calendar = calendar_of(town, dossier.office_id, TUESDAY)
    assert dossier.step_due_at == deadlines.norm_until(began_at, spec.norm_hours, calendar)
    assert dossier.step_due_at > before


def test_it_is_not_the_one_new_appointment(town: Session, leader: Actor) -> None:
    dossier = running(town)
    go_on(town, declare(town, THURSDAY, MOVE))
    assert dossier.extended_at is None
    actions.extend(town, dossier, date(2020, 9, 22), by=leader, at=START + HOUR, reason="Chờ tra sổ")
    assert local(dossier.due_at) == "22.09 17:00"


def test_a_promise_that_stood_still_is_counted_when_it_goes_on(town: Session, leader: Actor) -> None:
    dossier = stopped(town)
    go_on(town, declare(town, THURSDAY, MOVE))
    assert dossier.open_pause.old_due_at == dossier.due_at
    actions.resume(town, dossier, by=leader, at=START + DAY)
    assert local(dossier.due_at) == "21.09 17:00", "one day stood, and Thursday is off"


def test_nobody_but_the_portal_makes_the_move(town: Session, admin: Actor, leader: Actor) -> None:
    dossier = running(town)
    calendar = calendar_of(town, dossier.office_id, TUESDAY)
    promised = deadlines.promise_of(dossier)
    later = calendar_changes.moved_on(promised, promised.at + 3 * DAY, calendar, START, GROUND)
    for by in (admin, leader, make.citizen(town), make.official(town, Role.SPECIALIST)):
        with pytest.raises(NotAllowed):
            actions.postpone(town, dossier, later, calendar, by=by, at=START, ground=GROUND)
    for wrong in (promised, calendar_changes.moved_on(promised, promised.at - DAY, calendar, START, GROUND)):
        with pytest.raises(Refused):
            actions.postpone(town, dossier, wrong, calendar, by=OPERATOR, at=START, ground=GROUND)
    with pytest.raises(Refused):
        actions.postpone(town, dossier, later, calendar, by=OPERATOR, at=START, ground=" ")
    assert dossier.due_at == promised.at


@pytest.mark.parametrize("ground", ["", "  "])
def test_nothing_is_moved_without_a_ground(town: Session, ground: str) -> None:
    running(town)
    with pytest.raises(NoGround):
        declare(town, THURSDAY, Choice(True, ground))
    assert special_days.find(town, THURSDAY) is None


@pytest.mark.parametrize("role", [Role.LEADER, Role.SUPERVISOR])
def test_only_an_administrator_decides(town: Session, role: Role) -> None:
    wanted = special_days.Wanted(THURSDAY, DayKind.HOLIDAY, "Nghỉ bão", GROUND, "Bão")
    with pytest.raises(NotAllowed):
        postponing.change_day(town, wanted, MOVE, by=make.somebody(town, role), at=START)


def test_the_operator_of_the_machine_may_change_the_calendar_too(town: Session) -> None:
    running(town)
    wanted = special_days.Wanted(THURSDAY, DayKind.HOLIDAY, "Nghỉ bão", GROUND, "Bão")
    made = postponing.change_day(town, wanted, MOVE, by=OPERATOR, at=START)
    assert go_on(town, made.id) == [1]


def test_other_hours_of_an_office_move_its_own_promises(town: Session, admin: Actor) -> None:
    here, elsewhere = running(town), make.dossier(town, Status.ACCEPTED, at=START, office_name="Hiệp Thành")
    without_friday = dict.fromkeys(range(4), ((time(7, 30), time(17)),))
    by = {"by": admin, "at": START}
    made = postponing.change_hours(town, here.office, without_friday, WEDNESDAY, MOVE, **by)
    go_on(town, made.id)
    assert (local(here.due_at), local(elsewhere.due_at)) == ("21.09 17:00", "18.09 17:00")
    said = ledger.history(town, "office", here.office_id)[-1].details
    assert (said["kept"], said["moving"], said["ground"]) == (0, 1, GROUND)


class TestSettling:
    """The job: in parts, again and again, with everything judged anew."""

    def test_many_are_moved_in_parts_and_each_once(self, town: Session) -> None:
        dossiers = [running(town) for _ in range(5)]
        decision = declare(town, THURSDAY, MOVE)
        assert postponing.settle(town, decision, START, 2) == 2
        town.flush()
        assert sorted(local(one.due_at) for one in dossiers) == ["18.09 17:00"] * 3 + ["21.09 17:00"] * 2
        assert go_on(town, decision, most=2) == [2, 1]
        assert go_on(town, decision) == [0], "begun again it has nothing to do"
        assert [moves(town, one).count(Move.POSTPONE) for one in dossiers] == [1] * 5
        assert postponing.decided(town, 1)[0].outcomes == {Outcome.MOVED: 5}

    @pytest.mark.parametrize(
        "between",
        [
            lambda s, d: actions.stop(
                s, d, by=make.official(s, Role.LEADER), at=START + HOUR, reason="Tranh chấp"
            ),
            lambda s, d: actions.extend(
                s, d, MONDAY, by=make.official(s, Role.LEADER), at=START + HOUR, reason="Chờ"
            ),
            lambda s, d: actions.withdraw(s, d, by=make.citizen(s), at=START + HOUR),
            lambda s, d: declare(s, THURSDAY, KEEP, START + HOUR, None),
        ],
        ids=["stopped", "appointed anew", "withdrawn", "the day ended again"],
    )
    def test_what_changed_meanwhile_is_left_as_it_is(self, town: Session, between: Callable) -> None:
        dossier = running(town)
        decision = declare(town, THURSDAY, MOVE)
        between(town, dossier)
        town.flush()
        promised, made = dossier.due_at, moves(town, dossier)
        go_on(town, decision, START + 2 * HOUR)
        assert (dossier.due_at, moves(town, dossier)) == (promised, made)
        assert postponing.decided_with(town, _entries(town))[_first(town)].outcomes == {Outcome.LEFT: 1}

    def test_a_promise_that_passes_meanwhile_stays_late(self, town: Session) -> None:
        dossier = running(town)
        decision = declare(town, THURSDAY, MOVE)
        late = dossier.due_at + HOUR
        go_on(town, decision, late)
        assert dossier.is_late(late)

    def test_it_never_lands_on_a_day_that_is_off_by_now(self, town: Session) -> None:
        dossier = running(town)
        decision = declare(town, THURSDAY, MOVE)
        declare(town, MONDAY, KEEP)
        go_on(town, decision)
        assert local(dossier.due_at) == "22.09 17:00"
        assert deadlines.follows_from_start(dossier.due_trace)

    @pytest.mark.parametrize(("second", "after"), [(MOVE, "22.09 17:00"), (KEEP, "21.09 17:00")])
    def test_a_second_day_declared_meanwhile_adds_up_where_it_moves(
        self, town: Session, second: Choice, after: str
    ) -> None:
        """The job of the first one had not begun; the second one begins where the first one ends."""
        dossier = running(town)
        first, later = declare(town, THURSDAY, MOVE), declare(town, FRIDAY, second)
        rows = town.scalars(select(PostponedPromise).order_by(PostponedPromise.id)).all()
        ends = [(local(row.old_due_at), local(row.new_due_at)) for row in rows]
        assert ends == [("18.09 17:00", "21.09 17:00"), ("21.09 17:00", "22.09 17:00")][: len(rows)]
        turn = list(postponing.in_turn(town, later))
        assert turn == [first, later][: len(rows)]
        for decision in turn:
            go_on(town, decision)
        assert local(dossier.due_at) == after
        assert moves(town, dossier).count(Move.POSTPONE) == len(rows)

    def test_what_another_decision_moved_is_left(self, town: Session) -> None:
        """Out of turn the second one finds another promise than it was made for."""
        dossier = running(town)
        first, later = declare(town, THURSDAY, MOVE), declare(town, FRIDAY, MOVE)
        go_on(town, later)
        assert local(dossier.due_at) == "18.09 17:00"
        go_on(town, first)
        assert local(dossier.due_at) == "21.09 17:00"

    def test_jobs_are_due_exactly_where_promises_wait(self, town: Session) -> None:
        running(town)
        kept_all, moving = declare(town, WEDNESDAY, KEEP), declare(town, THURSDAY, MOVE)
        entries = _entries(town)
        assert list(postponing.to_go_on_with(town, entries)) == [moving] != [kept_all]
        go_on(town, moving)
        assert list(postponing.to_go_on_with(town, entries)) == []


def _entries(session: Session) -> list[int]:
    chain = select(ledger.LedgerEntry.id).where(ledger.LedgerEntry.kind == "calendar")
    return list(session.scalars(chain.order_by(ledger.LedgerEntry.id)))


def _first(session: Session) -> int:
    return _entries(session)[0]


def test_the_citizen_is_told_the_old_day_the_new_one_and_why(town: Session) -> None:
    dossier = running(town)
    old = dossier.due_at
    messages.tell(town, ledger.appended(town), by_email=False, wall=START)
    go_on(town, declare(town, THURSDAY, MOVE))
    entries = ledger.appended(town)
    for _twice in range(2):
        messages.tell(town, entries, by_email=False, wall=START)
    (told,) = town.scalars(select(Message).where(Message.topic == Move.POSTPONE))
    assert (told.account_id, told.params["reason"]) == (dossier.owner_id, GROUND)
    assert (told.params["old_due"], told.params["new_due"]) == (old.isoformat(), dossier.due_at.isoformat())


def test_alarms_follow_the_new_moment(town: Session) -> None:
    dossier = running(town)
    at = dossier.due_at - HOUR
    sweeping.settle(town, [dossier.id], at, 40)
    go_on(town, declare(town, FRIDAY, MOVE, at), at)
    sweeping.settle(town, [dossier.id], at + timedelta(minutes=5), 40)
    late_by_the_old = dossier.due_at - 2 * DAY
    raised = sweeping.settle(town, [dossier.id], late_by_the_old, 40)
    assert AlarmKind.LATE not in {one.kind for one in raised}
    raised = sweeping.settle(town, [dossier.id], dossier.due_at + HOUR, 40)
    assert [one.concerns_at for one in raised if one.kind == AlarmKind.LATE] == [dossier.due_at]


def test_what_differs_from_the_calendar_of_today_is_named(town: Session) -> None:
    plain, paused, appointed = running(town), resumed(town), extended(town)
    at = START + DAY + 2 * HOUR
    assert differing(town, at) == []
    declare(town, FRIDAY, KEEP, at)
    declare(town, MONDAY, KEEP, at)
    found = {one.code: (local(one.recounted_at), one.fate) for one in differing(town, at)}
    assert found == {
        plain.code: ("22.09 17:00", "later"),
        paused.code: ("22.09 17:00", "later"),
        appointed.code: ("22.09 17:00", "later"),
    }
    assert [one.fate for one in moved_by_day(town, MONDAY, None, at)] == []


def test_rows_of_a_decision_are_one_for_each_dossier(town: Session) -> None:
    dossier = running(town)
    decision = declare(town, THURSDAY, MOVE)
    rows = town.scalars(select(PostponedPromise).where(PostponedPromise.decision_id == decision)).all()
    assert [(one.dossier_id, local(one.old_due_at), local(one.new_due_at)) for one in rows] == [
        (dossier.id, "18.09 17:00", "21.09 17:00")
    ]


SOON = st.dates(TUESDAY, TUESDAY + 40 * DAY)
days_off = st.sets(SOON, max_size=6)


@given(amount=st.integers(1, 20), hour=st.integers(0, 23), off=days_off, added=SOON)
def test_carrying_on_is_counting_anew_where_a_term_of_days_was_never_broken(
    amount: int, hour: int, off: set[date], added: date
) -> None:
    """For working days and a day more off, as many days left give what the whole count gives."""
    start = datetime(2020, 9, 15, hour, 30, tzinfo=ZONE)
    old = Calendar(days=dict.fromkeys(off, DayKind.HOLIDAY))
    new, term = old.with_day(added, DayKind.HOLIDAY), Term(amount, Unit.WORKING_DAY)
    promised, anew = due(start, term, old).at, due(start, term, new).at
    since = max(added, day_of(old.next_opening(start)))
    assert calendar_changes.carried(promised, since, old, new) == anew >= promised
