"""Telephone numbers in the one form they are stored in."""

import pytest

from portal.accounts import phones
from portal.ground.errors import Refused


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0912345678", "0912345678"),
        (" 0912 345 678 ", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("84912345678", "0912345678"),
        ("+84 (0)912-345-678", "0912345678"),
        ("0274 3822 125", "02743822125"),
        ("+84 274 3822 125", "02743822125"),
    ],
)
def test_a_number_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert phones.normal(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        *("", "091234567", "09123456789", "0112345678", "0212345678", "09123o5678", "+1 202 555 0100"),
        "٠٩١٢٣٤٥٦٧٨",
    ],
)
def test_another_shape_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        phones.normal(typed)


def test_an_identity_number_is_not_read_as_a_phone() -> None:
    assert phones.national("074191003215") == "074191003215"
