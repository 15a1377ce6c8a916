"""Reads: for what there are workflows, and the procedures that run under each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.models import ChannelTerm, Procedure, ProcedureVersion
from portal.catalogue.queries import in_force, published
from portal.catalogue.workflows import EVERYTHING, WorkflowState, WorkflowVersion, field_scope
from portal.ground.errors import NotFound
from portal.ground.text import fold
from portal.ground.working_time import Term

FIELD = "field:"
FOUND = 20
"""How many procedures a search for one shows."""


@dataclass(frozen=True)
class Scope:
    """For what a workflow is: everything, a field or one procedure; *name* is "" for everything."""

    scope: str
    name: str = ""
    procedures: int = 0

    @property
    def is_field(self) -> bool:
        """Whether it is a whole field."""
        return self.scope.startswith(FIELD)

    @property
    def code(self) -> str:
        """The code of the one procedure; "" for a field or everything."""
        return "" if self.is_field else self.scope


@dataclass(frozen=True)
class PublishedTerm:
    """A term that procedures of a scope promise, how many promise it, and one of them by name."""

    term: Term
    procedures: int
    example: str


def scope_of(session: Session, scope: str, today: date) -> Scope:
    """The scope, or NotFound when no published procedure could ever take a workflow of it."""
    if scope == EVERYTHING:
        return Scope(scope)
    if scope.startswith(FIELD):
        name = scope.removeprefix(FIELD)
        count = _fields(session, today, [name]).get(name, 0)
        if not count:
            raise NotFound
        return Scope(scope, name, count)
    return Scope(scope, published(session, scope, today).name, 1)


def field_of(session: Session, code: str, today: date) -> str:
    """The field of a published procedure; raises NoSuchProcedure."""
    return published(session, code, today).field


def fields(session: Session, today: date) -> list[Scope]:
    """Every field with published procedures, by name, and how many it has."""
    return [Scope(field_scope(name), name, count) for name, count in sorted(_fields(session, today).items())]


def own_procedures(session: Session, today: date) -> list[Scope]:
    """The procedures that have a workflow of their own, or the draft of one, by code."""
    scopes = select(WorkflowVersion.scope).where(
        WorkflowVersion.scope != EVERYTHING, WorkflowVersion.scope.not_like(f"{FIELD}%")
    )
    rows = _named(session, Procedure.code.in_(scopes))
    return [Scope(code, name, 1) for code, name in rows.items()]


def procedures_named(session: Session, words: str, today: date) -> list[Scope]:
    """The published procedures of this code, or with these words in what a search looks through."""
    typed = [ProcedureVersion.folded.contains(word, autoescape=True) for word in fold(words).split()]
    named = sa.and_(in_force(today), sa.or_(Procedure.code == words.strip(), sa.and_(sa.true(), *typed)))
    return [Scope(code, name, 1) for code, name in _named(session, named, FOUND).items()]


def published_by_scope(session: Session) -> Mapping[str, WorkflowVersion]:
    """The version in force of each scope that has its own."""
    now = select(WorkflowVersion).where(WorkflowVersion.state == WorkflowState.PUBLISHED)
    return {version.scope: version for version in session.scalars(now)}


def drafted(session: Session) -> frozenset[str]:
    """The scopes that have a draft."""
    now = select(WorkflowVersion.scope).where(WorkflowVersion.state == WorkflowState.DRAFT)
    return frozenset(session.scalars(now))


def versions(session: Session, scope: str) -> Sequence[WorkflowVersion]:
    """The versions of a scope that were ever published, the newest first."""
    ever = select(WorkflowVersion).where(
        WorkflowVersion.scope == scope, WorkflowVersion.state != WorkflowState.DRAFT
    )
    return session.scalars(ever.order_by(WorkflowVersion.number.desc())).all()


def terms_under(session: Session, scope: Scope, today: date) -> list[PublishedTerm]:
    """The different terms of the published procedures that take a workflow of *scope* or would."""
    many = sa.func.count(sa.distinct(ProcedureVersion.id)).label("procedures")
    example = sa.func.min(ProcedureVersion.name).label("example")
    rows = (
        select(ChannelTerm.amount, ChannelTerm.unit, many, example)
        .join(ProcedureVersion, ChannelTerm.version_id == ProcedureVersion.id)
        .join(ProcedureVersion.procedure)
        .where(in_force(today), *_inside(scope))
        .where(ChannelTerm.amount.is_not(None), ChannelTerm.unit.is_not(None))
        .group_by(ChannelTerm.amount, ChannelTerm.unit)
        .order_by(ChannelTerm.amount, ChannelTerm.unit)
    )
    found = [(ChannelTerm(amount=row.amount, unit=row.unit).term, row) for row in session.execute(rows)]
    return [PublishedTerm(term, row.procedures, row.example) for term, row in found if term]


def _inside(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """That a procedure takes its workflow from *scope*: none nearer to it is published."""
    if scope.code:
        return [Procedure.code == scope.code]
    now = select(WorkflowVersion.scope).where(WorkflowVersion.state == WorkflowState.PUBLISHED)
    without_own = Procedure.code.not_in(now)
    if scope.is_field:
        return [ProcedureVersion.field == scope.name, without_own]
    return [without_own, sa.literal(FIELD).concat(ProcedureVersion.field).not_in(now)]


def _fields(session: Session, today: date, only: Sequence[str] = ()) -> dict[str, int]:
    count = select(ProcedureVersion.field, sa.func.count(ProcedureVersion.id).label("number")).where(
        in_force(today)
    )
    if only:
        count = count.where(ProcedureVersion.field.in_(only))
    rows = session.execute(count.where(ProcedureVersion.field != "").group_by(ProcedureVersion.field))
    return {row.field: row.number for row in rows}


def _named(session: Session, which: sa.ColumnElement[bool], limit: int = 1000) -> dict[str, str]:
    """The newest names of procedures by code."""
    found = select(Procedure.code, ProcedureVersion.name).join(ProcedureVersion.procedure).where(which)
    rows = session.execute(found.order_by(Procedure.code, ProcedureVersion.number).limit(limit))
    return {row.code: row.name for row in rows}
