"""Random lives of dossiers on both databases; `python -m benchmarks.life` runs them as long as wished."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import BOTH
from tests.proof.machine import Life

SHORT = settings(
    max_examples=14,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("kind", [BOTH[0], pytest.param(BOTH[1], marks=pytest.mark.postgres)])
def test_whatever_anybody_does_a_dossier_stays_what_its_ledger_says(kind: str) -> None:
    life = type("LifeOn" + kind.title(), (Life,), {"kind": kind})
    run_state_machine_as_test(life, settings=SHORT)
