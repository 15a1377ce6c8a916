"""The one place where a move becomes a ledger row and a new state."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.accounts.models import Actor
from portal.dossiers.models import Dossier
from portal.dossiers.states import Move, Status, Step
from portal.dossiers.workflow import Rule, is_waiting, state_after, state_text
from portal.ground import ledger

OWNERS_MOVES = (Move.SUBMIT, Move.ANNOUNCE, Move.INTAKE, Move.ANSWER, Move.WITHDRAW, Move.CONFIRM_DRAFT)
"""Moves that are the owner's own; somebody else makes them on the owner's behalf."""

KIND = "dossier"
"""The kind of a dossier's chain in the ledger."""


def record(
    session: Session,
    dossier: Dossier,
    rule: Rule,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Append the ledger row of a move that *rule* allows and put *dossier* into its new state."""
    status, step = state_after(rule, dossier.status, dossier.resume_to, dossier.step)
    deed = ledger.Deed(
        KIND,
        dossier.id,
        rule.move,
        from_state=state_text(dossier.status, dossier.step),
        to_state=state_text(status, step),
        reason=reason.strip(),
        on_behalf_of=_principal(dossier, rule.move, by),
        details=details or {},
    )
    ledger.append(session, deed, by=by, at=at)
    _assign(dossier, status, step)


def _assign(dossier: Dossier, status: Status, step: Step | None) -> None:
    waits = is_waiting(status)
    if waits and dossier.status != status:
        dossier.resume_to = dossier.status
    if not waits:
        dossier.resume_to = None
    if (waits or status == Status.STOPPED) and dossier.draft_confirmed_at is None:
        dossier.draft_sent_at = None  # Silence while nobody could answer is no yes (R37).
    dossier.status, dossier.step = status, step
    flag_modified(dossier, "status")  # A move that changes only rows beside it is a new version, too.


def _principal(dossier: Dossier, move: Move, by: Actor) -> int | None:
    """The account in whose place the person made a move that is the owner's to make."""
    owner = dossier.owner_id or dossier.submitter_id
    return owner if move in OWNERS_MOVES and owner != by.account_id else None
