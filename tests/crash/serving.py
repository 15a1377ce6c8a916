"""A portal that `flask serve` runs, which is killed and started again, and a browser's way to talk to it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from portal.ground.config import Settings

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60


class Server:
    """The serving process with everything it has started."""

    def __init__(self, settings: Settings) -> None:
        self.port = _free_port()
        given = ("data", "database_url", "secret_key", "identity_keys", "index_key")
        self._environment = os.environ | {
            f"PORTAL_{name.upper()}": str(getattr(settings, name)) for name in given
        }
        self._environment |= {"PORTAL_DEMONSTRATION": "1", "PORT": str(self.port)}
        self._log = settings.data / "server.log"
        self.start()

    def start(self) -> None:
        """Serve, and come back once somebody is heard."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        patience_ends = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            is_late = self._process.poll() is not None or time.monotonic() > patience_ends
            assert not is_late, self._log.read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """End every process of it at once, as a power cut does."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def post(self, path: str, head: dict[str, str], body: bytes) -> int:
        """Send a form and say with which status it is answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", path, body, head)
            return connection.getresponse().status
        finally:
            connection.close()

    def post_part(self, path: str, head: dict[str, str], body: bytes) -> None:
        """Send the beginning of a form, whatever length its head promises, and hang up."""
        lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in head.items()]
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as wire:
            wire.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
