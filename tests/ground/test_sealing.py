"""Sealed identity numbers: bound to their row, found by their index, renewed with a new key."""

import pytest

from portal.ground.sealing import KeyRing, SealBroken

OLD = KeyRing({"k1": b"1" * 32}, "k1", b"i" * 32)
NEW = KeyRing({"k2": b"2" * 32, "k1": b"1" * 32}, "k2", b"i" * 32)
NUMBER = "074088001234"


def test_a_sealed_number_opens_in_its_row_and_says_nothing_before() -> None:
    sealed = OLD.seal(NUMBER, "account:1")
    assert NUMBER not in sealed
    assert OLD.open(sealed, "account:1") == NUMBER


def test_a_sealed_number_moved_to_another_row_does_not_open() -> None:
    with pytest.raises(SealBroken):
        OLD.open(OLD.seal(NUMBER, "account:1"), "account:2")


def test_a_changed_seal_does_not_open() -> None:
    sealed = OLD.seal(NUMBER, "account:1")
    changed = sealed[:-4] + ("AAAA" if sealed[-4:] != "AAAA" else "BBBB")
    with pytest.raises(SealBroken):
        OLD.open(changed, "account:1")


def test_after_rotation_the_old_key_can_go() -> None:
    renewed = NEW.renewed(OLD.seal(NUMBER, "account:1"), "account:1")
    only_new = KeyRing({"k2": b"2" * 32}, "k2", b"i" * 32)
    assert only_new.open(renewed, "account:1") == NUMBER
    assert NEW.renewed(renewed, "account:1") == renewed


def test_equal_numbers_have_equal_indexes_and_seals_that_differ() -> None:
    assert OLD.index(NUMBER) == NEW.index(NUMBER)
    assert OLD.index(NUMBER) != OLD.index("074088001235")
    assert OLD.seal(NUMBER, "account:1") != OLD.seal(NUMBER, "account:1")
