"""A citizen files on the pages, without JavaScript: page by page, exactly once, nothing lost."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from portal.catalogue.form_source import with_sealed
from portal.catalogue.models import FormDefinition
from portal.dossiers.models import Dossier, Draft, Paper
from portal.postal.models import PostalOrder
from tests import make
from tests.conftest import START, Clock, SignIn, rows
from tests.dossiers.test_drafts import NUMBER, PERSON, REQUESTER, STATUS

MAI = "Đỗ Thị Mai"
BINH = "Nguyễn Văn Bình"
PLACE = {
    "name": MAI,
    "phone": "0912 345 678",
    "area_code": "25750",
    "line": "12 Lê Hồng Phong, khu phố 3",
    "window": "14:00–16:00",
}


def photo(size: tuple[int, int] = (40, 30)) -> BytesIO:
    """A photo as a phone takes it."""
    out = BytesIO()
    Image.new("RGB", size, "white").save(out, "JPEG")
    out.seek(0)
    return out


def place(prefix: str, **changes: str) -> dict[str, str]:
    """A place as the page sends it."""
    return {f"{prefix}-{name}": value for name, value in (PLACE | changes).items()}


class Filer:
    """A citizen at the pages of one draft."""

    def __init__(self, client: FlaskClient, code: str = make.MARRIAGE_STATUS) -> None:
        self.client = client
        self.address = client.post(f"/nop-ho-so/{code}").location.rpartition("/")[0]

    @property
    def uid(self) -> str:
        return self.address.rpartition("/")[2]

    def post(self, page: str, data: dict[str, object], expect: int = 303):
        answer = self.client.post(f"{self.address}/{page}", data=data, content_type="multipart/form-data")
        assert answer.status_code == expect, answer.text
        return answer

    def get(self, page: str) -> str:
        answer = self.client.get(f"{self.address}/{page}")
        assert answer.status_code == 200
        return answer.text

    def fill(self) -> "Filer":
        """Everything up to the ways, for oneself, with the one paper as a photo."""
        self.post("truong-hop", {"case_key": "chua-ket-hon"})
        self.post("to-khai/nguoi-yeu-cau", REQUESTER)
        self.post("to-khai/nguoi-duoc-cap", PERSON)
        self.post("to-khai/tinh-trang", STATUS)
        self.post("anh", {"tep-noi-cu-tru": (photo(), "sổ hộ khẩu.jpg")})
        return self

    def send(self, send: str = "online", receive: str = "desk", **more: str) -> "Filer":
        self.post("gui-nhan", {"send": send, "receive": receive, **more})
        return self

    def submit(self, key: str = "khoa-1"):
        return self.post("xem-lai", {"declared": "y", "khoa": key})


@pytest.fixture
def mai(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """A browser in which Đỗ Thị Mai is signed in."""
    sign_in(client, MAI)
    return client


def test_a_stranger_signs_in_and_comes_back(client: FlaskClient) -> None:
    answer = client.get(f"/nop-ho-so/{make.MARRIAGE_STATUS}")
    assert answer.status_code == 303
    assert answer.location == f"/dang-nhap?tiep=/nop-ho-so/{make.MARRIAGE_STATUS}"


def test_the_whole_way_online(mai: FlaskClient, book: Session) -> None:
    answer = Filer(mai).fill().send().submit()
    (dossier,) = rows(book, Dossier)
    assert answer.location == f"/ho-so/{dossier.provisional_code}/bien-nhan"
    receipt = mai.get(answer.location).text
    assert dossier.provisional_code in receipt
    assert "<svg" in receipt
    assert [paper.filed_at is not None for paper in dossier.papers] == [True]


def test_the_page_of_the_ways_says_which_visit_of_the_carrier_it_asks_about(mai: FlaskClient) -> None:
    filer = Filer(mai).fill()
    page = filer.post("gui-nhan", {"send": "post", "receive": "post"}, 422).text
    summary = page.split('id="loi"')[1].split("</ul>")[0]
    asked = ("Khung giờ bưu tá đến lấy", "Khung giờ bưu tá đến phát", "Người giao giấy tờ", "Người nhận")
    assert [summary.count(f"“{label}”") for label in asked] == [1, 1, 1, 1]


def test_the_whole_way_by_post_orders_both_ways(mai: FlaskClient, book: Session) -> None:
    Filer(mai).fill().send("post", "post", **place("pickup"), **place("back", name="Trần Thu")).submit()
    orders = rows(book, PostalOrder)
    assert [(order.direction, order.contact_name, order.phone) for order in orders] == [
        ("pickup", MAI, "0912345678"),
        ("return", "Trần Thu", "0912345678"),
    ]


def test_a_double_click_files_once(mai: FlaskClient, book: Session) -> None:
    filer = Filer(mai).fill().send("post", "post", **place("pickup"), **place("back"))
    first, same_key, another_key = filer.submit("a"), filer.submit("a"), filer.submit("b")
    assert first.location == same_key.location == another_key.location
    assert len(rows(book, Dossier)) == 1
    assert len(rows(book, PostalOrder)) == 2


def test_every_page_of_a_draft_sent_twice_answers_the_same(mai: FlaskClient) -> None:
    filer = Filer(mai)
    pages = {
        "truong-hop": {"case_key": "chua-ket-hon"},
        "to-khai/nguoi-yeu-cau": REQUESTER,
        "to-khai/nguoi-duoc-cap": PERSON,
        "to-khai/tinh-trang": STATUS,
        "anh": {"go": "stay"},
        "gui-nhan": {"send": "desk", "receive": "desk"},
        "xoa": {},
    }
    for page, typed in pages.items():
        answers = [filer.post(page, {**typed, "khoa": "k"}) for _ in range(2)]
        assert answers[0].location == answers[1].location, page


def test_a_page_that_is_wrong_says_so_however_often_it_is_sent(mai: FlaskClient) -> None:
    filer = Filer(mai)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    for page in ("to-khai/nguoi-yeu-cau", "gui-nhan"):
        for _ in range(2):
            filer.post(page, {"khoa": "k"}, expect=422)


def test_beginning_twice_with_one_click_begins_one_draft(mai: FlaskClient, book: Session) -> None:
    first = mai.post(f"/nop-ho-so/{make.MARRIAGE_STATUS}", data={"khoa": "x"})
    again = mai.post(f"/nop-ho-so/{make.MARRIAGE_STATUS}", data={"khoa": "x"})
    assert first.location == again.location
    assert len(rows(book, Draft)) == 1


def test_a_wrong_answer_is_shown_at_its_field_and_everything_typed_stays(mai: FlaskClient) -> None:
    filer = Filer(mai)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    page = filer.post("to-khai/nguoi-yeu-cau", REQUESTER | {"requester_phone": "12"}, 422).text
    assert "<title>Lỗi:" in page
    assert 'href="#requester_phone"' in page
    assert re.search(
        r'id="requester_phone"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="requester_phone"', page
    )
    assert 'value="12"' in page
    assert f'value="{NUMBER}"' in page
    assert f'value="{NUMBER}"' in filer.get("to-khai/nguoi-yeu-cau")


def test_a_fresh_page_starts_from_what_the_account_tells(mai: FlaskClient, book: Session) -> None:
    filer = Filer(mai)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    page = filer.get("to-khai/nguoi-yeu-cau")
    assert f'value="{MAI}"' in page
    assert f'value="{make.account(book, MAI).phone}"' in page


def test_a_form_for_somebody_else_does_not_start_from_the_account(mai: FlaskClient) -> None:
    filer = Filer(mai)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    filer.post("to-khai/nguoi-yeu-cau", REQUESTER | {"relation": "close"})
    assert f'value="{MAI}"' not in filer.get("to-khai/nguoi-duoc-cap")


def test_the_answers_decide_which_pages_come(mai: FlaskClient) -> None:
    filer = Filer(mai)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    for_oneself = filer.post("to-khai/nguoi-yeu-cau", REQUESTER).location
    for_another = filer.post("to-khai/nguoi-yeu-cau", REQUESTER | {"relation": "close"}).location
    assert (for_oneself.rpartition("/")[2], for_another.rpartition("/")[2]) == ("nguoi-duoc-cap", "noi-o")
    assert mai.get(f"{filer.address}/to-khai/ly-hon").status_code == 404


def test_leaving_for_later_keeps_the_draft(mai: FlaskClient) -> None:
    filer = Filer(mai)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    left = filer.post("to-khai/nguoi-yeu-cau", {"requester_name": "Mai", "go": "later"})
    assert left.location.startswith("/ho-so")
    assert f"{filer.address}" in mai.get("/ho-so").text
    assert 'value="Mai"' in filer.get("to-khai/nguoi-yeu-cau")
    assert mai.get(filer.address).location.endswith("/to-khai/nguoi-yeu-cau")


def test_a_session_that_ended_loses_no_draft(mai: FlaskClient, sign_in: SignIn) -> None:
    filer = Filer(mai).fill()
    with mai.session_transaction() as cookie:
        cookie.clear()
    assert mai.get(f"{filer.address}/gui-nhan").location == f"/dang-nhap?tiep={filer.address}/gui-nhan"
    sign_in(mai, MAI)
    assert "Gửi và nhận thế nào?" in filer.get("gui-nhan")


def test_what_was_typed_while_the_session_ended_is_shown_to_copy(mai: FlaskClient) -> None:
    filer = Filer(mai)
    with mai.session_transaction() as cookie:
        cookie.clear()
    page = filer.post("to-khai/tinh-trang", {"purpose_text": "Xin thị thực đi Nhật"}, 400).text
    assert "Xin thị thực đi Nhật" in page
    assert f'href="/dang-nhap?tiep={filer.address}/to-khai/tinh-trang"' in page


def test_a_good_file_stays_when_another_one_is_refused(mai: FlaskClient, book: Session) -> None:
    filer = Filer(mai)
    filer.post("truong-hop", {"case_key": "da-ly-hon"})
    sent = {
        "tep-noi-cu-tru": (photo(), "ho-khau.jpg"),
        "tep-cham-dut-hon-nhan": (BytesIO(b"MZ not a picture"), "an.pdf"),
    }
    page = filer.post("anh", sent, 422).text
    assert "an.pdf không phải ảnh" in page
    assert 'href="#tep-cham-dut-hon-nhan"' in page
    assert "ho-khau.jpg" in page
    assert [paper.item_key for paper in rows(book, Paper)] == ["noi-cu-tru"]


def test_a_file_is_taken_out_again(mai: FlaskClient, book: Session) -> None:
    filer = Filer(mai).fill()
    uid = rows(book, Paper)[0].uid
    filer.post("anh", {"go": f"bo:{uid}"})
    filer.post("anh", {"go": f"bo:{uid}"})
    assert rows(book, Paper) == []


def test_sending_online_without_the_photos_is_refused_where_it_is_chosen(mai: FlaskClient) -> None:
    filer = Filer(mai)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    page = filer.post("gui-nhan", {"send": "online", "receive": "desk"}, 422).text
    assert "cần ảnh của: Giấy tờ chứng minh nơi cư trú" in page


def test_an_address_is_asked_only_of_the_way_that_needs_one(mai: FlaskClient) -> None:
    filer = Filer(mai).fill()
    page = filer.post("gui-nhan", {"send": "post", "receive": "desk", "back-phone": "x"}, 422).text
    assert 'href="#pickup-line"' in page
    assert 'href="#back-phone"' not in page
    filer.send("desk", "desk", **{"pickup-phone": "x"})


def test_nothing_is_filed_without_the_declaration(mai: FlaskClient, book: Session) -> None:
    filer = Filer(mai).fill().send()
    page = filer.post("xem-lai", {"khoa": "k"}, 422).text
    assert "cam đoan" in page
    assert rows(book, Dossier) == []
    filer.submit("k")
    assert len(rows(book, Dossier)) == 1


def test_an_unfinished_draft_is_not_filed_and_says_where_to_go(mai: FlaskClient, book: Session) -> None:
    filer = Filer(mai)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    page = filer.post("xem-lai", {"declared": "y", "khoa": "k"}, 422).text
    assert f"{filer.address}/to-khai/nguoi-yeu-cau?sua=1" in page
    assert rows(book, Dossier) == []


def test_changing_one_page_from_the_review_leads_back_to_it(mai: FlaskClient) -> None:
    filer = Filer(mai).fill().send()
    back = filer.post("to-khai/tinh-trang?sua=1", STATUS)
    assert back.location == f"{filer.address}/xem-lai"


def test_a_group_grows_by_a_button_and_says_which_entry_is_wrong(mai: FlaskClient, app: Flask) -> None:
    with app.extensions["database"].writing.begin() as session:
        members = {
            "name": "members", "kind": "group", "label": "Thành viên", "most": 3,
            "questions": [
                {"name": "full_name", "kind": "text", "label": "Họ tên"},
                {"name": "born", "kind": "date", "label": "Ngày sinh"},
            ],
        }  # fmt: skip
        ward = {"name": "ward", "kind": "area", "label": "Phường", "competence": True}
        pages = [{"key": "ho", "title": "Hộ", "questions": [members, ward]}]
        content = with_sealed({"title": "Tờ khai", "pages": pages})
        session.add(FormDefinition(code=make.MARRIAGE_STATUS, number=9, published_at=START, content=content))
    filer = Filer(mai)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    first = {"members-0-full_name": "An", "members-0-born": "1/1/2010", "ward": "25750"}
    grown = filer.post("to-khai/ho", first | {"go": "them:members"}, 200).text
    assert 'name="members-1-full_name"' in grown
    assert 'value="An"' in grown
    wrong = filer.post("to-khai/ho", first | {"members-1-full_name": "Bình", "members-1-born": "x"}, 422).text
    assert 'href="#members-1-born"' in wrong
    filer.post("to-khai/ho", first | {"members-1-full_name": "", "members-1-born": ""})
    assert "An, 01/01/2010" in filer.get("xem-lai")


def test_what_the_level_forbids_stays_on_the_page_with_its_reason(mai: FlaskClient) -> None:
    filer = Filer(mai, make.CERTIFIED_COPY)
    offices = re.findall(r'name="office"[^>]*value="(\d+)"', filer.get("truong-hop"))
    filer.post("truong-hop", {"case_key": "da-co-ban-sao", "office": offices[0]})
    page = filer.get("gui-nhan")
    assert len(re.findall(r"<input[^>]*disabled[^>]*>", page)) == 3
    assert "chưa nộp trên mạng được" in page
    filer.post("gui-nhan", {"send": "online", "receive": "desk"}, 422)


def test_certified_copies_are_announced_to_the_office_one_chooses(mai: FlaskClient, book: Session) -> None:
    filer = Filer(mai, make.CERTIFIED_COPY)
    page = filer.post("truong-hop", {"case_key": "da-co-ban-sao"}, 422).text
    assert "Hãy chọn nơi giải quyết" in page
    office = make.office(book, "Hiệp Thành")
    filer.post("truong-hop", {"case_key": "da-co-ban-sao", "office": str(office.id)})
    filer.send("post", "post", **place("pickup"), **place("back")).submit()
    (dossier,) = rows(book, Dossier)
    assert (dossier.office_id, dossier.channel, dossier.form) == (office.id, "post", None)


def test_a_birth_is_registered_with_both_parents(mai: FlaskClient, book: Session) -> None:
    filer = Filer(mai, make.BIRTH)
    filer.post("truong-hop", {"case_key": "co-giay-chung-sinh"})
    requester = {k: v for k, v in REQUESTER.items() if k != "relation"}
    home = {"requester_area": "25750", "requester_line": "12 Lê Hồng Phong", "register_area": "25750"}
    filer.post("to-khai/nguoi-khai", requester | home | {"relation": "mother"})
    child = {
        "child_name": "Nguyễn Minh An", "child_birth_date": "5/9/2020", "child_sex": "male",
        "child_ethnicity": "Kinh", "child_nationality": "Việt Nam", "birth_place": "Bệnh viện tỉnh",
        "hometown": "Phú Hòa", "parents": "both",
    }  # fmt: skip
    filer.post("to-khai/tre", child)
    for who in ("mother", "father"):
        parts = {
            "name": "Nguyễn Thị Hoa",
            "birth_year": "1993",
            "ethnicity": "Kinh",
            "nationality": "Việt Nam",
        }
        parent = {f"{who}_{k}": v for k, v in (parts | {"area": "khac", "line": "Bến Cát"}).items()}
        filer.post(f"to-khai/{'me' if who == 'mother' else 'cha'}", parent)
    filer.post("anh", {"tep-giay-chung-sinh": (photo(), "chung-sinh.jpg")})
    filer.send("online", "online").submit()
    (dossier,) = rows(book, Dossier)
    assert dossier.answers["child_birth_date"] == "2020-09-05"
    assert dossier.owner_name == MAI


def test_a_late_registration_of_birth_is_pointed_out_but_not_stopped(mai: FlaskClient, clock: Clock) -> None:
    clock.forward(days=90)
    filer = Filer(mai, make.BIRTH)
    filer.post("truong-hop", {"case_key": "co-giay-chung-sinh"})
    filer.post("to-khai/tre", {"child_birth_date": "05/09/2020", "go": "later"})
    assert "Đã quá 60 ngày" in filer.get("xem-lai")


def test_a_draft_of_somebody_else_is_not_there(mai: FlaskClient, app, sign_in: SignIn) -> None:
    filer = Filer(mai).fill()
    other = app.test_client()
    sign_in(other, BINH)
    for page in ("truong-hop", "to-khai/nguoi-yeu-cau", "anh", "gui-nhan", "xem-lai", "xoa"):
        assert other.get(f"{filer.address}/{page}").status_code == 404
        assert other.post(f"{filer.address}/{page}", data={}).status_code == 404


def test_a_deleted_draft_is_gone(mai: FlaskClient, book: Session) -> None:
    filer = Filer(mai).fill()
    assert "Xóa bản nháp này?" in filer.get("xoa")
    filer.post("xoa", {})
    assert rows(book, Draft) == []
    assert mai.get(f"{filer.address}/xem-lai").status_code == 404


def test_a_filed_draft_leads_to_its_receipt(mai: FlaskClient) -> None:
    filer = Filer(mai).fill().send()
    receipt = filer.submit().location
    assert mai.get(f"{filer.address}/gui-nhan").location == receipt
    assert mai.post(f"{filer.address}/to-khai/tinh-trang", data=STATUS).location == receipt


def test_an_open_dossier_of_the_same_procedure_is_pointed_out(mai: FlaskClient, book: Session) -> None:
    assert "Bạn đang có hồ sơ" not in mai.get(f"/nop-ho-so/{make.MARRIAGE_STATUS}").text
    Filer(mai).fill().send().submit()
    page = mai.get(f"/nop-ho-so/{make.MARRIAGE_STATUS}").text
    assert "Bạn đang có hồ sơ" in page
    assert rows(book, Dossier)[0].provisional_code in page


def test_a_post_stays_within_25_statements(mai: FlaskClient, count_statements: list[str]) -> None:
    filer = Filer(mai).fill().send()
    counts = {}
    for page, data in {
        "to-khai/tinh-trang": STATUS,
        "gui-nhan": {"send": "online", "receive": "desk"},
        "anh": {"tep-noi-cu-tru": (photo((50, 50)), "b.jpg")},
    }.items():
        count_statements.clear()
        filer.post(page, data)
        counts[page] = len(count_statements)
    assert all(count <= 25 for count in counts.values()), counts


def test_a_ward_whose_desk_has_nobody_is_named_beside_the_question_and_nothing_is_lost(
    mai: FlaskClient,
) -> None:
    filer = Filer(mai)
    filer.post("truong-hop", {"case_key": "chua-ket-hon"})
    filer.post("to-khai/nguoi-yeu-cau", REQUESTER)
    elsewhere = PERSON | {"person_area": "25786"}
    page = filer.post("to-khai/nguoi-duoc-cap", elsewhere, 422).text
    assert "UBND xã Minh Tân chưa nhận hồ sơ qua cổng này." in page
    assert "12 Lê Hồng Phong" in filer.get("to-khai/nguoi-duoc-cap")


def test_the_post_offers_only_wards_it_comes_to(mai: FlaskClient) -> None:
    filer = Filer(mai).fill()
    page = filer.get("gui-nhan")
    assert page.count('value="25750"') == 2
    assert 'value="25786"' not in page
    home = place("back", area_code="25786")
    refused = filer.post("gui-nhan", {"send": "online", "receive": "post", **home}, 422).text
    assert "Những nơi bưu điện đang đến tận nhà" in refused
