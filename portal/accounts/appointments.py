"""Rights of staff: a role at an office from a day to a day; given, ended and moved, each on the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.authority import require_admin, require_another
from portal.accounts.models import DESK_ROLES, Account, Actor, Appointment, Office, OfficeKind, Role
from portal.ground import ledger
from portal.ground.errors import Refused, WrongState
from portal.ground.words import N_

KIND = "grant"
"""Kind of the ledger chains of rights, one chain a person."""

ROLES_AT: dict[OfficeKind, tuple[Role, ...]] = {
    OfficeKind.PROVINCE: (Role.SUPERVISOR, Role.ADMIN),
    OfficeKind.DEPARTMENT: DESK_ROLES,
    OfficeKind.DISTRICT: DESK_ROLES,
    OfficeKind.WARD: DESK_ROLES,
    OfficeKind.POST: (Role.CARRIER, Role.POST_CLERK),
}
"""Which roles an office has."""


@dataclass(frozen=True)
class Tenure:
    """From a day to a day, both included; open-ended without *to_on*."""

    from_on: date
    to_on: date | None = None


def appoint(
    session: Session,
    account: Account,
    office: Office,
    role: Role,
    tenure: Tenure,
    *,
    by: Actor,
    at: datetime,
) -> Appointment:
    """Give *account* a role at an office; raises NotAllowed, Refused, and OwnRights for one's own account."""
    require_admin(by)
    require_another(by, account)
    _check(account, office, role, tenure)
    _check_not_held(session, account, office, role, tenure)
    held = Appointment(account=account, office=office, role=role, from_on=tenure.from_on, to_on=tenure.to_on)
    session.add(held)
    session.flush()  # The ledger names the appointment by its id.
    _record(session, held, "appoint", held.to_on, by=by, at=at)
    return held


def end(session: Session, held: Appointment, last_on: date, *, by: Actor, at: datetime) -> None:
    """Let an appointment end with *last_on*; a day before today ends it at once. Raises as appoint."""
    require_admin(by)
    require_another(by, held.account)
    if held.to_on is not None and held.to_on <= last_on:
        raise WrongState(N_("Vai này đã kết thúc trước ngày đó."))
    if last_on < held.from_on:
        raise Refused(N_("Ngày kết thúc không được trước ngày bắt đầu."))
    _record(session, held, "end", last_on, by=by, at=at)
    held.to_on = last_on


def move(
    session: Session, held: Appointment, office: Office, from_on: date, *, by: Actor, at: datetime
) -> Appointment:
    """Let the same role go on at another *office* from *from_on*; the old one ends the day before."""
    end(session, held, from_on - timedelta(days=1), by=by, at=at)
    return appoint(session, held.account, office, held.role, Tenure(from_on), by=by, at=at)


def open_to(session: Session, account_id: int, day: date) -> Sequence[Appointment]:
    """The appointments a person may act under on *day*, the most recent first."""
    held = select(Appointment).where(Appointment.account_id == account_id, in_force(day))
    recent = held.order_by(Appointment.from_on.desc(), Appointment.id.desc())
    return session.scalars(recent.options(joinedload(Appointment.office))).all()


def in_force(day: date) -> sa.ColumnElement[bool]:
    """The condition that an appointment holds on *day*."""
    open_ended = sa.or_(Appointment.to_on.is_(None), Appointment.to_on >= day)
    return sa.and_(Appointment.from_on <= day, open_ended)


def _check(account: Account, office: Office, role: Role, tenure: Tenure) -> None:
    if account.closed_at is not None:
        raise Refused(N_("Tài khoản này đã đóng."))
    if account.sign_in_name is None:
        raise Refused(N_("Chỉ tài khoản cán bộ được giao vai; tài khoản công dân thì không."))
    if role not in ROLES_AT[office.kind]:
        raise Refused(N_("Cơ quan này không có vai đó."))
    if tenure.to_on is not None and tenure.to_on < tenure.from_on:
        raise Refused(N_("Ngày kết thúc không được trước ngày bắt đầu."))
    if tenure.from_on < office.from_on or (office.to_on and tenure.from_on > office.to_on):
        raise Refused(N_("Cơ quan này không hoạt động vào ngày bắt đầu."))


def _check_not_held(session: Session, account: Account, office: Office, role: Role, tenure: Tenure) -> None:
    """The same role at the same office is not given twice for the same days."""
    same = (Appointment.account == account, Appointment.office == office, Appointment.role == role)
    begins_before = Appointment.from_on <= (tenure.to_on or date.max)
    ends_after = sa.or_(Appointment.to_on.is_(None), Appointment.to_on >= tenure.from_on)
    if session.scalar(select(Appointment.id).where(*same, begins_before, ends_after)):
        raise WrongState(N_("Người này đã giữ vai đó trong những ngày ấy."))


def _record(
    session: Session, held: Appointment, move: str, last_on: date | None, *, by: Actor, at: datetime
) -> None:
    state = f"{held.role} {held.office.code}"
    details = {
        "appointment": held.id,
        "from_on": held.from_on.isoformat(),
        "to_on": last_on.isoformat() if last_on else None,
    }
    before, after = ("", state) if move == "appoint" else (state, "")
    deed = ledger.Deed(KIND, held.account_id, move, before, after, details=details)
    ledger.append(session, deed, by=by, at=at)
