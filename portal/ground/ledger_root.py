"""The ledger's daily root: a published hash over the heads of all chains, so that none is rewritten."""

import hashlib
import hmac
import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.ground import merkle
from portal.ground.db import Base
from portal.ground.ledger import GENESIS, LedgerEntry, hashed
from portal.ground.open_hours import ONE_DAY, day_of, moment

AT_ONCE = 1000
"""Rows that are read at a time."""


class LedgerChain(Base):
    """A chain's place in the tree, from 1, and the salt under which it stands there."""

    __tablename__ = "ledger_chain"
    __table_args__ = (sa.UniqueConstraint("kind", "aggregate"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(20))
    aggregate: Mapped[str] = mapped_column(sa.String(64))
    salt: Mapped[str] = mapped_column(sa.String(64))


class LedgerRoot(Base):
    """What is published for a day: the root of the tree, bound to the root of the day before."""

    __tablename__ = "ledger_root"

    day: Mapped[date] = mapped_column(primary_key=True)
    root: Mapped[str] = mapped_column(sa.String(64))
    chains: Mapped[int]
    entries: Mapped[int] = mapped_column(sa.BigInteger)
    previous: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
    hash: Mapped[str] = mapped_column(sa.String(64))


class LedgerHead(Base):
    """The last entry that the root of *day* holds of a chain; one row for each day on which it grew."""

    __tablename__ = "ledger_head"

    chain_number: Mapped[int] = mapped_column(sa.ForeignKey("ledger_chain.number"), primary_key=True)
    day: Mapped[date] = mapped_column(sa.ForeignKey("ledger_root.day"), primary_key=True, index=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))


@dataclass(frozen=True)
class Growth:
    """A chain that grew since the root before: its last entries then and now; number, salt if it has any."""

    number: int | None
    kind: str
    aggregate: str
    salt: str | None
    before: int
    seq: int
    hash: str


def published(row: LedgerRoot) -> dict[str, Any]:
    """What everybody may read of a root, as it is hashed; "hash" is the SHA-256 of the rest."""
    return {
        "day": row.day.isoformat(),
        "root": row.root,
        "chains": row.chains,
        "entries": row.entries,
        "previous": row.previous,
        "made_at": row.made_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "hash": row.hash,
    }


def digest(row: LedgerRoot) -> str:
    """The SHA-256 of everything a root says, the hash of the root before it included."""
    said = published(row)
    del said["hash"]
    return hashed(said)


def leaf(chain: Any, seq: int, head: str) -> bytes:
    """The leaf of *chain* (a row with kind, aggregate and salt) whose entry *seq* has the hash *head*."""
    name = f"{chain.kind}:{chain.aggregate}".encode()
    pseudonym = hmac.new(bytes.fromhex(chain.salt), name, hashlib.sha256).hexdigest()
    return merkle.leaf(f"{pseudonym} {seq} {head}".encode())


def newest(session: Session) -> LedgerRoot | None:
    """The root of the last day that has one."""
    return session.scalar(select(LedgerRoot).order_by(LedgerRoot.day.desc()).limit(1))


def roots(session: Session, *, before: date | None = None, most: int | None = None) -> list[LedgerRoot]:
    """Roots, newest first: those of days before *before*, at most *most* of them."""
    asked = select(LedgerRoot).order_by(LedgerRoot.day.desc()).limit(most)
    if before:
        asked = asked.where(LedgerRoot.day < before)
    return list(session.scalars(asked))


def make_up(
    session: Session, through: date, *, at: datetime, since: date | None = None
) -> Iterator[LedgerRoot]:
    """Make the root of every day after the last one that has a root, until *through*, oldest first.

    The first root of all is that of *since*, or of *through*, and holds everything until then. Entries
    that are written after the root of their day was made are held by the next one.
    """
    last = newest(session)
    day = last.day + ONE_DAY if last else min(since or through, through)
    if day > through:
        return
    tree = tree_of(session)
    while day <= through:
        last = _take(session, tree, day, last, at)
        yield last
        day += ONE_DAY


def days_ended(at: datetime) -> date:
    """The last day in Vietnam that is over at *at*."""
    return day_of(at) - timedelta(days=1)


def tree_of(session: Session, through: date | None = None) -> merkle.Tree:
    """The tree as the root of *through* has it; of the newest root when None."""
    heads = select(LedgerHead.chain_number, func.max(LedgerHead.seq).label("seq"))
    if through:
        heads = heads.where(LedgerHead.day <= through)
    last = heads.group_by(LedgerHead.chain_number).subquery()
    is_last = (LedgerHead.chain_number == last.c.chain_number) & (LedgerHead.seq == last.c.seq)
    rows = _leaves().join(last, is_last).order_by(LedgerHead.chain_number)
    tree = merkle.Tree()
    for row in session.execute(rows.execution_options(yield_per=AT_ONCE)):
        tree.put(row.number - 1, leaf(row, row.seq, row.hash))
    return tree


def leaves_by_day(session: Session) -> Iterator[Any]:
    """Every head that a root holds with its chain, in the order of the days."""
    rows = _leaves().order_by(LedgerHead.day, LedgerHead.chain_number)
    return iter(session.execute(rows.execution_options(yield_per=AT_ONCE)))


def head_of(session: Session, kind: str, aggregate: str | int, through: date) -> Any:
    """The head of one chain that the root of *through* holds, with its place and salt; None without one."""
    own = (LedgerChain.kind == kind, LedgerChain.aggregate == str(aggregate), LedgerHead.day <= through)
    return session.execute(_leaves().where(*own).order_by(LedgerHead.seq.desc()).limit(1)).first()


def is_rooted(session: Session, kind: str, aggregate: str | int) -> bool:
    """Whether any root holds a head of this chain."""
    own = (LedgerChain.kind == kind, LedgerChain.aggregate == str(aggregate))
    return session.execute(_leaves().where(*own).limit(1)).first() is not None


def _leaves() -> sa.Select[*tuple[Any, ...]]:
    chain = (LedgerChain.number, LedgerChain.kind, LedgerChain.aggregate, LedgerChain.salt)
    rows = select(*chain, LedgerHead.day, LedgerHead.seq, LedgerHead.hash)
    leaves: sa.Select[*tuple[Any, ...]] = rows.join(LedgerHead, LedgerHead.chain_number == LedgerChain.number)
    return leaves


def _take(
    session: Session, tree: merkle.Tree, day: date, last: LedgerRoot | None, at: datetime
) -> LedgerRoot:
    """Put what grew until the end of *day* into *tree*, and make the root of *day*."""
    grown = _numbered(session, _growth(session, moment(day + ONE_DAY)), len(tree))
    for chain in grown:
        tree.put(chain.number - 1, leaf(chain, chain.seq, chain.hash))
    row = LedgerRoot(day=day, root=tree.root(), chains=len(tree), made_at=at)
    row.entries = (last.entries if last else 0) + sum(chain.seq - chain.before for chain in grown)
    row.previous = last.hash if last else GENESIS
    row.hash = digest(row)
    session.add(row)
    session.flush()  # The heads refer to the row of their day.
    _insert(session, LedgerHead, [_head(chain, day) for chain in grown])
    return row


def _growth(session: Session, end: datetime) -> list[Any]:
    """The chains with entries before *end* that no root holds yet; rows as Growth has them."""
    known = select(LedgerHead.chain_number, func.max(LedgerHead.seq).label("seq"))
    held = known.group_by(LedgerHead.chain_number).subquery()
    last = select(LedgerEntry.kind, LedgerEntry.aggregate, func.max(LedgerEntry.seq).label("seq"))
    now = last.where(LedgerEntry.at < end).group_by(LedgerEntry.kind, LedgerEntry.aggregate).subquery()
    before = func.coalesce(held.c.seq, 0)
    number, salt = LedgerChain.number, LedgerChain.salt
    rows = (
        select(number, now.c.kind, now.c.aggregate, salt, before, now.c.seq, LedgerEntry.hash)
        .join(LedgerEntry, _same(LedgerEntry, now.c) & (LedgerEntry.seq == now.c.seq))
        .outerjoin(LedgerChain, _same(LedgerChain, now.c))
        .outerjoin(held, held.c.chain_number == number)
        .where(now.c.seq > before)
        .order_by(now.c.kind, now.c.aggregate)
    )
    return [Growth(*row) for row in session.execute(rows)]


def beginnings(session: Session) -> Iterator[Any]:
    """The first entry of every chain: kind, aggregate, at, and the first day whose root holds the chain."""
    first = select(LedgerHead.chain_number, func.min(LedgerHead.day).label("day"))
    held = first.group_by(LedgerHead.chain_number).subquery()
    rows = (
        select(LedgerEntry.kind, LedgerEntry.aggregate, LedgerEntry.at, held.c.day)
        .outerjoin(LedgerChain, _same(LedgerChain, LedgerEntry))
        .outerjoin(held, held.c.chain_number == LedgerChain.number)
        .where(LedgerEntry.seq == 1)
        .order_by(LedgerEntry.kind, LedgerEntry.aggregate)
    )
    return iter(session.execute(rows.execution_options(yield_per=AT_ONCE)))


def _same(table: Any, other: Any) -> sa.ColumnElement[bool]:
    same: sa.ColumnElement[bool] = (table.kind == other.kind) & (table.aggregate == other.aggregate)
    return same


def _numbered(session: Session, grown: list[Growth], count: int) -> list[Any]:
    """Give the new chains among *grown* the free places after *count*, and salts, and return all of them."""
    taken = set(session.scalars(select(LedgerChain.number).where(LedgerChain.number > count)))
    numbers = (number for number in itertools.count(count + 1) if number not in taken)
    all_of_them, new = [], []
    for chain in grown:
        if chain.number is None:
            chain = replace(chain, number=next(numbers), salt=secrets.token_hex(32))
            new.append({name: getattr(chain, name) for name in ("number", "kind", "aggregate", "salt")})
        all_of_them.append(chain)
    _insert(session, LedgerChain, new)
    return all_of_them


def _head(chain: Any, day: date) -> dict[str, Any]:
    return {"chain_number": chain.number, "day": day, "seq": chain.seq, "hash": chain.hash}


def _insert(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(sa.insert(table), rows)
