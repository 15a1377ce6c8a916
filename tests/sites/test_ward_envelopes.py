import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.dossiers import actions as dossiers
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status
from portal.postal.models import Envelope, HandOver
from portal.postal.states import HolderKind
from tests.conftest import Clock, SignIn
from tests.postal.journey import Journey
from tests.sites.ward_pages import DESK, fresh, hidden_of, move, page_of

HERE = "/mot-cua/buu-gui"


@pytest.fixture
def journey(store: Session, clock: Clock) -> Journey:
    return Journey(store, at=clock.at)


@pytest.fixture
def desk(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    sign_in(client, DESK["receptionist"])
    return client


def send(desk: FlaskClient, address: str, **typed: str) -> TestResponse:
    hidden = hidden_of(desk.get(HERE).text, address)
    return desk.post(address, data={**hidden, **typed})


def come(journey: Journey) -> tuple[HandOver, dict[str, str]]:
    """An envelope held out to the desk, and what the desk types when it counts the same."""
    offered = journey.offered_to_desk()
    typed = {f"den-{offered.id}-dem-{line.id}": str(line.counted) for line in offered.envelope.lines}
    journey.session.commit()
    return offered, typed


def test_an_envelope_on_its_way_is_seen_but_cannot_be_confirmed(
    desk: FlaskClient, journey: Journey, store: Session
) -> None:
    envelope = journey.collected()
    store.commit()

    html = desk.get(HERE).text

    assert envelope.code in html
    assert "Lê Văn Tám" in html
    assert "Xác nhận được khi bưu tá bàn giao tại quầy." in html


def test_the_desk_counts_every_line_and_the_term_can_begin(
    desk: FlaskClient, journey: Journey, clock: Clock
) -> None:
    offered, typed = come(journey)
    address = f"{HERE}/ban-giao/{offered.id}/xac-nhan"
    clock.forward(hours=1)

    half = send(desk, address)
    whole = send(desk, address, **typed)
    dossier = fresh(desk, Dossier, offered.envelope.order.dossier_id)

    assert (half.status_code, whole.status_code) == (422, 303)
    assert "Hãy đếm và ghi số tờ." in half.text
    first = next(iter(typed))
    assert f'<li><a href="#{first}">' in half.text.partition("<h1")[0]
    assert f'id="{first}"' in half.text
    assert (dossier.status, dossier.blockers, dossier.received_at) == (Status.SUBMITTED, [], clock.at)
    counted = [item.counted for item in dossier.checklist if item.sheets]
    assert counted == [item.sheets for item in dossier.checklist if item.sheets]
    assert f'<a href="{page_of(dossier.id)}">Mở hồ sơ</a>' in desk.get(HERE).text
    strip = desk.get(page_of(dossier.id)).text
    assert 'aria-current="step"><b>UBND phường Phú Hòa</b>' in strip


def test_a_difference_needs_a_word_and_is_kept_beside_the_givers_count(
    desk: FlaskClient, journey: Journey
) -> None:
    offered, typed = come(journey)
    address = f"{HERE}/ban-giao/{offered.id}/xac-nhan"
    short = {**typed, next(iter(typed)): "0"}

    silent = send(desk, address, **short)
    told = send(desk, address, **short, **{f"den-{offered.id}-khac": "Thiếu bản sao"})
    kept = fresh(desk, HandOver, offered.id)

    assert (silent.status_code, told.status_code) == (422, 303)
    assert "hãy ghi rõ khác chỗ nào" in silent.text
    assert kept.note == "Thiếu bản sao"
    assert (kept.counts[0].given, kept.counts[0].counted) == (1, 0)


def test_what_was_confirmed_meanwhile_is_a_conflict_over_the_fresh_list(
    desk: FlaskClient, journey: Journey, store: Session
) -> None:
    offered, typed = come(journey)
    journey.confirm(offered, journey.receptionist, journey.recounted(offered))
    store.commit()

    answer = desk.post(f"{HERE}/ban-giao/{offered.id}/xac-nhan", data=typed)

    assert answer.status_code == 409
    assert "Lần bàn giao này đã xong" in answer.text


def test_a_result_goes_to_the_carrier_sealed_and_may_be_taken_back_until_confirmed(
    desk: FlaskClient, journey: Journey, store: Session
) -> None:
    order = journey.back()
    journey.stop(order)
    store.commit()
    form = f"di-{order.dossier_id}-"
    address = f"{HERE}/ho-so/{order.dossier_id}/giao"
    carrier = {f"{form}buu_ta": str(journey.carrier.account_id)}

    silent = send(desk, address, **carrier)
    given = send(desk, address, **carrier, **{f"{form}niem_phong": "NP 004731"})
    waiting = desk.get(HERE).text
    offered = fresh(desk, HandOver, 1)
    taken_back = send(desk, f"{HERE}/ban-giao/1/lay-lai")

    assert (silent.status_code, given.status_code, taken_back.status_code) == (422, 303, 303)
    assert f'id="{form}niem_phong-err"' in silent.text
    assert "Chờ Lê Văn Tám xác nhận" in waiting
    assert offered.envelope.holder_kind == HolderKind.DESK
    assert "Niêm phong và giao bưu tá" in desk.get(HERE).text


def test_a_seal_cannot_be_used_twice(desk: FlaskClient, journey: Journey, store: Session) -> None:
    used = journey.collected()
    order = journey.back()
    store.commit()
    form = f"di-{order.dossier_id}-"
    typed = {f"{form}buu_ta": str(journey.carrier.account_id), f"{form}niem_phong": used.seal}

    answer = send(desk, f"{HERE}/ho-so/{order.dossier_id}/giao", **typed)

    assert answer.status_code in (409, 422)
    assert f'value="{used.seal}"' in answer.text


def test_a_result_that_the_post_holds_is_not_given_at_the_desk(
    desk: FlaskClient, journey: Journey, store: Session
) -> None:
    order = journey.back()
    journey.with_carrier(order)
    store.commit()

    answer = move(
        desk, order.dossier_id, "tra-ket-qua", nguoi_nhan="Đỗ Thị Mai", quan_he="owner", da_doi_chieu="y"
    )

    assert answer.status_code == 409
    assert "Bưu điện đang giữ kết quả này" in answer.text
    assert 'value="Đỗ Thị Mai"' in answer.text
    assert "việc của bạn chưa lưu" not in answer.text
    assert fresh(desk, Dossier, order.dossier_id).status == Status.FINISHED


def test_papers_of_a_withdrawn_dossier_are_given_back_by_name(
    desk: FlaskClient, journey: Journey, store: Session
) -> None:
    envelope = journey.at_desk()
    dossiers.withdraw(store, envelope.order.dossier, by=journey.citizen, at=journey.tick())
    store.commit()
    address = f"{HERE}/phong-bi/{envelope.code}/tra-dan"

    silent = send(desk, address)
    given = send(desk, address, **{f"tra-{envelope.code}-nguoi_nhan": "Đỗ Thị Mai"})
    after = fresh(desk, Envelope, envelope.id)

    assert (silent.status_code, given.status_code) == (422, 303)
    assert after.holder_kind == HolderKind.CITIZEN


def test_another_ward_sees_and_takes_nothing(
    client: FlaskClient, sign_in: SignIn, journey: Journey, store: Session
) -> None:
    offered, typed = come(journey)
    sign_in(client, "tiepnhan.hiepthanh")

    html = client.get(HERE).text
    answer = client.post(f"{HERE}/ban-giao/{offered.id}/xac-nhan", data=typed)

    assert offered.envelope.code not in html
    assert answer.status_code == 409
    assert fresh(client, HandOver, offered.id).is_open


def test_only_a_receptionist_signs_for_the_desk(
    client: FlaskClient, sign_in: SignIn, journey: Journey
) -> None:
    offered, typed = come(journey)
    sign_in(client, DESK["specialist"])

    html = client.get(HERE).text
    answer = client.post(f"{HERE}/ban-giao/{offered.id}/xac-nhan", data=typed)

    assert "Xác nhận đã nhận" not in html
    assert answer.status_code in (403, 404)
    assert fresh(client, HandOver, offered.id).is_open


def test_the_desk_that_took_a_refusal_cancels_what_the_post_was_to_do(
    desk: FlaskClient, journey: Journey, store: Session
) -> None:
    order = journey.pickup()
    store.commit()
    here = page_of(order.dossier_id)
    hidden = hidden_of(desk.get(here).text, f"{here}/tu-choi")

    desk.post(f"{here}/tu-choi", data={**hidden, "ly_do_tu_choi": "Sai nơi nộp"})

    again = fresh(desk, type(order), order.id)
    assert again.state == "cancelled"
