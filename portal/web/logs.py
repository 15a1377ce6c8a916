"""Structured logs: one JSON line an event, of code and numbers only, so that nothing typed reaches them."""

import logging
import re
from collections.abc import Iterator
from traceback import StackSummary, extract_tb
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from portal.ground import measures

EVENT_NAME = re.compile("[a-z_]{1,40}")
CAUSES, FRAMES = 5, 15
"""How far back a failure is told, and how many of the innermost lines of code for each of its causes."""

SAID_MAX = 300
"""How much of a library's sentence is kept, characters."""

log = structlog.get_logger()


def configure() -> None:
    """Write our events and those of libraries as JSON in UTC, the latter from warnings on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _counted,
            _without_words,
            structlog.processors.JSONRenderer(),
        ],
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, Relay) for handler in root.handlers):
        root.addHandler(Relay())


class Relay(logging.Handler):
    """Hands what libraries log to the same lines: their sentence without its values."""

    def emit(self, record: logging.LogRecord) -> None:
        failure = record.exc_info[1] if record.exc_info else None
        said = str(record.msg)[:SAID_MAX]
        log.log(record.levelno, "library", logger=record.name, said=said, exc_info=failure)


class News(logging.Filter):
    """Keeps back what the server says at every start, and its remarks about what we chose on purpose.

    Threads beyond the cores wait for the database, not for the processor; there are no websockets here.
    """

    CHOSEN = ("Configuration allows spawning up to", "Websockets are not supported on WSGI")
    USUAL = ("Starting granian", "Listening at", "Spawning worker-")

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith((*self.CHOSEN, *self.USUAL))


GRANIAN: dict[str, Any] = {
    "handlers": {},
    "filters": {"news": {"()": "portal.web.logs.News"}},
    "loggers": {"_granian": {"handlers": [], "filters": ["news"], "propagate": True}},
}
"""The server's own lines go the same way; that a worker has started is said by another logger, and stays."""


def _counted(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    name = str(event["event"])
    measures.EVENTS.labels(event=name if EVENT_NAME.fullmatch(name) else "other").inc()
    return event


def _without_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Tell a failure by kinds and lines of code: the words of an exception may quote what somebody typed."""
    failure = event.pop("exc_info", None)
    if isinstance(failure, BaseException):
        event["failure"] = [
            {"kind": type(cause).__qualname__, "at": _places(extract_tb(cause.__traceback__))}
            for cause in _causes(failure)
        ]
    return event


def _causes(failure: BaseException) -> Iterator[BaseException]:
    told: BaseException | None = failure
    for _ in range(CAUSES):
        if told is None:
            return
        yield told
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)


def _places(frames: StackSummary) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-FRAMES:]]
