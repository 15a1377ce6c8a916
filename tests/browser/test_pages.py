"""Pages that the whole road does not come by, at both widths; without scripts for citizens; in English."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.addresses import WHO, addresses
from tests.browser.planted import World
from tests.browser.windows import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

VIETNAMESE = re.compile(
    r"[ăâđêôơưạảãàáằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)

NAMES = re.compile(r"Một Cửa|Tiếng Việt|Tỉnh Bình Dương|UBND.*?·|Bưu cục.*?·|Sở Tư pháp ·")
"""What stays Vietnamese on an English page: the name of the portal, of its other language, of
the province and of offices."""


@pytest.mark.parametrize("who", WHO)
def test_every_page_keeps_the_rules_for(who: str, both_widths: Walk, world: World) -> None:
    person = WHO[who](both_widths)
    person.enters()

    for path in addresses(who, world):
        person.opens(path)
        assert person.window.answer.status == 200, path

    both_widths.found_nothing_wrong()


@pytest.mark.parametrize("who", WHO)
def test_every_page_speaks_english_to(who: str, both_widths: Walk, world: World) -> None:
    person = WHO[who](both_widths)
    person.enters()
    person.page.route("**/static/**", lambda route: route.abort())  # Words only.

    foreign = {path: foreign_words(person.page, "/en" + path) for path in addresses(who, world)}

    assert {path: words for path, words in foreign.items() if words} == {}


def foreign_words(page: Page, path: str) -> list[str]:
    """The Vietnamese of an English page's frame: its language, its header, its ways and its foot."""
    page.goto(path, wait_until="domcontentloaded")
    assert page.locator("html").get_attribute("lang") == "en", path
    frame = page.locator("header.top .brand, header.top nav, footer.foot, .skip").all_text_contents()
    told = [NAMES.sub("", text) for text in frame]
    return [" ".join(text.split()) for text in told if VIETNAMESE.search(text)]
