"""Files by content: a key is the SHA-256 of the bytes. A local folder or S3, through one interface."""

import hashlib
import os
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from portal.ground.errors import NoRoom, PortalError, Unavailable


class Files:
    """A store of immutable blobs; written before the commit that names them, never served by path."""

    def __init__(self, url: str) -> None:
        self._store = _open(url)

    def put(self, content: bytes) -> str:
        """Store *content* and return its key; storing the same content again changes nothing.

        Once it returns, a failing current takes nothing away: the row that names the file may be committed.
        Raises NoRoom when the store is full, Unavailable when it cannot be reached; then nothing is stored.
        """
        key = hashlib.sha256(content).hexdigest()
        try:
            obstore.put(self._store, _path(key), content)
        except (BaseError, OSError) as failure:
            raise _trouble(failure) from failure
        if isinstance(self._store, LocalStore):
            _settle(Path(str(self._store.prefix), _path(key)))
        return key

    def get(self, key: str) -> bytes:
        """The content of *key*; raises FileNotFoundError when it was never stored."""
        return bytes(obstore.get(self._store, _path(key)).bytes())


_FULL = ("no space left", "file too large", "quota exceeded")


def _trouble(failure: Exception) -> PortalError:
    said = str(failure).lower()
    return NoRoom() if any(words in said for words in _FULL) else Unavailable()


def _settle(file: Path) -> None:
    """Wait until *file*, its name and its folder's name are on the disk itself."""
    for each in (file, file.parent, file.parent.parent):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _path(key: str) -> str:
    return f"{key[:2]}/{key}"


def _open(url: str) -> ObjectStore:
    if url.startswith("file://"):
        return LocalStore(Path(url.removeprefix("file://")), mkdir=True)
    return from_url(url)
