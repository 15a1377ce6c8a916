"""Where the database's schema stands against the revisions that this release knows."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

MIGRATIONS = Path(__file__).parents[2] / "migrations"


class Standing(StrEnum):
    """How the schema stands, in the words of the readiness page."""

    CURRENT = "ok"
    BEHIND = "behind"
    """`migrate` has not run."""
    AHEAD = "ahead"
    """A newer release has migrated; this one goes on working, as migrations expand before they contract."""


@cache
def script() -> ScriptDirectory:
    """The revisions of this release."""
    return ScriptDirectory(str(MIGRATIONS))


def standing(connection: Connection) -> Standing:
    """Compare the revision that the database names with those of this release."""
    present = set(MigrationContext.configure(connection).get_current_heads())
    if present == set(script().get_heads()):
        return Standing.CURRENT
    known = {revision.revision for revision in script().walk_revisions()}
    return Standing.AHEAD if present - known else Standing.BEHIND
