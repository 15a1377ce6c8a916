"""How a dossier begins: submitted online, announced for the post, or taken in at the desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from portal.accounts.calendars import calendar_of
from portal.accounts.models import Actor, IdentityKind, Office
from portal.catalogue import workflows
from portal.catalogue.models import Case, Channel, FormDefinition, ProcedureVersion, RequiredPaper
from portal.dossiers import deadlines
from portal.dossiers.actions.recording import record
from portal.dossiers.inquiries import found
from portal.dossiers.models import Blocker, ChecklistItem, Dossier, Inquiry
from portal.dossiers.states import BlockerKind, Delivery, Move, Status
from portal.dossiers.workflow import RULES, Rule, rule_of
from portal.ground.codes import random_code
from portal.ground.errors import NotAllowed, Refused
from portal.ground.sealing import keys_of
from portal.ground.words import N_
from portal.ground.working_time import ZONE

PROVISIONAL = "TN"
"""Prefix of provisional codes (tạm nhận)."""

WAITS_FOR = {
    Channel.POST: BlockerKind.PAPERS_ON_THE_WAY,
    Channel.DESK: BlockerKind.PAPERS_TO_BRING,
}
"""What a dossier waits for before it can be accepted, by how it was sent."""


@dataclass(frozen=True)
class Person:
    """Whose dossier it is, as declared; account_id when it is the submitter's own."""

    name: str
    phone: str
    address: str = ""
    identity_kind: IdentityKind | None = None
    identity_number: str = field(default="", repr=False)
    account_id: int | None = None


@dataclass(frozen=True)
class Application:
    """Everything a filing says, checked and complete, before it is a dossier.

    answers: by question name; *sealed* names those that hold identity numbers.
    papers: the lines of the published list that the citizen chose; they become the frozen checklist.
    counted: sheets found at the counter, by key of the paper; empty when nobody counted yet.
    inquiries: what registers were asked about this owner; they become the dossier's.
    """

    version: ProcedureVersion
    case: Case
    papers: tuple[RequiredPaper, ...]
    office: Office
    channel: Channel
    delivery: Delivery
    owner: Person
    submitter_phone: str
    received_by: Office | None = None
    form: FormDefinition | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    sealed: frozenset[str] = frozenset()
    counted: Mapping[str, int] = field(default_factory=dict)
    inquiries: tuple[Inquiry, ...] = ()


def submit(session: Session, application: Application, *, by: Actor, at: datetime) -> Dossier:
    """File *application* online: status 1, provisional code, checklist frozen.

    Sent online it is complete at once and its check clock starts; sent by post or brought to the desk it
    waits for its papers. Whether the level permits it is asked by the caller, who shows the reason (R2).
    """
    complete = application.channel == Channel.ONLINE
    dossier = _begin(session, application, _rule(Move.SUBMIT, by), by=by, at=at)
    if complete:
        _arrived(session, dossier, at)
    return dossier


def announce(session: Session, application: Application, *, by: Actor, at: datetime) -> Dossier:
    """Announce papers that the post will bring, for a procedure that cannot be filed online (DOMAIN 1.4)."""
    if application.channel != Channel.POST:
        raise Refused(N_("Hồ sơ không nộp trên mạng chỉ gửi được qua bưu điện."))
    return _begin(session, application, _rule(Move.ANNOUNCE, by), by=by, at=at)


def intake(session: Session, application: Application, *, by: Actor, at: datetime) -> Dossier:
    """Take in papers at the desk; accept, ask_supplement or refuse follows in the same sitting."""
    here = application.received_by or application.office
    if here.id != by.office_id or _is_theirs(session, application, by):
        raise NotAllowed
    dossier = _begin(session, application, _rule(Move.INTAKE, by), by=by, at=at)
    _arrived(session, dossier, at)
    return dossier


def open_linked(
    session: Session, application: Application, parent: Dossier, *, by: Actor, at: datetime
) -> Dossier:
    """Open a dossier of *parent*'s owner at another office; the caller has checked and records the link."""
    theirs = replace(application, owner=_owner(session, parent), submitter_phone=parent.submitter_phone)
    dossier = _begin(session, theirs, _INTAKE, by=by, at=at)
    parent.children.append(dossier)
    dossier.submitter_id = parent.submitter_id
    _arrived(session, dossier, at)
    return dossier


_INTAKE = next(rule for rule in RULES if rule.move == Move.INTAKE)


def _owner(session: Session, dossier: Dossier) -> Person:
    sealed = dossier.owner_identity_sealed
    return Person(
        name=dossier.owner_name,
        phone=dossier.owner_phone,
        address=dossier.owner_address,
        identity_kind=dossier.owner_identity_kind,
        identity_number=keys_of(session).open(sealed, dossier.bound_to) if sealed else "",
        account_id=dossier.owner_id,
    )


def _is_theirs(session: Session, application: Application, by: Actor) -> bool:
    """Whether the official is the owner: by account or by identity number (DOMAIN 2.3, last line)."""
    owner = application.owner
    same = bool(owner.identity_number) and keys_of(session).index(owner.identity_number) == by.identity_index
    return same or owner.account_id == by.account_id


def _rule(move: Move, by: Actor) -> Rule:
    """The row under which *by* may begin a dossier by *move*; raises NotAllowed."""
    rule = rule_of(move, None)
    if rule is None or by.role not in rule.by:
        raise NotAllowed
    return rule


def _begin(session: Session, application: Application, rule: Rule, *, by: Actor, at: datetime) -> Dossier:
    move, procedure = rule.move, application.version.procedure
    dossier = _row(application, move, by, at)
    dossier.workflow = workflows.in_force(session, procedure.code, application.version.field)
    _seal(session, dossier, application)
    session.add(dossier)
    session.flush()  # The ledger names the dossier by its id.
    session.add_all(_frozen(dossier, application))
    _take_along(dossier, application)
    waits_for = None if move == Move.INTAKE else WAITS_FOR.get(application.channel)
    if waits_for:
        session.add(Blocker(dossier_id=dossier.id, kind=waits_for, raised_at=at))
    record(session, dossier, rule, by=by, at=at, details=_said(application))
    return dossier


def _take_along(dossier: Dossier, application: Application) -> None:
    """What registers were asked for the draft belongs to the dossier from now on."""
    theirs = dossier.inquiries  # Loaded before any row is without a home.
    for inquiry in application.inquiries:
        inquiry.draft_id = None
        theirs.append(inquiry)


def _row(application: Application, move: Move, by: Actor, at: datetime) -> Dossier:
    owner = application.owner
    return Dossier(
        uid=str(uuid4()),
        provisional_code=random_code(PROVISIONAL),
        procedure_version=application.version,
        form=application.form,
        case_key=application.case.key,
        office=application.office,
        received_by_id=(application.received_by or application.office).id,
        channel=application.channel,
        delivery=application.delivery,
        status=Status.SUBMITTED,
        submitter_id=None if move == Move.INTAKE else by.account_id,
        owner_id=owner.account_id,
        owner_name=owner.name,
        owner_phone=owner.phone,
        owner_address=owner.address,
        owner_identity_kind=owner.identity_kind,
        submitter_phone=application.submitter_phone,
        answers={},
        submitted_at=at,
        due_trace=[],
    )


def _seal(session: Session, dossier: Dossier, application: Application) -> None:
    keys, number = keys_of(session), application.owner.identity_number
    if number:
        dossier.owner_identity_sealed = keys.seal(number, dossier.bound_to)
        dossier.owner_identity_index = keys.index(number)
    dossier.answers = {
        name: keys.seal(value, dossier.bound_to) if name in application.sealed and value else value
        for name, value in application.answers.items()
    }


def _frozen(dossier: Dossier, application: Application) -> list[ChecklistItem]:
    answered = found(application.inquiries)
    return [
        ChecklistItem(
            dossier_id=dossier.id,
            position=position,
            key=paper.key,
            name=paper.name,
            originals=paper.originals,
            copies=paper.copies,
            certified_copies=paper.certified_copies,
            is_form=paper.is_form,
            to_show=paper.to_show,
            register=paper.register,
            counted=application.counted.get(paper.key),
            found_at=answered[paper.key].asked_at if paper.key in answered else None,
        )
        for position, paper in enumerate(application.papers, start=1)
    ]


def _arrived(session: Session, dossier: Dossier, at: datetime) -> None:
    calendar = calendar_of(session, dossier.office_id, at.astimezone(ZONE).date())
    dossier.received_at = at
    dossier.check_due_at = deadlines.check_due(dossier.channel, at, calendar)


def _said(application: Application) -> dict[str, Any]:
    return {
        "channel": application.channel,
        "delivery": application.delivery,
        "office": application.office.code,
        "papers": [paper.key for paper in application.papers],
        "counted": dict(application.counted),
        **({"registers": [_asked(one) for one in application.inquiries]} if application.inquiries else {}),
    }


def _asked(inquiry: Inquiry) -> dict[str, str]:
    return {"register": inquiry.register, "paper": inquiry.item_key, "outcome": inquiry.outcome}
