"""The real server as a process: it stops without dropping anybody and refuses to guess at a setting."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import pytest

from portal.app import create_app
from portal.ground.config import BadSetting, Settings
from tests.conftest import fresh_url

ROOT = Path(__file__).parents[1]
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
PATIENCE_SECONDS = 30
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running `flask serve` of two workers, and every line it says."""

    process: subprocess.Popen[str]
    port: int
    said: list[str] = field(default_factory=list)
    _heard: threading.Condition = field(default_factory=threading.Condition)

    def listen(self) -> None:
        """Keep what the server says, line by line."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._heard:
                self.said.append(line)
                self._heard.notify_all()

    def wait_to_hear(self, words: str, times: int = 1) -> None:
        """Return when *words* have been said so often."""
        with self._heard:
            heard = self._heard.wait_for(lambda: "".join(self.said).count(words) >= times, PATIENCE_SECONDS)
        assert heard, "".join(self.said)

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        """One request over a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        connection.request(method, path, body, FORM if body else {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def count(self, sample: str) -> float:
        """The value of one sample of /metrics."""
        found = re.search(rf"^{re.escape(sample)} (\S+)$", self.ask("GET", "/metrics")[1], re.MULTILINE)
        return float(found[1]) if found else 0

    def wait_for(self, sample: str, value: float) -> None:
        """Return when one sample of /metrics has reached *value*."""
        patience_ends = time.monotonic() + PATIENCE_SECONDS
        while self.count(sample) < value:
            assert time.monotonic() < patience_ends, sample
            time.sleep(0.02)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server on a planted SQLite file, gone after the test."""
    (tmp_path / "counts").mkdir()
    environment = os.environ | {
        "PORTAL_DATA": str(tmp_path),
        "PORTAL_DEMONSTRATION": "1",
        "PORTAL_DATABASE_URL": fresh_url("sqlite", True, tmp_path),
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "counts"),
        "PYTHONUNBUFFERED": "1",
    }
    port = free_port()
    command = [*FLASK, "serve", "--port", str(port), "--workers", "2", "--threads", "4"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    running = Server(process, port)
    ears = threading.Thread(target=running.listen)
    ears.start()
    running.wait_to_hear("Started worker-", times=2)
    yield running
    process.terminate()
    process.wait(PATIENCE_SECONDS)
    assert process.stdout is not None
    ears.join()
    process.stdout.close()


def test_a_stop_lets_a_running_request_end_and_every_line_is_json(server: Server, tmp_path: Path) -> None:
    asked = [server.ask("GET", "/healthz")[0] for _ in range(12)]
    assert asked == [200] * 12
    sample = 'mot_cua_requests_total{endpoint="watch.healthz",method="GET",status="2xx"}'
    assert server.count(sample) == 12, "counted over both workers"

    lock = sqlite3.connect(tmp_path / "portal.sqlite3", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as visitor:
        slow = visitor.submit(server.ask, "POST", "/tra-cuu", "ma=TN-AAAA-AAAA-A&so_cuoi=0001")
        server.wait_for("mot_cua_database_connections_in_use", 1)
        server.process.terminate()
        server.wait_to_hear("Stopping worker-1")
        assert not slow.done()
        lock.close()
        status, text = slow.result()
    assert status == 422
    assert "Không có hồ sơ nào mang mã này" in text
    assert server.process.wait(PATIENCE_SECONDS) == 0
    server.wait_to_hear("shutdown completed")

    greeting, *lines = server.said
    assert greeting == f"Một Cửa: http://127.0.0.1:{server.port}\n"
    told = [json.loads(line) for line in lines]
    assert [one["status"] for one in told if one.get("endpoint") == "public.look_up_submit"] == [422]
    assert "TN-AAAA-AAAA-A" not in "".join(lines)


def test_a_setting_that_cannot_be_used_is_one_line_and_no_server(tmp_path: Path) -> None:
    bad = os.environ | {"PORTAL_DATA": str(tmp_path), "PORTAL_UPLOAD_MAX_BYTES": "x"}
    done = subprocess.run([*FLASK, "serve"], cwd=ROOT, env=bad, capture_output=True, text=True)
    assert done.returncode == 1
    wanted = "PORTAL_UPLOAD_MAX_BYTES must be a whole number, not 'x'."
    assert done.stderr.splitlines() == [f"Không khởi động được: {wanted}"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("database_url", "nonsense"),
        ("database_url", "mysql+nothing://u:tuyet-mat@h/x"),
        ("storage_url", "ftp://x"),
        ("storage_url", "file:///proc/nowhere"),
        ("public_url", "dichvucong.vidu.vn"),
        ("watch_networks", "everywhere"),
        ("identity_keys", "k1"),
        ("data", Path("/proc/nowhere")),
    ],
)
def test_what_stands_in_a_setting_is_checked_before_anything_starts(
    tmp_path: Path, name: str, text: object
) -> None:
    with pytest.raises(BadSetting, match=f"PORTAL_{name.upper()}") as refused:
        create_app(Settings(**{"data": tmp_path, name: text}))
    assert "tuyet-mat" not in str(refused.value)


def test_a_database_that_is_away_is_one_line_for_every_command(tmp_path: Path) -> None:
    away = create_app(Settings(data=tmp_path, database_url="postgresql+psycopg://u:tuyet-mat@127.0.0.1:1/x"))
    for command in ("migrate", "verify-ledger", "rotate-keys"):
        done = away.test_cli_runner().invoke(args=[command])
        assert done.exit_code == 1
        assert len(done.output.splitlines()) == 1
        assert "Không nối được cơ sở dữ liệu" in done.output
        assert "tuyet-mat" not in done.output
    away.extensions["database"].dispose()
