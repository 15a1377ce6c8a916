"""Asks a ClamAV daemon whether bytes are clean, over its INSTREAM protocol (source: clamd(8))."""

import socket
from contextlib import suppress
from dataclasses import dataclass

CHUNK_BYTES = 256 * 1024
REPLY_BYTES = 4096


class NoVerdict(Exception):
    """The daemon is away, slow, refuses the size, or makes no sense: the bytes count as not scanned."""


class BadAddress(ValueError):
    """The address names no daemon."""


@dataclass(frozen=True)
class Scanner:
    """A daemon at *address*, a socket's path or host and port; one question takes at most *seconds*."""

    address: str | tuple[str, int]
    seconds: float

    def version(self) -> str:
        """Engine and signatures, such as "ClamAV 1.4.3/27830/Tue Nov 25 2026"; raises NoVerdict."""
        said = self._ask(b"VERSION")
        if not said.startswith("ClamAV "):
            raise NoVerdict(said)
        return said[:120]

    def finds(self, content: bytes) -> str:
        """The name of the virus in *content*, "" when it is clean; raises NoVerdict."""
        said = self._ask(b"INSTREAM", content)
        if said == "stream: OK":
            return ""
        signature = said.removeprefix("stream: ").removesuffix(" FOUND")
        if not signature or said != f"stream: {signature} FOUND":
            raise NoVerdict(said)
        return signature

    def _ask(self, command: bytes, content: bytes | None = None) -> str:
        try:
            with self._connected() as wire:
                with suppress(BrokenPipeError, ConnectionResetError):  # It has said why it stopped listening.
                    wire.sendall(b"z" + command + b"\0")
                    if content is not None:
                        _send(wire, content)
                return _reply(wire)
        except OSError as away:
            raise NoVerdict(str(away)) from away

    def _connected(self) -> socket.socket:
        if isinstance(self.address, tuple):
            return socket.create_connection(self.address, self.seconds)
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(self.seconds)
        try:
            wire.connect(self.address)
        except OSError:
            wire.close()
            raise
        return wire


def scanner(address: str, seconds: float) -> Scanner | None:
    """The daemon at "host:port" or "/path/of/socket"; None for ""; raises BadAddress."""
    if not address:
        return None
    if address.startswith("/"):
        return Scanner(address, seconds)
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise BadAddress(address)
    return Scanner((host.strip("[]"), int(port)), seconds)


def _send(wire: socket.socket, content: bytes) -> None:
    """Send *content* in chunks, each after its length in four bytes, and an empty one at the end."""
    for start in range(0, len(content), CHUNK_BYTES):
        chunk = content[start : start + CHUNK_BYTES]
        wire.sendall(len(chunk).to_bytes(4, "big") + chunk)
    wire.sendall(bytes(4))


def _reply(wire: socket.socket) -> str:
    """What stands before the closing NUL; raises NoVerdict when none comes."""
    said = b""
    while b"\0" not in said and len(said) < REPLY_BYTES:
        more = wire.recv(REPLY_BYTES)
        if not more:
            raise NoVerdict("closed early")
        said += more
    return said.partition(b"\0")[0].decode(errors="replace")
