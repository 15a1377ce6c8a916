"""The table of stories, read from stories.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.catalogue.models import Channel
from portal.dossiers.states import Delivery

STORIES = Path(__file__).with_name("stories.toml")

USUAL_WEIGHT = 2
"""How much a procedure is wanted that the table does not name."""


@dataclass(frozen=True)
class Story:
    """What happens to some dossiers, as stories.toml explains it."""

    times: int
    channel: Channel
    delivery: Delivery
    days_ago: tuple[int, int]
    steps: tuple[str, ...]
    slow: bool = False
    late: bool = False
    elsewhere: bool = False
    procedure: str = ""
    who: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()

    @property
    def is_taken_in(self) -> bool:
        """Whether it begins at a counter, without anybody having filed it on the portal."""
        return self.steps[0] == "intake"


def stories() -> list[Story]:
    """Every story, in the order of the file."""
    return [_story(entry) for entry in _read()["story"]]


def weights() -> Mapping[str, int]:
    """How often each procedure is wanted, by code."""
    found: dict[str, int] = _read()["weights"]
    return found


def _read() -> dict[str, Any]:
    return tomllib.loads(STORIES.read_text(encoding="utf-8"))


def _story(entry: dict[str, Any]) -> Story:
    made: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    made |= {"channel": Channel(entry["channel"]), "delivery": Delivery(entry["delivery"])}
    return Story(**made)
