"""The ledger: chains that hold, and every way to break one is found and named."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.ground import ledger
from portal.ground.ledger import Deed, LedgerEntry
from tests.conftest import START


@dataclass(frozen=True)
class Someone:
    account_id: int = 7
    appointment_id: int | None = None


@pytest.fixture
def chain(session: Session) -> list[LedgerEntry]:
    deeds = [Deed("dossier", 1, move, reason=f"vì {move}", details={"n": 1}) for move in ("a", "b", "c", "d")]
    entries = [ledger.append(session, deed, by=Someone(), at=START) for deed in deeds]
    ledger.append(session, Deed("dossier", 2, "a"), by=Someone(), at=START)
    session.commit()
    return entries


def test_an_untouched_ledger_has_no_fault(session: Session, chain: list[LedgerEntry]) -> None:
    assert list(ledger.verify(session)) == []
    assert [entry.seq for entry in chain] == [1, 2, 3, 4]


@pytest.mark.parametrize("column", ["move", "reason", "to_state", "account_id", "at", "details"])
def test_a_changed_row_is_found_and_named(session: Session, chain: list[LedgerEntry], column: str) -> None:
    value = {"account_id": 8, "at": START.replace(hour=5), "details": {"n": 2}}.get(column, "khác")
    session.execute(sa.update(LedgerEntry).where(LedgerEntry.id == chain[1].id).values({column: value}))
    session.expire_all()
    assert [(fault.aggregate, fault.seq, fault.what) for fault in ledger.verify(session)] == [
        ("1", 2, "changed")
    ]


def test_a_removed_row_is_found_and_named(session: Session, chain: list[LedgerEntry]) -> None:
    session.execute(sa.delete(LedgerEntry).where(LedgerEntry.id == chain[1].id))
    session.expire_all()
    assert [(fault.seq, fault.what) for fault in ledger.verify(session)] == [(2, "missing")]


def test_two_rows_in_another_order_are_found(session: Session, chain: list[LedgerEntry]) -> None:
    for number, row in ((99, chain[1].id), (2, chain[2].id), (3, chain[1].id)):
        session.execute(sa.update(LedgerEntry).where(LedgerEntry.id == row).values(seq=number))
    session.expire_all()
    assert {fault.seq for fault in ledger.verify(session)} >= {2, 3}


def test_details_that_are_no_json_are_named(session: Session, chain: list[LedgerEntry]) -> None:
    """Where the database itself lets them in; PostgreSQL does not."""
    broken = sa.text("UPDATE ledger_entry SET details = '{' WHERE id = :id")
    if session.get_bind().dialect.name == "postgresql":
        with pytest.raises(sa.exc.DataError):
            session.execute(broken, {"id": chain[1].id})
        return
    session.execute(broken, {"id": chain[1].id})
    session.expire_all()
    assert [(fault.aggregate, fault.seq, fault.what) for fault in ledger.verify(session)] == [
        ("1", 2, "changed")
    ]


def test_an_entry_dated_before_the_one_it_follows_is_named(
    session: Session, chain: list[LedgerEntry]
) -> None:
    for ago in (ledger.GRACE, timedelta(days=3)):
        ledger.append(session, Deed("dossier", 1, "e"), by=Someone(), at=START - ago)
        ledger.append(session, Deed("dossier", 1, "f"), by=Someone(), at=START)
    session.commit()
    assert [(fault.aggregate, fault.seq, fault.what) for fault in ledger.verify(session)] == [
        ("1", 7, "dated before the entry before it")
    ]


def test_two_writers_of_one_chain_cannot_both_win(session: Session, chain: list[LedgerEntry]) -> None:
    late = ledger.append(session, Deed("dossier", 1, "e"), by=Someone(), at=START)
    late.seq = 4
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
