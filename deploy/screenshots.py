"""Take the pictures of the README, in Chromium, of a demonstration that was loaded a moment ago."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "pictures"
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PASSWORD = "motcua-2020"  # noqa: S105  # Of everybody in the demonstration, as the README says.
PAUSE_SECONDS = 0.2
DESKTOP, PHONE = (1280, 800), (390, 844)
MOST_BYTES = 120_000
COLOURS = 128
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass(frozen=True)
class Picture:
    """One file: who looks, where, and what is pressed there to come to what it shows."""

    name: str
    path: str
    who: str = ""
    pressed: tuple[str, ...] = ()
    size: tuple[int, int] = DESKTOP


PICTURES = (
    Picture("home", "/"),
    Picture("search", "/thu-tuc?q=xac+nhan+doc+than"),
    Picture("procedure", "/thu-tuc/1.004873"),
    Picture("inbox", "/mot-cua", "tiepnhan.phuhoa"),
    Picture("dossier", "/mot-cua", "chuyenvien.phuhoa", ("main tbody tr:has-text('Nộp trên mạng') a",)),
    Picture("offices", "/quan-tri", "quantri"),
    Picture("timeline-phone", "/ho-so", "0900000002", ("main tbody tr:has(time) a",), PHONE),
    Picture("messages-phone", "/hop-thu", "0900000002", (), PHONE),
    Picture("stop-phone", "/buu-ta", "buuta.tam", ("main .jobs form button",), PHONE),
)


def main() -> None:
    """Write every picture; a demonstration of its own is loaded and served for as long as it takes."""
    with TemporaryDirectory() as data, served(data) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        for picture in PICTURES:
            weight = keep(picture, taken(browser, address, picture))
            print(f"docs/pictures/{picture.name}.png, {weight // 1000} KB")
        browser.close()


@contextmanager
def served(data: str) -> Iterator[str]:
    """Where a demonstration in the folder *data* answers, until the block ends."""
    port = free_port()
    environment = os.environ | {"PORTAL_DATA": data, "PORTAL_DEMONSTRATION": "1", "PORT": str(port)}
    for command in ("migrate", "demo"):
        subprocess.run([*FLASK, command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    with subprocess.Popen([*FLASK, "serve"], cwd=ROOT, env=environment, **QUIET) as server:
        try:
            wait_for(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Come back once the server listens. Raises an error when it ended instead."""
    while server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(PAUSE_SECONDS)
    raise SystemExit(f"The server ended with {server.returncode}.")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def taken(browser: Browser, address: str, picture: Picture) -> bytes:
    """What the window shows: no more than fits into it, without the moving mark of a field."""
    width, height = picture.size
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, locale="vi-VN", reduced_motion="reduce"
    )
    page = context.new_page()
    if picture.who:
        sign_in(page, picture.who)
    answer = page.goto(picture.path)
    if answer is None or not answer.ok:
        raise SystemExit(f"{picture.path} answers {answer.status if answer else 'nothing'}.")
    for target in picture.pressed:
        page.locator(target).first.click()
        page.wait_for_load_state()
    page.evaluate("document.fonts.ready")
    shown = page.screenshot(caret="hide")
    context.close()
    return shown


def sign_in(page: Page, who: str) -> None:
    """Enter by name and password, as anybody does."""
    page.goto("/dang-nhap")
    page.locator("[name=ten]").fill(who)
    page.locator("[name=mat_khau]").fill(PASSWORD)
    page.locator("[name=mat_khau]").press("Enter")
    page.wait_for_url(lambda url: "/dang-nhap" not in url)


def keep(picture: Picture, shown: bytes) -> int:
    """Write the picture with few colours, which is enough for a page; its bytes."""
    target = FOLDER / f"{picture.name}.png"
    Image.open(BytesIO(shown)).convert("RGB").quantize(COLOURS).save(target, optimize=True)
    weight = target.stat().st_size
    if weight > MOST_BYTES:
        raise SystemExit(f"{target} has {weight} bytes, more than {MOST_BYTES}.")
    return weight


if __name__ == "__main__":
    main()
