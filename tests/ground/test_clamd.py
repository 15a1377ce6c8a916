"""The scanner's client: what it says of bytes, and that no trouble ever counts as clean."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.ground.clamd import CHUNK_BYTES, BadAddress, NoVerdict, Scanner, scanner
from portal.ground.config import BadSetting, from_environment
from tests import clamav
from tests.clamav import EICAR, SIGNATURE, Daemon


@pytest.fixture
def daemon() -> Iterator[Daemon]:
    with clamav.running() as started:
        yield started


def client(daemon: Daemon, seconds: float = 5) -> Scanner:
    found = scanner(daemon.address, seconds)
    assert found is not None
    return found


def test_clean_bytes_are_clean_and_sent_whole(daemon: Daemon) -> None:
    sent = bytes(range(256)) * (CHUNK_BYTES // 100)
    assert client(daemon).finds(sent) == ""
    assert client(daemon).finds(b"") == ""
    assert daemon.scanned == [sent, b""]


def test_a_virus_is_named(daemon: Daemon) -> None:
    assert client(daemon).finds(b"before" + EICAR + b"after") == SIGNATURE


def test_the_version_names_engine_and_signatures(daemon: Daemon) -> None:
    assert client(daemon).version() == daemon.version


MOODS = (clamav.ERROR, clamav.FULL, clamav.CLOSES, clamav.GARBAGE)


@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("size", [10, 9_000_000], ids=["small", "large"])
def test_no_trouble_counts_as_clean(daemon: Daemon, mood: str, size: int) -> None:
    daemon.mood = mood
    with pytest.raises(NoVerdict):
        client(daemon).finds(bytes(size))


def test_a_daemon_that_hangs_is_not_waited_for_long(daemon: Daemon) -> None:
    daemon.mood = clamav.HANGS
    with pytest.raises(NoVerdict, match="timed out"):
        client(daemon, 0.1).finds(b"x")


def test_a_daemon_that_is_away_gives_no_verdict(daemon: Daemon, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for away in (Scanner(("127.0.0.1", port), 1), Scanner(str(tmp_path / "no.socket"), 1)):
        with pytest.raises(NoVerdict):
            away.finds(b"x")
        with pytest.raises(NoVerdict):
            away.version()


def test_a_program_that_is_no_scanner_gives_no_verdict(daemon: Daemon) -> None:
    daemon.version = "HTTP/1.0 400 Bad Request"
    with pytest.raises(NoVerdict):
        client(daemon).version()


REPLIES = (b"stream: FOUND\0", b"stream:  FOUND\0", b"OK\0", b"stream: OK", b"", b"x" * 9000)


@pytest.mark.parametrize("reply", REPLIES)
def test_a_reply_that_is_not_exactly_one_of_the_two_is_none(tmp_path: Path, reply: bytes) -> None:
    path = str(tmp_path / "clamd.socket")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()

        def answer() -> None:
            wire, _ = listening.accept()
            with wire:
                while not wire.recv(4096).endswith(bytes(4)):
                    pass
                wire.sendall(reply)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(NoVerdict):
            Scanner(path, 5).finds(b"x")
        thread.join()


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("/run/clamd.ctl", "/run/clamd.ctl"),
        ("clamav:3310", ("clamav", 3310)),
        ("[::1]:3310", ("::1", 3310)),
    ],
)
def test_an_address_is_a_path_or_host_and_port(address: str, where: object) -> None:
    found = scanner(address, 1)
    assert found is not None
    assert found.address == where


@pytest.mark.parametrize("address", ["clamav", "3310", ":3310", "clamav:", "a:x", "a:0", "a:70000"])
def test_a_wrong_address_is_named_at_the_start(address: str) -> None:
    with pytest.raises(BadAddress):
        scanner(address, 1)
    with pytest.raises(BadSetting, match="PORTAL_CLAMD"):
        from_environment({"PORTAL_CLAMD": address})
