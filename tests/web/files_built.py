"""Bytes of every kind a file field may get, built here: pictures, PDFs, programs, and two things at once."""

import itertools
import struct
import zipfile
import zlib
from collections.abc import Sequence
from functools import cache
from io import BytesIO

import pillow_heif
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter

pillow_heif.register_heif_opener()

MARK = b"mark of Mai in Phu Hoa"
"""What must be gone from whatever is kept."""

SCRIPT = b"<script>alert('" + MARK + b"')</script>"
MIB = 1024 * 1024

_different = itertools.count()
"""Makes every file another one, as the same file for the same paper is kept once."""


def encoded(image: Image.Image, kind: str, **more: object) -> bytes:
    """*image* as a file of *kind*."""
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def picture(
    kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] | None = None, **more: object
) -> bytes:
    """A picture that is red on the left and blue on the right, and higher than the one before."""
    size = size or (60, 40 + next(_different))
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    return encoded(image.convert(mode), kind, **more)


# Pictures


def chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *chunks: bytes, rows: bytes | None = None, depth: int = 8) -> bytes:
    """A grey PNG with further *chunks* before its pixels; *rows* instead of a plain grey."""
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x80" * (width * depth // 8)) * height if rows is None else rows)
    parts = [chunk(b"IHDR", header), *chunks, chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@cache
def bomb(megabytes: int) -> bytes:
    """So many megabytes of nothing, packed."""
    return zlib.compress(bytes(megabytes * MIB), 9)


def with_segment(number: int, content: bytes, jpeg: bytes | None = None) -> bytes:
    """A JPEG with one more segment behind its first bytes."""
    jpeg = jpeg or picture()
    return jpeg[:2] + struct.pack(">BBH", 0xFF, number, len(content) + 2) + content + jpeg[2:]


def with_exif() -> bytes:
    """A photo turned by a quarter that tells the camera and the place."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, MARK.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (10.0, 58.0, 1.0), 3: "E", 4: (106.0, 39.0, 1.0)})
    return picture(exif=exif)


def with_thumbnail() -> bytes:
    """A photo whose Exif holds a second picture with a payload in it."""
    inner = with_segment(0xFE, SCRIPT)
    place, length = struct.pack("<HHII", 0x0201, 4, 1, 44), struct.pack("<HHII", 0x0202, 4, 1, len(inner))
    ifd = struct.pack("<H", 2) + place + length
    tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<HI", 0, 14) + ifd + bytes(4)
    return with_segment(0xE1, b"Exif\0\0" + tiff + inner)


def with_profile(content: bytes | None = None) -> bytes:
    """A photo with a colour profile, a false one when *content* is given."""
    real = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return picture(icc_profile=content or real)


def of_many_scans() -> bytes:
    """A progressive JPEG whose last pass is repeated, so that each little byte costs a whole pass."""
    jpeg = picture(size=(400, 300), progressive=True)
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:last] + jpeg[last:-2] * 5000 + b"\xff\xd9"


def of_false_size(jpeg: bytes, width: int, height: int) -> bytes:
    """A JPEG that says it is bigger."""
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def huge_heic() -> bytes:
    """A HEIC that says it is 50,000 pixels wide and high."""
    heic = picture("HEIF")
    at = heic.index(b"ispe") + 8
    return heic[:at] + struct.pack(">II", 50_000, 50_000) + heic[at + 8 :]


def film(kind: str, frames: int) -> bytes:
    """A picture that moves."""
    images = [Image.new("RGB", (60, 40), (n % 256, 0, n // 256)) for n in range(frames)]
    return encoded(images[0], kind, save_all=True, append_images=images[1:])


def told(kind: str) -> bytes:
    """A PNG with a word about its author, packed or not."""
    words = PngInfo()
    if kind == "iTXt":
        words.add_itxt("Author", MARK.decode(), "vi", "Người chụp")
    else:
        words.add_text("Author", MARK.decode(), zip=kind == "zTXt")
    return picture("PNG", pnginfo=words)


def grey_in_16_bits() -> bytes:
    """A scan in 65,536 shades, dark on the left and light on the right."""
    row = b"\0" + struct.pack(">H", 0x2000) * 30 + struct.pack(">H", 0xE000) * 30
    return png(60, 40, rows=row * 40, depth=16)


# PDFs


def assembled(objects: dict[int, bytes], head: bytes = b"%PDF-1.5\n") -> bytes:
    """A PDF of these objects, 1 being its root."""
    out, places = bytearray(head), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, last = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % last
    for number in range(1, last):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    return bytes(out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (last, start))


def pdf(
    root: bytes = b"", page: bytes = b"", more: Sequence[bytes] = (), head: bytes = b"%PDF-1.5\n"
) -> bytes:
    """A PDF of one page; *more* objects are numbered from 5, of which 4 is what the page shows."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % root,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R %s >>" % page,
        4: stream(b"0 0 1 rg 10 10 50 %d re f" % next(_different)),
    }
    return assembled(objects | dict(enumerate(more, start=5)), head)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def acting(action: bytes) -> bytes:
    """A PDF that does something when it is opened."""
    return pdf(b"/OpenAction 5 0 R", more=[b"<< %s >>" % action])


def linking(uri: bytes) -> bytes:
    """A PDF with a link on its page."""
    link = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (%s) >> >>" % uri
    return pdf(page=b"/Annots [5 0 R]", more=[link])


def carrying(subtype: bytes, entries: bytes = b"") -> bytes:
    """A PDF with something on its page."""
    return pdf(page=b"/Annots [<< /Type /Annot /Subtype /%s /Rect [0 0 9 9] %s >>]" % (subtype, entries))


def packed_away(action: bytes) -> bytes:
    """A PDF whose opening action lies packed among other objects, where no search for words finds it."""
    packed = zlib.compress(b"5 0 " + action)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>",
        4: stream(packed, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"),
    }
    out, places = bytearray(b"%PDF-1.5\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    rows = [(0, 0, 255), *((1, places[n], 0) for n in range(1, 5)), (2, 4, 0), (1, start, 0)]
    table = b"".join(struct.pack(">BHB", *row) for row in rows)
    entries = b"/Type /XRef /Size 7 /W [1 2 1] /Root 1 0 R"
    return bytes(out + b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(table, entries), start))


def updated(before: bytes, objects: dict[int, bytes]) -> bytes:
    """*before* with a later revision appended, in which *objects* are different."""
    out, previous = bytearray(before), before.rindex(b"xref\n0 ")
    lines = b""
    for number, body in objects.items():
        lines += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    tail = b"trailer\n<< /Size 20 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (previous, len(out))
    return bytes(out + b"xref\n" + lines + tail)


def with_script_added() -> bytes:
    """A harmless PDF that a later revision gave a script."""
    catalog = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (x) >> >>"
    return updated(pdf(), {1: catalog})


def with_old_revision() -> bytes:
    """A PDF from which a later revision took something out that is still in the file."""
    first = pdf(b"/Lang (%s)" % MARK)
    return updated(first, {1: b"<< /Type /Catalog /Pages 2 0 R >>"})


def encrypted() -> bytes:
    """A PDF that opens with a password only."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf())))
    writer.encrypt("secret", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def of_pages(count: int) -> bytes:
    """A PDF of so many pages, all alike."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"3 0 R " * count, count),
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>",
    }
    return assembled(objects)


def of_page_tree(*nodes: bytes) -> bytes:
    """A PDF whose tree of pages are these nodes, from object 2 on."""
    return assembled({1: b"<< /Type /Catalog /Pages 2 0 R >>", **dict(enumerate(nodes, start=2))})


def showing(content: bytes, entries: bytes) -> bytes:
    """A PDF whose page shows the stream of this content."""
    return pdf(page=b"/Resources << /XObject << /X 5 0 R >> >>", more=[stream(content, entries)])


def scanned(jpeg: bytes) -> bytes:
    """A PDF that a phone made of a photo."""
    return showing(jpeg, b"/Type /XObject /Subtype /Image /Width 60 /Height 40 /BitsPerComponent 8 "
                         b"/ColorSpace /DeviceRGB /Filter /DCTDecode")  # fmt: skip


def signed(root: bytes = b"", more: Sequence[bytes] = ()) -> bytes:
    """A PDF with the place of a digital signature."""
    field = b"<< /FT /Sig /T (Ky) /V 6 0 R >>"
    value = b"<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 10 20 30] /Contents <00> >>"
    return pdf(b"/AcroForm << /Fields [5 0 R] /SigFlags 3 >> " + root, more=[field, value, *more])


# Everything else


def archive(*names: str) -> bytes:
    """A ZIP with these files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, MARK)
    return out.getvalue()


def program_pe() -> bytes:
    """The beginning of a Windows program."""
    return b"MZ\x90\0" + bytes(56) + struct.pack("<I", 64) + b"PE\0\0" + bytes(200)


def program_elf() -> bytes:
    """The beginning of a Linux program."""
    return b"\x7fELF\x02\x01\x01" + bytes(200)


def script_in_gif() -> bytes:
    """A GIF that is a script as well."""
    return b"GIF89a/*" + bytes(40) + b"*/=1;alert(1)//"


def archive_in_pdf() -> bytes:
    """A PDF whose page shows an archive, so that both kinds of reader open the file."""
    return pdf(page=b"/Resources << /XObject << /X 5 0 R >> >>", more=[stream(archive("a.exe"))])
