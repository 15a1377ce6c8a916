"""The page of absences: a leader's own office, any office for an administrator; who stands in reads it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.models import Actor, Role
from tests import make
from tests.conftest import Clock, SignIn

PAGE = "/mot-cua/vang-mat"


@pytest.fixture
def people(store: Session) -> tuple[Actor, Actor]:
    """The specialist of Phú Hòa and a second one."""
    first, second = make.official(store, Role.SPECIALIST), make.colleague(store, Role.SPECIALIST)
    store.commit()
    return first, second


@pytest.fixture
def leader(client: FlaskClient, sign_in: SignIn, people: tuple[Actor, Actor]) -> FlaskClient:
    """A browser in which the leader of Phú Hòa is signed in."""
    sign_in(client, "lanhdao.phuhoa")
    return client


def typed(people: tuple[Actor, Actor], **changed: str) -> dict[str, str]:
    away, there = (str(one.account_id) for one in people)
    days = {"tu_ngay": "15/09/2020", "den_ngay": "18/09/2020", "ly_do": "Tập huấn ở tỉnh"}
    return {"nguoi": away, "nguoi_thay": there, **days, **changed}


def test_who_stands_in_reads_for_whom_and_until_when(
    app: Flask, leader: FlaskClient, people: tuple[Actor, Actor], sign_in: SignIn, clock: Clock
) -> None:
    assert "Không ai vắng" in leader.get(PAGE).text
    assert leader.post(PAGE, data=typed(people)).status_code == 303
    shown = leader.get(PAGE).text
    assert "18/09/2020" in shown
    assert f"{people[1].name} làm thay, từ 15/09/2020 đến hết 18/09/2020" in shown
    second = app.test_client()
    sign_in(second, "specialist.hai")
    assert f"Bạn làm thay {people[0].name} đến hết ngày 18/09/2020" in second.get("/mot-cua").text
    assert "Bạn làm thay" not in leader.get("/mot-cua").text
    clock.forward(days=4)
    sign_in(second, "specialist.hai")
    assert "Bạn làm thay" not in second.get("/mot-cua").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tu_ngay", "31/02/2020"),
        ("tu_ngay", "14/09/2020"),
        ("den_ngay", "14/09/2020"),
        ("nguoi", ""),
        ("nguoi_thay", "999999"),
        ("nguoi_thay", "self"),
        ("ly_do", "x" * 501),
    ],
)
def test_a_mistake_stands_at_its_field_and_nothing_typed_is_lost(
    leader: FlaskClient, people: tuple[Actor, Actor], field: str, value: str
) -> None:
    wrong = str(people[0].account_id) if value == "self" else value
    answer = leader.post(PAGE, data=typed(people, **{field: wrong}))
    assert answer.status_code == 422
    assert f'id="{"tu_ngay" if value == "14/09/2020" else field}-err"' in answer.text
    assert ("x" * 501 if field == "ly_do" else "Tập huấn ở tỉnh") in answer.text


def test_coming_back_early_ends_it_once(
    app: Flask, leader: FlaskClient, people: tuple[Actor, Actor], sign_in: SignIn
) -> None:
    leader.post(PAGE, data=typed(people))
    [back] = re.findall(r'action="([^"]*/tro-lai)"', leader.get(PAGE).text)
    stranger = app.test_client()
    with app.extensions["database"].reading() as reading:
        name = make.sign_in_name(reading, Role.LEADER, "Hiệp Thành")
    sign_in(stranger, name)
    assert stranger.post(back).status_code == 404
    assert leader.post(back).status_code == 303
    assert leader.post(back).status_code == 404
    shown = leader.get(PAGE).text
    assert "Không ai vắng" in shown
    assert "Hủy, chưa vắng" in shown


def test_an_administrator_comes_from_the_page_of_any_office(
    app: Flask, client: FlaskClient, store: Session, people: tuple[Actor, Actor], sign_in: SignIn
) -> None:
    there = people[0].office_id
    sign_in(client, "quantri")
    assert f'href="{PAGE}?noi={there}"' in client.get(f"/quan-tri/co-quan/{there}").text
    answer = client.post(f"{PAGE}?noi={there}", data=typed(people))
    assert answer.location == f"{PAGE}?noi={there}"
    assert "Mai Anh Khoa" in client.get(answer.location).text
    assert client.get(f"{PAGE}?noi=99999").status_code == 404


def test_a_leader_reads_no_other_office(leader: FlaskClient, store: Session) -> None:
    elsewhere = make.office(store, "Hiệp Thành")
    assert elsewhere.name not in leader.get(f"{PAGE}?noi={elsewhere.id}").text


def test_only_who_may_stand_in_is_offered(
    leader: FlaskClient, store: Session, people: tuple[Actor, Actor]
) -> None:
    first, second = people
    alone = make.official(store, Role.RECORDS_CLERK)
    before = leader.get(PAGE).text
    page = leader.get(f"{PAGE}?nguoi={first.account_id}").text
    offered = page.partition('name="nguoi_thay"')[2].partition("</select>")[0]

    assert f'value="{first.account_id}"' in before
    assert f'value="{alone.account_id}"' not in before
    assert 'name="nguoi_thay"' not in before
    assert re.findall(r'value="(\d+)"', offered) == [str(second.account_id)]
    answer = leader.post(PAGE, data=typed(people, nguoi_thay=str(alone.account_id)))
    assert (answer.status_code, 'id="nguoi_thay-err"' in answer.text) == (422, True)


def test_an_office_in_which_nobody_can_stand_in_says_so(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "lanhdao.phuhoa")

    page = client.get(PAGE).text

    assert "không có hai người nào đang giữ cùng một vai" in page
    assert "<select" not in page
