"""When the next step of a walk happens: within hours, as long after the last one as such things take."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from portal.dossiers.states import Status
from portal.ground.open_hours import ONE_DAY, days_between
from portal.ground.working_time import (
    Calendar,
    add_working_days,
    day_of,
    moment,
    open_minutes_between,
)
from portal.postal.states import Direction
from portal.seed.moments import ANCHOR
from portal.seed.walks.stage import Stage, Walk

Clocks = tuple[time, time]

MORNING = time(7, 35), time(11, 20)
WHOLE_DAY = time(7, 35), time(16, 30)
RUNS_ARE_MADE = {
    8: (time(7, 35), time(7, 40)),
    10: (time(7, 41), time(7, 46)),
    14: (time(7, 47), time(7, 53)),
}
"""When the clerk gives out the morning's orders: those with an early window, by its hour, first."""
EVENING = time(18, 30), time(21, 30)
LAST_FILED = time(8, 52)
"""On the morning of the anchor nothing begins later."""


@dataclass(frozen=True)
class Wait:
    """So many open minutes later; or on a working day so many days later, between two times of the day."""

    minutes: tuple[int, int] = (5, 40)
    days: tuple[int, int] = (0, 0)
    clock: Clocks | None = None


WAITS = {
    "accept": Wait((6, 150)),
    "refuse": Wait((20, 240)),
    "ask": Wait((15, 200)),
    "forward": Wait((5, 45)),
    "ask_appraisal": Wait((60, 400)),
    "charge": Wait((60, 300)),
    "pay": Wait(days=(1, 3), clock=WHOLE_DAY),
    "stop": Wait((60, 400)),
    "resume": Wait(days=(2, 4), clock=WHOLE_DAY),
    "close": Wait(days=(3, 6), clock=WHOLE_DAY),
    "give_up": Wait(days=(24, 26), clock=WHOLE_DAY),
    "prepay": Wait((15, 200)),
    "hand_to": Wait((10, 60)),
    "take_over": Wait((60, 240)),
    "link": Wait((60, 240)),
    "accept_linked": Wait((6, 150)),
    "end_linked": Wait((60, 240)),
    "recall": Wait((30, 240)),
    "confirm_draft": Wait((10, 60)),
    "object_draft": Wait((10, 60)),
    "extend": Wait((120, 400)),
    "consult": Wait((60, 240)),
    "opine": Wait(days=(1, 2), clock=WHOLE_DAY),
    "answer": Wait(days=(1, 3), clock=WHOLE_DAY),
    "hand_over": Wait(days=(1, 3), clock=WHOLE_DAY),
    "download": Wait(days=(1, 2), clock=WHOLE_DAY),
    "withdraw": Wait(days=(1, 2), clock=WHOLE_DAY),
    "give_back": Wait(days=(1, 3), clock=WHOLE_DAY),
    "cancel": Wait((30, 300)),
    "bring": Wait(days=(1, 2), clock=MORNING),
    "give_out": Wait((8, 40)),
    "carrier_takes": Wait((2, 15)),
    "collect": Wait((4, 12)),
    "deliver": Wait((3, 8)),
    "fail": Wait((4, 15)),
    "to_desk": Wait((40, 140)),
    "to_post": Wait((40, 140)),
    "take_in": Wait((4, 35)),
    "post_takes": Wait((4, 30)),
    "from_post": Wait(days=(1, 1), clock=(time(8, 0), time(8, 30))),
}
"""How long each step lets wait for itself; those of an office's own work are counted from its term."""

SOON = Wait((40, 220))
"""How long the office's own work takes when somebody is quick: half a day at most."""

OFFICE_WORK = ("propose", "send_back", "sign", "finish")
"""Steps that share what is left of the term."""


def begins(walk: Walk, stage: Stage) -> datetime:
    """When the dossier is filed: so many working days ago, but not before its procedure was in force."""
    days = _working_days_ago(walk, stage.calendar)
    day = stage.chance.choice(days)
    clocks = EVENING if walk.steps[0].endswith(":evening") else WHOLE_DAY
    if day == day_of(ANCHOR):
        clocks = WHOLE_DAY[0], LAST_FILED
    filed = between(day, clocks, stage.chance)
    return stage.calendar.next_opening(filed) if walk.story.is_taken_in else filed


def _working_days_ago(walk: Walk, calendar: Calendar) -> list[date]:
    """The days the story may begin on, the latest first; at least one."""
    least, most = walk.story.days_ago
    span = days_between(walk.dish.since, day_of(ANCHOR) + ONE_DAY)
    back = [day for day in span if calendar.is_working_day(day)][::-1]
    return back[least : most + 1] or back[-1:]


def next_moment(walk: Walk, stage: Stage, at: datetime) -> datetime:
    """When the first of the walk's steps to come happens, the one before having happened *at*."""
    step, _, how = walk.steps[0].partition(":")
    if step in OFFICE_WORK and how != "soon":
        return _office_work(walk, stage, at)
    if step == "assign":
        day = day_of(ANCHOR) if how == "today" else stage.calendar.next_working_day(day_of(at))
        given_out = between(day, RUNS_ARE_MADE[_window(walk)[0].hour], stage.chance)
        return max(given_out, at + timedelta(minutes=2))
    if step == "open":
        return _at_the_door(walk, stage, at)
    if step == "accept" and walk.story.is_taken_in:
        return open_later(at, stage.chance.randint(1, 6), stage.calendar)
    return _waited(WAITS.get(step, SOON), stage, at)


def between(day: date, clocks: Clocks, chance: Random) -> datetime:
    """A moment of *day* between two times, to the minute."""
    first, last = (moment(day, clock) for clock in clocks)
    return first + timedelta(minutes=chance.randint(0, (last - first) // timedelta(minutes=1)))


def open_later(at: datetime, minutes: int, calendar: Calendar) -> datetime:
    """So many open minutes after *at*."""
    at = calendar.next_opening(at)
    while True:
        closes = next(end for _, end in calendar.open_moments(day_of(at)) if at <= end)
        left = (closes - at) // timedelta(minutes=1)
        if minutes <= left:
            return at + timedelta(minutes=minutes)
        minutes -= left
        at = calendar.next_opening(closes + timedelta(seconds=1))


def _waited(wait: Wait, stage: Stage, at: datetime) -> datetime:
    if wait.clock is None:
        return open_later(at, stage.chance.randint(*wait.minutes), stage.calendar)
    day = add_working_days(day_of(at), stage.chance.randint(*wait.days), stage.calendar)
    return stage.calendar.next_opening(between(day, wait.clock, stage.chance))


def _office_work(walk: Walk, stage: Stage, at: datetime) -> datetime:
    """A share of what is left until the due moment, or after it where the story is a late one."""
    chance, calendar, due = stage.chance, stage.calendar, walk.dossier.due_at or at
    if walk.story.late and at < due and walk.steps[0] == "propose":
        return open_later(due, chance.randint(60, 900), calendar)
    steps = sum(step in OFFICE_WORK for step in walk.steps)
    share = open_minutes_between(at, due, calendar) * chance.uniform(0.3, 0.8) / steps
    return open_later(at, int(min(max(share, 3), 700)) if at < due else chance.randint(20, 90), calendar)


def _at_the_door(walk: Walk, stage: Stage, at: datetime) -> datetime:
    """In the window the citizen gave, or soon where it has passed."""
    wished = between(day_of(at), _window(walk), stage.chance)
    return wished if wished > at else at + timedelta(minutes=stage.chance.randint(10, 50))


def _window(walk: Walk) -> Clocks:
    """When somebody is at home for the order that is under way."""
    is_back = walk.dossier.status == Status.FINISHED
    opens, _, closes = walk.orders[Direction.RETURN if is_back else Direction.PICKUP].window.partition("–")
    return time.fromisoformat(opens), time.fromisoformat(closes)
