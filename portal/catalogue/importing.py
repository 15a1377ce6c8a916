"""Takes in the national catalogue: every record imported, or named with its reason; safe to run again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue import records, versions
from portal.catalogue.defects import found_in
from portal.catalogue.models import Procedure, ProcedureVersion, VersionState
from portal.catalogue.records import BadRecord, Record
from portal.catalogue.reports import ProcedureReport, Progress, Rejection, as_it_is
from portal.catalogue.transcribing import version_from
from portal.ground.words import N_


@dataclass
class _Known:
    """What the database holds of a procedure: its last imported text, and whether a curated version rules."""

    procedure_id: int
    last_number: int = 0
    imported_id: int = 0
    imported_hash: str = ""
    imported_is_draft: bool = False
    in_force: list[int] = field(default_factory=list)
    is_curated: bool = False


def import_procedures(
    session: Session, items: Sequence[object], *, today: date, progress: Progress = as_it_is
) -> ProcedureReport:
    """Take in the *items* of a catalogue file, from *today* on.

    A new procedure is published as information. A changed record becomes a new version; the one before ends
    the day before. Where a curated version is in force the record is kept as a draft, for reference.
    """
    report = ProcedureReport(read=len(items))
    known = dict(_known(session))
    superseded: list[int] = []
    for record in _accepted(progress(items), report):
        warnings = found_in(record.content)
        report.defects.update(warnings)
        before = known.get(record.code)
        if before is not None and before.imported_hash == record.hash:
            report.unchanged += 1
            continue
        version = version_from(record, warnings, from_on=today)
        superseded += _place(session, version, record, before, report)
    versions.end(session, superseded, today)
    return report


def _known(session: Session) -> Iterator[tuple[str, _Known]]:
    """What is known, by code, without loading any text."""
    columns = (
        Procedure.code,
        Procedure.id.label("procedure_id"),
        ProcedureVersion.id.label("version_id"),
        ProcedureVersion.number,
        ProcedureVersion.state,
        ProcedureVersion.to_on,
        ProcedureVersion.record_hash,
        ProcedureVersion.curated.is_not(None).label("is_curated"),
    )
    rows = select(*columns).join(Procedure.versions).order_by(Procedure.id, ProcedureVersion.number)
    found: dict[str, _Known] = {}
    for row in session.execute(rows):
        one = found.setdefault(row.code, _Known(row.procedure_id))
        one.last_number = row.number
        is_in_force = row.state == VersionState.PUBLISHED and row.to_on is None
        one.is_curated = one.is_curated or (row.is_curated and is_in_force)
        if not row.is_curated:
            one.imported_id, one.imported_hash = row.version_id, row.record_hash
            one.imported_is_draft = row.state == VersionState.DRAFT
            one.in_force += [row.version_id] if is_in_force else []
    yield from found.items()


def _accepted(items: Iterable[object], report: ProcedureReport) -> Iterator[Record]:
    """The records that can be taken in; the others go into the report."""
    first_at: dict[str, int] = {}
    for position, item in enumerate(items, 1):
        try:
            record = records.read(item)
            if record.code in first_at:
                raise BadRecord(N_("trùng mã với bản ghi thứ %(first)s"), first=first_at[record.code])
        except BadRecord as error:
            report.rejections.append(Rejection(position, _code_of(item), str(error)))
            continue
        first_at[record.code] = position
        yield record


def _code_of(item: object) -> str:
    return str(item.get("code") or "")[:60] if isinstance(item, dict) else ""


def _place(
    session: Session,
    version: ProcedureVersion,
    record: Record,
    before: _Known | None,
    report: ProcedureReport,
) -> list[int]:
    """Add *version* where it belongs; return the ids of the versions that it ends."""
    if before is None:
        report.created += 1
        version.procedure = Procedure(code=record.code)
        session.add(version)
        return []
    report.updated += 1
    version.procedure_id, version.number = before.procedure_id, before.last_number + 1
    if before.is_curated:
        report.kept_as_reference.append(record.code)
        version.state = VersionState.DRAFT
        if before.imported_is_draft:
            _forget_draft(session, before.imported_id)
    session.add(version)
    return [] if before.is_curated else before.in_force


def _forget_draft(session: Session, version_id: int) -> None:
    """Delete the draft that a newer import replaces: no dossier can stand on a draft."""
    session.delete(session.get_one(ProcedureVersion, version_id))
