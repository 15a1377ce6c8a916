"""What a file really is: recognised by its content, looked at for viruses, then opened and made anew."""

from dataclasses import dataclass
from pathlib import Path

from portal.dossiers.file_names import clean_name, with_ending
from portal.ground import clamd, confined
from portal.ground.config import Settings
from portal.ground.errors import Refused, TooLarge, Unavailable
from portal.ground.words import N_

IMAGE_OPENING = Path(__file__).with_name("image_opening.py")
PDF_OPENING = Path(__file__).with_name("pdf_opening.py")

MOST_GROWTH = 2
"""How much larger than the largest file a PDF may be once its packed objects are written out."""

JPEG, PNG, WEBP, HEIC, PDF = "image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")


class Unusable(Refused):
    """The file cannot be taken; the message says why and what to do."""

    message = N_("Tệp này không đọc được. Hãy chụp hoặc quét lại rồi chọn tệp mới.")


class FileTooLarge(TooLarge):
    """One file beyond the limit of a file."""

    message = N_("Tệp %(name)s lớn hơn %(most)s MB. Hãy chụp ở cỡ nhỏ hơn hoặc quét lại.")


class Infected(Refused):
    """The scanner named a virus; its name is for the log, not for the person."""

    message = N_(
        "Tệp %(name)s bị phần mềm chống vi-rút chặn, nên không được nhận. "
        "Hãy chụp hoặc quét lại giấy tờ bằng máy khác rồi chọn tệp mới."
    )

    def __init__(self, name: str, signature: str) -> None:
        super().__init__(name=name)
        self.signature = signature


class NotScanned(Unavailable):
    """The scanner is configured and does not answer: nothing passes without it."""

    message = N_(
        "Chưa kiểm tra vi-rút được cho tệp %(name)s, nên tệp chưa được nhận. "
        "Những gì khác vẫn còn; hãy chọn lại tệp này sau ít phút."
    )


class NotOpened(Unavailable):
    """This machine could not look into the file; the file may well be good."""

    message = N_("Máy chủ đang bận, chưa mở được tệp %(name)s. Hãy chọn lại tệp này sau ít phút.")


@dataclass(frozen=True)
class SafeFile:
    """A file that may be stored and shown: a cleaned name, its true type, its content, and who scanned it."""

    name: str
    mime: str
    content: bytes
    scanned_with: str = ""


def made_safe(name: str, content: bytes, limits: Settings) -> SafeFile:
    """Return the file as it may be kept, in this order: size, type, viruses as it came, opened and made anew.

    Raises FileTooLarge, Unusable or Infected with what to do, NotScanned or NotOpened when it may come later.
    """
    shown = clean_name(name)
    if len(content) > limits.upload_max_bytes:
        raise FileTooLarge(name=shown, most=limits.upload_max_bytes // (1024 * 1024))
    if not content:
        raise Unusable(N_("Tệp %(name)s rỗng. Hãy chọn lại tệp."), name=shown)
    found = sniff(content)
    if found is None:
        raise Unusable(_OTHER_TYPE, name=shown)
    scanned_with = _scanned(shown, content, limits.scanner())
    mime, made = _opened(shown, content, found, limits)
    return SafeFile(with_ending(shown, mime), mime, made, scanned_with)


def sniff(content: bytes) -> str | None:
    """The type a file has by its first bytes; None when it is none of those we take."""
    head = content[:16]
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return HEIC if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS else None


def _scanned(name: str, content: bytes, scanner: clamd.Scanner | None) -> str:
    """Which scanner let the bytes pass, "" when there is none; raises Infected, NotScanned."""
    if scanner is None:
        return ""
    try:
        version = scanner.version()
        signature = scanner.finds(content)
    except clamd.NoVerdict as away:
        raise NotScanned(name=name) from away
    if signature:
        raise Infected(name, signature)
    return version


def _opened(name: str, content: bytes, found: str, limits: Settings) -> tuple[str, bytes]:
    """The true type and the bytes as they may be kept; raises Unusable, NotOpened."""
    program, first = (PDF_OPENING, limits.pdf_max_pages) if found == PDF else (IMAGE_OPENING, found)
    try:
        line, made = confined.run(program, content, str(first), str(limits.image_max_pixels))
    except confined.CannotStart as away:
        raise NotOpened(name=name) from away
    except confined.Broke:
        line, made = "broken", b""
    said, _, detail = line.partition(" ")
    if found == PDF and len(made) > MOST_GROWTH * limits.upload_max_bytes:
        said = "heavy"
    if said == "ok":
        return (PDF if found == PDF else detail), made
    faults = _PDF_FAULTS if found == PDF else _IMAGE_FAULTS
    pixels = limits.image_max_pixels // 1_000_000
    raise Unusable(
        faults.get(said, faults["broken"]), name=name, most=limits.pdf_max_pages, pages=detail, pixels=pixels
    )


_OTHER_TYPE = N_(
    "Tệp %(name)s không phải ảnh JPG, PNG, WEBP, HEIC hay PDF. "
    "Hãy chụp ảnh giấy tờ, hoặc lưu tài liệu thành PDF, rồi chọn lại."
)

_IMAGE_FAULTS = {
    "broken": N_("Ảnh %(name)s bị hỏng. Hãy chụp lại rồi chọn tệp mới."),
    "big": N_("Ảnh %(name)s có hơn %(pixels)s triệu điểm ảnh. Hãy chụp ở cỡ nhỏ hơn."),
}

_PDF_FAULTS = {
    "broken": N_("Tệp PDF %(name)s bị hỏng hoặc không đọc được. Hãy xuất lại hoặc chụp ảnh thay."),
    "encrypted": N_("Tệp PDF %(name)s có mật khẩu. Hãy bỏ mật khẩu rồi chọn lại."),
    "long": N_("Tệp PDF %(name)s có %(pages)s trang, nhiều hơn %(most)s trang. Hãy tách bớt."),
    "active": N_("Tệp PDF %(name)s có mã chạy hoặc tệp đính kèm bên trong. Hãy in lại ra PDF rồi chọn lại."),
    "heavy": N_("Tệp PDF %(name)s mở ra quá nặng. Hãy in lại ra PDF ở cỡ nhỏ hơn, hoặc chụp ảnh thay."),
    "loose": N_(
        "Tệp PDF %(name)s có chữ ký số nhưng có thêm dữ liệu ngoài tài liệu. Hãy tải lại bản gốc từ nơi cấp."
    ),
}
