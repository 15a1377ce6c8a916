"""The two import commands: a report for people or as JSON, and one clear line on a broken file."""

import gzip
import json
from io import StringIO
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalogue.models import LevelDecision, Procedure
from portal.commands.catalogue import progress_bar
from tests.catalogue.records import channel, record

HEAD = "code,online_level,decision,effective_from\n"


def file(folder: Path, content: bytes | str, name: str = "in") -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def run(app: Flask, *args: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=args)


def catalogue_file(folder: Path) -> str:
    items = [record("5.000001"), record("5.000002", channels=[channel(time_unit="unknown")]), record("x")]
    return file(folder, gzip.compress(json.dumps(items).encode()), "no-name-that-says-gzip")


def test_procedures_are_imported_once_and_reported_as_json(
    app: Flask, store: Session, tmp_path: Path
) -> None:
    path = catalogue_file(tmp_path)
    before = store.scalar(select(func.count(Procedure.id))) or 0
    store.rollback()

    first = run(app, "import-procedures", path, "--json")
    second = run(app, "import-procedures", path, "--json")

    assert (first.exit_code, second.exit_code) == (0, 0)
    said = [json.loads(one.stdout) for one in (first, second)]
    assert [(one["read"], one["created"], one["unchanged"], one["rejected"]) for one in said] == [
        (3, 2, 0, 1),
        (3, 0, 2, 1),
    ]
    assert said[0]["warnings_by_kind"] == {"unit_missing": 1}
    assert store.scalar(select(func.count(Procedure.id))) == before + 2


def test_the_report_for_people_names_what_was_not_taken(app: Flask, tmp_path: Path) -> None:
    done = run(app, "import-procedures", catalogue_file(tmp_path))

    assert "Đọc 3: mới 2" in done.stdout
    assert "Không nhận mục thứ 3 x: mã “x” không đúng dạng" in done.stdout
    assert "không ghi đơn vị" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("command", ["import-procedures", "import-levels"])
@pytest.mark.parametrize(
    "content",
    [b"", b"[{]", b"{}", gzip.compress(b"[]" * 999)[:-8], b"\xff\xfe\x00", None],
    ids=["empty", "no JSON", "an object", "cut gzip", "no text", "no file"],
)
def test_a_broken_file_imports_nothing_and_says_so_in_one_line(
    app: Flask, store: Session, tmp_path: Path, command: str, content: bytes | None
) -> None:
    path = str(tmp_path / "none") if content is None else file(tmp_path, content)
    counts = [select(func.count(Procedure.id)), select(func.count(LevelDecision.id))]
    before = [store.scalar(one) for one in counts]
    store.rollback()

    done = run(app, command, path, "--json")

    assert done.exit_code == 1
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert [store.scalar(one) for one in counts] == before


class Terminal(StringIO):
    """Standard error of somebody who watches."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "shown"), [(Terminal, "3/3"), (StringIO, "")])
def test_a_progress_bar_shows_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, stream: type[StringIO], shown: str
) -> None:
    watched = stream()
    monkeypatch.setattr("sys.stderr", watched)

    assert list(progress_bar([1, 2, 3])) == [1, 2, 3]
    assert shown in watched.getvalue()
    assert bool(watched.getvalue()) is bool(shown)


def test_levels_are_imported_and_the_odd_ones_named(app: Flask, tmp_path: Path) -> None:
    path = file(tmp_path, HEAD + "1.001193,4,12/QĐ-UBND,2020-09-01\n5.000009,3,12/QĐ-UBND,2020-09-01\n")

    shown = run(app, "import-levels", path)
    said = json.loads(run(app, "import-levels", path, "--json").stdout)

    assert "Có mức mà chưa có thủ tục (vẫn giữ), 1: 5.000009" in shown.stdout
    assert (said["read"], said["unchanged"]) == (2, 2)
    assert said["levels_without_procedure"] == ["5.000009"]
