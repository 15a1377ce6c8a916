"""Engine, sessions and column types for SQLite and PostgreSQL; the only place that knows a dialect."""

import enum
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from portal.ground import measures
from portal.ground.errors import NoRoom, PortalError, Unavailable
from portal.ground.sealing import KeyRing

LOCK_WAIT_MS = 10_000
"""How long a writer waits for another one before the page of status 503, in milliseconds."""

CONNECTIONS = 20
"""Connections kept open by one process; a request takes at most two, to read and to write."""

CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware moment: stored in UTC, read back aware. A naive datetime is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _values(members: type[enum.Enum]) -> list[str]:
    return [member.value for member in members]


class Base(DeclarativeBase):
    """What every mapped class inherits: naming convention and the types of annotations."""

    metadata = sa.MetaData(naming_convention=CONVENTION)
    type_annotation_map = {
        datetime: Moment(),
        dict[str, Any]: Json,
        list[Any]: Json,
        list[str]: Json,
        enum.Enum: sa.Enum(
            enum.Enum, native_enum=False, create_constraint=True, length=40, values_callable=_values
        ),
    }


class Database:
    """One engine and two kinds of session: reading, and writing, which on SQLite takes the lock at once."""

    def __init__(self, url: str, keys: KeyRing, *, echo: bool = False) -> None:
        self.engine = _engine(url, echo)
        writer = self.engine.execution_options(portal_writes=True)
        self.reading = sessionmaker(self.engine, expire_on_commit=False, info={"keys": keys})
        self.writing = sessionmaker(writer, expire_on_commit=False, info={"keys": keys})
        self.jobs = _jobs_engine(url)

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        self.jobs.dispose()


def of_one_moment(session: Session) -> None:
    """Let all that *session* reads from here on be of one moment, as on SQLite it is anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _engine(url: str, echo: bool) -> Engine:
    is_memory = url in ("sqlite://", "sqlite:///:memory:")
    pool: dict[str, Any] = {} if is_memory else {"pool_size": CONNECTIONS, "max_overflow": CONNECTIONS}
    engine = sa.create_engine(
        url, echo=echo, hide_parameters=True, pool_pre_ping=not url.startswith("sqlite"), **pool
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _jobs_engine(url: str) -> Engine:
    """The engine of the job library, which begins its own transactions: the same database and care."""
    is_sqlite = url.startswith("sqlite")
    engine = sa.create_engine(url, hide_parameters=True, pool_size=5, pool_pre_ping=not is_sqlite)
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite_jobs)
    return engine


def _prepare_sqlite_jobs(connection: Any, record: Any) -> None:
    _prepare_sqlite(connection, record)
    connection.isolation_level = "IMMEDIATE"


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # We say BEGIN ourselves, below.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={LOCK_WAIT_MS}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("portal_writes", False):
        with measures.WRITE_WAIT.time():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def insert_or_add(session: Session, table: type[Base], values: Mapping[str, Any], column: str) -> sa.Row[Any]:
    """Insert one row, or add *values*' own amount to *column* of the row with its key; return that row.

    One statement, exact for any number of writers.
    """
    dialect = session.get_bind().dialect.name
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    fresh, columns = insert(table).values(values), sa.inspect(table).columns
    sum_of_both = {column: columns[column] + values[column]}
    added = fresh.on_conflict_do_update(index_elements=sa.inspect(table).primary_key, set_=sum_of_both)
    row: sa.Row[Any] = session.connection().execute(added.returning(*columns)).one()
    return row


def insert_ignoring(session: Session, table: type[Base], values: Mapping[str, Any]) -> bool:
    """Insert one row unless a unique constraint already holds such a row; True when it was inserted.

    On PostgreSQL it waits for a concurrent insert of the same key to commit or roll back.
    """
    dialect = session.get_bind().dialect.name
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    added = insert(table).values(values).on_conflict_do_nothing().returning(*sa.inspect(table).primary_key)
    return session.connection().execute(added).first() is not None  # PostgreSQL's driver counts no rows here.


_TRY_AGAIN = ("database is locked", "deadlock", "could not serialize", "connection", "server closed")

_FULL = ("database or disk is full", "no space left on device", "could not extend file")


def trouble(error: sa.exc.DBAPIError) -> PortalError | None:
    """What a person is told when the database could not serve: NoRoom, Unavailable; None for our own mistake.

    Unavailable: somebody else holds a lock, or the database is away; worth trying again.
    """
    said = str(error.orig).lower()
    if any(words in said for words in _FULL):
        return NoRoom()
    if error.connection_invalidated or any(words in said for words in _TRY_AGAIN):
        return Unavailable()
    return None
