"""Limits on files: the table of the documentation, what stands beside the field, and what a day holds."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.dossiers import quotas
from portal.dossiers.contents import made_safe, sniff
from portal.dossiers.models import Paper
from portal.dossiers.states import Status
from portal.ground.config import Settings
from tests import make
from tests.conftest import START, SignIn
from tests.sites.test_filing import MAI, Filer
from tests.sites.ward_pages import DESK, move
from tests.web.files_built import of_pages, pdf, picture, png

DOCUMENT = (Path(__file__).parents[2] / "docs/security-uploads.md").read_text()
ROW = re.compile(r"^\| (\w+) \| `([^`]+)` \| (\d+) MB \| (\S+) \| (\S+) \| `([^`]+)` \|$", re.MULTILINE)
TABLE = {
    name: (mime, size, pages, pixels, kept) for name, mime, size, pages, pixels, kept in ROW.findall(DOCUMENT)
}
MIB = 1024 * 1024
TODAY = date(2026, 11, 25)


@pytest.fixture
def filer(client: FlaskClient, sign_in: SignIn) -> Filer:
    sign_in(client, MAI)
    filer = Filer(client)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    return filer


def configure(app: Flask, **changes: int) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], **changes)


def send(filer: Filer, *contents: bytes, expect: int = 303) -> str:
    sent = [(BytesIO(content), f"anh-{n}.jpg") for n, content in enumerate(contents, start=1)]
    return filer.post("anh", {"tep-noi-cu-tru": sent, "go": "stay"}, expect).text


def names(app: Flask) -> list[str]:
    with app.extensions["database"].reading() as session:
        return list(session.scalars(select(Paper.name).order_by(Paper.id)))


# The table


def test_the_documented_types_are_those_that_are_taken() -> None:
    kinds = {"JPG": "JPEG", "PNG": "PNG", "WEBP": "WEBP", "HEIC": "HEIF"}
    samples = {name: picture(kind) for name, kind in kinds.items()} | {"PDF": pdf()}
    made = {name: made_safe("a", content, Settings()).mime for name, content in samples.items()}
    assert {name: (sniff(samples[name]), made[name]) for name in samples} == {
        name: (mime, kept) for name, (mime, *_, kept) in TABLE.items()
    }


def test_the_documented_limits_are_those_of_the_settings() -> None:
    usual = Settings()
    for name, (_, size, pages, pixels, _) in TABLE.items():
        assert int(size) * MIB == usual.upload_max_bytes
        assert pages == (str(usual.pdf_max_pages) if name == "PDF" else "–")
        assert int(pixels.replace(",", "")) == usual.image_max_pixels


def test_the_limits_stand_beside_every_field_that_takes_files(
    filer: Filer, app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    told = "PDF đến 60 trang; mỗi tệp đến 10 MB, mỗi lần gửi đến 40 MB, mỗi hồ sơ đến 40 tệp"
    assert told in filer.get("anh")
    asked = make.dossier(store, Status.AWAITING_SUPPLEMENT, at=START, by=make.actor(store, MAI))
    drafted = make.dossier(store, Status.IN_PROGRESS, at=START)
    code, number = asked.shown_code, drafted.id
    store.commit()
    assert told in client.get(f"/ho-so/{code}/bo-sung").text
    sign_in(client, DESK["specialist"])
    assert told in client.get(f"/mot-cua/ho-so/{number}").text


def test_each_limit_holds_to_the_last_one(filer: Filer, app: Flask) -> None:
    exact = png(1000, 1000)
    configure(app, image_max_pixels=1_000_000, pdf_max_pages=2, upload_max_bytes=len(exact))
    send(filer, exact, of_pages(2))
    assert len(names(app)) == 2
    for beyond, word in ((exact + b"x", "lớn hơn"), (png(1000, 1001), "điểm ảnh"), (of_pages(3), "3 trang")):
        assert word in send(filer, beyond, expect=422)
    assert len(names(app)) == 2


# What one may send in a while, and in a day


def test_too_many_files_in_a_short_time_are_asked_to_wait(filer: Filer, app: Flask) -> None:
    configure(app, upload_files=3)
    send(filer, picture(), picture())
    page = send(filer, picture(), picture(), expect=422)
    assert "Đã thử quá nhiều lần" in page
    assert len(names(app)) == 2


def test_a_full_day_says_so_for_each_file_and_keeps_what_fits(filer: Filer, app: Flask) -> None:
    first, second = picture(), picture()
    configure(app, upload_day_bytes=len(first) + len(second))
    page = send(filer, first, picture("PNG", size=(900, 900)) + bytes(5000), second, expect=422)
    assert "Tệp anh-2.jpg chưa được nhận vì mỗi ngày" in page
    assert "ngày mai" in page
    assert names(app) == ["anh-1.jpg", "anh-3.jpg"]


def test_taking_a_file_out_gives_no_room_back(filer: Filer, app: Flask) -> None:
    configure(app, upload_day_bytes=len(picture()) + 100)
    send(filer, picture())
    with app.extensions["database"].reading() as session:
        uid = session.scalars(select(Paper.uid)).one()
    filer.post("anh", {"go": f"bo:{uid}"})
    assert "mỗi ngày" in send(filer, picture(), expect=422)


def test_the_day_of_an_official_has_no_end(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = make.dossier(store, Status.IN_PROGRESS, at=START)
    number = dossier.id
    store.commit()
    configure(app, upload_day_bytes=1)
    sign_in(client, DESK["specialist"])
    answer = move(client, number, "trinh-ky", y_kien="Đủ.", ket_qua=(BytesIO(pdf()), "ket-qua.pdf"))
    assert answer.status_code == 303


def test_an_official_keeps_the_opinion_while_the_scanner_is_down(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = make.dossier(store, Status.IN_PROGRESS, at=START)
    number = dossier.id
    store.commit()
    app.extensions["settings"] = replace(app.extensions["settings"], clamd="127.0.0.1:1", clamd_seconds=1)
    sign_in(client, DESK["specialist"])
    answer = move(client, number, "trinh-ky", y_kien="Đủ điều kiện.", ket_qua=(BytesIO(pdf()), "kq.pdf"))
    assert answer.status_code == 422
    assert "Chưa kiểm tra vi-rút được cho tệp kq.pdf" in answer.text
    assert "Đủ điều kiện." in answer.text


def test_a_day_grants_in_order_what_fits_and_begins_anew(town: Session) -> None:
    account = make.citizen(town).account_id
    assert quotas.grant(town, account, [40, 70, 60], on=TODAY, most=100) == [True, False, True]
    assert quotas.grant(town, account, [1], on=TODAY, most=100) == [False]
    assert quotas.grant(town, account, [], on=TODAY, most=100) == []
    tomorrow = TODAY.replace(day=26)
    assert quotas.grant(town, account, [90], on=tomorrow, most=100) == [True]
    assert quotas.grant(town, account, [10], on=tomorrow, most=100) == [True]
    assert quotas.grant(town, make.citizen(town, 1).account_id, [100], on=tomorrow, most=100) == [True]
