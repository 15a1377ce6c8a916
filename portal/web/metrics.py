"""What Prometheus reads: the counts of every process, and numbers asked from the database at that moment."""

import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.orm import Session

from portal.ground import measures
from portal.ground.db import CONNECTIONS
from portal.ground.ledger import LedgerEntry
from portal.web import context

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder where several web processes keep their counts together; empty at every start."""


@dataclass(frozen=True)
class Reading:
    """A number read from the database whenever somebody asks, split by the values of one label."""

    name: str
    says: str
    label: str
    read: Callable[[Session], Mapping[str, float]]


def _newest_entry(session: Session) -> Mapping[str, float]:
    return {"newest": session.scalar(sa.select(sa.func.max(LedgerEntry.id))) or 0}


LEDGER = Reading(
    "mot_cua_ledger_entry", "Number of the newest entry of the ledger; it only grows.", "which", _newest_entry
)


def _jobs(_session: Session) -> Mapping[str, float]:
    tally = context.jobs().tally()
    return {"waiting": tally.waiting, "failed": tally.failed}


JOBS = Reading("mot_cua_jobs", "Jobs that wait or run, and jobs that were given up.", "state", _jobs)


def exposition() -> bytes:
    """Everything that is measured, in the text format of Prometheus."""
    counted: Any = REGISTRY
    if os.environ.get(SHARED):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    asked: Any = _Asked()
    return generate_latest(counted) + generate_latest(asked)


class _Asked:
    """What is known only at the moment of asking."""

    def collect(self) -> Iterator[Metric]:
        yield _gauge("mot_cua_release", "The release that answers.", "release", {context.release(): 1})
        yield _gauge("mot_cua_python", "The Python it runs on.", "version", {platform.python_version(): 1})
        most = {"request": CONNECTIONS * 2}
        yield _gauge("mot_cua_database_connections_most", "Most connections of a process.", "for", most)
        yield from self._from_database()

    def _from_database(self) -> Iterable[Metric]:
        readings: Sequence[Reading] = current_app.extensions["readings"]
        try:
            session = context.session()
            found = [_gauge(one.name, one.says, one.label, one.read(session)) for one in readings]
        except sa.exc.SQLAlchemyError:
            found = []
        answers = {"database": float(bool(found))}
        return [*found, _gauge("mot_cua_answers", "1 when the part answered just now.", "part", answers)]


def _gauge(name: str, says: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def install(app: Flask, readings: Sequence[Reading]) -> None:
    """Count the connections in use, and keep what else is to be asked from the database."""
    app.extensions["readings"] = readings
    engine = app.extensions["database"].engine
    sa.event.listen(engine, "checkout", lambda *_: measures.CONNECTIONS_IN_USE.inc())
    sa.event.listen(engine, "checkin", lambda *_: measures.CONNECTIONS_IN_USE.dec())
