"""Where a portal's rows lie while its server is killed: read without our models, put back as it was."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

TRACES = {"access_log", "tries"}
"""Tables of append-only traces, each in a transaction of its own: who looked, how often somebody tried."""

GAP = 7
"""How far the numbers of PostgreSQL jump when rows are renumbered."""


@dataclass(frozen=True)
class Table:
    """Every row of one table, as text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> Counter[str]:
        """What stands in a column, in no order."""
        place = self.columns.index(name)
        return Counter(row[place] for row in self.rows)

    def masked(self, columns: frozenset[str]) -> Counter[tuple[str, ...]]:
        """The rows in no order, without what stands in *columns*."""
        hidden = [name in columns for name in self.columns]
        return Counter(
            tuple("~" if hide else text for hide, text in zip(hidden, row, strict=True)) for row in self.rows
        )


@dataclass(frozen=True)
class Snapshot:
    """Every table of a database, ours and those of libraries alike."""

    tables: dict[str, Table]

    @cached_property
    def digest(self) -> int:
        """The same for the same rows."""
        return hash(frozenset((name, table.rows) for name, table in self.tables.items()))

    def differences(self, other: "Snapshot", masks: dict[str, frozenset[str]]) -> list[str]:
        """What *other* lacks and what it has too much, traces aside and columns of *masks* not looked at."""
        found = []
        for name in sorted((self.tables.keys() | other.tables.keys()) - TRACES):
            mask = masks.get(name, frozenset())
            mine, theirs = (side.tables[name].masked(mask) for side in (self, other))
            found += [f"{name} lacks {row}" for row in (mine - theirs).elements()]
            found += [f"{name} has {row}" for row in (theirs - mine).elements()]
        return found

    def columns_unlike(self, other: "Snapshot") -> dict[str, frozenset[str]]:
        """By table the columns in which two runs of the same thing differ: random codes, moments, hashes."""
        return {
            name: frozenset(c for c in table.columns if table.column(c) != other.tables[name].column(c))
            for name, table in self.tables.items()
        }


def _text(rows: Iterator[Any]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted(tuple(repr(value) for value in row) for row in rows))


@dataclass(frozen=True)
class SqlitePlace:
    """A database file, and the file it is put back from."""

    template: Path
    file: Path

    @property
    def url(self) -> str:
        """The SQLAlchemy URL."""
        return f"sqlite:///{self.file}"

    def restore(self) -> None:
        """Make it as it was."""
        for beside in ("-wal", "-shm"):
            self.file.with_name(self.file.name + beside).unlink(missing_ok=True)
        shutil.copy(self.template, self.file)

    def renumber(self) -> None:
        """SQLite numbers rows without gaps."""

    def read(self) -> Snapshot:
        """Every row of every table."""
        with closing(sqlite3.connect(self.file)) as opened:
            names = [row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return Snapshot({name: self._table(opened, name) for name in names})

    @staticmethod
    def _table(opened: sqlite3.Connection, name: str) -> Table:
        cursor = opened.execute(f'SELECT * FROM "{name}"')
        return Table(tuple(column[0] for column in cursor.description), _text(cursor))


@dataclass(frozen=True)
class PostgresPlace:
    """A database of a running server, and the one it is copied from."""

    folder: Path
    template: str
    name: str

    @property
    def url(self) -> str:
        """The SQLAlchemy URL."""
        return f"postgresql+psycopg://postgres@/{self.name}?host={self.folder}"

    def restore(self) -> None:
        """Make it as it was, whoever is still connected."""
        with self._connect("postgres") as opened:
            opened.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
            opened.execute(f"CREATE DATABASE {self.name} TEMPLATE {self.template}")

    def renumber(self) -> None:
        """Let the next numbers of rows be others: transactions undone leave such gaps."""
        with self._connect(self.name) as opened:
            opened.execute(
                "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, "
                "coalesce(last_value, 0) + %s) FROM pg_sequences",
                [GAP],
            )

    def read(self) -> Snapshot:
        """Every row of every table of every schema."""
        with self._connect(self.name) as opened:
            named = opened.execute(
                "SELECT schemaname, tablename FROM pg_tables "
                "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            ).fetchall()
            return Snapshot({table: self._table(opened, schema, table) for schema, table in named})

    @staticmethod
    def _table(opened: psycopg.Connection, schema: str, table: str) -> Table:
        cursor = opened.execute(f'SELECT * FROM "{schema}"."{table}"')
        return Table(tuple(column.name for column in cursor.description or ()), _text(iter(cursor)))

    def _connect(self, name: str) -> psycopg.Connection:
        return psycopg.connect(f"host={self.folder} user=postgres dbname={name}", autocommit=True)


Place = SqlitePlace | PostgresPlace
