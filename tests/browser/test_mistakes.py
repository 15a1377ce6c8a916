"""Pages that say what is wrong: forms sent empty, addresses that are not one's own, work on an old page."""

import pytest

from tests.browser.addresses import WHO
from tests.browser.people import Huy, Person, Stranger
from tests.browser.planted import World
from tests.browser.staff import Receptionist
from tests.browser.windows import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EMPTY_FORMS = {
    "a stranger": [
        ("/tra-cuu", "Xem hồ sơ"),
        ("/dang-nhap", "Đăng nhập"),
        ("/dang-ky", "Tạo tài khoản"),
    ],
    "a citizen": [
        ("/tai-khoan/lien-lac", "Lưu"),
        ("/tai-khoan/mat-khau", "Đổi mật khẩu"),
        ("/tai-khoan/xac-nhan", "Xác nhận"),
        ("/tai-khoan/buoc-hai/ung-dung", "Kiểm tra và thêm"),
        ("/ho-so/{accepted}/buu-ta/ket-qua", "Đặt bưu tá"),
        ("/ho-so/{asked}/bo-sung", "Gửi phần bổ sung"),
    ],
    "a receptionist": [
        ("/mot-cua/tiep-nhan?thu-tuc=1.004873", "Tiếp nhận, in giấy hẹn"),
        ("/quan-tri/dat-lai", "Tìm tài khoản"),
    ],
    "a post clerk": [("/buu-dien", "Giao các đơn đã chọn")],
    "a carrier": [
        ("/buu-ta/diem/{opened}", "Đã niêm phong"),
        ("/buu-ta/diem/{opened}/khong-duoc", "Báo về bưu cục"),
    ],
    "an administrator": [
        ("/quan-tri/tai-khoan/moi", "Mở tài khoản"),
        ("/quan-tri/tai-khoan/{staff_uid}/vai", "Giao vai"),
    ],
}
"""Who sends which form without having filled it in: the address, and the button."""

SHUT = [
    ("a stranger", "/khong-co-trang-nay", 404),
    ("a stranger", "/thu-tuc/9.999999", 404),
    ("a stranger", "/dang-xuat", 405),
    ("a citizen", "/mot-cua", 403),
    ("a new citizen", "/ho-so/{filed}", 404),
    ("a carrier", "/quan-tri", 403),
    ("an idle receptionist", "/mot-cua/ho-so/{filed_id}", 404),
    ("a supervisor", "/mot-cua", 403),
]
"""Who tries which address, and what the answer is."""


@pytest.mark.parametrize("who", EMPTY_FORMS)
def test_an_empty_form_says_what_is_missing_to(who: str, both_widths: Walk, world: World) -> None:
    person = WHO[who](both_widths)
    person.enters()

    for path, button in EMPTY_FORMS[who]:
        stumbles(person, path.format(**vars(world)), button)

    both_widths.found_nothing_wrong()


def stumbles(person: Person, path: str, button: str) -> None:
    """Open a page and send its form as it is."""
    person.opens(path)
    person.presses(button)
    assert person.window.answer.status == 422, path


@pytest.mark.parametrize(("who", "path", "status"), SHUT)
def test_what_is_not_there_for_somebody_says_so(
    who: str, path: str, status: int, both_widths: Walk, world: World
) -> None:
    person = WHO[who](both_widths)
    person.enters()

    person.opens(path.format(**vars(world)))

    assert person.window.answer.status == status
    both_widths.found_nothing_wrong()


def test_a_filing_that_is_hurried_through_says_what_is_missing_on_each_page(both_widths: Walk) -> None:
    huy = Huy(both_widths)
    huy.enters()
    huy.opens("/nop-ho-so/1.001193")
    huy.presses("Bắt đầu")
    huy.presses("Lưu và tiếp tục")
    draft = huy.page.url.partition("/to-khai/")[0]

    for page in ("to-khai/nguoi-khai", "to-khai/tre"):
        stumbles(huy, f"{draft}/{page}", "Lưu và tiếp tục")
    stumbles(huy, f"{draft}/gui-nhan", "Lưu và xem lại")
    stumbles(huy, f"{draft}/xem-lai", "Nộp hồ sơ")
    huy.opens("/ho-so")
    huy.opens(f"{draft}/xoa")

    both_widths.found_nothing_wrong()


def test_a_filing_that_any_ward_may_decide_asks_which_one(both_widths: Walk) -> None:
    huy = Huy(both_widths)
    huy.enters()
    huy.opens("/nop-ho-so/2.000815")
    huy.presses("Bắt đầu")

    huy.presses("Lưu và tiếp tục")

    assert huy.window.answer.status == 422
    both_widths.found_nothing_wrong()


def test_a_look_up_answers_the_right_digits_and_no_others(both_widths: Walk, world: World) -> None:
    stranger = Stranger(both_widths)
    for digits, status in (("9999", 422), ("0001", 200)):
        stranger.opens(f"/tra-cuu?ma={world.accepted}")
        stranger.types("Bốn số cuối điện thoại", digits)
        stranger.presses("Xem hồ sơ")
        assert stranger.window.answer.status == status

    stranger.reads("Quầy Một Cửa đã tiếp nhận")
    both_widths.found_nothing_wrong()


def test_work_on_an_old_page_is_shown_with_what_changed_and_what_was_typed(
    both_widths: Walk, world: World
) -> None:
    first, second = Receptionist(both_widths), Receptionist(both_widths)
    for person in (first, second):
        person.enters()
        person.opens(f"/mot-cua/ho-so/{world.stale_id}")
    first.accepts()

    second.unfolds("Từ chối tiếp nhận")
    second.types("Lý do, người dân sẽ đọc", "Không thuộc phường này giải quyết.")
    second.presses("Từ chối (mẫu 03)")

    assert second.window.answer.status == 409
    second.reads("Không thuộc phường này giải quyết.")
    both_widths.found_nothing_wrong()
