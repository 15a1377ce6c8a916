"""Commands that prepare and run the portal: migrate, serve."""

import os
import signal
import socket
import sys
import threading

import click
from alembic import command
from alembic.config import Config
from flask.cli import with_appcontext
from granian import Granian
from granian.constants import HTTPModes, Interfaces

from portal import worker as portal_worker
from portal.accounts.calendars import seed_days
from portal.ground import jobs
from portal.ground.db import CONNECTIONS
from portal.seed.workflows import plant_workflows
from portal.web import context, logs, metrics
from portal.web.demonstration import obstacle

HOST = "127.0.0.1"
THREADS = 8
"""Requests handled at the same time by one process."""

MOST_THREADS = click.IntRange(1, CONNECTIONS)
"""More would starve one another: a request holds a connection to read while it waits for one to write."""

STOP_SECONDS = 30
"""How long running requests may take to end after the server was told to stop."""


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest schema, and enter the holidays that are known and not there yet."""
    config = Config()
    config.set_main_option("script_location", "migrations")
    config.attributes["engine"] = context.database().engine
    with context.reachable_database():
        command.upgrade(config, "head")
        jobs.migrate(context.database())
        with context.command_session() as session:
            seed_days(session)
            if not context.settings().demonstration:  # A demonstration plants its own, in its own time.
                plant_workflows(session, context.wall_clock())
    click.echo("Cơ sở dữ liệu đã ở phiên bản mới nhất.")


@click.command("serve")
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="TCP port.")
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Processes.")
@click.option("--threads", default=THREADS, show_default=True, type=MOST_THREADS, help="Of a process.")
@click.option("--without-worker", is_flag=True, help="Run no jobs here: `worker` processes do.")
@with_appcontext
def serve(port: int, host: str, workers: int, threads: int, *, without_worker: bool) -> None:
    """Serve the portal; a stop lets running requests end first.

    One process runs the jobs, too; several leave them to `worker`. Refused where mode and database disagree.
    """
    disagreement = obstacle()
    if disagreement:
        click.echo(disagreement, err=True)
        sys.exit(1)
    if _is_taken(host, port):
        click.echo(
            f"Cổng {port} đang có chương trình khác dùng (port taken). Thử: PORT=8001 make run", err=True
        )
        sys.exit(1)
    if workers > 1 and not os.environ.get(metrics.SHARED):
        click.echo(f"/metrics đếm riêng từng tiến trình: đặt {metrics.SHARED} để đếm chung.", err=True)
    click.echo(f"Một Cửa: http://{host}:{port}")
    Granian(
        "wsgi:app" if without_worker or workers > 1 else "portal.embedded:app",
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        blocking_threads=threads,
        http=HTTPModes.http1,
        respawn_failed_workers=workers > 1,
        workers_kill_timeout=STOP_SECONDS,
        log_access=False,
        log_dictconfig=logs.GRANIAN,
    ).serve()


@click.command("worker")
@click.option("--name", default="worker-1", show_default=True, help="The name of this process, its own.")
@with_appcontext
def worker(name: str) -> None:
    """Run jobs until stopped: e-mails, what follows moves, what begins at night.

    Two living workers must not share a name; one that is started again under its name takes up what it left.
    """
    stopping = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stopping.set())
    with portal_worker.working(context.application(), name):
        click.echo(f"Đang chạy việc nền: {name}")
        stopping.wait()


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
