"""Many officials at the same moment, through the real pages: one wins, nobody's work is doubled or lost."""

from collections import Counter as Tally
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BoundedSemaphore
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.commands.running import THREADS
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status
from portal.ground import ledger
from portal.ground.codes import Counter
from portal.ground.db import CONNECTIONS
from tests import make
from tests.conftest import START, SignIn
from tests.sites.ward_pages import DESK, hidden_of, page_of

OFFICIALS = 50
ACCEPTED = 100

pytestmark = pytest.mark.both_databases


def at_the_same_moment(app: Flask, sent: list[Callable[[], Any]]) -> list[Any]:
    """Let everybody send when the last one is ready; the answers in the order of the senders.

    As many are served at a time as one process of the server serves: on SQLite its usual threads, on
    PostgreSQL the most it may have. The others wait at its door.
    """
    is_sqlite = app.extensions["database"].engine.dialect.name == "sqlite"
    ready, room = Barrier(len(sent), timeout=60), BoundedSemaphore(THREADS if is_sqlite else CONNECTIONS)

    def send(one: Callable[[], Any]) -> Any:
        ready.wait()
        with room:
            return one()

    with ThreadPoolExecutor(len(sent)) as together:
        return list(together.map(send, sent))


def browsers(app: Flask, sign_in: SignIn, many: int) -> list[FlaskClient]:
    """Browsers of one receptionist, each with a session of its own."""
    made = [app.test_client() for _ in range(many)]
    for browser in made:
        sign_in(browser, DESK["receptionist"])
    return made


def accepting(browser: FlaskClient, number: int, form: dict[str, str]) -> Callable[[], int]:
    return lambda: browser.post(f"{page_of(number)}/tiep-nhan", data=form).status_code


def test_of_fifty_who_accept_the_same_dossier_one_wins(app: Flask, store: Session, sign_in: SignIn) -> None:
    dossier = make.dossier(store, at=START)
    store.commit()
    here = f"{page_of(dossier.id)}/tiep-nhan"
    crowd = browsers(app, sign_in, OFFICIALS)
    forms = [hidden_of(browser.get(page_of(dossier.id)).text, here) for browser in crowd]
    assert len({form["khoa"] for form in forms}) == OFFICIALS

    statuses = at_the_same_moment(
        app, [accepting(browser, dossier.id, form) for browser, form in zip(crowd, forms, strict=True)]
    )

    assert Tally(statuses) == {303: 1, 409: OFFICIALS - 1}
    _accepted_once(app, dossier.id)


def test_fifty_sendings_of_one_form_count_once_and_are_answered_alike(
    app: Flask, store: Session, sign_in: SignIn
) -> None:
    dossier = make.dossier(store, at=START)
    store.commit()
    crowd = browsers(app, sign_in, OFFICIALS)
    form = hidden_of(crowd[0].get(page_of(dossier.id)).text, f"{page_of(dossier.id)}/tiep-nhan")

    statuses = at_the_same_moment(app, [accepting(browser, dossier.id, form) for browser in crowd])

    assert Tally(statuses) == {303: OFFICIALS}
    _accepted_once(app, dossier.id)


def _accepted_once(app: Flask, number: int) -> None:
    with app.extensions["database"].reading() as reading:
        dossier = reading.get_one(Dossier, number)
        moves = [entry.move for entry in ledger.history(reading, "dossier", number)]
        assert (dossier.status, moves) == (Status.ACCEPTED, ["submit", "accept"])
        assert dossier.code.endswith("-0001")
        assert reading.scalars(select(Counter.value).where(Counter.series.like("dossier %"))).all() == [1]
        assert list(ledger.verify(reading)) == []


def test_a_hundred_acceptances_at_one_agency_have_a_hundred_numbers(
    app: Flask, store: Session, sign_in: SignIn
) -> None:
    """Each takes the counter in turn: none is lost, none given twice, none skipped, nobody waits in vain."""
    numbers = [make.dossier(store, at=START).id for _ in range(ACCEPTED)]
    store.commit()
    crowd = browsers(app, sign_in, ACCEPTED)
    forms = [
        hidden_of(browser.get(page_of(number)).text, f"{page_of(number)}/tiep-nhan")
        for browser, number in zip(crowd, numbers, strict=True)
    ]

    senders = zip(crowd, numbers, forms, strict=True)
    statuses = at_the_same_moment(app, [accepting(*sender) for sender in senders])

    assert Tally(statuses) == {303: ACCEPTED}
    with app.extensions["database"].reading() as reading:
        codes = sorted(reading.scalars(select(Dossier.code)))
        assert [code[-4:] for code in codes] == [f"{number:04d}" for number in range(1, ACCEPTED + 1)]
        assert len({code[:-4] for code in codes}) == 1
        assert list(ledger.verify(reading)) == []
