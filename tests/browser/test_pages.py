"""Pages that the whole road does not come by: at both widths, for any eyes, ears and hands, in English."""

import re
from collections.abc import Collection

import pytest
from playwright.sync_api import Page

from tests.browser.addresses import WHO, addresses
from tests.browser.phone_checks import troubles
from tests.browser.planted import World
from tests.browser.windows import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

VIETNAMESE = re.compile(
    r"[ăâđêôơưạảãàáằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)

TEXTS = """() => {
 const out = [], plain = text => text.trim().replace(/\\s+/g, ' ');
 const mine = (e, text) => e.closest('[lang=vi]') || out.push([e.closest('dd') ? 'dd' : '', plain(text)]);
 const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
 while (walk.nextNode()) mine(walk.currentNode.parentElement, walk.currentNode.data);
 for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
  for (const e of document.querySelectorAll(`[${name}]`)) mine(e, e.getAttribute(name));
 return out }"""
"""Every text of a page that is not marked as Vietnamese; whether it is a value in a list of facts."""


@pytest.mark.parametrize("who", WHO)
def test_every_page_keeps_the_rules_for(who: str, both_widths: Walk, world: World) -> None:
    person = WHO[who](both_widths)
    person.enters()

    for path in addresses(who, world):
        person.opens(path)
        assert person.window.answer.status == 200, path
        for what in troubles(person.page):
            both_widths.complain(path, what)

    both_widths.found_nothing_wrong()


@pytest.mark.parametrize("who", WHO)
def test_every_page_speaks_english_to(who: str, both_widths: Walk, world: World) -> None:
    person = WHO[who](both_widths)
    person.enters()
    person.page.route("**/static/**", lambda route: route.abort())  # Words only.
    data = known(world.words)

    foreign = {path: foreign_words(person.page, "/en" + path, world, data) for path in addresses(who, world)}

    assert {path: words for path, words in foreign.items() if words} == {}


def known(words: Collection[str]) -> re.Pattern[str]:
    """Finds, the longest first, the portal's name and what the database holds: names, titles, words typed."""
    longest = sorted(filter(VIETNAMESE.search, words), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ["Một Cửa", *longest])), re.IGNORECASE)


def foreign_words(page: Page, path: str, world: World, data: re.Pattern[str]) -> list[str]:
    """The Vietnamese of an English page that is not data, and names of procedures not marked as such."""
    page.goto(path, wait_until="domcontentloaded")
    assert page.locator("html").get_attribute("lang") == "en", path
    told = [(where, text) for where, text in page.evaluate(TEXTS) if VIETNAMESE.search(text)]
    titles = tuple(world.titles)  # A message that names one within a sentence is a text as it was sent.
    unmarked = [text for where, text in told if not where and text.startswith(titles)]
    return unmarked + [text for _where, text in told if VIETNAMESE.search(data.sub("", text))]
