"""Who plays: the people of every desk and post office that works, as they are appointed; and citizens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.appointments import in_force
from portal.accounts.models import DESK_ROLES, Account, Actor, Appointment, Office, OfficeKind, Role
from portal.catalogue.models import ProcedureVersion


class Decided(Protocol):
    """What somebody decides on: the tier, and the version, which may name an agency."""

    @property
    def kind(self) -> OfficeKind: ...
    @property
    def version(self) -> ProcedureVersion: ...


@dataclass(frozen=True)
class Desk:
    """An office with somebody for each role of its desk."""

    office: Office
    people: Mapping[Role, Actor]

    @property
    def receptionist(self) -> Actor:
        """Who sits at its counter."""
        return self.people[Role.RECEPTIONIST]


@dataclass(frozen=True)
class PostOffice:
    """A post office with its clerk and its carriers."""

    office: Office
    clerk: Actor
    carriers: tuple[Actor, ...]


@dataclass(frozen=True)
class Cast:
    """Every office that can take a dossier or an order through."""

    desks: tuple[Desk, ...]
    posts: Mapping[int, PostOffice]

    def of_kind(self, kind: OfficeKind) -> list[Desk]:
        """The desks of one tier."""
        return [desk for desk in self.desks if desk.office.kind == kind]

    def deciding(self, dish: Decided) -> list[Desk]:
        """The desks that may decide on *dish*: of its tier, and where it names an agency, that one."""
        agency = dish.version.agency
        return [desk for desk in self.of_kind(dish.kind) if not agency or desk.office.name == agency]


def cast_of(session: Session, day: date) -> Cast:
    """The cast as it is appointed on *day*."""
    held = select(Appointment).where(in_force(day)).order_by(Appointment.id)
    loaded = held.options(joinedload(Appointment.account), joinedload(Appointment.office))
    offices: dict[int, list[Appointment]] = {}
    for one in session.scalars(loaded):
        offices.setdefault(one.office_id, []).append(one)
    desks = [desk for people in offices.values() if (desk := _desk(people))]
    posts = {number: post for number, people in offices.items() if (post := _post(people))}
    return Cast(tuple(desks), posts)


def acting(account: Account, held: Appointment | None = None) -> Actor:
    """The person as they act under an appointment, or for themselves."""
    return Actor(
        account_id=account.id,
        name=account.full_name,
        role=held.role if held else Role.CITIZEN,
        appointment_id=held.id if held else None,
        office_id=held.office_id if held else None,
        office_name=held.office.name if held else "",
        identity_index=account.identity_index,
    )


def _desk(people: list[Appointment]) -> Desk | None:
    """The desk, with whoever was appointed to each role first; None where a role has nobody."""
    first = {one.role: acting(one.account, one) for one in reversed(people)}
    return Desk(people[0].office, first) if set(DESK_ROLES) <= set(first) else None


def _post(people: list[Appointment]) -> PostOffice | None:
    carriers = tuple(acting(one.account, one) for one in people if one.role == Role.CARRIER)
    clerk = next((acting(one.account, one) for one in people if one.role == Role.POST_CLERK), None)
    return PostOffice(people[0].office, clerk, carriers) if clerk and carriers else None
