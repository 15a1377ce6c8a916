"""The append-only ledger: one hash chain per aggregate. Knows kinds and moves only as words."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.ground.db import Base, BigId

GENESIS = "0" * 64
"""What stands in the place of the previous hash in the first entry of a chain."""


class Signatory(Protocol):
    """Who answers for an entry: an account, and the appointment it acted under (None for a citizen)."""

    @property
    def account_id(self) -> int: ...
    @property
    def appointment_id(self) -> int | None: ...


class LedgerEntry(Base):
    """One move of one aggregate: who, on whose behalf, when, from, to, why. Never changed, never deleted.

    Accounts stand as plain numbers: the ledger outlives every other row.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (sa.UniqueConstraint("kind", "aggregate", "seq"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    aggregate: Mapped[str] = mapped_column(sa.String(64))
    seq: Mapped[int]
    move: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime]
    account_id: Mapped[int]
    appointment_id: Mapped[int | None]
    on_behalf_of: Mapped[int | None]
    from_state: Mapped[str] = mapped_column(sa.String(60), default="")
    to_state: Mapped[str] = mapped_column(sa.String(60), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    details: Mapped[dict[str, Any]]
    salt: Mapped[str | None] = mapped_column(sa.String(32))
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


@dataclass(frozen=True)
class Deed:
    """What happened to which aggregate, in words; *details* holds JSON values only, no floats."""

    kind: str
    aggregate: str | int
    move: str
    from_state: str = ""
    to_state: str = ""
    reason: str = ""
    on_behalf_of: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """Where a chain does not hold: the aggregate, the number of the entry, and what is wrong in words."""

    kind: str
    aggregate: str
    seq: int
    what: str


GRACE = timedelta(minutes=10)
"""How long a moment may lie behind one written before it: who waits for a lock took the time earlier."""

_APPENDED = "appended ledger entries"

_HASHED = (
    "kind", "aggregate", "seq", "move", "account_id", "appointment_id", "on_behalf_of",
    "from_state", "to_state", "previous_hash",
)  # fmt: skip


def said(entry: LedgerEntry) -> dict[str, Any]:
    """Everything that is hashed of an entry; its reason and details, which not everybody may read, as a hash.

    An entry without a salt is of a release that hashed them as they are.
    """
    facts = {name: getattr(entry, name) for name in _HASHED}
    facts["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    if entry.salt is None:
        return facts | {"reason": entry.reason, "details": entry.details}
    return facts | {"words": hashed(words(entry))}


def words(entry: LedgerEntry) -> dict[str, Any]:
    """The reason and details of an entry with the salt that keeps their hash from being guessed."""
    return {"reason": entry.reason, "details": entry.details, "salt": entry.salt}


def digest(entry: LedgerEntry) -> str:
    """Return the SHA-256 of everything the entry says, its moment in UTC and the hash before it."""
    return hashed(said(entry))


def hashed(values: Mapping[str, Any]) -> str:
    """Return the SHA-256 of JSON values in the one way of writing them, the names in order."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def append(session: Session, deed: Deed, *, by: Signatory, at: datetime) -> LedgerEntry:
    """Add *deed* as the next entry of its chain.

    Two writers of one chain at once: the later one fails on the unique number of the entry,
    which the web shows as 409.
    """
    chain = _chain(deed.kind, str(deed.aggregate))
    last = session.scalars(chain.order_by(LedgerEntry.seq.desc()).limit(1)).first()
    entry = LedgerEntry(
        kind=deed.kind,
        aggregate=str(deed.aggregate),
        seq=last.seq + 1 if last else 1,
        move=str(deed.move),
        at=at,
        account_id=by.account_id,
        appointment_id=by.appointment_id,
        on_behalf_of=deed.on_behalf_of,
        from_state=str(deed.from_state),
        to_state=str(deed.to_state),
        reason=deed.reason,
        details=dict(deed.details),
        salt=secrets.token_hex(16),
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = digest(entry)
    session.add(entry)
    session.info.setdefault(_APPENDED, []).append(entry)
    return entry


def appended(session: Session) -> list[LedgerEntry]:
    """Give out, once, the entries that this transaction has appended, oldest first."""
    entries: list[LedgerEntry] = session.info.pop(_APPENDED, [])
    return [entry for entry in entries if entry in session]  # Without those of an undone savepoint.


def history(session: Session, kind: str, aggregate: str | int) -> list[LedgerEntry]:
    """Every entry of one aggregate, oldest first."""
    return list(session.scalars(_chain(kind, str(aggregate)).order_by(LedgerEntry.seq)))


class _AsStored(sa.types.UserDefinedType[Any]):
    """JSON of which a broken value is None instead of an error."""

    cache_ok = True

    def result_processor(self, _dialect: Any, _coltype: object) -> Any:
        return _details


def _details(stored: Any) -> Any:
    """What PostgreSQL gives out as values, SQLite as text."""
    try:
        return json.loads(stored) if isinstance(stored, str) else stored
    except ValueError:
        return None


def _nothing(_chain: Sequence[Any]) -> Iterable[Fault]:
    return ()


_WALKED = tuple(
    sa.type_coerce(column, _AsStored()).label(column.key) if column.key == "details" else column
    for column in LedgerEntry.__table__.columns
)


def verify(session: Session, also: Callable[[Sequence[Any]], Iterable[Fault]] = _nothing) -> Iterator[Fault]:
    """Walk every chain and yield what does not hold; nothing when all is well.

    also: looks at each chain, too, all its rows in their order, and returns what it finds.
    """
    walk = select(*_WALKED).order_by(LedgerEntry.kind, LedgerEntry.aggregate, LedgerEntry.seq)
    entries: Any = session.execute(walk.execution_options(yield_per=1000))
    for _, chain in groupby(entries, key=lambda entry: (entry.kind, entry.aggregate)):
        rows = list(chain)
        yield from _faults(rows)
        yield from also(rows)


def _faults(chain: Iterable[Any]) -> Iterator[Fault]:
    previous, expected, before = GENESIS, 1, None
    for entry in chain:
        if entry.seq != expected:
            yield Fault(entry.kind, entry.aggregate, expected, "missing")
        elif entry.previous_hash != previous:
            yield Fault(entry.kind, entry.aggregate, entry.seq, "does not follow the entry before it")
        if entry.details is None or digest(entry) != entry.hash:
            yield Fault(entry.kind, entry.aggregate, entry.seq, "changed")
        elif before and entry.at < before - GRACE:
            yield Fault(entry.kind, entry.aggregate, entry.seq, "dated before the entry before it")
        else:
            before = entry.at  # The moment of a changed one says nothing of the next.
        previous, expected = entry.hash, entry.seq + 1


def _chain(kind: str, aggregate: str) -> sa.Select[LedgerEntry]:
    return select(LedgerEntry).where(LedgerEntry.kind == kind, LedgerEntry.aggregate == aggregate)
