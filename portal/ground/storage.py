"""Files by content: a key is the SHA-256 of the bytes. A local folder or S3, through one interface."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from portal.ground.errors import NoRoom, PortalError, Unavailable

log = structlog.get_logger()

PIECE_BYTES = 1024 * 1024
"""About how much of a file is in memory at a time when it is read in pieces."""

_PATIENCE: Any = {
    "client_options": {"connect_timeout": timedelta(seconds=3), "timeout": timedelta(seconds=30)},
    "retry_config": {"max_retries": 2, "retry_timeout": timedelta(seconds=5)},
}
"""A person waits for the answer; the library's own patience is three minutes."""


class Spoiled(Exception):
    """The store gives other bytes than its key promises."""


class Files:
    """A store of immutable blobs; written before the commit that names them, never served by path.

    Every method raises Unavailable when the store is away or refuses, NoRoom when it is full.
    """

    def __init__(self, url: str, access: Mapping[str, str] | None = None) -> None:
        self._folder = Path(url.removeprefix("file://")) if url.startswith("file://") else None
        self._store = _open(url, self._folder, access or {})

    def put(self, content: bytes) -> str:
        """Store *content* and return its key; storing the same content again changes nothing.

        Once it returns, a failing current takes nothing away: the row that names the file may be committed.
        Raises NoRoom when the store is full, Unavailable when it cannot be reached; then nothing is stored.
        """
        key = hashlib.sha256(content).hexdigest()
        self._keep(key, content)
        return key

    def put_as(self, key: str, content: IO[bytes]) -> None:
        """Store what *content* reads as *key*, in pieces; the caller has checked that the key is its hash."""
        self._keep(key, content)

    def get(self, key: str) -> bytes:
        """The content of *key*; raises FileNotFoundError when it was never stored."""
        with _asked():
            return bytes(obstore.get(self._store, _path(key)).bytes())

    def pieces(self, key: str) -> Iterator[bytes]:
        """The content of *key* in pieces; raises FileNotFoundError, and Spoiled after a wrong last piece."""
        digest = hashlib.sha256()
        with _asked():
            for piece in obstore.get(self._store, _path(key)).stream(min_chunk_size=PIECE_BYTES):
                digest.update(piece)
                yield piece
        if digest.hexdigest() != key:
            raise Spoiled(key)

    def stored(self) -> Iterator[str]:
        """The key of every stored file, in no order."""
        with _asked():
            for batch in obstore.list(self._store):
                yield from (str(found["path"]).rpartition("/")[2] for found in batch)

    def _keep(self, key: str, content: bytes | IO[bytes]) -> None:
        with _asked():
            obstore.put(self._store, _path(key), content, max_concurrency=2)
            if self._folder is not None:
                _settle(self._folder / _path(key), self._folder)


_FULL = ("no space left", "file too large", "quota exceeded")


def _trouble(failure: Exception) -> PortalError:
    said = str(failure).lower()
    return NoRoom() if any(words in said for words in _FULL) else Unavailable()


def _path(key: str) -> str:
    return f"{key[:2]}/{key}"


def _open(url: str, folder: Path | None, access: Mapping[str, str]) -> ObjectStore:
    if folder is not None:
        return LocalStore(folder, mkdir=True)
    allowed = {"allow_http": True} if access.get("endpoint", "").startswith("http://") else {}
    patience = _PATIENCE | {"client_options": _PATIENCE["client_options"] | allowed}
    config: Any = dict(access)
    return S3Store.from_url(url, config=config, **patience)


def _settle(file: Path, root: Path) -> None:
    """Bring *file* and the folders that name it to the disk: the library leaves that to chance."""
    for path in (file, file.parent, root):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _asked() -> Iterator[None]:
    """Turn what a store says that is away, refuses or is full into a PortalError; the log keeps its words."""
    try:
        yield
    except (BaseError, OSError) as error:
        said = str(error)
        if isinstance(error, FileNotFoundError) and "NoSuchBucket" not in said:
            raise
        log.error("store", kind=type(error).__name__, said=said.partition("\n")[0][:500])
        raise _trouble(error) from error
