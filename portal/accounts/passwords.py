"""Passwords: which are good enough, and their argon2id hashes. Knows no accounts."""

import secrets
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.ground.errors import Refused
from portal.ground.text import fold
from portal.ground.words import N_

SHORTEST, LONGEST = 8, 200
"""Characters; no rule on their kinds (NIST SP 800-63B, ASVS 6.2)."""

SHORTEST_WORD = 4
"""Own words of fewer letters stand inside many others."""

NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$wP6xPf7BoW/YM3ormQbhPA$FY1GsfOUyzIxUg1Otw4mXXAuUTlqag2Yb/MdhaN3Enc"
"""A hash that no password has: checked in place of an account that does not exist, at the same cost."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_ONE_TIME_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"


def check(password: str, *own: str) -> None:
    """Refuse a password that is too short, too long, in everybody's list, or made of the *own* words.

    Own words inside it do not count towards its length. Raises Refused with the sentence for the field.
    """
    text = _normal(password)
    if len(text) < SHORTEST:
        raise Refused(N_("Mật khẩu cần ít nhất 8 ký tự; một câu ngắn dễ nhớ là tốt nhất."))
    if len(text) > LONGEST:
        raise Refused(N_("Mật khẩu dài tối đa 200 ký tự."))
    if text.casefold() in _common():
        raise Refused(N_("Mật khẩu này nhiều người dùng nên rất dễ đoán. Hãy chọn mật khẩu khác."))
    if _without(text, own) < SHORTEST:
        raise Refused(N_("Đừng dùng tên, số điện thoại hay số giấy tờ của bạn làm mật khẩu."))


def hashed(password: str) -> str:
    """Return the argon2id hash to store."""
    return _HASHER.hash(_normal(password))


def matches(stored: str, password: str) -> bool:
    """Whether *password* is the one behind *stored*; always at the cost of one hash."""
    try:
        return _HASHER.verify(stored, _normal(password)[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether *stored* was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(stored)


def one_time() -> str:
    """Make a password such as k7fm-29qx-bd3h to be read out at a desk: 59 random bits, no look-alikes."""
    signs = "".join(secrets.choice(_ONE_TIME_SIGNS) for _ in range(12))
    return "-".join((signs[:4], signs[4:8], signs[8:]))


def _without(text: str, own: tuple[str, ...]) -> int:
    """How many signs of *text* are left without one of the *own* words, however it is written."""
    said = _squeezed(text)
    words = [word for word in map(_squeezed, own) if len(word) >= SHORTEST_WORD and word in said]
    return min((len(said.replace(word, "")) for word in words), default=len(text))


def _squeezed(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if line)


def _normal(password: str) -> str:
    """The same letters typed by another keyboard are the same password."""
    return unicodedata.normalize("NFC", password)
