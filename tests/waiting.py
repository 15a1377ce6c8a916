"""Waits for what other threads do and what tells nobody when it is done."""

import threading
from collections.abc import Callable

from tests.mail_server import PATIENCE_SECONDS


def until(holds: Callable[[], bool]) -> None:
    """Ask again and again until it holds; the engine has no word for it."""
    asking = threading.Event()
    for _ in range(PATIENCE_SECONDS * 20):
        if holds():
            return
        asking.wait(0.05)
    raise AssertionError
