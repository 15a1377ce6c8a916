"""The command that looks at stored files again."""

import sys

import click
from flask.cli import with_appcontext

from portal.accounts.authority import OPERATOR
from portal.commands.catalogue import progress_bar
from portal.dossiers import rescanning
from portal.ground import clamd
from portal.web import context, formats


@click.command("rescan")
@click.option("--all", "everything", is_flag=True, help="Scan every file, also those let pass already.")
@with_appcontext
def rescan(everything: bool) -> None:
    """Scan stored files that today's signatures have not seen, and hide those with a virus from everybody.

    Exits with 1 when no scanner is configured or it stops answering; run again, it goes on where it stopped.
    """
    scanner = context.settings().scanner()
    if scanner is None:
        raise click.ClickException("Chưa có máy quét vi-rút: đặt PORTAL_CLAMD.")
    try:
        seen, missing = _scan(scanner, everything=everything)
    except clamd.NoVerdict as away:
        text = f"Máy quét vi-rút không trả lời ({away}). Chạy lại để quét tiếp."
        raise click.ClickException(text) from away
    click.echo(f"Đã quét {seen} tệp.")
    for blob in missing:
        click.echo(f"Không có trong kho: {blob}", err=True)
    _show_quarantine()
    if missing:
        sys.exit(1)


def _scan(scanner: clamd.Scanner, *, everything: bool) -> tuple[int, list[str]]:
    """Scan what waits, each file in a transaction of its own: how many were seen, which are not stored."""
    version, missing = scanner.version(), []
    with context.command_session() as session:
        blobs = rescanning.waiting(session, None if everything else version)
    for blob in progress_bar(blobs):
        try:
            _look_at(scanner, version, blob)
        except FileNotFoundError:
            missing.append(blob)
    return len(blobs) - len(missing), missing


def _look_at(scanner: clamd.Scanner, version: str, blob: str) -> None:
    signature = scanner.finds(context.files().get(blob))
    with context.command_session() as session:
        if signature:
            rescanning.quarantine(session, blob, signature, by=OPERATOR, at=context.now())
        else:
            rescanning.passed(session, blob, version)


def _show_quarantine() -> None:
    with context.command_session() as session:
        hidden = rescanning.in_quarantine(session)
    click.echo(f"Đang cách ly: {len(hidden)} tệp.")
    for one in hidden:
        home = f"hồ sơ {one.dossier_code}" if one.dossier_code else "bản nháp"
        click.echo(f"  {home}: {one.name}, từ {formats.moment(one.at)} ({one.uid})")
