"""The commands of `flask --app wsgi`."""

from flask import Flask

from portal.commands import accounts, catalogue, clock, jobs, running, trust

COMMANDS = (
    running.migrate,
    running.demo,
    running.serve,
    running.worker,
    jobs.jobs,
    jobs.retry_jobs,
    accounts.create_account,
    catalogue.procedures,
    catalogue.levels,
    clock.explain_due,
    trust.verify_ledger,
    trust.rotate_keys,
)


def install(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
