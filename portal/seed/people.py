"""People of the demonstration: accounts.toml, by the real actions; and the hours that every office keeps."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.appointments import Tenure, appoint
from portal.accounts.authority import OPERATOR
from portal.accounts.calendars import OfficeHours
from portal.accounts.models import Account, Office, Role
from portal.accounts.registration import enrol, note_seen, register
from portal.accounts.role_cards import RoleCard
from portal.ground.working_time import USUAL_WEEK
from portal.seed.units import SINCE, plant_units

Entry = Mapping[str, Any]

ACCOUNTS = Path(__file__).with_name("accounts.toml")


def plant_people(session: Session, at: datetime, today: date) -> None:
    """Add what is missing of the areas, offices, office hours and people; what is there stays as it is."""
    plant_units(session)
    _plant_hours(session, today)
    _plant_accounts(session, at)
    session.flush()


def _plant_hours(session: Session, today: date) -> None:
    if session.scalar(select(OfficeHours.id).limit(1)) is None:
        spans = ((weekday, span) for weekday, day in USUAL_WEEK.items() for span in day)
        session.add_all(
            OfficeHours(weekday=weekday, opens=opens, closes=closes, from_on=min(today, SINCE))
            for weekday, (opens, closes) in spans
        )


def _plant_accounts(session: Session, at: datetime) -> None:
    people = tomllib.loads(ACCOUNTS.read_text(encoding="utf-8"))
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
    if there is not None:
        return there
    name, number, phone, email = entry["name"], entry["number"], entry["phone"], entry.get("email", "")
    account = register(session, name, number, phone, people["password"], email, at=at)
    if entry.get("seen"):
        note_seen(session, account, by=OPERATOR, at=at)
    return account


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
