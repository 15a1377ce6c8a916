"""Somebody leaves a role: what they still hold, who goes on with it, and the act that ends the role."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.accounts import absences, appointments, closing
from portal.accounts.appointments import Farewell, Seat, Tenure
from portal.accounts.authority import OPERATOR
from portal.accounts.models import Account, Actor, Appointment, Role
from portal.dossiers import actions
from portal.dossiers.models import Dossier
from portal.dossiers.states import FINAL, Status, Step
from portal.dossiers.workflow import appraising
from portal.ground.errors import Refused
from portal.ground.open_hours import ONE_DAY, day_of
from portal.ground.words import N_
from portal.postal import actions as post
from portal.postal import queries as postal
from portal.postal.actions import Rounds
from portal.postal.queries import Held
from portal.postal.queries.duties import StopLeft
from portal.worklists.open_work import work_of

HANDED_BACK = N_("Bưu tá thôi vai")
"""Why a stop goes back to the post office, as the ledger keeps it."""


PASSED_ON = N_("Người đang thẩm tra thôi vai")
"""Why a dossier is passed on, as its ledger keeps it where nobody wrote a reason."""


class StillCarrying(Refused):
    """The person holds envelopes, which only a hand-over with two sides can pass on."""

    message = N_(
        "Bưu tá còn giữ %(count)s phong bì (%(codes)s). Bàn giao hết cho quầy hoặc bưu cục rồi mới thôi vai."
    )


class NobodyLeft(Refused):
    """The person is the last of a role whose work waits, and nobody was named to go on with it."""

    message = N_(
        "Đây là người cuối cùng giữ vai này ở %(office)s, còn %(count)s việc đang chờ."
        " Hãy ghi người thay, hoặc lý do để trống vai."
    )


@dataclass(frozen=True)
class Leave:
    """How somebody leaves a role: after which day, why, and who takes the role over."""

    last_on: date
    reason: str = ""
    successor: Account | None = None


@dataclass(frozen=True)
class Holdings:
    """What somebody still has in a role: of their own, and of the office when nobody else has the role.

    assigned: codes of the open dossiers given to this very person. covers: for how many absent colleagues the
    person would still stand in. waiting: the office's work that asks for this role. is_last: nobody else has
    the role the day after.
    """

    stops: tuple[StopLeft, ...]
    envelopes: tuple[Held, ...]
    offers: int
    proposals: tuple[str, ...]
    assigned: tuple[str, ...]
    covers: int
    waiting: int
    is_last: bool

    @property
    def asks_for_somebody(self) -> bool:
        """Whether the role must not be left without a word about who goes on."""
        return self.is_last and self.waiting > 0


def holdings(session: Session, held: Appointment, last_on: date, today: date) -> Holdings:
    """What the person of an appointment holds that ends with *last_on*."""
    is_carrier = held.role == Role.CARRIER
    rounds = _rounds(held, last_on, today)
    return Holdings(
        stops=tuple(postal.stops_left(session, rounds)) if is_carrier else (),
        envelopes=tuple(postal.carried(session, held.account_id, held.office_id)) if is_carrier else (),
        offers=postal.offers_to(session, rounds) if is_carrier else 0,
        proposals=_proposals(session, held) if held.role == Role.SPECIALIST else (),
        assigned=tuple(dossier.shown_code for dossier in _assigned(session, held)),
        covers=absences.covers(session, held, today),
        waiting=work_of(session, held.role, held.office_id),
        is_last=_is_last(session, held, last_on),
    )


def end(session: Session, held: Appointment, leave: Leave, *, by: Actor, at: datetime) -> None:
    """End a role and pass its open work on. Raises as appointments.end, StillCarrying, NobodyLeft.

    Stops that come after the last day go back to the post office. Envelopes block an end at once; before
    a later day there is time to hand them over, and what is forgotten the post office takes in. Dossiers
    given to this very person go to the successor who appraises there by now, else to anybody of the role.
    """
    farewell = _prepare(session, held, leave, by=by, at=at)
    appointments.end(session, held, leave.last_on, farewell, by=by, at=at)
    _relieve(session, held, leave, by=by, at=at)


def move(
    session: Session, held: Appointment, seat: Seat, leave: Leave, *, by: Actor, at: datetime
) -> Appointment:
    """Let somebody go on in another seat the day after *leave*; the open work of the old one is passed on."""
    farewell = _prepare(session, held, leave, by=by, at=at)
    begun = appointments.move(session, held, seat, leave.last_on + ONE_DAY, farewell, by=by, at=at)
    _relieve(session, held, leave, by=by, at=at)
    return begun


def close(session: Session, account: Account, reason: str, *, by: Actor, at: datetime) -> None:
    """Close an account at once with all its roles. A reason stands for a successor. Raises as end."""
    current = [held for held in account.appointments if held.holds_on(day_of(at))]
    leaves = [(held, Leave(day_of(at) - ONE_DAY, reason)) for held in current]
    for held, leave in leaves:
        _check(session, held, leave, at)
    closing.close(session, account, Farewell(reason), by=by, at=at)
    for held, leave in leaves:
        _relieve(session, held, leave, by=by, at=at)


def _prepare(session: Session, held: Appointment, leave: Leave, *, by: Actor, at: datetime) -> Farewell:
    _check(session, held, leave, at)
    if leave.successor is None:
        return Farewell(leave.reason)
    return Farewell(leave.reason, _succeed(session, held, leave, leave.successor, by=by, at=at).id)


def _check(session: Session, held: Appointment, leave: Leave, at: datetime) -> None:
    found = holdings(session, held, leave.last_on, day_of(at))
    if found.envelopes and leave.last_on < day_of(at):
        codes = ", ".join(envelope.envelope_code for envelope in found.envelopes)
        raise StillCarrying(count=len(found.envelopes), codes=codes)
    if found.asks_for_somebody and leave.successor is None and not leave.reason.strip():
        raise NobodyLeft(office=held.office.name, count=found.waiting)


def _succeed(
    session: Session, held: Appointment, leave: Leave, successor: Account, *, by: Actor, at: datetime
) -> Appointment:
    """The successor's appointment in the same seat: the one there is, or a new one from the day after."""
    begins = max(leave.last_on + ONE_DAY, day_of(at))
    for there in successor.appointments:
        same_seat = (there.office_id, there.role) == (held.office_id, held.role)
        if same_seat and there.id != held.id and there.holds_on(begins):
            return there
    return appointments.appoint(session, successor, held.office, held.role, Tenure(begins), by=by, at=at)


def _relieve(session: Session, held: Appointment, leave: Leave, *, by: Actor, at: datetime) -> None:
    absences.give_up(session, held, leave.last_on, by=by, at=at)
    _pass_on(session, held, leave, at)
    if held.role == Role.CARRIER:
        rounds = _rounds(held, leave.last_on, day_of(at))
        post.relieve(session, rounds, leave.reason.strip() or HANDED_BACK, by=by, at=at)


def _pass_on(session: Session, held: Appointment, leave: Leave, at: datetime) -> None:
    """Let others go on with the dossiers given to this person; the portal's own act, on each one's chain."""
    reason = leave.reason.strip() or PASSED_ON
    successor = leave.successor.id if leave.successor else None
    for dossier in _assigned(session, held):
        if successor in actions.appraisers(session, dossier, at):
            actions.assign(session, dossier, successor, by=OPERATOR, at=at, note=reason)
        else:
            actions.release(session, dossier, by=OPERATOR, at=at, reason=reason)


def _assigned(session: Session, held: Appointment) -> list[Dossier]:
    """The open dossiers that are given to this person for the role's work at the office."""
    theirs = (Dossier.assignee_id == held.account_id, Dossier.office_id == held.office_id)
    is_open = (Dossier.status.not_in(FINAL), Dossier.closed_at.is_(None))
    found = select(Dossier).where(*theirs, *is_open).order_by(Dossier.id)
    dossiers = session.scalars(found.options(joinedload(Dossier.workflow)))
    return [dossier for dossier in dossiers if held.role in appraising(dossier)]


def _rounds(held: Appointment, last_on: date, today: date) -> Rounds:
    """What the carrier will not do any more: everything at once, or what comes after the last day."""
    since = None if last_on < today else last_on + ONE_DAY
    return Rounds(held.account_id, held.office_id, since)


def _proposals(session: Session, held: Appointment) -> tuple[str, ...]:
    """Dossiers that this person proposed and a leader has still to sign."""
    theirs = (Dossier.proposed_by_id == held.account_id, Dossier.office_id == held.office_id)
    waiting = (Dossier.status == Status.IN_PROGRESS, Dossier.step == Step.SIGNING)
    codes = select(Dossier.code).where(*theirs, *waiting).order_by(Dossier.id)
    return tuple(code for code in session.scalars(codes) if code)


def _is_last(session: Session, held: Appointment, last_on: date) -> bool:
    after = last_on + ONE_DAY
    seat = (Appointment.office_id == held.office_id, Appointment.role == held.role)
    others = select(sa.func.count(Appointment.id)).join(Appointment.account)
    able = (Account.closed_at.is_(None), Appointment.account_id != held.account_id)
    return session.scalars(others.where(*seat, *able, appointments.in_force(after))).one() == 0
