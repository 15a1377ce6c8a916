"""Verbs about money: take cash at a desk, set a fee. Each appends its ledger row; none commits."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.accounts.models import Actor, Role
from portal.catalogue.models import Channel
from portal.dossiers import actions as dossiers
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status
from portal.dossiers.workflow import is_own
from portal.ground import ledger
from portal.ground.codes import next_number
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.text import clean
from portal.ground.words import N_
from portal.ground.working_time import ZONE
from portal.payments.models import CashReceipt, FeeKind, FeeRule

KIND = "money"
"""The kind of a dossier's chain of money in the ledger."""

TARIFF = "tariff"
"""The kind of a procedure's chain of fees in the ledger."""

MOST_DONG = 1_000_000_000
"""More than this in one receipt is a slip of the finger."""

NOTHING_TO_PAY = (Status.NOT_ACCEPTED, Status.WITHDRAWN)
"""Nothing is taken for a dossier that ended without being decided."""


@dataclass(frozen=True)
class Cash:
    """Money on the table: which kind of fee it pays, how much in đồng, and from whom."""

    kind: FeeKind
    amount_dong: int
    payer: str
    note: str = ""


@dataclass(frozen=True)
class Fee:
    """One fee as it is set: its kind, what it is called, how much in đồng, from which day, who said so."""

    kind: FeeKind
    name: str
    amount_dong: int
    from_on: date
    source: str


def record_cash(session: Session, dossier: Dossier, cash: Cash, *, by: Actor, at: datetime) -> CashReceipt:
    """Take *cash* for *dossier* at the desk of *by* and number its receipt.

    Raises WrongState for a dossier that ended, NotAllowed for whose desk it is not or whose own it is,
    Refused for no money or no payer; then nothing changed.
    """
    _check_taker(dossier, by)
    if not 0 < cash.amount_dong <= MOST_DONG:
        raise Refused(N_("Số tiền phải lớn hơn 0 và không quá 1 tỷ đồng."))
    if not clean(cash.payer):
        raise Refused(N_("Hãy ghi tên người nộp tiền."))
    office_id, year = by.office_id or 0, at.astimezone(ZONE).year
    receipt = CashReceipt(
        dossier_id=dossier.id,
        office_id=office_id,
        year=year,
        number=next_number(session, f"receipt {office_id} {year}"),
        kind=cash.kind,
        amount_dong=cash.amount_dong,
        payer=clean(cash.payer),
        note=clean(cash.note),
        taken_by_id=by.account_id,
        taken_at=at,
    )
    said = {"receipt": receipt.shown_number, "kind": cash.kind, "amount_dong": cash.amount_dong}
    deed = ledger.Deed(KIND, dossier.id, "take_cash", details=said | {"office": office_id})
    ledger.append(session, deed, by=by, at=at)
    session.add(receipt)
    flag_modified(dossier, "status")  # Who moves the dossier meanwhile meets this, and this meets them.
    _settle(session, dossier, receipt, by=by, at=at)
    return receipt


def _settle(session: Session, dossier: Dossier, receipt: CashReceipt, *, by: Actor, at: datetime) -> None:
    """Let the dossier go on when what it waits for has been paid in full since it was asked for."""
    waiting = dossier.open_charge
    if dossier.status != Status.AWAITING_PAYMENT or waiting is None:
        return
    since = select(func.coalesce(func.sum(CashReceipt.amount_dong), 0)).where(
        CashReceipt.dossier_id == dossier.id, CashReceipt.taken_at >= waiting.asked_at
    )
    session.flush()  # The receipt counts, too.
    if session.scalars(since).one() >= waiting.amount_dong:
        dossiers.pay(session, dossier, receipt.shown_number, by=by, at=at)


def may_take_cash(dossier: Dossier, by: Actor) -> bool:
    """Whether *by* may take money for *dossier* now: a receptionist of its desks, not for their own."""
    return dossier.status not in NOTHING_TO_PAY and _is_taker(dossier, by)


def _check_taker(dossier: Dossier, by: Actor) -> None:
    if dossier.status in NOTHING_TO_PAY:
        raise WrongState
    if not _is_taker(dossier, by):
        raise NotAllowed


def _is_taker(dossier: Dossier, by: Actor) -> bool:
    here = by.office_id is not None and by.office_id in (dossier.office_id, dossier.received_by_id)
    return by.role == Role.RECEPTIONIST and here and not is_own(by, dossier)


def set_fee(
    session: Session, code: str, channel: Channel, fee: Fee, *, by: ledger.Signatory, at: datetime
) -> FeeRule:
    """Let *fee* hold for procedure *code* in *channel*; the rule of that name in force ends the day before.

    Setting what already holds changes nothing. Raises Refused for a negative amount, or a day that is not
    after the beginning of the latest rule: history is not rewritten.
    """
    if fee.amount_dong < 0:
        raise Refused(N_("Mức phí không được âm."))
    latest = _latest(session, code, channel, fee.name)
    if latest and (latest.kind, latest.amount_dong, latest.to_on) == (fee.kind, fee.amount_dong, None):
        return latest
    if latest and latest.from_on >= fee.from_on:
        raise Refused(N_("Mức phí mới phải bắt đầu sau mức đang có."))
    said = asdict(fee) | {"channel": channel, "from_on": fee.from_on.isoformat()}
    ledger.append(session, ledger.Deed(TARIFF, code, "set_fee", details=said), by=by, at=at)
    if latest and (latest.to_on is None or latest.to_on >= fee.from_on):
        latest.to_on = fee.from_on - timedelta(days=1)
    rule = FeeRule(code=code, channel=channel, **asdict(fee))
    session.add(rule)
    return rule


def _latest(session: Session, code: str, channel: Channel, name: str) -> FeeRule | None:
    same = (FeeRule.code == code, FeeRule.channel == channel, FeeRule.name == name)
    return session.scalar(select(FeeRule).where(*same).order_by(FeeRule.from_on.desc()).limit(1))
