"""Opens hostile bytes in a process of its own, which has little memory, little time, no files and no network.

The same file is both sides: `run` for the portal, and the program that the child starts with. The child knows
neither the portal nor its settings: a decoder that breaks can only bring down the child.
"""

import resource
import runpy
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

MEMORY_BYTES = 1536 * 1024 * 1024
CPU_SECONDS = 10
WALL_SECONDS = 20
CHILDREN = 4
"""How many run at the same time in one process of the portal; more wait, so that memory has a ceiling."""

UNNEEDED = ("Crypto", "cryptography", "fontTools")
"""What libraries load when it is there: half of the time a child needs to come up, and more to break."""

READY = b"+"
"""What the child says when its libraries are loaded; without it the fault is ours and not the file's."""

_room = BoundedSemaphore(CHILDREN)


class Broke(Exception):
    """The child died of these bytes, or took more than it may have."""


class CannotStart(Exception):
    """The child did not come up; nothing is known about the bytes."""


def run(program: Path, content: bytes, *arguments: str, seconds: float = WALL_SECONDS) -> tuple[str, bytes]:
    """Let `answer(content, *arguments)` of *program* run in a child; return its first line and the rest.

    The child gets no environment, so no secret of the portal is near the decoder. Raises Broke, CannotStart.
    """
    command = [sys.executable, "-I", __file__, str(program), *arguments]
    with _room:
        try:
            done = subprocess.run(  # noqa: S603 - our own program, and arguments are ours too
                command, input=content, capture_output=True, timeout=seconds, check=False, env={}, cwd="/"
            )
        except subprocess.TimeoutExpired as late:
            raise Broke from late
        except OSError as away:
            raise CannotStart from away
    if not done.stdout.startswith(READY):
        raise CannotStart(done.stderr.decode(errors="replace")[-500:])
    line, found, rest = done.stdout.removeprefix(READY).partition(b"\n")
    if done.returncode or not found:
        raise Broke
    return line.decode(errors="replace"), rest


def _confine() -> None:
    """Take away what a decoder does not need; a file limit of none also means no socket."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Load the program, read the bytes, give up every right, answer."""
    sys.modules.update(dict.fromkeys(UNNEEDED))  # type: ignore[arg-type]  # As if not installed.
    program = runpy.run_path(sys.argv[1])
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    content = sys.stdin.buffer.read()
    _confine()
    sys.stdout.buffer.write(program["answer"](content, *sys.argv[2:]))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
