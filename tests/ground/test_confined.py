"""A decoder in its cell: what it may not do, and that only the child dies of it."""

import json
from pathlib import Path

import pytest

from portal.ground import confined
from portal.ground.confined import Broke, CannotStart, run


@pytest.fixture
def program(tmp_path: Path):
    """Write a program whose answer is one expression of `content` and `said`, and return its path."""

    def written(expression: str, first: str = "") -> Path:
        path = tmp_path / "program.py"
        lines = ["import json, os, socket, sys, urllib.request", first]
        path.write_text("\n".join(lines) + f"\ndef answer(content, *said):\n    return {expression}\n")
        return path

    return written


def test_the_answer_is_a_line_and_bytes(program) -> None:
    answered = run(program("b'ok ' + said[0].encode() + b'\\n' + content[::-1]"), b"a\nb\0c", "one")
    assert answered == ("ok one", b"c\0b\na")


@pytest.mark.parametrize(
    "act",
    ["open('/etc/hostname')", "socket.socket()", "os.pipe()", "__import__('wave')", "os.open('/tmp/x', 65)"],
)
def test_no_file_and_no_connection_is_opened(program, act: str) -> None:
    with pytest.raises(Broke):
        run(program(f"repr({act}).encode() + b'\\n'"), b"")


def test_memory_has_an_end(program) -> None:
    with pytest.raises(Broke):
        run(program("b'x\\n' + bytes(len(bytearray(2 * 1024 ** 3)))"), b"")


def test_time_has_an_end(program) -> None:
    with pytest.raises(Broke):
        run(program("b'x\\n' + bytes(sum(1 for _ in iter(int, 1)))"), b"", seconds=0.3)


def test_the_limits_are_those_of_the_house(program) -> None:
    import_limits = "import resource as r"
    limits = "json.dumps([r.getrlimit(r.RLIMIT_AS), r.getrlimit(r.RLIMIT_CPU), r.getrlimit(r.RLIMIT_NOFILE)])"
    line, _ = run(program(f"{limits}.encode() + b'\\n'", import_limits), b"")
    most = (confined.MEMORY_BYTES, confined.CPU_SECONDS, 0)
    assert json.loads(line) == [[limit, limit] for limit in most]


def test_the_child_knows_no_secret(program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", "secret")
    line, _ = run(program("repr([n for n in os.environ if n.startswith('PORTAL')]).encode() + b'\\n'"), b"")
    assert line == "[]"


def test_a_child_that_crashes_takes_nobody_along(program) -> None:
    with pytest.raises(Broke):
        run(program("os.abort()"), b"")


def test_a_program_that_cannot_be_loaded_is_our_fault_and_not_the_files(program) -> None:
    with pytest.raises(CannotStart, match="no_such_library"):
        run(program("b''", "import no_such_library"), b"")
