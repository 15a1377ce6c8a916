"""The checks themselves: each is seen to find what it is there for, on a page that has nothing else wrong."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.phone_checks import troubles

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HEAD = (
    '<!doctype html><html lang="vi"><title>Trang</title><style>:focus-visible { outline: 2px solid }</style>'
)
PAGE = HEAD.replace("{", "{{").replace("}", "}}") + '<main tabindex="-1"><h1>Trang</h1>{}</main>'

WRONG = {
    "scrolls sideways": '<p style="width: 900px">Rộng</p>',
    "cut off": '<p style="overflow: hidden; white-space: nowrap; width: 20px">Tỉnh Bình Dương</p>',
    "moves": '<p style="transition: color 1s">Chậm</p>',
    "glides": '<p style="scroll-behavior: smooth">Trôi</p>',
    "skips to h3": "<h3>Sâu</h3>",
    "main stands 2 times": "</main><main>Hai",
    "jumps the order": '<a href="#a" tabindex="3">Trước</a>',
    "no name: link": '<a href="#a"><svg></svg></a>',
    "no name: textbox": '<input name="q">',
    "no name: table": "<table><tr><th>Ngày<td>15/09</table>",
    "no edge": '<button style="border: 0">Gửi</button>',
    "like its text": '<p style="forced-color-adjust: none"><a href="#a" style="all: unset">A</a>',
    "no word or edge": '<span class="tag">Mới đăng ký</span>',
    "icon lost": '<p>Giờ <svg width="9" height="9"><path stroke="#000" fill="none" d="M0 0h9"/></svg></p>',
    "no ring": '<a href="#a" style="outline: none">Không viền</a>',
    "takes no focus": "<details hidden></details><div inert><a href='#a'>Khóa</a></div>",
    "Tab comes not": '<a href="#a">Một</a><a href="#b" tabindex="-1">Hai</a>',
}


@pytest.fixture(scope="module")
def pane(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=False, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_a_page_in_order_has_no_trouble(pane: Page) -> None:
    pane.set_content(PAGE.format('<p><a href="#a">Một</a> <button>Gửi</button></p>'))
    assert troubles(pane) == []


@pytest.mark.parametrize("found", WRONG)
def test_what_is_wrong_on_a_page_is_found(pane: Page, found: str) -> None:
    pane.set_content(PAGE.format(WRONG[found]))
    assert [what for what in troubles(pane) if found in what]
