"""A machine that does to a town's dossiers what anybody might, legal or not, and checks what must hold."""

from collections import Counter
from contextlib import ExitStack, suppress
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts.models import Actor, Role
from portal.accounts.special_days import Wanted, find
from portal.catalogue.models import Channel
from portal.dossiers import actions
from portal.dossiers.models import CalendarDecision, Dossier, Outcome, PostponedPromise
from portal.dossiers.postponing import Choice, change_day, change_hours, settle
from portal.dossiers.recounting import RUNNING
from portal.dossiers.states import Move, Status
from portal.dossiers.workflow import moves_open_to
from portal.ground import ledger
from portal.ground.errors import PortalError
from portal.ground.open_hours import DayKind, day_of
from portal.ground.working_time import Unit
from tests import make
from tests.conftest import START
from tests.proof import truths
from tests.proof.town import VERBS, Saying, Town, opened

PROMISES = (Move.ACCEPT, Move.ANSWER, Move.PAY, Move.RESUME, Move.EXTEND, Move.POSTPONE)
"""The only moves that may move a due moment."""

REPEATABLE = (Move.ASSIGN, Move.POSTPONE)
"""Moves that may be made twice in a row; of all others the second one is refused."""

MOST = 3
"""Dossiers filed in one run, their children beside them."""

_KEEN = (
    Move.RECEIVE_PAPERS, Move.ACCEPT, Move.FORWARD, Move.SEND_DRAFT, Move.CONFIRM_DRAFT, Move.PROPOSE,
    Move.SIGN, Move.FINISH, Move.RESUME, Move.ANSWER, Move.PAY,
)  # fmt: skip
"""The straight road and the ways back to it; without a push hardly any run would see an end."""

_ENDS = (Move.WITHDRAW, Move.REFUSE, Move.CLOSE, Move.END_LINKED)
"""Offered almost always; pressed as often as the others they would end every life young."""

ANSWERS = st.sampled_from((Choice(), Choice(True, "Công văn 1"), Choice(True, "Công văn 1"), Choice(True)))
"""What an administrator answers about the promises: keep them, move them, or move them without a ground."""

DUE = select(Dossier.id, Dossier.due_at, Dossier.status)
WAITS = PostponedPromise.outcome == Outcome.WAITING
_WAITING_FIRST = (
    ~select(PostponedPromise.id).where(WAITS, PostponedPromise.decision_id == CalendarDecision.id).exists(),
    CalendarDecision.id.desc(),
)
"""Decisions with promises to move, then the others."""

sayings = st.builds(Saying, st.integers(1, 60), st.sampled_from((False, False, False, True)))
choices = st.integers(0, 10_000)


class Life(RuleBasedStateMachine):
    """Dossiers of one town; `kind` names its database."""

    kind = "sqlite"
    tally: ClassVar[Counter[str]] = Counter()
    """What was made and what was refused in all runs of this process, by move."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = ExitStack()
        self.town: Town = self.undone.enter_context(opened(self.kind, START))
        self.before = self.town.rows()
        self.last: tuple[int, Move, Actor, Saying] | None = None
        self.ends: dict[int, tuple[object, ...]] = {}
        self.late: set[int] = set()

    @initialize(
        after=st.sampled_from((None, "restart", "resume")),
        confirm=st.booleans(),
        days=st.sampled_from((None, 1, 7)),
        unit=st.sampled_from(Unit),
        amount=st.integers(1, 12),
        runs=st.booleans(),
    )
    def begin(
        self, after: str | None, confirm: bool, days: int | None, unit: Unit, amount: int, runs: bool
    ) -> None:
        said = {"after_supplement": after, "confirm_draft": confirm, "wait_days": days}
        with self.town.session() as session:
            number = make.version(session).id
        self.town.tell(number, said, unit, amount)
        self.town.file(make.MARRIAGE_STATUS, Channel.ONLINE, at_the_desk=False, received_elsewhere=False)
        self.see({self.town.dossiers[-1]})
        if runs:
            by = self.town.people[f"{Role.RECEPTIONIST} {make.PHU_HOA}"]
            self.try_move(self.town.dossiers[-1], Move.ACCEPT, by, Saying())

    @precondition(lambda self: len(self.town.dossiers) < MOST)
    @rule(
        channel=st.sampled_from(Channel),
        at_the_desk=st.booleans(),
        elsewhere=st.booleans(),
        code=st.sampled_from((make.MARRIAGE_STATUS, make.BIRTH)),
    )
    def file(self, channel: Channel, at_the_desk: bool, elsewhere: bool, code: str) -> None:
        self.town.file(code, channel, at_the_desk=at_the_desk, received_elsewhere=elsewhere)
        self.see({self.town.dossiers[-1]})

    @rule(which=choices, move=st.sampled_from(list(VERBS)), who=choices, saying=sayings)
    def attempt(self, which: int, move: Move, who: int, saying: Saying) -> None:
        """Anybody tries anything."""
        people = list(self.town.people.values())
        self.try_move(self.pick(which), move, people[who % len(people)], saying)

    @rule(which=choices, choice=choices, keen=st.booleans(), saying=sayings)
    def advance(self, which: int, choice: int, keen: bool, saying: Saying) -> None:
        """Somebody presses a button that the page shows open; only what is typed beside it may be wrong."""
        number = self.pick(which)
        wanted = self.buttons(number, keen)
        if wanted:
            move, by = _one_of(wanted, choice)
            if move == Move.PROPOSE:
                self.attach(number, by)
            self.try_move(number, move, by, saying)

    @precondition(lambda self: self.last is not None)
    @rule()
    def again(self) -> None:
        """The same call once more, as after a double click without a key."""
        assert self.last is not None
        number, move, by, saying = self.last
        made = self.try_move(number, move, by, saying)
        assert not made or move in REPEATABLE, f"{move} happened twice"

    @rule(which=choices, one=choices, other=choices, saying=sayings)
    def at_once(self, which: int, one: int, other: int, saying: Saying) -> None:
        """Two people see the same page; the first one moves, the second one must not win, too."""
        number = self.pick(which)
        open_now = self.buttons(number, keen=False)
        if not open_now:
            return
        (first, by), (second, beaten) = _one_of(open_now, one), _one_of(open_now, other)
        with self.town.session() as late:
            seen = late.get_one(Dossier, number)
            _look(seen)
            late.commit()  # What was seen stays as it was; only the reading is over.
            if not self.try_move(number, first, by, saying):
                return
            try:
                with late.no_autoflush:
                    VERBS[second](late, seen, beaten, self.town.at, saying)
                late.flush()
            except (PortalError, StaleDataError):
                late.rollback()
            else:
                raise AssertionError(f"{second} wrote over {first}")
        assert self.town.rows() == self.before

    @rule(which=choices, arrives=st.booleans())
    def post(self, which: int, arrives: bool) -> None:
        """The post takes its hand off the papers, or its bag takes the result and brings it back."""
        number = self.pick(which)
        with self.town.session() as session:
            dossier = session.get_one(Dossier, number)
            if dossier.status == Status.FINISHED:
                actions.note_result_out(dossier, self.town.at, is_out=arrives)
            else:
                actions.expect_by_hand(dossier)
            session.commit()
        self.see({number})

    @rule(which=choices)
    def draft(self, which: int) -> None:
        """A specialist attaches a result."""
        number = self.pick(which)
        self.attach(number, self.town.people["specialist Phú Hòa"])
        self.see({number})

    @rule(which=choices, moves_on=st.booleans())
    def remind(self, which: int, moves_on: bool) -> None:
        """The portal warns whoever is waited for, twice; perhaps the period passes."""
        number = self.pick(which)
        with self.town.session() as session:
            dossier = session.get_one(Dossier, number)
            asked, demanded = dossier.open_supplement, dossier.open_charge
            if asked:
                asked.reminders += 2
                self.pass_by(asked.answer_until, moves_on)
            if demanded:
                demanded.reminders += 2
                self.pass_by(demanded.pay_until, moves_on)
            session.commit()
        self.see({number})

    @rule(ahead=st.integers(-1, 20), kind=st.sampled_from(DayKind), who=choices, choice=ANSWERS)
    def declare_day(self, ahead: int, kind: DayKind, who: int, choice: Choice) -> None:
        """Somebody changes a day, or gives back what was changed; no promise moves in that moment."""
        anybody = list(self.town.people.values())[who % len(self.town.people)]
        by = self.town.people[str(Role.ADMIN)] if who % 3 else anybody
        self.change_day(day_of(self.town.at) + timedelta(days=ahead), kind, choice, by)

    @precondition(lambda self: self.promised())
    @rule(which=choices, ahead=choices, kind=st.sampled_from(DayKind), choice=ANSWERS, at_once=st.booleans())
    def storm(self, which: int, ahead: int, kind: DayKind, choice: Choice, at_once: bool) -> None:
        """An administrator changes a day before which something is promised; the job may run at once."""
        promised = self.promised()
        due_on, today = day_of(promised[which % len(promised)]), day_of(self.town.at)
        day = today + timedelta(days=ahead % ((due_on - today).days + 1))
        self.change_day(day, kind, choice, self.town.people[str(Role.ADMIN)])
        if at_once:
            self.go_on(3, 0)

    def change_day(self, day: date, kind: DayKind, choice: Choice, by: Actor) -> None:
        """Change a day, and see that no promise moves in that moment."""
        with self.town.session() as session:
            row = find(session, day)
            is_there = row is not None and row.ended_at is None
            wanted = Wanted(day, None if is_there else kind, "Mới", "Công văn 1", "Theo công văn")
            with suppress(PortalError):
                change_day(session, wanted, choice, row if is_there else None, by=by, at=self.town.at)
            session.commit()
        self.see_promises_stay()

    @rule(ahead=st.integers(0, 20), days=st.integers(2, 6), closes=st.integers(10, 18), choice=ANSWERS)
    def change_hours(self, ahead: int, days: int, closes: int, choice: Choice) -> None:
        """An office keeps other hours from a day on."""
        first, by = day_of(self.town.at) + timedelta(days=ahead), self.town.people[str(Role.ADMIN)]
        week = dict.fromkeys(range(days), ((time(7), time(closes)),))
        with self.town.session() as session:
            with suppress(PortalError):
                change_hours(session, make.office(session), week, first, choice, by=by, at=self.town.at)
            session.commit()
        self.see_promises_stay()

    @rule(most=st.integers(1, 3), which=choices)
    def go_on_moving(self, most: int, which: int) -> None:
        """The job of a decision takes its next promises; perhaps once more than there is to do."""
        self.go_on(most, which)

    def go_on(self, most: int, which: int) -> None:
        """Settle some promises, and see that only those moved that were to be, and still could be."""
        with self.town.session() as session:
            decisions = session.scalars(select(CalendarDecision.id).order_by(*_WAITING_FIRST)).all()
            was = {row.id: row for row in session.execute(DUE)}
            waited = set(session.scalars(select(PostponedPromise.dossier_id).where(WAITS)))
            if decisions:
                settle(session, decisions[min(which % 4, len(decisions) - 1)], self.town.at, most)
            session.commit()
            now = {row.id: row for row in session.execute(DUE)}
        moved = {number for number, row in now.items() if row != was[number]}
        self.tally["promises moved with the calendar"] += len(moved)
        assert moved <= waited, "a promise moved that nobody decided to move"
        for number in moved:
            assert was[number].status in RUNNING
            assert self.town.at <= was[number].due_at < now[number].due_at
        self.before = self.town.rows()
        self.see(moved)

    def see_promises_stay(self) -> None:
        """The change itself wrote the calendar, its ledger and the decision, and touched no dossier."""
        rows = self.town.rows()
        assert rows["dossier"] == self.before["dossier"], "a calendar moved a promise"
        self.before = rows
        self.see(set())

    def promised(self) -> list[datetime]:
        """The moments still ahead for which something runs."""
        running = select(Dossier.due_at).where(Dossier.status.in_(RUNNING), Dossier.due_at >= self.town.at)
        with self.town.session() as session:
            return list(session.scalars(running.order_by(Dossier.id)))

    @rule(minutes=st.one_of(st.integers(1, 600), st.integers(600, 100_000)))
    def wait(self, minutes: int) -> None:
        self.town.at += timedelta(minutes=minutes)

    @rule(which=choices, choice=choices, past=st.booleans())
    def wait_until_due(self, which: int, choice: int, past: bool) -> None:
        """Exactly to a moment that something is due, or a second past it."""
        with self.town.session() as session:
            moments = sorted(m for m in _moments(session, self.pick(which)) if m and m >= self.town.at)
        if moments:
            self.town.at = moments[choice % len(moments)] + timedelta(seconds=int(past))

    def pass_by(self, until: datetime, wanted: bool) -> None:
        if wanted:
            self.town.at = max(self.town.at, until + timedelta(seconds=1))

    def pick(self, which: int) -> int:
        return self.town.dossiers[which % len(self.town.dossiers)]

    def buttons(self, number: int, keen: bool) -> list[tuple[Move, Actor]]:
        """What is open to whom now, by the same table that draws the pages."""
        with self.town.session() as session:
            dossier = session.get_one(Dossier, number)
            offered = [
                (offer.move, person)
                for person in self.town.people.values()
                for offer in moves_open_to(person, dossier, self.town.at)
                if offer.shut_because is None or offer.move == Move.PROPOSE
            ]
        pushed = [button for button in offered if button[0] in _KEEN]
        return (pushed if keen else []) or offered

    def attach(self, number: int, by: Actor) -> None:
        with self.town.session() as session:
            dossier = session.get_one(Dossier, number)
            if dossier.status == Status.IN_PROGRESS and not dossier.results:
                make.result_file(session, dossier, by, self.town.at)
            session.commit()
        self.before = self.town.rows()

    def try_move(self, number: int, move: Move, by: Actor, saying: Saying) -> bool:
        """Whether the move was made. Refused, it leaves every row as it was though all is committed."""
        with self.town.session() as session:
            dossier = session.get_one(Dossier, number)
            old = (dossier.version, dossier.due_at)
            try:
                VERBS[move](session, dossier, by, self.town.at, saying)
            except PortalError:
                made = False
            else:
                made = True
            session.commit()
            self.tally[f"{move} {'made' if made else 'refused'}"] += 1
            if not made:
                assert self.town.rows() == self.before, f"{move} was refused and changed rows"
                return False
            note(f"{self.town.at:%d/%m %H:%M} {number}: {move} by {by.role} of {by.office_name}")
            assert dossier.version > old[0], f"{move} left the version: two could make it at once"
            assert dossier.due_at == old[1] or move in PROMISES
            assert not old[1] or dossier.due_at >= old[1], f"{move} moved the promise forward"
        self.last = (number, move, by, saying)
        self.town.follow_children()
        self.see({number})
        return True

    def see(self, touched: set[int]) -> None:
        """Check every truth; rows of dossiers that nobody touched are as they were."""
        rows = self.town.rows()
        if not touched:
            assert rows == self.before, "a calendar moved a promise"
        self.before = rows
        with self.town.session() as session:
            for number in self.town.dossiers:
                dossier = session.get_one(Dossier, number)
                truths.check(session, dossier, self.town.people.values(), self.town.at)
                self._stays_ended(dossier)
                self._stays_late(dossier)
            truths.check_codes(session)

    def _stays_ended(self, dossier: Dossier) -> None:
        now = (dossier.status, dossier.closed_at, dossier.due_at, dossier.code)
        if dossier.is_over:
            assert self.ends.setdefault(dossier.id, now) == now
        else:
            assert dossier.id not in self.ends, "an end was left"

    def _stays_late(self, dossier: Dossier) -> None:
        """A broken promise is not made good by another one; only for what is withdrawn nobody waits."""
        if dossier.is_late(self.town.at):
            self.late.add(dossier.id)
        else:
            kept = dossier.id not in self.late or dossier.status == Status.WITHDRAWN
            assert kept, "a broken promise was forgotten"

    def teardown(self) -> None:
        with self.town.session() as session:
            assert list(ledger.verify(session)) == []
        self.undone.close()


def _one_of(buttons: list[tuple[Move, Actor]], choice: int) -> tuple[Move, Actor]:
    """One of the moves, each as likely however many hands it has, an end less so; and one of its hands."""
    moves = list(dict.fromkeys(move for move, _by in buttons))
    if choice % 7:
        moves = [move for move in moves if move not in _ENDS] or moves
    chosen = moves[choice % len(moves)]
    hands = [by for move, by in buttons if move == chosen]
    return chosen, hands[choice % len(hands)]


def _look(dossier: Dossier) -> None:
    """Load what a page shows, so that it is as old as the page."""
    for shown in ("checklist", "papers", "supplements", "blockers", "pauses", "charges", "consultations"):
        list(getattr(dossier, shown))
    list(dossier.children)
    for request in dossier.supplements:
        list(request.items)


def _moments(session: Session, number: int) -> list[object]:
    dossier = session.get_one(Dossier, number)
    asked, demanded = dossier.open_supplement, dossier.open_charge
    silence = actions.silence_until(session, dossier) if dossier.draft_sent_at else None
    return [
        dossier.due_at, dossier.check_due_at, dossier.step_due_at, silence,
        asked.answer_until if asked else None, demanded.pay_until if demanded else None,
        *(one.due_at for one in dossier.consultations),
    ]  # fmt: skip
