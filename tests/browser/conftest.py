"""A real server on a planted portal, and a real Chromium in front of it."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.planted import WIDTHS, World, plant_world
from tests.browser.windows import Judged, Walk

ROOT = Path(__file__).parents[2]
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Portal:
    """A running portal: where it is, the dossiers planted in it, and what its server says."""

    address: str
    world: World
    said: Sequence[str]


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal that `flask serve` runs as `make run` does, its people planted, with dossiers of its own."""
    data, port = tmp_path_factory.mktemp("portal"), _free_port()
    environment = os.environ | {
        "PORTAL_DATA": str(data),
        "PORTAL_DEMONSTRATION": "1",
        "PORTAL_LOOK_UP_TRIES": "1000",
        "PORTAL_PUBLIC_URL": f"http://localhost:{port}",  # Passkeys belong to a name.
        "PORT": str(port),
    }
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    subprocess.run([*flask, "migrate"], cwd=ROOT, env=environment, check=True, capture_output=True)
    world = plant_world(data)
    server = _Server([*flask, "serve"], environment)
    yield Portal(f"http://127.0.0.1:{port}", world, server.said)
    server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class _Server:
    """The serving process; what it says is read all the time, and it is ready once it says so."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True
        )
        self.said: list[str] = []
        self._is_up = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        assert self._is_up.wait(PATIENCE_SECONDS), "".join(self.said)
        assert self._process.poll() is None, "".join(self.said)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self.said.append(line)
                if "Started worker" in line:
                    self._is_up.set()
        self._is_up.set()

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()
        self._reader.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", headless=True, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def judged() -> Judged:
    """What was found on the pages seen so far: a page that comes again as it was is judged once."""
    return {}


@pytest.fixture(params=WIDTHS, ids=["phone", "desktop"])
def walk(request: pytest.FixtureRequest, chromium: Browser, portal: Portal, judged: Judged) -> Iterator[Walk]:
    """Windows onto the running portal, at each of the two widths every page is made for."""
    opened = Walk(chromium, portal.address, (request.param,), portal.said, judged)
    yield opened
    opened.close()


@pytest.fixture
def both_widths(chromium: Browser, portal: Portal, judged: Judged) -> Iterator[Walk]:
    """Windows in which each page is judged at one width after the other."""
    opened = Walk(chromium, portal.address, WIDTHS, portal.said, judged)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def world(portal: Portal) -> World:
    """The dossiers that were planted."""
    return portal.world
