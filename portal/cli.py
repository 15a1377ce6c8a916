"""The commands of `flask --app wsgi`."""

from flask import Flask

from portal.commands import accounts, backup, catalogue, demonstration, jobs, running, scanning, trust

COMMANDS = (
    running.migrate,
    demonstration.demo,
    running.serve,
    running.worker,
    jobs.jobs,
    jobs.retry_jobs,
    accounts.create_account,
    accounts.reset_factors,
    catalogue.procedures,
    catalogue.levels,
    trust.verify_ledger,
    trust.make_ledger_root,
    trust.rotate_keys,
    backup.back_up,
    backup.restore,
    backup.verify_files,
    scanning.rescan,
)


def install(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
