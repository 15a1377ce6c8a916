"""The real server, killed among parallel requests and cut off in the middle of an upload."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts import sessions
from portal.app import create_app
from portal.dossiers.models import Dossier, Paper
from portal.dossiers.states import Status
from portal.ground import anchor
from portal.ground.config import Settings
from portal.ground.db import Database
from portal.web.context import wall_clock
from tests import make
from tests.conftest import START, fresh_url, settings_for
from tests.crash.places import SqlitePlace
from tests.crash.serving import Server
from tests.crash.sweeping import faults
from tests.sites.test_filing import MAI, Filer, photo
from tests.sites.ward_pages import DESK, hidden_of, page_of

DOSSIERS = 16
AT_ONCE = 6


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A portal with dossiers to accept, its time that of the tests."""
    settings = settings_for(tmp_path, fresh_url("sqlite", True, tmp_path))
    database = Database(settings.database, settings.keys())
    with database.writing.begin() as session:
        anchor.drop(session, START, wall=wall_clock())
        for _number in range(DOSSIERS):
            make.dossier(session, Status.SUBMITTED, at=START)
    database.dispose()
    return settings


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    """The portal, served."""
    served = Server(settings)
    yield served
    served.kill()


def browser(settings: Settings, name: str) -> FlaskClient:
    """A browser in which *name* is signed in; it reads pages beside the server."""
    app = create_app(settings)
    with app.extensions["database"].writing.begin() as session:
        person = make.account(session, name)
        held = person.appointments[0] if person.appointments else None
        token = sessions.open_session(session, person, at=wall_clock(), appointment=held)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


def cookie_of(client: FlaskClient) -> str:
    """The cookie the browser sends."""
    return f"phien={client.get_cookie('phien').value}"  # type: ignore[union-attr]


@pytest.mark.slow
def test_a_server_killed_among_parallel_requests_loses_and_doubles_nothing(
    settings: Settings, server: Server, tmp_path: Path
) -> None:
    desk = browser(settings, DESK["receptionist"])
    with desk.application.extensions["database"].reading() as session:
        pages = [page_of(number) for number in session.scalars(select(Dossier.id))]
    forms = {page: hidden_of(desk.get(page).text, f"{page}/tiep-nhan") for page in pages}
    head = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie_of(desk)}

    def accept(page: str) -> int:
        return server.post(f"{page}/tiep-nhan", head, urlencode(forms[page]).encode())

    with ThreadPoolExecutor(AT_ONCE) as people:
        sent = [people.submit(accept, page) for page in pages]
        assert next(as_completed(sent)).result() == 303
        server.kill()
        answered = [one.exception() is None for one in sent]
    assert not all(answered)
    server.start()
    assert [accept(page) for page in pages] == [303] * DOSSIERS

    desk.application.extensions["database"].dispose()
    with desk.application.extensions["database"].reading() as session:
        dossiers = session.scalars(select(Dossier)).all()
        assert {dossier.status for dossier in dossiers} == {Status.ACCEPTED}
        numbers = sorted(int((dossier.code or "").rpartition("-")[2]) for dossier in dossiers)
        assert numbers == list(range(1, DOSSIERS + 1))
    place = SqlitePlace(tmp_path, tmp_path / "portal.sqlite3")
    assert faults(place, settings) == []
    desk.application.extensions["database"].dispose()


@pytest.mark.slow
def test_an_upload_cut_in_the_middle_leaves_nothing_and_the_server_serves_on(
    settings: Settings, server: Server
) -> None:
    mai = browser(settings, MAI)
    mai.application.config["WTF_CSRF_ENABLED"] = False
    filer = Filer(mai)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    mai.application.config["WTF_CSRF_ENABLED"] = True
    page, address = filer.get("anh"), f"{filer.address}/anh"
    hidden = hidden_of(page.replace("enctype", f'action="{address}" enctype'), address)
    body = multipart(hidden, photo((400, 300)).getvalue())
    head = {"Content-Type": "multipart/form-data; boundary=cut", "Cookie": cookie_of(mai)}
    for part in (0, 60, len(body) // 2, len(body) - 5):
        server.post_part(address, head | {"Content-Length": str(len(body))}, body[:part])
    assert papers(mai) == []
    assert server.post(address, head, body) == 303
    assert papers(mai) == ["so.jpg"]
    assert len([path for path in (settings.data / "files").rglob("*") if path.is_file()]) == 1
    mai.application.extensions["database"].dispose()


def papers(client: FlaskClient) -> list[str]:
    """The names of the papers in the draft."""
    with client.application.extensions["database"].reading() as session:
        return list(session.scalars(select(Paper.name)))


def multipart(fields: dict[str, str], content: bytes) -> bytes:
    """A form with one file, as a browser sends it."""
    said = "".join(
        f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    file = (
        'Content-Disposition: form-data; name="tep-noi-cu-tru"; filename="so.jpg"\r\nContent-Type: image/jpeg'
    )
    return f"{said}--cut\r\n{file}\r\n\r\n".encode() + content + b"\r\n--cut--\r\n"
