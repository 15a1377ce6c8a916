"""Plays the stories: every dossier takes its next step when its moment comes, all in one order of time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from heapq import heapify, heappop, heappush

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import OfficeKind
from portal.dossiers.models import Dossier
from portal.ground.config import Settings
from portal.ground.storage import Files
from portal.seed.moments import ANCHOR
from portal.seed.walks import desk_steps, detour_steps, post_steps
from portal.seed.walks.cast import Desk
from portal.seed.walks.menu import Dish
from portal.seed.walks.neighbours import Neighbour
from portal.seed.walks.stage import Stage, Walk, set_stage
from portal.seed.walks.stories import Story, stories
from portal.seed.walks.timing import begins, next_moment

Step = Callable[[Stage, Walk, datetime, str], None]

AfterStep = Callable[[Session, datetime], None]
"""Called after every step with the session and the step's moment."""

STEPS: Mapping[str, Step] = {
    "begin": desk_steps.begin,
    "file": desk_steps.file,
    "intake": desk_steps.intake,
    "bring": desk_steps.bring,
    "accept": desk_steps.accept,
    "refuse": desk_steps.refuse,
    "ask": desk_steps.ask,
    "ask_appraisal": desk_steps.ask_appraisal,
    "answer": desk_steps.answer,
    "forward": desk_steps.forward,
    "propose": desk_steps.propose,
    "send_back": desk_steps.send_back,
    "sign": desk_steps.sign,
    "finish": desk_steps.finish,
    "hand_over": desk_steps.hand_over,
    "download": desk_steps.download,
    "withdraw": desk_steps.withdraw,
    "charge": detour_steps.charge,
    "pay": detour_steps.pay,
    "stop": detour_steps.stop,
    "resume": detour_steps.resume,
    "extend": detour_steps.extend,
    "consult": detour_steps.consult,
    "opine": detour_steps.opine,
    "send_draft": detour_steps.send_draft,
    "confirm_draft": detour_steps.confirm_draft,
    "object_draft": detour_steps.object_draft,
    "prepay": detour_steps.prepay,
    "hand_to": detour_steps.hand_to,
    "take_over": detour_steps.take_over,
    "link": detour_steps.link,
    "accept_linked": detour_steps.accept_linked,
    "end_linked": detour_steps.end_linked,
    "close": detour_steps.close,
    "give_up": detour_steps.give_up,
    "recall": detour_steps.recall,
    "assign": post_steps.assign,
    "open": post_steps.open_stop,
    "collect": post_steps.collect,
    "fail": post_steps.fail,
    "deliver": post_steps.deliver,
    "cancel": post_steps.cancel,
    "to_desk": post_steps.to_desk,
    "to_post": post_steps.to_post,
    "from_post": post_steps.from_post,
    "give_out": post_steps.give_out,
    "carrier_takes": post_steps.carrier_takes,
    "post_takes": post_steps.post_takes,
    "take_in": post_steps.take_in,
    "give_back": post_steps.give_back,
}
"""What every word of a story means."""


def nothing_more(_session: Session, _at: datetime) -> None:
    """What follows a step when nobody asks for more."""


def plant_dossiers(
    session: Session,
    files: Files,
    limits: Settings,
    *,
    told: Iterable[Story] | None = None,
    after_step: AfterStep = nothing_more,
) -> int:
    """Play every story up to the anchor and return how many dossiers came of it; 0 where some are already.

    *files* gets the papers. told: other stories than those of the file. *after_step* is called after every
    step with (session, at), the rows of the step written.
    """
    if session.scalar(select(Dossier.id).limit(1)) is not None:
        return 0
    stage = set_stage(session, files, limits)
    walks = [walk for story in told or stories() for walk in _walks(stage, story)]
    play(stage, walks, after_step)
    return sum(walk.begun is not None for walk in walks)


def play(stage: Stage, walks: list[Walk], after_step: AfterStep) -> None:
    """Take one step after the other, the earliest first; what would happen after the anchor does not."""
    coming = [(begins(walk, stage), number) for number, walk in enumerate(walks)]
    heapify(coming)
    while coming:
        at, number = heappop(coming)
        walk = walks[number]
        if at > ANCHOR:
            continue
        step, _, how = walk.steps.pop(0).partition(":")
        STEPS[step](stage, walk, at, how)
        stage.session.flush()  # The next step of another walk reads what this one wrote.
        after_step(stage.session, at)
        if walk.steps:
            heappush(coming, (next_moment(walk, stage, at), number))


def _walks(stage: Stage, story: Story) -> Iterator[Walk]:
    """As many walks as the story is told times; none where no procedure fits it."""
    fitting = [dish for dish in stage.dishes if dish.fits(story) and stage.cast.deciding(dish)]
    for number in range(story.times):
        named = _named(stage, story, number)
        there = [dish for dish in fitting if named is None or named in stage.cast.deciding(dish)]
        if there:
            dish = stage.chance.choices(there, [one.weight for one in there])[0]
            person = _person(stage, story, number, named)
            yield _walk(stage, story, dish, person, named)


def _walk(stage: Stage, story: Story, dish: Dish, person: Neighbour, named: Desk | None) -> Walk:
    desk = named or _desk(stage, dish, person)
    front = _elsewhere(stage, desk) if story.elsewhere else desk
    return Walk(story, dish, desk, front, person, list(story.steps))


def _named(stage: Stage, story: Story, number: int) -> Desk | None:
    """The desk the story names, in turn; None where it names none."""
    if not story.desks:
        return None
    name = story.desks[number % len(story.desks)]
    return next((desk for desk in stage.cast.desks if desk.office.name == name), None)


def _desk(stage: Stage, dish: Dish, person: Neighbour) -> Desk:
    """The desk of the person's ward, or one of the tier that decides."""
    there = stage.cast.deciding(dish)
    own = [desk for desk in there if desk.office.area_code == person.area_code]
    return stage.chance.choice(own or there)


def _elsewhere(stage: Stage, desk: Desk) -> Desk:
    """Another desk than the one that decides, a department's where there is one."""
    others = [one for one in stage.cast.desks if one.office.id != desk.office.id]
    departments = [one for one in others if one.office.kind == OfficeKind.DEPARTMENT]
    return stage.chance.choice(departments or others)


def _person(stage: Stage, story: Story, number: int, named: Desk | None) -> Neighbour:
    if story.is_taken_in:
        return stage.somebody((named.office.area_code if named else "") or "")
    if story.who:
        return stage.cards[story.who[number % len(story.who)]]
    return stage.citizen()
