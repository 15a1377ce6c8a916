"""What the portal stands on fails: a clear page, nothing half stored, what was typed is shown."""

import resource
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from portal.dossiers.models import Dossier, Paper
from portal.dossiers.states import Status
from portal.ground import ledger
from portal.ground.storage import Files
from tests import make, postgres
from tests.conftest import START, SignIn
from tests.sites.test_filing import MAI, Filer, photo
from tests.sites.ward_pages import DESK, hidden_of, page_of

REASON = "Nộp nhầm nơi. " + "Ậ" * 1900
"""Too long for any page of the database that is there already."""


class Desk:
    """A receptionist in front of a new dossier, about to refuse it with a long reason."""

    def __init__(self, app: Flask, client: FlaskClient, store: Session, sign_in: SignIn) -> None:
        self.app, self.client = app, client
        self.dossier_id = make.dossier(store, Status.SUBMITTED, at=START).id
        store.commit()
        sign_in(client, DESK["receptionist"])
        self.here = page_of(self.dossier_id)
        self.typed = hidden_of(client.get(self.here).text, f"{self.here}/tu-choi") | {"ly_do_tu_choi": REASON}

    @property
    def engine(self) -> sa.Engine:
        return self.app.extensions["database"].engine

    def send(self):
        return self.client.post(f"{self.here}/tu-choi", data=self.typed)

    def is_refused_clearly(self, status: int) -> None:
        """The page says what is wrong, shows what was typed under its name, and nothing has moved."""
        answer = self.send()
        assert answer.status_code == status
        assert '<html lang="vi">' in answer.text
        assert REASON.strip() in answer.text
        assert "sqlite" not in answer.text.lower()
        assert "psycopg" not in answer.text.lower()

    def goes_on(self) -> None:
        """The same form sent again does what it says, once."""
        assert self.send().status_code == 303
        assert self.send().status_code == 303
        with self.app.extensions["database"].reading() as session:
            assert session.get_one(Dossier, self.dossier_id).status == Status.NOT_ACCEPTED
            assert list(ledger.verify(session)) == []


@pytest.fixture
def desk(app: Flask, client: FlaskClient, store: Session, sign_in: SignIn) -> Desk:
    return Desk(app, client, store, sign_in)


@contextmanager
def full(engine: sa.Engine) -> Iterator[None]:
    """The disk has no page left for the database."""

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}").close()

    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE filler (words TEXT)")
    engine.dispose()
    sa.event.listen(engine, "connect", limit)
    with suppress(sa.exc.OperationalError):
        while True:
            with engine.begin() as connection:
                connection.exec_driver_sql("INSERT INTO filler VALUES (?)", ("x" * 3000,))
    yield
    sa.event.remove(engine, "connect", limit)
    engine.dispose()


def test_a_full_disk_of_the_database_is_507_and_room_is_enough_to_go_on(desk: Desk) -> None:
    with full(desk.engine):
        desk.is_refused_clearly(507)
    desk.goes_on()


def test_a_lock_that_lasts_too_long_is_503_and_passes(desk: Desk) -> None:
    def hurry(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 50").close()

    desk.engine.dispose()
    sa.event.listen(desk.engine, "connect", hurry)
    with closing(sqlite3.connect(str(desk.engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        desk.is_refused_clearly(503)
    desk.goes_on()


@pytest.mark.both_databases
def test_a_statement_whose_connection_is_cut_is_503_and_the_next_request_works(desk: Desk) -> None:
    if desk.engine.dialect.name == "sqlite":
        pytest.skip("a file has no connection to cut")

    def cut(connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE dossier"):
            number = connection.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
            with postgres.server().connect() as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [number])

    sa.event.listen(desk.engine, "before_cursor_execute", cut)
    desk.is_refused_clearly(503)
    sa.event.remove(desk.engine, "before_cursor_execute", cut)
    desk.goes_on()


@pytest.mark.both_databases
def test_a_database_that_went_away_and_came_back_needs_no_hands(desk: Desk) -> None:
    if desk.engine.dialect.name == "sqlite":
        pytest.skip("a file does not go away")
    name = desk.engine.url.database
    with postgres.server().connect() as other:
        other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        desk.is_refused_clearly(503)
        other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    desk.goes_on()


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """No file may grow beyond *size* bytes: what a full disk does to the one being written."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


class Cramped(Files):
    """A store on a disk with room for almost nothing."""

    def put(self, content: bytes) -> str:
        with capture_logs(), files_no_longer_than(100):  # What is printed goes into a file, too.
            return super().put(content)


def test_a_full_store_of_files_is_said_at_the_field_and_keeps_no_half_file(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    sign_in(client, MAI)
    filer = Filer(client)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    roomy = app.extensions["files"]
    app.extensions["files"] = Cramped(app.extensions["settings"].storage)
    answer = filer.post("anh", {"tep-noi-cu-tru": (photo(), "sổ.jpg")}, expect=422)
    assert "Máy chủ hết chỗ lưu" in answer.text
    assert stored(app) == []
    assert store.scalars(select(Paper)).all() == []
    store.commit()
    app.extensions["files"] = roomy
    filer.post("anh", {"tep-noi-cu-tru": (photo(), "sổ.jpg")})
    assert len(stored(app)) == 1


def stored(app: Flask) -> list[str]:
    """The names of everything in the folder of files."""
    folder = app.extensions["settings"].data / "files"
    return sorted(path.name for path in folder.rglob("*") if path.is_file())
