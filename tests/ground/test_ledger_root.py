"""The daily root: made once a day in order, and no rewriting of the ledger fits it any more."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ground import ledger, ledger_check, ledger_root
from portal.ground.ledger import GENESIS, Deed, LedgerEntry
from portal.ground.ledger_root import LedgerChain, LedgerHead, LedgerRoot
from portal.ground.open_hours import moment
from tests.conftest import START
from tests.ground.test_ledger import Someone

TUESDAY, WEDNESDAY, THURSDAY = (date(2020, 9, day) for day in (15, 16, 17))
NIGHT = moment(date(2020, 9, 18))


def write(session: Session, aggregate: int, *moves: str, at: datetime = START) -> None:
    for move in moves:
        deed = Deed("dossier", aggregate, move, reason=f"vì {move}")
        ledger.append(session, deed, by=Someone(), at=at)
    session.commit()


def make(session: Session, through: date = TUESDAY, **more: date) -> list[LedgerRoot]:
    made = list(ledger_root.make_up(session, through, at=NIGHT, **more))
    session.commit()
    return made


@pytest.fixture
def rooted(session: Session) -> Session:
    """Three chains, all in the root of Tuesday; the first one grew on Wednesday."""
    write(session, 1, "a", "b", "c", "d")
    write(session, 2, "a")
    write(session, 3, "a", "b")
    make(session)
    write(session, 1, "e", at=START + timedelta(days=1))
    make(session, WEDNESDAY)
    return session


def found(session: Session) -> list[tuple[str, str, int, str]]:
    session.commit()
    session.expire_all()
    faults = [*ledger.verify(session), *ledger_check.verify(session)]
    return [(fault.kind, fault.aggregate, fault.seq, fault.what) for fault in faults]


def test_every_day_has_its_root_also_one_on_which_nothing_happened(rooted: Session) -> None:
    thursday = make(rooted, THURSDAY)[0]
    tuesday, wednesday = ledger_root.roots(rooted)[:0:-1]
    assert [row.day for row in (tuesday, wednesday, thursday)] == [TUESDAY, WEDNESDAY, THURSDAY]
    assert [row.entries for row in (tuesday, wednesday, thursday)] == [7, 8, 8]
    assert [row.previous for row in (tuesday, wednesday, thursday)] == [
        GENESIS, tuesday.hash, wednesday.hash
    ]  # fmt: skip
    assert tuesday.root != wednesday.root == thursday.root
    assert found(rooted) == []


def test_a_root_is_made_once(rooted: Session) -> None:
    before = [row.hash for row in ledger_root.roots(rooted)]
    assert make(rooted, WEDNESDAY) == []
    assert [row.hash for row in ledger_root.roots(rooted)] == before


def test_missed_days_are_made_up_in_order(session: Session) -> None:
    for number, at in enumerate((START, START + timedelta(days=2)), start=1):
        write(session, number, "a", at=at)
    made = make(session, THURSDAY, since=TUESDAY)
    assert [(row.day, row.chains) for row in made] == [(TUESDAY, 1), (WEDNESDAY, 1), (THURSDAY, 2)]
    assert found(session) == []


def test_a_ledger_without_entries_has_a_root_too(session: Session) -> None:
    assert [row.chains for row in make(session)] == [0]
    write(session, 1, "a", at=START + timedelta(days=1))
    assert [row.chains for row in make(session, WEDNESDAY)] == [1]
    assert found(session) == []


def test_a_day_ends_at_midnight_in_vietnam(session: Session) -> None:
    write(session, 1, "a", at=moment(WEDNESDAY) - timedelta(microseconds=1))
    write(session, 2, "a", at=moment(WEDNESDAY))
    assert [row.chains for row in make(session, WEDNESDAY, since=TUESDAY)] == [1, 2]


def test_what_was_written_late_is_in_the_next_root_and_no_fault(rooted: Session) -> None:
    write(rooted, 2, "late", at=START)
    assert found(rooted) == []
    assert make(rooted, THURSDAY)[0].entries == 9
    assert found(rooted) == []


def test_the_tree_shows_no_number_of_a_chain(rooted: Session) -> None:
    salts = rooted.scalars(select(LedgerChain.salt)).all()
    assert len(set(salts)) == 3
    chain = rooted.get_one(LedgerChain, 1)
    first = ledger_root.leaf(chain, 1, GENESIS)
    chain.salt = "0" * 64
    assert ledger_root.leaf(chain, 1, GENESIS) != first


def rewrite(session: Session, entries: list[LedgerEntry]) -> None:
    """Number and hash *entries* as if they had always been their whole chain."""
    for number, entry in enumerate(entries, start=1001):
        entry.seq = number  # Out of the way of the numbers they get below.
    session.flush()
    previous = GENESIS
    for number, entry in enumerate(entries, start=1):
        entry.seq, entry.previous_hash = number, previous
        entry.hash = previous = ledger.digest(entry)
    session.flush()


def change(session: Session, entries: list[LedgerEntry]) -> None:
    entries[1].reason = "chưa từng nói"
    rewrite(session, entries)


def remove(session: Session, entries: list[LedgerEntry]) -> None:
    session.delete(entries.pop(1))
    session.flush()
    rewrite(session, entries)


def reorder(session: Session, entries: list[LedgerEntry]) -> None:
    rewrite(session, [entries[0], entries[2], entries[1], *entries[3:]])


def cut_off(session: Session, entries: list[LedgerEntry]) -> None:
    session.delete(entries[-1])


def remove_all(session: Session, entries: list[LedgerEntry]) -> None:
    for entry in entries:
        session.delete(entry)


REWRITTEN_FIRST = ("dossier", "1", 4, "rewritten after the root of 2020-09-15")
REWRITTEN_THEN = ("dossier", "1", 5, "rewritten after the root of 2020-09-16")
GONE_FIRST = ("dossier", "1", 4, "missing from the root of 2020-09-15")
GONE_THEN = ("dossier", "1", 5, "missing from the root of 2020-09-16")


@pytest.mark.parametrize(
    ("forge", "faults"),
    [
        (change, [REWRITTEN_FIRST, REWRITTEN_THEN]),
        (remove, [REWRITTEN_FIRST, GONE_THEN]),
        (reorder, [REWRITTEN_FIRST, REWRITTEN_THEN]),
        (cut_off, [GONE_THEN]),
        (remove_all, [GONE_FIRST, GONE_THEN]),
    ],
)
def test_a_chain_rewritten_so_that_it_holds_does_not_fit_the_root(
    rooted: Session,
    forge: Callable[[Session, list[LedgerEntry]], None],
    faults: list[tuple[str, str, int, str]],
) -> None:
    forge(rooted, ledger.history(rooted, "dossier", 1))
    rooted.commit()
    assert list(ledger.verify(rooted)) == [], "the forger left a trace in the chain itself"
    assert found(rooted) == faults


def root_faults(session: Session) -> list[tuple[str, str]]:
    return [(day, what) for kind, day, _seq, what in found(session) if kind == ledger_check.ROOT]


def test_who_rewrites_the_heads_as_well_meets_the_root_of_the_day(rooted: Session) -> None:
    entries = ledger.history(rooted, "dossier", 1)
    change(rooted, entries)
    for head in rooted.scalars(select(LedgerHead).where(LedgerHead.chain_number == 1)):
        head.hash = entries[head.seq - 1].hash
    other = "the heads of its chains give another root"
    assert root_faults(rooted) == [("2020-09-15", other), ("2020-09-16", other)]


def test_a_chain_removed_with_its_heads_and_its_place_is_missed(rooted: Session) -> None:
    for table, which in (
        (LedgerEntry, LedgerEntry.aggregate == "3"),
        (LedgerHead, LedgerHead.chain_number == 3),
        (LedgerChain, LedgerChain.number == 3),
    ):
        rooted.execute(sa.delete(table).where(which))
    other = "the heads of its chains give another root"
    assert root_faults(rooted) == [("2020-09-15", other), ("2020-09-16", other)]


@pytest.mark.parametrize("column", ["root", "chains", "entries", "previous", "made_at"])
def test_a_changed_root_is_named(rooted: Session, column: str) -> None:
    value = {"chains": 9, "entries": 9, "made_at": START}.get(column, "f" * 64)
    wednesday = sa.update(LedgerRoot).where(LedgerRoot.day == WEDNESDAY)
    rooted.execute(wednesday.values({column: value}))
    assert ("2020-09-16", "changed") in root_faults(rooted)


def test_a_removed_root_is_named(rooted: Session) -> None:
    make(rooted, THURSDAY)
    rooted.execute(sa.delete(LedgerHead).where(LedgerHead.day == WEDNESDAY))
    rooted.execute(sa.delete(LedgerRoot).where(LedgerRoot.day == WEDNESDAY))
    assert ("2020-09-16", "missing") in root_faults(rooted)


def test_a_root_made_anew_does_not_follow_the_one_before_it(rooted: Session) -> None:
    tuesday = rooted.get_one(LedgerRoot, TUESDAY)
    tuesday.entries += 1
    tuesday.hash = ledger_root.digest(tuesday)
    assert root_faults(rooted) == [
        ("2020-09-16", "does not follow the root before it"),
        ("2020-09-15", "the heads of its chains give another number of entries"),
    ]


def test_who_rewrites_everything_meets_the_copy_of_a_reader(rooted: Session) -> None:
    copy = [ledger_root.published(row) for row in ledger_root.roots(rooted)]
    assert list(ledger_check.verify(rooted, copy)) == []
    change(rooted, ledger.history(rooted, "dossier", 1))
    for table in (LedgerHead, LedgerRoot, LedgerChain):
        rooted.execute(sa.delete(table))
    rooted.expunge_all()
    make(rooted, WEDNESDAY, since=TUESDAY)
    assert found(rooted) == []
    named = [fault.aggregate for fault in ledger_check.verify(rooted, copy)]
    assert named == ["2020-09-16", "2020-09-15"]


def place(session: Session, number: int, aggregate: str = "99", salt: str = "00") -> None:
    chain = {"number": number, "kind": "dossier", "aggregate": aggregate, "salt": salt}
    session.execute(sa.insert(LedgerChain).values(chain))


@pytest.mark.parametrize("number", [0, -5, 2_000_000_000])
def test_a_place_that_no_chain_can_have_is_named(rooted: Session, number: int) -> None:
    place(rooted, number)
    head = {"chain_number": number, "day": WEDNESDAY, "seq": 1, "hash": "0" * 64}
    rooted.execute(sa.insert(LedgerHead).values(head))
    assert ("dossier", "99", 1, "has a place that no chain can have") in found(rooted)


def test_a_salt_of_a_chain_that_is_no_salt_is_named(rooted: Session) -> None:
    rooted.get_one(LedgerChain, 2).salt = "zz"
    assert ("dossier", "2", 1, "changed") in found(rooted)


def test_a_place_without_heads_is_named_and_the_next_root_is_made(rooted: Session) -> None:
    for number in (4, 2_000_000_000):
        place(rooted, number, str(number))
    never = "has a place and is in no root"
    assert found(rooted) == [("dossier", "4", 0, never), ("dossier", "2000000000", 0, never)]
    write(rooted, 77, "a", at=START + timedelta(days=2))
    assert [row.entries for row in make(rooted, THURSDAY)] == [9]
    assert rooted.scalars(select(LedgerChain.number).where(LedgerChain.aggregate == "77")).all() == [5]
    assert found(rooted) == [("dossier", "4", 0, never), ("dossier", "2000000000", 0, never)]


def test_the_newest_root_changed_with_its_hash_is_named(rooted: Session) -> None:
    newest = ledger_root.newest(rooted)
    assert newest is not None
    newest.entries, newest.made_at = newest.entries + 5, START
    newest.hash = ledger_root.digest(newest)
    assert root_faults(rooted) == [
        ("2020-09-16", "made before its day had ended"),
        ("2020-09-16", "the heads of its chains give another number of entries"),
    ]


def test_a_chain_that_begins_before_a_root_without_it_is_named(rooted: Session) -> None:
    write(rooted, 8, "a", at=moment(THURSDAY) - ledger.GRACE)
    assert found(rooted) == []
    write(rooted, 9, "a", at=START)
    named = ("dossier", "9", 1, "dated before 2020-09-17 and in no root until then")
    assert found(rooted) == [named]
    make(rooted, THURSDAY)
    assert found(rooted) == [named], "the next root does not make it good"


def late(session: Session, day: date) -> list[tuple[str, str]]:
    """What is missing when it is noon of *day*."""
    faults = ledger_check.verify(session, at=moment(day) + timedelta(hours=12))
    return [(fault.aggregate, fault.what) for fault in faults]


def test_a_day_that_ended_has_its_root_after_one_more_day(rooted: Session) -> None:
    assert late(rooted, date(2020, 9, 18)) == []
    missing = "missing, and every root after it: no worker runs, or somebody removed them; see ledger-root"
    assert late(rooted, date(2020, 9, 19)) == [("2020-09-17", missing)]


def test_a_ledger_without_any_root_is_named_after_two_days(session: Session) -> None:
    assert late(session, date(2020, 9, 30)) == []
    write(session, 1, "a")
    assert late(session, WEDNESDAY) == []
    missing = "missing, and every root after it: no worker runs, or somebody removed them; see ledger-root"
    assert late(session, date(2020, 9, 18)) == [("2020-09-15", missing)]
