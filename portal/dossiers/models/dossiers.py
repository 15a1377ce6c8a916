"""Nouns: dossiers with their frozen checklist and papers; drafts; the access log."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account, IdentityKind, Office
from portal.catalogue.models import Channel, FormDefinition, ProcedureVersion
from portal.catalogue.workflows import WorkflowVersion
from portal.dossiers.models.checklist import ChecklistItem
from portal.dossiers.models.inquiries import Inquiry
from portal.dossiers.models.waiting import Blocker, Charge, Consultation, Pause, SupplementRequest
from portal.dossiers.states import FINAL, Delivery, Evidence, Look, PaperKind, Status, Step
from portal.ground.db import Base

OPEN = (
    "status IN ('submitted', 'accepted', 'in_progress', 'awaiting_supplement', 'awaiting_payment', 'stopped')"
)
"""Work that somebody still has to do, as the partial index knows it."""


ENDED_WITHOUT_RESULT = (Status.NOT_ACCEPTED, Status.WITHDRAWN)
"""Final statuses that end a dossier before a result; a stopped one ends so when it is closed."""


def _uid() -> str:
    return str(uuid4())


class Dossier(Base):
    """A dossier from its filing to its result; its life stands in the ledger, this row is where it is now.

    Three offices (R28): office_id decides, received_by_id received it, helped_by_id helped to file.
    answers: by question name; identity numbers among them are sealed to this row.
    received_at: when the complete dossier was in the agency's hands, the start of the term (DOMAIN 7.3).
    resume_to: the status that a supplement or a payment came from, while it is awaited.
    assignee_id: who works on it inside the office; None while it is anybody's of the step's role.
    parent_id: the dossier it serves in another office (liên thông), with a clock of its own.
    """

    __tablename__ = "dossier"
    __table_args__ = (
        sa.CheckConstraint("code IS NULL OR accepted_at IS NOT NULL", name="code_once_accepted"),
        sa.CheckConstraint("(code IS NULL) = (due_at IS NULL)", name="due_once_accepted"),
        sa.CheckConstraint(
            "code IS NOT NULL OR status IN"
            " ('submitted', 'not_accepted', 'awaiting_supplement', 'awaiting_payment', 'withdrawn')",
            name="in_progress_has_code",
        ),
        sa.CheckConstraint("(status = 'in_progress') = (step IS NOT NULL)", name="step_in_progress"),
        sa.CheckConstraint(
            "(status IN ('awaiting_supplement', 'awaiting_payment')) = (resume_to IS NOT NULL)",
            name="waiting_returns",
        ),
        sa.CheckConstraint("closed_at IS NULL OR status = 'stopped'", name="only_stopped_is_closed"),
        sa.CheckConstraint("extended_at IS NULL OR due_at IS NOT NULL", name="extended_once_promised"),
        sa.CheckConstraint("(status = 'returned') = (evidence IS NOT NULL)", name="returned_with_evidence"),
        sa.Index(
            "ix_dossier_open_work",
            *("office_id", "status", "due_at", "id"),
            sqlite_where=sa.text(OPEN),
            postgresql_where=sa.text(OPEN),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(36), unique=True, default=_uid)
    version: Mapped[int] = mapped_column(default=1)
    provisional_code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    code: Mapped[str | None] = mapped_column(sa.String(50), unique=True)
    procedure_version_id: Mapped[int] = mapped_column(sa.ForeignKey("procedure_version.id"), index=True)
    form_definition_id: Mapped[int | None] = mapped_column(sa.ForeignKey("form_definition.id"), index=True)
    case_key: Mapped[str] = mapped_column(sa.String(40))
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    received_by_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"), index=True)
    helped_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"), index=True)
    channel: Mapped[Channel]
    delivery: Mapped[Delivery]
    status: Mapped[Status]
    step: Mapped[Step | None]
    resume_to: Mapped[Status | None] = mapped_column(
        sa.Enum(Status, native_enum=False, create_constraint=True, length=40, name="resume_to",
                values_callable=lambda statuses: [status.value for status in statuses])
    )  # fmt: skip

    submitter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    owner_name: Mapped[str] = mapped_column(sa.String(200))
    owner_phone: Mapped[str] = mapped_column(sa.String(15))
    owner_address: Mapped[str] = mapped_column(sa.Text, default="")
    owner_identity_kind: Mapped[IdentityKind | None]
    owner_identity_sealed: Mapped[str | None] = mapped_column(sa.String(200))
    owner_identity_index: Mapped[str | None] = mapped_column(sa.String(64))
    submitter_phone: Mapped[str] = mapped_column(sa.String(15))
    answers: Mapped[dict[str, Any]]

    submitted_at: Mapped[datetime]
    check_due_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    due_trace: Mapped[list[Any]] = mapped_column(default=list)
    finished_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    evidence: Mapped[Evidence | None]
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    workflow_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workflow_version.id"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    step_due_at: Mapped[datetime | None]
    """Until when the present step should be done, by the norm of the workflow; promised to nobody outside."""
    extended_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    """When a stopped dossier was ended for good."""
    draft_sent_at: Mapped[datetime | None]
    draft_confirmed_at: Mapped[datetime | None]
    """When its owner, or a day of silence, confirmed the draft of the result (R37)."""

    __mapper_args__ = {"version_id_col": version}

    procedure_version: Mapped[ProcedureVersion] = relationship()
    form: Mapped[FormDefinition | None] = relationship()
    office: Mapped[Office] = relationship(foreign_keys=[office_id])
    submitter: Mapped[Account | None] = relationship(foreign_keys=[submitter_id], viewonly=True)
    checklist: Mapped[list[ChecklistItem]] = relationship(order_by="ChecklistItem.position")
    papers: Mapped[list["Paper"]] = relationship(
        order_by="Paper.id", primaryjoin="and_(Paper.dossier_id == Dossier.id, Paper.quarantined_at == None)"
    )
    inquiries: Mapped[list[Inquiry]] = relationship(order_by="Inquiry.id")
    supplements: Mapped[list[SupplementRequest]] = relationship(order_by="SupplementRequest.id")
    blockers: Mapped[list[Blocker]] = relationship(cascade="all, delete-orphan")
    pauses: Mapped[list[Pause]] = relationship(order_by="Pause.id")
    charges: Mapped[list[Charge]] = relationship(order_by="Charge.id")
    consultations: Mapped[list[Consultation]] = relationship(order_by="Consultation.id")
    children: Mapped[list["Dossier"]] = relationship(order_by="Dossier.id", back_populates="parent")
    parent: Mapped["Dossier | None"] = relationship(remote_side=[id], back_populates="children")
    workflow: Mapped[WorkflowVersion | None] = relationship()

    @property
    def bound_to(self) -> str:
        """What sealed numbers of this row are bound to."""
        return f"dossier:{self.uid}"

    @property
    def shown_code(self) -> str:
        """The official code, or the provisional one before there is any."""
        return self.code or self.provisional_code

    @property
    def results(self) -> "list[Paper]":
        """The result as it stands: drafts that were sent back are not among them."""
        return [p for p in self.papers if p.kind == PaperKind.RESULT and p.superseded_at is None]

    @property
    def open_supplement(self) -> SupplementRequest | None:
        """The request that waits for its answer."""
        return next((asked for asked in self.supplements if asked.answered_at is None), None)

    @property
    def open_pause(self) -> Pause | None:
        """The pause in which the clock stands now."""
        return next((pause for pause in self.pauses if pause.ended_at is None), None)

    @property
    def open_charge(self) -> Charge | None:
        """The demand for money that waits to be paid."""
        return next((charge for charge in self.charges if charge.ended_at is None), None)

    @property
    def open_children(self) -> "list[Dossier]":
        """The linked dossiers at other offices that are under way: neither over nor with a result."""
        return [child for child in self.children if not child.is_over and child.status != Status.FINISHED]

    @hybrid_property
    def ended_without_result(self) -> bool:
        """Whether it was refused, withdrawn or closed: what lies here of it goes back to its people."""
        return self.status in ENDED_WITHOUT_RESULT or self.closed_at is not None

    @ended_without_result.inplace.expression
    @classmethod
    def _ended_without_result(cls) -> sa.ColumnElement[bool]:
        return sa.or_(cls.status.in_(ENDED_WITHOUT_RESULT), cls.closed_at.is_not(None))

    @property
    def has_ended_parent(self) -> bool:
        """Whether the dossier it serves ended without a result: nobody there waits for this one."""
        return self.parent is not None and self.parent.ended_without_result

    @property
    def is_over(self) -> bool:
        """Whether no move leaves its state."""
        return self.status in FINAL or self.closed_at is not None

    @property
    def broken_at(self) -> datetime | None:
        """The first promise that had passed when the clock stopped; no later one makes it good (R19, R23)."""
        return min((pause.old_due_at for pause in self.pauses if pause.came_late), default=None)

    def is_overdue(self, at: datetime) -> bool:
        """Whether the present promise has passed without a result, while the clock ran and anybody waited."""
        if self.due_at is None or self.status == Status.WITHDRAWN or self.open_pause is not None:
            return False
        return (self.finished_at or at) > self.due_at

    def is_late(self, at: datetime) -> bool:
        """Whether a promise to somebody who still waits was broken: the present one, or one before it."""
        was_broken = self.broken_at is not None and self.status != Status.WITHDRAWN
        return was_broken or self.is_overdue(at)


class Paper(Base):
    """One stored file of a draft or a dossier; officials see none whose *filed_at* is None.

    One in quarantine is among nobody's papers.
    """

    __tablename__ = "paper"
    __table_args__ = (
        sa.CheckConstraint("(draft_id IS NULL) <> (dossier_id IS NULL)", name="one_home"),
        sa.CheckConstraint("size_bytes > 0", name="not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(36), unique=True, default=_uid)
    draft_id: Mapped[int | None] = mapped_column(sa.ForeignKey("draft.id"), index=True)
    dossier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    kind: Mapped[PaperKind]
    item_key: Mapped[str] = mapped_column(sa.String(40))
    """Key of the checklist line it belongs to; "" for a result."""
    blob: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(200))
    mime: Mapped[str] = mapped_column(sa.String(100))
    size_bytes: Mapped[int]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    uploaded_at: Mapped[datetime]
    filed_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    """When a leader sent this draft of a result back; kept as history, never given to anybody."""
    scanned_with: Mapped[str] = mapped_column(sa.String(120), default="")
    """Engine and signatures that let the file pass; "" when no scanner was configured."""
    quarantined_at: Mapped[datetime | None]
    """When a later scan found a virus in it."""


class Draft(Base):
    """What a citizen has typed so far, kept at every page; *dossier_id* once it was filed."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(36), unique=True, default=_uid)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    procedure_version_id: Mapped[int] = mapped_column(sa.ForeignKey("procedure_version.id"), index=True)
    form_definition_id: Mapped[int | None] = mapped_column(sa.ForeignKey("form_definition.id"), index=True)
    case_key: Mapped[str] = mapped_column(sa.String(40), default="")
    paper_keys: Mapped[list[str]] = mapped_column(default=list)
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ways: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How to send and to receive, with addresses, as typed."""
    pages_done: Mapped[list[str]] = mapped_column(default=list)
    began_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    dossier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dossier.id"), unique=True)

    account: Mapped[Account] = relationship()
    procedure_version: Mapped[ProcedureVersion] = relationship()
    form: Mapped[FormDefinition | None] = relationship()
    papers: Mapped[list[Paper]] = relationship(
        order_by="Paper.id", primaryjoin="and_(Paper.draft_id == Draft.id, Paper.quarantined_at == None)"
    )
    inquiries: Mapped[list[Inquiry]] = relationship(order_by="Inquiry.id")

    @property
    def bound_to(self) -> str:
        """What sealed numbers of this row are bound to."""
        return f"draft:{self.uid}"


class AccessLogEntry(Base):
    """A look at a person's dossier: who, in what capacity, when, at what; shown to that person."""

    __tablename__ = "access_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    appointment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appointment.id"), index=True)
    at: Mapped[datetime]
    look: Mapped[Look]
    what: Mapped[str] = mapped_column(sa.String(200), default="")
