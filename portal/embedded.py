"""The application with its worker inside the one process, as `flask serve` runs it: nothing else to start."""

import atexit
import threading
from contextlib import ExitStack

from portal import worker
from portal.app import create_app

NAME = "embedded"
"""The worker's name, always the same: it takes up what it left unfinished."""

app = create_app()

_running = ExitStack()
atexit.register(_running.close)


def _start() -> None:
    _running.enter_context(worker.working(app, NAME))


threading.Thread(target=_start, name="worker-start", daemon=True).start()  # The first page does not wait.
