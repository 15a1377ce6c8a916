"""Areas, offices and people of the demonstration: offices.toml and accounts.toml, by the real actions."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.appointments import Tenure, appoint
from portal.accounts.authority import OPERATOR
from portal.accounts.calendars import OfficeHours
from portal.accounts.models import Account, Area, AreaKind, Office, OfficeKind, PostArea, Role
from portal.accounts.registration import enrol, register
from portal.accounts.role_cards import RoleCard
from portal.ground.working_time import USUAL_WEEK

Entry = Mapping[str, Any]


def plant_people(session: Session, at: datetime, today: date) -> None:
    """Add what is missing of the areas, offices, office hours and people; what is there stays as it is."""
    _plant_areas(session)
    _plant_offices(session)
    _plant_hours(session, today)
    _plant_accounts(session, at)
    session.flush()


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def _plant_areas(session: Session) -> None:
    there = set(session.scalars(select(Area.code)))
    session.add_all(area for area in _areas(_read("offices.toml")) if area.code not in there)
    session.flush()  # Offices refer to their areas by code.


def _areas(facts: Entry) -> Iterator[Area]:
    tenure = {"from_on": facts["from_on"], "to_on": facts["to_on"]}
    for area in facts["area"]:
        kind, parent = AreaKind(area["kind"]), area.get("parent")
        yield Area(code=area["code"], kind=kind, name=area["name"], parent_code=parent, **tenure)
    parent = facts["area_wards"]["parent"]
    for code, name in facts["area_wards"]["wards"]:
        yield Area(code=code, kind=AreaKind.WARD, name=name, parent_code=parent, **tenure)


def _plant_offices(session: Session) -> None:
    facts = _read("offices.toml")
    there = {office.code: office for office in session.scalars(select(Office))}
    for entry in facts["office"]:
        if entry["code"] not in there:
            parent = there.get(entry.get("parent", ""))
            there[entry["code"]] = _plant_office(session, entry, parent, facts)


def _plant_office(session: Session, entry: Entry, parent: Office | None, facts: Entry) -> Office:
    office = Office(
        code=entry["code"],
        kind=OfficeKind(entry["kind"]),
        name=entry["name"],
        area_code=entry["area"],
        parent_id=parent.id if parent else None,
        address=entry.get("address", ""),
        phone=entry.get("phone", ""),
        from_on=facts["from_on"],
        to_on=None if entry["kind"] == OfficeKind.POST else facts["to_on"],
    )
    session.add(office)
    session.flush()  # Offices below and the areas served refer to it by id.
    session.add_all(PostArea(office_id=office.id, area_code=code) for code in entry.get("serves", ()))
    return office


def _plant_hours(session: Session, today: date) -> None:
    if session.scalar(select(OfficeHours.id).limit(1)) is None:
        since = min(today, _read("offices.toml")["from_on"])
        spans = ((weekday, span) for weekday, day in USUAL_WEEK.items() for span in day)
        session.add_all(
            OfficeHours(weekday=weekday, opens=opens, closes=closes, from_on=since)
            for weekday, (opens, closes) in spans
        )


def _plant_accounts(session: Session, at: datetime) -> None:
    people = _read("accounts.toml")
    offices = {office.code: office for office in session.scalars(select(Office))}
    cards = [(entry, _citizen(session, entry, people, at)) for entry in people["citizen"]]
    cards += [(entry, _official(session, entry, people, offices, at)) for entry in people["staff"]]
    shown = set(session.scalars(select(RoleCard.account_id)))
    session.add_all(
        RoleCard(account_id=account.id, position=position, is_first=entry.get("first", False))
        for position, (entry, account) in enumerate(cards)
        if account.id not in shown
    )
    for entry in people["also"]:
        _second(session, entry, offices, at)


def _citizen(session: Session, entry: Entry, people: Entry, at: datetime) -> Account:
    there = session.scalars(select(Account).where(Account.phone == entry["phone"])).first()
    return there or register(
        session,
        entry["name"],
        entry["number"],
        entry["phone"],
        people["password"],
        entry.get("email", ""),
        at=at,
    )


def _official(
    session: Session, entry: Entry, people: Entry, offices: Mapping[str, Office], at: datetime
) -> Account:
    there = session.scalar(select(Account).where(Account.sign_in_name == entry["sign_in"]))
    if there is not None:
        return there
    account = enrol(session, entry["name"], entry["sign_in"], people["password"], by=OPERATOR, at=at)
    office, tenure = offices[entry["office"]], Tenure(people["from_on"])
    appoint(session, account, office, Role(entry["role"]), tenure, by=OPERATOR, at=at)
    return account


def _second(session: Session, entry: Entry, offices: Mapping[str, Office], at: datetime) -> None:
    account = session.scalars(select(Account).where(Account.sign_in_name == entry["sign_in"])).one()
    office, role = offices[entry["office"]], Role(entry["role"])
    if not any((held.office_id, held.role) == (office.id, role) for held in account.appointments):
        appoint(session, account, office, role, Tenure(entry["from_on"]), by=OPERATOR, at=at)
