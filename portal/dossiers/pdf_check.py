"""Looks into one PDF from standard input and prints a verdict; runs as a process of its own, with limits.

Knows nothing of the portal: a hostile file can only bring down this process.
"""

import resource
import sys
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 10
MOST_OBJECTS = 200_000
MOST_REFERENCES = 20

ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition",
    "/RichMediaExecute", "/Movie", "/Sound", "/GoTo3DView",
}  # fmt: skip
"""Actions that do something beyond moving inside the document; links to the web stay."""

ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/AA", "/XFA", "/RichMediaContent"}
"""Entries that carry scripts, files or forms that run."""

HARMLESS_OPENINGS = ("/GoTo", "/Named", "/URI")


def verdict(content: bytes, most_pages: int) -> str:
    """Return "ok <pages>", or "broken", "encrypted", "long <pages>", "active <what>"."""
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            return "encrypted"
        pages = len(reader.pages)
        if not 0 < pages <= most_pages:
            return f"long {pages}" if pages else "broken"
        active = _active(reader.trailer)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return "broken"
    return f"active {active}" if active else f"ok {pages}"


def _active(trailer: Any) -> str:
    """Walk everything reachable and return the name of the first active thing; "" when there is none."""
    waiting, seen = [trailer], set[tuple[int, int]]()
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return ""
        node = waiting.pop()
        if isinstance(node, IndirectObject):
            place = (node.idnum, node.generation)
            node = None if place in seen else node.get_object()
            seen.add(place)
        if isinstance(node, IndirectObject):  # A reference to a reference.
            waiting.append(node)
        if isinstance(node, DictionaryObject):
            found = _active_entry(node)
            if found:
                return found
            waiting += [node.raw_get(key) for key in node]
        elif isinstance(node, ArrayObject):
            waiting += list(node)
    return "size"


def _active_entry(node: DictionaryObject) -> str:
    for key in node:
        if key in ACTIVE_KEYS:
            return str(key)
    action = _value(node, "/S")
    if isinstance(action, NameObject) and action in ACTIVE_ACTIONS:
        return str(action)
    opening = _value(node, "/OpenAction")
    runs = isinstance(opening, DictionaryObject) and _value(opening, "/S") not in HARMLESS_OPENINGS
    return "/OpenAction" if runs else ""


def _value(node: DictionaryObject, key: str) -> Any:
    """What stands under *key*, through every reference; a long way of references is no honest file."""
    value = node.raw_get(key) if key in node else None
    for _ in range(MOST_REFERENCES):
        if not isinstance(value, IndirectObject):
            return value
        value = value.get_object()
    raise ValueError(key)


def main() -> None:
    """Read the file, judge it, print the verdict."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    sys.stdout.write(verdict(sys.stdin.buffer.read(), int(sys.argv[1])))


if __name__ == "__main__":
    main()
