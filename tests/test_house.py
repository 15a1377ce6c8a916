"""The house keeps its walls: concepts without the web, modules and functions of a readable size."""

import ast
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "portal").rglob("*.py"))


@pytest.mark.parametrize(
    "concept", ["portal.dossiers.actions", "portal.postal.actions", "portal.worklists.inbox"]
)
def test_a_concept_loads_without_flask(concept: str) -> None:
    script = f"import sys, {concept}; sys.exit('flask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT).returncode == 0


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_can_be_held_in_the_head(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


def test_functions_are_a_few_lines_long() -> None:
    lengths = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                lengths[f"{path.relative_to(ROOT)}:{node.name}"] = _code_lines(node)
    assert {name: count for name, count in lengths.items() if count > 40} == {}
    assert median(lengths.values()) <= 8
    assert quantiles(lengths.values(), n=10)[-1] <= 20


def test_no_drawer_is_called_utils() -> None:
    banned = {"utils", "util", "helpers", "manager", "service", "services", "misc", "common"}
    assert [path for path in MODULES if path.stem in banned or banned & set(path.parent.parts)] == []


def _code_lines(node: ast.FunctionDef) -> int:
    """Lines of the function's body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0
