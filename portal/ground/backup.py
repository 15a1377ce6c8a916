"""Backup while in use and restore into an empty place: puts snapshot, files and archive together."""

import hashlib
import shutil
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tarfile import TarFile
from tempfile import SpooledTemporaryFile, TemporaryDirectory

from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Engine

from portal.ground import archive, snapshot
from portal.ground.archive import BadArchive, Manifest
from portal.ground.errors import PortalError
from portal.ground.storage import Files, Spoiled
from portal.ground.words import N_

SPOOL_BYTES = 16 * 1024 * 1024
"""A file beyond this size waits on the disk, not in memory, until its checksum is known."""

MIGRATIONS = "migrations"


class NotEmpty(PortalError):
    """The place holds something already; nothing was touched."""

    message = N_("Cơ sở dữ liệu ở đây không trống: chỉ khôi phục vào một cơ sở dữ liệu mới.")


class OtherKeys(PortalError):
    """What is sealed in the archive would stay shut here; nothing was touched."""

    message = N_(
        "Khóa ở đây không phải khóa của nơi đã sao lưu: chép lại secrets.json (hoặc PORTAL_IDENTITY_KEYS, "
        "PORTAL_INDEX_KEY) rồi chạy lại; nếu khóa đã mất, thêm --without-keys."
    )


def make(path: Path, engine: Engine, files: Files, *, keys: Sequence[str], at: datetime) -> Manifest:
    """Write the archive *path* while the portal is in use; its manifest names the files that were missing.

    The database first, then the files that it names: they were stored before the rows that name them.
    keys: fingerprints. Raises PortalError, OSError; then there is no archive.
    """
    with (
        TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.", suffix=".partial") as scratch,
        archive.written(path) as tar,
    ):
        still = snapshot.take(engine, Path(scratch, archive.DATABASE))
        with still.path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
            size = archive.add(tar, archive.DATABASE, content)
        sizes = _add_files(tar, files, still.blobs)
        manifest = Manifest(
            made_at=at.astimezone(UTC).isoformat(timespec="seconds"),
            kind=still.kind,
            revision=still.revision,
            rows=still.rows,
            keys=keys,
            database_sha256=digest,
            database_bytes=size,
            files=sizes,
            missing=[key for key in still.blobs if key not in sizes],
        )
        archive.seal(tar, manifest)
    return manifest


def restore(
    path: Path, engine: Engine, files: Files, *, keys: Collection[str] | None, scratch: Path
) -> Manifest:
    """Fill an empty database and the store from the archive *path*, which is checked whole before.

    The files first, then the database, all at once: until then the place is empty and the same command goes
    on where it was broken off. A store that has files already is no obstacle, and a database that holds
    exactly the archive's rows was filled before.
    keys: fingerprints of the keys here; None: restore without the keys. scratch: a folder with room for the
    database. Raises PortalError, OSError; then the database is as it was.
    """
    manifest = archive.checked(path)
    filled = _fits(manifest, engine, keys)
    database = scratch / ".restoring"  # Always the same, so that one broken off leaves no second copy.
    try:
        _unpack(path, database, files)
        if not filled:
            snapshot.load(engine, database)
    finally:
        database.unlink(missing_ok=True)
    with engine.connect() as connection:
        if snapshot.rows(connection) != manifest.rows:
            raise PortalError(N_("Số dòng sau khi khôi phục khác với bảng kê của bản sao lưu."))
    return manifest


def _add_files(tar: TarFile, files: Files, keys: Sequence[str]) -> dict[str, int]:
    """Add every file that the store gives unspoiled; returns their sizes."""
    sizes = {}
    for key in keys:
        with SpooledTemporaryFile(max_size=SPOOL_BYTES) as spool:
            try:
                for piece in files.pieces(key):
                    spool.write(piece)
            except (FileNotFoundError, Spoiled):
                continue
            sizes[key] = archive.add(tar, archive.FILES + key, spool)
    return sizes


def _unpack(path: Path, database: Path, files: Files) -> None:
    """Put every file into the store and the database into a file of its own."""
    for name, _, content in archive.members(path):
        if name == archive.DATABASE:
            database.touch(mode=0o600)
            with database.open("wb") as out:
                shutil.copyfileobj(content, out)
        elif name.startswith(archive.FILES):
            files.put_as(name.removeprefix(archive.FILES), content)


def _fits(manifest: Manifest, engine: Engine, keys: Collection[str] | None) -> bool:
    """Refuse an archive that does not fit this place; whether its database is here already."""
    if manifest.kind != engine.dialect.name:
        here = {"theirs": manifest.kind, "ours": engine.dialect.name}
        raise BadArchive(N_("Bản sao lưu là của %(theirs)s, còn nơi này dùng %(ours)s."), **here)
    if not _is_known(manifest.revision):
        raise BadArchive(
            N_("Bản sao lưu có lược đồ %(revision)s mới hơn bản phần mềm này: hãy nâng cấp trước."),
            revision=manifest.revision,
        )
    if keys is not None and not set(manifest.keys) <= set(keys):
        raise OtherKeys
    with engine.connect() as connection:
        present = snapshot.rows(connection)
    if present and present != manifest.rows:
        raise NotEmpty
    return bool(present)


def _is_known(revision: str) -> bool:
    """Whether the migrations of this release know *revision*, so that they can go on from it."""
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    try:
        return ScriptDirectory.from_config(config).get_revision(revision) is not None
    except CommandError:
        return False
