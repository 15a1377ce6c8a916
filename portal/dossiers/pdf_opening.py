"""Opens one PDF, judges it and writes it anew from what its pages reach; runs in a confined child.

Knows nothing of the portal. What is not reachable from the pages (older revisions, what stands before,
between and behind the objects, metadata) is not written. A signed PDF cannot be written anew without breaking
its signature: it is kept as it is, and must therefore hold nothing else.
"""

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.filters import ASCII85Decode, ASCIIHexDecode
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

MOST_OBJECTS = 200_000
MOST_REFERENCES = 20
MOST_UNPACKED_BYTES = 1024 * 1024 * 1024
"""What all streams together may hold when unpacked."""

ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition",
    "/RichMediaExecute", "/Movie", "/Sound", "/GoTo3DView",
}  # fmt: skip
"""Actions that do something beyond moving inside the document; links to the web stay."""

ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/AA", "/XFA", "/RichMediaContent"}
"""Entries that carry scripts, files or forms that run."""

ACTIVE_SUBTYPES = {"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D", "/FileAttachment"}
"""Things on a page that play or carry something."""

HARMLESS_OPENINGS = ("/GoTo", "/Named", "/URI")
HARMLESS_SCHEMES = ("http", "https", "mailto", "tel")

METADATA_KEYS = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/SpiderInfo")
"""Who made the file, where and with what; left out."""

PACKERS = {"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"}
ARMOURS: dict[str, Any] = {
    "/ASCII85Decode": ASCII85Decode, "/A85": ASCII85Decode,
    "/ASCIIHexDecode": ASCIIHexDecode, "/AHx": ASCIIHexDecode,
}  # fmt: skip

CODECS = ("ascii", "charmap", "gbk", "latin-1", "utf-8", "utf-16", "utf-16-be", "utf-16-le")
"""What pypdf may read a text with. Python loads each from a file, and later no file can be opened."""

for _name in CODECS:
    codecs.lookup(_name)

SCHEME = re.compile(r"[\s\x00-\x1f]*([a-zA-Z][a-zA-Z0-9+-]*):")
HEADER = re.compile(rb"%PDF-\d\.\d")
PAGE_OF_THE_WEB = re.compile(rb"<\s*(html|script|body|svg|!doctype|\?php)", re.IGNORECASE)
END_OF_ZIP, ZIP_TAIL_BYTES = b"PK\x05\x06", 66_000
"""Where a reader of archives looks for one, whatever the file begins with."""


class Fault(Exception):
    """Why the file is not taken: a word the portal knows, and a detail."""


@dataclass
class Walk:
    """What was reached so far, by number and generation, and what it would unpack to."""

    most_pixels: int
    reached: dict[tuple[int, int], Any] = field(default_factory=dict)
    unpacked_bytes: int = 0
    is_signed: bool = False


def answer(content: bytes, most_pages: str, most_pixels: str) -> bytes:
    """Return "ok <pages>", a line break and the PDF as it may be kept.

    Or "broken", "encrypted", "long <pages>", "active <what>", "heavy", "loose" (signed, more around it).
    """
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise Fault("encrypted")
        pages = _pages(reader, int(most_pages))
        walk = Walk(int(most_pixels))
        _walk(walk, [reader.trailer.raw_get("/Root")])
        kept = _as_signed(reader, walk, content) if walk.is_signed else _written(reader, walk, content)
        if END_OF_ZIP in kept[-ZIP_TAIL_BYTES:]:
            raise Fault("active archive")
    except DependencyError:
        return b"encrypted\n"  # Only what would decrypt is not there.
    except Fault as fault:
        return f"{fault}\n".encode()
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError):
        return b"broken\n"
    return b"ok %d\n" % pages + kept


def _pages(reader: PdfReader, most: int) -> int:
    """Count the leaves of the page tree, and stop soon beyond *most*: a tree may loop or branch for ever."""
    root = _value(reader.trailer, "/Root")
    tree, pages = _value(root, "/Pages"), 0
    waiting, budget = [tree], 20 * most + 1000
    while waiting:
        node, budget = _followed(waiting.pop()), budget - 1
        if not isinstance(node, DictionaryObject) or not budget:
            raise Fault("broken")
        if "/Kids" in node:
            waiting += _value(node, "/Kids")[: 2 * most + 2]
        else:
            pages += 1
        if pages > most:
            declared = _value(tree, "/Count")
            raise Fault(f"long {max(pages, declared) if isinstance(declared, int) else pages}")
    if not pages:
        raise Fault("broken")
    return pages


def _walk(walk: Walk, waiting: list[Any]) -> None:
    """Reach everything from *waiting* and judge it on the way; raises Fault for what may not be kept."""
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, IndirectObject):
            place = (node.idnum, node.generation)
            if place in walk.reached:
                continue
            node = walk.reached[place] = _read(node)
        if isinstance(node, IndirectObject):  # A reference to a reference.
            waiting.append(node)
        elif isinstance(node, DictionaryObject):
            _judge(walk, node)
            waiting += [node.raw_get(key) for key in node]
        elif isinstance(node, ArrayObject):
            waiting += list(node)
    raise Fault("heavy")


def _judge(walk: Walk, node: DictionaryObject) -> None:
    found = _active_entry(node)
    if found:
        raise Fault(f"active {found}")
    walk.is_signed = walk.is_signed or "/ByteRange" in node
    for key in METADATA_KEYS:
        node.pop(key, None)
    if isinstance(node, StreamObject):
        _judge_stream(walk, node)


def _judge_stream(walk: Walk, stream: StreamObject) -> None:
    """Unpack one stream piece by piece without keeping it; forget what a photo inside says of its camera."""
    wide, high = _value(stream, "/Width"), _value(stream, "/Height")
    if isinstance(wide, int) and isinstance(high, int) and wide * high > walk.most_pixels:
        raise Fault("heavy")
    filters = _filters(stream)
    if sum(name in PACKERS for name in filters) > 1:
        raise Fault("heavy")
    walk.unpacked_bytes += _unpacked(stream._data, filters, 4 * walk.most_pixels)
    if walk.unpacked_bytes > MOST_UNPACKED_BYTES:
        raise Fault("heavy")
    if filters == ["/DCTDecode"]:
        stream._data = b"".join(_without_camera(stream._data))


def _filters(stream: DictionaryObject) -> list[str]:
    named = _value(stream, "/Filter")
    names = named if isinstance(named, ArrayObject) else [] if named is None else [named]
    return [str(_followed(name)) for name in names]


def _unpacked(packed: bytes, filters: list[str], most: int) -> int:
    """How many bytes come out of *packed*; raises Fault beyond *most*."""
    while filters and filters[0] in ARMOURS:
        packed, filters = bytes(ARMOURS[filters[0]].decode(packed)), filters[1:]
    if not filters or filters[0] not in ("/FlateDecode", "/Fl"):
        return len(packed)
    size, opener = 0, zlib.decompressobj()
    try:
        while packed and not opener.eof:
            size += len(opener.decompress(packed, 1024 * 1024))
            packed = opener.unconsumed_tail
            if size > most:
                raise Fault("heavy")
    except zlib.error:
        return size  # A reader shows what came out so far, and so it counts.
    return size


def _without_camera(jpeg: bytes) -> Iterator[bytes]:
    """A JPEG without its notes on camera, place and author: pixels, colour profile and shape stay."""
    at = 2
    yield jpeg[:at]
    while jpeg[at : at + 1] == b"\xff" and jpeg[at + 1 : at + 2] not in (b"\xda", b""):
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] not in (0xE1, 0xED, 0xFE):  # Exif and XMP, Photoshop, a comment.
            yield jpeg[at:end]
        at = max(end, at + 2)
    yield jpeg[at:]


def _active_entry(node: DictionaryObject) -> str:
    """The name of what is active in *node*; "" when nothing is."""
    for key in node:
        if key in ACTIVE_KEYS:
            return str(key)
    action, subtype = _value(node, "/S"), _value(node, "/Subtype")
    for said, active in ((action, ACTIVE_ACTIONS), (subtype, ACTIVE_SUBTYPES)):
        if isinstance(said, NameObject) and said in active:
            return str(said)
    if isinstance(node, StreamObject) and "/F" in node:
        return "/F"  # The content is said to lie in another file.
    return _active_link(node) or _active_opening(node)


def _active_link(node: DictionaryObject) -> str:
    link = _value(node, "/URI")
    if isinstance(link, ByteStringObject):
        link = link.decode("latin-1")
    scheme = SCHEME.match(link) if isinstance(link, TextStringObject | str) else None
    return "/URI" if scheme and scheme[1].lower() not in HARMLESS_SCHEMES else ""


def _active_opening(node: DictionaryObject) -> str:
    opening = _value(node, "/OpenAction")
    runs = isinstance(opening, DictionaryObject) and _value(opening, "/S") not in HARMLESS_OPENINGS
    return "/OpenAction" if runs else ""


def _value(node: DictionaryObject, key: str) -> Any:
    """What stands under *key*, through every reference."""
    return _followed(node.raw_get(key)) if key in node else None


def _followed(value: Any) -> Any:
    """What *value* refers to; a long way of references is no honest file."""
    for _ in range(MOST_REFERENCES):
        if not isinstance(value, IndirectObject):
            return value
        value = _read(value)
    raise Fault("broken")


def _read(reference: IndirectObject) -> Any:
    found = reference.get_object()
    return NullObject() if found is None else found


def _as_signed(reader: PdfReader, walk: Walk, content: bytes) -> bytes:
    """The file itself: every object it has was judged, and nothing stands around them."""
    numbers = {(number, generation) for generation, table in reader.xref.items() for number in table}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    _walk(walk, [IndirectObject(number, generation, reader) for number, generation in sorted(numbers)])
    behind = content.rpartition(b"%%EOF")[2]
    if behind.strip() or PAGE_OF_THE_WEB.search(content[:1024]):
        raise Fault("loose")
    return content


def _written(reader: PdfReader, walk: Walk, content: bytes) -> bytes:
    """A new file of exactly what was reached and judged."""
    header, out, places = HEADER.match(content), BytesIO(), dict[int, tuple[int, int]]()
    out.write((header[0] if header else b"%PDF-1.7") + b"\n%\xe2\xe3\xcf\xd3\n")
    for (number, generation), thing in sorted(walk.reached.items(), key=lambda pair: pair[0]):
        if number in places:
            raise Fault("broken")
        places[number] = (out.tell(), generation)
        out.write(b"%d %d obj\n" % (number, generation))
        thing.write_to_stream(out)
        out.write(b"\nendobj\n")
    start = out.tell()
    out.writelines(_table(places.items()))
    trailer = DictionaryObject({NameObject("/Size"): NumberObject(max(places) + 1)})
    trailer[NameObject("/Root")] = reader.trailer.raw_get("/Root")
    out.write(b"trailer\n")
    trailer.write_to_stream(out)
    out.write(b"\nstartxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def _table(places: Iterable[tuple[int, tuple[int, int]]]) -> Iterator[bytes]:
    yield b"xref\n0 1\n0000000000 65535 f \n"
    for number, (offset, generation) in places:
        yield b"%d 1\n%010d %05d n \n" % (number, offset, generation)
