"""Every setting with its unit and default; each is overridden by PORTAL_<NAME> in the environment."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal.ground.sealing import KeyRing

PREFIX = "PORTAL_"


class BadSetting(Exception):
    """A setting cannot be used; the message names it and says what it should be."""


@dataclass(frozen=True)
class Settings:
    """The settings of one running portal; docs/operations.md lists them."""

    data: Path = Path("var")
    """Folder of the database, the files and the keys of an embedded set-up."""
    database_url: str = ""
    """SQLAlchemy URL; empty: SQLite in the data folder."""
    storage_url: str = ""
    """file:///folder or s3://bucket; empty: files/ in the data folder."""
    public_url: str = "http://127.0.0.1:8000"
    """The address people type; https makes the session cookie secure and switches HSTS on."""
    secret_key: str = field(default="", repr=False)
    """Signs the session cookie; empty: made once and kept in the data folder."""
    identity_keys: str = field(default="", repr=False)
    """id:base64 of 32 bytes, comma separated, the first one seals; empty: made once and kept."""
    index_key: str = field(default="", repr=False)
    """base64 of 32 bytes for the blind index; empty: made once and kept."""
    demonstration: bool = False
    """Demonstration mode: simulated time, invented people, accounts listed on the sign-in page."""
    demonstration_factors: bool = False
    """Ask the staff of a demonstration for a second factor, too; everywhere else it is always asked for."""
    province_name: str = "Tỉnh Bình Dương"
    """Shown under the product's name."""
    help_phone: str = "1900 0000"
    """The number shown on every page."""
    trusted_proxies: int = 0
    """Reverse proxies in front whose X-Forwarded headers are believed; 0 believes none."""
    upload_max_bytes: int = 10 * 1024 * 1024
    """Largest single file, bytes."""
    request_max_bytes: int = 40 * 1024 * 1024
    """Largest request, bytes."""
    image_max_pixels: int = 40_000_000
    """Largest image, pixels."""
    pdf_max_pages: int = 60
    """Longest PDF, pages."""
    dossier_max_files: int = 40
    """Most files of one dossier or draft."""
    draft_days: int = 30
    """How long an untouched draft is kept, days."""
    drafts_per_account: int = 20
    """Most open drafts of one account."""
    session_idle_minutes: int = 60
    """A citizen's session unused for so long ends, minutes; a carrier's may rest for a whole shift."""
    session_desk_idle_minutes: int = 30
    """A session of staff at a desk, whose computer others use too, ends unused after so long, minutes."""
    session_shift_hours: int = 12
    """No session lives longer than this, hours."""
    look_up_tries: int = 10
    """Public look-ups allowed per address, and per code, in ten minutes."""
    sign_in_tries: int = 10
    """Failed sign-ins allowed per address and name in ten minutes; ten times as many per address."""

    @property
    def staff_need_factor(self) -> bool:
        """Whether staff do nothing before a second factor is shown: always, but for a demonstration."""
        return self.demonstration_factors or not self.demonstration

    @property
    def database(self) -> str:
        """The database's URL, the default filled in."""
        return self.database_url or f"sqlite:///{(self.data / 'portal.sqlite3').absolute()}"

    @property
    def storage(self) -> str:
        """The file store's URL, the default filled in."""
        return self.storage_url or f"file://{(self.data / 'files').absolute()}"

    @property
    def hosts(self) -> list[str]:
        """The host names that requests may name: the public one, and over plain http this machine's own."""
        public = urlsplit(self.public_url).hostname or ""
        return [public] if self.is_https else [public, "127.0.0.1", "localhost"]

    @property
    def is_https(self) -> bool:
        """Whether people reach the portal over TLS."""
        return self.public_url.startswith("https://")

    @property
    def origin(self) -> str:
        """Scheme, host and port of the public address, as browsers name where a page comes from."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def passkey_host(self) -> str:
        """The host that passkeys belong to; "" where it is a bare address, to which none can belong."""
        host = urlsplit(self.public_url).hostname or ""
        return "" if _is_bare_address(host) else host

    def keys(self) -> KeyRing:
        """The key ring of identity numbers; raises BadSetting."""
        made = _kept_secrets(self.data)
        ring = _parse_keys(self.identity_keys or made["identity_keys"])
        return KeyRing(ring, next(iter(ring)), _key("INDEX_KEY", self.index_key or made["index_key"]))

    def cookie_key(self) -> str:
        """What signs cookies."""
        return self.secret_key or _kept_secrets(self.data)["secret_key"]


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises BadSetting naming the first that cannot be used."""
    environment = os.environ if environment is None else environment
    known = {PREFIX + f.name.upper(): f for f in fields(Settings)}
    given = {
        known[name].name: _value(name, known[name].type, text)
        for name, text in environment.items()
        if name in known
    }
    return Settings(**given)


def _is_bare_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _value(name: str, kind: Any, text: str) -> Any:
    kind = getattr(kind, "__name__", kind)
    if kind == "bool":
        if text.lower() not in {"1", "0", "true", "false", "yes", "no"}:
            raise BadSetting(f"{name} must be 1 or 0, not {text!r}")
        return text.lower() in {"1", "true", "yes"}
    if kind == "int":
        if not text.isdecimal():
            raise BadSetting(f"{name} must be a whole number, not {text!r}")
        return int(text)
    return Path(text) if kind == "Path" else text


def _parse_keys(text: str) -> dict[str, bytes]:
    pairs = (part.partition(":") for part in text.split(","))
    return {key_id.strip(): _key("IDENTITY_KEYS", body) for key_id, _, body in pairs}


def _key(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise BadSetting(f"{PREFIX}{name} must be base64 of 32 bytes")
    return key


def _kept_secrets(data: Path) -> dict[str, str]:
    """Read the keys of an embedded set-up, made once with a file only its owner may read."""
    path = data / "secrets.json"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = {
            "secret_key": secrets.token_urlsafe(32),
            "identity_keys": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "index_key": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(fresh, out)
    kept: dict[str, str] = json.loads(path.read_text())
    return kept
