"""Commands that prepare and run the portal: migrate, serve, demo."""

import os
import socket
import sys

import click
from alembic import command
from alembic.config import Config
from flask.cli import with_appcontext
from granian import Granian
from granian.constants import HTTPModes, Interfaces

from portal.ground import anchor
from portal.seed.demonstration import ANCHOR, plant
from portal.web import context, logs, metrics

HOST = "127.0.0.1"
THREADS = 8
"""Requests handled at the same time by one process."""

STOP_SECONDS = 30
"""How long running requests may take to end after the server was told to stop."""


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest schema."""
    config = Config()
    config.set_main_option("script_location", "migrations")
    config.attributes["engine"] = context.database().engine
    with context.reachable_database():
        command.upgrade(config, "head")
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
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="TCP port.")
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Processes.")
@click.option("--threads", default=THREADS, show_default=True, type=click.IntRange(1), help="Of a process.")
@with_appcontext
def serve(port: int, host: str, workers: int, threads: int) -> None:
    """Serve the portal; a stop lets running requests end first."""
    if _is_taken(host, port):
        click.echo(
            f"Cổng {port} đang có chương trình khác dùng (port taken). Thử: PORT=8001 make run", err=True
        )
        sys.exit(1)
    if workers > 1 and not os.environ.get(metrics.SHARED):
        click.echo(f"/metrics đếm riêng từng tiến trình: đặt {metrics.SHARED} để đếm chung.", err=True)
    click.echo(f"Một Cửa: http://{host}:{port}")
    Granian(
        "wsgi:app",
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


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
