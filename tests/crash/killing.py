"""Serves one request in a forked child and kills it, as the kernel does, at a chosen statement or commit.

It must run in a process without threads: a fork keeps only the thread that forks.
"""

import gc
import json
import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, NoReturn

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from portal.ground.db import Database


@dataclass(frozen=True)
class File:
    """An uploaded file of a request."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Request:
    """One POST that waits to be sent: in whose session, where to, with what."""

    token: str
    path: str
    data: dict[str, Any]
    files: dict[str, File] = field(default_factory=dict)


@dataclass(frozen=True)
class Served:
    """What became of a request: the point where its server died, or what was answered."""

    died_at: str = ""
    status: int = 0
    location: str = ""
    points: int = 0
    """At how many points the server can die before the answer leaves."""


class Countdown:
    """Counts statements and commits of a database, and kills this very process at the *last* one."""

    def __init__(self, database: Database, last: int | None, say: Callable[[Served], None]) -> None:
        self.passed, self._last, self._say = 0, last, say
        event.listen(database.engine, "before_cursor_execute", self._statement)
        event.listen(database.engine, "commit", lambda _connection: self.pass_by("before the commit"))
        event.listen(database.writing, "after_commit", lambda _session: self.pass_by("after the commit"))

    def pass_by(self, point: str) -> None:
        """Count one more point, or die there."""
        self.passed += 1
        if self.passed == self._last:
            self._say(Served(died_at=point))
            os.kill(os.getpid(), signal.SIGKILL)

    def _statement(self, _connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
        self.pass_by(f"before {' '.join(statement.split())[:60]}")


def serve(app: Flask, request: Request, die_at: int | None = None) -> Served:
    """Serve *request* in a child of this process, which dies at the point of this number."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _serve_and_leave(app, request, die_at, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    served = Served(**json.loads(said)) if said else Served()
    assert os.WIFSIGNALED(status) == bool(served.died_at), f"{request.path}: the server failed by itself"
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, request.path
    return served


def _serve_and_leave(app: Flask, request: Request, die_at: int | None, writing: int) -> NoReturn:
    """The child: it leaves without any tidying up, which belongs to the parent."""
    gc.disable()  # It would touch, and so copy, every page of memory shared with the parent.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # The log of the server.

    def say(served: Served) -> None:
        os.write(writing, json.dumps(vars(served)).encode())

    try:
        countdown = Countdown(app.extensions["database"], die_at, say)
        answer = send(app, request)
        countdown.pass_by("before the answer leaves")
        say(Served("", answer.status_code, answer.headers.get("Location", ""), countdown.passed))
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def send(app: Flask, request: Request) -> TestResponse:
    """Send *request* as the browser of its session does."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = request.token, True
    files = {name: (BytesIO(file.content), file.name) for name, file in request.files.items()}
    return client.post(request.path, data=request.data | files)
