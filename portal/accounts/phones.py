"""Vietnamese telephone numbers in the one form they are stored in. Pure."""

import re

from portal.ground.errors import Refused
from portal.ground.words import N_

_SIGNS = re.compile(r"[\s.()-]+")
_MOBILE = re.compile(r"0[35789]\d{8}", re.ASCII)
_LANDLINE = re.compile(r"02\d{9}", re.ASCII)


def normal(typed: str) -> str:
    """Return a typed number as 0912345678; +84 and 84 in front become 0. Raises Refused for another shape.

    Source: mobile 0(3|5|7|8|9) and 8 digits, landline 02 and 9 digits (DOMAIN 4.4).
    """
    number = national(typed)
    if not (_MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number)):
        raise Refused(N_("Số điện thoại có 10 chữ số, ví dụ 0912 345 678."))
    return number


def national(typed: str) -> str:
    """Return a typed number without signs and with 0 for the country's code, whatever its length."""
    return re.sub(r"^(\+84|84(?=\d{9,10}$))0?", "0", _SIGNS.sub("", typed))
