"""The tree has the shape of RFC 6962, however its leaves came in."""

import hashlib
import random

import pytest

from portal.ground import merkle
from portal.ground.merkle import Tree


def by_the_book(leaves: list[bytes]) -> bytes:
    """The root as RFC 6962, section 2.1, defines it."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + by_the_book(leaves[:half]) + by_the_book(leaves[half:])).digest()


def up(hashed: bytes, path: list[tuple[str, str]]) -> str:
    for side, beside in path:
        pair = (bytes.fromhex(beside), hashed) if side == merkle.LEFT else (hashed, bytes.fromhex(beside))
        hashed = hashlib.sha256(b"\x01" + b"".join(pair)).digest()
    return hashed.hex()


def test_a_tree_of_nothing_is_the_hash_of_nothing() -> None:
    assert Tree().root() == hashlib.sha256(b"").hexdigest()


def test_a_growing_and_changing_tree_is_always_that_of_its_leaves() -> None:
    chance, tree, leaves = random.Random(1), Tree(), []
    for number in range(70):
        leaves.append(merkle.leaf(str(number).encode()))
        tree.put(number, leaves[-1])
        changed = chance.randrange(len(leaves))
        leaves[changed] = merkle.leaf(chance.randbytes(4))
        tree.put(changed, leaves[changed])
        if number % 3:
            assert tree.root() == by_the_book(leaves).hex()
    assert tree.root() == by_the_book(leaves).hex()


def test_every_leaf_has_a_path_to_the_root_and_to_no_other() -> None:
    for count in (1, 2, 3, 7, 8, 13):
        tree = Tree()
        leaves = [merkle.leaf(str(number).encode()) for number in range(count)]
        for number, hashed in reversed([*enumerate(leaves)]):
            tree.put(number, hashed)
        assert {up(hashed, tree.path(number)) for number, hashed in enumerate(leaves)} == {tree.root()}
        assert up(merkle.leaf(b"other"), tree.path(0)) != tree.root()


def test_a_place_before_the_first_one_is_refused() -> None:
    tree = Tree()
    tree.put(0, merkle.leaf(b"a"))
    before = tree.root()
    with pytest.raises(ValueError, match="-1"):
        tree.put(-1, merkle.leaf(b"b"))
    assert tree.root() == before
