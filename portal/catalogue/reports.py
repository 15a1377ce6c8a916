"""What an import did, for people and as JSON; and how it shows its progress. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.catalogue.defects import Defect

Progress = Callable[[Sequence[Any]], Iterable[Any]]
"""Shows how far a walk through a list is, while giving its items."""


def as_it_is(items: Sequence[Any]) -> Iterable[Any]:
    """Walk through *items* and show nothing."""
    return items


@dataclass(frozen=True)
class Rejection:
    """An item that was not taken in: its place in the file (from 1), its code if it has one, and why."""

    position: int
    code: str
    reason: str


@dataclass
class Report:
    """The counts that every import gives; each item read is in exactly one of the four others."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejections: list[Rejection] = field(default_factory=list)

    @property
    def warnings(self) -> int:
        """How many things somebody should look at."""
        return 0

    def as_json(self) -> dict[str, Any]:
        """The six numbers, then the rejected items by name."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": len(self.rejections),
            "warnings": self.warnings,
            "rejections": [vars(rejection) for rejection in self.rejections],
        }


@dataclass
class ProcedureReport(Report):
    """kept_as_reference: procedures whose curated version rules; the new text lies beside it as a draft."""

    defects: Counter[Defect] = field(default_factory=Counter)
    kept_as_reference: list[str] = field(default_factory=list)

    @property
    def warnings(self) -> int:
        """How many defects were found, each record and kind counted once."""
        return self.defects.total()

    def as_json(self) -> dict[str, Any]:
        """As every report, and the warnings by kind."""
        by_kind = {defect.value: self.defects[defect] for defect in Defect if self.defects[defect]}
        return super().as_json() | {
            "warnings_by_kind": by_kind,
            "kept_as_reference": self.kept_as_reference,
        }


@dataclass
class LevelReport(Report):
    """without_procedure: kept for codes not imported yet; without_level: procedures without a decision."""

    without_procedure: list[str] = field(default_factory=list)
    without_level: list[str] = field(default_factory=list)

    @property
    def warnings(self) -> int:
        """How many codes have only one of the two."""
        return len(self.without_procedure) + len(self.without_level)

    def as_json(self) -> dict[str, Any]:
        """As every report, and the codes that have a level without a procedure or the other way round."""
        return super().as_json() | {
            "levels_without_procedure": self.without_procedure,
            "procedures_without_level": self.without_level,
        }
