"""A daemon that speaks ClamAV's protocol on a real socket, in good and in bad moods."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST" + b"-FILE!$H+H*"
"""What every scanner finds although it does nothing; in two pieces, so that none finds this file."""

SIGNATURE = "Win.Test.EICAR_HDB-1"

OK, ERROR, FULL, HANGS, CLOSES, GARBAGE = "ok", "error", "full", "hangs", "closes", "garbage"
WRONG = {ERROR: "stream: Broken pipe ERROR", GARBAGE: "HTTP/1.0 400 Bad Request"}


class Daemon(socketserver.ThreadingTCPServer):
    """Finds what is in *known*; *mood* and *version* may be changed while it runs."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mood = OK
        self.version = "ClamAV 1.0.9/27500/Tue Sep 15 2020"
        self.known = [EICAR]
        self.most_bytes = 25 * 1024 * 1024
        self.scanned: list[bytes] = []
        self.leave = threading.Event()

    @property
    def address(self) -> str:
        """What PORTAL_CLAMD is set to."""
        host, port = self.server_address[:2]
        return f"{host!s}:{port}"


class _Conversation(socketserver.StreamRequestHandler):
    """One connection: one command, one answer."""

    server: Daemon

    def handle(self) -> None:
        command = self._until_nul()
        if command == b"zVERSION":
            self._say(self.server.version)
        elif command == b"zINSTREAM":
            self._scan()
        else:
            self._say("UNKNOWN COMMAND")

    def _until_nul(self) -> bytes:
        said = b""
        while not said.endswith(b"\0"):
            one = self.rfile.read(1)
            if not one:
                break
            said += one
        return said.removesuffix(b"\0")

    def _scan(self) -> None:
        content, mood = b"", self.server.mood
        if mood == CLOSES:
            return
        while size := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(size)
            if mood == FULL or len(content) > self.server.most_bytes:
                self._say("INSTREAM size limit exceeded. ERROR")
                return
        self.server.scanned.append(content)
        if mood == HANGS:
            self.server.leave.wait(30)
        else:
            self._say(WRONG.get(mood) or self._verdict(content))

    def _verdict(self, content: bytes) -> str:
        found = any(known in content for known in self.server.known)
        return f"stream: {SIGNATURE} FOUND" if found else "stream: OK"

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\0")


@contextmanager
def running() -> Iterator[Daemon]:
    """A daemon on a free port, until the end of the block."""
    with Daemon() as daemon:
        thread = threading.Thread(target=daemon.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield daemon
        finally:
            daemon.leave.set()
            daemon.shutdown()
            thread.join()
