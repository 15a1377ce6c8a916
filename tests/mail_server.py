"""A real mail server for tests: keeps what it takes, and can be told to refuse or to hang."""

import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

PATIENCE_SECONDS = 60


class Post:
    """What reached the server, in order; *refusal* is what it answers instead of taking a letter."""

    def __init__(self) -> None:
        self.letters: queue.Queue[EmailMessage] = queue.Queue()
        self.refusal = ""
        self.unknown = ""
        self.asked = threading.Semaphore(0)
        self._gate = threading.Event()
        self._gate.set()

    def next(self) -> EmailMessage:
        """The next letter, waited for."""
        return self.letters.get(timeout=PATIENCE_SECONDS)

    def was_asked(self) -> bool:
        """Wait until the server was offered a letter once more, taken or not."""
        return self.asked.acquire(timeout=PATIENCE_SECONDS)

    def hang(self) -> None:
        """Answer no letter from now on."""
        self._gate.clear()

    def go_on(self) -> None:
        """Answer again."""
        self._gate.set()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's word
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address == self.unknown:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's word
        self.asked.release()
        await server.loop.run_in_executor(None, self._gate.wait, PATIENCE_SECONDS)
        if self.refusal:
            return self.refusal
        self.letters.put(BytesParser(policy=default).parsebytes(envelope.content))
        return "250 OK"


@contextmanager
def serving(post: Post, port: int) -> Iterator[None]:
    """Serve *post* on this machine's *port* while the block lasts."""
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        post.go_on()
        controller.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
