"""A real server on a planted portal, and a real Chromium in front of it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

ROOT = Path(__file__).parents[2]
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE_SECONDS = 60


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal that `flask serve` runs, demonstration planted, as `make run` does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "PORTAL_DATA": str(tmp_path_factory.mktemp("portal")),
        "PORTAL_DEMONSTRATION": "1",
        "PORT": str(port),
    }
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    for command in ("migrate", "demo"):
        subprocess.run([*flask, command], cwd=ROOT, env=environment, check=True, capture_output=True)
    server = subprocess.Popen([*flask, "serve"], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    _wait_for(address, server)
    yield address
    server.terminate()
    server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", headless=True, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(params=[390, 1280], ids=["phone", "desktop"])
def width(request: pytest.FixtureRequest) -> int:
    """The two widths every page is made for, CSS pixels."""
    return int(request.param)


class People:
    """One browser window for each person, opened at their first act."""

    def __init__(self, browser: Browser, address: str, width: int) -> None:
        self._browser, self._address, self._width = browser, address, width
        self._open: dict[str, BrowserContext] = {}

    def window(self, who: str) -> BrowserContext:
        """The window of *who*."""
        if who not in self._open:
            size = {"width": self._width, "height": 844 if self._width < 600 else 800}
            self._open[who] = self._browser.new_context(viewport=size, base_url=self._address, locale="vi-VN")
        return self._open[who]

    def close(self) -> None:
        """Close every window."""
        for context in self._open.values():
            context.close()


@pytest.fixture
def people(chromium: Browser, portal: str, width: int) -> Iterator[People]:
    """Windows onto the running portal, at one width."""
    opened = People(chromium, portal, width)
    yield opened
    opened.close()
