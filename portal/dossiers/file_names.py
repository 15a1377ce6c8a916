"""Names of files, as people may see and save them; pure."""

import unicodedata
from pathlib import PurePosixPath

NAME_LENGTH = 120
NAMELESS = "giay-to"

_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}

_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
"""Names that Windows, which most offices use, cannot save a file under, whatever the ending."""

_ESCAPES = ("%22", "%0D", "%0A")
"""How a browser sends a quote and a line's end in a name; neither is kept."""


def clean_name(name: str) -> str:
    """A name to show and to download by: NFC, no folder, no control characters, no device, not too long."""
    for escape in _ESCAPES:
        name = name.replace(escape, "")
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*')
    stem, _, ending = plain.strip(" .").rpartition(".")
    cut = f"{(stem or ending)[:NAME_LENGTH].strip()}{'.' + ending[:10] if stem else ''}" or NAMELESS
    return f"{NAMELESS}-{cut}" if cut.partition(".")[0].strip().casefold() in _DEVICES else cut


def with_ending(name: str, mime: str) -> str:
    """*name* with the ending of its true type."""
    stem, dot, _ = name.rpartition(".")
    return (stem if dot else name) + _ENDINGS[mime]
