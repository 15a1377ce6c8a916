"""Dated absences: who stands in for whom at an office. The one who stands in holds the same role there."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from portal.accounts.appointments import Tenure
from portal.accounts.models import Account, Actor, Appointment, Role
from portal.ground import ledger
from portal.ground.db import Base
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.words import N_

KIND = "absence"
"""Kind of the ledger chains of absences, one chain a person."""


class Absence(Base):
    """Somebody is away from an office from a day to a day, both included, and somebody stands in."""

    __tablename__ = "absence"
    __table_args__ = (
        sa.CheckConstraint("to_on >= from_on", name="ends_after_it_begins"),
        sa.CheckConstraint("account_id <> substitute_id", name="by_another"),
        sa.Index("ix_absence_substitute", "substitute_id", "to_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"), index=True)
    substitute_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    substitute: Mapped[Account] = relationship(foreign_keys=[substitute_id])


def declare(
    session: Session,
    account_id: int,
    substitute_id: int,
    days: Tenure,
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> Absence:
    """Let *substitute_id* stand in for *account_id* at the leader's office.

    Raises NotAllowed for anybody but a leader there or an administrator, Refused when the two do not hold
    the same role at the office in that time, or the person is away then already.
    """
    office_id = _office(session, account_id, by, days.from_on)
    last_on = days.to_on or days.from_on
    if last_on < days.from_on:
        raise Refused(N_("Ngày cuối không được trước ngày đầu."))
    if account_id == substitute_id or not _same_role(session, account_id, substitute_id, office_id, days):
        raise Refused(N_("Người thay phải đang giữ cùng vai ở cơ quan này trong thời gian đó."))
    if _overlapping(session, account_id, office_id, days.from_on, last_on):
        raise Refused(N_("Người này đã có người thay trong thời gian đó."))
    said = {
        "office": office_id,
        "substitute": substitute_id,
        "from_on": days.from_on.isoformat(),
        "to_on": last_on.isoformat(),
    }
    deed = ledger.Deed(KIND, account_id, "declare", reason=reason.strip(), details=said)
    ledger.append(session, deed, by=by, at=at)
    away = Absence(
        account_id=account_id, office_id=office_id, substitute_id=substitute_id,
        from_on=days.from_on, to_on=last_on, reason=reason.strip(),
    )  # fmt: skip
    session.add(away)
    return away


def end(session: Session, away: Absence, last_on: date, *, by: Actor, at: datetime) -> None:
    """Let the person be back after *last_on*, earlier than said; raises NotAllowed, WrongState."""
    _check_may(by, away.office_id)
    if not away.from_on <= last_on < away.to_on:
        raise WrongState(N_("Ngày trở lại không nằm trong thời gian vắng."))
    said = {"substitute": away.substitute_id, "to_on": last_on.isoformat()}
    ledger.append(session, ledger.Deed(KIND, away.account_id, "end", details=said), by=by, at=at)
    away.to_on = last_on


def stands_in_for(session: Session, account_id: int, office_id: int, today: date) -> frozenset[int]:
    """The accounts whose absence at *office_id* the person covers on *today*."""
    covering = select(Absence.account_id).where(
        Absence.substitute_id == account_id,
        Absence.office_id == office_id,
        Absence.from_on <= today,
        Absence.to_on >= today,
    )
    return frozenset(session.scalars(covering))


def of_office(session: Session, office_id: int, today: date) -> list[Absence]:
    """The absences of an office that are not over, the next first."""
    coming = select(Absence).where(Absence.office_id == office_id, Absence.to_on >= today)
    return list(session.scalars(coming.order_by(Absence.from_on, Absence.id)))


def _office(session: Session, account_id: int, by: Actor, day: date) -> int:
    """The office that the absence is from: the leader's own; for an administrator the person's office."""
    if by.role == Role.ADMIN:
        held = select(Appointment).where(Appointment.account_id == account_id)
        found = next((one for one in session.scalars(held) if one.holds_on(day)), None)
        if found is None:
            raise Refused(N_("Người này không giữ vai nào ở cơ quan."))
        return found.office_id
    _check_may(by, by.office_id or 0)
    return by.office_id or 0


def _check_may(by: Actor, office_id: int) -> None:
    if by.role != Role.ADMIN and not (by.role == Role.LEADER and by.office_id == office_id):
        raise NotAllowed


def _same_role(session: Session, one: int, other: int, office_id: int, days: Tenure) -> bool:
    there = select(Appointment).where(
        Appointment.office_id == office_id, Appointment.account_id.in_((one, other))
    )
    held = [a for a in session.scalars(there) if a.holds_on(days.from_on)]
    last_on = days.to_on or days.from_on
    roles = {a.role for a in held if a.account_id == one}
    return any(a.account_id == other and a.role in roles and a.holds_on(last_on) for a in held)


def _overlapping(session: Session, account_id: int, office_id: int, first: date, last: date) -> bool:
    same = (Absence.account_id == account_id, Absence.office_id == office_id)
    clash = select(Absence.id).where(*same, Absence.from_on <= last, Absence.to_on >= first)
    return session.scalar(clash.limit(1)) is not None
