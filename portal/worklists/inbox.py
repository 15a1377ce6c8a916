"""The desk's inbox: the dossiers of an office by what is to be done with them next. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor, Role
from portal.catalogue.models import Channel, ProcedureVersion
from portal.dossiers.models import Blocker, Charge, Consultation, Dossier, Pause, SupplementRequest
from portal.dossiers.queries import OPINING, handled_by, visible_to, was_broken
from portal.dossiers.states import BlockerKind, Delivery, Status, Step
from portal.dossiers.workflow import ARRIVALS, OPINED_IN
from portal.ground.words import N_, Labelled

ROWS = 50
"""How many dossiers a page of the inbox holds."""


class View(Labelled):
    """One saved view of the inbox; the value is its word in the address."""

    TO_RECEIVE = "cho-tiep-nhan", N_("Tiếp nhận")
    COMING = "cho-giay", N_("Chờ giấy")
    TO_FORWARD = "cho-chuyen", N_("Chuyển")
    APPRAISAL = "tham-tra", N_("Thẩm tra")
    MINE = "cua-toi", N_("Giao cho tôi")
    OPINIONS = "cho-y-kien", N_("Chờ ý kiến của ta")
    SIGNING = "cho-ky", N_("Chờ ký")
    ISSUING = "vao-so", N_("Vào số")
    AWAITING = "cho-bo-sung", N_("Chờ bổ sung")
    PAYMENT = "cho-nop-tien", N_("Chờ nộp tiền")
    STOPPED = "dung-xu-ly", N_("Dừng xử lý")
    TO_RETURN = "tra-ket-qua", N_("Trả kết quả")
    LATE = "qua-han", N_("Quá hạn")


FIRST_VIEW = {
    Role.RECEPTIONIST: View.TO_RECEIVE,
    Role.SPECIALIST: View.APPRAISAL,
    Role.LEADER: View.SIGNING,
    Role.RECORDS_CLERK: View.ISSUING,
}
"""Where each role's own work lies."""

ONLY_FOR = {View.MINE: (Role.SPECIALIST,), View.OPINIONS: OPINING}
"""Views that hold nothing for other roles."""

OF_THE_DECIDING_OFFICE = (View.APPRAISAL, View.MINE, View.SIGNING, View.ISSUING)
"""Views of steps that only the office that decides can make; the others also hold what was received here."""


@dataclass(frozen=True)
class Cursor:
    """A place in a view: after the dossier with this moment and id, or before it."""

    moment: datetime
    dossier_id: int
    is_before: bool = False


@dataclass(frozen=True)
class InboxRow:
    """One dossier in the inbox. *moment* is what the view is ordered by; no identity number is ever here.

    was_broken: an earlier promise had passed before the clock began anew.
    """

    dossier_id: int
    code: str
    title: str
    owner_name: str
    status: Status
    step: Step | None
    channel: Channel
    delivery: Delivery
    due_at: datetime | None
    check_due_at: datetime | None
    moment: datetime
    waits_for: BlockerKind | None
    was_broken: bool

    @property
    def promised_at(self) -> datetime | None:
        """Until when the desk must act: the due moment, or the end of the check before there is one."""
        return self.due_at or self.check_due_at


@dataclass(frozen=True)
class Page:
    """Rows of one page and the places before and after it, None at the ends."""

    rows: tuple[InboxRow, ...]
    before: Cursor | None = None
    after: Cursor | None = None


@dataclass(frozen=True)
class Neighbours:
    """The dossiers beside one in its view; None at the ends."""

    before_id: int | None = None
    after_id: int | None = None


def views_of(viewer: Actor) -> list[View]:
    """The views that can hold something for *viewer*, in their order."""
    return [view for view in View if viewer.role in ONLY_FOR.get(view, (viewer.role,))]


def counts(session: Session, viewer: Actor, at: datetime) -> Mapping[View, int]:
    """How many dossiers each view holds, in one statement."""
    columns = [sa.func.count(sa.case((_holds(view, viewer, at), 1))).label(view.name) for view in View]
    row = session.execute(select(*columns).where(visible_to(viewer))).one()
    return {view: getattr(row, view.name) for view in View}


def page(
    session: Session, viewer: Actor, view: View, at: datetime, place: Cursor | None = None, size: int = ROWS
) -> Page:
    """One page of *view*, the most urgent first, from *place* on or up to it."""
    query = _rows(view, viewer).where(_holds(view, viewer, at))
    return _cut(session, query, _moment(view, viewer), place, size)


def found(
    session: Session, viewer: Actor, words: str, size: int = ROWS, *, by_phone: bool = False
) -> Page:
    """Dossiers of any state by code, its end or the provisional code.

    by_phone: also by the phone of owner or submitter; such a search is counted and leaves a trace.
    """
    code = "".join(words.split()).upper()
    digits = "".join(sign for sign in words if sign.isdecimal())
    ends = [Dossier.code.endswith(code, autoescape=True), Dossier.provisional_code == code]
    if by_phone and len(digits) >= 9:
        ends += [Dossier.owner_phone.endswith(digits[-9:]), Dossier.submitter_phone.endswith(digits[-9:])]
    if len(code) < 4:
        return Page(())
    moment = Dossier.submitted_at
    query = _select(moment).where(visible_to(viewer), sa.or_(*ends)).order_by(moment.desc(), Dossier.id)
    rows = session.execute(query.limit(size))
    return Page(tuple(InboxRow(**row._mapping) for row in rows))


def neighbours(
    session: Session, viewer: Actor, view: View, dossier_id: int, at: datetime
) -> Neighbours | None:
    """What stands before and after a dossier in *view*; None when it is not (or no longer) in it."""
    here = _rows(view, viewer).where(_holds(view, viewer, at), Dossier.id == dossier_id)
    row = session.execute(here).one_or_none()
    if row is None:
        return None
    before = page(session, viewer, view, at, Cursor(row.moment, dossier_id, is_before=True), size=1)
    after = page(session, viewer, view, at, Cursor(row.moment, dossier_id), size=1)
    return Neighbours(_only(before), _only(after))


def _only(found: Page) -> int | None:
    return found.rows[0].dossier_id if found.rows else None


def _holds(view: View, viewer: Actor, at: datetime) -> sa.ColumnElement[bool]:
    """Whether a dossier that *viewer* may see is in *view*; what one was only asked about is in one view."""
    if view == View.OPINIONS:
        asked = _open_questions(viewer).where(Consultation.dossier_id == Dossier.id)
        return sa.and_(visible_to(viewer), Dossier.status.in_(OPINED_IN), asked.exists())
    condition = _CONDITIONS[view] if view != View.LATE else _late(at)
    if view in OF_THE_DECIDING_OFFICE:
        condition = sa.and_(condition, Dossier.office_id == viewer.office_id)
    if view == View.MINE:
        condition = sa.and_(condition, Dossier.assignee_id.in_((viewer.account_id, *viewer.stands_in_for)))
    return sa.and_(handled_by(viewer), condition)


def _open_questions(viewer: Actor) -> sa.Select[Any]:
    """The terms of the questions that the office of *viewer* is waited for to answer."""
    asked = select(Consultation.due_at).where(Consultation.office_id == viewer.office_id)
    return asked.where(Consultation.answered_at.is_(None), Consultation.ended_at.is_(None))


def _step(step: Step) -> sa.ColumnElement[bool]:
    return sa.and_(Dossier.status == Status.IN_PROGRESS, Dossier.step == step)


def _late(at: datetime) -> sa.ColumnElement[bool]:
    """Promised moments that passed while the clock runs; a dossier that waits for its owner is not late."""
    unchecked = sa.and_(Dossier.status == Status.SUBMITTED, Dossier.check_due_at < at)
    unfinished = sa.and_(Dossier.status.in_((Status.ACCEPTED, Status.IN_PROGRESS)), Dossier.due_at < at)
    return sa.or_(unchecked, unfinished)


_SUBMITTED = Dossier.status == Status.SUBMITTED

_CONDITIONS: Mapping[View, sa.ColumnElement[bool]] = {
    View.TO_RECEIVE: sa.and_(_SUBMITTED, Dossier.check_due_at.is_not(None)),
    View.COMING: sa.and_(_SUBMITTED, Dossier.check_due_at.is_(None)),
    View.TO_FORWARD: Dossier.status == Status.ACCEPTED,
    View.APPRAISAL: _step(Step.APPRAISAL),
    View.MINE: _step(Step.APPRAISAL),
    View.SIGNING: _step(Step.SIGNING),
    View.ISSUING: _step(Step.ISSUING),
    View.AWAITING: Dossier.status == Status.AWAITING_SUPPLEMENT,
    View.PAYMENT: Dossier.status == Status.AWAITING_PAYMENT,
    View.STOPPED: sa.and_(Dossier.status == Status.STOPPED, Dossier.closed_at.is_(None)),
    View.TO_RETURN: Dossier.status == Status.FINISHED,
}


_ORDERS: Mapping[View, sa.SQLColumnExpression[Any]] = {
    View.TO_RECEIVE: Dossier.check_due_at,
    View.COMING: Dossier.submitted_at,
    View.AWAITING: select(SupplementRequest.asked_at)
    .where(SupplementRequest.dossier_id == Dossier.id, SupplementRequest.answered_at.is_(None))
    .scalar_subquery(),
    View.PAYMENT: select(Charge.asked_at)
    .where(Charge.dossier_id == Dossier.id, Charge.ended_at.is_(None))
    .scalar_subquery(),
    View.STOPPED: select(Pause.began_at)
    .where(Pause.dossier_id == Dossier.id, Pause.ended_at.is_(None))
    .scalar_subquery(),
    View.TO_RETURN: Dossier.finished_at,
    View.LATE: sa.func.coalesce(Dossier.due_at, Dossier.check_due_at),
}


def _moment(view: View, viewer: Actor) -> sa.SQLColumnExpression[Any]:
    """What *view* is ordered by: who waits longest, or whose promise comes first."""
    if view == View.OPINIONS:
        return _open_questions(viewer).where(Consultation.dossier_id == Dossier.id).scalar_subquery()
    return _ORDERS.get(view, Dossier.due_at)


def _rows(view: View, viewer: Actor) -> sa.Select[Any]:
    return _select(_moment(view, viewer))


def _select(moment: sa.SQLColumnExpression[Any]) -> sa.Select[Any]:
    """The columns of an InboxRow, by name."""
    arrival = select(sa.func.min(Blocker.kind)).where(
        Blocker.dossier_id == Dossier.id, Blocker.kind.in_(ARRIVALS)
    )
    columns: tuple[sa.SQLColumnExpression[Any], ...] = (
        Dossier.id.label("dossier_id"),
        sa.func.coalesce(Dossier.code, Dossier.provisional_code).label("code"),
        ProcedureVersion.name.label("title"),
        Dossier.owner_name,
        Dossier.status,
        Dossier.step,
        Dossier.channel,
        Dossier.delivery,
        Dossier.due_at,
        Dossier.check_due_at,
        moment.label("moment"),
        arrival.scalar_subquery().label("waits_for"),
        was_broken().label("was_broken"),
    )
    return select(*columns).join(ProcedureVersion, ProcedureVersion.id == Dossier.procedure_version_id)


def _cut(
    session: Session,
    query: sa.Select[Any],
    moment: sa.SQLColumnExpression[Any],
    place: Cursor | None,
    size: int,
) -> Page:
    """Read one page by keyset: one row more than shown tells whether there is another page."""
    backwards = place is not None and place.is_before
    if place:
        query = query.where(_beyond(moment, place))
    order = (moment.desc(), Dossier.id.desc()) if backwards else (moment, Dossier.id)
    read = session.execute(query.order_by(*order).limit(size + 1)).all()
    rows = [InboxRow(**row._mapping) for row in read[:size]]
    more = len(read) > size
    if backwards:
        rows.reverse()
    has_before, has_after = (more, True) if backwards else (place is not None, more)
    before = Cursor(rows[0].moment, rows[0].dossier_id, is_before=True) if rows and has_before else None
    after = Cursor(rows[-1].moment, rows[-1].dossier_id) if rows and has_after else None
    return Page(tuple(rows), before, after)


def _beyond(moment: sa.SQLColumnExpression[Any], place: Cursor) -> sa.ColumnElement[bool]:
    same = moment == place.moment
    if place.is_before:
        return sa.or_(moment < place.moment, sa.and_(same, Dossier.id < place.dossier_id))
    return sa.or_(moment > place.moment, sa.and_(same, Dossier.id > place.dossier_id))
