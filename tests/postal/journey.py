"""Builders of the post: the people of one road and the acts that lead an order to where a test begins."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.accounts.models import Actor, Role
from portal.catalogue.models import Channel
from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery, Status
from portal.postal import actions, tariff
from portal.postal.actions.ordering import envelope_of
from portal.postal.checklist import wanted
from portal.postal.custody import desk_of
from portal.postal.models import Envelope, HandOver, Place, PostalOrder, Stop
from tests import make
from tests.conftest import START

PHU_HOA_WARD = "25750"
HOME = Place(
    "Đỗ Thị Mai", "0900000001", PHU_HOA_WARD, "12 Lê Hồng Phong, khu phố 4", "08:00–10:00", "Gọi trước"
)
SEALS = iter(range(4731, 99_999))


def seal_number() -> str:
    """A seal that no envelope has."""
    return f"NP {next(SEALS):06d}"


@dataclass
class Journey:
    """One dossier of Phú Hòa on its way by post, a minute an act."""

    session: Session
    at: datetime = START

    def __post_init__(self) -> None:
        tariff.plant_rates(self.session)
        self.citizen = make.citizen(self.session)
        self.clerk = make.actor(self.session, "giaodich.thu")
        self.carrier = make.actor(self.session, "buuta.tam")
        self.other_carrier = make.actor(self.session, "buuta.chin")
        self.receptionist = make.official(self.session, Role.RECEPTIONIST)

    def tick(self) -> datetime:
        """The next minute."""
        self.at += timedelta(minutes=1)
        return self.at

    def dossier(self, status: Status = Status.SUBMITTED, channel: Channel = Channel.POST) -> Dossier:
        """A dossier sent and received by post."""
        made = make.dossier(
            self.session, status, at=self.tick(), code=make.CERTIFIED_COPY, channel=channel,
            delivery=Delivery.POST, by=self.citizen,
        )  # fmt: skip
        self.at += timedelta(minutes=10)
        return made

    def pickup(self, dossier: Dossier | None = None) -> PostalOrder:
        """A pickup that waits for the clerk."""
        chosen = dossier or self.dossier()
        return actions.order_pickup(self.session, chosen, HOME, by=self.citizen, at=self.tick())

    def back(self, dossier: Dossier | None = None) -> PostalOrder:
        """A return whose result is there."""
        chosen = dossier or self.dossier(Status.FINISHED, Channel.DESK)
        return actions.order_return(self.session, chosen, HOME, by=self.citizen, at=self.tick())

    def stop(self, order: PostalOrder, carrier: Actor | None = None) -> Stop:
        """The order on a carrier's run."""
        chosen = (carrier or self.carrier).account_id
        today = self.at.date()
        return actions.assign(self.session, order, chosen, today, by=self.clerk, at=self.tick())

    def opened(self, order: PostalOrder) -> Stop:
        """The order's stop, opened by its carrier."""
        stop = self.stop(order)
        actions.open_stop(self.session, stop, by=self.carrier, at=self.tick())
        return stop

    def everything(self, order: PostalOrder, **other: object) -> actions.Counted:
        """The whole checklist counted, sealed and agreed to."""
        sheets = {line.key: line.needed for line in wanted(order.dossier, order.purpose)}
        said = {"sheets": sheets, "giver": HOME.name, "seal": seal_number(), "citizen_agreed": True}
        return actions.Counted(**(said | other))  # type: ignore[arg-type]

    def collected(self, order: PostalOrder | None = None) -> Envelope:
        """An envelope in the carrier's hands, with every sheet of the list."""
        chosen = order or self.pickup()
        counted = self.everything(chosen)
        return actions.collect(self.session, self.opened(chosen), counted, by=self.carrier, at=self.tick())

    def offered_to_desk(self, envelope: Envelope | None = None) -> HandOver:
        """An envelope that its carrier holds out to the desk."""
        chosen = envelope or self.collected()
        offered = actions.offer(
            self.session, chosen, desk_of(chosen.order.dossier), by=self.carrier, at=self.tick()
        )
        self.session.flush()
        return offered

    def recounted(self, offered: HandOver) -> actions.Recount:
        """Every line as the giver counted it."""
        return actions.Recount({line.id: line.counted for line in offered.envelope.lines})

    def at_desk(self, envelope: Envelope | None = None) -> Envelope:
        """An envelope that the desk has taken in, nothing missing."""
        offered = self.offered_to_desk(envelope)
        return self.confirm(offered, self.receptionist, self.recounted(offered))

    def confirm(self, offered: HandOver, by: Actor, recount: actions.Recount | None = None) -> Envelope:
        """The other side takes over."""
        return actions.confirm_hand_over(
            self.session, offered.id, recount or actions.Recount(), by=by, at=self.tick()
        )

    def with_carrier(self, order: PostalOrder) -> Stop:
        """A result that the carrier has taken over from the desk, its stop opened."""
        stop = self.opened(order)
        offered = actions.offer_to_carrier(
            self.session, order.dossier, self.carrier.account_id, seal_number(),
            by=self.receptionist, at=self.tick(),
        )  # fmt: skip
        self.session.flush()
        self.confirm(offered, self.carrier)
        return stop

    def envelope(self, order: PostalOrder) -> Envelope:
        """The order's envelope."""
        found = envelope_of(self.session, order)
        assert found is not None
        return found
