"""Words that know their label. Holds no wording of its own and never translates: the web does."""

from enum import StrEnum
from typing import Self


def N_(sentence: str) -> str:  # noqa: N802 - the customary name of a gettext marker
    """Mark *sentence* for the message catalogue and return it unchanged."""
    return sentence


class Labelled(StrEnum):
    """An enum stored by value and shown by label: ``NAME = "value", N_("Nhãn")[, national code]``."""

    label: str
    national: int | None

    def __new__(cls, value: str, label: str = "", national: int | None = None) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.national = national
        return member
