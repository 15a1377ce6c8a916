"""The migrations make exactly the tables the code maps, on both databases, up and down."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

import portal.app  # noqa: F401 - brings every mapped class
from portal.accounts.models import Account
from portal.dossiers import sweeping
from portal.dossiers.models import AlarmKind
from portal.ground import ledger
from portal.ground.db import Base, Database
from portal.messages import actions as messages
from portal.messages.models import Message, Sending
from portal.messages.reminding import remind
from tests import make, postgres
from tests.conftest import KEYS, START

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


def test_messages_keep_what_they_tell_of_on_the_way_down_and_up(planted: Database) -> None:
    """With an e-mail hanging on one of them; a reminder has no place in the release before."""
    with planted.writing.begin() as session:
        dossier = make.dossier(session, at=START)
        session.get_one(Account, dossier.owner_id).email = "mai@vidu.vn"
        told = messages.tell(session, ledger.appended(session), by_email=True, wall=START)
        source, uid = told[0].message.source, told[0].uid
        waits = sweeping.settle(session, [dossier.id], START + timedelta(days=30), 40)
        late = [alarm for alarm in waits if alarm.kind == AlarmKind.CHECK_ONLINE]
        late[0].kind = AlarmKind.LATE  # Only its message matters here.
        remind(session, late, by_email=True, wall=START)
    command.downgrade(config_for(planted), "0010")
    with planted.engine.connect() as connection:
        entries = connection.execute(sa.text("SELECT 'ledger/' || entry_id FROM message")).scalars().all()
    assert entries == [source]
    command.upgrade(config_for(planted), "head")
    with planted.reading() as session:
        assert session.scalars(sa.select(Message.source)).all() == [source]
        assert session.scalars(sa.select(Sending.uid)).all() == [uid]
