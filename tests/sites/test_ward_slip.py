"""The appointment slip of a result that the post brings home: who reads the delivery code on it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery
from portal.postal import actions
from portal.postal.models import PostalOrder
from tests.conftest import SignIn
from tests.postal.journey import Journey
from tests.sites.ward_pages import DESK, page_of

CODE_LINE = "Mã nhận, đọc cho bưu tá khi đã cầm phong bì: "


@pytest.fixture
def journey(store: Session) -> Journey:
    """The road of one dossier by post, in the application's database."""
    return Journey(store)


@pytest.fixture
def order(journey: Journey) -> PostalOrder:
    """The way home of the result of a person without an account."""
    found = journey.back()
    found.dossier.submitter_id = found.dossier.owner_id = None
    return found


def slip(client: FlaskClient, journey: Journey, dossier: Dossier) -> str:
    """The slip as it is printed now."""
    address = f"{page_of(dossier.id)}/giay-hen"
    journey.session.commit()
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def test_a_person_without_an_account_reads_the_delivery_code_on_the_slip(
    client: FlaskClient, sign_in: SignIn, journey: Journey, order: PostalOrder
) -> None:
    journey.session.commit()
    sign_in(client, DESK["receptionist"])
    assert f"{CODE_LINE}{order.delivery_code}" in slip(client, journey, order.dossier)


def test_only_the_receptionist_prints_the_delivery_code(
    client: FlaskClient, sign_in: SignIn, journey: Journey, order: PostalOrder
) -> None:
    journey.session.commit()
    sign_in(client, DESK["specialist"])
    assert CODE_LINE not in slip(client, journey, order.dossier)


@pytest.mark.parametrize("whose", ["submitter_id", "owner_id"])
def test_who_has_an_account_reads_the_delivery_code_there_alone(
    client: FlaskClient, sign_in: SignIn, journey: Journey, order: PostalOrder, whose: str
) -> None:
    setattr(order.dossier, whose, journey.citizen.account_id)
    journey.session.commit()
    sign_in(client, DESK["receptionist"])
    html = slip(client, journey, order.dossier)
    assert CODE_LINE not in html
    assert f">{order.delivery_code}<" not in html


def test_a_return_that_was_cancelled_leaves_no_code_on_the_slip(
    client: FlaskClient, sign_in: SignIn, journey: Journey, order: PostalOrder
) -> None:
    actions.cancel(journey.session, order, by=journey.receptionist, at=journey.tick())
    journey.session.commit()
    sign_in(client, DESK["receptionist"])
    assert CODE_LINE not in slip(client, journey, order.dossier)


def test_a_result_that_comes_by_post_names_its_address(
    client: FlaskClient, sign_in: SignIn, journey: Journey, order: PostalOrder
) -> None:
    journey.session.commit()
    sign_in(client, DESK["receptionist"])
    html = slip(client, journey, order.dossier)
    assert f"qua bưu điện, phát tận tay tại địa chỉ: {order.line}, " in html
    assert "bưu tá phát tận tay" not in html


def test_an_electronic_result_is_received_on_the_portal(
    client: FlaskClient, sign_in: SignIn, journey: Journey, order: PostalOrder
) -> None:
    order.dossier.delivery = Delivery.ONLINE
    journey.session.commit()
    sign_in(client, DESK["receptionist"])
    assert "Đăng ký nhận kết quả:</b> bản điện tử trên cổng" in slip(client, journey, order.dossier)
