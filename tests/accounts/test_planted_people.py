"""The people and offices of the demonstration."""

import re
import unicodedata
from collections import Counter
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts import offices, people, role_cards
from portal.accounts.identity import number_of
from portal.accounts.models import (
    Account,
    Appointment,
    Area,
    AreaKind,
    IdentityLevel,
    Office,
    OfficeKind,
    PostArea,
    Role,
)
from portal.ground import ledger
from portal.ground.codes import DOSSIER_CODE
from portal.seed.people import plant_people
from tests.conftest import START

TODAY = date(2020, 9, 15)
NEW_STYLE = r"(o[àáảãạèéẻẽẹ]|(?<!q)u[ýỳỷỹỵ])\b"
"""Tone marks on the second vowel of an open syllable, as in hoà; ours stand on the first, hòa."""


def test_every_role_has_somebody_and_every_ward_its_whole_desk(town: Session) -> None:
    rows = town.execute(select(Office.name, Appointment.role).join(Appointment.office))
    held = {(name, role) for name, role in rows}
    assert {role for _, role in held} == set(Role) - {Role.CITIZEN}
    for ward in ("Phú Hòa", "Hiệp Thành", "Phú Lợi"):
        desk = {role for name, role in held if name == f"UBND phường {ward}"}
        assert {Role.RECEPTIONIST, Role.SPECIALIST, Role.LEADER, Role.RECORDS_CLERK} <= desk


def test_two_post_offices_have_a_clerk_and_two_carriers(town: Session) -> None:
    for code in ("820000", "821480"):
        office = town.scalars(select(Office).where(Office.code == code)).one()
        roles = sorted(held.role for held in people.staff_of(town, office.id))
        assert roles == [Role.CARRIER, Role.CARRIER, Role.POST_CLERK]


def test_the_post_has_56_places_and_each_ward_is_served_from_one(town: Session) -> None:
    assert town.scalar(select(func.count(Office.id)).where(Office.kind == OfficeKind.POST)) == 56
    served = town.scalars(select(PostArea.area_code)).all()
    wards = town.scalars(select(Area.code).where(Area.kind == AreaKind.WARD)).all()
    assert sorted(served) == sorted(wards)


def test_only_wards_served_from_a_manned_post_office_can_be_chosen(town: Session) -> None:
    inside = set(town.scalars(select(Area.code).where(Area.parent_code == "718")))
    assert offices.served_by_post(town, TODAY) == inside


def test_the_province_is_whole_as_it_was_in_2020(town: Session) -> None:
    names = town.scalars(select(Area.name).where(Area.kind == AreaKind.WARD)).all()
    kinds = Counter(name.split()[0] for name in names)
    assert kinds == {"Phường": 45, "Xã": 41, "Thị": 5}
    districts = town.scalars(select(Area.name).where(Area.kind == AreaKind.DISTRICT)).all()
    assert len(districts) == 9
    assert {"Thị xã Bến Cát", "Thị xã Tân Uyên", "Thành phố Dĩ An"} <= set(districts)
    assert len(offices.wards(town, TODAY)) == 91


def test_names_are_written_in_one_way(town: Session) -> None:
    names = [*town.scalars(select(Area.name)), *town.scalars(select(Office.name))]
    names += town.scalars(select(Office.address))
    assert [name for name in names if name != unicodedata.normalize("NFC", name)] == []
    assert [name for name in names if re.search(NEW_STYLE, name, re.IGNORECASE)] == []


def test_every_ward_has_its_office_but_only_those_with_people_take_dossiers(town: Session) -> None:
    wards = town.scalars(select(Office).where(Office.kind == OfficeKind.WARD)).all()
    assert len(wards) == 91
    taking = {office.name for office in wards if offices.takes_dossiers(town, office, TODAY)}
    assert taking == {"UBND phường Phú Hòa", "UBND phường Hiệp Thành", "UBND phường Phú Lợi"}
    assert {office.name for office in offices.of_kind(town, OfficeKind.WARD, TODAY)} == taking


def test_the_office_of_a_ward_is_its_own_even_without_people(town: Session) -> None:
    found = offices.competent(town, OfficeKind.WARD, "25786", TODAY)
    assert found is not None
    assert found.name == "UBND xã Minh Tân"


def test_phu_hoa_has_the_code_it_had_until_july_2025(town: Session) -> None:
    area = town.get_one(Area, "25750")
    assert (area.name, area.parent_code, area.to_on) == ("Phường Phú Hòa", "718", date(2025, 6, 30))


def test_agency_codes_have_the_national_pattern(town: Session) -> None:
    agencies = select(Office.code).where(Office.kind != OfficeKind.POST)
    assert all(DOSSIER_CODE.match(f"{code}-200915-0001") for code in town.scalars(agencies))


def test_planting_again_changes_nothing(town: Session) -> None:
    tables = (Area, Office, PostArea, Account, Appointment, ledger.LedgerEntry, role_cards.RoleCard)
    before = [town.scalar(select(func.count()).select_from(table)) for table in tables]
    plant_people(town, START, TODAY)
    town.flush()
    assert [town.scalar(select(func.count()).select_from(table)) for table in tables] == before


def test_all_of_it_came_about_by_the_real_actions(town: Session) -> None:
    assert not list(ledger.verify(town))
    accounts = town.scalar(select(func.count(Account.id)))
    chains = select(func.count(ledger.LedgerEntry.id)).where(ledger.LedgerEntry.kind == "account")
    seen = Account.identity_level == IdentityLevel.SEEN
    assert town.scalar(chains.where(ledger.LedgerEntry.move.in_(("register", "enrol")))) == accounts
    assert town.scalar(chains.where(ledger.LedgerEntry.move == "see")) == 2
    assert town.scalar(select(func.count(Account.id)).where(seen)) == 2


def test_names_phones_and_numbers_tell_people_apart(town: Session) -> None:
    accounts = town.scalars(select(Account)).all()
    assert len({account.full_name for account in accounts}) == len(accounts)
    numbers = [number_of(town, account) for account in accounts if account.identity_sealed]
    assert len(set(numbers)) == len(numbers) == 8


def test_the_cards_show_nine_people_first_one_of_each_role(town: Session) -> None:
    first = [card for card in role_cards.cards(town) if card.is_first]
    roles = [
        card.account.appointments[0].role if card.account.appointments else Role.CITIZEN for card in first
    ]
    assert sorted(roles) == sorted(Role)
