"""Alembic's environment: the engine comes from `flask migrate` or a test, the tables from the portal."""

from typing import Any

import sqlalchemy as sa
from alembic import context

import portal.app  # noqa: F401 - brings every mapped class
from portal.ground.db import Base, Moment

OURS = set(Base.metadata.tables)


def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """Leave the tables of libraries alone."""
    return kind != "table" or name in OURS


JSON = 'sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")'


def spelled_plainly(kind: str, column_type: object, autogen: Any) -> str | bool:
    """Write our own types as what they are in the database, so that old revisions need none of our code."""
    if kind == "type" and isinstance(column_type, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(column_type, sa.JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return JSON
    return False


def check_foreign_keys(connection: sa.Connection, *, on: bool) -> None:
    """Let SQLite check them or not, before or after a transaction: a table that is made anew is dropped once."""
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}").close()


with context.config.attributes["engine"].execution_options(portal_writes=True).connect() as connection:
    check_foreign_keys(connection, on=False)
    context.configure(
        connection,
        target_metadata=Base.metadata,
        include_object=is_ours,
        render_item=spelled_plainly,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    check_foreign_keys(connection, on=True)
