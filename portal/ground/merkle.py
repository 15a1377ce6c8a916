"""A Merkle tree of SHA-256 in the shape of RFC 6962; a changed leaf renews only its own branch."""

import hashlib
from collections.abc import Iterable

SIZE = hashlib.sha256().digest_size

LEFT, RIGHT = "left", "right"
"""On which side of the way up a neighbour stands."""


def leaf(said: bytes) -> bytes:
    """The hash of a leaf that says *said*."""
    return hashlib.sha256(b"\x00" + said).digest()


class Tree:
    """Leaves by their position; 64 bytes of memory for each."""

    def __init__(self) -> None:
        self._levels = [bytearray()]
        self._changed: set[int] = set()

    def __len__(self) -> int:
        return len(self._levels[0]) // SIZE

    def put(self, position: int, hashed: bytes) -> None:
        """Set the leaf at *position*, from 0; leaves skipped before it are nought.

        Raises ValueError before 0; then nothing is changed.
        """
        if position < 0:
            raise ValueError(f"No leaf stands at {position}.")
        missing = position + 1 - len(self)
        if missing > 0:
            self._changed.update(range(len(self), position))
            self._levels[0].extend(bytes(SIZE * missing))
        _set(self._levels[0], position, hashed)
        self._changed.add(position)

    def root(self) -> str:
        """The hash over all leaves, in hexadecimal."""
        self._renew()
        return bytes(self._levels[-1]).hex() if len(self) else hashlib.sha256().hexdigest()

    def path(self, position: int) -> list[tuple[str, str]]:
        """The neighbours on the way from the leaf to the root: the side each stands on, and its hash."""
        self._renew()
        way = []
        for level in self._levels[:-1]:
            beside = _get(level, position ^ 1)
            if beside:
                way.append((LEFT if position & 1 else RIGHT, beside.hex()))
            position //= 2
        return way

    def _renew(self) -> None:
        """Hash every node above a changed leaf anew, level by level."""
        changed: Iterable[int] = self._changed
        depth = 0
        while len(self._levels[depth]) > SIZE:
            if depth + 1 == len(self._levels):
                self._levels.append(bytearray())
            changed = {position // 2 for position in changed}
            _hash_up(self._levels[depth], self._levels[depth + 1], changed)
            depth += 1
        self._changed = set()


def _hash_up(level: bytearray, above: bytearray, changed: Iterable[int]) -> None:
    """Set the *changed* nodes of the level *above*; the last one without a neighbour rises as it is."""
    above.extend(bytes((len(level) // SIZE + 1) // 2 * SIZE - len(above)))
    for position in changed:
        left, right = _get(level, 2 * position), _get(level, 2 * position + 1)
        _set(above, position, hashlib.sha256(b"\x01" + left + right).digest() if right else left)


def _get(level: bytearray, position: int) -> bytes:
    return bytes(level[position * SIZE : (position + 1) * SIZE])


def _set(level: bytearray, position: int, hashed: bytes) -> None:
    level[position * SIZE : (position + 1) * SIZE] = hashed
