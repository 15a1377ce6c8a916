"""Codes people read and type: of dossiers, receipts and parcels; and the counters behind them."""

import re
import secrets
from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Mapped, Session, mapped_column
from stdnum.iso7064 import mod_37_36

from portal.ground.db import Base, insert_ignoring

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 signs: no I, L, O, U, which people confuse or misread."""

DOSSIER_CODE = re.compile(r"^(\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(\.\d{1,3}){0,5})-\d{6}-\d{4,}$")
"""Both patterns of agency code before the day and its number (TT 01/2018 art. 19; QĐ 20/2020)."""

_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_RANDOM_TYPED = re.compile(r"([A-Z]{2})-?([0-9A-Z]{4})-?([0-9A-Z]{4})-?([0-9A-Z])")
_LOOK_ALIKE = str.maketrans("OIL", "011")

_PARCEL_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


class Counter(Base):
    """The last number given in a series; a series never steps back."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


def next_number(session: Session, series: str) -> int:
    """Give the next number of *series*, from 1; other writers of the series wait for this transaction."""
    insert_ignoring(session, Counter, {"series": series, "value": 0})
    step = (
        update(Counter)
        .where(Counter.series == series)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
    )
    return session.execute(step.execution_options(synchronize_session=False)).scalar_one()


def dossier_code(session: Session, agency_code: str, on: date) -> str:
    """Give the official code of the next dossier that *agency_code* accepts on *on*.

    Source: TT 01/2018/TT-VPCP art. 19: agency, day as yymmdd, number of the day; beyond 9999 it widens.
    """
    day = f"{on:%y%m%d}"
    return f"{agency_code}-{day}-{next_number(session, f'dossier {agency_code} {day}'):04d}"


def random_code(prefix: str) -> str:
    """Make a code such as TN-4F7K-29QX-Y: 40 random bits and an ISO 7064 MOD 37,36 check character."""
    return with_check(prefix, "".join(secrets.choice(LETTERS) for _ in range(8)))


def with_check(prefix: str, body: str) -> str:
    """Write eight signs as people read them, with their check character."""
    return f"{prefix}-{body[:4]}-{body[4:]}-{mod_37_36.calc_check_digit(body)}"


def typed(code: str) -> str:
    """Return a code as stored, however a person typed it: case, spaces, dashes; O for 0, I and L for 1."""
    text = _DASHES.sub("-", re.sub(r"\s+", "", code)).upper()
    found = _RANDOM_TYPED.fullmatch(text)
    if found is None:
        return text
    prefix, first, second, check = found.groups()  # The check character may be any letter.
    return f"{prefix}-{first.translate(_LOOK_ALIKE)}-{second.translate(_LOOK_ALIKE)}-{check}"


def is_random_code(code: str) -> bool:
    """Whether *code* has the shape of random_code and its check character is right."""
    found = re.fullmatch(r"[A-Z]{2}-([0-9A-Z]{4})-([0-9A-Z]{4})-([0-9A-Z])", code)
    return bool(found and mod_37_36.is_valid("".join(found.groups())))


def is_parcel_code(code: str) -> bool:
    """Whether *code* is an S10 parcel number, two letters, eight digits, check digit, country.

    Source: UPU S10; the check digit weighs the digits with 8 6 4 2 3 5 9 7 modulo 11.
    """
    found = re.fullmatch(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}", code)
    if found is None:
        return False
    rest = 11 - sum(int(d) * w for d, w in zip(found[1], _PARCEL_WEIGHTS, strict=True)) % 11
    return int(found[2]) == {10: 0, 11: 5}.get(rest, rest)
