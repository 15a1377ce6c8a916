"""What is still open at an office, by the role that does it; and the closing of an office, which asks."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import establishment
from portal.accounts.models import Actor, Appointment, Office, Role
from portal.catalogue.workflows import WorkflowVersion
from portal.dossiers.holding import DUTIES
from portal.dossiers.models import Dossier
from portal.dossiers.states import FINAL, Status, Step
from portal.ground.errors import Refused
from portal.ground.open_hours import day_of
from portal.ground.words import N_
from portal.postal.queries import duties_of_office

CODES = 20
"""How many codes of open dossiers are named; their number is always whole."""

_KINDS = {
    step: duty.kind for (_status, step), duty in DUTIES.items() if step is not None and duty.kind is not None
}


class StillOpen(Refused):
    """Work lies at the office that somebody there must finish or hand over first."""

    message = N_(
        "Chưa đóng được: còn %(dossiers)s hồ sơ, %(envelopes)s phong bì, %(orders)s đơn bưu điện"
        " và %(people)s người giữ vai. Xử lý xong, hoặc hẹn một ngày đóng sau này và ghi cơ quan kế thừa."
    )


class NoSuccessor(Refused):
    """An office that still has work is followed by another one."""

    message = N_("Cơ quan còn việc hoặc còn người giữ vai: hãy chọn cơ quan kế thừa.")


@dataclass(frozen=True)
class OpenWork:
    """What an office still has: dossiers it decides or received, things of the post, people in its roles."""

    dossiers: int
    codes: tuple[str, ...]
    orders: int
    envelopes: int
    people: int

    @property
    def is_any(self) -> bool:
        """Whether there is anything at all."""
        return bool(self.dossiers or self.orders or self.envelopes or self.people)


def work_of(session: Session, role: Role, office_id: int) -> int:
    """How many pieces of work at an office wait for *role*."""
    if role in (Role.CARRIER, Role.POST_CLERK):
        found = duties_of_office(session, office_id)
        return found.orders + (found.envelopes if role == Role.POST_CLERK else 0)
    waiting = _waiting_for(session, role, office_id)
    return session.scalars(select(sa.func.count(Dossier.id)).where(waiting)).one()


def open_work(session: Session, office: Office, after: date) -> OpenWork:
    """What is open at *office* now, and whose roles go on after a day."""
    dossiers = _open_at(office.id)
    codes = select(sa.func.coalesce(Dossier.code, Dossier.provisional_code)).where(dossiers)
    lasts = sa.or_(Appointment.to_on.is_(None), Appointment.to_on > after)
    people = select(sa.func.count(sa.distinct(Appointment.account_id)))
    of_post = duties_of_office(session, office.id)
    return OpenWork(
        dossiers=session.scalars(select(sa.func.count(Dossier.id)).where(dossiers)).one(),
        codes=tuple(session.scalars(codes.order_by(Dossier.id).limit(CODES))),
        orders=of_post.orders,
        envelopes=of_post.envelopes,
        people=session.scalars(people.where(Appointment.office_id == office.id, lasts)).one(),
    )


def close_office(
    session: Session,
    office: Office,
    last_on: date,
    successor: Office | None,
    reason: str = "",
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Close *office* after *last_on*. Raises as establishment.close, StillOpen and NoSuccessor.

    At once only when nothing is open. Before a later day the work may go on, and what is not done by then
    its people finish: nobody's role ends here, and no dossier changes its office.
    """
    found = open_work(session, office, last_on)
    if found.is_any and last_on <= day_of(at):
        raise StillOpen(
            dossiers=found.dossiers, envelopes=found.envelopes, orders=found.orders, people=found.people
        )
    if found.is_any and successor is None:
        raise NoSuccessor
    establishment.close(session, office, last_on, successor, reason, by=by, at=at)


def _open_at(office_id: int) -> sa.ColumnElement[bool]:
    here = sa.or_(Dossier.office_id == office_id, Dossier.received_by_id == office_id)
    return sa.and_(here, Dossier.status.not_in(FINAL))


def _waiting_for(session: Session, role: Role, office_id: int) -> sa.ColumnElement[bool]:
    """That a dossier is at a step which its own workflow, or the table without one, gives to *role*."""
    at_the_desk = sa.and_(_open_at(office_id), Dossier.status != Status.IN_PROGRESS)
    given = _given_to(session, role, office_id)
    steps = sa.and_(Dossier.office_id == office_id, sa.or_(sa.false(), *given))
    return sa.or_(at_the_desk, steps) if role == Role.RECEPTIONIST else steps


def _given_to(session: Session, role: Role, office_id: int) -> list[sa.ColumnElement[bool]]:
    """The steps that are *role*'s, for each workflow that open dossiers of the office run under."""
    running = select(Dossier.workflow_id).where(_open_at(office_id))
    versions = session.scalars(select(WorkflowVersion).where(WorkflowVersion.id.in_(running)))
    found = [
        sa.and_(Dossier.workflow_id == version.id, Dossier.step == step)
        for version in versions
        for step, kind in _KINDS.items()
        if (spec := version.step(kind)) is not None and spec.role == role
    ]
    usual = [step for step in Step if DUTIES[(Status.IN_PROGRESS, step)].role == role]
    return [*found, *(sa.and_(Dossier.workflow_id.is_(None), Dossier.step == step) for step in usual)]
