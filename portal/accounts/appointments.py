"""Rights of staff: a role at an office from a day to a day; given, ended, moved, each on the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.authority import OPERATOR, require_admin, require_another
from portal.accounts.models import DESK_ROLES, Account, Actor, Appointment, Office, OfficeKind, Role
from portal.ground import ledger
from portal.ground.errors import Refused, WrongState
from portal.ground.open_hours import ONE_DAY, day_of
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


@dataclass(frozen=True)
class Seat:
    """A role at an office, whoever holds it."""

    office: Office
    role: Role


@dataclass(frozen=True)
class Farewell:
    """What is said of an ending: why, and the appointment that takes the work over."""

    reason: str = ""
    successor_id: int | None = None


class LastAdministrator(Refused):
    """Nobody would be left who can give rights."""

    message = N_("Đây là quản trị viên cuối cùng. Hãy giao vai quản trị, không hạn, cho người khác trước.")


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
    """Give *account* a role at an office; raises NotAllowed, Refused, and OwnRights for one's own account.

    Rights begin on the day they are given or later; only the operator enters older ones.
    """
    require_admin(by)
    require_another(by, account)
    _check(account, Seat(office, role), tenure)
    if by is not OPERATOR and tenure.from_on < day_of(at):
        raise Refused(N_("Vai chỉ bắt đầu từ hôm nay trở đi, không lùi về trước."))
    _check_not_held(session, account, Seat(office, role), tenure)
    held = Appointment(account=account, office=office, role=role, from_on=tenure.from_on, to_on=tenure.to_on)
    session.add(held)
    session.flush()  # The ledger names the appointment by its id.
    _record(session, held, "appoint", held.to_on, Farewell(), by=by, at=at)
    return held


def end(
    session: Session,
    held: Appointment,
    last_on: date,
    farewell: Farewell = Farewell(),
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Let an appointment end with *last_on*; yesterday ends it at once, no day before. Raises as appoint.

    The last administrator stays; raises LastAdministrator.
    """
    require_admin(by)
    require_another(by, held.account)
    if held.to_on is not None and held.to_on <= last_on:
        raise WrongState(N_("Vai này đã kết thúc trước ngày đó."))
    if last_on < held.from_on:
        raise Refused(N_("Ngày kết thúc không được trước ngày bắt đầu."))
    if last_on < day_of(at) - ONE_DAY:
        raise Refused(N_("Ngày cuối không thể sớm hơn hôm qua: việc đã làm vẫn là việc của vai này."))
    check_administrators_remain(session, held.account, [held])
    _record(session, held, "end", last_on, farewell, by=by, at=at)
    held.to_on = last_on


def move(
    session: Session,
    held: Appointment,
    seat: Seat,
    from_on: date,
    farewell: Farewell = Farewell(),
    *,
    by: Actor,
    at: datetime,
) -> Appointment:
    """Let a person go on in another *seat* from *from_on*; the old role ends the day before it."""
    if (held.office, held.role) == (seat.office, seat.role):
        raise Refused(N_("Người này đang giữ đúng vai đó ở cơ quan đó."))
    end(session, held, from_on - ONE_DAY, farewell, by=by, at=at)
    return appoint(session, held.account, seat.office, seat.role, Tenure(from_on), by=by, at=at)


def call_off(session: Session, held: Appointment, *, by: Actor, at: datetime) -> None:
    """Take an appointment back that has not begun; only the ledger still knows it. Raises WrongState."""
    require_admin(by)
    require_another(by, held.account)
    if held.from_on <= day_of(at):
        raise WrongState(N_("Vai này đã bắt đầu; hãy ghi ngày kết thúc."))
    _record(session, held, "call_off", held.to_on, Farewell(), by=by, at=at)
    session.delete(held)


def check_administrators_remain(session: Session, account: Account, leaving: Sequence[Appointment]) -> None:
    """Raise LastAdministrator when *leaving* holds the last rights without an end that grant rights.

    The rows stay locked until the transaction ends, so that two administrators cannot end each other.
    """
    if not any(held.role == Role.ADMIN and held.to_on is None for held in leaving):
        return
    endless = select(Appointment).where(Appointment.role == Role.ADMIN, Appointment.to_on.is_(None))
    able = endless.join(Appointment.account).where(Account.closed_at.is_(None))
    in_order = able.order_by(Appointment.id).with_for_update(of=Appointment)
    if all(one.account_id == account.id for one in session.scalars(in_order).all()):
        raise LastAdministrator


def open_to(session: Session, account_id: int, day: date) -> Sequence[Appointment]:
    """The appointments a person may act under on *day*, the most recent first."""
    held = select(Appointment).where(Appointment.account_id == account_id, in_force(day))
    recent = held.order_by(Appointment.from_on.desc(), Appointment.id.desc())
    return session.scalars(recent.options(joinedload(Appointment.office))).all()


def in_force(day: date) -> sa.ColumnElement[bool]:
    """The condition that an appointment holds on *day*."""
    open_ended = sa.or_(Appointment.to_on.is_(None), Appointment.to_on >= day)
    return sa.and_(Appointment.from_on <= day, open_ended)


def _check(account: Account, seat: Seat, tenure: Tenure) -> None:
    office = seat.office
    if account.closed_at is not None:
        raise Refused(N_("Tài khoản này đã đóng."))
    if account.sign_in_name is None:
        raise Refused(N_("Chỉ tài khoản cán bộ được giao vai; tài khoản công dân thì không."))
    if seat.role not in ROLES_AT[office.kind]:
        raise Refused(N_("Cơ quan này không có vai đó."))
    if tenure.to_on is not None and tenure.to_on < tenure.from_on:
        raise Refused(N_("Ngày kết thúc không được trước ngày bắt đầu."))
    if not office.is_open_on(tenure.from_on):
        raise Refused(N_("Cơ quan này không hoạt động vào ngày bắt đầu."))


def _check_not_held(session: Session, account: Account, seat: Seat, tenure: Tenure) -> None:
    """The same role at the same office is not given twice for the same days."""
    same = (Appointment.account == account, Appointment.office == seat.office, Appointment.role == seat.role)
    begins_before = Appointment.from_on <= (tenure.to_on or date.max)
    ends_after = sa.or_(Appointment.to_on.is_(None), Appointment.to_on >= tenure.from_on)
    if session.scalar(select(Appointment.id).where(*same, begins_before, ends_after).limit(1)):
        raise WrongState(N_("Người này đã giữ vai đó trong những ngày ấy."))


def _record(
    session: Session,
    held: Appointment,
    move: str,
    last_on: date | None,
    farewell: Farewell,
    *,
    by: Actor,
    at: datetime,
) -> None:
    state = f"{held.role} {held.office.code}"
    details = {
        "appointment": held.id,
        "from_on": held.from_on.isoformat(),
        "to_on": last_on.isoformat() if last_on else None,
    }
    if farewell.successor_id:
        details["successor"] = farewell.successor_id
    before, after = ("", state) if move == "appoint" else (state, "")
    reason = farewell.reason.strip()
    deed = ledger.Deed(KIND, held.account_id, move, before, after, reason=reason, details=details)
    ledger.append(session, deed, by=by, at=at)
