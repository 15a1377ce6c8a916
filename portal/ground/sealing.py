"""Encryption of identity numbers: AES-GCM bound to its row, and a blind index for equality."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Session

_NONCE_BYTES = 12


class SealBroken(Exception):
    """The sealed text was changed, moved to another row, or its key is gone."""


@dataclass(frozen=True)
class KeyRing:
    """Keys of 32 bytes by id, the id that seals now, and the separate key of the blind index."""

    keys: Mapping[str, bytes] = field(repr=False)
    current: str
    index_key: bytes = field(repr=False)

    def seal(self, text: str, bound_to: str) -> str:
        """Encrypt *text* for the row *bound_to* (such as "account:<uid>"); gives "<key id>.<base64>"."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        box = AESGCM(self.keys[self.current]).encrypt(nonce, text.encode(), bound_to.encode())
        return f"{self.current}.{base64.urlsafe_b64encode(nonce + box).decode()}"

    def open(self, sealed: str, bound_to: str) -> str:
        """Decrypt what seal returned for the same row; raises SealBroken."""
        key_id, _, body = sealed.partition(".")
        raw = base64.urlsafe_b64decode(body)
        try:
            cipher = AESGCM(self.keys[key_id])
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound_to.encode()).decode()
        except (InvalidTag, KeyError) as broken:
            raise SealBroken(bound_to) from broken

    def index(self, text: str) -> str:
        """Return the blind index of *text*: equal for equal texts, useless without the key; 64 hex digits."""
        return hmac.new(self.index_key, text.encode(), hashlib.sha256).hexdigest()

    def fingerprints(self) -> list[str]:
        """A name for each key that tells it from any other and gives nothing of it away."""
        named = {**self.keys, "index": self.index_key}
        return [f"{name}:{_fingerprint(key)}" for name, key in named.items()]

    def is_current(self, sealed: str) -> bool:
        """Whether *sealed* was made with the key that seals now."""
        return sealed.partition(".")[0] == self.current

    def renewed(self, sealed: str, bound_to: str) -> str:
        """Return the same text sealed with the current key."""
        return sealed if self.is_current(sealed) else self.seal(self.open(sealed, bound_to), bound_to)


def _fingerprint(key: bytes) -> str:
    return hmac.new(key, b"fingerprint", hashlib.sha256).hexdigest()[:16]


def keys_of(session: Session) -> KeyRing:
    """The key ring that the database of *session* was opened with."""
    ring: KeyRing = session.info["keys"]
    return ring
