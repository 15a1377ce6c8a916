"""Nouns: the app, the passkeys and the recovery codes of an account; sign-ins half done, open challenges."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.ground.db import Base


class Authenticator(Base):
    """The app of an account that makes codes: its sealed secret, and the time step of the last code taken."""

    __tablename__ = "authenticator"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(sa.String(200))
    last_step: Mapped[int]
    added_at: Mapped[datetime]

    account: Mapped[Account] = relationship()


class Passkey(Base):
    """A key pair in somebody's device, of which we hold the public half and how often it has signed."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    credential_id: Mapped[str] = mapped_column(sa.String(1400), unique=True)
    """As the browser names it: up to 1023 bytes in base64url."""
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class RecoveryCode(Base):
    """A code that stands in for a lost factor once; only its keyed hash is stored."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    code_index: Mapped[str] = mapped_column(sa.String(64), unique=True)
    used_at: Mapped[datetime | None]


class PendingSignIn(Base):
    """A sign-in whose password was right and whose second step is still to come. It opens nothing."""

    __tablename__ = "pending_sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    browser: Mapped[str] = mapped_column(sa.String(200))
    began_at: Mapped[datetime] = mapped_column(index=True)

    account: Mapped[Account] = relationship()


class PasskeyChallenge(Base):
    """What one browser's passkey has to sign next; good once, and not for long."""

    __tablename__ = "passkey_challenge"

    owner: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    """The hash of the token in the browser's cookie."""
    challenge: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(index=True)
