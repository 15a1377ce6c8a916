"""Every way of reading a person's file leaves a look that they read; a walk finds any that does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.dossiers.looks import AccountLook, AnyLook, at_everything_of
from portal.dossiers.models import AccessLogEntry, Dossier
from portal.dossiers.states import Delivery, Look, Status, Step
from portal.ground.ledger import LedgerEntry
from portal.ground.storage import Files
from tests import make
from tests.conftest import START, SignIn
from tests.doors import AUDIENCES, DESK, PLACES
from tests.postal.journey import Journey
from tests.test_doors import address, routes

NAME = "Hoàng Thị Chim Yến"
"""The owner of the dossiers here: whoever reads this name reads the person's file, or a list."""

NUMBER, PHONE = "074191003215", "0900000001"
"""Identity number and phone of the first citizen, as planted."""

LISTS = {
    "GET ward.inbox": "work lists name the owner; opening the dossier is the look",
    "GET ward.envelopes": "codes and sheets of envelopes",
    "POST ward.find": "a search by code; one by phone is a look, below",
    "GET post.orders": "the street of orders that wait, without a name",
    "GET carrier.run": "names only at stops whose opening was the look",
    "GET carrier.stop": "a stop whose opening was the look",
    "GET carrier.failure": "a stop whose opening was the look",
}
"""Pages that may name a person without a look of their own, and why."""


def looks(app: Flask) -> list[AccessLogEntry]:
    """The access log as stored now, read without standing in a writer's way."""
    with app.extensions["database"].reading() as reading:
        return list(reading.scalars(select(AccessLogEntry).order_by(AccessLogEntry.id)))


def seen_by_first_citizen(app: Flask) -> tuple[AnyLook, ...]:
    """What the first citizen reads about looks."""
    with app.extensions["database"].reading() as reading:
        return at_everything_of(reading, make.citizen(reading)).rows


def who(app: Flask, role: Role) -> str:
    """The sign-in name of somebody of Phú Hòa."""
    with app.extensions["database"].reading() as reading:
        return make.sign_in_name(reading, role, make.PHU_HOA)


def planted(store: Session, status: Status, step: Step | None = None) -> Dossier:
    """A dossier of the first citizen at Phú Hòa, with a paper that can be opened."""
    dossier = make.dossier(store, status, at=START, step=step, delivery=Delivery.DESK)
    dossier.owner_name = NAME
    store.commit()
    return dossier


def of_dossiers(app: Flask) -> Iterator[tuple[str, str, set[str]]]:
    """Every route that an official, a carrier or a clerk may come to."""
    for method, endpoint, arguments in routes(app):
        staff = AUDIENCES[f"{method} {endpoint}"] & {*DESK, Role.CARRIER, Role.POST_CLERK}
        if staff and not endpoint.startswith("signin."):
            yield method, endpoint, arguments


READERS = [
    *((role, Status.SUBMITTED, None) for role in DESK),
    (Role.LEADER, Status.IN_PROGRESS, Step.SIGNING),
    (Role.RECEPTIONIST, Status.AWAITING_SUPPLEMENT, None),
]


@pytest.mark.parametrize(("role", "status", "step"), READERS)
def test_no_page_names_the_person_without_a_look(
    app: Flask, store: Session, sign_in: SignIn, role: Role, status: Status, step: Step | None
) -> None:
    dossier = planted(store, status, step)
    client = app.test_client()
    person = sign_in(client, who(app, role))
    unseen = []
    for method, endpoint, arguments in of_dossiers(app):
        before = len(looks(app))
        places = PLACES | {"dossier_id": str(dossier.id), "uid": "none"}
        answer = client.open(address(app, endpoint, arguments, places), method=method)
        shows = NAME in answer.get_data(as_text=True)
        answer.close()
        new = looks(app)[before:]
        by = {(look.account_id, look.appointment_id, look.dossier_id) for look in new}
        if shows and f"{method} {endpoint}" not in LISTS and by != {(
            person.account_id, person.appointment_id, dossier.id
        )}:  # fmt: skip
            unseen.append(f"{method} {endpoint}")
    assert unseen == []


@pytest.mark.parametrize("role", DESK)
def test_each_way_into_a_dossier_is_told_with_role_and_office(
    app: Flask, store: Session, sign_in: SignIn, role: Role
) -> None:
    dossier = planted(store, Status.IN_PROGRESS, Step.SIGNING)
    files: Files = app.extensions["files"]
    dossier.papers[0].blob = files.put(Path(__file__).read_bytes())
    store.commit()
    client, here = app.test_client(), f"/mot-cua/ho-so/{dossier.id}"
    sign_in(client, who(app, role))
    ways = {
        Look.PAGE: client.get(here),
        Look.FILE: client.get(f"/mot-cua/giay/{dossier.papers[0].uid}"),
        Look.IDENTITY: client.post(f"{here}/hien-so"),
        Look.SEARCH: client.post("/mot-cua/tim", data={"tim": PHONE}),
    }
    assert {look: answer.status_code for look, answer in ways.items()} == dict.fromkeys(ways, 200)
    assert client.get(f"{here}/giay-hen").status_code == 200
    for answer in ways.values():
        answer.close()
    told = seen_by_first_citizen(app)
    assert {(row.look, row.role, row.office) for row in told} == {
        (look, role, "UBND phường Phú Hòa") for look in ways
    }
    assert [row.look for row in told].count(Look.PAGE) == 3, "page, page with numbers, slip"
    assert {row.dossier_code for row in told} == {dossier.code}


def test_opening_a_stop_is_told_with_the_carrier_and_the_post_office(app: Flask, store: Session) -> None:
    journey = Journey(store)
    journey.opened(journey.pickup())
    store.commit()
    [told] = seen_by_first_citizen(app)
    assert (told.look, told.role, told.office) == (Look.STOP, Role.CARRIER, "Bưu cục Thủ Dầu Một")
    assert told.name == "Lê Văn Tám"


def test_a_carrier_reads_no_name_at_a_stop_that_is_not_opened(
    app: Flask, store: Session, sign_in: SignIn
) -> None:
    journey, client = Journey(store), app.test_client()
    order = journey.pickup()
    order.contact_name = NAME
    journey.stop(order)
    store.commit()
    sign_in(client, "buuta.tam")
    pages = [client.get(path).text for path in ("/buu-ta", f"/buu-ta/diem/{order.code}", "/buu-ta/ban-giao")]
    assert [NAME in page for page in pages] == [False, False, False]
    assert looks(app) == []


def test_a_search_by_the_number_on_the_card_is_told_at_both_desks(
    app: Flask, store: Session, sign_in: SignIn
) -> None:
    client = app.test_client()
    yen = sign_in(client, "tiepnhan.phuhoa")
    client.post("/quan-tri/dat-lai", data={"so_dinh_danh": NUMBER})
    asked = {"viec": "tra", "so_dinh_danh": NUMBER}
    client.post(f"/mot-cua/tiep-nhan?thu-tuc={make.CERTIFIED_COPY}", data=asked)
    told = seen_by_first_citizen(app)
    assert [(row.look, row.name, row.office) for row in told] == [
        (AccountLook.LOOKED_UP, yen.name, "UBND phường Phú Hòa")
    ] * 2
    assert {row.dossier_code for row in told} == {""}


def test_a_search_that_finds_others_is_told_to_nobody_else(
    app: Flask, store: Session, sign_in: SignIn
) -> None:
    code = planted(store, Status.SUBMITTED).provisional_code
    client = app.test_client()
    sign_in(client, "tiepnhan.hiepthanh")
    assert NAME not in client.post("/mot-cua/tim", data={"tim": PHONE}).text
    assert looks(app) == []
    sign_in(client, "tiepnhan.phuhoa")
    assert client.post("/mot-cua/tim", data={"tim": code}).status_code == 303
    assert looks(app) == [], "a code is the number of a dossier, not of a person"


def test_an_official_s_own_dossier_leaves_no_look_and_a_citizen_s_neither(
    app: Flask, store: Session, sign_in: SignIn
) -> None:
    yen = make.official(store, Role.RECEPTIONIST)
    own = make.dossier(store, Status.SUBMITTED, at=START, by=make.as_citizen(store, yen))
    store.commit()
    theirs = planted(store, Status.SUBMITTED)
    client = app.test_client()
    sign_in(client, "tiepnhan.phuhoa")
    assert client.get(f"/mot-cua/ho-so/{own.id}").status_code == 200
    sign_in(client, PHONE)
    assert client.get(f"/ho-so/{theirs.provisional_code}").status_code == 200
    assert looks(app) == []


def test_somebody_who_asks_too_often_by_phone_waits(app: Flask, store: Session, sign_in: SignIn) -> None:
    client = app.test_client()
    sign_in(client, "tiepnhan.phuhoa")
    answers = [client.post("/mot-cua/tim", data={"tim": "0911222333"}).status_code for _ in range(61)]
    assert answers[59:] == [200, 429]


def test_what_was_done_to_the_account_by_its_owner_is_no_look(app: Flask, store: Session) -> None:
    own = select(LedgerEntry).where(LedgerEntry.kind == "account", LedgerEntry.move == "register")
    assert store.scalars(own).first() is not None
    assert seen_by_first_citizen(app) == ()
