"""The curated procedures as their files say them, for tests."""

import tomllib
from typing import Any

from portal.seed.curate import FOLDER

FILES: dict[str, dict[str, Any]] = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))
}
"""By code, in the order of the codes."""


def of_level(*levels: int) -> list[str]:
    """The codes of the curated procedures of *levels*."""
    return [code for code, written in FILES.items() if written["level"]["level"] in levels]


def of_field(field: str) -> list[str]:
    """The codes of the curated procedures of *field*."""
    return [code for code, written in FILES.items() if written["field"] == field]
