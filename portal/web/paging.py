"""Where a list goes on, as its address says."""

import re

from flask import request

_POSITIVE_ID = re.compile(r"[1-9][0-9]{0,17}")


def before() -> int | None:
    """The row before which the page begins; None for the first page and for what no database can count."""
    typed = request.args.get("truoc", "")
    return int(typed) if _POSITIVE_ID.fullmatch(typed) else None
