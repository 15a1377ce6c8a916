"""Folding: what a citizen types finds what the catalogue says."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ground.text import clean, fold


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Đăng ký khai sinh", "dang ky khai sinh"),
        ("hoà giải", "hòa giải"),
        ("THUỶ LỢI", "thủy lợi"),
        ("  khai   sinh ", "khai sinh"),
        (unicodedata.normalize("NFD", "Đường Nguyễn Huệ"), "đường nguyễn huệ"),
        ("chứng thực, bản-sao", "chung thuc ban sao"),
    ],
)
def test_words_that_sound_the_same_fold_to_the_same(typed: str, meant: str) -> None:
    assert fold(typed) == fold(meant)


@given(st.text(alphabet="aàáảãạăâbcdđeêghiklmnoôơpqrstuưvxyýỳ ", max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


def test_stored_text_is_composed_and_trimmed() -> None:
    assert clean(unicodedata.normalize("NFD", "  Phú   Hòa ")) == "Phú Hòa"
