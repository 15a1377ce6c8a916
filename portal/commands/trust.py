"""Commands that check and renew what trust rests on: the ledger and the keys."""

import sys

import click
from flask.cli import with_appcontext

from portal.accounts import identity as account_identity
from portal.accounts.factors import apps as factor_apps
from portal.dossiers import identity as dossier_identity
from portal.ground import ledger
from portal.web import context


@click.command("verify-ledger")
@with_appcontext
def verify_ledger() -> None:
    """Walk every chain of the ledger; say what does not hold and exit with 1."""
    with context.command_session() as session:
        faults = list(ledger.verify(session))
    for fault in faults:
        click.echo(f"{fault.kind} {fault.aggregate}, mục {fault.seq}: {fault.what}", err=True)
    if faults:
        sys.exit(1)
    click.echo("Sổ cái nguyên vẹn.")


@click.command("rotate-keys")
@with_appcontext
def rotate_keys() -> None:
    """Seal numbers and secrets anew with the first key of PORTAL_IDENTITY_KEYS; older keys may then go."""
    with context.command_session() as session:
        count = account_identity.renew(session) + dossier_identity.renew(session)
        secrets = factor_apps.renew(session)
    click.echo(f"Đã niêm phong lại {count} số và {secrets} khóa của ứng dụng tạo mã.")
