"""Takes in a province's list of online levels: dated decisions, also for procedures not imported yet."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.levels import OnlineLevel
from portal.catalogue.models import LevelDecision, Procedure
from portal.catalogue.records import BadRecord, split_code
from portal.catalogue.reports import LevelReport, Progress, Rejection, as_it_is
from portal.ground.text import clean
from portal.ground.words import N_

COLUMNS = ("code", "online_level", "decision", "effective_from")
"""What the list must have; `note` is kept when it is there, other columns are left alone."""


@dataclass(frozen=True)
class _Row:
    code: str
    level: int
    decision: str
    effective_from: date
    note: str

    @property
    def key(self) -> tuple[str, date]:
        return self.code, self.effective_from


def import_levels(
    session: Session, rows: Sequence[Mapping[str, str]], *, progress: Progress = as_it_is
) -> LevelReport:
    """Take in the *rows* of a level list; a level decided again for the same day replaces what was noted."""
    report = LevelReport(read=len(rows))
    known = {(one.code, one.effective_from): one for one in session.scalars(select(LevelDecision))}
    taken = list(_accepted(progress(rows), report))
    for row in taken:
        _place(session, row, known.get(row.key), report)
    _compare(session, {row.code for row in taken}, report)
    return report


def _accepted(rows: Any, report: LevelReport) -> Iterator[_Row]:
    """The rows that can be taken in; the others go into the report."""
    first_at: dict[tuple[str, date], int] = {}
    for position, raw in enumerate(rows, 1):
        try:
            row = _read(raw)
            if row.key in first_at:
                raise BadRecord(N_("trùng mã và ngày với dòng thứ %(first)s"), first=first_at[row.key])
        except BadRecord as error:
            report.rejections.append(Rejection(position, raw["code"][:60], str(error)))
            continue
        first_at[row.key] = position
        yield row


def _read(raw: Mapping[str, str]) -> _Row:
    code, _owner = split_code(raw["code"])
    decision = clean(raw["decision"])
    if not decision:
        raise BadRecord(N_("thiếu %(key)s"), key="decision")
    return _Row(code, _level(raw), decision, _day(raw), clean(raw.get("note", "")))


def _level(raw: Mapping[str, str]) -> int:
    if raw["online_level"].strip() not in {str(int(level)) for level in OnlineLevel}:
        raise BadRecord(N_("mức “%(level)s” không phải 1, 2, 3 hay 4"), level=raw["online_level"][:20])
    return int(raw["online_level"])


def _day(raw: Mapping[str, str]) -> date:
    try:
        return date.fromisoformat(raw["effective_from"].strip())
    except ValueError as error:
        text = raw["effective_from"][:20]
        raise BadRecord(N_("ngày “%(day)s” không đúng dạng 2020-01-31"), day=text) from error


def _place(session: Session, row: _Row, before: LevelDecision | None, report: LevelReport) -> None:
    said = {"level": row.level, "decision": row.decision, "note": row.note}
    if before is None:
        report.created += 1
        session.add(LevelDecision(code=row.code, effective_from=row.effective_from, **said))
    elif all(getattr(before, name) == value for name, value in said.items()):
        report.unchanged += 1
    else:
        report.updated += 1
        for name, value in said.items():
            setattr(before, name, value)


def _compare(session: Session, taken: Set[str], report: LevelReport) -> None:
    """Name the *taken* codes without a procedure, and the procedures for which nobody has decided a level."""
    decided = set(session.scalars(select(LevelDecision.code)))
    procedures = set(session.scalars(select(Procedure.code)))
    report.without_procedure = sorted(taken - procedures)
    report.without_level = sorted(procedures - decided)
