"""Commands about jobs: how many wait, which were given up, and trying those again."""

import sys

import click
from flask.cli import with_appcontext

from portal.web import context


@click.command("jobs")
@with_appcontext
def jobs() -> None:
    """Say how many jobs wait, and name those that were given up; exits with 1 when there are any."""
    tally, failed = context.jobs().tally(), context.jobs().failed()
    click.echo(f"Đang chờ hoặc đang chạy: {tally.waiting}. Đã bỏ cuộc: {len(failed)}.")
    for line in failed:
        click.echo(f"  {line}", err=True)
    if failed:
        sys.exit(1)


@click.command("retry-jobs")
@with_appcontext
def retry_jobs() -> None:
    """Try every job that was given up once more, after its cause was removed."""
    click.echo(f"Thử lại {context.jobs().retry_failed()} việc.")
