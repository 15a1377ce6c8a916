"""Verbs about money that is waited for: before acceptance, in appraisal, and its arrival."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.dossiers import deadlines
from portal.dossiers.actions import clock
from portal.dossiers.actions.recording import KIND, record
from portal.dossiers.models import Charge, Dossier
from portal.dossiers.states import Move, PauseGround, Status
from portal.dossiers.workflow import check
from portal.ground import ledger
from portal.ground.errors import Refused
from portal.ground.text import signs_of
from portal.ground.words import N_

WAIT_DAYS = 30
"""How long an answer or a payment is waited for, calendar days (assumption, configurable by procedure)."""


def prepay(
    session: Session, dossier: Dossier, amount_dong: int, document: str, *, by: Actor, at: datetime
) -> None:
    """Ask for money before the dossier is accepted: status 6, no term yet."""
    _demand(session, dossier, Move.PREPAY, amount_dong, document, by=by, at=at)


def charge(
    session: Session, dossier: Dossier, amount_dong: int, document: str, *, by: Actor, at: datetime
) -> None:
    """Tell of a financial obligation in appraisal: status 6, the clock stands (R18)."""
    _demand(session, dossier, Move.CHARGE, amount_dong, document, by=by, at=at)


def pay(session: Session, dossier: Dossier, receipt: str, *, by: Actor, at: datetime) -> None:
    """Note that the whole amount arrived, with its proof: back to where it came from, the clock goes on."""
    rule = check(dossier, Move.PAY, by, at)
    if not receipt.strip():
        raise Refused(N_("Hãy ghi biên lai hoặc mã giao dịch."))
    if _is_used(session, dossier, receipt.strip()):
        raise Refused(N_("Biên lai này đã được ghi cho một khoản thu khác của hồ sơ."))
    waiting, calendar = dossier.open_charge, clock.calendar_at(session, dossier, at)
    change = clock.resumption(session, dossier, at) if dossier.resume_to == Status.IN_PROGRESS else None
    said = {"receipt": receipt.strip()} | (change.said if change else {})
    record(session, dossier, rule, by=by, at=at, details=said)
    clock.go_on(dossier, change, at)
    if waiting:
        waiting.ended_at = at
    if dossier.status == Status.SUBMITTED:
        clock.complete(dossier, calendar, at)
    clock.begin_step(session, dossier, at)


def _is_used(session: Session, dossier: Dossier, receipt: str) -> bool:
    """Whether the proof, however written, settled an earlier demand: a payment told twice pays once (R27)."""
    paid = (one for one in ledger.history(session, KIND, dossier.id) if one.move == Move.PAY)
    return any(signs_of(one.details["receipt"]) == signs_of(receipt) for one in paid)


def wait_days(dossier: Dossier) -> int:
    """How many calendar days the procedure waits for an answer or a payment."""
    said = (dossier.procedure_version.curated or {}).get("wait_days")
    return int(said) if said else WAIT_DAYS


def _demand(
    session: Session,
    dossier: Dossier,
    move: Move,
    amount_dong: int,
    document: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    rule = check(dossier, move, by, at)
    if amount_dong <= 0:
        raise Refused(N_("Số tiền phải lớn hơn 0."))
    if not document.strip():
        raise Refused(N_("Hãy ghi khoản thu hoặc văn bản làm căn cứ."))
    until = deadlines.wait_until(at, wait_days(dossier), clock.calendar_at(session, dossier, at))
    said = {"amount_dong": amount_dong, "document": document.strip()}
    record(session, dossier, rule, by=by, at=at, details=said)
    dossier.charges.append(
        Charge(
            amount_dong=amount_dong, document=document.strip(), asked_at=at, asked_by_id=by.account_id,
            pay_until=until, reminders=0,
        )
    )  # fmt: skip
    clock.stand(dossier, PauseGround.PAYMENT, by=by, at=at)
    dossier.check_due_at = dossier.step_due_at = None
