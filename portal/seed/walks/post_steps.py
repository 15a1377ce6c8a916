"""The steps that the post makes: onto a run, to the door, to the desk and back; each by the real action."""

from datetime import datetime

from portal.accounts.models import Actor
from portal.dossiers.states import Status
from portal.ground.working_time import day_of
from portal.postal import actions
from portal.postal.actions.ordering import envelope_of
from portal.postal.checklist import wanted
from portal.postal.custody import desk_of
from portal.postal.models import Envelope, HandOver, Holder, PostalOrder, Stop
from portal.postal.states import Direction, Failure, HolderKind
from portal.seed.walks.cast import PostOffice
from portal.seed.walks.stage import Stage, Walk


def assign(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """The clerk puts the order onto the run of a carrier, the same one as before."""
    order = _order(walk)
    post = _post(stage, order)
    walk.carrier = walk.carrier or stage.chance.choice(post.carriers)
    carrier = walk.carrier.account_id
    walk.stop = actions.assign(stage.session, order, carrier, day_of(at), by=post.clerk, at=at)


def open_stop(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """The carrier opens the stop in front of the door."""
    actions.open_stop(stage.session, _stop(walk), by=_carrier(walk), at=at)


def collect(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Every sheet of the list is counted and sealed at the door."""
    order = _order(walk)
    counted = actions.Counted(
        sheets={line.key: line.needed for line in wanted(order.dossier, order.purpose)},
        giver=walk.person.name,
        seal=_seal(stage),
        citizen_agreed=True,
        postage_taken=True,
    )
    actions.collect(stage.session, _stop(walk), counted, by=_carrier(walk), at=at)


def fail(stage: Stage, walk: Walk, at: datetime, how: str) -> None:
    """Nothing comes of the stop, for a reason."""
    reason, note = Failure(how), stage.names.line(how)
    actions.fail(stage.session, _stop(walk), reason, note, by=_carrier(walk), at=at)


def deliver(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """The envelope is given to whoever reads out the code."""
    code, receiver = _order(walk).delivery_code or "", walk.person.name
    by = _carrier(walk)
    actions.deliver(stage.session, _stop(walk), receiver, code, postage_taken=True, by=by, at=at)


def cancel(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """The citizen changes their mind about the carrier."""
    actions.cancel(stage.session, _order(walk), by=walk.citizen, at=at)


def to_desk(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """The carrier holds the envelope out to the desk."""
    receiver = desk_of(walk.dossier)
    actions.offer(stage.session, _envelope(stage, walk), receiver, by=_carrier(walk), at=at)


def to_post(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """The carrier holds the envelope out to the post office."""
    receiver = Holder(HolderKind.POST_OFFICE, office_id=_order(walk).post_office_id)
    actions.offer(stage.session, _envelope(stage, walk), receiver, by=_carrier(walk), at=at)


def from_post(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """The clerk holds the envelope out to the carrier."""
    receiver = Holder(HolderKind.CARRIER, account_id=_carrier(walk).account_id)
    clerk = _post(stage, _order(walk)).clerk
    actions.offer(stage.session, _envelope(stage, walk), receiver, by=clerk, at=at)


def give_out(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """The desk seals the result and holds it out to the carrier."""
    carrier, by = _carrier(walk).account_id, walk.front.receptionist
    actions.offer_to_carrier(stage.session, walk.dossier, carrier, _seal(stage), by=by, at=at)


def carrier_takes(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """The carrier looks at the seal and takes the envelope over."""
    number = _offered(stage, walk).id
    actions.confirm_hand_over(stage.session, number, actions.Recount(), by=_carrier(walk), at=at)


def post_takes(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """The clerk looks at the seal and takes the envelope over."""
    number, clerk = _offered(stage, walk).id, _post(stage, _order(walk)).clerk
    actions.confirm_hand_over(stage.session, number, actions.Recount(), by=clerk, at=at)


def take_in(stage: Stage, walk: Walk, at: datetime, how: str) -> None:
    """The desk opens the envelope and counts every line; one that came back is only looked at."""
    offered = _offered(stage, walk)
    sheets = {line.id: line.counted for line in offered.envelope.lines}
    recount = actions.Recount(sheets)
    if how == "short":
        last = max(sheets)
        recount = actions.Recount(sheets | {last: sheets[last] - 1}, stage.names.line("recount"))
    is_back = offered.envelope.order.direction == Direction.RETURN
    found = actions.Recount() if is_back else recount
    actions.confirm_hand_over(stage.session, offered.id, found, by=walk.front.receptionist, at=at)


def give_back(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """The desk gives the papers of an ended dossier back to their owner."""
    envelope, by = _envelope(stage, walk), walk.front.receptionist
    actions.give_back(stage.session, envelope, walk.person.name, by=by, at=at)


def _order(walk: Walk) -> PostalOrder:
    """The order that is under way: the papers' until there is a result."""
    is_back = walk.dossier.status == Status.FINISHED
    return walk.orders[Direction.RETURN if is_back else Direction.PICKUP]


def _envelope(stage: Stage, walk: Walk) -> Envelope:
    found = envelope_of(stage.session, _order(walk))
    if found is None:
        raise ValueError(f"{walk.story.steps}: nothing was sealed")
    return found


def _offered(stage: Stage, walk: Walk) -> HandOver:
    found = _envelope(stage, walk).open_hand_over
    if found is None:
        raise ValueError(f"{walk.story.steps}: nothing is on offer")
    return found


def _post(stage: Stage, order: PostalOrder) -> PostOffice:
    return stage.cast.posts[order.post_office.id]


def _stop(walk: Walk) -> Stop:
    if walk.stop is None:
        raise ValueError(f"{walk.story.steps}: the order is on no run")
    return walk.stop


def _carrier(walk: Walk) -> Actor:
    if walk.carrier is None:
        raise ValueError(f"{walk.story.steps}: no carrier has the order")
    return walk.carrier


def _seal(stage: Stage) -> str:
    return f"NP {next(stage.seals):06d}"
