"""Files: what they really are, what is left of them, whose eyes they are for."""

import struct
import zlib
from io import BytesIO

import pillow_heif
import pytest
from PIL import Image, ImageCms
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from sqlalchemy.orm import Session

from portal.catalogue.models import Channel
from portal.dossiers import papers
from portal.dossiers.contents import FileTooLarge, Unusable, made_safe, sniff
from portal.dossiers.file_names import clean_name
from portal.dossiers.models import Draft
from portal.dossiers.pdf_opening import answer
from portal.dossiers.states import Delivery, PaperKind, Status
from portal.ground.config import Settings
from portal.ground.errors import NotFound, Refused
from tests import make
from tests.conftest import START

pillow_heif.register_heif_opener()

LIMITS = Settings(upload_max_bytes=2_000_000, image_max_pixels=1_000_000, pdf_max_pages=3)


def image(kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else None).save(out, kind, **more)
    return out.getvalue()


def pdf(pages: int = 1, **root: object) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    for key, value in root.items():
        writer._root_object[NameObject(f"/{key}")] = value
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def action(kind: str) -> DictionaryObject:
    return DictionaryObject(
        {NameObject("/S"): NameObject(f"/{kind}"), NameObject("/JS"): TextStringObject("app")}
    )


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is huge and holds nothing."""
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0),
        b"IDAT": zlib.compress(b""),
        b"IEND": b"",
    }
    chunks = (
        struct.pack(">I", len(v)) + k + v + struct.pack(">I", zlib.crc32(k + v)) for k, v in parts.items()
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (image("JPEG"), "image/jpeg"),
        (image("PNG"), "image/png"),
        (image("PNG", mode="RGBA"), "image/png"),
        (image("PNG", mode="P"), "image/png"),
        (image("JPEG", mode="CMYK"), "image/jpeg"),
        (image("WEBP"), "image/jpeg"),
        (image("HEIF"), "image/jpeg"),
        (pdf(), "application/pdf"),
    ],
    ids=["jpeg", "png", "transparent png", "png with palette", "cmyk jpeg", "webp", "heic", "pdf"],
)
def test_what_people_photograph_and_scan_is_taken(content: bytes, mime: str) -> None:
    safe = made_safe("giấy.xyz", content, LIMITS)
    assert safe.mime == mime
    assert sniff(safe.content) == mime
    assert safe.name == "giấy" + {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}[mime]


def test_a_big_png_becomes_a_jpeg() -> None:
    noisy = Image.effect_noise((1000, 1000), 80).convert("RGB")
    out = BytesIO()
    noisy.save(out, "PNG")
    assert made_safe("a.png", out.getvalue(), Settings()).mime == "image/jpeg"


def test_nothing_but_pixels_survives_and_they_stand_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # Turned by a quarter.
    exif[0x010F] = "Camera of Mai"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = image("JPEG", (60, 40), exif=exif, comment=b"at home", icc_profile=profile)
    safe = made_safe("a.jpg", content, LIMITS)
    with Image.open(BytesIO(safe.content)) as kept:
        assert kept.size == (40, 60)
        assert dict(kept.getexif()) == {}
        assert not {"comment", "exif", "icc_profile"} & set(kept.info)
    assert b"Camera of Mai" not in safe.content


def test_text_in_a_png_does_not_survive() -> None:
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "Mai of Phu Hoa")
    assert b"Mai of Phu Hoa" not in made_safe("a.png", image("PNG", pnginfo=told), LIMITS).content


REFUSED = {
    "empty": (b"", "rỗng"),
    "a program called pdf": (b"MZ\x90\x00", "không phải ảnh"),
    "a drawing that runs": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "không phải ảnh"),
    "a page": (b"<!doctype html><script>x()</script>", "không phải ảnh"),
    "a page before a pdf": (b"<script>x()</script>" + pdf(), "không phải ảnh"),
    "half a jpeg": (image("JPEG", (200, 200))[:400], "hỏng"),
    "a jpeg in name": (b"\xff\xd8\xff" + b"x" * 100, "hỏng"),
    "half a pdf": (pdf()[:60], "hỏng"),
    "a pdf in name": (b"%PDF-1.7\nhello", "hỏng"),
    "too many pixels": (image("PNG", (1001, 1000)), "điểm ảnh"),
    "a flood of pixels": (png_header(50_000, 50_000), "điểm ảnh"),
    "too many pages": (pdf(4), "4 trang"),
    "a script on opening": (pdf(OpenAction=action("JavaScript")), "mã chạy"),
    "a program on opening": (pdf(OpenAction=action("Launch")), "mã chạy"),
    "an act on closing": (pdf(AA=DictionaryObject({NameObject("/WC"): action("JavaScript")})), "mã chạy"),
    "named scripts": (
        pdf(Names=DictionaryObject({NameObject("/JavaScript"): DictionaryObject()})),
        "mã chạy",
    ),
    "a file inside": (
        pdf(Names=DictionaryObject({NameObject("/EmbeddedFiles"): DictionaryObject()})),
        "mã chạy",
    ),
}


@pytest.mark.parametrize(("content", "word"), REFUSED.values(), ids=REFUSED)
def test_what_is_none_of_these_or_does_more_is_refused(content: bytes, word: str) -> None:
    with pytest.raises(Unusable, match=word):
        made_safe("giấy tờ.pdf", content, LIMITS)


def test_a_pdf_with_a_password_is_refused() -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    with pytest.raises(Unusable, match="mật khẩu"):
        made_safe("a.pdf", out.getvalue(), LIMITS)


TEXTS = {
    "UTF-16 with its mark": b"\xfe\xff\x1e\xa4",
    "little-endian with its mark": b"\xff\xfea\x00",
    "begins with a zero": b"\x00a\x00b",
    "a zero second": b"a\x00b\x00",
    "UTF-8 with its mark": b"\xef\xbb\xbf\xe1\xba\xa4",
    "plain": b"abc",
    "no text at all": b"\x80\x9f\x7f\xad",
}


@pytest.mark.parametrize("written", TEXTS.values(), ids=TEXTS)
def test_a_pdf_may_hold_texts_of_every_writing(written: bytes) -> None:
    """Where the opened PDF can load nothing more."""
    made = made_safe("a.pdf", pdf(PageLabel=ByteStringObject(written)), LIMITS)
    again = PdfReader(BytesIO(made.content)).trailer["/Root"]["/PageLabel"]
    assert again.original_bytes == written


def test_a_pdf_that_opens_at_its_first_page_is_harmless() -> None:
    """As every office program writes it."""
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    fit = ArrayObject(
        [page.indirect_reference, NameObject("/XYZ"), NumberObject(0), NumberObject(0), NumberObject(0)]
    )
    writer._root_object[NameObject("/OpenAction")] = fit
    out = BytesIO()
    writer.write(out)
    assert made_safe("a.pdf", out.getvalue(), LIMITS).mime == "application/pdf"


NAMED_ELSEWHERE = b"""%%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >> endobj
4 0 obj << %s >> endobj
5 0 obj /%s endobj
6 0 obj << /S 5 0 R /F (a.exe) >> endobj
trailer << /Root 1 0 R /Size 7 >>
startxref
0
%%%%EOF
"""
"""A PDF whose action says by reference what it does."""


@pytest.mark.parametrize("kind", [b"JavaScript", b"Launch"])
@pytest.mark.parametrize("opening", [b"/S 5 0 R", b"/S /GoTo /Next 6 0 R", b"/S /GoTo /Next [6 0 R]"])
def test_an_action_named_by_reference_is_found(opening: bytes, kind: bytes) -> None:
    assert answer(NAMED_ELSEWHERE % (opening, kind), "3", "1000").startswith(b"active")


def test_a_harmless_action_named_by_reference_passes() -> None:
    harmless = NAMED_ELSEWHERE % (b"/S 5 0 R /D [3 0 R /Fit]", b"GoTo")
    assert answer(harmless, "3", "1000").startswith(b"ok 1\n")


def test_the_limit_is_the_last_byte_that_is_taken() -> None:
    content = pdf()
    at_limit = Settings(upload_max_bytes=len(content))
    assert made_safe("a.pdf", content, at_limit)
    with pytest.raises(FileTooLarge):
        made_safe("a.pdf", content, Settings(upload_max_bytes=len(content) - 1))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Mai\\sổ hộ khẩu.JPG", "sổ hộ khẩu.JPG"),
        ("Hoa\u0300.pdf", "Hoà.pdf"),
        ("a\x00b\u202egpj.exe", "abgpj.exe"),
        ('x"<>|.png', "x.png"),
        ("..", "giay-to"),
        ("", "giay-to"),
        ("a" * 300 + ".jpeg", "a" * 120 + ".jpeg"),
    ],
)
def test_a_name_is_only_a_name(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


def _stored(blob: str = "a") -> papers.StoredFile:
    return papers.StoredFile("anh.jpg", "image/jpeg", 10, blob * 64)


def _draft(session: Session) -> Draft:
    by = make.citizen(session)
    draft = Draft(
        account_id=by.account_id, procedure_version=make.version(session), answers={}, ways={}, paper_keys=[],
        pages_done=[], began_at=START, saved_at=START, expires_at=START,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft


def test_the_same_photo_for_the_same_paper_is_kept_once(town: Session) -> None:
    draft, by = _draft(town), make.citizen(town)
    for blob, key in (("a", "x"), ("a", "x"), ("b", "x"), ("a", "y")):
        papers.attach(town, draft, _stored(blob), key, by=by, at=START, most=9)
    assert len(draft.papers) == 3


def test_a_dossier_has_no_more_files_than_allowed(town: Session) -> None:
    draft, by = _draft(town), make.citizen(town)
    papers.attach(town, draft, _stored("a"), "x", by=by, at=START, most=1)
    with pytest.raises(Refused, match="1 tệp"):
        papers.attach(town, draft, _stored("b"), "x", by=by, at=START, most=1)


def test_a_filed_paper_stays(town: Session) -> None:
    dossier = make.dossier(town, at=START)
    paper = papers.attach(town, dossier, _stored(), "x", by=make.citizen(town), at=START, most=9)
    paper.filed_at = START
    town.flush()
    with pytest.raises(NotFound):
        papers.remove(town, dossier, paper.uid)


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.FINISHED, Status.RETURNED])
def test_the_result_is_its_owners_only_when_it_was_handed_over(town: Session, status: Status) -> None:
    owner = make.citizen(town)
    dossier = make.dossier(town, Status.FINISHED, at=START, by=owner)
    (result,) = (paper for paper in dossier.papers if paper.kind == PaperKind.RESULT)
    dossier.status, dossier.step = status, None
    if status == Status.IN_PROGRESS:
        dossier.step = "appraisal"
    if status == Status.RETURNED:
        dossier.evidence = "download"
    town.flush()
    assert bool(papers.results(dossier)) == (status != Status.IN_PROGRESS)
    if status == Status.RETURNED:
        assert papers.own_paper(town, result.uid, owner) is result
    else:
        with pytest.raises(NotFound):
            papers.own_paper(town, result.uid, owner)


def test_files_are_for_their_owner_alone(town: Session) -> None:
    owner, other = make.citizen(town), make.citizen(town, 1)
    dossier = make.dossier(town, at=START, by=owner, channel=Channel.ONLINE, delivery=Delivery.DESK)
    draft = _draft(town)
    for home in (dossier, draft):
        paper = papers.attach(town, home, _stored(), "x", by=owner, at=START, most=9)
        town.flush()
        assert papers.own_paper(town, paper.uid, owner) is paper
        with pytest.raises(NotFound):
            papers.own_paper(town, paper.uid, other)
