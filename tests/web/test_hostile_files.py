"""Every file of the table goes through the page a citizen uses: refused in clear words, or kept and clean."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.dossiers.contents import sniff
from portal.dossiers.models import Paper
from tests.conftest import SignIn
from tests.sites.test_filing import MAI, Filer
from tests.web import hostile
from tests.web.files_built import carrying, picture, signed
from tests.web.hostile import Kept, Refused


class Desk:
    """Mai at the upload page, and what the database says of it."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.database = app.extensions["database"]
        self.filer = Filer(client)
        self.filer.post("truong-hop", {"case_key": "chua-ket-hon"})

    def send(self, *files: tuple[str, bytes]) -> tuple[int, list[str]]:
        """Send files, each a name and its content, at once; the status, and the complaints at the field."""
        return self.send_parts(*[part(f'filename="{name}"'.encode(), content) for name, content in files])

    def send_parts(self, *parts: bytes, end: bytes = b"\r\n--B--\r\n") -> tuple[int, list[str]]:
        """Send these parts, and the button that stays on the page."""
        stay = b'Content-Disposition: form-data; name="go"\r\n\r\nstay'
        body = b"".join(b"--B\r\n" + part + b"\r\n" for part in (stay, *parts))[:-2] + end
        address = f"{self.filer.address}/anh"
        answer = self.filer.client.post(address, data=body, content_type="multipart/form-data; boundary=B")
        return answer.status_code, complaints(unescape(answer.text))

    def papers(self) -> list[Paper]:
        """What is kept, in the order it came."""
        with self.database.reading() as session:
            return list(session.scalars(select(Paper).order_by(Paper.id)))

    def fetched(self) -> list[TestResponse]:
        """The answers to downloading everything that is kept."""
        return [self.filer.client.get(f"/ho-so/tep/{paper.uid}") for paper in self.papers()]


def part(said: bytes, content: bytes, kind: bytes = b"image/jpeg") -> bytes:
    """One part of a form, with these words about its name."""
    head = b'Content-Disposition: form-data; name="tep-noi-cu-tru"; %s\r\nContent-Type: %s' % (said, kind)
    return head + b"\r\n\r\n" + content


def complaints(page: str) -> list[str]:
    """The sentences at the field."""
    sentences = re.findall(r'<p class="err"[^>]*>(.*?)</p>', page, re.DOTALL)
    return [re.sub("<.*?>", "", sentence) for sentence in sentences]


@pytest.fixture
def desk(app: Flask, client: FlaskClient, sign_in: SignIn) -> Desk:
    """The upload page with small limits, so that small files reach them."""
    app.extensions["settings"] = replace(
        app.extensions["settings"],
        upload_max_bytes=3_000_000,
        image_max_pixels=2_000_000,
        pdf_max_pages=5,
    )
    sign_in(client, MAI)
    return Desk(app, client)


REFUSED = {"no document": hostile.NO_DOCUMENT, "pictures": hostile.BAD_PICTURES, "PDFs": hostile.BAD_PDFS}
KEPT = {"pictures": hostile.PICTURES, "PDFs": hostile.PDFS}


@pytest.mark.parametrize("rows", REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_not_taken_is_named_with_what_to_do(desk: Desk, rows: Mapping[str, Refused]) -> None:
    names = {what: f"{n}-{row.name}" for n, (what, row) in enumerate(rows.items())}
    status, said = desk.send(*[(names[what], row.build()) for what, row in rows.items()])
    told = dict(zip(rows, said, strict=True))
    wanted = {what: (names[what], row.why, "Hãy") for what, row in rows.items()}
    unclear = {what: told[what] for what in rows if any(word not in told[what] for word in wanted[what])}
    assert unclear == {}
    assert status == 422
    assert desk.papers() == []


@pytest.mark.parametrize("rows", KEPT.values(), ids=KEPT)
def test_a_file_that_is_taken_is_clean_and_comes_back_safely(desk: Desk, rows: Mapping[str, Kept]) -> None:
    assert desk.send(*[(row.name, row.build()) for row in rows.values()]) == (303, [])
    faults = {}
    for (what, row), answer in zip(rows.items(), desk.fetched(), strict=True):
        left = [gone for gone in row.gone if gone in answer.data]
        if left or (answer.mimetype, sniff(answer.data)) != (row.mime, row.mime) or not is_safe(answer):
            faults[what] = (left, answer.headers)
    assert faults == {}


def is_safe(answer: TestResponse) -> bool:
    """Whether a browser can only show or save it as what it is."""
    kind = "attachment" if answer.mimetype == "application/pdf" else "inline"
    heads = answer.headers
    return (
        heads["Content-Disposition"].startswith(kind)
        and heads["X-Content-Type-Options"] == "nosniff"
        and "sandbox" in heads["Content-Security-Policy"]
        and "no-store" in heads["Cache-Control"]
    )


ODD = ("four inks", "in grey", "65,536 greys", "palette", "in black", "sees through", "HEIC", "passes")


def test_a_picture_of_any_make_looks_the_same_afterwards(desk: Desk) -> None:
    """Left and right, which the builders make red and blue, or dark and light."""
    rows = {what: row.build() for what, row in hostile.PICTURES.items() if any(word in what for word in ODD)}
    desk.send(*[("a.jpg", content) for content in rows.values()])
    faults = {}
    for (what, content), answer in zip(rows.items(), desk.fetched(), strict=True):
        with Image.open(BytesIO(content)) as sent, Image.open(BytesIO(answer.data)) as kept:
            pairs = [(seen(sent, place), seen(kept, place)) for place in ((10, 20), (50, 20))]
        apart = [abs(a - b) for was, now in pairs for a, b in zip(was, now, strict=True)]
        if max(apart) > 12:
            faults[what] = apart
    assert faults == {}


def seen(image: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    """What somebody sees there: red, green, blue."""
    if image.mode.startswith("I"):
        return (image.getpixel(place) // 256,) * 3
    return image.convert("RGB").getpixel(place)


def test_a_signed_pdf_is_kept_to_the_byte(desk: Desk) -> None:
    content = signed()
    desk.send(("a.pdf", content))
    assert [answer.data for answer in desk.fetched()] == [content]


def test_a_pdf_is_the_same_document_afterwards(desk: Desk) -> None:
    filled = b"/T (H\\303\\274 \\(x\\)) /V <FEFF1ED5> /Rect [0 0 9.25 -3] /Flags [true false null /A#20B]"
    desk.send(("a.pdf", carrying(b"Widget", filled)))
    (answer,) = desk.fetched()
    page = PdfReader(BytesIO(answer.data)).pages[0]
    before = PdfReader(BytesIO(carrying(b"Widget", filled))).pages[0]
    assert page["/Annots"] == before["/Annots"]
    assert page.get_contents().get_data().startswith(b"0 0 1 rg")


def test_the_type_a_browser_claims_means_nothing(desk: Desk) -> None:
    for kind in (b"image/jpeg", b"text/html", b"application/x-msdownload", b""):
        assert desk.send_parts(part(b'filename="a.jpg"', picture(), kind))[0] == 303
        assert desk.send_parts(part(b'filename="a.jpg"', b"<html>", kind))[0] == 422
    assert {paper.mime for paper in desk.papers()} == {"image/jpeg"}


def test_a_name_is_made_safe_and_comes_back_in_its_own_letters(desk: Desk) -> None:
    sent = [part(said, picture()) for said, _ in hostile.NAMES.values()]
    assert desk.send_parts(*sent) == (303, [])
    names = [paper.name for paper in desk.papers()]
    wanted = {what: kept for what, (_, kept) in hostile.NAMES.items()}
    assert dict(zip(hostile.NAMES, names, strict=True)) == wanted
    assert all(unicodedata.is_normalized("NFC", name) for name in names)


def test_a_name_in_vietnamese_is_sent_in_letters_every_browser_reads(desk: Desk) -> None:
    desk.send(("Giấy khai sinh của Đỗ Mai's.jpg", picture()))
    said = desk.fetched()[0].headers["Content-Disposition"]
    assert said.isascii()
    assert "filename*=UTF-8''Gi%E1%BA%A5y%20khai%20sinh%20c%E1%BB%A7a%20%C4%90%E1%BB%97%20Mai" in said


# Requests that are odd themselves


def test_two_names_for_one_file_are_one_file(desk: Desk) -> None:
    desk.send_parts(part(b'filename="a.jpg"; filename="b.exe"', picture()))
    assert [paper.name.endswith(".jpg") for paper in desk.papers()] == [True]


leaks = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""Werkzeug leaves the parts it has read open when it gives a request up."""


@leaks
def test_a_request_without_its_end_keeps_nothing(desk: Desk) -> None:
    desk.send_parts(part(b'filename="a.jpg"', picture()), end=b"")
    assert desk.papers() == []


@leaks
def test_thousands_of_parts_are_too_many(desk: Desk) -> None:
    status, _ = desk.send_parts(*[part(b'filename="a.jpg"', b"x")] * 1001)
    assert status == 413


def test_a_file_sent_as_plain_text_is_no_file(desk: Desk) -> None:
    desk.send_parts(b'Content-Disposition: form-data; name="tep-noi-cu-tru"\r\n\r\nMZ')
    assert desk.papers() == []


def test_one_bad_file_loses_none_of_the_good_ones(desk: Desk) -> None:
    status, said = desk.send(("a.jpg", picture()), ("b.pdf", b"MZ"), ("c.png", picture("PNG")))
    assert status == 422
    assert ["b.pdf" in sentence for sentence in said] == [True]
    assert [paper.name for paper in desk.papers()] == ["a.jpg", "c.png"]


def test_the_same_bad_file_is_refused_every_time(desk: Desk) -> None:
    assert [desk.send(("a.pdf", b"MZ"))[0] for _ in range(2)] == [422, 422]
    assert desk.papers() == []
