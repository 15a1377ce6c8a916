from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.dossiers.states import Status
from portal.ground import ledger
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.payments.actions import KIND, Cash, record_cash
from portal.payments.models import CashReceipt, FeeKind
from portal.payments.queries import receipts_of, total_dong
from tests import make

AT = datetime(2020, 9, 15, 2, 0, tzinfo=UTC)
COPIES = Cash(FeeKind.CHARGE, 8_000, "Vũ  Đức Long ")


def test_receipts_of_an_office_are_numbered_through_the_year(town: Session) -> None:
    first, second = (make.dossier(town, Status.ACCEPTED, at=AT) for _ in range(2))
    elsewhere = make.dossier(town, Status.ACCEPTED, at=AT, office_name="Hiệp Thành")
    here = make.official(town, Role.RECEPTIONIST)
    there = make.official(town, Role.RECEPTIONIST, "Hiệp Thành")

    numbers = [
        record_cash(town, first, COPIES, by=here, at=AT).shown_number,
        record_cash(town, elsewhere, COPIES, by=there, at=AT).shown_number,
        record_cash(town, second, COPIES, by=here, at=AT).shown_number,
        record_cash(town, second, COPIES, by=here, at=AT.replace(year=2021)).shown_number,
    ]

    assert numbers == ["0000001/2020", "0000001/2020", "0000002/2020", "0000001/2021"]


def test_the_year_of_a_receipt_is_the_year_in_vietnam(town: Session) -> None:
    dossier = make.dossier(town, Status.ACCEPTED, at=AT)
    new_year = datetime(2020, 12, 31, 17, 0, tzinfo=UTC)

    receipt = record_cash(town, dossier, COPIES, by=make.official(town, Role.RECEPTIONIST), at=new_year)

    assert receipt.year == 2021


def test_money_stands_in_the_ledger_and_in_the_sum(town: Session) -> None:
    dossier = make.dossier(town, Status.ACCEPTED, at=AT)
    desk = make.official(town, Role.RECEPTIONIST)

    record_cash(town, dossier, COPIES, by=desk, at=AT)
    record_cash(town, dossier, Cash(FeeKind.LEVY, 3_000, "Vũ Đức Long", "trích lục"), by=desk, at=AT)
    town.flush()

    receipts = receipts_of(town, dossier)
    rows = ledger.history(town, KIND, dossier.id)
    assert [receipt.payer for receipt in receipts] == ["Vũ Đức Long"] * 2
    assert total_dong(receipts) == 11_000 == sum(row.details["amount_dong"] for row in rows)
    assert not list(ledger.verify(town))


@pytest.mark.parametrize("amount_dong", [0, -1, 1_000_000_001])
def test_no_receipt_for_no_money_or_for_a_slip_of_the_finger(town: Session, amount_dong: int) -> None:
    dossier = make.dossier(town, Status.ACCEPTED, at=AT)
    cash = Cash(FeeKind.CHARGE, amount_dong, "Vũ Đức Long")

    with pytest.raises(Refused):
        record_cash(town, dossier, cash, by=make.official(town, Role.RECEPTIONIST), at=AT)
    assert not receipts_of(town, dossier)


def test_a_receipt_names_who_paid(town: Session) -> None:
    dossier = make.dossier(town, Status.ACCEPTED, at=AT)

    with pytest.raises(Refused):
        record_cash(
            town, dossier, Cash(FeeKind.CHARGE, 1, "  "), by=make.official(town, Role.RECEPTIONIST), at=AT
        )


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.LEADER, Role.RECORDS_CLERK])
def test_only_the_receptionist_takes_money_at_a_desk(town: Session, role: Role) -> None:
    dossier = make.dossier(town, Status.ACCEPTED, at=AT)

    with pytest.raises(NotAllowed):
        record_cash(town, dossier, COPIES, by=make.official(town, role), at=AT)


def test_no_desk_takes_money_for_another_ward_or_for_its_own_people(town: Session) -> None:
    receptionist = make.official(town, Role.RECEPTIONIST)
    elsewhere = make.dossier(town, Status.ACCEPTED, at=AT, office_name="Hiệp Thành")
    own = make.dossier(town, Status.SUBMITTED, at=AT, by=make.as_citizen(town, receptionist))

    for dossier in (elsewhere, own):
        with pytest.raises(NotAllowed):
            record_cash(town, dossier, COPIES, by=receptionist, at=AT)


@pytest.mark.parametrize("status", [Status.NOT_ACCEPTED, Status.WITHDRAWN])
def test_nothing_is_taken_for_a_dossier_that_ended_undecided(town: Session, status: Status) -> None:
    dossier = make.dossier(town, status, at=AT)

    with pytest.raises(WrongState):
        record_cash(town, dossier, COPIES, by=make.official(town, Role.RECEPTIONIST), at=AT)


def test_the_database_refuses_a_receipt_without_money(town: Session) -> None:
    dossier = make.dossier(town, Status.ACCEPTED, at=AT)
    receipt = record_cash(town, dossier, COPIES, by=make.official(town, Role.RECEPTIONIST), at=AT)
    town.flush()

    with pytest.raises(sa.exc.IntegrityError):
        town.execute(sa.update(CashReceipt).where(CashReceipt.id == receipt.id).values(amount_dong=0))


def test_money_taken_is_a_new_version_of_the_dossier(town: Session) -> None:
    """Who withdraws it at the same moment and who takes the money for it cannot both win."""
    dossier = make.dossier(town, Status.SUBMITTED, at=AT)
    town.flush()
    before = dossier.version

    record_cash(town, dossier, COPIES, by=make.official(town, Role.RECEPTIONIST), at=AT)
    town.flush()

    assert dossier.version == before + 1
