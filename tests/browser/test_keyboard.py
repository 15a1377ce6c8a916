"""With the keyboard alone: Tab comes to everything one can act on, and shows where it is."""

import pytest
from playwright.sync_api import Page

from tests.browser.people import Huy, Mai, Person, Stranger
from tests.browser.planted import World
from tests.browser.staff import Receptionist
from tests.browser.windows import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STOPS = """() => {
 const what = 'a[href],button,input:not([type=hidden]),select,textarea,summary';
 const shown = e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0;
 const all = [...document.querySelectorAll(what)].filter(shown);
 all.forEach((e, n) => e.dataset.stop = e.type === 'radio' ? 'group ' + e.name : String(n));
 return [...new Set(all.map(e => e.dataset.stop))] }"""
"""Mark everything one can act on; a group of radio buttons is one stop."""

HERE = """() => {
 const e = document.activeElement, box = e.getBoundingClientRect();
 const ring = s => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none';
 const drawn = n => ring(getComputedStyle(n)) || ring(getComputedStyle(n, '::before'));
 return { stop: e.dataset.stop || '', name: (e.textContent || e.name || '').trim().slice(0, 40),
  shows: [e, ...(e.labels || [])].some(drawn), seen: box.bottom > 0 && box.top < innerHeight } }"""
"""Where the focus is, whether a ring is drawn around it, and whether it is in sight."""


def walked(page: Page) -> list[str]:
    """What is wrong on the way through the page with Tab."""
    wanted: list[str] = page.evaluate(STOPS)
    come, wrong = set(), []
    for _stop in range(len(wanted) + 3):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        come.add(here["stop"])
        if here["stop"]:  # Else it is the window's own stop.
            wrong += [f"no ring around {here['name']}"] if not here["shows"] else []
            wrong += [f"out of sight: {here['name']}"] if not here["seen"] else []
    return wrong + [f"never reached: {stop}" for stop in wanted if stop not in come]


def test_tab_reaches_everything_on_the_pages_of_the_road(walk: Walk, world: World) -> None:
    stranger, mai, desk = Stranger(walk), Mai(walk), Receptionist(walk)
    stranger.opens("/dang-nhap")
    assert walked(stranger.page) == []
    stranger.opens("/thu-tuc/1.004873")
    assert walked(stranger.page) == []
    for person, path in ((mai, f"/ho-so/{world.asked}"), (desk, f"/mot-cua/ho-so/{world.accepted_id}")):
        person.enters()
        person.opens(path)
        assert walked(person.page) == []


def test_tab_reaches_both_choices_of_sending_and_receiving(walk: Walk) -> None:
    huy = Huy(walk)
    huy.enters()
    opens_ways(huy)

    assert walked(huy.page) == []


def opens_ways(person: Person) -> None:
    """Begin a filing and go where sending and receiving are chosen."""
    person.opens("/nop-ho-so/1.004873")
    person.presses("Bắt đầu")
    draft = person.page.url.removesuffix("/truong-hop")
    person.presses("Lưu và tiếp tục")
    person.opens(f"{draft}/gui-nhan")
    person.ticks("Bưu tá đến lấy giấy")


def test_the_first_tab_leads_past_the_header(walk: Walk) -> None:
    stranger = Stranger(walk)
    stranger.opens("/thu-tuc/1.004873")

    stranger.page.keyboard.press("Tab")
    stranger.page.keyboard.press("Enter")

    assert stranger.page.evaluate("document.activeElement.id") == "main"
