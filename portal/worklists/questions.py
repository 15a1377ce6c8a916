"""Questions to an office that nobody waits for any more, and what ended them. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.catalogue.models import ProcedureVersion
from portal.dossiers.actions.recording import KIND
from portal.dossiers.models import Consultation, Dossier
from portal.dossiers.states import Move
from portal.ground.ledger import LedgerEntry

SHOWN_FOR = timedelta(days=30)
"""How long an office is shown that it need not answer."""

ENDS = (Move.WITHDRAW, Move.CLOSE, Move.END_LINKED, Move.FINISH)
"""Moves that end the questions of a dossier; one that is refused had none: they are asked in appraisal."""

ROWS = 50


@dataclass(frozen=True)
class EndedQuestion:
    """One question that ended without its answer; nothing of the people whose dossier it is."""

    code: str
    title: str
    question: str
    ended_at: datetime
    move: Move


def ended(session: Session, viewer: Actor, at: datetime) -> Sequence[EndedQuestion]:
    """What the office of *viewer* was asked and need not answer since, the newest first."""
    same_moment = sa.and_(
        LedgerEntry.kind == KIND,
        LedgerEntry.aggregate == sa.cast(Dossier.id, sa.String),
        LedgerEntry.at == Consultation.ended_at,
        LedgerEntry.move.in_(ENDS),
    )
    columns = (
        sa.func.coalesce(Dossier.code, Dossier.provisional_code).label("code"),
        ProcedureVersion.name.label("title"),
        Consultation.question,
        Consultation.ended_at,
        LedgerEntry.move,
    )
    asked = select(*columns).join(Dossier, Dossier.id == Consultation.dossier_id)
    told = asked.join(Dossier.procedure_version).join(LedgerEntry, same_moment)
    mine = (Consultation.office_id == viewer.office_id, Consultation.ended_at > at - SHOWN_FOR)
    newest = told.where(*mine).order_by(Consultation.ended_at.desc(), Consultation.id.desc()).limit(ROWS)
    return [EndedQuestion(**{**row._mapping, "move": Move(row.move)}) for row in session.execute(newest)]
