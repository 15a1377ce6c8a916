"""The few files the demonstration attaches: drawn here, made safe and stored like any upload."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import fontpkg
from PIL import Image, ImageDraw, ImageFont

from portal.dossiers.contents import made_safe
from portal.dossiers.papers import StoredFile
from portal.ground.config import Settings
from portal.ground.storage import Files

SIZE = (620, 877)
"""An A4 page at 75 dots an inch: to be read, not to be printed."""

MADE_AT = datetime(2020, 6, 1, tzinfo=UTC).timetuple()
"""What a PDF says about its making: the same page has the same bytes every time."""

PHOTOS = ("Trang thứ nhất", "Trang thứ hai", "Trang có dấu", "Bản chụp lại")
"""What stands on the photographed papers."""


@dataclass(frozen=True)
class Sheets:
    """What lies in the store: photos of papers, a scan, and a result."""

    photos: tuple[StoredFile, ...]
    scan: StoredFile
    result: StoredFile


def draw_sheets(files: Files, limits: Settings) -> Sheets:
    """Draw every sheet and keep it in *files*; drawing again keeps nothing new."""
    photos = [
        _stored(files, limits, f"giay-to-{number}.jpg", _bytes(_page("GIẤY TỜ KÈM THEO", words), "JPEG"))
        for number, words in enumerate(PHOTOS, start=1)
    ]
    scan = _bytes(_page("GIẤY TỜ KÈM THEO", "Bản quét"), "PDF")
    result = _bytes(_page("KẾT QUẢ GIẢI QUYẾT", "Có chữ ký và con dấu của cơ quan"), "PDF")
    return Sheets(
        tuple(photos),
        _stored(files, limits, "ban-quet.pdf", scan),
        _stored(files, limits, "ket-qua.pdf", result),
    )


def _stored(files: Files, limits: Settings, name: str, content: bytes) -> StoredFile:
    safe = made_safe(name, content, limits)
    return StoredFile(safe.name, safe.mime, len(safe.content), files.put(safe.content))


def _page(title: str, words: str) -> Image.Image:
    """A framed white page that says in its middle that it is none."""
    page = Image.new("RGB", SIZE, "white")
    pen, path = ImageDraw.Draw(page), str(fontpkg.path("Be Vietnam Pro", weight=400))
    pen.rectangle((28, 28, SIZE[0] - 28, SIZE[1] - 28), outline="#555555", width=2)
    for height, size, text in ((120, 28, title), (180, 18, words), (430, 30, "BẢN TRÌNH DIỄN")):
        pen.text((SIZE[0] // 2, height), text, "#333333", ImageFont.truetype(path, size), anchor="mm")
    pen.text((SIZE[0] // 2, 480), "không có giá trị", "#777777", ImageFont.truetype(path, 18), anchor="mm")
    for height in range(560, 780, 24):
        pen.line((90, height, SIZE[0] - 90, height), fill="#dddddd", width=2)
    return page


def _bytes(page: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    dates = {"creationDate": MADE_AT, "modDate": MADE_AT} if kind == "PDF" else {}
    page.save(out, kind, **dates)
    return out.getvalue()
