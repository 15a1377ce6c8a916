"""Passkeys (WebAuthn): always with user verification, so that one alone is two factors."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import webauthn
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.factors.models import Passkey
from portal.accounts.factors.recording import record
from portal.accounts.models import Account
from portal.ground.errors import Refused
from portal.ground.text import clean
from portal.ground.words import N_

LONGEST_ANSWER = 20_000
"""Characters of JSON; a browser's answer has a few thousand."""

MOST = 20
"""How many passkeys one account may have."""

_BASE64URL = re.compile(r"[A-Za-z0-9_-]{1,1400}", re.ASCII)
_VERIFIED = UserVerificationRequirement.REQUIRED
_KEPT = AuthenticatorSelectionCriteria(
    resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
)


class WrongPasskey(Refused):
    """The answer is not one of a passkey we know to the challenge of this browser."""

    message = N_("Khóa truy cập này không dùng được ở đây. Hãy thử lại, hoặc dùng cách khác.")


class TooManyPasskeys(Refused):
    """The account has as many passkeys as it may have."""

    message = N_("Tài khoản có nhiều nhất 20 khóa truy cập. Hãy bỏ bớt khóa không dùng nữa.")


@dataclass(frozen=True)
class RelyingParty:
    """Whose passkeys these are: the host they belong to, and the origin their pages come from."""

    host: str
    origin: str


def registration(account: Account, held: Sequence[Passkey], party: RelyingParty, challenge: bytes) -> str:
    """What navigator.credentials.create() is given, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name="Một Cửa",
        user_id=account.uid.encode(),
        user_name=account.sign_in_name or account.phone or account.full_name,
        user_display_name=account.full_name,
        challenge=challenge,
        authenticator_selection=_KEPT,
        exclude_credentials=_described(held),
    )
    return webauthn.options_to_json(options)


def question(held: Sequence[Passkey], party: RelyingParty, challenge: bytes) -> str:
    """What navigator.credentials.get() is given, as JSON; nothing *held* asks for whichever there is."""
    options = webauthn.generate_authentication_options(
        rp_id=party.host,
        challenge=challenge,
        allow_credentials=_described(held),
        user_verification=_VERIFIED,
    )
    return webauthn.options_to_json(options)


def add_passkey(
    session: Session,
    account: Account,
    name: str,
    answer: str,
    asked: tuple[RelyingParty, bytes],
    *,
    at: datetime,
) -> None:
    """Add the passkey that answers what was *asked* (by whom, with which challenge); raises Refused."""
    name, (party, challenge) = clean(name)[:60], asked
    try:
        made = webauthn.verify_registration_response(
            credential=_parsed(answer),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception as no:  # The library takes a stranger's bytes apart: whatever it raises means no.
        raise WrongPasskey from no
    credential_id = bytes_to_base64url(made.credential_id)
    _check_new(session, account, credential_id)
    record(session, account, "add_passkey", at=at, name=name)
    session.add(
        Passkey(
            account_id=account.id,
            name=name,
            credential_id=credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            added_at=at,
        )
    )


def prove(
    session: Session, answer: str, asked: tuple[RelyingParty, bytes], *, at: datetime, of: int | None = None
) -> Account:
    """The account whose passkey answers what was *asked*, *of* one account only when given.

    Raises WrongPasskey, also when the passkey has signed less often than it says: it was copied.
    """
    credential = _parsed(answer)
    found = _found(session, credential, of)
    party, challenge = asked
    try:
        proven = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=found.public_key,
            credential_current_sign_count=found.sign_count,
            require_user_verification=True,
        )
    except Exception as no:  # As above.
        raise WrongPasskey from no
    found.sign_count, found.used_at = proven.new_sign_count, at
    return found.account


def _found(session: Session, credential: dict[str, object], of: int | None) -> Passkey:
    """The passkey that an answer names, of an open account."""
    name = str(credential.get("id", ""))
    if not _BASE64URL.fullmatch(name):
        raise WrongPasskey
    named = select(Passkey).where(Passkey.credential_id == name)
    found = session.scalar(named.options(joinedload(Passkey.account)))
    if found is None or found.account.closed_at is not None or of not in (None, found.account_id):
        raise WrongPasskey
    return found


def _check_new(session: Session, account: Account, credential_id: str) -> None:
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id)):
        raise WrongPasskey
    if len(session.scalars(select(Passkey.id).where(Passkey.account_id == account.id)).all()) >= MOST:
        raise TooManyPasskeys


def _parsed(answer: str) -> dict[str, object]:
    try:
        sent = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError) as broken:
        raise WrongPasskey from broken
    if not isinstance(sent, dict):
        raise WrongPasskey
    return sent


def _described(held: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    ids = (webauthn.base64url_to_bytes(one.credential_id) for one in held)
    return [PublicKeyCredentialDescriptor(id=one) for one in ids]
