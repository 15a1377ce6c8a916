"""One envelope has exactly one holder: the table of passings, and whatever people do."""

from collections.abc import Callable
from itertools import pairwise, product

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.accounts.models import Actor
from portal.dossiers.states import Status
from portal.ground import ledger
from portal.ground.errors import PortalError
from portal.postal import actions, queries
from portal.postal.actions.ordering import envelope_of
from portal.postal.actions.recording import ENVELOPE, read, written
from portal.postal.custody import LEGAL, NotPassedSo, answers_for, check_passing, desk_of, replay
from portal.postal.models import Envelope, Holder, PostalOrder
from portal.postal.states import Direction, Failure, HolderKind, OrderState
from tests import make
from tests.conftest import START
from tests.postal.journey import Journey, seal_number

PEOPLE = {
    HolderKind.CITIZEN: Holder(HolderKind.CITIZEN, account_id=1),
    HolderKind.CARRIER: Holder(HolderKind.CARRIER, account_id=2),
    HolderKind.POST_OFFICE: Holder(HolderKind.POST_OFFICE, office_id=3),
    HolderKind.DESK: Holder(HolderKind.DESK, office_id=4),
}


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize(("giver", "receiver"), list(product(HolderKind, HolderKind)))
def test_an_envelope_passes_only_along_the_table(direction, giver, receiver):
    first, second = PEOPLE[giver], PEOPLE[receiver]
    if direction in LEGAL.get((giver, receiver), ()):
        check_passing(direction, first, first, second)
    else:
        with pytest.raises(NotPassedSo):
            check_passing(direction, first, first, second)


def test_nobody_gives_what_another_one_holds():
    citizen, carrier, desk = (
        PEOPLE[kind] for kind in (HolderKind.CITIZEN, HolderKind.CARRIER, HolderKind.DESK)
    )
    with pytest.raises(NotPassedSo):
        check_passing(Direction.PICKUP, citizen, carrier, desk)


@pytest.mark.parametrize("holder", list(PEOPLE.values()), ids=str)
def test_the_ledger_writes_a_holder_so_that_it_can_be_read(holder: Holder):
    assert read(written(holder)) == holder


Act = Callable[[Journey, PostalOrder, Actor], object]


def open_stop(journey: Journey, order: PostalOrder, by: Actor) -> None:
    stop = queries.stop_by_code(journey.session, order.code, by, journey.at.date())
    actions.open_stop(journey.session, stop, by=by, at=journey.tick())


def collect(journey: Journey, order: PostalOrder, by: Actor) -> None:
    stop = queries.stop_by_code(journey.session, order.code, by, journey.at.date())
    actions.collect(journey.session, stop, journey.everything(order), by=by, at=journey.tick())


def deliver(journey: Journey, order: PostalOrder, by: Actor) -> None:
    stop = queries.stop_by_code(journey.session, order.code, by, journey.at.date())
    code = order.delivery_code or "000000"
    actions.deliver(journey.session, stop, "Mai", code, by=by, at=journey.tick())


def fail(journey: Journey, order: PostalOrder, by: Actor) -> None:
    stop = queries.stop_by_code(journey.session, order.code, by, journey.at.date())
    actions.fail(journey.session, stop, Failure.ABSENT, by=by, at=journey.tick())


def assign(journey: Journey, order: PostalOrder, by: Actor) -> None:
    carrier = by if by.role == "carrier" else journey.carrier
    today = journey.at.date()
    actions.assign(journey.session, order, carrier.account_id, today, by=journey.clerk, at=journey.tick())


def take_off(journey: Journey, order: PostalOrder, by: Actor) -> None:
    if order.open_stop:
        actions.take_off(journey.session, order.open_stop, by=by, at=journey.tick())


def seal(journey: Journey, order: PostalOrder, by: Actor) -> None:
    actions.seal(journey.session, order.dossier, seal_number(), by=by, at=journey.tick())


def offer_to(kind: HolderKind) -> Act:
    def offer(journey: Journey, order: PostalOrder, by: Actor) -> None:
        receivers = {
            HolderKind.CITIZEN: Holder(kind, account_id=journey.citizen.account_id),
            HolderKind.CARRIER: Holder(kind, account_id=journey.other_carrier.account_id),
            HolderKind.POST_OFFICE: Holder(kind, office_id=order.post_office_id),
            HolderKind.DESK: desk_of(order.dossier),
        }
        actions.offer(journey.session, journey.envelope(order), receivers[kind], by=by, at=journey.tick())

    return offer


def confirm(journey: Journey, order: PostalOrder, by: Actor) -> None:
    offered = journey.envelope(order).open_hand_over
    assert offered is not None
    journey.confirm(offered, by, journey.recounted(offered))


def take_back(journey: Journey, order: PostalOrder, by: Actor) -> None:
    offered = journey.envelope(order).open_hand_over
    assert offered is not None
    actions.take_back(journey.session, offered.id, by=by, at=journey.tick())


def cancel(journey: Journey, order: PostalOrder, by: Actor) -> None:
    actions.cancel(journey.session, order, by=by, at=journey.tick())


TO_DESK, TO_CARRIER = offer_to(HolderKind.DESK), offer_to(HolderKind.CARRIER)
ACTS: tuple[Act, ...] = (
    open_stop, collect, deliver, fail, assign, take_off, seal, confirm, take_back, cancel,
    TO_DESK, TO_CARRIER, offer_to(HolderKind.POST_OFFICE), offer_to(HolderKind.CITIZEN), *[confirm] * 4,
)  # fmt: skip
"""What people try; confirming often, since every offer waits for it."""
NAMES = ("citizen", "clerk", "carrier", "other_carrier", "receptionist")
THE_RIGHT_ONE = "the right one"


def whoever(journey: Journey, order: PostalOrder, act: Act, name: str) -> Actor:
    """The person of that name, or who answers for the side whose turn it is."""
    if name != THE_RIGHT_ONE:
        return getattr(journey, name)
    envelope = envelope_of(journey.session, order)
    offered = envelope.open_hand_over if envelope else None
    side = offered.receiver if offered and act is confirm else envelope.holder if envelope else None
    everybody = [getattr(journey, somebody) for somebody in NAMES]
    return next((by for by in everybody if side and answers_for(by, side)), journey.carrier)


def check_one_holder(journey: Journey, envelope: Envelope) -> None:
    """The row, the events and the ledger name the same holder, one after another without a gap."""
    chain = envelope.events
    steps = [(event.giver, event.receiver) for event in chain]
    first = chain[0].giver if chain else envelope.holder
    assert replay(envelope.order.direction, first, steps) == envelope.holder
    assert [event.seq for event in chain] == list(range(1, len(chain) + 1))
    assert all(before.receiver == after.giver for before, after in pairwise(chain))
    rows = ledger.history(journey.session, ENVELOPE, envelope.id)
    moves = [e for e in rows if e.move not in ("seal", "offer", "take_back")]
    assert [e.move for e in rows].count("offer") == len(envelope.hand_overs)
    assert [(read(e.from_state), read(e.to_state)) for e in moves] == steps
    assert sum(offered.is_open for offered in envelope.hand_overs) <= 1


@pytest.mark.parametrize("direction", Direction)
def test_whatever_people_do_an_envelope_has_one_holder(journey: Journey, direction: Direction):
    """Random acts by random people, most of them not theirs to make."""
    people = st.sampled_from((*NAMES, *[THE_RIGHT_ONE] * len(NAMES)))
    acts = st.lists(st.tuples(st.sampled_from(ACTS), people), min_size=12, max_size=30)
    reached: set[object] = set()

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts)
    @example([(TO_DESK, THE_RIGHT_ONE), (confirm, THE_RIGHT_ONE)])
    @example([(TO_CARRIER, THE_RIGHT_ONE), (confirm, THE_RIGHT_ONE)])
    def live(chosen: list[tuple[Act, str]]) -> None:
        journey.at = START
        around = journey.session.begin_nested()
        order = journey.pickup() if direction == Direction.PICKUP else journey.back()
        for act, name in (*BEGUN[direction], *chosen):
            attempt(journey, order, act, whoever(journey, order, act, name))
            envelope = envelope_of(journey.session, order)
            if envelope:
                check_one_holder(journey, envelope)
                reached.add(envelope.holder.kind)
            if order.state == OrderState.DONE:
                reached.add(order.state)
        around.rollback()
        journey.session.expunge_all()

    live()
    assert {HolderKind.CARRIER, HolderKind.DESK} <= reached


BEGUN: dict[Direction, tuple[tuple[Act, str], ...]] = {
    Direction.PICKUP: ((assign, "carrier"), (open_stop, "carrier"), (collect, "carrier")),
    Direction.RETURN: ((assign, "carrier"), (seal, "receptionist")),
}


def attempt(journey: Journey, order: PostalOrder, act: Act, by: Actor) -> None:
    """Let somebody try; what is refused leaves no trace, as in a request."""
    inside = journey.session.begin_nested()
    try:
        act(journey, order, by)
        journey.session.flush()
        inside.commit()
    except (PortalError, AssertionError):
        inside.rollback()


class PapersCame(make.Road):
    """The road of a dossier whose papers the post has brought."""

    def receive(self) -> None:
        """They lie at the desk already."""


def test_a_legal_road_there_and_back_ends_with_the_citizen(journey: Journey):
    there = journey.at_desk()
    dossier = there.order.dossier
    back = journey.back(dossier)
    PapersCame(journey.session, dossier, make.PHU_HOA, journey.at, journey.citizen).walk_to(
        Status.FINISHED, None
    )
    journey.at = journey.at.replace(hour=9)
    stop = journey.with_carrier(back)
    actions.deliver(
        journey.session, stop, "Mai", back.delivery_code or "", by=journey.carrier, at=journey.tick()
    )
    journey.session.flush()
    kinds = [held.kind for held in queries.custody_strip(journey.session, dossier.id)]
    assert kinds == ["citizen", "carrier", "desk", "desk", "carrier", "citizen"]
    assert list(ledger.verify(journey.session)) == []
