"""Alarms that stand: on some dossiers, for one audience; and all of an office, for its leader. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Actor
from portal.catalogue.models import ProcedureVersion
from portal.dossiers.alarms import TABLE, Audience, kinds_for
from portal.dossiers.models import Alarm, AlarmKind, Dossier
from portal.dossiers.states import Status, Step

ROWS = 20
"""How many dossiers a page of the list holds: it stays short on a phone."""

_URGENCY = {kind: place for place, kind in enumerate(TABLE)}


@dataclass(frozen=True)
class AlarmedRow:
    """A dossier of an office with alarms, in the list of its leader; assignee: to whom it is given, or ""."""

    dossier_id: int
    code: str
    title: str
    owner_name: str
    status: Status
    step: Step | None
    assignee: str


def standing_on(
    session: Session, dossier_ids: Iterable[int], audience: Audience
) -> Mapping[int, Sequence[Alarm]]:
    """The alarms of these dossiers that *audience* is shown, the most urgent first, in one statement."""
    ids = list(dossier_ids)
    mine = (Alarm.dossier_id.in_(ids), Alarm.cleared_at.is_(None), Alarm.kind.in_(kinds_for(audience)))
    found: dict[int, list[Alarm]] = {number: [] for number in ids}
    for alarm in sorted(session.scalars(select(Alarm).where(*mine)), key=lambda one: _URGENCY[one.kind]):
        found[alarm.dossier_id].append(alarm)
    return found


def of_office(session: Session, viewer: Actor, *, skip: int = 0, most: int = ROWS) -> Sequence[AlarmedRow]:
    """The dossiers with alarms for the leader of an office: most urgent first, then the oldest."""
    urgency = sa.case(_URGENCY, value=Alarm.kind)
    in_order = sa.func.row_number().over(partition_by=Alarm.dossier_id, order_by=(urgency, Alarm.concerns_at))
    each = select(Alarm.dossier_id, Alarm.concerns_at, urgency.label("urgency"), in_order.label("place"))
    found = each.where(*_of_leader(viewer)).subquery()
    columns = (
        Dossier.id.label("dossier_id"),
        sa.func.coalesce(Dossier.code, Dossier.provisional_code).label("code"),
        ProcedureVersion.name.label("title"),
        Dossier.owner_name,
        Dossier.status,
        Dossier.step,
        sa.func.coalesce(Account.full_name, "").label("assignee"),
    )
    rows = select(*columns).join(found, found.c.dossier_id == Dossier.id).where(found.c.place == 1)
    named = rows.join(Dossier.procedure_version).outerjoin(Account, Account.id == Dossier.assignee_id)
    page = named.order_by(found.c.urgency, found.c.concerns_at, Dossier.id).offset(skip).limit(most)
    return [AlarmedRow(**row._mapping) for row in session.execute(page)]


def counts(session: Session, viewer: Actor) -> Mapping[AlarmKind, int]:
    """How many dossiers of the office stand under each kind of alarm, the most urgent first."""
    number = sa.func.count(Alarm.dossier_id.distinct()).label("number")
    rows = session.execute(select(Alarm.kind, number).where(*_of_leader(viewer)).group_by(Alarm.kind))
    return dict(sorted(((row.kind, row.number) for row in rows), key=lambda one: _URGENCY[one[0]]))


def _of_leader(viewer: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    """The alarms that stand at the office of *viewer* and are a leader's business."""
    here = (Alarm.office_id == viewer.office_id, Alarm.cleared_at.is_(None))
    return (*here, Alarm.kind.in_(kinds_for(Audience.LEADER)))
