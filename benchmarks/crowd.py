"""A busy province: the demonstration's dossiers many times over, and how long pages and sweeps take then.

`python -m benchmarks.crowd --copies 40` makes about 17,000 dossiers of the 440 on each database. The copies
have ledger, checklist, pauses, requests and charges of their own; their chains are copies and do not verify.
Every time is the median of several, in milliseconds, and beside it how many first pages it is worth.
"""

import argparse
import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts import sessions
from portal.app import create_app
from portal.dossiers import sweeping
from portal.dossiers.models import Charge, ChecklistItem, Dossier, Pause, SupplementRequest
from portal.ground import ledger_root
from portal.ground.ledger import LedgerEntry
from portal.ground.working_time import day_of
from portal.seed.moments import ANCHOR
from portal.web.context import wall_clock
from tests import make
from tests.conftest import BOTH, fresh_url, settings_for

Work = Callable[[], object]

TIMES = 7
HEAD = "\n{:<40}   few ms   many ms   first pages   growth"
CHILDREN = (ChecklistItem, Pause, SupplementRequest, Charge)
"""What belongs to one dossier and is copied with it."""

PAGES = (
    ("", "/", "the first page"),
    ("", "/thu-tuc?q=khai+sinh", "a search in the catalogue"),
    ("0900000002", "/ho-so", "a citizen's list"),
    ("tiepnhan.phuhoa", "/mot-cua", "a receptionist's inbox"),
    ("lanhdao.phuhoa", "/mot-cua", "a leader's inbox"),
    ("lanhdao.phuhoa", "/mot-cua/canh-bao", "a leader's alarms"),
    ("tiepnhan.phuhoa", "/mot-cua?tim=Nguyễn", "a name looked for at the desk"),
    ("chuyenvien.phuhoa", "/mot-cua/ho-so/{dossier}", "a specialist's dossier"),
)
"""Who opens what; the first one is the measure of the others."""


def demonstrated(kind: str) -> Flask:
    """A demonstration of its own on a database of *kind*."""
    folder = Path(tempfile.mkdtemp(prefix="crowd-"))
    app = create_app(settings_for(folder, fresh_url(kind, True, folder)), clock=lambda: ANCHOR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    result = app.test_cli_runner().invoke(args=["demo", "--reset"])
    if result.exit_code:
        raise SystemExit(result.output)
    return app


def multiply(session: Session, copies: int) -> int:
    """Add *copies* of every dossier with what belongs to it; returns how many dossiers there are then."""
    step = _most(session, Dossier) + 1
    firsts = {row: _most(session, row) + 1 for row in (Dossier, LedgerEntry, *CHILDREN)}
    for number in range(1, copies + 1):
        for row, first in firsts.items():
            _copy(session, row, number, first, step)
    session.execute(sa.text("ANALYZE"))
    return session.scalar(sa.select(sa.func.count()).select_from(Dossier)) or 0


def _copy(session: Session, row: type, number: int, first: int, step: int) -> None:
    """Copy the rows below *first* once, under ids of their own, for the dossier *number* steps further."""
    table: Any = sa.inspect(row).local_table
    moved: Any = _moved(table.c, number, step)
    values = {column.name: moved.get(column.name, column) for column in table.columns}
    source = sa.select(*(values | {"id": table.c.id + number * first}).values()).where(table.c.id < first)
    if row is LedgerEntry:
        source = source.where(table.c.kind == "dossier")
    session.execute(table.insert().from_select(list(values), source))


def _moved(of: Any, number: int, step: int) -> dict[str, Any]:
    """What must not be the same in a copy, by column."""
    if "dossier_id" in of:
        return {"dossier_id": of.dossier_id + number * step}
    if "aggregate" in of:
        return {"aggregate": sa.cast(sa.cast(of.aggregate, sa.Integer) + number * step, sa.String)}
    unique = {"uid": 36, "code": 50, "provisional_code": 20}
    return {name: _tagged(of[name], most, number) for name, most in unique.items()}


def _tagged(column: Any, most: int, number: int) -> Any:
    """The text of *column* with a number behind it, cut so that it fits."""
    tag = f"~{number}"
    return sa.func.substr(column, 1, most - len(tag)).concat(tag)


def _most(session: Session, row: Any) -> int:
    return session.scalar(sa.select(sa.func.max(row.id))) or 0


def clients(app: Flask) -> Callable[[str], FlaskClient]:
    """A browser for each person, signed in."""
    known: dict[str, FlaskClient] = {}

    def client(name: str) -> FlaskClient:
        if name not in known:
            known[name] = app.test_client()
            if name:
                _enter(app, known[name], name)
        return known[name]

    return client


def _enter(app: Flask, client: FlaskClient, name: str) -> None:
    with app.extensions["database"].writing.begin() as session:
        account = make.account(session, name)
        held = account.appointments[0] if account.appointments else None
        token = sessions.open_session(session, account, at=wall_clock(), appointment=held)
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True


def pages(app: Flask) -> Iterator[tuple[str, Work]]:
    """Each page with what opens it once."""
    client, dossier = clients(app), _a_dossier(app)
    for who, path, words in PAGES:
        yield words, partial(_opened, client, who, path.format(dossier=dossier))


def _opened(client: Callable[[str], FlaskClient], who: str, path: str) -> None:
    answer = client(who).get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status}")


def _a_dossier(app: Flask) -> int:
    with app.extensions["database"].reading() as session:
        office = make.actor(session, "chuyenvien.phuhoa").office_id
        at_work = (Dossier.office_id == office, Dossier.status == "in_progress")
        return session.scalars(sa.select(Dossier.id).where(*at_work).order_by(Dossier.id)).first() or 0


def sweeps(app: Flask) -> Iterator[tuple[str, Work]]:
    """What the worker does of itself with all of it; nothing is kept."""
    hours = app.extensions["settings"].silent_hours

    def judged() -> None:
        with app.app_context(), app.extensions["database"].reading() as session:
            sweeping.to_settle(session, ANCHOR, hours)

    def rooted() -> None:
        with app.app_context(), app.extensions["database"].writing() as session:
            list(ledger_root.make_up(session, day_of(ANCHOR), at=ANCHOR))
            session.rollback()

    yield "all open work judged for alarms", judged
    yield "the root of one day", rooted


def milliseconds(work: Work) -> float:
    """The median of some times, after one that is not counted."""
    work()
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def main(kinds: list[str], copies: int) -> None:
    """Print what takes how long on each database, as it is and with *copies*."""
    for kind in kinds:
        app = demonstrated(kind)
        few = {words: milliseconds(work) for words, work in (*pages(app), *sweeps(app))}
        with app.extensions["database"].writing.begin() as session:
            count = multiply(session, copies)
        print(HEAD.format(f"{kind}, {count:,} dossiers"))
        many = {words: milliseconds(work) for words, work in (*pages(app), *sweeps(app))}
        first = many["the first page"]
        for words, took in many.items():
            print(f"{words:<40}{few[words]:>9.1f}{took:>10.1f}{took / first:>14.1f}{took / few[words]:>9.1f}")
        app.extensions["database"].dispose()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=40)
    parser.add_argument("kinds", nargs="*", default=list(BOTH))
    given = parser.parse_args()
    main(given.kinds or list(BOTH), given.copies)
