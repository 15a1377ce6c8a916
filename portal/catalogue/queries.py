"""Reads: one published procedure, its level and its place on the post's list on a day."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, defer, selectinload

from portal.catalogue.levels import OnlineLevel
from portal.catalogue.models import (
    Case,
    LevelDecision,
    PostListing,
    Procedure,
    ProcedureVersion,
    VersionState,
)
from portal.ground.errors import NotFound
from portal.ground.words import N_


class NoSuchProcedure(NotFound):
    """No version of this code is published on the day."""

    message = N_("Không có thủ tục mang mã này, hoặc thủ tục không còn được công bố.")


def in_force(today: date) -> sa.ColumnElement[bool]:
    """That a version is published and in force on *today*."""
    open_or_later = sa.or_(ProcedureVersion.to_on.is_(None), ProcedureVersion.to_on >= today)
    return sa.and_(
        ProcedureVersion.state == VersionState.PUBLISHED, ProcedureVersion.from_on <= today, open_or_later
    )


def published(session: Session, code: str, today: date) -> ProcedureVersion:
    """The version of *code* in force on *today*, with everything its page shows; or NoSuchProcedure."""
    newest = (
        select(ProcedureVersion)
        .join(ProcedureVersion.procedure)
        .where(Procedure.code == code, in_force(today))
        .order_by(ProcedureVersion.number.desc())
        .limit(1)
        .options(
            contains_eager(ProcedureVersion.procedure),
            selectinload(ProcedureVersion.terms),
            selectinload(ProcedureVersion.tiers),
            selectinload(ProcedureVersion.cases).selectinload(Case.papers),
        )
    )
    found = session.scalar(newest)
    if found is None:
        raise NoSuchProcedure
    return found


def reference(session: Session, version: ProcedureVersion) -> ProcedureVersion | None:
    """The version that carries the latest imported text of the same procedure; None when never imported."""
    imported = select(ProcedureVersion).where(
        ProcedureVersion.procedure_id == version.procedure_id, ProcedureVersion.curated.is_(None)
    )
    return session.scalar(imported.order_by(ProcedureVersion.number.desc()).limit(1))


def decision_of(session: Session, code: str, today: date) -> LevelDecision | None:
    """The decision on the online level of *code* in force on *today*; None when nobody has decided."""
    decided = LevelDecision.code == code, LevelDecision.effective_from <= today
    newest = select(LevelDecision).where(*decided).order_by(LevelDecision.effective_from.desc())
    return session.scalar(newest.limit(1))


def level_of(session: Session, code: str, today: date) -> OnlineLevel:
    """The online level of *code* on *today*; without a decision it is information."""
    decision = decision_of(session, code, today)
    return OnlineLevel(decision.level) if decision else OnlineLevel.INFORMATION


def is_on_post_list(session: Session, version: ProcedureVersion, today: date) -> bool:
    """Whether the post may carry the papers of *version*: the province's list, else its channels (R4)."""
    listed = session.scalar(_listed(version.procedure.code, today))
    return version.by_post if listed is None else bool(listed)


def level_column(today: date) -> sa.ColumnElement[int]:
    """The level of each Procedure in a statement, as a column."""
    decided = LevelDecision.code == Procedure.code, LevelDecision.effective_from <= today
    newest = select(LevelDecision.level).where(*decided).order_by(LevelDecision.effective_from.desc())
    lowest = sa.literal(int(OnlineLevel.INFORMATION))
    return sa.func.coalesce(newest.limit(1).correlate(Procedure).scalar_subquery(), lowest)


def post_column(today: date) -> sa.ColumnElement[bool]:
    """Whether each ProcedureVersion in a statement goes by post, as a column."""
    listed = _listed(Procedure.code, today).correlate(Procedure).scalar_subquery()
    return sa.func.coalesce(listed, ProcedureVersion.by_post)


def _listed(code: Any, today: date) -> sa.Select[bool]:
    open_or_later = sa.or_(PostListing.to_on.is_(None), PostListing.to_on >= today)
    on_the_list = select(PostListing.is_listed).where(
        PostListing.code == code, PostListing.from_on <= today, open_or_later
    )
    return on_the_list.order_by(PostListing.from_on.desc()).limit(1)


without_text = defer(ProcedureVersion.record)
"""For lists: leaves the imported text where it is."""
