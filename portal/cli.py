"""The commands of `flask --app wsgi`."""

from flask import Flask

from portal.commands import accounts, catalogue, running, trust

COMMANDS = (
    running.migrate,
    running.demo,
    running.serve,
    accounts.create_account,
    accounts.reset_factors,
    catalogue.procedures,
    catalogue.levels,
    trust.verify_ledger,
    trust.rotate_keys,
)


def install(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
