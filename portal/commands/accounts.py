"""Commands for accounts: the first administrator of a new portal, and any other staff account."""

import sys

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import passwords
from portal.accounts.appointments import Tenure, appoint
from portal.accounts.authority import OPERATOR
from portal.accounts.factors.removing import reset_staff
from portal.accounts.models import Account, Office, Role
from portal.accounts.registration import enrol
from portal.accounts.resets import ONE_TIME
from portal.ground.errors import PortalError
from portal.web import context

STAFF = [role.value for role in Role if role != Role.CITIZEN]


@click.command("create-account")
@click.argument("sign_in_name")
@click.option("--name", required=True, help="Full name of the person.")
@click.option("--role", required=True, type=click.Choice(STAFF))
@click.option("--office", "office_code", required=True, help="Code of the office, such as 000.00.00.H09.")
@with_appcontext
def create_account(sign_in_name: str, name: str, role: str, office_code: str) -> None:
    """Open a staff account with a role at an office, and print its one-time password, good for 24 hours."""
    password = passwords.one_time()
    try:
        with context.command_session() as session:
            _open(session, (name, sign_in_name, password), Role(role), office_code)
    except PortalError as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    click.echo(f"{sign_in_name.strip().casefold()}: {password}")


@click.command("reset-factors")
@click.argument("sign_in_name")
@with_appcontext
def reset_factors(sign_in_name: str) -> None:
    """Take every second factor of a staff account away: for the last administrator who lost the phone."""
    try:
        with context.command_session() as session:
            account = session.scalar(select(Account).where(Account.sign_in_name == sign_in_name.casefold()))
            if account is None:
                raise PortalError(f"Không có tài khoản cán bộ {sign_in_name}.")
            reset_staff(session, account, by=OPERATOR, at=context.now())
    except PortalError as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    click.echo(f"Đã đặt lại bước hai của {sign_in_name}; mọi phiên đã kết thúc.")


def _open(session: Session, who: tuple[str, str, str], role: Role, office_code: str) -> None:
    at, until = context.now(), context.wall_clock() + ONE_TIME
    office = session.scalar(select(Office).where(Office.code == office_code))
    if office is None:
        raise PortalError(f"Không có cơ quan mang mã {office_code}.")
    account = enrol(session, *who, by=OPERATOR, at=at, one_time_until=until)
    appoint(session, account, office, role, Tenure(context.today()), by=OPERATOR, at=at)
