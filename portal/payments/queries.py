"""Reads: the receipts of a dossier and what they add up to."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.dossiers.models import Dossier
from portal.payments.models import CashReceipt


def receipts_of(session: Session, dossier: Dossier) -> Sequence[CashReceipt]:
    """The receipts of *dossier*, oldest first."""
    query = select(CashReceipt).where(CashReceipt.dossier_id == dossier.id).order_by(CashReceipt.id)
    return session.scalars(query.options(joinedload(CashReceipt.taken_by))).all()


def total_dong(receipts: Sequence[CashReceipt]) -> int:
    """What was taken altogether."""
    return sum(receipt.amount_dong for receipt in receipts)
