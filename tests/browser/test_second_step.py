"""The second step of signing in: without scripts by a code, and with a real browser's passkey."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pyotp import TOTP

from portal.web.context import wall_clock
from tests.browser.conftest import Portal
from tests.browser.people import Stranger
from tests.browser.planted import World
from tests.browser.windows import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A device that recognises its owner."""


def test_a_code_lets_somebody_in_without_scripts(both_widths: Walk, world: World) -> None:
    person, app = Stranger(both_widths), TOTP(world.app_secret)
    person.opens("/dang-nhap?tiep=/tai-khoan/buoc-hai")
    person.types("Số điện thoại", world.careful)
    person.types("Mật khẩu", "motcua-2020")
    person.presses("Đăng nhập")
    for wrong in ("", "000000"):
        person.types("Mã bước hai", wrong)
        person.presses("Đăng nhập")
        assert person.window.answer.status == 422

    person.types("Mã bước hai", app.at(wall_clock()))
    person.presses("Đăng nhập")
    person.reads("Chưa có mã khôi phục")
    person.presses("Lập mười mã mới")
    assert person.main.locator("ol.codes li").count() == 10
    person.goes("Đã cất xong")
    person.reads("Còn 10 mã chưa dùng")
    person.opens("/tai-khoan/xac-nhan?tiep=/tai-khoan/buoc-hai")
    person.types("Mật khẩu hiện tại", "motcua-2020")
    person.types("Mã bước hai", app.at(wall_clock() + timedelta(seconds=30)))
    person.presses("Xác nhận")

    both_widths.found_nothing_wrong()


@pytest.fixture
def phone(chromium: Browser, portal: Portal) -> Iterator[Page]:
    """A page on a device with a passkey store, at the portal's name instead of its number."""
    context = chromium.new_context(base_url=portal.address.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield page
    context.close()


def test_a_passkey_signs_in_without_a_password_and_confirms(phone: Page) -> None:
    enter(phone, "0900000003")
    phone.goto("/tai-khoan/buoc-hai")
    phone.get_by_label("Tên của khóa").fill("Điện thoại của tôi")
    phone.get_by_role("button", name="Thêm khóa truy cập").click()
    expect(phone.get_by_role("row", name="Điện thoại của tôi")).to_contain_text("chưa dùng")

    phone.get_by_role("button", name="Đăng xuất").click()
    phone.goto("/dang-nhap?tiep=/tai-khoan/buoc-hai")
    phone.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    expect(phone.get_by_role("row", name="Điện thoại của tôi")).not_to_contain_text("chưa dùng")

    phone.get_by_role("button", name="Đăng xuất").click()
    enter(phone, "0900000003")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Đăng nhập, bước hai")
    phone.get_by_role("button", name="Dùng khóa truy cập").click()
    expect(phone.get_by_role("link", name="Hồ sơ của tôi")).to_be_visible()
    phone.goto("/tai-khoan/xac-nhan?tiep=/tai-khoan/buoc-hai")
    phone.get_by_role("button", name="Dùng khóa truy cập").click()
    phone.get_by_role("button", name="Bỏ Điện thoại của tôi").click()
    expect(phone.get_by_text("Đã bỏ khóa truy cập")).to_be_visible()

    phone.get_by_role("button", name="Đăng xuất").click()
    phone.goto("/dang-nhap")
    phone.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    expect(phone.get_by_text("Khóa truy cập này không dùng được ở đây").first).to_be_visible()


def enter(page: Page, who: str) -> None:
    """Type name and password."""
    page.goto("/dang-nhap")
    page.get_by_label("Số điện thoại").fill(who)
    page.get_by_label("Mật khẩu").fill("motcua-2020")
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
