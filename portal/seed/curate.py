"""Plants the curated procedures: each file of curated/ is one version, fit for dossiers, with its sources."""

import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue import versions
from portal.catalogue.models import (
    Case,
    Channel,
    ChannelTerm,
    Competence,
    LevelDecision,
    PostListing,
    Procedure,
    ProcedureVersion,
    RequiredPaper,
    Tier,
    VersionState,
    VersionTier,
)
from portal.catalogue.records import digest
from portal.catalogue.registers import known
from portal.catalogue.transcribing import searchable
from portal.ground.working_time import Unit

FOLDER = Path(__file__).parent / "curated"

_WORDS = (
    "competence", "level", "post", "gets", "whole", "why", "notes", "legal", "also_called", "blank",
    "confirm_draft", "after_supplement", "wait_days",
)  # fmt: skip
"""What is kept as it is written, beside the rows: for the page, and what the procedure says of its life."""


def plant_curated(session: Session, at: datetime, today: date) -> None:
    """Plant every curated procedure; a file that has not changed since changes nothing.

    A changed file becomes a new version from *today* on; the first one is in force from its own day.
    """
    with session.no_autoflush:  # No file asks for what another has brought: one flush writes all of them.
        for path in sorted(FOLDER.glob("*.toml")):
            written = tomllib.loads(path.read_text(encoding="utf-8"))
            _plant_version(session, written, today)
            _plant_level(session, written)
            _plant_listing(session, written)


def _plant_version(session: Session, written: dict[str, Any], today: date) -> None:
    procedure = _procedure(session, written["code"])
    hash_of_file = digest(_plain(written))
    curated = [version for version in procedure.versions if version.curated is not None]
    if any(version.record_hash == hash_of_file for version in curated):
        return
    from_on = today if curated else written["from_on"]
    in_force = [version.id for version in procedure.versions if _is_in_force(version)]
    versions.end(session, in_force, from_on)
    number = max((version.number for version in procedure.versions), default=0) + 1
    procedure.versions.append(_version(written, number, from_on, hash_of_file))


def _procedure(session: Session, code: str) -> Procedure:
    found = session.scalar(select(Procedure).where(Procedure.code == code))
    if found is None:
        found = Procedure(code=code)
        session.add(found)
    return found


def _is_in_force(version: ProcedureVersion) -> bool:
    return version.state == VersionState.PUBLISHED and version.to_on is None


def _version(written: dict[str, Any], number: int, from_on: date, hash_of_file: str) -> ProcedureVersion:
    competence = written["competence"]
    name, code, field = written["name"], written["code"], written["field"]
    return ProcedureVersion(
        number=number,
        state=VersionState.PUBLISHED,
        from_on=from_on,
        name=name,
        field=field,
        lead=written["lead"],
        applicants=written["applicants"],
        folded=searchable(name, code, field, written["also_called"]),
        competence=Competence(competence["rule"]),
        competent_tier=Tier(competence["tier"]),
        decision=written["decision"],
        by_post=written["post"]["by_channel"],
        record={},
        record_hash=hash_of_file,
        warnings=[],
        curated=_curated(written),
        tiers=[VersionTier(tier=Tier(tier)) for tier in written["tiers"]],
        terms=[_term(row) for row in written["terms"]],
        cases=[_case(position, row) for position, row in enumerate(written["cases"], 1)],
    )


def _curated(written: dict[str, Any]) -> dict[str, Any]:
    """What the page says beside the rows, and where each row comes from."""
    words = {key: written[key] for key in _WORDS if key in written}
    words["terms"] = {row["channel"]: _source(row) for row in written["terms"]}
    words["cases"] = {row["key"]: _source(row) for row in written["cases"]}
    plain: dict[str, Any] = _plain(words)
    return plain


def _source(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": row["source"],
        "unverified": row.get("unverified", False),
        "fee_unverified": row.get("fee_unverified", False),
    }


def _term(row: dict[str, Any]) -> ChannelTerm:
    return ChannelTerm(
        channel=Channel(row["channel"]),
        case_key=row.get("case", ""),
        amount=Decimal(row["amount"]),
        unit=Unit(row["unit"]),
        fee_text=row["fee"],
        note=row.get("note", ""),
    )


def _case(position: int, row: dict[str, Any]) -> Case:
    papers = [_paper(place, paper) for place, paper in enumerate(row["papers"], 1)]
    return Case(position=position, key=row["key"], name=row["name"], hint=row["hint"], papers=papers)


def _paper(position: int, row: dict[str, Any]) -> RequiredPaper:
    return RequiredPaper(
        position=position,
        key=row["key"],
        name=row["name"],
        note=row.get("note", ""),
        originals=row.get("originals", 0),
        copies=row.get("copies", 0),
        certified_copies=row.get("certified_copies", 0),
        is_form=row.get("form", False),
        only_if=row.get("only_if", ""),
        to_show=row.get("to_show", False),
        register=known(row.get("register", ""), row["name"]),
    )


def _plant_level(session: Session, written: dict[str, Any]) -> None:
    """The level decision of the file, unless one from the same day is there already."""
    level = written["level"]
    same = select(LevelDecision).where(
        LevelDecision.code == written["code"], LevelDecision.effective_from == level["effective_from"]
    )
    if session.scalar(same) is None:
        session.add(
            LevelDecision(
                code=written["code"],
                level=level["level"],
                decision=level["decision"],
                effective_from=level["effective_from"],
            )
        )


def _plant_listing(session: Session, written: dict[str, Any]) -> None:
    """The entry on the province's post list, where it departs from the published channels."""
    post = written["post"]
    if "listed_from" not in post:
        return
    code, from_on = written["code"], post["listed_from"]
    same = select(PostListing).where(PostListing.code == code, PostListing.from_on == from_on)
    if session.scalar(same) is None:
        session.add(PostListing(code=code, from_on=from_on, is_listed=True, source=post["source"]))


def _plain(value: Any) -> Any:
    """*value* as JSON can hold it: days as text."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
