"""How offices work through a procedure, as versioned data: steps in order, each with role, norm and papers.

A procedure takes its own workflow, else its field's, else the one for everything; a dossier keeps the one
that was in force when it was accepted.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.accounts.models import Actor, Role
from portal.ground import ledger
from portal.ground.db import Base
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.words import N_, Labelled

KIND = "workflow"
"""Kind of the ledger chains of workflows, one chain a scope."""

EVERYTHING = ""
"""The scope of the workflow for every procedure that has no other."""

LONGEST_CHAIN = 64
"""Characters that the name of a ledger chain may have; a longer scope is hashed."""

MOST_HOURS = 2000
"""No step has a longer norm: a working year."""

_FORM_NUMBER = re.compile(r"[0-9]{2}")


class StepKind(Labelled):
    """The kinds of steps, in the only order they can come in."""

    RECEPTION = "reception", N_("Tiếp nhận")
    TRANSFER = "transfer", N_("Chuyển xử lý")
    APPRAISAL = "appraisal", N_("Thẩm tra")
    CONSULTATION = "consultation", N_("Lấy ý kiến")
    SIGNING = "signing", N_("Trình ký")
    ISSUING = "issuing", N_("Vào số, phát hành")
    RETURN = "return", N_("Trả kết quả")


OPTIONAL = (StepKind.TRANSFER, StepKind.CONSULTATION)
"""Steps that a workflow may leave out; without a transfer an accepted dossier is forwarded at once."""

ROLES: Mapping[StepKind, tuple[Role, ...]] = {
    StepKind.RECEPTION: (Role.RECEPTIONIST,),
    StepKind.TRANSFER: (Role.RECEPTIONIST,),
    StepKind.APPRAISAL: (Role.SPECIALIST, Role.RECEPTIONIST),
    StepKind.CONSULTATION: (Role.SPECIALIST, Role.LEADER),
    StepKind.SIGNING: (Role.LEADER,),
    StepKind.ISSUING: (Role.RECORDS_CLERK, Role.RECEPTIONIST),
    StepKind.RETURN: (Role.RECEPTIONIST,),
}
"""Who may be given each step; a small ward lets its receptionist appraise and number."""


@dataclass(frozen=True)
class StepSpec:
    """One step: who makes it, how many working hours it should take, what papers it makes (form numbers)."""

    kind: StepKind
    role: Role
    norm_hours: Decimal
    papers: tuple[str, ...] = ()


class ChangedMeanwhile(WrongState):
    """Somebody else changed the workflow since the page was shown."""

    message = N_("Người khác vừa sửa quy trình này. Hãy xem bản của họ; điều bạn ghi vẫn còn ở dưới.")


class WorkflowState(Labelled):
    """Whether new dossiers take a workflow."""

    DRAFT = "draft", N_("Bản nháp")
    PUBLISHED = "published", N_("Đang áp dụng")
    REPLACED = "replaced", N_("Đã thay")


class WorkflowVersion(Base):
    """One version of a workflow. scope: "" for everything, "field:<name>" or a procedure's code."""

    __tablename__ = "workflow_version"
    __table_args__ = (
        sa.UniqueConstraint("scope", "number"),
        sa.Index(
            "uq_workflow_published", "scope", unique=True,
            sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(sa.String(220))
    number: Mapped[int]
    state: Mapped[WorkflowState]
    published_at: Mapped[datetime | None]
    steps_data: Mapped[list[Any]]
    source: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def steps(self) -> tuple[StepSpec, ...]:
        """The steps in order."""
        return tuple(_read(row) for row in self.steps_data)

    def step(self, kind: str) -> StepSpec | None:
        """The step of *kind*, None where this workflow leaves it out."""
        return next((step for step in self.steps if step.kind == kind), None)


def field_scope(name: str) -> str:
    """The scope of all procedures of a field."""
    return f"field:{name}"


def in_force(session: Session, code: str, field: str) -> WorkflowVersion | None:
    """The workflow that a procedure's new dossiers take: its own, its field's, or the one for everything."""
    scopes = (code, field_scope(field), EVERYTHING)
    found = select(WorkflowVersion).where(
        WorkflowVersion.scope.in_(scopes), WorkflowVersion.state == WorkflowState.PUBLISHED
    )
    by_scope = {version.scope: version for version in session.scalars(found)}
    return next((by_scope[scope] for scope in scopes if scope in by_scope), None)


def chain_of(scope: str) -> str:
    """The name of a scope's ledger chain."""
    if len(scope) <= LONGEST_CHAIN:
        return scope
    return f"#{hashlib.sha256(scope.encode()).hexdigest()[:40]}"


def revision(session: Session, scope: str) -> int:
    """How often *scope* was changed so far: a page remembers it and notices that somebody came first."""
    return len(ledger.history(session, KIND, chain_of(scope)))


def draft_of(session: Session, scope: str) -> WorkflowVersion | None:
    """The draft of *scope*, if somebody has begun one."""
    return session.scalar(_of(scope).where(WorkflowVersion.state == WorkflowState.DRAFT))


def published(session: Session, scope: str) -> WorkflowVersion | None:
    """The version of this very scope that new dossiers take, if it has its own."""
    return session.scalar(_of(scope).where(WorkflowVersion.state == WorkflowState.PUBLISHED))


def draft(
    session: Session,
    scope: str,
    steps: Sequence[StepSpec],
    source: str,
    *,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> WorkflowVersion:
    """Keep *steps* as the draft of *scope*, replacing an older draft; raises NotAllowed, Refused.

    seen: the revision its page was shown from; ChangedMeanwhile when there is a newer one.
    """
    _require_admin(by)
    _require_unchanged(session, scope, seen)
    check(steps)
    if not source.strip():
        raise Refused(N_("Hãy ghi căn cứ của quy trình."))
    old = draft_of(session, scope)
    rows = [written(step) for step in steps]
    _record(session, scope, "draft", {"steps": rows}, by=by, at=at)
    if old is not None:
        old.steps_data, old.source = rows, source.strip()
        return old
    number = session.scalar(select(sa.func.max(WorkflowVersion.number)).where(WorkflowVersion.scope == scope))
    made = WorkflowVersion(scope=scope, number=(number or 0) + 1, steps_data=rows, source=source.strip())
    made.state = WorkflowState.DRAFT
    session.add(made)
    return made


def publish(
    session: Session, version: WorkflowVersion, *, by: Actor, at: datetime, seen: int | None = None
) -> None:
    """Let new dossiers take *version*; those under way keep theirs. Raises as draft."""
    _require_admin(by)
    _require_unchanged(session, version.scope, seen)
    if version.state != WorkflowState.DRAFT:
        raise Refused(N_("Chỉ bản nháp mới ban hành được."))
    check(version.steps)
    before = published(session, version.scope)
    _record(session, version.scope, "publish", {"number": version.number}, by=by, at=at)
    if before is not None:
        before.state = WorkflowState.REPLACED
        session.flush()  # One published version a scope: the old one goes first.
    version.state, version.published_at = WorkflowState.PUBLISHED, at


def discard(
    session: Session, version: WorkflowVersion, *, by: Actor, at: datetime, seen: int | None = None
) -> None:
    """Throw a draft away; the version in force stays. Raises as draft."""
    _require_admin(by)
    _require_unchanged(session, version.scope, seen)
    if version.state != WorkflowState.DRAFT:
        raise Refused(N_("Chỉ bản nháp mới bỏ được."))
    _record(session, version.scope, "discard", {"number": version.number}, by=by, at=at)
    session.delete(version)


def check(steps: Sequence[StepSpec]) -> None:
    """Raise Refused unless *steps* are a workflow: kinds in order, none twice, none missing, each fit."""
    kinds = [step.kind for step in steps]
    if kinds != [kind for kind in StepKind if kind in kinds] or len(set(kinds)) != len(kinds):
        raise Refused(N_("Các bước phải theo thứ tự, mỗi bước một lần."))
    missing = [kind for kind in StepKind if kind not in kinds and kind not in OPTIONAL]
    if missing:
        raise Refused(N_("Quy trình còn thiếu bước bắt buộc."))
    for step in steps:
        if step.role not in ROLES[step.kind]:
            raise Refused(N_("Có bước giao cho vai không làm được bước đó."))
        check_norm(step.norm_hours)
        check_papers(step.papers)


def check_norm(hours: Decimal) -> None:
    """Raise Refused unless *hours* can be the norm of a step: working hours, to the hundredth."""
    fits = hours.is_finite() and 0 < hours <= MOST_HOURS
    if not fits or hours != hours.quantize(Decimal("0.01")):
        raise Refused(N_("Định mức là số giờ làm việc lớn hơn 0, không quá 2000, tối đa hai số lẻ."))


def check_papers(numbers: Sequence[str]) -> None:
    """Raise Refused unless *numbers* name forms, none twice."""
    if not all(_FORM_NUMBER.fullmatch(number) for number in numbers) or len(set(numbers)) != len(numbers):
        raise Refused(N_("Ghi số mẫu gồm hai chữ số, cách nhau bằng dấu phẩy, ví dụ 01, 05."))


def _require_unchanged(session: Session, scope: str, seen: int | None) -> None:
    if seen is not None and revision(session, scope) != seen:
        raise ChangedMeanwhile


def _record(
    session: Session, scope: str, move: str, said: Mapping[str, Any], *, by: Actor, at: datetime
) -> None:
    deed = ledger.Deed(KIND, chain_of(scope), move, details=said)
    ledger.append(session, deed, by=by, at=at)


def _of(scope: str) -> sa.Select[WorkflowVersion]:
    return select(WorkflowVersion).where(WorkflowVersion.scope == scope)


def _require_admin(by: Actor) -> None:
    if by.role != Role.ADMIN:
        raise NotAllowed


def written(step: StepSpec) -> dict[str, Any]:
    """A step as the database and the ledger keep it."""
    return asdict(step) | {"norm_hours": str(step.norm_hours), "papers": list(step.papers)}


def _read(row: Mapping[str, Any]) -> StepSpec:
    return StepSpec(
        StepKind(row["kind"]), Role(row["role"]), Decimal(row["norm_hours"]), tuple(row["papers"])
    )
