"""Dated absences: who stands in for whom at an office. The one who stands in holds the same role there."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.accounts.appointments import Tenure, in_force
from portal.accounts.models import DESK_ROLES, Account, Actor, Appointment, Office, Role
from portal.ground import ledger
from portal.ground.db import Base
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.open_hours import ONE_DAY, day_of
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


class WrongSubstitute(Refused):
    """The person chosen cannot stand in."""

    message = N_("Người thay phải đang giữ cùng vai ở cơ quan này trong thời gian đó.")


class WrongPerson(Refused):
    """The person cannot be away like that."""

    message = N_("Người này đã có người thay trong thời gian đó.")


@dataclass(frozen=True)
class StandIn:
    """Who is away from which office, and who stands in there."""

    account_id: int
    substitute_id: int
    office_id: int


def declare(session: Session, who: StandIn, days: Tenure, reason: str, *, by: Actor, at: datetime) -> Absence:
    """Let somebody stand in for somebody else at an office; *days* without an end is one day.

    Raises NotAllowed for anybody but a leader there or an administrator; Refused for days that are over;
    WrongSubstitute when the two do not hold the same role there in that time, or the substitute is away, too;
    WrongPerson when the person is away then already, or stands in for somebody.
    """
    check_may(by, who.office_id)
    last_on = days.to_on or days.from_on
    if last_on < days.from_on:
        raise Refused(N_("Ngày cuối không được trước ngày đầu."))
    if days.from_on < day_of(at):
        raise Refused(N_("Vắng mặt chỉ ghi từ hôm nay trở đi, không lùi về trước."))
    _one_at_a_time(session, who.office_id)
    _check_people(session, who, Tenure(days.from_on, last_on))
    said = {"substitute": who.substitute_id, "from_on": days.from_on.isoformat()}
    away = Absence(
        account_id=who.account_id, office_id=who.office_id, substitute_id=who.substitute_id,
        from_on=days.from_on, to_on=last_on, reason=reason.strip(),
    )  # fmt: skip
    _record(session, away, "declare", last_on, said, by=by, at=at)
    session.add(away)
    return away


def end(session: Session, away: Absence, last_on: date, *, by: Actor, at: datetime) -> None:
    """Let the person be back after *last_on*, earlier than said; raises NotAllowed, WrongState."""
    check_may(by, away.office_id)
    if not away.from_on <= last_on < away.to_on:
        raise WrongState(N_("Ngày trở lại không nằm trong thời gian vắng."))
    _record(session, away, "end", last_on, by=by, at=at)
    away.to_on = last_on


def come_back(session: Session, away: Absence, *, by: Actor, at: datetime) -> None:
    """Let the person be back from this day on; one that has not begun before is called off.

    Raises NotAllowed, and WrongState when it is over.
    """
    yesterday = day_of(at) - ONE_DAY
    check_may(by, away.office_id)
    if away.to_on <= yesterday:
        raise WrongState(N_("Lần vắng này đã hết rồi."))
    if away.from_on <= yesterday:
        end(session, away, yesterday, by=by, at=at)
    else:
        _call_off(session, away, by=by, at=at)


def give_up(session: Session, held: Appointment, last_on: date, *, by: Actor, at: datetime) -> None:
    """End with *last_on*, after *held* was ended, what two people share no role for any more."""
    for away in _beyond(session, held.account_id, held.office_id, last_on):
        rest = Tenure(max(away.from_on, last_on + ONE_DAY), away.to_on)
        if _same_role(session, _pair(away), rest):
            continue
        if away.from_on <= last_on:
            end(session, away, last_on, by=by, at=at)
        else:
            _call_off(session, away, by=by, at=at)


def stands_in_for(session: Session, account_id: int, office_id: int, today: date) -> frozenset[int]:
    """The accounts whose absence at *office_id* the person covers on *today*."""
    return frozenset(away.account_id for away in covered_by(session, account_id, office_id, today))


def covered_by(session: Session, account_id: int, office_id: int, today: date) -> list[Absence]:
    """The absences at *office_id* that the person covers on *today*, the one that ends first in front."""
    mine = (Absence.substitute_id == account_id, Absence.office_id == office_id)
    now = select(Absence).where(*mine, Absence.from_on <= today, Absence.to_on >= today)
    in_order = now.order_by(Absence.to_on, Absence.id).options(joinedload(Absence.account))
    return list(session.scalars(in_order))


def covers(session: Session, held: Appointment, today: date) -> int:
    """For how many absences, now or to come, the person of an appointment is to stand in there."""
    theirs = (Absence.substitute_id == held.account_id, Absence.office_id == held.office_id)
    return session.scalars(select(sa.func.count(Absence.id)).where(*theirs, Absence.to_on >= today)).one()


def of_office(session: Session, office_id: int, today: date) -> list[Absence]:
    """The absences of an office that are not over, the next first."""
    coming = select(Absence).where(Absence.office_id == office_id, Absence.to_on >= today)
    in_order = coming.order_by(Absence.from_on, Absence.id)
    people = (joinedload(Absence.account), joinedload(Absence.substitute))
    return list(session.scalars(in_order.options(*people)))


def get(session: Session, absence_id: int, office_id: int) -> Absence | None:
    """One absence of an office; None when it is not there."""
    return session.scalar(select(Absence).where(Absence.id == absence_id, Absence.office_id == office_id))


def colleagues(session: Session, office_id: int, today: date) -> list[Appointment]:
    """Who works on dossiers at an office on *today*, by name: among whom absences are declared."""
    here = (Appointment.office_id == office_id, Appointment.role.in_(DESK_ROLES), in_force(today))
    able = select(Appointment).join(Appointment.account).where(*here, Account.closed_at.is_(None))
    by_name = able.order_by(Account.full_name, Appointment.id)
    return list(session.scalars(by_name.options(joinedload(Appointment.account))))


def check_may(by: Actor, office_id: int) -> None:
    """Let pass a leader of the office and an administrator; raises NotAllowed."""
    if by.role != Role.ADMIN and not (by.role == Role.LEADER and by.office_id == office_id):
        raise NotAllowed


def _one_at_a_time(session: Session, office_id: int) -> None:
    """Wait for others who say so at the office, so that each sees what the one before said."""
    here = select(Office.id).where(Office.id == office_id)
    session.execute(here.with_for_update(key_share=True))


def _check_people(session: Session, who: StandIn, days: Tenure) -> None:
    if _away(session, Absence.account_id == who.account_id, who.office_id, days):
        raise WrongPerson
    if _away(session, Absence.substitute_id == who.account_id, who.office_id, days):
        raise WrongPerson(N_("Người này đang thay người khác trong thời gian đó; hãy đổi người thay trước."))
    if who.account_id == who.substitute_id or not _same_role(session, who, days):
        raise WrongSubstitute
    if _away(session, Absence.account_id == who.substitute_id, who.office_id, days):
        raise WrongSubstitute(N_("Người thay cũng vắng trong thời gian đó."))


def _same_role(session: Session, who: StandIn, days: Tenure) -> bool:
    """Whether the two hold one role at the office on the first and on the last of *days*."""
    held = select(Appointment).join(Appointment.account).where(Appointment.office_id == who.office_id)
    able = session.scalars(held.where(Account.closed_at.is_(None))).all()
    last_on = days.to_on or days.from_on
    lasting = [one for one in able if one.holds_on(days.from_on) and one.holds_on(last_on)]
    mine, theirs = (
        {one.role for one in lasting if one.account_id == account and one.role in DESK_ROLES}
        for account in (who.account_id, who.substitute_id)
    )
    return bool(mine & theirs)


def _away(session: Session, which: sa.ColumnElement[bool], office_id: int, days: Tenure) -> bool:
    clash = (Absence.from_on <= (days.to_on or days.from_on), Absence.to_on >= days.from_on)
    found = select(Absence.id).where(which, Absence.office_id == office_id, *clash)
    return session.scalar(found.limit(1)) is not None


def _beyond(session: Session, account_id: int, office_id: int, last_on: date) -> list[Absence]:
    """The absences after *last_on* in which a person is either of the two."""
    either = sa.or_(Absence.account_id == account_id, Absence.substitute_id == account_id)
    later = select(Absence).where(either, Absence.office_id == office_id, Absence.to_on > last_on)
    return list(session.scalars(later.order_by(Absence.id)))


def _pair(away: Absence) -> StandIn:
    return StandIn(away.account_id, away.substitute_id, away.office_id)


def _call_off(session: Session, away: Absence, *, by: Actor, at: datetime) -> None:
    """Take back an absence that has not begun; only the ledger still knows it."""
    _record(session, away, "call_off", away.to_on, {"from_on": away.from_on.isoformat()}, by=by, at=at)
    session.delete(away)


def _record(
    session: Session,
    away: Absence,
    move: str,
    last_on: date,
    said: dict[str, Any] | None = None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    office = session.get_one(Office, away.office_id).code
    details = {"office": office, "substitute": away.substitute_id, "to_on": last_on.isoformat()}
    reason = away.reason if move == "declare" else ""
    deed = ledger.Deed(KIND, away.account_id, move, reason=reason, details=details | (said or {}))
    ledger.append(session, deed, by=by, at=at)
