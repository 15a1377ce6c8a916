"""A gateway to the national databases on a real socket, in good and in bad moods."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "khoa-cua-cong"
READS = "Nguyễn Văn Bình, thường trú tại 45 đường 30/4, phường Phú Hòa"

FOUND, NOT_FOUND = {"found": True, "reads": READS}, {"found": False}
HANGS, DRIPS, HUGE, REDIRECTS, CLOSES = "hangs", "drips", "huge", "redirects", "closes"
AWAY_MOODS: dict[str, Any] = {
    "never answers": HANGS,
    "drips": DRIPS,
    "no JSON": b"<html>",
    "huge": HUGE,
    "redirects": REDIRECTS,
    "an error of its own": {"error": "ORA-00942: table or view does not exist"},
}
"""What a gateway may do in place of answering, for pages; all of it is one outcome."""


class Gateway(ThreadingHTTPServer):
    """Answers with *mood*: bytes or a JSON value as they are, or a bad habit; *status* may change."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.mood: Any = FOUND
        self.status = 200
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.leave = threading.Event()

    @property
    def url(self) -> str:
        """What PORTAL_REGISTER_URL is set to."""
        return f"http://127.0.0.1:{self.server_address[1]}/tra-cuu"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up on a bad mood is right."""


class _Exchange(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(json.loads(body) | {"key": self.headers["Authorization"]})
        self.server.paths.append(self.path)
        mood = self.server.mood
        if mood == HANGS:
            self.server.leave.wait(20)
        elif mood == REDIRECTS:
            self._say(b"", 307, Location=self.server.url)
        elif mood == DRIPS:
            self._drip()
        elif mood == HUGE:
            self._say(json.dumps({"found": False, "more": "x" * 200_000}).encode(), 200)
        elif mood != CLOSES:
            self._say(mood if isinstance(mood, bytes) else json.dumps(mood).encode(), self.server.status)

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self._say(json.dumps(FOUND).encode(), 200)

    def _say(self, body: bytes, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        """One byte of a header that never ends, and another, each before a read would time out."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self.server.leave.wait(0.1):
            self.wfile.write(b"x")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def running(certificate: ssl.SSLContext | None = None) -> Iterator[Gateway]:
    """A gateway on a free port until the end of the block; over TLS with a *certificate*."""
    with Gateway() as gateway:
        if certificate:
            gateway.socket = certificate.wrap_socket(gateway.socket, server_side=True)
        thread = threading.Thread(target=gateway.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield gateway
        finally:
            gateway.leave.set()
            gateway.shutdown()
            thread.join()
