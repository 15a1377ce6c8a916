"""A passkey in software: it answers like a browser's, and lies when a test tells it to."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, CARRIES_KEY = 0x01, 0x04, 0x40


@dataclass
class SoftPasskey:
    """One key pair for one host."""

    host: str = "dichvucong.vidu.vn"
    origin: str = "https://dichvucong.vidu.vn"
    count: int = 1
    flags: int = PRESENT | VERIFIED
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(self, asked: str) -> str:
        """The answer to navigator.credentials.create()."""
        carried = bytes(16) + struct.pack(">H", len(self.id)) + self.id + self._public()
        data = self._data(self.flags | CARRIES_KEY) + carried
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", asked)
        return self._written({"clientDataJSON": said, "attestationObject": attested})

    def signed(self, asked: str) -> str:
        """The answer to navigator.credentials.get(); it counts."""
        self.count += 1
        data, said = self._data(self.flags), self._said("webauthn.get", asked)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._written({"clientDataJSON": said, "authenticatorData": data, "signature": signature})

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _said(self, kind: str, asked: str) -> bytes:
        challenge = json.loads(asked)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _public(self) -> bytes:
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _written(self, response: dict[str, bytes]) -> str:
        name = bytes_to_base64url(self.id)
        coded = {part: bytes_to_base64url(value) for part, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": coded})


def altered(answer: str, part: str) -> str:
    """The same answer with one bit of one part turned."""
    sent = json.loads(answer)
    raw = bytearray(base64url_to_bytes(sent["response"][part]))
    raw[-1] ^= 1
    sent["response"][part] = bytes_to_base64url(bytes(raw))
    return json.dumps(sent)
