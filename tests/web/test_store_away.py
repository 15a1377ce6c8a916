"""Uploading while the store of files is away: a clear page, nothing lost, and on as soon as it is back."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.app import create_app
from tests import s3
from tests.conftest import Clock, SignIn
from tests.sites.test_filing import MAI, Filer, photo
from tests.web.test_uploads import kept_link, upload


@pytest.fixture
def portal(app: Flask, clock: Clock, own_s3: s3.Server) -> Iterator[Flask]:
    """The same portal with its files on an S3 server."""
    built = create_app(replace(app.extensions["settings"], **own_s3.settings()), clock=clock)
    built.config.update(WTF_CSRF_ENABLED=False)
    yield built
    built.extensions["database"].dispose()


def test_uploading_goes_on_when_the_store_is_back(portal: Flask, own_s3: s3.Server, sign_in: SignIn) -> None:
    sign_in(client := portal.test_client(), MAI)
    filer = Filer(client)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    first = upload(filer, photo((41, 30)), "trang 1.jpg")

    own_s3.stop()
    answer = filer.post("anh", {"tep-noi-cu-tru": (photo((42, 30)), "trang 2.jpg"), "go": "stay"}, 503)
    assert "Hệ thống tạm thời bận" in answer.text
    assert "những gì bạn đã lưu vẫn còn" in answer.text
    assert client.get(kept_link(first)).status_code == 503
    page = filer.get("anh")
    assert "trang 1.jpg" in page
    assert "trang 2.jpg" not in page

    own_s3.start()
    assert "trang 2.jpg" in upload(filer, photo((42, 30)), "trang 2.jpg")
    assert client.get(kept_link(page)).status_code == 200
