"""Vietnamese text folded for searching and cleaned for storing."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[^\w.]+")


def clean(text: str) -> str:
    """Normalise to NFC and trim: how every typed line is stored."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def clean_lines(text: str) -> str:
    """As clean, but line breaks stay: how every typed paragraph is stored."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def signs_of(text: str) -> str:
    """Return the letters and digits of *text* alone, in one form and case: how a number is compared."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def fold(text: str) -> str:
    """Return *text* for comparison: no marks, đ as d, lower case, single spaces.

    Both styles of tone marks (hoà, hòa), NFC and NFD fold to the same word.
    """
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _SEPARATORS.sub(" ", plain).strip()
