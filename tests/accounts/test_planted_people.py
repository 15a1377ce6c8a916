"""The people and offices of the demonstration."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts import people, role_cards
from portal.accounts.identity import number_of
from portal.accounts.models import Account, Appointment, Area, Office, OfficeKind, PostArea, Role
from portal.ground import ledger
from portal.ground.codes import DOSSIER_CODE
from portal.seed.people import plant_people
from tests.conftest import START

TODAY = date(2020, 9, 15)


def test_every_role_has_somebody_and_every_ward_its_whole_desk(town: Session) -> None:
    rows = town.execute(select(Office.name, Appointment.role).join(Appointment.office))
    held = {(name, role) for name, role in rows}
    assert {role for _, role in held} == set(Role) - {Role.CITIZEN}
    for ward in ("Phú Hòa", "Hiệp Thành", "Phú Lợi"):
        desk = {role for name, role in held if name == f"UBND phường {ward}"}
        assert {Role.RECEPTIONIST, Role.SPECIALIST, Role.LEADER, Role.RECORDS_CLERK} <= desk


def test_each_post_office_has_a_clerk_and_two_carriers_and_serves_its_own_wards(town: Session) -> None:
    for office in town.scalars(select(Office).where(Office.kind == OfficeKind.POST)):
        roles = sorted(held.role for held in people.staff_of(town, office.id))
        assert roles == [Role.CARRIER, Role.CARRIER, Role.POST_CLERK]
    served = town.scalars(select(PostArea.area_code)).all()
    wards = town.scalars(select(Area.code).where(Area.kind == "ward")).all()
    assert sorted(served) == sorted(wards)


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
    assert town.scalar(chains) == accounts


def test_names_phones_and_numbers_tell_people_apart(town: Session) -> None:
    accounts = town.scalars(select(Account)).all()
    assert len({account.full_name for account in accounts}) == len(accounts)
    numbers = [number_of(town, account) for account in accounts if account.identity_sealed]
    assert len(set(numbers)) == len(numbers) == 3


def test_the_cards_show_nine_people_first_one_of_each_role(town: Session) -> None:
    first = [card for card in role_cards.cards(town) if card.is_first]
    roles = [
        card.account.appointments[0].role if card.account.appointments else Role.CITIZEN for card in first
    ]
    assert sorted(roles) == sorted(Role)
