"""Passwords: what is good enough, and what is stored."""

import unicodedata

import pytest
from argon2 import PasswordHasher

from portal.accounts import passwords
from portal.ground.errors import Refused


@pytest.mark.parametrize(
    "password",
    ["", "1234567", "bảy chữ", "matkhau123", "ANHYEUEM", "12345678", "x" * 201],
    ids=["empty", "short", "short with marks", "common", "common in capitals", "digits in order", "too long"],
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(Refused):
        passwords.check(password)


@pytest.mark.parametrize("password", ["tám ký tự", "motcua-2020", "trời mưa ở Phú Hòa", "        x"])
def test_any_kind_of_signs_will_do_when_long_enough(password: str) -> None:
    passwords.check(password)


def test_one_s_own_number_or_name_is_no_password() -> None:
    with pytest.raises(Refused):
        passwords.check("074191003215", "Đỗ Thị Mai", "074191003215")
    with pytest.raises(Refused):
        passwords.check("đỗ thị mai", "Đỗ Thị Mai")


@pytest.mark.parametrize(
    "password", ["0912345678a", "Đỗ Thị Mai 1987", "dothimai-2020", "+84 0912 345 678", "!!074191003215!!"]
)
def test_own_words_do_not_make_a_password_long(password: str) -> None:
    with pytest.raises(Refused):
        passwords.check(password, "Đỗ Thị Mai", "0912345678", "074191003215")


def test_a_long_password_may_hold_an_own_word_and_short_names_are_in_many_words() -> None:
    passwords.check("Đỗ Thị Mai thích mưa phùn", "Đỗ Thị Mai")
    passwords.check("anh em một nhà", "An", "")


def test_the_list_of_common_passwords_holds_only_what_the_length_would_let_through() -> None:
    assert len(passwords._common()) > 200
    assert all(len(word) >= passwords.SHORTEST for word in passwords._common())


def test_a_password_matches_its_hash_and_no_other() -> None:
    stored = passwords.hashed("trời mưa ở Phú Hòa")
    assert stored.startswith("$argon2id$")
    assert passwords.matches(stored, "trời mưa ở Phú Hòa")
    assert not passwords.matches(stored, "trời mưa ở Phú Lợi")
    assert not passwords.matches("not a hash", "trời mưa ở Phú Hòa")


def test_another_keyboard_types_the_same_password() -> None:
    stored = passwords.hashed(unicodedata.normalize("NFD", "trời mưa ở Phú Hòa"))
    assert passwords.matches(stored, unicodedata.normalize("NFC", "trời mưa ở Phú Hòa"))


def test_the_end_of_a_long_password_counts() -> None:
    long = "a" * passwords.LONGEST
    assert not passwords.matches(passwords.hashed(long), long + "b")


def test_a_hash_of_weaker_settings_is_outdated_and_ours_is_not() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("motcua-2020")
    assert passwords.is_outdated(weak)
    assert not passwords.is_outdated(passwords.hashed("motcua-2020"))
    assert not passwords.is_outdated(passwords.NOBODY)


def test_a_one_time_password_can_be_read_out_and_is_never_the_same() -> None:
    made = {passwords.one_time() for _ in range(50)}
    assert len(made) == 50
    assert all(len(word) == 14 and not set(word) & set("01ilouA") - {"u"} for word in made)
