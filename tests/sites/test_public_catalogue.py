"""The open pages of the catalogue: found by words, honest about levels, useful when nothing is found."""

import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.catalogue.importing import import_procedures
from portal.catalogue.models import LevelDecision, PostListing
from portal.sites.public.wording import LONGEST_NAME, marked
from tests.catalogue.curated_files import FILES, of_field, of_level
from tests.catalogue.records import channel, fee, papers, record

TODAY = date(2020, 9, 15)


def text(client: FlaskClient, url: str, status: int = 200) -> str:
    """What a reader sees of a page, without tags."""
    answer = client.get(url)
    assert answer.status_code == status, url
    return " ".join(unescape(re.sub("<[^>]*>", " ", answer.get_data(as_text=True))).split())


def links(client: FlaskClient, url: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', client.get(url).get_data(as_text=True))


@pytest.fixture
def bees(store: Session) -> Session:
    """An imported procedure with defects, not fit for dossiers, at level 4."""
    odd = record(
        "5.000001",
        channels=[
            channel("post", time_unit="unknown", fees=[fee(0, "Lệ phí do Hội đồng nhân dân quyết định")])
        ],
        documents=papers("Đơn đăng ký", case="Giấy tờ phải nộp"),
        steps="Bước 1: <b>nộp</b>",
    )
    import_procedures(store, [odd], today=TODAY)
    store.add(LevelDecision(code="5.000001", level=4, decision="1/QĐ", effective_from=TODAY))
    store.commit()
    return store


def decide(store: Session, code: str, level: int) -> None:
    store.add(LevelDecision(code=code, level=level, decision="2/QĐ-UBND", effective_from=TODAY))
    store.commit()


def test_the_home_page_asks_looks_up_and_leads_on(client: FlaskClient) -> None:
    page = text(client, "/")

    assert "Bạn cần làm thủ tục gì?" in page
    assert "Hồ sơ của bạn đang ở đâu?" in page
    assert "/tra-cuu" in client.get("/").get_data(as_text=True)
    assert "/thu-tuc?q=khai+sinh" in links(client, "/")
    assert f"Xem {len(of_level(4))} thủ tục mức 4" in page


def test_the_list_narrows_by_words_and_filters_in_the_address(client: FlaskClient) -> None:
    assert f"{len(FILES)} thủ tục" in text(client, "/thu-tuc")
    assert f"{len(of_level(2))} thủ tục" in text(client, "/thu-tuc?muc=2")
    assert "1 thủ tục về “sao tu ban chinh”" in text(client, "/thu-tuc?q=sao tu ban chinh&cap=commune&muc=2")
    assert "/thu-tuc/2.000815" in links(client, "/thu-tuc?q=sao+y+bằng+lái")


def test_a_chosen_filter_is_shown_and_can_be_dropped(client: FlaskClient) -> None:
    page = client.get("/thu-tuc?q=khai&muc=4&muc=3&linh-vuc=Hộ+tịch").get_data(as_text=True)

    assert page.count(" checked>") == 3
    shown = links(client, "/thu-tuc?q=khai&muc=4&muc=3&linh-vuc=Hộ+tịch")
    assert "/thu-tuc?q=khai&amp;muc=3&amp;linh-vuc=H%E1%BB%99+t%E1%BB%8Bch" in shown
    assert "/thu-tuc?q=khai" in shown


@pytest.mark.parametrize(
    "query", ["muc=9", "muc=x", "cap=ward", "buu-dien=?", "trang=-1", "trang=99999999999"]
)
def test_an_address_that_means_nothing_still_shows_the_list(client: FlaskClient, query: str) -> None:
    assert f"{len(FILES)} thủ tục" in text(client, f"/thu-tuc?{query}")


def test_the_words_asked_for_are_marked_and_nothing_else_is_markup() -> None:
    assert marked("Đăng ký <b>khai sinh</b>", ("khai", "sinh")) == (
        "Đăng ký &lt;b&gt;<mark>khai</mark> <mark>sinh</mark>&lt;/b&gt;"
    )
    assert marked("Hoà giải", ("hoa",)) == "<mark>Hoà</mark> giải"
    assert len(marked("đất " * 300, ())) <= LONGEST_NAME + 2


def test_a_search_without_result_suggests_and_gives_the_phone(client: FlaskClient) -> None:
    page = text(client, "/thu-tuc?q=khai shinh")

    assert "Không có thủ tục nào về “khai shinh”" in page
    assert "Đăng ký khai sinh" in page
    assert "1900 0000" in page


def test_filters_without_result_can_be_cleared(client: FlaskClient) -> None:
    assert "Không có thủ tục nào qua được các bộ lọc này" in text(client, "/thu-tuc?muc=1&cap=district")


def test_every_field_leads_to_its_procedures(client: FlaskClient) -> None:
    assert f"Chứng thực {len(of_field('Chứng thực'))} thủ tục" in text(client, "/thu-tuc/linh-vuc")


def test_level_4_begins_online_and_shows_every_ability(client: FlaskClient) -> None:
    page = text(client, "/thu-tuc/1.001193")

    assert "Bắt đầu nộp" in page
    assert "/nop-ho-so/1.001193" in links(client, "/thu-tuc/1.001193")
    assert "chưa có" not in page
    assert "Lấy giấy tờ tại nhà" in page


def test_what_the_level_permits_and_the_portal_does_not_do_is_said(client: FlaskClient) -> None:
    page = text(client, "/thu-tuc/1.001193")

    assert "Trả phí trên mạng mức này cho phép; hiện cổng thu tại quầy, bưu tá chỉ thu tiền cước" in page


def test_level_3_begins_online_and_says_why_the_desk(client: FlaskClient) -> None:
    page = text(client, "/thu-tuc/1.000894")

    assert "Bắt đầu nộp" in page
    assert "Trả phí trên mạng chưa có Nhận kết quả trên mạng chưa có" in page
    assert "Vì sao tôi phải đến quầy?" in page


def test_level_2_on_the_post_list_sends_the_carrier(client: FlaskClient) -> None:
    page = text(client, "/thu-tuc/2.000815")

    assert "Đặt bưu tá lấy bản chính" in page
    assert "Bắt đầu nộp" not in page
    assert "/nop-ho-so/2.000815" in links(client, "/thu-tuc/2.000815")
    assert "Nộp trên mạng chưa có" in page


def test_level_2_off_the_post_list_gives_the_hours_of_the_desk(client: FlaskClient, store: Session) -> None:
    store.add(PostListing(code="2.000815", from_on=TODAY, to_on=None, is_listed=False))
    store.commit()

    page = text(client, "/thu-tuc/2.000815")

    assert "Quầy mở 07:30–11:30, 13:30–17:00" in page
    assert "Thủ tục này không nằm trong danh mục nhận, trả qua bưu điện" in page
    assert not [link for link in links(client, "/thu-tuc/2.000815") if link.startswith("/nop-ho-so")]


def test_level_1_is_information_and_offers_no_form(client: FlaskClient, store: Session) -> None:
    decide(store, "1.001193", 1)

    page = text(client, "/thu-tuc/1.001193")

    assert "Bắt đầu nộp" not in page
    assert "Tải mẫu đơn chưa có" in page
    assert "tải mẫu" not in page.replace("Tải mẫu", "")
    text(client, "/thu-tuc/1.001193/mau-don", 404)


def test_a_form_can_be_printed_from_level_2_on(client: FlaskClient) -> None:
    assert "/thu-tuc/1.011607/mau-don" in links(client, "/thu-tuc/1.011607")
    assert "Họ và tên chủ hộ" in text(client, "/thu-tuc/1.011607/mau-don")
    assert "Giới tính (Nam / Nữ)" in text(client, "/thu-tuc/1.001193/mau-don")
    text(client, "/thu-tuc/2.000815/mau-don", 404)


def test_the_checklist_follows_the_case(client: FlaskClient) -> None:
    assert "Giấy chứng sinh" in text(client, "/thu-tuc/1.001193")
    page = client.get("/thu-tuc/1.001193?truong-hop=tre-bi-bo-roi").get_data(as_text=True)

    assert "Biên bản về việc trẻ bị bỏ rơi" in page
    assert 'aria-current="true" lang="vi"><b>Trẻ bị bỏ rơi' in page
    assert 'aria-current="true" lang="vi"><b>Có Giấy' in client.get(
        "/thu-tuc/1.001193?truong-hop=x"
    ).get_data(as_text=True)


def test_a_case_has_its_own_time(client: FlaskClient) -> None:
    assert "Nộp trên mạng 15 ngày" in text(client, "/thu-tuc/1.013225")
    assert "Nộp trên mạng 30 ngày" in text(client, "/thu-tuc/1.013225?truong-hop=cong-trinh-khac")


def test_what_nobody_has_confirmed_says_so(client: FlaskClient) -> None:
    assert "chưa kiểm chứng" in text(client, "/thu-tuc/1.004222")


def test_a_procedure_that_is_not_fit_says_why_and_shows_the_source(
    client: FlaskClient, bees: Session
) -> None:
    page = text(client, "/thu-tuc/5.000001")

    assert "Trang này chỉ để tra cứu, chưa nhận hồ sơ" in page
    assert "Chưa có thời hạn giải quyết dùng được" in page
    assert "3, nguồn không ghi đơn vị" in page
    assert "Thời hạn ghi số mà không ghi đơn vị" in page
    assert "Phí ghi 0 nhưng ghi chú lại nói có phí" in page
    assert "để tham khảo, không phải danh mục để nộp" in page
    assert "Nộp trên mạng chưa có" in page
    assert not [link for link in links(client, "/thu-tuc/5.000001") if link.startswith("/nop-ho-so")]


def test_imported_text_is_text(client: FlaskClient, bees: Session) -> None:
    assert "&lt;b&gt;nộp&lt;/b&gt;" in client.get("/thu-tuc/5.000001").get_data(as_text=True)


def test_the_text_a_curated_procedure_came_from_can_be_read(client: FlaskClient, store: Session) -> None:
    text(client, "/thu-tuc/1.001193/van-ban-goc", 404)
    import_procedures(store, [record("1.001193", steps="Bước 1: nộp giấy.")], today=TODAY)
    store.commit()

    assert "/thu-tuc/1.001193/van-ban-goc" in links(client, "/thu-tuc/1.001193")
    assert "Bước 1: nộp giấy." in text(client, "/thu-tuc/1.001193/van-ban-goc")
    assert "Bước 1: nộp giấy." not in text(client, "/thu-tuc/1.001193")


@pytest.mark.parametrize("code", ["9.999999", "x", "1.001193.H09"])
def test_an_unknown_code_is_a_404_in_the_look_of_the_portal(client: FlaskClient, code: str) -> None:
    assert "Không có trang này" in text(client, f"/thu-tuc/{code}", 404)


def test_an_anonymous_reader_gets_no_cookie(client: FlaskClient) -> None:
    for url in ("/", "/thu-tuc?q=khai", "/thu-tuc/1.001193"):
        assert "Set-Cookie" not in client.get(url).headers


@pytest.mark.parametrize(
    ("url", "most"),
    [("/", 2), ("/thu-tuc", 4), ("/thu-tuc?q=khai", 4), ("/thu-tuc/linh-vuc", 1), ("/thu-tuc/1.001193", 11)],
)
def test_a_page_costs_a_known_number_of_statements(
    client: FlaskClient, count_statements: list[str], url: str, most: int
) -> None:
    client.get(url)
    count_statements.clear()
    client.get(url)
    assert len([one for one in count_statements if one.startswith("SELECT")]) <= most


def test_the_pages_of_a_procedure_stay_light(client: FlaskClient) -> None:
    sizes = {url: len(client.get(url).data) for url in ("/", "/thu-tuc", "/thu-tuc/1.001193")}
    assert {url: size for url, size in sizes.items() if size > 35_000} == {}


def test_an_amount_and_its_currency_stay_on_one_line(client: FlaskClient) -> None:
    for url in ("/thu-tuc/1.004873", "/thu-tuc?q=1.004873"):
        html = unescape(client.get(url).get_data(as_text=True))
        assert re.search(r"\d\N{NO-BREAK SPACE}₫", html), url
        assert re.search(r"\d ₫", html) is None, url
