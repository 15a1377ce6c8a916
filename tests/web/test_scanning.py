"""Files and viruses: nothing passes unscanned, nothing found is seen, nothing else is lost."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.dossiers.models import Dossier, Draft, Paper
from portal.dossiers.states import Status
from portal.ground import ledger
from tests import clamav, make
from tests.clamav import EICAR, SIGNATURE, Daemon
from tests.conftest import START, SignIn
from tests.doors import AUDIENCES, OFFICIALS
from tests.sites.test_filing import MAI, Filer, rows
from tests.sites.ward_pages import DESK
from tests.web.files_built import MARK, pdf, picture, with_segment

NAME = "ảnh của Mai.jpg"
INFECTED = picture() + EICAR


@pytest.fixture
def daemon(app: Flask) -> Iterator[Daemon]:
    """A scanner that the portal knows of."""
    with clamav.running() as started:
        configure(app, clamd=started.address, clamd_seconds=5)
        yield started


def configure(app: Flask, **changes: object) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], **changes)


@pytest.fixture
def filer(client: FlaskClient, sign_in: SignIn) -> Filer:
    sign_in(client, MAI)
    filer = Filer(client)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    return filer


def send(filer: Filer, *files: tuple[str, bytes], expect: int = 303) -> str:
    sent = [(BytesIO(content), name) for name, content in files]
    return filer.post("anh", {"tep-noi-cu-tru": sent, "go": "stay"}, expect).text


def kept(book: Session) -> list[Paper]:
    return rows(book, Paper)


def rescan(app: Flask, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["rescan", *options])


# On the way in


def test_a_clean_file_is_kept_with_who_scanned_it(filer: Filer, daemon: Daemon, book: Session) -> None:
    send(filer, (NAME, picture()))
    assert [paper.scanned_with for paper in kept(book)] == [daemon.version]


def test_what_is_scanned_are_the_bytes_as_they_came(filer: Filer, daemon: Daemon) -> None:
    sent = with_segment(0xFE, MARK)
    send(filer, (NAME, sent))
    assert daemon.scanned == [sent]


def test_what_is_no_document_is_not_worth_a_scan(filer: Filer, daemon: Daemon) -> None:
    send(filer, (NAME, EICAR), expect=422)
    assert daemon.scanned == []


def test_a_virus_is_refused_in_plain_words_and_named_in_the_log(
    filer: Filer, daemon: Daemon, book: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    page = send(filer, (NAME, INFECTED), ("tốt.png", picture("PNG")), expect=422)
    assert f"Tệp {NAME} bị phần mềm chống vi-rút chặn" in page
    assert SIGNATURE not in page
    assert [paper.name for paper in kept(book)] == ["tốt.png"]
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines() if SIGNATURE in line]
    assert [line["event"] for line in logged] == ["virus"]


def test_a_virus_in_a_pdf_that_would_be_written_anew_is_still_refused(filer: Filer, daemon: Daemon) -> None:
    assert "vi-rút" in send(filer, ("a.pdf", pdf() + EICAR), expect=422)


@pytest.mark.parametrize("mood", [clamav.ERROR, clamav.FULL, clamav.CLOSES, clamav.GARBAGE, clamav.HANGS])
def test_nothing_passes_while_the_scanner_gives_no_answer(
    filer: Filer, app: Flask, daemon: Daemon, book: Session, mood: str
) -> None:
    daemon.mood = mood
    configure(app, clamd_seconds=1)
    page = send(filer, (NAME, picture()), expect=503)
    assert f"Chưa kiểm tra vi-rút được cho tệp {NAME}" in page
    assert "hãy chọn lại tệp này sau ít phút" in page
    assert kept(book) == []


def test_what_else_was_typed_and_sent_stays_while_the_scanner_is_down(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    by = make.citizen(store)
    dossier = make.dossier(store, Status.AWAITING_SUPPLEMENT, at=START, by=by)
    key, code, phone = dossier.checklist[0].key, dossier.shown_code, make.phone_of(store, by)
    store.commit()
    sign_in(client, phone)
    configure(app, clamd="127.0.0.1:1", clamd_seconds=1)
    typed = {f"loi-{key}": "Bản gốc bị cháy năm 2019.", f"tep-{key}": (BytesIO(picture()), NAME)}
    answer = client.post(f"/ho-so/{code}/bo-sung", data=typed, content_type="multipart/form-data")
    assert answer.status_code == 503
    assert "Bản gốc bị cháy năm 2019." in answer.text
    assert NAME in answer.text


# Later


@pytest.mark.both_databases
def test_a_stored_file_is_hidden_from_everybody_when_its_virus_becomes_known(
    filer: Filer, app: Flask, daemon: Daemon, book: Session, sign_in: SignIn
) -> None:
    filer.fill().send().submit()
    (paper,) = kept(book)
    (dossier,) = rows(book, Dossier)
    official = app.test_client()
    sign_in(official, DESK["receptionist"])
    assert official.get(f"/mot-cua/giay/{paper.uid}").status_code == 200

    learn(daemon, app.extensions["files"].get(paper.blob))
    said = rescan(app)

    assert said.exit_code == 0, said.output
    assert f"hồ sơ {dossier.provisional_code}: {paper.name}" in said.output
    assert official.get(f"/mot-cua/giay/{paper.uid}").status_code == 404
    assert filer.client.get(f"/ho-so/tep/{paper.uid}").status_code == 404
    book.rollback()
    page = official.get(f"/mot-cua/ho-so/{dossier.id}")
    assert page.status_code == 200
    assert paper.uid not in page.text
    (entry,) = ledger.history(book, "paper", paper.uid)
    assert (entry.move, entry.reason, entry.details["dossier_id"]) == ("quarantine", SIGNATURE, dossier.id)
    assert not list(ledger.verify(book))


def learn(daemon: Daemon, content: bytes) -> None:
    """New signatures, which know *content*."""
    daemon.known.append(content)
    daemon.version = daemon.version.replace("27500", "27501")


def test_scanning_again_changes_nothing_and_asks_only_for_new_signatures(
    filer: Filer, app: Flask, daemon: Daemon, book: Session
) -> None:
    send(filer, ("a.jpg", picture()), ("b.jpg", picture()))
    learn(daemon, app.extensions["files"].get(kept(book)[0].blob))
    outputs = []
    for expected in (2, 0):
        daemon.scanned.clear()
        outputs.append(rescan(app).output)
        assert len(daemon.scanned) == expected
    assert "Đang cách ly: 1 tệp." in outputs[1]
    assert len(ledger.history(book, "paper", kept(book)[0].uid)) == 1


def test_signatures_of_ones_own_change_no_version_and_so_everything_is_scanned_on_demand(
    filer: Filer, app: Flask, daemon: Daemon, book: Session
) -> None:
    send(filer, (NAME, picture()))
    daemon.known.append(app.extensions["files"].get(kept(book)[0].blob))
    assert "Đang cách ly: 0 tệp." in rescan(app).output
    assert "Đang cách ly: 1 tệp." in rescan(app, "--all").output


def test_files_from_before_there_was_a_scanner_are_scanned(
    filer: Filer, app: Flask, client: FlaskClient, book: Session
) -> None:
    send(filer, (NAME, picture()))
    assert [paper.scanned_with for paper in kept(book)] == [""]
    with clamav.running() as late:
        configure(app, clamd=late.address)
        assert rescan(app).exit_code == 0
        assert [paper.scanned_with for paper in kept(book)] == [late.version]


def test_a_scan_that_was_cut_off_goes_on_where_it_stopped(
    filer: Filer, app: Flask, daemon: Daemon, book: Session
) -> None:
    send(filer, ("a.jpg", picture()), ("b.jpg", picture()))
    daemon.version = daemon.version.replace("27500", "27501")
    first = min(paper.blob for paper in kept(book))
    daemon.most_bytes = 0
    assert rescan(app).exit_code == 1
    assert {paper.scanned_with for paper in kept(book)} != {daemon.version}
    daemon.most_bytes = 25 * 1024 * 1024
    daemon.scanned.clear()
    assert rescan(app).exit_code == 0
    assert daemon.scanned[0] == app.extensions["files"].get(first)
    assert {paper.scanned_with for paper in kept(book)} == {daemon.version}


def test_without_a_scanner_the_command_says_what_to_set(app: Flask) -> None:
    said = rescan(app)
    assert said.exit_code == 1
    assert "PORTAL_CLAMD" in said.output


def test_a_file_in_quarantine_no_longer_counts_as_given(
    filer: Filer, app: Flask, daemon: Daemon, book: Session
) -> None:
    filer.fill().send()
    learn(daemon, app.extensions["files"].get(kept(book)[0].blob))
    rescan(app)
    filer.post("xem-lai", {"declared": "y", "khoa": "k"}, expect=422)
    assert rows(book, Dossier) == []


def test_a_draft_with_a_file_in_quarantine_can_be_thrown_away(
    filer: Filer, app: Flask, daemon: Daemon, store: Session, book: Session
) -> None:
    send(filer, (NAME, picture()))
    learn(daemon, app.extensions["files"].get(kept(book)[0].blob))
    rescan(app)
    filer.post("xoa", {})
    assert rows(book, Draft) == []


# What officials see


@pytest.mark.parametrize("role", DESK)
def test_no_official_sees_a_file_before_it_is_filed(
    filer: Filer, app: Flask, client: FlaskClient, store: Session, book: Session, sign_in: SignIn, role: str
) -> None:
    """Of a draft, and of a supplement that is not sent yet; on no page, and not by its address."""
    by = make.actor(store, MAI)
    dossier = make.dossier(store, Status.AWAITING_SUPPLEMENT, at=START, by=by)
    key, code = dossier.checklist[0].key, dossier.shown_code
    store.commit()
    send(filer, ("bản nháp kín.jpg", picture()))
    sent = {f"tep-{key}": [(BytesIO(picture()), "bổ sung kín.jpg"), (BytesIO(INFECTED[:9]), "hỏng kín.jpg")]}
    answer = client.post(f"/ho-so/{code}/bo-sung", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    waiting = kept(book)
    assert [paper.name for paper in waiting] == ["bản nháp kín.jpg", "bổ sung kín.jpg"]

    official = app.test_client()
    sign_in(official, DESK[role])
    for paper in waiting:
        assert official.get(f"/mot-cua/giay/{paper.uid}").status_code == 404
        assert official.get(f"/ho-so/tep/{paper.uid}").status_code in (403, 404)
        assert paper.uid not in official.get(f"/mot-cua/ho-so/{dossier.id}?giay={paper.uid}").text
    for address in pages_of_officials(app, dossier):
        assert "kín.jpg" not in official.get(address).text, address


def pages_of_officials(app: Flask, dossier: Dossier) -> list[str]:
    """Every page an official can open, about this dossier where it is about one."""
    theirs = [door.partition(" ") for door, who in AUDIENCES.items() if who == OFFICIALS]
    endpoints = {endpoint for method, _, endpoint in theirs if method == "GET"}
    adapter = app.url_map.bind("localhost")
    places = {"dossier_id": dossier.id, "uid": dossier.uid}
    return [
        adapter.build(rule.endpoint, {name: places[name] for name in rule.arguments})
        for rule in app.url_map.iter_rules()
        if rule.endpoint in endpoints and rule.arguments <= places.keys()
    ]
