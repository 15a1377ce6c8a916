"""Every setting with its unit and default; each is overridden by PORTAL_<NAME> in the environment."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal.ground import clamd as antivirus
from portal.ground import registers as national
from portal.ground.mail import MailServer, server_of
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
    storage_endpoint: str = ""
    """Address of an S3 server that is not Amazon's; empty: AWS_ENDPOINT_URL_S3, else Amazon's."""
    storage_region: str = ""
    """Region of the bucket; empty: AWS_REGION, else us-east-1."""
    storage_key_id: str = ""
    """Who asks the S3 server; empty: AWS_ACCESS_KEY_ID, else what the machine's role gives."""
    storage_secret: str = field(default="", repr=False)
    """The secret that belongs to storage_key_id; empty: AWS_SECRET_ACCESS_KEY."""
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
    watch_networks: str = "127.0.0.0/8,::1/128"
    """Networks that may read /readyz and /metrics without a token, comma separated; never through a proxy."""
    watch_token: str = field(default="", repr=False)
    """The bearer token for /readyz and /metrics from elsewhere; empty: there is none."""
    release: str = ""
    """What this release is called in logs and measures; empty: the hash of its static files."""
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
    upload_files: int = 100
    """Files one account may send in ten minutes."""
    upload_day_bytes: int = 200 * 1024 * 1024
    """What one citizen may send in files in a day, bytes."""
    clamd: str = ""
    """ClamAV daemon that looks at every file, host:port or /path/of/socket; empty: none."""
    clamd_seconds: int = 15
    """How long its answer is waited for, seconds; without an answer no file is taken."""
    register_url: str = ""
    """Gateway to the national databases, https://; empty: none is asked, every paper is demanded."""
    register_key: str = field(default="", repr=False)
    """The bearer key that the gateway knows this portal by."""
    register_seconds: int = 5
    """How long connecting to the gateway, and then its answer, are waited for, seconds each."""
    draft_days: int = 30
    """How long an untouched draft is kept, days."""
    drafts_per_account: int = 20
    """Most open drafts of one account."""
    smtp_url: str = field(default="", repr=False)
    """smtp://user:password@host:587 (STARTTLS with a user) or smtps://; empty: no e-mail is sent."""
    mail_from: str = "Cổng Một Cửa <khong-tra-loi@localhost>"
    """Who e-mails come from."""
    session_idle_minutes: int = 60
    """A citizen's session unused for so long ends, minutes; a carrier's may rest for a whole shift."""
    session_desk_idle_minutes: int = 30
    """A session of staff at a desk, whose computer others use too, ends unused after so long, minutes."""
    session_shift_hours: int = 12
    """No session lives longer than this, hours."""
    silent_hours: int = 40
    """Working hours without any entry after which a dossier at work counts as silent."""
    look_up_tries: int = 10
    """Public look-ups allowed per address, and per code, in ten minutes."""
    sign_in_tries: int = 10
    """Failed sign-ins allowed per address and name in ten minutes; ten times as many per address."""

    def __post_init__(self) -> None:
        if urlsplit(self.public_url).scheme not in ("http", "https") or not self.hosts[0]:
            raise BadSetting(f"{PREFIX}PUBLIC_URL must be like https://dichvucong.example.vn")
        _ = self.watchers  # Read once at the start, so that a bad one stops it.

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
        """The file store's URL, the default filled in; raises BadSetting for another kind of store."""
        url = self.storage_url or f"file://{(self.data / 'files').absolute()}"
        if not url.startswith(("file:///", "s3://")):
            raise BadSetting(f"{PREFIX}STORAGE_URL must be file:///folder or s3://bucket, not {url!r}")
        return url

    @property
    def storage_access(self) -> dict[str, str]:
        """How to reach an S3 store, without what the AWS_* environment shall say."""
        given = {
            "endpoint": self.storage_endpoint,
            "region": self.storage_region,
            "access_key_id": self.storage_key_id,
            "secret_access_key": self.storage_secret,
        }
        return {name: value for name, value in given.items() if value}

    @property
    def mail_server(self) -> MailServer | None:
        """Where e-mails are handed over, if anywhere; raises BadSetting."""
        try:
            return server_of(self.smtp_url, self.mail_from) if self.smtp_url else None
        except ValueError:
            raise BadSetting(f"{PREFIX}SMTP_URL must be smtp:// or smtps:// with a host") from None

    @property
    def sends_mail(self) -> bool:
        """Whether e-mails are made at all; a demonstration shows them on a page of its own."""
        return bool(self.smtp_url) or self.demonstration

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
    def watchers(self) -> list[IPv4Network | IPv6Network]:
        """The networks that may watch; raises BadSetting."""
        try:
            return [ip_network(one.strip()) for one in self.watch_networks.split(",") if one.strip()]
        except ValueError:
            raise BadSetting(f"{PREFIX}WATCH_NETWORKS must be networks such as 10.0.0.0/24") from None

    def scanner(self) -> antivirus.Scanner | None:
        """The ClamAV daemon, None when none is set; raises BadSetting."""
        try:
            return antivirus.scanner(self.clamd, self.clamd_seconds)
        except antivirus.BadAddress:
            text = f"{PREFIX}CLAMD must be host:port or the path of a socket, not {self.clamd!r}"
            raise BadSetting(text) from None

    def registers(self) -> national.Gateway | None:
        """The gateway to the national databases, None when none is set; raises BadSetting."""
        try:
            return national.gateway(self.register_url, self.register_key, self.register_seconds)
        except national.BadAddress:
            text = "REGISTER_URL must be https://host/path (http:// on this machine only) without a password"
            raise BadSetting(f"{PREFIX}{text}, and {PREFIX}REGISTER_KEY plain ASCII") from None

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
        ring = _parse_keys(self.identity_keys or _kept_secrets(self.data)["identity_keys"])
        index = self.index_key or _kept_secrets(self.data)["index_key"]
        return KeyRing(ring, next(iter(ring)), _key("INDEX_KEY", index))

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
    settings = Settings(**given)
    settings.scanner()  # A wrong address is named at the start, not at the first upload.
    settings.registers()
    return settings


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
    try:
        if not path.exists():
            _make_secrets(path)
        kept: dict[str, str] = json.loads(path.read_text())
    except OSError as error:
        raise BadSetting(f"{PREFIX}DATA must be a folder to write in: {path}: {error.strerror}") from error
    return kept


def _make_secrets(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = {
        "secret_key": secrets.token_urlsafe(32),
        "identity_keys": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "index_key": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(fresh, out)
