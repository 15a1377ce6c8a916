"""The whole sweep of kills: every point of every request on both databases, sent again after each."""

import multiprocessing
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.conftest import BOTH
from tests.crash import sweeping, world

HEAD = f"{'database':<12}{'request':<42}{'points':>7}{'kills':>7}{'kept':>6}{'wrong':>7}{'seconds':>9}"


def main(kinds: list[str]) -> int:
    """Sweep the databases of *kinds*, print a line for each request, and return how much was wrong."""
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(["tests.crash.sweeping"])
    print(HEAD)
    with ProcessPoolExecutor(1, mp_context=forking) as clean_process:
        return sum(_sweep(clean_process, kind) for kind in kinds)


def _sweep(clean_process: ProcessPoolExecutor, kind: str) -> int:
    town, wrong = world.build(kind, Path(tempfile.mkdtemp(prefix="kills-"))), 0
    for name, request in town.requests.items():
        began = time.perf_counter()
        given = (town.place, town.settings, town.at, request)
        report = clean_process.submit(sweeping.sweep, *given, always_again=True).result()
        seconds, wrong = time.perf_counter() - began, wrong + len(report.wrong)
        counts = f"{report.points:>7}{report.kills:>7}{report.kept:>6}{len(report.wrong):>7}"
        print(f"{kind:<12}{name:<42}{counts}{seconds:>9.1f}", flush=True)
        print(*(f"  {one}\n" for one in report.wrong[:3]), sep="", end="")
    return wrong


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:] or list(BOTH))))
