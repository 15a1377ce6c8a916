"""Opens one image and encodes it anew, so that only its pixels survive; runs in a confined child.

Knows nothing of the portal. One decoder, named by the caller, may look at the bytes.
"""

from io import BytesIO

import pillow_heif
from PIL import Image, ImageOps, MpoImagePlugin, PngImagePlugin, WebPImagePlugin

pillow_heif.register_heif_opener(thumbnails=False)
Image.preinit()  # Loads the rest of what opening needs; later no file can be opened.

DECODERS = {
    "image/jpeg": ("JPEG", MpoImagePlugin),
    "image/png": ("PNG", PngImagePlugin),
    "image/webp": ("WEBP", WebPImagePlugin),
    "image/heic": ("HEIF", pillow_heif),
}

JPEG_QUALITY = 88
SMALL_PNG_BYTES = 1_000_000
"""A PNG up to this size stays one; a bigger one, a photo as a rule, becomes a JPEG."""

LONGEST_SIDE = 65_000
"""What a JPEG can hold, pixels."""

MOST_SCANS = 200
"""Passes over the picture that an honest progressive JPEG stays far below; each costs time."""

SCAN = b"\xff\xda"


def answer(content: bytes, mime: str, most_pixels: str) -> bytes:
    """Return "ok <type>", a line break and the picture made anew; or "big" or "broken"."""
    decoder = DECODERS[mime][0]
    if mime == "image/jpeg" and content.count(SCAN) > MOST_SCANS:
        return b"broken\n"
    try:
        with Image.open(BytesIO(content), formats=(decoder,)) as image:
            if image.width * image.height > int(most_pixels) or max(image.size) > LONGEST_SIDE:
                return b"big\n"
            return _encoded(image, keep_png=decoder == "PNG" and len(content) <= SMALL_PNG_BYTES)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return b"big\n"
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, TypeError, KeyError, IndexError):
        return b"broken\n"  # A decoder says in many ways that it cannot read this.


def _encoded(image: Image.Image, *, keep_png: bool) -> bytes:
    """The first frame, upright, in plain colours."""
    plain = _on_white(_in_eight_bits(ImageOps.exif_transpose(image))).convert("RGB")
    plain.info = {}
    out = BytesIO()
    if keep_png:
        plain.save(out, "PNG", optimize=True)
        return b"ok image/png\n" + out.getvalue()
    plain.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return b"ok image/jpeg\n" + out.getvalue()


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """A scan in 65,536 shades of grey as one in 256, which converting alone would turn white."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda shade: shade * (1 / 256)).convert("L")


def _on_white(image: Image.Image) -> Image.Image:
    """Paper shows through where an image is transparent."""
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image
    seen = image.convert("RGBA")
    paper = Image.new("RGBA", seen.size, "white")
    paper.alpha_composite(seen)
    return paper
