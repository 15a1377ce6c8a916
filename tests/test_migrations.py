"""The migrations make exactly the tables the code maps, on both databases, up and down."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

import portal.app  # noqa: F401 - brings every mapped class
from portal.accounts.models import Account, Role
from portal.dossiers import actions, sweeping
from portal.dossiers.models import AlarmKind, Consultation, Dossier
from portal.dossiers.states import BlockerKind, Status
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


BEFORE = (
    "INSERT INTO account (id, uid, full_name, phone, password_hash, must_change_password, identity_level,"
    " created_at) VALUES (1, 'u', 'Mai', '0900000001', 'h', false, 'self_declared', '2020-01-01 00:00:00')",
    "INSERT INTO office (id, code, kind, name, address, phone, from_on)"
    " VALUES (1, 'c', 'ward', 'n', '', '', '2020-01-01')",
    "INSERT INTO procedure (id, code) VALUES (1, '1.001193')",
    "INSERT INTO procedure_version (id, procedure_id, number, state, from_on, name, field, lead, applicants,"
    " folded, decision, by_post, record, record_hash, warnings, source) VALUES (1, 1, 1, 'published',"
    " '2020-01-01', 'n', 'f', '', '', 'n', '', false, '{}', 'h', '[]', '')",
    *(
        "INSERT INTO dossier (id, uid, version, provisional_code, procedure_version_id, case_key, office_id,"
        " received_by_id, channel, delivery, status, step, resume_to, code, accepted_at, due_at, owner_name,"
        " owner_phone, owner_address, submitter_phone, answers, submitted_at, due_trace) VALUES"
        f" ({number}, 'd{number}', 1, 'TN{number}', 1, 'k', 1, 1, 'online', 'desk', {state}, 'Mai', '09', '',"
        " '09', '{}', '2020-01-01 00:00:00', '[]')"
        for number, state in enumerate(
            (
                "'submitted', NULL, NULL, NULL, NULL, NULL",
                "'awaiting_supplement', NULL, 'submitted', NULL, NULL, NULL",
                "'awaiting_supplement', NULL, 'in_progress', 'K-1', '2020-01-02 00:00:00',"
                " '2020-01-09 10:00:00'",
                "'in_progress', 'signing', NULL, 'K-2', '2020-01-02 00:00:00', '2020-01-09 10:00:00'",
            ),
            start=1,
        )
    ),
    "INSERT INTO checklist_item (id, dossier_id, position, key, name, originals, copies, certified_copies,"
    " is_form, to_show) VALUES (1, 1, 1, 'k', 'n', 0, 0, 0, false, false)",
    "INSERT INTO blocker (id, dossier_id, kind, raised_at)"
    " VALUES (1, 1, 'papers_to_bring', '2020-01-01 00:00:00')",
    "INSERT INTO supplement_request (id, dossier_id, asked_at, asked_by_id, note, answered_at) VALUES"
    " (1, 2, '2020-01-03 01:00:00', 1, '', NULL), (2, 3, '2020-01-03 02:00:00', 1, '', NULL),"
    " (3, 4, '2020-01-03 03:00:00', 1, '', '2020-01-04 03:00:00')",
)
"""Rows as the portal wrote them at revision 0002: dossiers new, waiting from both sides, and at signing."""

FILLED = ("account", "office", "procedure", "procedure_version", "dossier", "checklist_item", "blocker",
          "supplement_request")  # fmt: skip


def rows(database: Database) -> dict[str, int]:
    """How many rows each table of BEFORE has."""
    with database.engine.connect() as connection:
        counts = {name: sa.select(sa.func.count()).select_from(sa.table(name)) for name in FILLED}
        return {name: connection.scalar(count) or 0 for name, count in counts.items()}


def orphans(database: Database) -> list[object]:
    """Rows whose foreign key leads nowhere: SQLite is asked, PostgreSQL would not have taken them."""
    if database.engine.dialect.name != "sqlite":
        return []
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        return list(connection.exec_driver_sql("PRAGMA foreign_key_check").all())


def test_rows_written_before_survive_the_way_up_and_back(empty: Database) -> None:
    command.upgrade(config_for(empty), "0002")
    with empty.engine.execution_options(portal_writes=True).begin() as connection:
        for statement in BEFORE:
            connection.exec_driver_sql(statement)
    written = rows(empty)
    command.upgrade(config_for(empty), "head")
    assert rows(empty) == written
    assert orphans(empty) == []
    with empty.reading() as session:
        fresh, at_reception, in_appraisal, _ = session.scalars(sa.select(Dossier).order_by(Dossier.id)).all()
        assert [blocker.kind for blocker in fresh.blockers] == [BlockerKind.PAPERS_TO_BRING]
        asked = at_reception.open_supplement
        assert asked is not None
        assert asked.answer_until == datetime(2020, 2, 2, 1, tzinfo=UTC), "30 days as elsewhere"
        assert at_reception.open_pause is None
        pause = in_appraisal.open_pause
        assert pause is not None
        assert pause.began_at == datetime(2020, 1, 3, 2, tzinfo=UTC)
        assert pause.old_due_at == in_appraisal.due_at
    command.downgrade(config_for(empty), "0002")
    assert rows(empty) == written
    assert orphans(empty) == []


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


def test_questions_of_dossiers_that_are_over_end_on_the_way_up(planted: Database) -> None:
    with planted.writing.begin() as session:
        by = make.official(session, Role.SPECIALIST)
        over, under_way = (make.dossier(session, Status.IN_PROGRESS, at=START) for _number in range(2))
        for dossier in (over, under_way):
            question = actions.Question(make.office(session, "Hiệp Thành"), "Hỏi?", 2)
            actions.consult(session, dossier, question, by=by, at=START + timedelta(hours=1))
            session.flush()
        ended = START + timedelta(hours=2)
        actions.withdraw(session, over, by=make.citizen(session), at=ended)
    command.downgrade(config_for(planted), "0013")
    command.upgrade(config_for(planted), "head")
    with planted.reading() as session:
        asked = session.scalars(sa.select(Consultation.ended_at).order_by(Consultation.id)).all()
    assert asked == [ended, None]
