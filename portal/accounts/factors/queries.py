"""Reads: which second factors an account has, and what was done about them."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.factors.models import Authenticator, Passkey, RecoveryCode
from portal.accounts.registration import KIND
from portal.ground.ledger import LedgerEntry
from portal.ground.words import N_

MOVES = {
    "add_app": N_("Thêm ứng dụng tạo mã"),
    "remove_app": N_("Bỏ ứng dụng tạo mã"),
    "add_passkey": N_("Thêm khóa truy cập"),
    "remove_passkey": N_("Bỏ khóa truy cập"),
    "new_recovery_codes": N_("Lập mười mã khôi phục mới"),
    "use_recovery_code": N_("Dùng một mã khôi phục"),
    "reset_factors": N_("Người khác đã đặt lại bước hai"),
}
"""What the ledger says of second factors, in words."""

SHOWN_MOVES = 10
"""How many of these the owner's page shows, the latest first."""


@dataclass(frozen=True)
class Factors:
    """The second factors of one account. Recovery codes alone are none: they stand in for what is lost."""

    app: Authenticator | None
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.passkeys) + (self.app is not None)


def factors_of(session: Session, account_id: int) -> Factors:
    """Every second factor of an account."""
    passkeys = select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    left = select(sa.func.count()).select_from(RecoveryCode).where(*unused)
    app = session.get(Authenticator, account_id)
    return Factors(app, session.scalars(passkeys).all(), session.scalars(left).one())


def has_any(session: Session, account_id: int) -> bool:
    """Whether the account has a second factor, which a sign-in must then show."""
    has_passkey = sa.exists().where(Passkey.account_id == account_id)
    has_app = sa.exists().where(Authenticator.account_id == account_id)
    return bool(session.scalar(select(sa.or_(has_passkey, has_app))))


def moves_of(session: Session, account_id: int) -> Sequence[LedgerEntry]:
    """What was lately done about the second factors of an account, the latest first."""
    mine = (LedgerEntry.kind == KIND, LedgerEntry.aggregate == str(account_id), LedgerEntry.move.in_(MOVES))
    latest = select(LedgerEntry).where(*mine).order_by(LedgerEntry.seq.desc())
    return session.scalars(latest.limit(SHOWN_MOVES)).all()
