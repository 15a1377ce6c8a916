"""What a file really is: recognised by its content, images made anew without metadata, PDFs looked into."""

import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.ground.config import Settings
from portal.ground.errors import PortalError, Refused, TooLarge, Unavailable
from portal.ground.words import N_

pillow_heif.register_heif_opener()

JPEG_QUALITY = 88
SMALL_PNG_BYTES = 1_000_000
"""A PNG up to this size stays one; a bigger one, a photo as a rule, becomes a JPEG."""

NAME_LENGTH = 120
PDF_SECONDS = 20
PDF_CHECK = Path(__file__).with_name("pdf_check.py")

JPEG, PNG, WEBP, HEIC, PDF = "image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_DECODERS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", HEIC: "HEIF"}
_ENDINGS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}


class Unusable(Refused):
    """The file cannot be taken; the message says why and what to do."""

    message = N_("Tệp này không đọc được. Hãy chụp hoặc quét lại rồi chọn tệp mới.")


class FileTooLarge(TooLarge):
    """One file beyond the limit of a file."""

    message = N_("Tệp %(name)s lớn hơn %(most)s MB. Hãy chụp ở cỡ nhỏ hơn hoặc quét lại.")


@dataclass(frozen=True)
class SafeFile:
    """A file that may be stored and shown: a cleaned name, its true type and its content."""

    name: str
    mime: str
    content: bytes


def made_safe(name: str, content: bytes, limits: Settings) -> SafeFile:
    """Return the file as it may be kept; raises FileTooLarge or Unusable with what to do."""
    shown = clean_name(name)
    if len(content) > limits.upload_max_bytes:
        raise FileTooLarge(name=shown, most=limits.upload_max_bytes // (1024 * 1024))
    if not content:
        raise Unusable(N_("Tệp %(name)s rỗng. Hãy chọn lại tệp."), name=shown)
    found = sniff(content)
    if found is None:
        raise Unusable(N_("Tệp %(name)s không phải ảnh JPG, PNG, WEBP, HEIC hay PDF."), name=shown)
    # A virus scanner looks at the content here, before anything opens it.
    if found == PDF:
        _check_pdf(shown, content, limits.pdf_max_pages)
        return SafeFile(_ending(shown, PDF), PDF, content)
    mime, made = _made_anew(shown, content, _DECODERS[found], limits.image_max_pixels)
    return SafeFile(_ending(shown, mime), mime, made)


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


def clean_name(name: str) -> str:
    """A name to show and to download by: NFC, no folder, no control characters, not too long."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*')
    stem, _, ending = plain.strip(" .").rpartition(".")
    return f"{(stem or ending)[:NAME_LENGTH].strip()}{'.' + ending[:10] if stem else ''}" or "giay-to"


def _ending(name: str, mime: str) -> str:
    """*name* with the ending of its true type."""
    stem, dot, _ = name.rpartition(".")
    return (stem if dot else name) + _ENDINGS[mime]


def _made_anew(name: str, content: bytes, decoder: str, most_pixels: int) -> tuple[str, bytes]:
    """Decode and encode again: only pixels survive, upright, without place, camera and comments."""
    too_big = Unusable(N_("Ảnh %(name)s có quá nhiều điểm ảnh. Hãy chụp ở cỡ nhỏ hơn."), name=name)
    try:
        with Image.open(BytesIO(content), formats=(decoder,)) as image:
            if image.width * image.height > most_pixels:
                raise too_big
            return _encoded(image, keep_png=decoder == "PNG" and len(content) <= SMALL_PNG_BYTES)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_big from None
    except PortalError:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, RuntimeError) as broken:
        raise Unusable(N_("Ảnh %(name)s bị hỏng. Hãy chụp lại rồi chọn tệp mới."), name=name) from broken


def _encoded(image: Image.Image, *, keep_png: bool) -> tuple[str, bytes]:
    upright = ImageOps.exif_transpose(image)
    plain = _on_white(upright).convert("RGB")
    plain.info = {}
    out = BytesIO()
    if keep_png:
        plain.save(out, "PNG", optimize=True)
        return PNG, out.getvalue()
    plain.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return JPEG, out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """Paper shows through where an image is transparent."""
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image
    seen = image.convert("RGBA")
    paper = Image.new("RGBA", seen.size, "white")
    paper.alpha_composite(seen)
    return paper


def _check_pdf(name: str, content: bytes, most_pages: int) -> None:
    """Judge a PDF in a process of its own; raises Unusable for what the verdict says."""
    command = [sys.executable, "-I", str(PDF_CHECK), str(most_pages)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PDF_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise Unusable(_PDF_FAULTS["broken"], name=name) from None
    except OSError as away:
        raise Unavailable from away
    said, _, detail = done.stdout.decode(errors="replace").partition(" ")
    if said != "ok":
        sentence = _PDF_FAULTS.get(said, _PDF_FAULTS["broken"])
        raise Unusable(sentence, name=name, most=most_pages, pages=detail)


_PDF_FAULTS = {
    "broken": N_("Tệp PDF %(name)s bị hỏng hoặc không đọc được. Hãy xuất lại hoặc chụp ảnh thay."),
    "encrypted": N_("Tệp PDF %(name)s có mật khẩu. Hãy bỏ mật khẩu rồi chọn lại."),
    "long": N_("Tệp PDF %(name)s có %(pages)s trang, nhiều hơn %(most)s trang. Hãy tách bớt."),
    "active": N_("Tệp PDF %(name)s có mã chạy hoặc tệp đính kèm bên trong. Hãy in lại ra PDF rồi chọn lại."),
}
