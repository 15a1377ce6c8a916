"""The commands of `flask --app wsgi`."""

from flask import Flask

from portal.commands import accounts, catalogue, running, scanning, trust

COMMANDS = (
    running.migrate,
    running.demo,
    running.serve,
    accounts.create_account,
    catalogue.procedures,
    catalogue.levels,
    trust.verify_ledger,
    trust.rotate_keys,
    scanning.rescan,
)


def install(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
