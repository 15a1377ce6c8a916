"""The whole database in one file, consistent while others write, and back again. Knows both dialects.

Whatever is in the database goes along, tables of libraries too; only the names of columns are known here.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection, Engine

from portal.ground.errors import PortalError, Unavailable
from portal.ground.words import N_

INSTALLED = Path("/usr/lib/postgresql")
"""Where Debian keeps the tools of every release of PostgreSQL; others are looked for on PATH."""

_VERSION = re.compile(r"\) (\d+)")


class NoSnapshot(PortalError):
    """The database could not be copied out or in; it is as it was."""

    message = N_("Không chép được cơ sở dữ liệu.")


@dataclass(frozen=True)
class Snapshot:
    """The database at one moment: its file, and what is in it."""

    kind: str
    path: Path
    revision: str
    rows: Mapping[str, int]
    """Rows of each table, by "schema.table"."""
    blobs: Sequence[str]
    """The key of every stored file that a row names, sorted."""


def take(engine: Engine, path: Path) -> Snapshot:
    """Copy the database to the new file *path* as it is at one moment; writers go on. Raises NoSnapshot."""
    kind = engine.dialect.name
    try:
        with (_copied if kind == "sqlite" else _dumped)(engine, path) as still:
            return Snapshot(kind, path, _revision(still), rows(still), blobs(still))
    except sqlite3.Error as error:
        raise _failed("SQLite", str(error)) from error
    except sa.exc.OperationalError as error:
        raise Unavailable from error


def load(engine: Engine, path: Path) -> None:
    """Fill the empty database from the file that take wrote: all of it or nothing. Raises NoSnapshot."""
    if engine.dialect.name == "sqlite":
        _copy_in(engine, path)
    else:
        with engine.connect() as connection:
            whole = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
            _run("pg_restore", connection, *whole, str(path))


def rows(connection: Connection) -> dict[str, int]:
    """Count the rows of every table; nothing when the database is empty."""
    counted = {}
    for schema, name in _tables(connection):
        count = sa.select(sa.func.count()).select_from(sa.table(name, schema=schema))
        counted[f"{schema}.{name}"] = connection.scalars(count).one()
    return counted


def blobs(connection: Connection) -> list[str]:
    """The key of every stored file that a row names: in columns called blob or ..._blob; sorted."""
    named: set[str] = set()
    inspector = sa.inspect(connection)
    for schema, name in _tables(connection):
        for column in inspector.get_columns(name, schema):
            if column["name"] == "blob" or column["name"].endswith("_blob"):
                key: sa.ColumnClause[str] = sa.column(column["name"])
                found = sa.select(key).where(key.is_not(None)).select_from(sa.table(name, schema=schema))
                named.update(connection.scalars(found))
    return sorted(named)


def _tables(connection: Connection) -> Iterator[tuple[str, str]]:
    inspector = sa.inspect(connection)
    for schema in inspector.get_schema_names():
        if schema != "information_schema":
            yield from ((schema, name) for name in sorted(inspector.get_table_names(schema)))


def _revision(connection: Connection) -> str:
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        raise NoSnapshot(N_("Cơ sở dữ liệu chưa có bảng nào của cổng: không có gì để sao lưu."))
    return found


@contextmanager
def _copied(engine: Engine, path: Path) -> Iterator[Connection]:
    """A copy of the SQLite file, what still lies in its WAL included, checked, and open for reading."""
    with closing(sqlite3.connect(path)) as copy:
        with closing(engine.raw_connection()) as source:
            _driver(source).backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise _failed("SQLite", found)
    opened = sa.create_engine(f"sqlite:///{path}")
    with opened.connect() as connection:
        yield connection
    opened.dispose()


def _copy_in(engine: Engine, path: Path) -> None:
    """Copy the SQLite file *path* over the engine's empty one, in one transaction of its own."""
    with closing(sqlite3.connect(path)) as source, closing(engine.raw_connection()) as target:
        try:
            source.backup(_driver(target))
        except sqlite3.Error as error:
            raise _failed("SQLite", str(error)) from error


def _driver(connection: Any) -> sqlite3.Connection:
    driver: sqlite3.Connection = connection.driver_connection
    return driver


@contextmanager
def _dumped(engine: Engine, path: Path) -> Iterator[Connection]:
    """A dump of the PostgreSQL database, and a transaction that sees exactly what was dumped."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        moment = connection.scalar(sa.select(sa.func.pg_export_snapshot()))
        _run("pg_dump", connection, "--format=custom", f"--snapshot={moment}", f"--file={path}")
        yield connection


def _run(tool: str, connection: Connection, *options: str) -> None:
    """Run *tool* on the database of *connection*; the password goes where no list of processes shows it."""
    url = connection.engine.url.set(drivername="postgresql")
    server = int(connection.scalars(sa.text("SHOW server_version_num")).one()) // 10_000
    program = _program(tool, server)
    given = {"PGPASSWORD": str(url.password)} if url.password else {}
    address = url.set(password=None).render_as_string(hide_password=False)
    command = [program, "--no-password", f"--dbname={address}", *options]
    done = subprocess.run(command, env=os.environ | given, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise _failed(tool, (done.stderr.strip().splitlines() or [""])[0])


def _program(tool: str, server: int) -> str:
    """The *tool* of the server's own release, else of the nearest newer one; an older one cannot read it."""
    places = [str(path) for path in INSTALLED.glob(f"*/bin/{tool}")]
    on_path = shutil.which(tool)
    versions = {place: _version(place) for place in [*places, *([on_path] if on_path else [])]}
    fit = [place for place, version in versions.items() if version >= server]
    if not fit:
        what = {"tool": tool, "version": server}
        raise NoSnapshot(N_("Máy này không có %(tool)s từ bản %(version)s trở lên."), **what)
    return min(fit, key=lambda place: versions[place])


def _version(program: str) -> int:
    """The release of a tool of PostgreSQL, 0 when it does not say."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = _VERSION.search(said)
    return int(found[1]) if found else 0


def _failed(tool: str, reason: str) -> NoSnapshot:
    return NoSnapshot(N_("%(tool)s không chép được cơ sở dữ liệu: %(reason)s"), tool=tool, reason=reason)
