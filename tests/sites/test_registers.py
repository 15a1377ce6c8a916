"""Registers on the pages: the citizen asks about themself only, the desk on record; gateways misbehave."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.identity import declare
from portal.accounts.models import IdentityLevel
from portal.dossiers import actions, queries
from portal.dossiers.models import AccessLogEntry, Dossier, Inquiry
from portal.dossiers.states import Fault, Look, Status
from portal.ground.errors import Refused
from portal.ground.registers import Outcome, gateway
from portal.ground.sealing import keys_of
from portal.web import registers
from tests import make, register_gateway
from tests.conftest import START, SignIn, rows
from tests.dossiers.test_drafts import PERSON, REQUESTER, STATUS
from tests.dossiers.test_inquiries import BINHS_NUMBER, LINE
from tests.register_gateway import AWAY_MOODS, KEY, NOT_FOUND, READS, Gateway
from tests.sites.test_filing import BINH, MAI, Filer, photo
from tests.sites.test_ward_intake import PERSON as STRANGER
from tests.sites.test_ward_intake import chosen, counted
from tests.sites.ward_pages import DESK, fresh, hidden_of, move, page_of

DANCU = "Cơ sở dữ liệu quốc gia về dân cư"
BUTTON = f'value="tra:{LINE}"'
PRESSED = {"go": f"tra:{LINE}"}


@pytest.fixture
def there(app: Flask) -> Iterator[Gateway]:
    """A gateway that the portal asks over HTTP."""
    with register_gateway.running() as running:
        registers.install(app, gateway(running.url, KEY, 1))
        yield running


@pytest.fixture
def binh(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """A browser of somebody whose number a desk has compared with the card."""
    sign_in(client, BINH)
    return client


def filer_of(client: FlaskClient, number: str = BINHS_NUMBER) -> Filer:
    """A draft filled in up to the photos, for the owner with *number*."""
    filer = Filer(client)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    filer.post("to-khai/nguoi-yeu-cau", REQUESTER | {"requester_identity": BINHS_NUMBER})
    filer.post("to-khai/nguoi-duoc-cap", PERSON | {"person_identity": number})
    filer.post("to-khai/tinh-trang", STATUS)
    return filer


def plain(html: str) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.both_databases
def test_a_paper_that_is_found_is_not_demanded(binh: FlaskClient, book: Session, there: Gateway) -> None:
    filer = filer_of(binh)
    before = filer.get("anh")
    assert BUTTON in before
    assert "chỉ để giải quyết hồ sơ này" in before
    assert there.asked == [], "nothing is asked before the button is pressed"

    answer = filer.post("anh", PRESSED)
    assert answer.location == f"{filer.address}/anh#tra-{LINE}"
    assert [one["identity_number"] for one in there.asked] == [BINHS_NUMBER]
    assert READS in filer.get("anh")
    assert "đã tra thấy trong" in filer.get("xem-lai")

    receipt = filer.send().submit().location
    (dossier,), (inquiry,) = rows(book, Dossier), rows(book, Inquiry)
    assert dossier.status == Status.SUBMITTED
    assert (inquiry.dossier_id, inquiry.outcome) == (dossier.id, Outcome.FOUND)
    assert "đã tra thấy, không phải nộp" in binh.get(receipt).text
    page = plain(binh.get(f"/ho-so/{dossier.shown_code}").text)
    assert f"{DANCU}: Tra thấy" in page
    assert READS not in page


@pytest.mark.parametrize("mood", AWAY_MOODS.values(), ids=AWAY_MOODS)
def test_a_register_that_misbehaves_costs_nothing_but_the_photo(
    binh: FlaskClient, book: Session, there: Gateway, mood: object
) -> None:
    there.mood = mood
    filer = filer_of(binh)
    filer.post("anh", PRESSED | {"tep-giay-to-tuy-than": (photo(), "the.jpg")})
    page = filer.get("anh")
    assert "Cơ sở dữ liệu không trả lời" in page
    assert "the.jpg" in page, "what was chosen with the same press is kept"
    assert BUTTON in page
    filer.post("gui-nhan", {"send": "online", "receive": "desk"}, expect=422)
    filer.post("anh", {f"tep-{LINE}": (photo(), "so.jpg")})
    filer.send().submit()
    (dossier,) = rows(book, Dossier)
    assert [item.found_at for item in dossier.checklist if item.key == LINE] == [None]


def test_a_paper_that_is_not_found_is_demanded_as_always(binh: FlaskClient, there: Gateway) -> None:
    there.mood = NOT_FOUND
    filer = filer_of(binh)
    filer.post("anh", PRESSED)
    assert "không có thông tin này của bạn" in filer.get("anh")
    filer.post("gui-nhan", {"send": "online", "receive": "desk"}, expect=422)
    there.mood = register_gateway.FOUND
    filer.post("anh", PRESSED)
    filer.send()


def test_nobody_reads_about_somebody_else(binh: FlaskClient, book: Session, there: Gateway) -> None:
    filer = filer_of(binh, number="074191003215")
    page = filer.get("anh")
    assert BUTTON not in page
    assert "chủ hồ sơ này mang số khác" in page
    assert "chủ hồ sơ này mang số khác" in filer.post("anh", PRESSED, expect=422).text
    assert (there.asked, rows(book, Inquiry)) == ([], [])


def test_a_number_that_is_only_declared_opens_nothing(
    client: FlaskClient, sign_in: SignIn, store: Session, there: Gateway
) -> None:
    liar = make.account(store, MAI)
    assert liar.identity_level == IdentityLevel.SELF_DECLARED
    declare(store, liar, BINHS_NUMBER)
    store.commit()
    sign_in(client, MAI)
    filer = filer_of(client)
    assert "tự khai, chưa được đối chiếu" in filer.get("anh")
    assert "tự khai, chưa được đối chiếu" in filer.post("anh", PRESSED, expect=422).text
    assert there.asked == []


def test_another_owner_after_the_answer_makes_it_worth_nothing(
    binh: FlaskClient, book: Session, there: Gateway
) -> None:
    filer = filer_of(binh)
    filer.post("anh", PRESSED)
    filer.post("to-khai/nguoi-duoc-cap", PERSON)
    page = filer.get("anh")
    assert READS not in page
    filer.post("gui-nhan", {"send": "online", "receive": "desk"}, expect=422)
    filer.post("anh", {f"tep-{LINE}": (photo(), "so.jpg")})
    filer.send().submit()
    assert rows(book, Inquiry) == []


@pytest.mark.parametrize("key", ["to-khai", "khong-co", "giay-to-tuy-than", ""])
def test_only_lines_with_a_register_are_asked_about(binh: FlaskClient, there: Gateway, key: str) -> None:
    filer_of(binh).post("anh", {"go": f"tra:{key}"}, expect=404)
    assert there.asked == []


def test_a_citizen_asks_ten_times_in_ten_minutes(binh: FlaskClient, book: Session, there: Gateway) -> None:
    filer = filer_of(binh)
    for _time in range(10):
        filer.post("anh", PRESSED)
    assert "Đã thử quá nhiều lần" in filer.post("anh", PRESSED, expect=429).text
    assert len(there.asked) == len(rows(book, Inquiry)) == 10


def test_without_a_gateway_every_paper_is_demanded_as_before(app: Flask, binh: FlaskClient) -> None:
    registers.install(app, None)
    filer = filer_of(binh)
    assert 'id="tra-' not in filer.get("anh")
    assert "Cổng tra được" not in filer.get("truong-hop")
    assert "Cổng tra được" not in binh.get(f"/nop-ho-so/{make.MARRIAGE_STATUS}").text
    filer.post("anh", PRESSED, expect=404)


def test_the_pages_before_say_what_can_be_looked_up(binh: FlaskClient) -> None:
    said = "Cổng tra được trong cơ sở dữ liệu quốc gia thay cho: Giấy tờ chứng minh nơi cư trú"
    assert said in binh.get(f"/nop-ho-so/{make.MARRIAGE_STATUS}").text
    assert said in filer_of(binh).get("truong-hop")


OTHERS = {"Võ Thị Hoàng Oanh": "074183006522"}


def test_the_demonstration_answers_about_its_own_people_without_a_gateway(
    client: FlaskClient, sign_in: SignIn
) -> None:
    for name, number, said in [(BINH, BINHS_NUMBER, READS), (*OTHERS.popitem(), "không có thông tin này")]:
        sign_in(client, name)
        filer = filer_of(client, number)
        filer.post("anh", PRESSED)
        assert said in filer.get("anh"), name


@pytest.fixture
def asked_about(store: Session) -> Dossier:
    """A dossier at Phú Hòa about Bình, filed by Mai, with his number."""
    mai = make.actor(store, MAI)
    dossier = make.dossier(store, at=START, by=mai)
    dossier.owner_identity_sealed = keys_of(store).seal(BINHS_NUMBER, dossier.bound_to)
    dossier.owner_identity_index = keys_of(store).index(BINHS_NUMBER)
    dossier.owner_id = None
    store.commit()
    return dossier


def look_up(client: FlaskClient, dossier: Dossier, key: str = LINE, expect: int = 303):
    answer = client.post(f"{page_of(dossier.id)}/tra-cuu", data={"giay": key})
    assert answer.status_code == expect, answer.text
    return answer


@pytest.mark.both_databases
def test_an_official_asks_on_record_and_may_not_demand_what_is_found(
    client: FlaskClient, sign_in: SignIn, store: Session, book: Session, there: Gateway, asked_about: Dossier
) -> None:
    desk = sign_in(client, DESK["receptionist"])
    number, version = asked_about.id, asked_about.version
    store.rollback()
    page = client.get(page_of(number)).text
    assert hidden_of(page, f"{page_of(number)}/tra-cuu") == {"giay": LINE} | _key(page, number)
    assert look_up(client, asked_about).location == f"{page_of(number)}#csdl"

    shown = plain(client.get(page_of(number)).text)
    assert f"{READS}" in shown
    assert f"Đã kết nối: {DANCU} (DANCU)." in shown
    assert "đã tra thấy, không phải nộp" in shown
    (inquiry,) = rows(book, Inquiry)
    assert (inquiry.account_id, inquiry.appointment_id) == (desk.account_id, desk.appointment_id)
    looks = [one for one in rows(book, AccessLogEntry) if one.look == Look.REGISTER]
    assert [(one.account_id, one.what) for one in looks] == [(desk.account_id, DANCU)]

    choices = client.get(page_of(number)).text
    assert "Giấy tờ chứng minh nơi cư trú" not in _offered(choices)
    store.expire_all()
    found = queries.get(store, number, desk)
    assert found.version == version + 1, "the list is another one"
    wish = [actions.Asked(Fault.MISSING, "Thiếu.", item_key=LINE)]
    with pytest.raises(Refused, match="đã tra thấy"):
        actions.ask_supplement(store, found, wish, by=desk, at=START)


def _key(page: str, number: int) -> dict[str, str]:
    """What every form of the desk carries beside its own fields."""
    hidden = hidden_of(page, f"{page_of(number)}/tra-cuu")
    return {name: value for name, value in hidden.items() if name in ("khoa", "csrf_token")}


def _offered(page: str) -> str:
    """The names of what the form of a supplement request can ask for."""
    return page.split("bo-sung")[1].split("</form>")[0]


def test_a_page_from_before_cannot_ask_for_what_was_found_meanwhile(
    client: FlaskClient, sign_in: SignIn, there: Gateway, asked_about: Dossier
) -> None:
    sign_in(client, DESK["receptionist"])
    here = f"{page_of(asked_about.id)}/bo-sung"
    old = hidden_of(client.get(page_of(asked_about.id)).text, here)
    look_up(client, asked_about)
    assert client.post(here, data=old | {"hoi-1": "y", "hoi-noi-ro-1": "Thiếu."}).status_code == 409


def test_who_filed_for_another_reads_that_it_was_asked_and_not_what_was_read(
    app: Flask, sign_in: SignIn, there: Gateway, asked_about: Dossier
) -> None:
    desk, mai = app.test_client(), app.test_client()
    sign_in(desk, DESK["receptionist"])
    sign_in(mai, MAI)
    look_up(desk, asked_about)
    page = plain(mai.get(f"/ho-so/{asked_about.shown_code}").text)
    assert f"{DANCU}: Tra thấy" in page
    assert f"Tra cứu cơ sở dữ liệu quốc gia: {DANCU}" in page
    assert READS not in page


def test_the_desk_is_told_when_the_register_is_away_or_knows_nothing(
    client: FlaskClient, sign_in: SignIn, store: Session, there: Gateway, asked_about: Dossier
) -> None:
    sign_in(client, DESK["receptionist"])
    for mood, said in [(b"nonsense", "Cơ sở dữ liệu không trả lời"), (NOT_FOUND, "Không thấy")]:
        there.mood = mood
        look_up(client, asked_about)
        assert said in client.get(page_of(asked_about.id)).text
    assert fresh(client, Dossier, asked_about.id).version == asked_about.version
    answer = move(client, asked_about.id, "bo-sung", **{"hoi-1": "y", "hoi-noi-ro-1": "Chưa có sổ hộ khẩu."})
    assert answer.status_code == 303


def test_an_official_never_asks_about_themself(
    client: FlaskClient, sign_in: SignIn, store: Session, there: Gateway, asked_about: Dossier
) -> None:
    official = make.account(store, DESK["receptionist"])
    declare(store, official, BINHS_NUMBER)
    store.commit()
    sign_in(client, DESK["receptionist"])
    look_up(client, asked_about, expect=403)
    assert there.asked == []


def test_another_office_does_not_see_the_dossier_to_ask_about(
    client: FlaskClient, sign_in: SignIn, there: Gateway, asked_about: Dossier
) -> None:
    sign_in(client, "tiepnhan.hiepthanh")
    look_up(client, asked_about, expect=404)
    assert there.asked == []


@pytest.mark.parametrize("key", ["to-khai", "giay-to-tuy-than", ""])
def test_the_desk_asks_only_about_lines_with_a_register(
    client: FlaskClient, sign_in: SignIn, there: Gateway, asked_about: Dossier, key: str
) -> None:
    sign_in(client, DESK["receptionist"])
    look_up(client, asked_about, key, expect=404)
    assert there.asked == []


COUNTER = f"/mot-cua/tiep-nhan?thu-tuc={make.MARRIAGE_STATUS}"


def take_in(client: FlaskClient, decision: str = "tiep-nhan", **typed: str):
    """Take a residence in by the register instead of by paper."""
    html = client.get(COUNTER).text
    usual = {**hidden_of(html, "/mot-cua/tiep-nhan"), **STRANGER, **chosen(html), **counted(html)}
    by_register = {"nhan": "desk", "viec": decision, "kiem-tra-1": "by_register", "ban-sao-1": ""}
    return client.post(COUNTER, data={**usual, **by_register, **typed})


@pytest.mark.both_databases
def test_at_the_counter_the_register_stands_in_for_the_paper(
    client: FlaskClient, sign_in: SignIn, book: Session, there: Gateway
) -> None:
    desk = sign_in(client, DESK["receptionist"])
    assert "không buộc mang" in client.get(COUNTER).text
    answer = take_in(client)
    assert answer.status_code == 303, answer.text
    (dossier,), (inquiry,) = rows(book, Dossier), rows(book, Inquiry)
    item = next(item for item in dossier.checklist if item.key == LINE)
    assert (dossier.status, item.counted, item.copies, item.found_at) == (Status.ACCEPTED, None, 1, START)
    assert (inquiry.dossier_id, inquiry.account_id) == (dossier.id, desk.account_id)
    assert there.asked[0]["identity_number"] == STRANGER["so_dinh_danh"].replace(" ", "")
    assert [one.what for one in rows(book, AccessLogEntry) if one.look == Look.REGISTER] == [DANCU]
    assert "tra trong cơ sở dữ liệu quốc gia, không nộp" in client.get(answer.location).text


@pytest.mark.parametrize(("mood", "said"), [(NOT_FOUND, "Không thấy"), (b"?", "không trả lời")])
def test_at_the_counter_what_is_not_found_is_to_be_brought(
    client: FlaskClient, sign_in: SignIn, book: Session, there: Gateway, mood: object, said: str
) -> None:
    there.mood = mood
    sign_in(client, DESK["receptionist"])
    answer = take_in(client)
    assert answer.status_code == 422
    assert f"{said}: hãy nhận giấy này" in plain(answer.text)
    assert 'name="ban-sao-1"' in answer.text
    assert rows(book, Dossier) == []
    taken = take_in(client, "bo-sung", **{"kiem-tra-1": "missing", "ban-sao-1": "0", "noi-ro-1": "Chưa có."})
    assert taken.status_code == 303


def test_a_form_that_does_not_hold_asks_nobody(client: FlaskClient, sign_in: SignIn, there: Gateway) -> None:
    sign_in(client, DESK["receptionist"])
    assert take_in(client, ho_ten="").status_code == 422
    assert take_in(client, "tu-choi").status_code == 422
    assert there.asked == []


def test_the_desk_asks_sixty_times_in_ten_minutes(
    client: FlaskClient, sign_in: SignIn, there: Gateway, asked_about: Dossier
) -> None:
    there.mood = NOT_FOUND
    sign_in(client, DESK["receptionist"])
    for _time in range(60):
        look_up(client, asked_about)
    look_up(client, asked_about, expect=429)
    assert len(there.asked) == 60


def test_a_role_without_a_desk_has_no_such_door(
    client: FlaskClient, sign_in: SignIn, asked_about: Dossier
) -> None:
    sign_in(client, "buuta.tam")
    look_up(client, asked_about, expect=403)
