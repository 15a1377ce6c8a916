"""A demonstration and real data never meet: who may load, who may serve, and what begins anew."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.accounts.role_cards import RoleCard
from portal.app import create_app
from portal.ground import anchor
from portal.ground.config import Settings
from portal.ground.ledger import LedgerEntry
from portal.web.context import wall_clock
from portal.web.demonstration import MARKED, REAL_DATA, obstacle
from tests import make
from tests.conftest import START

ROOT = Path(__file__).parents[1]


@pytest.fixture
def real(app: Flask, store: Session) -> Flask:
    """A portal whose accounts no demonstration planted, started in demonstration mode by mistake."""
    store.execute(sa.delete(anchor.Anchor))
    store.commit()
    return app


@contextmanager
def in_earnest(app: Flask) -> Iterator[Flask]:
    """The same database, opened without demonstration mode."""
    built = create_app(replace(app.extensions["settings"], demonstration=False))
    yield built
    built.extensions["database"].dispose()


def answer_to(app: Flask, *args: str) -> tuple[int, str]:
    """How a command ends, and the line it says."""
    result = app.test_cli_runner().invoke(args=args)
    return result.exit_code, result.output.strip()


def count(session: Session) -> int:
    """How many entries the ledger has."""
    entries = session.scalar(sa.select(sa.func.count(LedgerEntry.id))) or 0
    session.rollback()  # A writing session holds the lock that the command needs.
    return entries


@pytest.mark.parametrize("command", [("demo",), ("demo", "--reset"), ("serve",)])
def test_real_accounts_are_never_made_a_demonstration(
    real: Flask, store: Session, command: tuple[str, ...]
) -> None:
    before = count(store)
    assert answer_to(real, *command) == (1, REAL_DATA)
    assert count(store) == before
    assert store.scalar(sa.select(sa.func.count(Account.id)))


def test_a_demonstration_is_not_served_as_a_real_portal(app: Flask) -> None:
    with in_earnest(app) as earnest:
        assert answer_to(earnest, "serve") == (1, MARKED)


def test_a_server_of_any_kind_says_in_one_line_why_it_does_not_start(app: Flask, tmp_path: Path) -> None:
    environment = os.environ | {"PORTAL_DATA": str(tmp_path), "PORTAL_DEMONSTRATION": "0"}
    started = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (started.returncode, started.stderr.strip()) == (1, MARKED)


def test_mode_and_database_that_agree_start(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        assert obstacle() is None
    bare = create_app(Settings(data=tmp_path / "new", demonstration=True))
    with bare.app_context():
        assert obstacle() is None
    bare.extensions["database"].dispose()


@pytest.mark.parametrize("command", [("demo",), ("demo", "--reset")])
def test_the_demonstration_is_loaded_only_in_its_mode(
    app: Flask, store: Session, command: tuple[str, ...]
) -> None:
    before = count(store)
    with in_earnest(app) as earnest:
        code, said = answer_to(earnest, *command)
    assert code == 1
    assert "PORTAL_DEMONSTRATION=1" in said
    assert count(store) == before


def test_loading_it_twice_changes_nothing(app: Flask, store: Session) -> None:
    make.dossier(store, at=START)
    store.commit()
    before = count(store)
    assert answer_to(app, "demo") == (0, "Dữ liệu trình diễn đã sẵn sàng.")
    assert count(store) == before


def test_its_people_are_on_the_sign_in_page_only_in_its_mode(app: Flask, client: FlaskClient) -> None:
    assert 'name="vai"' in client.get("/dang-nhap").text
    with in_earnest(app) as earnest:
        page = earnest.test_client().get("/dang-nhap").text
    assert 'name="vai"' not in page
    assert "Lê Văn Tám" not in page
    assert "trình diễn" not in page


def test_nobody_but_its_people_has_a_card(app: Flask, client: FlaskClient, store: Session) -> None:
    cards = store.scalar(sa.select(sa.func.count(RoleCard.account_id)))
    make.dossier(store, at=START)
    store.commit()
    assert client.get("/dang-nhap").text.count('name="vai"') == cards


def test_time_goes_on_from_the_anchor_and_follows_a_new_one(app: Flask, store: Session) -> None:
    clocked = create_app(app.extensions["settings"])
    page = clocked.test_client()
    assert "15/09/2020" not in page.get("/").text
    store.execute(sa.delete(anchor.Anchor))
    anchor.drop(store, START, wall=wall_clock())
    store.commit()
    assert "thời gian mô phỏng 15/09/2020" in page.get("/").text
    clocked.extensions["database"].dispose()
