"""Alarms that stand: on some dossiers, for one audience; and all of an office, for its leader. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.catalogue.models import ProcedureVersion
from portal.dossiers.alarms import TABLE, Audience, kinds_for
from portal.dossiers.models import Alarm, AlarmKind, Dossier

ROWS = 50
"""How many alarms a page of the list holds."""

_URGENCY = {kind: place for place, kind in enumerate(TABLE)}


@dataclass(frozen=True)
class AlarmRow:
    """One alarm of an office in the list of its leader."""

    alarm_id: int
    kind: AlarmKind
    concerns_at: datetime
    dossier_id: int
    code: str
    title: str
    owner_name: str


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


def of_office(
    session: Session, viewer: Actor, *, before: int | None = None, most: int = ROWS
) -> Sequence[AlarmRow]:
    """The alarms for the leader of an office, the newest first, from the one before *before* on."""
    mine = (Alarm.office_id == viewer.office_id, Alarm.cleared_at.is_(None))
    columns = (
        Alarm.id.label("alarm_id"),
        Alarm.kind,
        Alarm.concerns_at,
        Alarm.dossier_id,
        sa.func.coalesce(Dossier.code, Dossier.provisional_code).label("code"),
        ProcedureVersion.name.label("title"),
        Dossier.owner_name,
    )
    every = select(*columns).join(Dossier, Dossier.id == Alarm.dossier_id).join(Dossier.procedure_version)
    shown = every.where(*mine, Alarm.kind.in_(kinds_for(Audience.LEADER)))
    page = shown.where(Alarm.id < before) if before else shown
    return [AlarmRow(**row._mapping) for row in session.execute(page.order_by(Alarm.id.desc()).limit(most))]
