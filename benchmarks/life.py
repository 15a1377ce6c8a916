"""Random lives of dossiers on both databases, as long as wished: `python -m benchmarks.life --minutes 5`."""

import argparse
import sys
import time

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from portal.dossiers.states import Move
from tests.conftest import BOTH
from tests.proof.machine import Life
from tests.proof.town import VERBS

LONG = settings(
    max_examples=20, stateful_step_count=80, deadline=None, suppress_health_check=list(HealthCheck)
)


def main(minutes: float) -> int:
    """Run for *minutes*, one database after the other, and print how often each move was made and refused.

    A life in which something does not hold ends the run with its shortest story.
    """
    ends, runs = time.monotonic() + minutes * 60, dict.fromkeys(BOTH, 0)
    while time.monotonic() < ends:
        for kind in BOTH:
            life = type(f"LifeOn{kind.title()}", (Life,), {"kind": kind})
            run_state_machine_as_test(life, settings=LONG)
            runs[kind] += LONG.max_examples
    print("lives:", *(f"{kind} {count}" for kind, count in runs.items()))
    print(f"{'move':<18}{'made':>8}{'refused':>9}")
    for move in VERBS:
        print(f"{move:<18}{_count(move, 'made'):>8}{_count(move, 'refused'):>9}")
    return 0


def _count(move: Move, how: str) -> int:
    return Life.tally[f"{move} {how}"]


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=5)
    sys.exit(main(asked.parse_args().minutes))
