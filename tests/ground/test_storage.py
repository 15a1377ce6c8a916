"""Files by content, in a local folder and on a real S3 server: kept, found, listed, and clear when away."""

import hashlib
import io
import os
from pathlib import Path

import pytest

from portal.ground.config import BadSetting, Settings
from portal.ground.errors import Unavailable
from portal.ground.storage import PIECE_BYTES, Files, Spoiled
from tests import s3

TEXT = "Giấy xác nhận".encode()
NEVER = hashlib.sha256(b"never stored").hexdigest()


def opened(settings: Settings) -> Files:
    return Files(settings.storage, settings.storage_access)


@pytest.fixture(params=["folder", "s3"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Where files are kept: a folder, and a place of its own on the S3 server."""
    return Settings(data=tmp_path, **(s3.server().settings() if request.param == "s3" else {}))


@pytest.fixture
def files(settings: Settings) -> Files:
    """An empty store."""
    return opened(settings)


def test_a_file_is_found_by_what_it_holds(files: Files) -> None:
    key = files.put(TEXT)
    assert key == hashlib.sha256(TEXT).hexdigest()
    assert files.get(key) == TEXT


def test_the_same_file_twice_is_kept_once(files: Files) -> None:
    assert files.put(TEXT) == files.put(TEXT)
    assert list(files.stored()) == [hashlib.sha256(TEXT).hexdigest()]


def test_what_was_never_stored_is_told_apart_from_a_store_that_is_away(files: Files) -> None:
    with pytest.raises(FileNotFoundError):
        files.get(NEVER)
    with pytest.raises(FileNotFoundError):
        list(files.pieces(NEVER))


def test_every_stored_file_is_listed(files: Files) -> None:
    keys = {files.put(f"tệp {number}".encode()) for number in range(5)}
    assert set(files.stored()) == keys


def test_a_large_file_goes_in_and_out_in_pieces(files: Files) -> None:
    content = os.urandom(7 * PIECE_BYTES + 1)  # Beyond what is sent in one part.
    key = hashlib.sha256(content).hexdigest()
    files.put_as(key, io.BytesIO(content))
    pieces = [bytes(piece) for piece in files.pieces(key)]
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) < 2 * PIECE_BYTES


def test_a_spoiled_file_is_noticed_at_its_last_piece(files: Files) -> None:
    files.put_as(NEVER, io.BytesIO(b"something else"))
    with pytest.raises(Spoiled):
        list(files.pieces(NEVER))


def test_another_opening_finds_what_the_first_one_kept(settings: Settings, files: Files) -> None:
    assert opened(settings).get(files.put(TEXT)) == TEXT


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    files = opened(Settings(data=tmp_path))
    shard = tmp_path / "files" / hashlib.sha256(TEXT).hexdigest()[:2]
    shard.write_bytes(b"a file where a folder should be")
    with pytest.raises(Unavailable):
        files.put(TEXT)
    shard.unlink()
    assert files.get(files.put(TEXT)) == TEXT


@pytest.mark.parametrize(
    "wrong",
    [{"storage_secret": "another one"}, {"storage_url": "s3://no-such-bucket"}],
    ids=["secret", "bucket"],
)
def test_a_server_that_refuses_is_unavailable_and_the_log_says_why(
    wrong: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = opened(Settings(data=tmp_path, **s3.server().settings(**wrong)))
    for ask in (lambda: files.put(TEXT), lambda: files.get(NEVER), lambda: list(files.pieces(NEVER))):
        with pytest.raises(Unavailable):
            ask()
    logged = capsys.readouterr().out
    assert "SignatureDoesNotMatch" in logged or "NoSuchBucket" in logged
    assert s3.SECRET not in logged


def test_a_server_that_went_away_is_unavailable_until_it_is_back(own_s3: s3.Server, tmp_path: Path) -> None:
    files = opened(Settings(data=tmp_path, **own_s3.settings()))
    key = files.put(TEXT)
    own_s3.stop()
    with pytest.raises(Unavailable):
        files.get(key)
    with pytest.raises(Unavailable):
        files.put(b"another")
    own_s3.start()
    assert files.get(key) == TEXT


def test_the_usual_variables_of_s3_fill_what_the_settings_leave_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = s3.server().settings(storage_key_id="", storage_secret="", storage_region="")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3.KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3.SECRET)
    files = opened(Settings(data=tmp_path, **given))
    assert files.get(files.put(TEXT)) == TEXT


@pytest.mark.parametrize("url", ["files", "http://store.example/bucket", "file://var/files"])
def test_a_store_of_another_kind_is_a_setting_that_cannot_be_used(url: str) -> None:
    with pytest.raises(BadSetting, match="PORTAL_STORAGE_URL"):
        Settings(storage_url=url).storage  # noqa: B018
