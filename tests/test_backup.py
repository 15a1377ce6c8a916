"""Backup while in use, and restore into an empty place: nothing lost, nothing half done, damage named."""

import io
import re
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from click.testing import Result
from flask import Flask

from portal.app import create_app
from portal.dossiers import papers
from portal.dossiers.models import Dossier, Paper
from portal.ground import archive, snapshot
from portal.ground.db import Base, Database
from portal.ground.storage import Files
from tests import make, postgres, s3
from tests.conftest import KEYS, START, SignIn
from tests.sites.test_filing import MAI, Filer

SCAN = b"%PDF-1.7 a scan"


class Writer(threading.Thread):
    """Somebody who files dossiers, each with a paper of its own, until told to finish."""

    def __init__(self, app: Flask) -> None:
        super().__init__(daemon=True)
        settings = app.extensions["settings"]
        self.database, self.files = Database(settings.database, KEYS), Files(settings.storage)
        self.done, self.one_more, self.over = 0, threading.Condition(), False

    def run(self) -> None:
        while not self.over:
            filed(self.database, self.files, f"paper {self.done}".encode())
            with self.one_more:
                self.done += 1
                self.one_more.notify_all()
        self.database.dispose()

    def wait_for_another(self) -> int:
        """Return, once one more dossier is filed, how many are."""
        with self.one_more:
            wanted = self.done + 1
            assert self.one_more.wait_for(lambda: self.done >= wanted, timeout=30)
            return self.done

    def finish(self) -> None:
        self.over = True
        self.join()


class SlowFiles(Files):
    """A store so slow that somebody files another dossier while it gives one file."""

    def __init__(self, url: str, writer: Writer) -> None:
        super().__init__(url)
        self.writer = writer

    def pieces(self, key: str) -> Iterator[bytes]:
        self.writer.wait_for_another()
        return super().pieces(key)


def migrations(engine: sa.Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", "migrations")
    config.attributes["engine"] = engine
    return config


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tools of the very PostgreSQL that the tests start are on PATH."""
    places = ":".join(str(path) for path in postgres.installations())
    monkeypatch.setenv("PATH", places, prepend=":")


@pytest.fixture
def portal(app: Flask) -> Flask:
    """The planted portal, at the newest schema as `migrate` leaves it."""
    command.stamp(migrations(engine_of(app)), "head")
    return app


Elsewhere = Callable[..., Flask]


@pytest.fixture
def elsewhere(app: Flask, database_kind: str, tmp_path: Path) -> Iterator[Elsewhere]:
    """Builds the portal with the same keys in an empty place, with what is said of the settings."""
    built: list[Flask] = []

    def build(kind: str = database_kind, **changes: Any) -> Flask:
        data = tmp_path / f"elsewhere {len(built)}"
        data.mkdir()
        url = postgres.new_postgres_url() if kind == "postgresql" else ""
        settings = replace(app.extensions["settings"], data=data, database_url=url)
        built.append(create_app(replace(settings, **changes), clock=lambda: START))
        built[-1].config.update(WTF_CSRF_ENABLED=False)
        return built[-1]

    yield build
    for one in built:
        one.extensions["database"].dispose()


def engine_of(app: Flask) -> sa.Engine:
    engine: sa.Engine = app.extensions["database"].engine
    return engine


def run(app: Flask, *words: object, code: int = 0) -> Result:
    done = app.test_cli_runner().invoke(args=[str(word) for word in words])
    assert done.exit_code == code, done.output
    return done


def backed_up(app: Flask, folder: Path, code: int = 0) -> Path:
    run(app, "backup", folder / "kept.tar", code=code)
    return folder / "kept.tar"


def filed(database: Database, files: Files, content: bytes = SCAN) -> str:
    """A dossier with one paper; returns the paper's key."""
    blob = files.put(content)
    with database.writing.begin() as session:
        dossier, by = make.dossier(session, at=START), make.citizen(session)
        scan = papers.StoredFile("giấy.pdf", "application/pdf", len(content), blob)
        papers.attach(session, dossier, scan, "noi-cu-tru", by=by, at=START, most=40)
    return blob


def file_in(app: Flask, content: bytes = SCAN) -> str:
    return filed(app.extensions["database"], app.extensions["files"], content)


def count(app: Flask, table: type[Base]) -> int:
    with app.extensions["database"].reading() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(table)).one()


def engine_rows(app: Flask) -> dict[str, int]:
    with engine_of(app).connect() as connection:
        return snapshot.rows(connection)


def is_untouched(app: Flask) -> bool:
    return engine_rows(app) == {} and not list(app.extensions["files"].stored())


def only_line(done: Result) -> str:
    """What a command that failed says on stderr: one line."""
    (said,) = done.stderr.splitlines()
    return said


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.both_databases
def test_in_a_restored_place_people_sign_in_and_find_their_dossier_and_its_papers(
    portal: Flask, elsewhere: Elsewhere, tmp_path: Path, sign_in: SignIn
) -> None:
    sign_in(before := portal.test_client(), MAI)
    receipt = Filer(before).fill().send().submit().location
    with portal.extensions["database"].reading() as session:
        (paper,) = session.scalars(sa.select(Paper)).all()
        phone = make.phone_of(session, make.actor(session, MAI))
    address = f"/ho-so/tep/{paper.uid}"
    content = before.get(address).data

    restored = elsewhere()
    run(restored, "restore", backed_up(portal, tmp_path))
    after = restored.test_client()
    assert after.post("/dang-nhap", data={"ten": phone, "mat_khau": "motcua-2020"}).status_code == 303
    assert after.get(receipt).status_code == 200
    assert after.get(address).data == content
    run(restored, "verify-files")


@pytest.mark.both_databases
def test_a_backup_made_while_people_file_is_of_one_moment(
    portal: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    writer = Writer(portal)
    writer.start()
    portal.extensions["files"] = SlowFiles(portal.extensions["settings"].storage, writer)
    begun = writer.wait_for_another()
    path = backed_up(portal, tmp_path)
    ended = writer.done
    writer.finish()

    restored = elsewhere()
    run(restored, "restore", path)
    assert begun <= count(restored, Dossier) < ended
    assert count(restored, Paper) == count(restored, Dossier)
    run(restored, "verify-ledger")
    run(restored, "verify-files")


@pytest.mark.both_databases
def test_tables_of_a_library_go_along(portal: Flask, elsewhere: Elsewhere, tmp_path: Path) -> None:
    with engine_of(portal).begin() as connection:
        for statement in LIBRARY[connection.dialect.name]:
            connection.exec_driver_sql(statement)
    restored = elsewhere()
    run(restored, "restore", backed_up(portal, tmp_path))
    with engine_of(restored).connect() as connection:
        kept = snapshot.rows(connection)
    assert kept["library.borrowed" if "library.borrowed" in kept else "main.borrowed"] == 2


LIBRARY = {
    "sqlite": ["CREATE TABLE borrowed (id integer)", "INSERT INTO borrowed VALUES (1), (2)"],
    "postgresql": [
        "CREATE SCHEMA library", "CREATE TABLE library.borrowed (id integer)",
        "INSERT INTO library.borrowed VALUES (1), (2)",
    ],
}  # fmt: skip
"""What a library keeps beside our tables: in the same file, or in a schema of its own."""


@pytest.mark.both_databases
def test_an_older_schema_is_restored_and_brought_to_the_newest(
    app: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    old = elsewhere()
    (first,) = ScriptDirectory.from_config(migrations(engine_of(old))).get_bases()
    command.upgrade(migrations(engine_of(old)), first)
    restored = elsewhere()
    run(restored, "restore", backed_up(old, tmp_path))
    with engine_of(restored).connect() as connection:
        there = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    assert there == ScriptDirectory.from_config(migrations(engine_of(old))).get_current_head()


@pytest.mark.both_databases
def test_a_place_that_holds_something_is_refused(portal: Flask, elsewhere: Elsewhere, tmp_path: Path) -> None:
    path = backed_up(portal, tmp_path)
    taken = elsewhere()
    with engine_of(taken).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE somebody_elses (id integer)")
    assert "không trống" in only_line(run(taken, "restore", path, code=1))
    assert len(engine_rows(taken)) == 1


@pytest.mark.both_databases
def test_an_archive_of_the_other_kind_of_database_is_refused(
    portal: Flask, elsewhere: Elsewhere, tmp_path: Path, database_kind: str
) -> None:
    other = elsewhere({"sqlite": "postgresql", "postgresql": "sqlite"}[database_kind])
    said = only_line(run(other, "restore", backed_up(portal, tmp_path), code=1))
    assert "sqlite" in said
    assert "postgresql" in said
    assert is_untouched(other)


@pytest.mark.both_databases
def test_a_restore_that_broke_off_is_repeated(portal: Flask, elsewhere: Elsewhere, tmp_path: Path) -> None:
    keys = sorted(file_in(portal, f"paper {number}".encode()) for number in range(3))
    path = backed_up(portal, tmp_path)
    restored = elsewhere()
    obstacle = Path(restored.extensions["settings"].data, "files", keys[-1][:2])
    obstacle.write_bytes(b"a file where a folder should be")
    only_line(run(restored, "restore", path, code=1))
    assert engine_rows(restored) == {}
    obstacle.unlink()
    run(restored, "restore", path)
    run(restored, "restore", path)  # Broken off after the database was filled, it is the same again.
    run(restored, "verify-files")


def test_a_schema_this_release_does_not_know_is_refused(
    portal: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    with engine_of(portal).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    there = elsewhere()
    assert "9999" in only_line(run(there, "restore", backed_up(portal, tmp_path), code=1))
    assert is_untouched(there)


def flipped(path: Path, member: str) -> None:
    """Turn one bit in the middle of *member*."""
    with tarfile.open(path) as tar:
        entry = next(e for e in tar if e.name.startswith(member))
    with path.open("r+b") as file:
        file.seek(entry.offset_data + entry.size // 2)
        old = file.read(1)[0]
        file.seek(-1, io.SEEK_CUR)
        file.write(bytes([old ^ 1]))


def flipped_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(124)  # The size of the first member.
        file.write(b"7")


def cut(path: Path, part: float) -> None:
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * part))


def rewritten(path: Path, without: str, extra: str = "") -> None:
    """Write the archive anew without one member, or with one more."""
    kept = [(name, content.read()) for name, _, content in archive.members(path) if name != without]
    path.unlink()
    with archive.written(path) as tar:
        for name, content in [(extra, b"?")] * bool(extra) + kept:
            archive.add(tar, name, io.BytesIO(content))


DAMAGE = {
    "bit in the database": (lambda path: flipped(path, "database"), "database"),
    "bit in a file": (lambda path: flipped(path, "files/"), "files/"),
    "bit in the manifest": (lambda path: flipped(path, "manifest.json"), "bảng kê"),
    "bit in the seal": (lambda path: flipped(path, "manifest.sha256"), "bảng kê"),
    "bit in a header": (flipped_header, "hỏng"),
    "cut in the database": (lambda path: cut(path, 0.5), "cắt cụt"),
    "cut before the manifest": (lambda path: cut(path, 0.97), "cắt cụt"),
    "empty": (lambda path: cut(path, 0), "cắt cụt"),
    "no database": (lambda path: rewritten(path, "database"), "database"),
    "a member more": (lambda path: rewritten(path, "", "../evil"), "evil"),
    "not a tar": (lambda path: path.write_text("PK" * 5000), "hỏng"),
}


def test_every_damage_is_named_and_nothing_is_touched(
    portal: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    file_in(portal)
    whole = backed_up(portal, tmp_path).read_bytes()
    there = elsewhere()
    for damage, (spoil, named) in DAMAGE.items():
        path = tmp_path / f"{damage}.tar"
        path.write_bytes(whole)
        spoil(path)
        assert named in only_line(run(there, "restore", path, code=1)), damage
        assert is_untouched(there), damage


def test_a_file_left_out_of_the_archive_is_named(portal: Flask, elsewhere: Elsewhere, tmp_path: Path) -> None:
    key = file_in(portal)
    path = backed_up(portal, tmp_path)
    rewritten(path, f"files/{key}")
    assert key in only_line(run(elsewhere(), "restore", path, code=1))


def test_an_archive_that_is_not_there_is_one_line(elsewhere: Elsewhere, tmp_path: Path) -> None:
    assert "none.tar" in only_line(run(elsewhere(), "restore", tmp_path / "none.tar", code=1))


def test_missing_and_spoiled_files_are_named_and_all_the_rest_is_kept(
    portal: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    lost, spoiled, good = (file_in(portal, text) for text in (b"lost", b"spoiled", b"good"))
    folder = Path(portal.extensions["settings"].data, "files")
    (folder / lost[:2] / lost).unlink()
    (folder / spoiled[:2] / spoiled).write_bytes(b"Spoiled")
    checked = run(portal, "verify-files", code=1).output
    assert f"{lost}: không có trong kho" in checked
    assert f"{spoiled}: nội dung đã bị đổi" in checked
    assert good not in checked

    said = run(portal, "backup", tmp_path / "kept.tar", code=1).output
    assert lost in said
    assert spoiled in said
    restored = elsewhere()
    assert lost in run(restored, "restore", tmp_path / "kept.tar", code=1).output
    assert restored.extensions["files"].get(good) == b"good"
    assert count(restored, Dossier) == 3


def test_files_of_no_dossier_are_counted_and_not_backed_up(portal: Flask, tmp_path: Path) -> None:
    file_in(portal)
    portal.extensions["files"].put(b"of an upload that was given up")
    assert "1 tệp nguyên vẹn; 1 tệp khác" in run(portal, "verify-files").output
    assert len(archive.checked(backed_up(portal, tmp_path)).files) == 1


def test_a_backup_never_overwrites_and_takes_a_folder_too(portal: Flask, tmp_path: Path) -> None:
    path = backed_up(portal, tmp_path)
    before = path.read_bytes()
    assert "không ghi đè" in only_line(run(portal, "backup", path, code=1))
    assert path.read_bytes() == before
    folder = tmp_path / "nightly"
    folder.mkdir()
    run(portal, "backup", folder)
    (name,) = left_in(folder)
    assert re.fullmatch(r"mot-cua-\d{8}T\d{6}Z\.tar", name)
    assert (folder / name).stat().st_mode & 0o077 == 0


def test_a_backup_of_nothing_is_one_line_and_leaves_nothing(elsewhere: Elsewhere, tmp_path: Path) -> None:
    folder = tmp_path / "nightly"
    folder.mkdir()
    assert "không có gì để sao lưu" in only_line(run(elsewhere(), "backup", folder, code=1))
    assert left_in(folder) == []


@pytest.mark.postgres
def test_without_a_fitting_pg_dump_there_is_one_line(
    elsewhere: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = elsewhere("postgresql")
    tools = tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setattr(snapshot, "INSTALLED", tools)
    monkeypatch.setenv("PATH", str(tools))
    sentence = r"không có pg_dump từ bản \d+ trở lên"
    assert re.search(sentence, only_line(run(here, "backup", tmp_path / "kept.tar", code=1)))
    (tools / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    (tools / "pg_dump").chmod(0o755)
    assert re.search(sentence, only_line(run(here, "backup", tmp_path / "kept.tar", code=1)))
    assert not [name for name in left_in(tmp_path) if "kept" in name]


def test_the_keys_stay_out_and_other_keys_are_refused(
    portal: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    said = run(portal, "backup", tmp_path / "kept.tar").output
    assert "giữ riêng PORTAL_IDENTITY_KEYS và PORTAL_INDEX_KEY" in said
    for key in (KEYS.index_key, *KEYS.keys.values(), b"MTEx" * 10, b"aWlp" * 10):
        assert key not in (tmp_path / "kept.tar").read_bytes()
    there = elsewhere(identity_keys="k1:" + "MjIy" * 10 + "MjI=")
    assert "secrets.json" in only_line(run(there, "restore", tmp_path / "kept.tar", code=1))
    assert is_untouched(there)
    run(there, "restore", tmp_path / "kept.tar", "--without-keys")


def test_keys_made_by_the_portal_are_said_to_lie_in_its_folder(elsewhere: Elsewhere, tmp_path: Path) -> None:
    own = elsewhere(identity_keys="", index_key="")
    run(own, "migrate")
    said = run(own, "backup", tmp_path / "kept.tar").output
    assert str(own.extensions["settings"].data / "secrets.json") in said


@pytest.mark.parametrize("way", ["into S3", "out of S3"])
def test_files_move_between_a_folder_and_s3(
    way: str, portal: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    there = s3.server().settings()
    if way == "out of S3":
        portal.extensions["files"] = elsewhere(**there).extensions["files"]
    key = file_in(portal)
    restored = elsewhere(**(there if way == "into S3" else {}))
    run(restored, "restore", backed_up(portal, tmp_path))
    assert restored.extensions["files"].get(key) == SCAN
    run(restored, "verify-files")


def test_with_s3_away_there_is_no_backup_and_no_restore_but_one_line(
    portal: Flask, elsewhere: Elsewhere, tmp_path: Path, own_s3: s3.Server
) -> None:
    file_in(portal)
    path = backed_up(portal, tmp_path)
    there = elsewhere(**own_s3.settings())
    own_s3.stop()
    assert "không trả lời" in run(there, "restore", path, code=1).stderr
    assert engine_rows(there) == {}
    portal.extensions["files"] = there.extensions["files"]
    assert "không trả lời" in run(portal, "backup", tmp_path / "second.tar", code=1).stderr
    assert not [name for name in left_in(tmp_path) if "second" in name]
    own_s3.start()
    run(there, "restore", path)
