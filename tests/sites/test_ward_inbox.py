from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.dossiers.states import Status, Step
from tests import make
from tests.conftest import START, Clock, SignIn
from tests.sites.ward_pages import DESK


def make_some(store: Session, count: int, status: Status = Status.SUBMITTED) -> list[int]:
    ids = [make.dossier(store, status, at=START + timedelta(minutes=n)).id for n in range(count)]
    store.commit()
    return ids


@pytest.mark.parametrize(
    ("role", "own", "step"),
    [
        ("receptionist", "cho-tiep-nhan", None),
        ("specialist", "tham-tra", Step.APPRAISAL),
        ("leader", "cho-ky", Step.SIGNING),
        ("records_clerk", "vao-so", Step.ISSUING),
    ],
)
def test_everybody_starts_with_the_own_work(
    client: FlaskClient, store: Session, sign_in: SignIn, role: str, own: str, step: Step | None
) -> None:
    dossier = make.dossier(store, Status.IN_PROGRESS if step else Status.SUBMITTED, step=step, at=START)
    store.commit()
    sign_in(client, DESK[role])

    html = client.get("/mot-cua").text

    assert f'href="/mot-cua?xem={own}" aria-current="page"' in html
    assert f"/mot-cua/ho-so/{dossier.id}?xem={own}" in html


def test_a_late_dossier_says_so_in_words(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock
) -> None:
    make_some(store, 1, Status.ACCEPTED)
    sign_in(client, DESK["receptionist"])
    clock.forward(days=30)

    html = client.get("/mot-cua?xem=qua-han").text

    assert "Quá hạn, 17:00" in html
    assert 'class="late"' in html


def test_a_dossier_is_found_by_the_end_of_its_code(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = make.dossier(store, Status.FINISHED, at=START)
    store.commit()
    sign_in(client, DESK["specialist"])
    assert dossier.code

    found = client.get("/mot-cua", query_string={"tim": dossier.code[-11:]}).text
    nothing = client.get("/mot-cua?tim=000000-9999").text

    assert f"/mot-cua/ho-so/{dossier.id}" in found
    assert "Không thấy hồ sơ nào" in nothing


def test_an_empty_view_says_what_would_be_here(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, DESK["leader"])

    html = client.get("/mot-cua").text

    assert "Không có hồ sơ nào: chờ ký" in html
    assert 'class="empty"' in html


def test_no_identity_number_stands_in_a_list(client: FlaskClient, store: Session, sign_in: SignIn) -> None:
    make_some(store, 2)
    sign_in(client, DESK["receptionist"])

    assert "074191003215" not in client.get("/mot-cua").text


def test_pages_follow_one_another_and_a_broken_place_is_the_first_page(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    ids = make_some(store, 53)
    sign_in(client, DESK["receptionist"])

    first = client.get("/mot-cua").text
    address = first.split('rel="next"')[0].rpartition('href="')[2].rstrip('" ').replace("&amp;", "&")
    second = client.get(address).text
    broken = client.get("/mot-cua?sau=nonsense").text

    assert f"/mot-cua/ho-so/{ids[0]}?" in first
    assert f"/mot-cua/ho-so/{ids[-1]}?" not in first
    assert f"/mot-cua/ho-so/{ids[-1]}?" in second
    assert 'rel="prev"' in second
    assert f"/mot-cua/ho-so/{ids[0]}?" in broken
    assert len(first.encode()) < 150_000


def test_the_inbox_takes_as_many_statements_for_many_dossiers_as_for_one(
    client: FlaskClient, store: Session, sign_in: SignIn, count_statements: list[str]
) -> None:
    make_some(store, 1)
    sign_in(client, DESK["receptionist"])
    client.get("/mot-cua")  # The session's last-seen moment is written once.

    count_statements.clear()
    client.get("/mot-cua")
    of_one = len(count_statements)
    make_some(store, 20)
    count_statements.clear()
    client.get("/mot-cua")

    assert len(count_statements) == of_one <= 7


def test_another_wards_dossiers_are_not_in_the_inbox_nor_found(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    elsewhere = make.dossier(store, Status.ACCEPTED, at=START, office_name="Hiệp Thành")
    store.commit()
    sign_in(client, DESK["receptionist"])

    pages = [
        client.get("/mot-cua?xem=cho-chuyen"),
        client.get("/mot-cua", query_string={"tim": elsewhere.code}),
    ]

    assert not any(f"/mot-cua/ho-so/{elsewhere.id}" in page.text for page in pages)


def test_a_phone_is_found_without_standing_in_an_address(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = make.dossier(store, Status.ACCEPTED, at=START)
    store.commit()
    sign_in(client, DESK["specialist"])

    found = client.post("/mot-cua/tim", data={"tim": dossier.owner_phone})
    in_address = client.get("/mot-cua", query_string={"tim": dossier.owner_phone})
    by_code = client.post("/mot-cua/tim", data={"tim": dossier.code})

    assert f"/mot-cua/ho-so/{dossier.id}" in found.text
    assert dossier.owner_phone not in in_address.text
    assert by_code.location == f"/mot-cua?tim={dossier.code}"


@pytest.mark.parametrize("shape", ["{}x", "{}*", "{0[0]}/{0[1]}"])
def test_no_address_finds_a_person_however_the_phone_is_written(
    client: FlaskClient, store: Session, sign_in: SignIn, shape: str
) -> None:
    dossier = make.dossier(store, Status.ACCEPTED, at=START)
    store.commit()
    phone = dossier.owner_phone
    words = shape.format((phone[:5], phone[5:])) if "/" in shape else shape.format(phone)
    sign_in(client, DESK["specialist"])

    in_address = client.get("/mot-cua", query_string={"tim": words})
    as_an_end_of_code = client.get("/mot-cua", query_string={"tim": f"{phone[-9:-4]}-{phone[-4:]}"})
    typed = client.post("/mot-cua/tim", data={"tim": words})

    for page in (in_address, as_an_end_of_code):
        assert f"/mot-cua/ho-so/{dossier.id}?" not in page.text.replace('"', "?")
    assert typed.status_code == 200, "the words never go into an address"
    assert f"/mot-cua/ho-so/{dossier.id}" in typed.text


def test_a_place_no_list_can_have_is_the_first_page(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, DESK["specialist"])
    place = "20200915T080000000000-" + "9" * 21
    assert client.get(f"/mot-cua?xem=tham-tra&sau={place}").status_code == 200


def test_a_name_finds_nothing_is_told_so_and_never_stands_in_an_address(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    make.dossier(store, at=START)
    store.commit()
    sign_in(client, DESK["receptionist"])

    hint = client.get("/mot-cua").text
    answer = client.post("/mot-cua/tim", data={"tim": "Đỗ Thị Mai"})

    assert "không tìm theo họ tên" in hint
    assert (answer.status_code, answer.location) == (200, None)
    assert "Không tìm theo họ tên." in answer.text


def test_a_code_without_a_digit_is_no_name(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, DESK["receptionist"])
    answer = client.post("/mot-cua/tim", data={"tim": "TN-KGQZ-YWQN-T"})
    assert answer.status_code == 303
    assert answer.location.endswith("tim=TN-KGQZ-YWQN-T")
