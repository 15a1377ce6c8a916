"""Whether the parts that a request needs answer: the database, its schema, the file store."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import structlog

from portal.ground import schema
from portal.ground.db import Database
from portal.ground.storage import Files
from portal.web import context

log = structlog.get_logger()

PATIENCE_SECONDS = 2
PROBE = b"Does the file store answer?"
GOOD = ("ok", schema.Standing.AHEAD)
_ASKING = ThreadPoolExecutor(4, thread_name_prefix="readiness")
"""Few threads of their own: a part that hangs holds up a probe, never a request."""


def parts() -> dict[str, str]:
    """What each part says within two seconds: "ok", or else "behind", "away" or "silent"."""
    database, files = context.database(), context.files()
    questions: dict[str, Callable[[], str]] = {
        "database": lambda: _database(database),
        "files": lambda: _files(files),
    }
    asked = {name: _ASKING.submit(question) for name, question in questions.items()}
    wait(asked.values(), PATIENCE_SECONDS)
    return {name: _said(name, answer) for name, answer in asked.items()}


def _database(database: Database) -> str:
    with database.engine.connect() as connection:
        return str(schema.standing(connection))


def _files(files: Files) -> str:
    return "ok" if files.get(files.put(PROBE)) == PROBE else "away"


def _said(part: str, answer: Future[str]) -> str:
    if not answer.done():
        answer.cancel()
        return "silent"
    failure = answer.exception()
    if failure is None:
        return answer.result()
    log.warning("part_away", part=part, exc_info=failure)
    return "away"
