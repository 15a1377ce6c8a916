"""Files by content: a key is the SHA-256 of the bytes. A local folder or S3, through one interface."""

import hashlib
from pathlib import Path

import obstore
from obstore.store import LocalStore, ObjectStore, from_url


class Files:
    """A store of immutable blobs; written before the commit that names them, never served by path."""

    def __init__(self, url: str) -> None:
        self._store = _open(url)

    def put(self, content: bytes) -> str:
        """Store *content* and return its key; storing the same content again changes nothing."""
        key = hashlib.sha256(content).hexdigest()
        obstore.put(self._store, _path(key), content)
        return key

    def get(self, key: str) -> bytes:
        """The content of *key*; raises FileNotFoundError when it was never stored."""
        return bytes(obstore.get(self._store, _path(key)).bytes())


def _path(key: str) -> str:
    return f"{key[:2]}/{key}"


def _open(url: str) -> ObjectStore:
    if url.startswith("file://"):
        return LocalStore(Path(url.removeprefix("file://")), mkdir=True)
    return from_url(url)
