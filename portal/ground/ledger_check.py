"""Whether the ledger still is what its daily roots say; also when each chain of it holds."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.ground import ledger_root, merkle
from portal.ground.ledger import GENESIS, GRACE, Fault, LedgerEntry
from portal.ground.ledger_root import AT_ONCE, LedgerChain, LedgerHead, LedgerRoot
from portal.ground.open_hours import ONE_DAY, day_of, moment

ROOT = "root"
"""The kind under which a fault names a root; its aggregate is the day."""

NOT_MADE = "missing, and every root after it: no worker runs, or somebody removed them; see ledger-root"


def verify(
    session: Session, copy: Sequence[Mapping[str, Any]] = (), *, at: datetime | None = None
) -> Iterator[Fault]:
    """Yield what does not fit the roots; nothing when all is well.

    at: now; without it nobody misses the roots of the last days.
    copy: roots as they were published, kept by somebody else; without it nobody sees a ledger that was
    rewritten together with all its roots.
    """
    kept = ledger_root.roots(session)[::-1]
    yield from _broken_links(kept)
    yield from _not_made(session, kept, at) if at else ()
    yield from _other_trees(session, kept)
    yield from _lost_heads(session)
    yield from _never_held(session)
    yield from _backdated(session, kept)
    yield from _other_than_published(kept, copy)


def _broken_links(kept: list[LedgerRoot]) -> Iterator[Fault]:
    """Roots that were changed, or that do not follow the one of the day before."""
    for row in kept:
        if ledger_root.digest(row) != row.hash:
            yield _fault(row.day, "changed")
        if row.made_at < moment(row.day + ONE_DAY):
            yield _fault(row.day, "made before its day had ended")
    if kept and kept[0].previous != GENESIS:
        yield _fault(kept[0].day, "the root before it is missing")
    for before, row in pairwise(kept):
        if row.day != before.day + ONE_DAY:
            yield _fault(before.day + ONE_DAY, "missing")
        elif row.previous != before.hash:
            yield _fault(row.day, "does not follow the root before it")


def _not_made(session: Session, kept: list[LedgerRoot], at: datetime) -> Iterator[Fault]:
    """The first of the days that have ended without a root, those of before the ledger's own apart.

    One day is forgiven: its root is made in the night, or in the morning by hand.
    """
    oldest = None if kept else session.scalar(select(func.min(LedgerEntry.at)))
    wanted = kept[-1].day + ONE_DAY if kept else oldest and day_of(oldest)
    if wanted and wanted < ledger_root.days_ended(at):
        yield _fault(wanted, NOT_MADE)


def _other_trees(session: Session, kept: list[LedgerRoot]) -> Iterator[Fault]:
    """Roots that are not those of the heads kept beside them; days are walked once, in order."""
    places = session.scalar(select(func.count(LedgerChain.number))) or 0
    days = groupby(ledger_root.leaves_by_day(session), key=attrgetter("day"))
    heads: tuple[date, Iterator[Any]] | None = next(days, None)
    tree, held, entries = merkle.Tree(), Counter[int](), 0
    for row in kept:
        while heads and heads[0] <= row.day:
            for head in heads[1]:
                yield from _put(tree, head, places)
                entries += head.seq - held[head.number]
                held[head.number] = head.seq
            heads = next(days, None)
        if tree.root() != row.root or len(tree) != row.chains:
            yield _fault(row.day, "the heads of its chains give another root")
        elif entries != row.entries:
            yield _fault(row.day, "the heads of its chains give another number of entries")


def _put(tree: merkle.Tree, head: Any, places: int) -> Iterator[Fault]:
    """Put *head* into *tree*; one that cannot stand there is named and left out."""
    if not 1 <= head.number <= places:
        yield Fault(head.kind, head.aggregate, head.seq, "has a place that no chain can have")
        return
    try:
        tree.put(head.number - 1, ledger_root.leaf(head, head.seq, head.hash))
    except ValueError:  # The salt of the chain is no hexadecimal any more.
        yield Fault(head.kind, head.aggregate, head.seq, "changed")


def _lost_heads(session: Session) -> Iterator[Fault]:
    """Entries that a root holds and the ledger has no more, or has with another hash."""
    own = (LedgerEntry.kind == LedgerChain.kind) & (LedgerEntry.aggregate == LedgerChain.aggregate)
    rows = (
        select(LedgerChain.kind, LedgerChain.aggregate, LedgerHead.seq, LedgerHead.day, LedgerEntry.id)
        .join(LedgerHead, LedgerHead.chain_number == LedgerChain.number)
        .outerjoin(LedgerEntry, own & (LedgerEntry.seq == LedgerHead.seq))
        .where(LedgerEntry.id.is_(None) | (LedgerEntry.hash != LedgerHead.hash))
        .order_by(LedgerChain.number, LedgerHead.day)
    )
    for row in session.execute(rows.execution_options(yield_per=AT_ONCE)):
        what = "missing from" if row.id is None else "rewritten after"
        yield Fault(row.kind, row.aggregate, row.seq, f"{what} the root of {row.day.isoformat()}")


def _never_held(session: Session) -> Iterator[Fault]:
    """Places that were given to no chain: a chain gets its place with its first head."""
    held = select(LedgerHead.chain_number).where(LedgerHead.chain_number == LedgerChain.number)
    for row in session.scalars(select(LedgerChain).where(~held.exists()).order_by(LedgerChain.number)):
        yield Fault(row.kind, row.aggregate, 0, "has a place and is in no root")


def _backdated(session: Session, kept: list[LedgerRoot]) -> Iterator[Fault]:
    """Chains that say to have begun before a root that does not hold them; the first root holds all."""
    if not kept:
        return
    first, open_day = kept[0].day, kept[-1].day + ONE_DAY
    for row in ledger_root.beginnings(session):
        since = row.day or open_day
        if since > first and row.at < moment(since) - GRACE:
            what = f"dated before {since.isoformat()} and in no root until then"
            yield Fault(row.kind, row.aggregate, 1, what)


def _other_than_published(kept: list[LedgerRoot], copy: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Roots of *copy* that are no longer here, or not as they were published."""
    here = {row.day.isoformat(): ledger_root.published(row) for row in kept}
    for row in copy:
        if here.get(str(row.get("day"))) != row:
            yield Fault(ROOT, str(row.get("day")), 0, "was published otherwise")


def _fault(day: date, what: str) -> Fault:
    return Fault(ROOT, day.isoformat(), 0, what)
