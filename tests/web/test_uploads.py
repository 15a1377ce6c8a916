"""Files through the web: limits, what is kept, and how they come out again."""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.conftest import SignIn
from tests.sites.test_filing import BINH, MAI, Filer, photo

NAME = 'sổ hộ khẩu "nhà tôi".jpg'


@pytest.fixture
def filer(client: FlaskClient, sign_in: SignIn) -> Filer:
    """Mai at a draft whose case needs a paper."""
    sign_in(client, MAI)
    filer = Filer(client)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    return filer


def kept_link(page: str) -> str:
    """The address of the one file on the uploads page."""
    return "/ho-so/tep/" + page.split("/ho-so/tep/")[1].split('"')[0]


def upload(filer: Filer, content: BytesIO, name: str = NAME, expect: int = 303) -> str:
    filer.post("anh", {"tep-noi-cu-tru": (content, name), "go": "stay"}, expect)
    return filer.get("anh")


def test_a_file_comes_back_under_its_name_and_is_never_guessed_at(filer: Filer) -> None:
    answer = filer.client.get(kept_link(upload(filer, photo())))
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "filename*=UTF-8''s%E1%BB%95%20h%E1%BB%99%20kh%E1%BA%A9u" in answer.headers["Content-Disposition"]


def test_a_pdf_is_saved_and_not_opened(filer: Filer) -> None:
    from tests.dossiers.test_papers import pdf

    answer = filer.client.get(kept_link(upload(filer, BytesIO(pdf()), "a.pdf")))
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_file_of_somebody_else_is_not_there(filer: Filer, app: Flask, sign_in: SignIn) -> None:
    link = kept_link(upload(filer, photo()))
    other = app.test_client()
    assert other.get(link).status_code == 303
    sign_in(other, BINH)
    assert other.get(link).status_code == 404


def test_one_byte_over_the_limit_is_refused_beside_its_field_before_it_is_stored(
    filer: Filer, app: Flask
) -> None:
    most = app.extensions["settings"].upload_max_bytes
    head = photo().getvalue()
    answer = filer.post("anh", {"tep-noi-cu-tru": (BytesIO(head.ljust(most + 1, b"\0")), "a.jpg")}, 422)
    answer.request.environ["wsgi.input"].close()  # The test client leaves the body it wrote to disk open.
    assert "a.jpg lớn hơn 10 MB" in answer.text
    assert not list((Path(app.extensions["settings"].data) / "files").rglob("*/*"))


def test_a_request_over_its_limit_is_the_413_page(filer: Filer) -> None:
    announced = {"CONTENT_LENGTH": str(41 * 1024 * 1024)}
    answer = filer.client.post(f"{filer.address}/anh", data={"a": "b"}, environ_overrides=announced)
    assert answer.status_code == 413
    assert "Tệp quá lớn" in answer.text


def test_several_photos_of_one_paper_are_kept_in_order(filer: Filer) -> None:
    sent = [(photo((n, 30)), f"trang {n}.jpg") for n in (41, 42, 43)]
    filer.post("anh", {"tep-noi-cu-tru": sent, "go": "stay"})
    page = filer.get("anh")
    places = [page.index(f"trang {n}.jpg") for n in (41, 42, 43)]
    assert places == sorted(places)


def test_an_empty_field_is_no_file(filer: Filer) -> None:
    assert "/ho-so/tep/" not in upload(filer, BytesIO(), "")


def test_what_is_stored_is_what_is_served(filer: Filer, app: Flask) -> None:
    served = filer.client.get(kept_link(upload(filer, photo()))).data
    with Image.open(BytesIO(served)) as shown:
        assert shown.size == (40, 30)
    assert app.extensions["files"].get(hashlib.sha256(served).hexdigest()) == served
