"""The app that makes codes (TOTP, RFC 6238): offered as a QR code, added by a first code, then asked for."""

from datetime import datetime

import pyotp
from pyotp.utils import strings_equal
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts.factors.models import Authenticator
from portal.accounts.factors.recording import record
from portal.accounts.models import Account
from portal.ground.errors import Refused
from portal.ground.sealing import SealBroken, keys_of
from portal.ground.words import N_

STEP_SECONDS = 30
ISSUER = "Mot Cua"
"""What an app shows above the codes; without marks, for apps that know none."""


class WrongCode(Refused):
    """The code is none of the app's just now, or was taken before."""

    message = N_("Mã chưa đúng, đã dùng rồi hoặc đã hết giờ. Hãy nhập mã đang hiện trong ứng dụng.")


class OfferGone(Refused):
    """The form carries no offer that was made to this account."""

    message = N_("Mã QR này không còn dùng được. Hãy quét mã mới dưới đây.")


def new_offer(session: Session, account: Account) -> str:
    """Return a new secret, sealed for the form: nothing is stored before a first code proves it."""
    return keys_of(session).seal(pyotp.random_base32(), _offered_to(account))


def secret_of(session: Session, account: Account, offer: str) -> str:
    """The secret that new_offer sealed for this account, base32; raises OfferGone."""
    try:
        return keys_of(session).open(offer, _offered_to(account))
    except (SealBroken, ValueError) as broken:
        raise OfferGone from broken


def address_of(account: Account, secret: str) -> str:
    """The otpauth address that the QR code holds."""
    name = account.sign_in_name or account.full_name
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def add_app(
    session: Session, account: Account, offer: str, code: str, *, wall: datetime, at: datetime
) -> None:
    """Add the offered app, or put it in the place of the one before, once *code* proves it works.

    wall: the moment by the wall clock, which apps go by. Raises OfferGone, WrongCode.
    """
    secret = secret_of(session, account, offer)
    step = step_of(secret, code, wall)
    if step is None:
        raise WrongCode
    record(session, account, "add_app", at=at)
    app = session.get(Authenticator, account.id) or Authenticator(account_id=account.id)
    app.sealed = keys_of(session).seal(secret, _bound_to(account))
    app.last_step, app.added_at = step, at
    session.add(app)


def prove(session: Session, account: Account, code: str, *, wall: datetime) -> None:
    """Take a code of the account's app; raises WrongCode. A step is taken once, whoever else sends it."""
    app = session.get(Authenticator, account.id)
    if app is None:
        raise WrongCode
    step = step_of(keys_of(session).open(app.sealed, _bound_to(account)), code, wall)
    if step is None or not _take(session, account, step):
        raise WrongCode


def step_of(secret: str, code: str, wall: datetime) -> int | None:
    """The time step that *code* belongs to: the present one, the one before or the one after; else None."""
    totp, typed = pyotp.TOTP(secret), code.replace(" ", "")
    now = int(wall.timestamp()) // STEP_SECONDS
    right = (step for step in (now, now - 1, now + 1) if strings_equal(totp.generate_otp(step), typed))
    return next(right, None)


def renew(session: Session) -> int:
    """Seal every secret with the current key; returns how many changed."""
    keys = keys_of(session)
    stale = [app for app in session.scalars(select(Authenticator)) if not keys.is_current(app.sealed)]
    for app in stale:
        app.sealed = keys.renewed(app.sealed, _bound_to(app.account))
    return len(stale)


def _take(session: Session, account: Account, step: int) -> bool:
    """Whether the step is later than the last one taken; of two requests at once, one is told so."""
    unused = (Authenticator.account_id == account.id, Authenticator.last_step < step)
    taking = update(Authenticator).where(*unused).values(last_step=step)
    return session.execute(taking.returning(Authenticator.account_id)).first() is not None


def _bound_to(account: Account) -> str:
    return f"authenticator:{account.uid}"


def _offered_to(account: Account) -> str:
    """An offer cannot be put into the place of a secret, nor made to another account."""
    return f"authenticator offer:{account.uid}"
