"""Durable jobs: enqueued inside a transaction, run by workers. The only module that knows DBOS."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions, ScheduleInput
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.ground import ledger
from portal.ground.db import Database

Job = Callable[..., None]
"""What a job does; its arguments are ids only. It may run twice, so doing it again changes nothing."""

AFTER = "after"
"""The job that follows a transaction: its arguments are the ids of the ledger rows written there."""

_APPLICATION = "mot-cua"
_VERSION = "1"
"""Fixed, so that a worker of a newer release takes up what the one before it left."""
_QUEUE = "portal"
_TRIES = 7
"""How often a failing job is tried before it waits for an operator, each pause twice the one before."""
_AT_ONCE = 16
"""Jobs that one worker runs at the same time."""
_SERIALIZER = DBOSPortableJSONSerializer()
_WAITING = ["ENQUEUED", "DELAYED", "PENDING"]
_FAILED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


class GiveUp(Exception):
    """Trying this job again by itself is no use: it waits for an operator."""


@dataclass(frozen=True)
class Schedule:
    """A job that begins by itself, by a cron line (with seconds first) read in Vietnam's time."""

    job: str
    cron: str


@dataclass(frozen=True)
class Tally:
    """How many jobs wait or run, and how many were given up."""

    waiting: int
    failed: int


class Jobs:
    """The jobs of one database: what a transaction enqueues exists exactly when its rows do."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._client = DBOSClient(
            system_database_engine=database.jobs,
            serializer=_SERIALIZER,
            application_name=_APPLICATION,
            lazy=True,
        )

    def enqueue(self, session: Session, job: str, *ids: int, delay: timedelta | None = None) -> None:
        """Let *job* run once the transaction of *session* has committed, *delay* later if given."""
        options: EnqueueOptions = {"workflow_name": job, "queue_name": _QUEUE}
        if delay:
            options["delay_seconds"] = delay.total_seconds()
        self._client.enqueue_in_transaction(session.connection(), options, *ids)

    def follow(self, is_followed: Callable[[str, str], bool]) -> None:
        """Let one AFTER follow each transaction that appends ledger rows of a followed (kind, move)."""

        def follow_commit(session: Session) -> None:
            written = [row for row in ledger.appended(session) if is_followed(row.kind, row.move)]
            if written:
                session.flush()  # The job names the rows by their ids.
                self.enqueue(session, AFTER, *(row.id for row in written))

        event.listen(self._database.writing, "before_commit", follow_commit)

    def tally(self) -> Tally:
        """Count what waits and what was given up."""
        waiting = self._client.list_workflows(status=_WAITING, load_input=False, load_output=False)
        return Tally(len(waiting), len(self.failed()))

    def failed(self) -> list[str]:
        """The jobs that were given up, as "id: job, what went wrong first"."""
        rows = self._client.list_workflows(status=_FAILED, load_input=False)
        return [f"{row.workflow_id}: {row.name}, {type(row.error).__name__}" for row in rows]

    def retry_failed(self) -> int:
        """Enqueue every job that was given up anew; returns how many."""
        rows = self._client.list_workflows(status=_FAILED, load_output=False)
        for row in rows:
            ids = row.input["args"] if row.input else ()
            self._client.enqueue({"workflow_name": row.name, "queue_name": _QUEUE}, *ids)
            self._client.delete_workflow(row.workflow_id)
        return len(rows)

    def forget_done(self, before: datetime) -> int:
        """Delete what the engine keeps of jobs that succeeded before *before*; returns how many."""
        moment = before.isoformat()
        rows = self._client.list_workflows(
            status="SUCCESS", completed_before=moment, load_input=False, load_output=False
        )
        self._client.delete_workflows([row.workflow_id for row in rows])
        return len(rows)


def migrate(database: Database) -> None:
    """Make or renew the tables that the engine keeps beside ours."""
    _quiet()
    url = database.engine.url.render_as_string(hide_password=False)
    DBOS.migrate(url)


@contextmanager
def working(
    database: Database, jobs: Mapping[str, Job], schedules: Sequence[Schedule], worker: str
) -> Iterator[None]:
    """Run jobs while the block lasts; on leaving it, those under way are finished.

    worker: the name of this process, the same after every restart: it takes up what it left unfinished.
    Two living processes must not share a name. One process runs at most one of these blocks at a time.
    """
    _quiet()
    config = DBOSConfig(
        name=_APPLICATION,
        system_database_engine=database.jobs,
        serializer=_SERIALIZER,
        executor_id=worker,
        application_version=_VERSION,
        use_listen_notify=False,
        run_migrations=False,
        log_level="WARNING",
    )
    DBOS(config=config)
    known = {name: _workflow(name, job) for name, job in jobs.items()}
    DBOS.launch()
    try:
        DBOS.register_queue(_QUEUE, worker_concurrency=_AT_ONCE, polling_interval_sec=0.5)
        _schedule(schedules, known)
        yield
    finally:
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=30)


def scheduled() -> list[str]:
    """The jobs that begin by themselves; inside a `working` block only."""
    return [schedule["schedule_name"] for schedule in DBOS.list_schedules()]


def _workflow(name: str, job: Job) -> Callable[..., None]:
    step = DBOS.step(
        name=f"{name} step",
        retries_allowed=True,
        max_attempts=_TRIES,
        should_retry=lambda failure: not isinstance(failure, GiveUp),
    )(job)

    def run(*ids: object) -> None:
        step(*ids)

    return DBOS.workflow(name=name)(run)


def _schedule(schedules: Sequence[Schedule], known: Mapping[str, Callable[..., None]]) -> None:
    """Keep exactly *schedules*: those of an earlier release go."""
    wanted = {schedule.job for schedule in schedules}
    for kept in DBOS.list_schedules():
        if kept["schedule_name"] not in wanted:
            DBOS.delete_schedule(kept["schedule_name"])
    DBOS.apply_schedules(
        [
            ScheduleInput(
                schedule_name=schedule.job,
                workflow_fn=known[schedule.job],
                schedule=schedule.cron,
                cron_timezone="Asia/Ho_Chi_Minh",
            )
            for schedule in schedules
        ]
    )


def _quiet() -> None:
    """Let DBOS speak through our logs, and only of what goes wrong."""
    logger = logging.getLogger("dbos")
    logger.setLevel(logging.WARNING)
    logger.handlers = [logging.NullHandler()]  # With one there, DBOS brings none of its own to the console.
    logger.propagate = True
