"""Every route, by every role and a stranger; every dossier, in every state, by everybody it is not for."""

from collections.abc import Iterator

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.models import Role
from portal.catalogue.models import Channel
from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery, Status
from portal.ground.ledger import LedgerEntry
from tests import make
from tests.conftest import START, SignIn
from tests.doors import ANYBODY, AUDIENCES, DESK, PLACES

STRANGER = "stranger"
CANARY = "Hoàng Thị Chim Yến"
"""The owner's name: it stands on no page of anybody whose dossier it is not."""


def routes(app: Flask) -> Iterator[tuple[str, str, set[str]]]:
    """Method and endpoint of every route, with the names of its blanks."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule.endpoint, set(rule.arguments)


def test_every_route_is_in_the_table_and_the_table_knows_no_other(app: Flask) -> None:
    assert {f"{method} {endpoint}" for method, endpoint, _ in routes(app)} == set(AUDIENCES)


def address(app: Flask, endpoint: str, arguments: set[str], places: dict[str, str]) -> str:
    """An address of *endpoint* with its blanks filled from *places*."""
    with app.test_request_context():
        filled = {name: places.get(f"{endpoint}:{name}") or places.get(name, "1") for name in arguments}
        return url_for(endpoint, **filled)


@pytest.mark.parametrize("role", [STRANGER, *Role])
def test_a_door_opens_only_to_its_audience(app: Flask, sign_in: SignIn, role: str) -> None:
    assert wrong_doors(app, sign_in, role) == []


@pytest.mark.both_databases
def test_a_receptionist_finds_the_same_doors_on_both_databases(app: Flask, sign_in: SignIn) -> None:
    assert wrong_doors(app, sign_in, Role.RECEPTIONIST) == []


def wrong_doors(app: Flask, sign_in: SignIn, role: str) -> list[str]:
    """What *role* meets at every route that is not as the table says, or hides that it is a demonstration."""
    with app.extensions["database"].reading() as reading:
        name = None if role == STRANGER else make.sign_in_name(reading, Role(role))
    client = app.test_client()
    wrong = []
    for method, endpoint, arguments in routes(app):
        if name and (endpoint.startswith("signin.") or "_user_id" not in cookie_of(client)):
            sign_in(client, name)  # The doors of signing in and out end sessions.
        answer = client.open(address(app, endpoint, arguments, PLACES), method=method)
        complaint = judged(AUDIENCES[f"{method} {endpoint}"], role, answer) or unmarked(answer)
        answer.close()
        wrong += [f"{method} {endpoint} as {role}: {complaint}"] if complaint else []
    return wrong


def cookie_of(client: FlaskClient) -> dict[str, object]:
    """What the client's session cookie holds."""
    with client.session_transaction() as cookie:
        return dict(cookie)


def judged(audience: frozenset[str], role: str, answer: TestResponse) -> str:
    """What is wrong with *answer*; empty when it is as it should be."""
    status = answer.status_code
    if status >= 500:
        return f"fails with {status}"
    if audience is ANYBODY or role in audience:
        return ""
    return "" if is_shut(role, status, answer.headers.get("Location", "")) else f"opens with {status}"


def unmarked(answer: TestResponse) -> str:
    """Whether a page does not say that it is a demonstration's."""
    is_page = answer.mimetype == "text/html" and answer.status_code not in (302, 303)
    return "is a page like a real one" if is_page and "Bản trình diễn" not in answer.text else ""


def is_shut(role: str, status: int, location: str) -> bool:
    """A stranger is shown the way to sign in; everybody else is told it is not theirs."""
    if role == STRANGER:
        return status in (302, 303) and "/dang-nhap" in location
    return status == 403


STATES = [
    Status.SUBMITTED, Status.ACCEPTED, Status.NOT_ACCEPTED, Status.IN_PROGRESS,
    Status.AWAITING_SUPPLEMENT, Status.AWAITING_PAYMENT, Status.WITHDRAWN, Status.STOPPED, Status.FINISHED,
    Status.RETURNED,
]  # fmt: skip


@pytest.mark.parametrize("status", STATES)
def test_a_dossier_does_not_exist_for_those_it_is_not_for(
    app: Flask, store: Session, sign_in: SignIn, status: Status
) -> None:
    dossier = someones(store, status)
    codes = {"dossier_id": str(dossier.id), "code": dossier.shown_code}
    people, before = outsiders(store), entries(store)
    store.commit()
    wrong = []
    for who in people:
        client = app.test_client()
        sign_in(client, who)
        for method, endpoint, arguments in routes(app):
            if not is_of_a_dossier(endpoint, arguments):
                continue
            answer = client.open(address(app, endpoint, arguments, PLACES | codes), method=method)
            if answer.status_code not in (403, 404) or CANARY in answer.get_data(as_text=True):
                wrong.append(f"{who}: {method} {endpoint} {answer.status_code}")
            answer.close()
    store.expire_all()
    assert wrong == []
    assert entries(store) == before
    assert store.get_one(Dossier, dossier.id).status == status


def entries(store: Session) -> int:
    """How many entries the ledger has."""
    return store.scalars(select(func.count()).select_from(LedgerEntry)).one()


def someones(store: Session, status: Status) -> Dossier:
    """A dossier of the first citizen at Phú Hòa, under a name nobody else has."""
    dossier = make.dossier(store, status, at=START, channel=Channel.ONLINE, delivery=Delivery.DESK)
    dossier.owner_name = CANARY
    store.commit()
    return dossier


def is_of_a_dossier(endpoint: str, arguments: set[str]) -> bool:
    """Whether the route shows or moves one dossier named in its address."""
    return "dossier_id" in arguments or (
        endpoint.startswith("citizen.") and arguments & {"code"} and not endpoint.startswith("citizen.start")
    )


def outsiders(store: Session) -> list[str]:
    """Another citizen, every role of another ward, both roles of the post, supervisor and administrator."""
    other_ward = [make.sign_in_name(store, role, "Hiệp Thành") for role in DESK]
    others = [make.sign_in_name(store, role) for role in Role if role not in (*DESK, Role.CITIZEN)]
    return [make.phone_of(store, make.citizen(store, 1)), *other_ward, *others]
