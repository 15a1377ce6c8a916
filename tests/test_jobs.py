"""The real job engine behind real moves: one e-mail a move, none lost, whoever goes down in between."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import worker
from portal.accounts.models import Account, AccountSession
from portal.app import create_app
from portal.dossiers.models import Dossier, Draft
from portal.dossiers.states import Status
from portal.ground import jobs
from portal.ground.once import StoredAnswer
from portal.messages.models import Sending, SendingState
from portal.web.context import wall_clock
from tests import make
from tests.conftest import START, Clock
from tests.mail_server import PATIENCE_SECONDS, Post, free_port, serving
from tests.waiting import until

ROOT = Path(__file__).parents[1]
ADDRESS = "mai@vidu.vn"
SUBJECTS = [
    "Đã nhận hồ sơ nộp trên mạng",
    "đã được tiếp nhận",
    "đã chuyển chuyên viên",
    "đã trình lãnh đạo ký",
    "đã được ký",
    "đã có kết quả",
    "Đã trả kết quả",
]
"""What the e-mails of a dossier say, a move each, from its filing to its end."""


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def mailing(app: Flask, clock: Clock, port: int) -> Iterator[Flask]:
    """The application with a mail server at *port*."""
    settings = replace(app.extensions["settings"], smtp_url=f"smtp://127.0.0.1:{port}")
    built = create_app(settings, clock=clock)
    yield built
    built.extensions["database"].dispose()


@contextmanager
def writing(app: Flask) -> Iterator[Session]:
    """One transaction of the application."""
    with app.extensions["database"].writing.begin() as session:
        yield session


def file_one(app: Flask) -> int:
    """File a dossier of somebody with an e-mail address."""
    with writing(app) as session:
        citizen = make.citizen(session)
        session.get_one(Account, citizen.account_id).email = ADDRESS
        return make.dossier(session, at=START).id


def walk(app: Flask, dossier_id: int) -> None:
    """Take the dossier to its end, a transaction a move."""
    for number in range(len(SUBJECTS) - 1):
        with writing(app) as session:
            dossier, at = session.get_one(Dossier, dossier_id), START + timedelta(minutes=10 * (number + 1))
            make.Road(session, dossier, make.PHU_HOA, at, make.citizen(session)).make_move(number)


def all_told_in_order(subjects: list[str]) -> bool:
    """Whether *subjects* are those of the whole road, in its order."""
    return len(subjects) == len(SUBJECTS) and all(
        words in subject for words, subject in zip(SUBJECTS, subjects, strict=True)
    )


def received(post: Post, count: int = len(SUBJECTS)) -> list[str]:
    return [str(post.next()["Subject"]) for _ in range(count)]


def let_pauses_end(app: Flask) -> None:
    """Let every pause be over, and every claim of a dead worker, and sweep; of living ones none works."""
    past = wall_clock() - timedelta(seconds=1)
    with writing(app) as session:
        session.execute(sa.update(Sending).values(next_at=past, claimed_until=None))
        app.extensions["jobs"].enqueue(session, worker.SWEEP)


def all_done(app: Flask) -> None:
    """Wait until no job waits or runs."""
    until(lambda: app.extensions["jobs"].tally().waiting == 0)


@pytest.mark.both_databases
def test_every_move_is_one_e_mail_in_order(mailing: Flask, post: Post, port: int) -> None:
    with serving(post, port), worker.working(mailing, "w1"):
        walk(mailing, file_one(mailing))
        subjects = received(post)
    assert all_told_in_order(subjects), subjects
    assert post.letters.empty()


def test_an_e_mail_speaks_both_languages_and_leads_to_the_dossier(
    mailing: Flask, post: Post, port: int
) -> None:
    with serving(post, port), worker.working(mailing, "w1"):
        number = file_one(mailing)
        letter = post.next()
    with mailing.extensions["database"].reading() as session:
        code = session.get_one(Dossier, number).shown_code
    text = letter.get_content()
    assert letter["To"] == ADDRESS
    assert letter["Auto-Submitted"] == "auto-generated"
    assert f"http://127.0.0.1:8000/ho-so/{code}" in text
    assert f"http://127.0.0.1:8000/en/ho-so/{code}" in text
    assert "You have filed the dossier" in text
    assert text.index("Bạn đã nộp") < text.index("You have filed")


@pytest.mark.both_databases
def test_nothing_is_lost_while_the_mail_server_is_away(mailing: Flask, post: Post, port: int) -> None:
    """Away, then refusing for now, then well: everything arrives once, in order."""
    with worker.working(mailing, "w1"):
        walk(mailing, file_one(mailing))
        all_done(mailing)
        post.refusal = "451 4.3.0 mailbox busy"
        with serving(post, port):
            let_pauses_end(mailing)
            assert post.was_asked()
            all_done(mailing)
            post.refusal = ""
            let_pauses_end(mailing)
            subjects = received(post)
    assert all_told_in_order(subjects), subjects


def test_an_address_refused_for_good_is_given_up_and_holds_nobody_up(
    mailing: Flask, post: Post, port: int
) -> None:
    with writing(mailing) as session:
        other = make.citizen(session, 1)
        session.get_one(Account, other.account_id).email = "huy@vidu.vn"
    post.unknown = ADDRESS
    with serving(post, port), worker.working(mailing, "w1"):
        file_one(mailing)
        with writing(mailing) as session:
            make.dossier(session, at=START, by=make.citizen(session, 1))
        assert post.next()["To"] == "huy@vidu.vn"
    with mailing.extensions["database"].reading() as session:
        states = dict(session.execute(sa.select(Sending.address, Sending.state)).all())
    assert states == {ADDRESS: SendingState.GIVEN_UP, "huy@vidu.vn": SendingState.SENT}


@pytest.mark.both_databases
def test_a_killed_worker_loses_nothing(mailing: Flask, post: Post, port: int) -> None:
    """Killed with a letter in its hands: only that one may come twice, and then under the same id."""
    post.hang()
    ids: dict[str, str] = {}
    with serving(post, port):
        with worker_process(mailing):
            walk(mailing, file_one(mailing))
            assert post.was_asked()
        post.go_on()
        with worker_process(mailing) as second:
            let_pauses_end(mailing)
            while len(ids) < len(SUBJECTS):
                letter = post.next()
                ids.setdefault(str(letter["Message-ID"]), str(letter["Subject"]))
            second.terminate()
            assert second.wait(PATIENCE_SECONDS) == 0
    assert all_told_in_order(list(ids.values())), ids
    assert post.letters.qsize() == 0


@contextmanager
def worker_process(app: Flask) -> Iterator[subprocess.Popen[str]]:
    """A worker in a process of its own, always under the same name, ready to work; killed at the end."""
    settings = app.extensions["settings"]
    names = ("data", "database_url", "secret_key", "identity_keys", "index_key", "smtp_url")
    given = {f"PORTAL_{name.upper()}": str(getattr(settings, name)) for name in names}
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--name", "w1"],
        cwd=ROOT, env=os.environ | given | {"PORTAL_DEMONSTRATION": "1"}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert "w1" in process.stdout.readline()
        yield process
        process.kill()


def test_a_transaction_that_is_undone_is_followed_by_nothing(mailing: Flask) -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone), writing(mailing) as session:  # noqa: PT012 - the one way to undo it
        make.dossier(session, at=START)
        raise Undone
    assert mailing.extensions["jobs"].tally() == jobs.Tally(0, 0)


def test_a_job_that_fails_is_given_up_named_and_tried_again_on_command(app: Flask) -> None:
    database, tried, mended = app.extensions["database"], threading.Semaphore(0), threading.Event()

    def fragile(number: int) -> None:
        tried.release()
        if not mended.is_set():
            raise jobs.GiveUp(str(number))

    with jobs.working(database, {"fragile": fragile}, (), "w1"):
        with writing(app) as session:
            app.extensions["jobs"].enqueue(session, "fragile", 7)
        assert tried.acquire(timeout=PATIENCE_SECONDS)
        until(lambda: app.extensions["jobs"].tally() == jobs.Tally(0, 1))
        result = app.test_cli_runner().invoke(args=["jobs"])
        assert result.exit_code == 1
        assert "fragile" in result.output
        mended.set()
        assert app.test_cli_runner().invoke(args=["retry-jobs"]).exit_code == 0
        assert tried.acquire(timeout=PATIENCE_SECONDS)
        until(lambda: app.extensions["jobs"].tally() == jobs.Tally(0, 0))


@pytest.mark.both_databases
def test_the_night_deletes_what_is_kept_no_longer(app: Flask, store: Session, clock: Clock) -> None:
    citizen = make.citizen(store)
    version = make.version(store)
    common = {"account_id": citizen.account_id, "procedure_version_id": version.id}
    times = {"began_at": START, "saved_at": START}
    store.add(Draft(**common, **times, expires_at=START + timedelta(days=30)))
    store.add(Draft(**common, **times, expires_at=START + timedelta(days=32)))
    store.add(StoredAnswer(key="k", at=START, answer={}))
    old, fresh = wall_clock() - timedelta(days=31), wall_clock()
    for token, seen in (("a", old), ("b", fresh)):
        store.add(
            AccountSession(token_hash=token, account_id=citizen.account_id, began_at=seen, seen_at=seen)
        )
    store.commit()
    clock.forward(days=31)
    with app.app_context():
        worker.purge(app)
        worker.purge(app)
    kept = store.scalars(sa.select(Draft.expires_at)).all()
    assert kept == [START + timedelta(days=32)]
    assert store.scalars(sa.select(StoredAnswer.key)).all() == []
    assert store.scalars(sa.select(AccountSession.token_hash)).all() == ["b"]


def test_what_the_engine_keeps_of_done_jobs_is_forgotten(app: Flask) -> None:
    done = threading.Event()
    with jobs.working(app.extensions["database"], {"quick": lambda: done.set()}, (), "w1"):
        with writing(app) as session:
            app.extensions["jobs"].enqueue(session, "quick")
        assert done.wait(PATIENCE_SECONDS)
        until(lambda: app.extensions["jobs"].tally().waiting == 0)
    assert app.extensions["jobs"].forget_done(wall_clock() - timedelta(days=1)) == 0
    assert app.extensions["jobs"].forget_done(wall_clock() + timedelta(seconds=5)) == 1


def test_schedules_of_an_earlier_release_go(app: Flask) -> None:
    database = app.extensions["database"]
    job = {"old": lambda *_: None, "new": lambda *_: None}
    with jobs.working(database, job, [jobs.Schedule("old", "0 0 1 * * *")], "w1"):
        assert jobs.scheduled() == ["old"]
    with jobs.working(database, job, [jobs.Schedule("new", "0 0 1 * * *")], "w1"):
        assert jobs.scheduled() == ["new"]


def test_a_dossier_in_progress_leads_the_box_and_reading_empties_it(app: Flask, sign_in) -> None:
    with writing(app) as session:
        number = make.dossier(session, Status.ACCEPTED, at=START).id
    with worker.working(app, "w1"):
        all_done(app)
    client = app.test_client()
    with app.extensions["database"].reading() as session:
        phone, code = make.phone_of(session, make.citizen(session)), session.get_one(Dossier, number).code
    sign_in(client, phone)
    page = client.get("/hop-thu").get_data(as_text=True)
    assert page.count(f"/ho-so/{code}") == 2
    assert "Đánh dấu đã đọc hết (2 tin mới)" in page
    client.post("/hop-thu/da-doc")
    assert "tin mới" not in client.get("/hop-thu").get_data(as_text=True)
    assert code in client.get("/trinh-dien/thu").get_data(as_text=True)


def test_the_engine_speaks_through_our_logs_only(app: Flask) -> None:
    jobs.migrate(app.extensions["database"])
    engine = logging.getLogger("dbos")
    assert engine.propagate
    assert {type(handler) for handler in engine.handlers} == {logging.NullHandler}
