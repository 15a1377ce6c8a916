"""Codes: their shapes, their check characters, and numbers that never repeat."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.ground import codes

ON = date(2020, 9, 15)


def test_the_first_dossier_of_a_day_is_number_one(session: Session) -> None:
    assert codes.dossier_code(session, "000.21.07.H09", ON) == "000.21.07.H09-200915-0001"
    assert codes.dossier_code(session, "000.21.07.H09", ON) == "000.21.07.H09-200915-0002"


def test_each_agency_and_each_day_counts_for_itself(session: Session) -> None:
    codes.dossier_code(session, "000.21.07.H09", ON)
    assert codes.dossier_code(session, "000.22.07.H09", ON).endswith("-0001")
    assert codes.dossier_code(session, "000.21.07.H09", date(2020, 9, 16)).endswith("-200916-0001")


def test_the_ten_thousandth_dossier_widens_the_number(session: Session) -> None:
    session.add(codes.Counter(series="dossier 000.21.07.H09 200915", value=9999))
    session.flush()
    assert codes.dossier_code(session, "000.21.07.H09", ON) == "000.21.07.H09-200915-10000"


@pytest.mark.parametrize(
    "code",
    ["000.00.16.H09-200715-0001", "H09.21.7-260715-0001", "H09-260715-0001", "000.21.07.H09-200915-10000"],
)
def test_both_patterns_of_agency_code_are_known(code: str) -> None:
    assert codes.DOSSIER_CODE.match(code)


@given(
    body=st.text(alphabet=codes.LETTERS, min_size=8, max_size=8),
    place=st.integers(0, 8),
    sign=st.sampled_from(codes.LETTERS),
)
def test_one_wrong_character_in_a_code_is_noticed(body: str, place: int, sign: str) -> None:
    code = codes.with_check("TN", body)
    at = [index for index, letter in enumerate(code) if index > 2 and letter != "-"][place]
    wrong = code[:at] + sign + code[at + 1 :]
    assert codes.is_random_code(code)
    assert codes.is_random_code(wrong) is (wrong == code)


def test_random_codes_are_well_formed() -> None:
    assert codes.is_random_code(codes.random_code("TN"))


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("RR473124829GB", True),
        ("EE471108151FR", True),
        ("EB000717595HK", True),
        ("EB000717594HK", False),
        ("EB00071759HK", False),
        ("1B000717595HK", False),
    ],
)
def test_parcel_numbers_follow_s10(code: str, valid: bool) -> None:
    assert codes.is_parcel_code(code) is valid


def test_a_code_is_read_however_it_was_typed() -> None:
    assert codes.typed(" tn-4f7k- 29qx-y ") == "TN-4F7K-29QX-Y"
    assert codes.typed("tn4f7k29qxy") == "TN-4F7K-29QX-Y"
    assert codes.typed("TN–4FOK–2IQX–O") == "TN-4F0K-21QX-O"
    assert codes.typed("000.21.07.h09–200915–0001") == "000.21.07.H09-200915-0001"
