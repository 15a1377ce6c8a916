"""Asks national databases about one person through the province's gateway: JSON over HTTP. Knows no rows."""

import json
import ssl
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from socket import SHUT_RDWR
from threading import Timer
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from portal.ground.text import clean
from portal.ground.words import N_, Labelled

REPLY_BYTES = 16 * 1024
"""The longest reply that is read."""

LONGEST_READING = 300
"""Characters of what is read; a longer one is no short sentence, and the reply makes no sense."""


class Outcome(Labelled):
    """What came of asking a register."""

    FOUND = "found", N_("Tra thấy")
    NOT_FOUND = "not_found", N_("Không thấy")
    AWAY = "away", N_("Cơ sở dữ liệu không trả lời")


@dataclass(frozen=True)
class Question:
    """What is asked, about whom, and for what: the register says only what this paper would have said.

    register, paper, procedure: by code. reference: names the draft or dossier in the gateway's own log.
    """

    register: str
    identity_number: str = field(repr=False)
    paper: str
    procedure: str
    reference: str


@dataclass(frozen=True)
class Answer:
    """The outcome with what was read, one short sentence, when it was found.

    why: what went wrong, for the operator; never shown to anybody.
    """

    outcome: Outcome
    reads: str = field(default="", repr=False)
    why: str = ""


class Registers(Protocol):
    """Whoever answers for the registers."""

    def look(self, question: Question) -> Answer:
        """Answer *question*; whatever goes wrong is Outcome.AWAY, nothing is raised."""


class BadAddress(ValueError):
    """The URL names no gateway that identity numbers may be sent to."""


class _Nonsense(ValueError):
    """The gateway replied, but not what the contract says."""


@dataclass(frozen=True)
class Gateway:
    """The gateway at *url*; connecting, and then the whole exchange, take at most *seconds* each.

    The contract: POST with a bearer key and the question as a JSON object, never a number in the URL. The
    reply is status 200 and {"found": true, "reads": "..."} or {"found": false}. No redirect is followed, no
    proxy asked.
    """

    url: SplitResult
    key: str = field(repr=False)
    seconds: float

    def look(self, question: Question) -> Answer:
        """Ask; anything but an answer of the contract is AWAY."""
        try:
            return _answer(self._reply(question))
        except (OSError, HTTPException, ValueError, RecursionError) as wrong:
            return Answer(Outcome.AWAY, why=f"{type(wrong).__name__}: {wrong}"[:200])

    def _reply(self, question: Question) -> bytes:
        connection = self._connection()
        hang_up = Timer(self.seconds, _hang_up, [connection])
        try:
            connection.connect()
            hang_up.start()  # A server that drips would never run into the timeout of a single read.
            connection.request("POST", self._target(), json.dumps(asdict(question)), self._headers())
            response = connection.getresponse()
            if response.status != 200:
                raise _Nonsense(f"status {response.status}")
            return response.read(REPLY_BYTES + 1)
        finally:
            hang_up.cancel()
            connection.close()

    def _connection(self) -> HTTPConnection:
        host, port = self.url.hostname or "", self.url.port
        if self.url.scheme == "http":
            return HTTPConnection(host, port, timeout=self.seconds)
        return HTTPSConnection(host, port, timeout=self.seconds, context=ssl.create_default_context())

    def _target(self) -> str:
        return (self.url.path or "/") + (f"?{self.url.query}" if self.url.query else "")

    def _headers(self) -> dict[str, str]:
        kind = {"Content-Type": "application/json", "Accept": "application/json"}
        return kind | ({"Authorization": f"Bearer {self.key}"} if self.key else {})


def gateway(url: str, key: str, seconds: float) -> Gateway | None:
    """The gateway at *url*; None for "". Raises BadAddress: it must be https, http only on this machine."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # Reading a bad one raises.
    except ValueError:
        raise BadAddress(url) from None
    is_open = parts.scheme == "http" and _is_this_machine(parts.hostname or "")
    if not parts.hostname or parts.username is not None or not (parts.scheme == "https" or is_open):
        raise BadAddress(url)
    if not _is_header(key) or not _is_header(url):
        raise BadAddress("the key or the URL holds a letter that HTTP cannot carry")
    return Gateway(parts, key, seconds)


def _is_header(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _hang_up(connection: HTTPConnection) -> None:
    """End the exchange under whoever waits for it: the waiting read fails."""
    wire = connection.sock
    if wire is not None:
        with suppress(OSError):
            wire.shutdown(SHUT_RDWR)


def _answer(reply: bytes) -> Answer:
    if len(reply) > REPLY_BYTES:
        raise _Nonsense("too long")
    said: Any = json.loads(reply)
    if not isinstance(said, dict) or not isinstance(said.get("found"), bool):
        raise _Nonsense("not the contract")
    if not said["found"]:
        return Answer(Outcome.NOT_FOUND)
    reads = said.get("reads")
    sentence = clean(reads) if isinstance(reads, str) else ""
    if not sentence or len(sentence) > LONGEST_READING or not sentence.isprintable():
        raise _Nonsense("nothing that can be read")
    return Answer(Outcome.FOUND, sentence)
