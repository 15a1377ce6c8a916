"""Reads: what a viewer may see, one dossier, a person's dossiers, the public look-up, the access log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.accounts.models import DESK_ROLES, Account, Actor, Appointment, Role
from portal.dossiers.actions.recording import KIND
from portal.dossiers.models import AccessLogEntry, Consultation, Dossier, Paper, Pause, SupplementRequest
from portal.dossiers.states import FINAL, Look, Move, Status, Step
from portal.dossiers.workflow import OPINED_IN
from portal.ground import ledger
from portal.ground.errors import NotFound, WrongState


class StalePage(WrongState):
    """The page was shown from an older version of the dossier than there is now."""


OPINING = (Role.SPECIALIST, Role.LEADER)
"""Who gives opinions for an office that was asked, and so sees what it was asked about."""


def visible_to(viewer: Actor) -> sa.ColumnElement[bool]:
    """What *viewer* may see, as a condition inside the SELECT; carriers see only their own run."""
    if viewer.role in OPINING:
        return sa.or_(handled_by(viewer), _asked_of(viewer))
    return handled_by(viewer)


def handled_by(viewer: Actor) -> sa.ColumnElement[bool]:
    """What is *viewer*'s own, or their office's to work on; an office that was only asked works on none."""
    if viewer.role == Role.CITIZEN:
        return sa.or_(Dossier.submitter_id == viewer.account_id, Dossier.owner_id == viewer.account_id)
    if viewer.role in DESK_ROLES:
        here = (Dossier.office_id, Dossier.received_by_id, Dossier.helped_by_id)
        return sa.or_(*(column == viewer.office_id for column in here))
    return sa.false()


def is_guest(viewer: Actor, dossier: Dossier) -> bool:
    """Whether an official sees *dossier* only because their office was asked for its opinion."""
    here = (dossier.office_id, dossier.received_by_id, dossier.helped_by_id)
    return viewer.role in DESK_ROLES and viewer.office_id not in here


def _asked_of(viewer: Actor) -> sa.ColumnElement[bool]:
    """Questions to the office of *viewer* that can still be answered, and those it answered."""
    asked = select(Consultation.dossier_id).where(Consultation.office_id == viewer.office_id)
    answered = asked.where(Consultation.answered_at.is_not(None))
    waited_for = asked.where(Consultation.answered_at.is_(None), Consultation.ended_at.is_(None))
    open_ones = sa.and_(Dossier.id.in_(waited_for), Dossier.status.in_(OPINED_IN))
    return sa.or_(open_ones, Dossier.id.in_(answered))


def get(session: Session, dossier_id: int, viewer: Actor, seen_version: int | None = None) -> Dossier:
    """The dossier, or NotFound when absent or not for *viewer*'s eyes.

    seen_version: the version on the page that was sent; StalePage when the dossier has moved on since.
    """
    return _one(session, Dossier.id == dossier_id, viewer, seen_version)


def by_code(session: Session, code: str, viewer: Actor, seen_version: int | None = None) -> Dossier:
    """As get, by the official or the provisional code."""
    return _one(session, sa.or_(Dossier.code == code, Dossier.provisional_code == code), viewer, seen_version)


def mine(session: Session, viewer: Actor, limit: int = 50) -> Sequence[Dossier]:
    """The dossiers a citizen owns or submitted, newest first."""
    page = select(Dossier).where(visible_to(viewer)).order_by(Dossier.id.desc()).limit(limit)
    shown = page.options(joinedload(Dossier.procedure_version), joinedload(Dossier.office))
    return session.scalars(shown.options(selectinload(Dossier.pauses))).all()


def was_broken() -> sa.ColumnElement[bool]:
    """Whether a promise of a dossier had passed before its clock was stopped, as a condition (broken_at)."""
    return select(Pause.id).where(Pause.dossier_id == Dossier.id, Pause.came_late).exists()


@dataclass(frozen=True)
class PublicView:
    """All that the public look-up tells: stage and due date, nothing about people."""

    code: str
    procedure_name: str
    status: Status
    step: Step | None
    due_at: datetime | None


def look_up(session: Session, code: str, phone_digits: str) -> PublicView | None:
    """The public view of a dossier, by its code and the last four digits of a phone of its people."""
    either = sa.or_(Dossier.code == code, Dossier.provisional_code == code)
    ends = "%" + "".join(digit for digit in phone_digits if digit.isdecimal())[-4:]
    phones = sa.or_(Dossier.submitter_phone.like(ends), Dossier.owner_phone.like(ends))
    query = select(Dossier).where(either, phones).options(joinedload(Dossier.procedure_version))
    found = session.scalar(query) if len(ends) == 5 else None
    if found is None:
        return None
    name = found.procedure_version.name
    return PublicView(found.shown_code, name, found.status, found.step, found.due_at)


@dataclass(frozen=True)
class Event:
    """One line of a dossier's history: the move, who made it, in what capacity, when, and the words said."""

    move: Move
    at: datetime
    who: str
    role: Role
    reason: str
    details: dict[str, object]


def history(session: Session, dossier: Dossier) -> list[Event]:
    """What happened to *dossier* so far, oldest first, from the ledger."""
    entries = ledger.history(session, KIND, dossier.id)
    accounts = select(Account.id, Account.full_name).where(
        Account.id.in_({row.account_id for row in entries})
    )
    names = {row.id: row.full_name for row in session.execute(accounts)}
    acting = {row.appointment_id for row in entries if row.appointment_id}
    held = select(Appointment.id, Appointment.role).where(Appointment.id.in_(acting))
    roles = {row.id: row.role for row in session.execute(held)}
    return [
        Event(
            Move(row.move),
            row.at,
            names.get(row.account_id, ""),
            roles.get(row.appointment_id or 0, Role.CITIZEN),
            row.reason,
            row.details,
        )
        for row in entries
    ]


def ended_at(session: Session, dossier: Dossier) -> datetime | None:
    """When a dossier that is over ended: no entry follows its end."""
    entries = ledger.history(session, KIND, dossier.id) if dossier.is_over else []
    return entries[-1].at if entries else None


def filed_paper(session: Session, paper_uid: str, viewer: Actor) -> Paper:
    """A filed paper of a dossier that *viewer* may see, or NotFound."""
    allowed = select(Dossier.id).where(visible_to(viewer))
    shown = (Paper.filed_at.is_not(None), Paper.quarantined_at.is_(None))
    query = select(Paper).where(Paper.uid == paper_uid, *shown, Paper.dossier_id.in_(allowed))
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def running_under(session: Session) -> dict[int, int]:
    """How many dossiers that are not over run under each version of a workflow, by its id."""
    count = select(Dossier.workflow_id, sa.func.count(Dossier.id).label("number")).where(
        Dossier.status.not_in(FINAL), Dossier.closed_at.is_(None), Dossier.workflow_id.is_not(None)
    )
    rows = session.execute(count.group_by(Dossier.workflow_id))
    return {row.workflow_id: row.number for row in rows}


def note_look(
    session: Session, dossier: Dossier, viewer: Actor, *, at: datetime, look: Look = Look.PAGE, what: str = ""
) -> None:
    """Record that *viewer* looked; people looking at their own dossier leave no row."""
    if viewer.account_id not in (dossier.submitter_id, dossier.owner_id):
        session.add(
            AccessLogEntry(
                dossier_id=dossier.id,
                account_id=viewer.account_id,
                appointment_id=viewer.appointment_id,
                at=at,
                look=look,
                what=what,
            )
        )


def note_found(session: Session, dossier_ids: Sequence[int], viewer: Actor, *, at: datetime) -> None:
    """Record that *viewer* found these dossiers by the phone number of a person."""
    for dossier in session.scalars(select(Dossier).where(Dossier.id.in_(dossier_ids))):
        note_look(session, dossier, viewer, at=at, look=Look.SEARCH)


def _one(session: Session, which: sa.ColumnElement[bool], viewer: Actor, seen_version: int | None) -> Dossier:
    query = select(Dossier).where(which, visible_to(viewer)).options(*_page())
    found = session.scalar(query)
    if found is None:
        raise NotFound
    if seen_version is not None and seen_version != found.version:
        raise StalePage
    return found


def _page() -> tuple[sa.orm.interfaces.LoaderOption, ...]:
    """What every page of one dossier shows, loaded in a constant number of statements."""
    return (
        joinedload(Dossier.procedure_version),
        joinedload(Dossier.office),
        joinedload(Dossier.form),
        selectinload(Dossier.checklist),
        selectinload(Dossier.papers),
        selectinload(Dossier.blockers),
        selectinload(Dossier.pauses),
        selectinload(Dossier.consultations),
        selectinload(Dossier.supplements).selectinload(SupplementRequest.items),
    )
