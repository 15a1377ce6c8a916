"""The serving process is killed at every statement and commit: nothing is lost, nothing is doubled."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import BOTH
from tests.crash import sweeping, torn
from tests.crash.world import SIDE, TABLE, World, build

WHOLE_ON_POSTGRESQL = {
    "a draft is filed by post, both ways",
    "a dossier is accepted",
    "the desk counts and takes over",
}
"""Killed at every point on PostgreSQL, too; the others at every fifth (all of them in benchmarks/)."""


def cases() -> Iterator[object]:
    """Every request on both databases."""
    for kind in BOTH:
        marks = [pytest.mark.xdist_group(f"crash-{kind}")]
        marks += [pytest.mark.postgres] if kind == "postgresql" else []
        for name in TABLE:
            yield pytest.param(kind, name, marks=marks, id=f"{kind}-{name}")


@pytest.fixture(scope="session")
def clean_process() -> Iterator[ProcessPoolExecutor]:
    """A process without threads, from which a fork takes everything along."""
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(["tests.crash.sweeping", "tests.crash.torn"])
    with ProcessPoolExecutor(1, mp_context=forking) as pool:
        yield pool


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> object:
    """The town of each kind of database, built when it is first asked for."""

    @cache
    def world(kind: str) -> World:
        return build(kind, Path(tmp_path_factory.mktemp(f"crash-{kind}")))

    return world


@pytest.mark.parametrize(("kind", "name"), list(cases()))
def test_a_killed_server_leaves_nothing_or_all_and_sending_again_completes_it(
    clean_process: ProcessPoolExecutor, worlds, kind: str, name: str
) -> None:
    whole = WHOLE_ON_POSTGRESQL if kind == "postgresql" else TABLE.keys() - SIDE
    town, thorough = worlds(kind), name in whole
    sent = town.requests[name]
    killed = clean_process.submit(sweeping.sweep, town.place, town.settings, town.at, sent, thorough=thorough)
    report = killed.result()
    assert report.wrong == []
    assert report.kept == 2  # Killed right after the commit, and before the answer leaves.
    assert report.kills >= (report.points if thorough else report.points // sweeping.STRIDE)


@pytest.mark.xdist_group("crash-sqlite")
@pytest.mark.parametrize("tear", [torn.in_two_transactions, torn.without_its_key])
def test_a_request_that_is_torn_or_forgets_its_key_is_found(
    clean_process: ProcessPoolExecutor, worlds, tear: sweeping.Build
) -> None:
    town = worlds("sqlite")
    sent = torn.request(town.requests["cash is taken"])
    report = clean_process.submit(
        sweeping.sweep, town.place, town.settings, town.at, sent, build=tear
    ).result()
    assert report.wrong != []
