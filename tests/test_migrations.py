"""The migrations make exactly the tables the code maps, on both databases, up and down."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

import portal.app  # noqa: F401 - brings every mapped class
from portal.ground.db import Base, Database
from tests import postgres
from tests.conftest import KEYS

ROOT = Path(__file__).parents[1]


@pytest.fixture
def empty(database_kind: str, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table."""
    url = f"sqlite:///{tmp_path}/new.sqlite3" if database_kind == "sqlite" else postgres.new_postgres_url()
    opened = Database(url, KEYS)
    yield opened
    opened.dispose()


def config_for(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["engine"] = database.engine
    return config


def test_migrating_an_empty_database_gives_the_mapped_tables(empty: Database) -> None:
    command.upgrade(config_for(empty), "head")
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_second_migration_changes_nothing(empty: Database) -> None:
    command.upgrade(config_for(empty), "head")
    command.upgrade(config_for(empty), "head")


def test_the_checks_of_the_database_are_migrated_too(empty: Database) -> None:
    command.upgrade(config_for(empty), "head")
    there = sa.inspect(empty.engine)
    for table in Base.metadata.sorted_tables:
        mapped = {str(c.name) for c in table.constraints if isinstance(c, sa.CheckConstraint)}
        migrated = {str(check["name"]) for check in there.get_check_constraints(table.name)}
        assert mapped <= migrated, table.name


def test_every_migration_can_be_taken_back(empty: Database) -> None:
    command.upgrade(config_for(empty), "head")
    command.downgrade(config_for(empty), "base")
    assert set(sa.inspect(empty.engine).get_table_names()) <= {"alembic_version"}
