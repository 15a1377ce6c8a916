"""The archive of a backup: one tar with the database, every file, and last a manifest with its checksum.

Nothing in it is compressed, for scans are already; `tar`, `sha256sum` and `jq` are enough to look into it.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from portal.ground.errors import PortalError
from portal.ground.words import N_

FORMAT = 1
DATABASE = "database"
FILES = "files/"
MANIFEST = "manifest.json"
SEAL = "manifest.sha256"


class BadArchive(PortalError):
    """The archive cannot be trusted or does not fit here; nothing was touched."""

    message = N_("Bản sao lưu hỏng hoặc bị cắt cụt: không có bảng kê ở cuối.")


@dataclass(frozen=True)
class Manifest:
    """What an archive holds; the checksum of a file is its key."""

    made_at: str
    kind: str
    """The kind of database: sqlite or postgresql."""
    revision: str
    rows: Mapping[str, int]
    keys: Sequence[str]
    """Fingerprints of the keys that open what is sealed in the database; the keys are not in the archive."""
    database_sha256: str
    database_bytes: int
    files: Mapping[str, int]
    """Size of every file in bytes, by its key."""
    missing: Sequence[str]
    """Keys that the database names and the store could not give when the archive was made."""


@contextmanager
def written(path: Path) -> Iterator[tarfile.TarFile]:
    """Give a tar to fill; *path* exists only when the block has ended well and all of it is on the disk."""
    descriptor, partial = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as out:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
                yield tar
            out.flush()
            os.fsync(out.fileno())
        Path(partial).rename(path)
        _settle(path.parent)
    finally:
        Path(partial).unlink(missing_ok=True)


def add(tar: tarfile.TarFile, name: str, content: IO[bytes]) -> int:
    """Add what *content* holds from its start, piece by piece; returns its size in bytes."""
    entry = tarfile.TarInfo(name)
    entry.mode = 0o600
    entry.size = content.seek(0, os.SEEK_END)
    content.seek(0)
    tar.addfile(entry, content)
    _forget(tar)
    return entry.size


def seal(tar: tarfile.TarFile, manifest: Manifest) -> None:
    """Close the archive with its manifest and the manifest's own checksum."""
    text = json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1).encode()
    add(tar, MANIFEST, io.BytesIO(text))
    add(tar, SEAL, io.BytesIO(_seal_of(text)))


def checked(path: Path) -> Manifest:
    """The manifest, after every byte of the archive was compared with it. Raises BadArchive, OSError."""
    found: dict[str, tuple[str, int]] = {}
    last: dict[str, bytes] = {}
    try:
        for name, size, content in members(path):
            if name in (MANIFEST, SEAL):
                last[name] = content.read()
            else:
                found[name] = (hashlib.file_digest(content, "sha256").hexdigest(), size)  # type: ignore[arg-type]
    except (tarfile.TarError, EOFError) as error:
        raise BadArchive from error
    manifest = _parsed(last)
    _compare(_promised(manifest), found)
    return manifest


def members(path: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Walk the archive: name, size in bytes and content of each member, to be read before the next one."""
    with tarfile.open(path, "r:") as tar:
        while (entry := tar.next()) is not None:
            content = tar.extractfile(entry)
            if content is None:
                raise BadArchive(_STRANGER, name=entry.name)
            yield entry.name, entry.size, content
            _forget(tar)


def _forget(tar: tarfile.TarFile) -> None:
    """Let go of the members so far, for there may be millions; the tar itself needs none of them again."""
    tar.members.clear()  # type: ignore[attr-defined]


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _seal_of(text: bytes) -> bytes:
    return f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n".encode()


_STRANGER = N_("Bản sao lưu có thêm mục lạ: %(name)s.")


def _parsed(last: Mapping[str, bytes]) -> Manifest:
    text = last.get(MANIFEST, b"")
    if last.get(SEAL) != _seal_of(text):
        raise BadArchive
    said = json.loads(text)
    if said.pop("format") != FORMAT:
        raise BadArchive(N_("Bản sao lưu do bản phần mềm mới hơn làm ra: hãy nâng cấp trước."))
    return Manifest(**said)


def _promised(manifest: Manifest) -> dict[str, tuple[str, int]]:
    files = {f"{FILES}{key}": (key, size) for key, size in manifest.files.items()}
    return files | {DATABASE: (manifest.database_sha256, manifest.database_bytes)}


def _compare(promised: Mapping[str, tuple[str, int]], found: Mapping[str, tuple[str, int]]) -> None:
    for name in promised:
        if name not in found:
            raise BadArchive(N_("Bản sao lưu thiếu %(name)s."), name=name)
        if promised[name] != found[name]:
            raise BadArchive(N_("Bản sao lưu hỏng: %(name)s không đúng mã kiểm tra."), name=name)
    for name in found.keys() - promised.keys():
        raise BadArchive(_STRANGER, name=name)
