"""A real S3 server for the tests: it checks every signature, and can be stopped and started again."""

import atexit
import itertools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

KEY_ID, SECRET = "portal", "a secret for tests"
BUCKET = "portal"
PATIENCE_SECONDS = 30
PREFIXES = itertools.count(1)


class CannotStart(Exception):
    """The server does not answer; the message holds its last words."""


class Server:
    """A server on loopback that keeps its address and its files when it is started again."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="s3-"))
        (self.folder / "data" / BUCKET).mkdir(parents=True)
        self.port = free_port()
        atexit.register(self.close)
        self.start()

    def start(self) -> None:
        """Serve, and return when it answers."""
        where = ["--data-dir", self.folder / "data", "--host", "127.0.0.1", "--port", str(self.port)]
        command = [sys.executable, "-m", "nanio", "serve", *where, "--no-access-log"]
        keys = {"NANIO_ACCESS_KEY": KEY_ID, "NANIO_SECRET_KEY": SECRET}
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [*bound_to_us(), *command], env=os.environ | keys, stdout=log, stderr=log
            )
        self.wait_until_ready()

    def stop(self) -> None:
        """Go away at once."""
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Stop and remove every file."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def settings(self, **changes: str) -> dict[str, Any]:
        """The settings of a portal that keeps its files here, in a place of its own."""
        return {
            "storage_url": f"s3://{BUCKET}/{next(PREFIXES)}",
            "storage_endpoint": f"http://127.0.0.1:{self.port}",
            "storage_region": "us-east-1",
            "storage_key_id": KEY_ID,
            "storage_secret": SECRET,
            **changes,
        }

    def wait_until_ready(self) -> None:
        """Return when the server answers; raise CannotStart when it ends or stays silent."""
        patience_ends = time.monotonic() + PATIENCE_SECONDS
        while self.process.poll() is None and time.monotonic() < patience_ends:
            try:
                return socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                time.sleep(0.02)
        raise CannotStart((self.folder / "log").read_text(errors="replace")[-500:])


@cache
def server() -> Server:
    """The server of this test process."""
    return Server()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def bound_to_us() -> list[str]:
    """The start of a command that dies with us."""
    return ["setpriv", "--pdeathsig", "KILL", "--"] if sys.platform == "linux" else []
