"""Plants the reference list: an invented level for each of the 1,961 procedures of the published figures."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.catalogue.models import LevelDecision

LIST = Path(__file__).with_name("levels.toml")

PROVENANCE = "danh mục tham chiếu"
"""What a statistic says of a figure that comes from this list and not from dossiers of this portal."""


@dataclass(frozen=True)
class Listed:
    """One procedure of the list. had_dossiers: in the second quarter of 2020, before this portal took any."""

    code: str
    level: int
    had_dossiers: bool


@cache
def reference_list() -> tuple[Listed, ...]:
    """Every procedure of the list, in the order of the codes."""
    facts = _facts()
    used = frozenset(code for table in facts["with_dossiers"].values() for code in _codes(table))
    named = {code: int(level) for level, table in _tables(facts) for code in _codes(table)}
    return tuple(Listed(code, level, code in used) for code, level in sorted(named.items()))


def plant_levels(session: Session) -> None:
    """Add the levels of the list that nobody has decided for its day; what is there stays as it is."""
    facts = _facts()
    same_day = LevelDecision.effective_from == facts["effective_from"]
    session.flush()  # The curated procedures bring their own decisions.
    decided = set(session.scalars(select(LevelDecision.code).where(same_day)))
    said = {key: facts[key] for key in ("decision", "effective_from", "note")}
    rows = [said | {"code": one.code, "level": one.level} for one in reference_list()]
    fresh = [row for row in rows if row["code"] not in decided]
    if fresh:
        session.execute(insert(LevelDecision), fresh)


def _facts() -> dict[str, Any]:
    return tomllib.loads(LIST.read_text(encoding="utf-8"))


def _tables(facts: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    yield from facts["level"].items()
    yield from facts["with_dossiers"].items()


def _codes(table: Mapping[str, str]) -> Iterator[str]:
    """1.000005 of "1.000" = "005 …"."""
    return (start + end for start, ends in table.items() for end in ends.split())
