"""Databases, the application, its clock and its people, for every test."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts import sessions
from portal.accounts.models import Actor
from portal.app import create_app
from portal.ground import anchor, jobs, schema
from portal.ground.config import Settings
from portal.ground.db import Base, Database
from portal.ground.sealing import KeyRing
from portal.seed.demonstration import plant
from portal.web.context import wall_clock
from tests import make, postgres, s3

KEYS = KeyRing({"k1": b"1" * 32}, "k1", b"i" * 32)
START = datetime(2020, 9, 15, 2, 0, tzinfo=UTC)
"""Tuesday 15 September 2020, 09:00 in Vietnam."""

BOTH = ("sqlite", "postgresql")
NUMBERS = itertools.count(1)


class Clock:
    """The portal's clock in a test: stands still until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> datetime:
        """Move on by a timedelta's words, such as hours=3, and return the new moment."""
        self.at += timedelta(**span)
        return self.at


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Concept tests run on both databases; tests of pages on SQLite unless they ask for both."""
    if "database_kind" in metafunc.fixturenames:
        pages = "app" in metafunc.fixturenames
        wanted = BOTH if not pages or metafunc.definition.get_closest_marker("both_databases") else BOTH[:1]
        marks = {"sqlite": (), "postgresql": (pytest.mark.postgres,)}
        kinds = [pytest.param(kind, marks=marks[kind]) for kind in wanted]
        metafunc.parametrize("database_kind", kinds, scope="session")


@cache
def _sqlite_template(planted: bool) -> Path:
    path = Path(_scratch(), "planted.sqlite3" if planted else "empty.sqlite3")
    _prepare(Database(f"sqlite:///{path}", KEYS), planted)
    return path


@cache
def _scratch() -> str:
    return tempfile.mkdtemp(prefix="portal-tests-")


@cache
def _postgres_template(planted: bool) -> str:
    name = "planted_template" if planted else "empty_template"
    with postgres.server().connect() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    _prepare(Database(postgres.server().url(name), KEYS), planted)
    return name


def _prepare(database: Database, planted: bool) -> None:
    Base.metadata.create_all(database.engine)
    jobs.migrate(database)
    with database.engine.begin() as connection:
        MigrationContext.configure(connection).stamp(schema.script(), "heads")
    if planted:
        with database.writing.begin() as session:
            anchor.drop(session, START, wall=START)
            plant(session, at=START)
    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()


def fresh_url(kind: str, planted: bool, folder: Path) -> str:
    """The URL of a database of its own, empty or with the demonstration planted."""
    if kind == "sqlite":
        path = folder / "portal.sqlite3"
        shutil.copy(_sqlite_template(planted), path)
        return f"sqlite:///{path}"
    name, template = f"test_{next(NUMBERS)}", _postgres_template(planted)
    with postgres.server().connect() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return postgres.server().url(name)


def settings_for(folder: Path, url: str) -> Settings:
    """The settings of a portal in demonstration mode on the database *url*, its files in *folder*."""
    return Settings(
        data=folder,
        database_url=url,
        secret_key="a key for tests",
        identity_keys="k1:" + "MTEx" * 10 + "MTE=",
        index_key="aWlp" * 10 + "aWk=",
        demonstration=True,
    )


@cache
def _postgres_shared(planted: bool) -> sa.Engine:
    name = f"shared_{'planted' if planted else 'empty'}"
    with postgres.server().connect() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {_postgres_template(planted)}")
    return sa.create_engine(postgres.server().url(name))


@contextmanager
def _undone(kind: str, planted: bool, folder: Path) -> Iterator[Session]:
    """A session whose commits stay inside one transaction (PostgreSQL) or one throw-away file (SQLite)."""
    if kind == "sqlite":
        opened = Database(fresh_url(kind, planted, folder), KEYS)
        with opened.writing() as session:
            yield session
        opened.dispose()
        return
    with _postgres_shared(planted).connect() as connection, connection.begin() as around:
        options = {"join_transaction_mode": "create_savepoint", "expire_on_commit": False}
        with Session(connection, info={"keys": KEYS}, **options) as session:
            yield session
        around.rollback()


@pytest.fixture
def database(database_kind: str, tmp_path: Path) -> Iterator[Database]:
    """An empty database with the schema."""
    opened = Database(fresh_url(database_kind, False, tmp_path), KEYS)
    yield opened
    opened.dispose()


@pytest.fixture
def session(database_kind: str, tmp_path: Path) -> Iterator[Session]:
    """A writing session on an empty database; everything is undone after the test."""
    with _undone(database_kind, False, tmp_path) as opened:
        yield opened


@pytest.fixture
def planted(database_kind: str, tmp_path: Path) -> Iterator[Database]:
    """A database with the offices, people, procedures and forms of the demonstration."""
    opened = Database(fresh_url(database_kind, True, tmp_path), KEYS)
    yield opened
    opened.dispose()


@pytest.fixture
def town(database_kind: str, tmp_path: Path) -> Iterator[Session]:
    """A writing session on the planted database; everything is undone after the test."""
    with _undone(database_kind, True, tmp_path) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """The application's clock, standing at START."""
    return Clock()


@pytest.fixture
def app(database_kind: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """The application on a planted database, in demonstration mode, with a clock the test moves."""
    settings = settings_for(tmp_path, fresh_url(database_kind, True, tmp_path))
    built = create_app(settings, clock=clock)
    built.config.update(TESTING=False, WTF_CSRF_ENABLED=False)
    yield built
    built.extensions["database"].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def store(app: Flask) -> Iterator[Session]:
    """A writing session on the database of `app`; the test commits what the pages shall see."""
    with app.extensions["database"].writing() as opened:
        yield opened


@pytest.fixture
def own_s3() -> Iterator[s3.Server]:
    """An S3 server of this test alone, which may go away and come back."""
    own = s3.Server()
    yield own
    own.close()


SignIn = Callable[[FlaskClient, str], Actor]


@pytest.fixture
def book(app: Flask) -> Iterator[Session]:
    """A session to read what pages and commands have written, which keeps nobody from writing."""
    with app.extensions["database"].reading() as opened:
        yield opened


def rows(book: Session, table: type) -> list:
    """Every row of *table* as it is now."""
    book.rollback()
    return list(book.scalars(sa.select(table).order_by(table.id)))


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Sign a client in as a person of the demonstration, by sign-in name or phone, without the form."""

    def signed_in(client: FlaskClient, name: str) -> Actor:
        with app.extensions["database"].writing.begin() as session:
            account = make.account(session, name)
            held = account.appointments[0] if account.appointments else None
            token = sessions.open_session(session, account, at=wall_clock(), appointment=held)
            actor = make.actor(session, name)
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return actor

    return signed_in


@pytest.fixture
def count_statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements the application sends, as a list that grows."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = app.extensions["database"].engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)
