"""Commands that prepare and run the portal: migrate, serve, demo."""

import signal
import socket
import sys
import threading

import click
from alembic import command
from alembic.config import Config
from flask.cli import with_appcontext
from granian import Granian
from granian.constants import Interfaces

from portal import worker as portal_worker
from portal.accounts.calendars import seed_days
from portal.ground import anchor, jobs
from portal.seed.demonstration import ANCHOR, plant
from portal.web import context

HOST = "127.0.0.1"
THREADS = 8
"""Requests handled at the same time by the one process of the embedded server."""


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest schema, and enter the holidays that are known and not there yet."""
    config = Config()
    config.set_main_option("script_location", "migrations")
    config.attributes["engine"] = context.database().engine
    command.upgrade(config, "head")
    jobs.migrate(context.database())
    with context.command_session() as session:
        seed_days(session)
    click.echo("Cơ sở dữ liệu đã ở phiên bản mới nhất.")


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Load the demonstration province; what is there already stays. Refused outside demonstration mode."""
    if not context.settings().demonstration:
        click.echo("Chỉ nạp dữ liệu trình diễn khi PORTAL_DEMONSTRATION=1.", err=True)
        sys.exit(1)
    with context.command_session() as session:
        anchor.drop(session, ANCHOR, wall=context.wall_clock())
        plant(session, at=context.wall_clock() + anchor.offset(session))
    click.echo("Dữ liệu trình diễn đã sẵn sàng.")


@click.command("serve")
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="TCP port on 127.0.0.1.")
@with_appcontext
def serve(port: int) -> None:
    """Serve the portal on this machine only, in one process."""
    if _is_taken(port):
        click.echo(
            f"Cổng {port} đang có chương trình khác dùng (port taken). Thử: PORT=8001 make run", err=True
        )
        sys.exit(1)
    click.echo(f"Một Cửa: http://{HOST}:{port}")
    Granian(
        "portal.embedded:app",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        log_access=False,
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


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False
