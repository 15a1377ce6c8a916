"""Commands that check and renew what trust rests on: the ledger and the keys."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from portal.accounts import identity as account_identity
from portal.accounts.factors import apps as factor_apps
from portal.commands.replaying import Replay
from portal.dossiers import identity as dossier_identity
from portal.ground import ledger, ledger_check, ledger_root
from portal.web import context


@click.command("verify-ledger")
@click.option(
    "--published",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A so-cai.json saved earlier: every root in it must still be here, unchanged.",
)
@with_appcontext
def verify_ledger(published: Path | None) -> None:
    """Walk every chain of the ledger and every daily root; say what does not hold and exit with 1."""
    tell_faults(_copy(published) if published else (), at=context.now())


def tell_faults(copy: Sequence[dict[str, Any]] = (), *, at: datetime | None = None) -> None:
    """Name what does not hold and exit with 1; without *at* roots of the last days are not missed."""
    with context.command_reading() as session:
        dossiers = Replay(session)
        faults = [*ledger.verify(session, dossiers.compare), *dossiers.left()]
        faults += ledger_check.verify(session, copy, at=at)
    for fault in faults:
        click.echo(f"{fault.kind} {fault.aggregate}, mục {fault.seq}: {fault.what}", err=True)
    if faults:
        sys.exit(1)
    click.echo("Sổ cái nguyên vẹn.")


def _copy(published: Path) -> Sequence[dict[str, Any]]:
    """The roots of a saved so-cai.json."""
    try:
        rows = json.loads(published.read_bytes())["roots"]
        return [dict(row) for row in rows]
    except (ValueError, TypeError, KeyError) as error:
        raise click.ClickException(f"{published} không phải là tệp so-cai.json.") from error


@click.command("ledger-root")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day to make the root of; else yesterday.")
@with_appcontext
def make_ledger_root(day: datetime | None) -> None:
    """Make the daily root of the ledger for DAY, and those of missed days before it; made once each."""
    at = context.now()
    through = day.date() if day else ledger_root.days_ended(at)
    if through > ledger_root.days_ended(at):
        raise click.ClickException(f"Ngày {through.isoformat()} chưa hết.")
    with context.command_session() as session:
        made = list(ledger_root.make_up(session, through, at=at))
    for row in made:
        click.echo(f"{row.day.isoformat()}: {row.hash} ({row.chains} chuỗi, {row.entries} mục)")
    if not made:
        click.echo(f"Mã gốc của ngày {through.isoformat()} đã có.")


@click.command("rotate-keys")
@with_appcontext
def rotate_keys() -> None:
    """Seal numbers and secrets anew with the first key of PORTAL_IDENTITY_KEYS; older keys may then go."""
    with context.command_session() as session:
        count = account_identity.renew(session) + dossier_identity.renew(session)
        secrets = factor_apps.renew(session)
    click.echo(f"Đã niêm phong lại {count} số và {secrets} khóa của ứng dụng tạo mã.")
