"""Alembic's environment: the engine comes from `flask migrate` or a test, the tables from the portal."""

from alembic import context

import portal.app  # noqa: F401 - brings every mapped class
from portal.ground.db import Base

OURS = set(Base.metadata.tables)


def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """Leave the tables of libraries alone."""
    return kind != "table" or name in OURS


with context.config.attributes["engine"].execution_options(portal_writes=True).connect() as connection:
    context.configure(
        connection,
        target_metadata=Base.metadata,
        include_object=is_ours,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
