"""The stage of the demonstration: cast, menu, papers and clock; and one dossier on its way, a walk."""

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, count, cycle
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.calendars import calendar_of
from portal.accounts.identity import number_of
from portal.accounts.models import Account, Actor, OfficeKind, Role
from portal.accounts.registration import register
from portal.dossiers.models import Dossier
from portal.ground.config import Settings
from portal.ground.storage import Files
from portal.ground.working_time import Calendar, day_of
from portal.postal.models import PostalOrder, Stop
from portal.postal.states import Direction
from portal.seed.moments import ANCHOR, OPENING
from portal.seed.walks.cast import Cast, Desk, acting, cast_of
from portal.seed.walks.menu import Dish, menu
from portal.seed.walks.neighbours import Names, Neighbour
from portal.seed.walks.sheets import Sheets, draw_sheets
from portal.seed.walks.stories import Story

SEED = 2020
"""Where chance starts from: the same stories come out every time."""

HOME = "Phú Hòa"
"""The ward whose desk is the busiest."""

REGISTERED = 72
"""How many neighbours file on the portal themselves, beside the people with a card."""

PASSWORD = "motcua-2020"  # noqa: S105 - everybody's in a demonstration, and said so on its pages.


@dataclass
class Stage:
    """Everything a step may take: it never asks the clock or the environment."""

    session: Session
    limits: Settings
    sheets: Sheets
    names: Names
    chance: Random
    cast: Cast
    dishes: list[Dish]
    calendar: Calendar
    citizens: list[Neighbour]
    cards: dict[str, Neighbour]
    homes: list[str]
    seals: "count[int]" = field(default_factory=lambda: count(4731))
    numbers: "count[int]" = field(default_factory=lambda: count(212))
    phones: "count[int]" = field(default_factory=lambda: count(900_010_000))

    def somebody(self, home: str) -> Neighbour:
        """A neighbour without an account, with a telephone of their own; of any ward when *home* is none."""
        area = home if home in self.homes else self.chance.choice(self.homes)
        return self.names.somebody(f"0{next(self.phones)}", area)

    def citizen(self) -> Neighbour:
        """A neighbour with an account; whoever has none yet registered when everything opened."""
        number = self.chance.randrange(len(self.citizens))
        one = self.citizens[number]
        if one.account is None:
            account = register(self.session, one.name, one.number, one.phone, PASSWORD, at=OPENING)
            self.citizens[number] = replace(one, account=acting(account))
        return self.citizens[number]


@dataclass
class Walk:
    """One dossier living through its story; *steps* are those still to come."""

    story: Story
    dish: Dish
    desk: Desk
    front: Desk
    person: Neighbour
    steps: list[str]
    begun: Dossier | None = None
    orders: dict[Direction, PostalOrder] = field(default_factory=dict)
    carrier: Actor | None = None
    stop: Stop | None = None
    asked: Desk | None = None
    linked: tuple[Dossier, Desk] | None = None

    @property
    def dossier(self) -> Dossier:
        """The dossier, which every step but the first has."""
        if self.begun is None:
            raise ValueError(f"{self.steps} before the dossier was filed")
        return self.begun

    @property
    def citizen(self) -> Actor:
        """Who filed it on the portal."""
        if self.person.account is None:
            raise ValueError(f"{self.person.name} has no account")
        return self.person.account

    def by(self, role: Role) -> Actor:
        """Who holds *role* at the office that decides."""
        return self.desk.people[role]


def set_stage(session: Session, files: Files, limits: Settings) -> Stage:
    """Draw the papers, invent the neighbours and look up everybody else."""
    today, chance = day_of(ANCHOR), Random(SEED)  # noqa: S311 - chance of stories, not of secrets.
    names, cast = Names(chance), cast_of(session, today)
    homes = _homes(cast)
    return Stage(
        session=session,
        limits=limits,
        sheets=draw_sheets(files, limits),
        names=names,
        chance=chance,
        cast=cast,
        dishes=menu(session, names, day_of(OPENING), today),
        calendar=calendar_of(session, None, today),
        cards=_cards(session, names, homes),
        citizens=[names.somebody(_phone(number), chance.choice(homes)) for number in range(REGISTERED)],
        homes=homes,
    )


def _phone(number: int) -> str:
    """A number of the range that was never given out."""
    return f"0{900_001_000 + number}"


def _homes(cast: Cast) -> list[str]:
    """The wards people live in: those whose desks work, the busiest one twice and first."""
    wards = cast.of_kind(OfficeKind.WARD)
    busy = [desk for desk in wards if HOME in desk.office.name]
    return [desk.office.area_code or "" for desk in busy + wards]


def _cards(session: Session, names: Names, homes: list[str]) -> dict[str, Neighbour]:
    """The citizens who were planted, with what a form would ask them, by phone; the first live in HOME."""
    planted = select(Account).where(Account.phone.is_not(None)).order_by(Account.id)
    lived = chain(homes[:1] * 2, cycle(homes))
    people = [_card(session, account, names, next(lived)) for account in session.scalars(planted).all()]
    return {one.phone: one for one in people}


def _card(session: Session, account: Account, names: Names, home: str) -> Neighbour:
    number = number_of(session, account)
    born = date(1900 + int(number[4:6]), 3, 12) if len(number) == len("074191003215") else date(1982, 7, 4)
    sex = "female" if "Thị" in account.full_name else "male"
    phone = account.phone or ""
    return Neighbour(account.full_name, sex, born, number, phone, home, names.house(), acting(account))
