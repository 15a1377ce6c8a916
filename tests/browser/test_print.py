"""What people take home on paper."""

from io import BytesIO

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.page_checks import UNFOLD
from tests.browser.people import Mai, Person
from tests.browser.planted import World
from tests.browser.staff import PostClerk, Receptionist
from tests.browser.windows import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MILLIMETRE = 72 / 25.4
SHEETS = {"A4": (210, 297), "A5": (148, 210)}
FRAME = ("header.top", "footer.foot", ".btn", "nav.crumbs", ".skip")
"""What nobody wants on paper."""


PAPER_WIDTH = 680
"""What an A4 sheet leaves between its margins, CSS pixels."""

CUT_TABLES = """() => [...document.querySelectorAll('main table')].filter(e => e.checkVisibility())
 .filter(e => e.getBoundingClientRect().right > innerWidth + 1 || e.scrollWidth > e.clientWidth + 1
  || e.parentElement.scrollWidth > e.parentElement.clientWidth + 1)
 .map(e => e.caption?.textContent || e.className)"""


def printed(page: Page) -> PdfReader:
    """The page as the printer gets it; its own sheet size where it says one, else A4."""
    return PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))


def sheet(paper: PdfReader) -> tuple[int, int]:
    """Width and height of the first sheet, millimetres."""
    box = paper.pages[0].mediabox
    return round(float(box.width) / MILLIMETRE), round(float(box.height) / MILLIMETRE)


def frame_of(page: Page) -> list[str]:
    """The parts of the frame that would be printed."""
    return [part for part in FRAME for one in page.locator(part).all() if one.is_visible()]


@pytest.mark.parametrize(
    ("who", "path", "size"),
    [
        (Mai, "/ho-so/{filed}/bien-nhan", "A4"),
        (Receptionist, "/mot-cua/ho-so/{accepted_id}/giay-hen", "A5"),
        (PostClerk, "/buu-dien/tuyen/{run_id}/phieu", "A4"),
    ],
    ids=["the receipt", "the appointment slip", "the run sheet"],
)
def test_one_sheet_holds(who: type[Person], path: str, size: str, both_widths: Walk, world: World) -> None:
    person = who(both_widths)
    person.enters()
    person.opens(path.format(**vars(world)))
    person.page.emulate_media(media="print")

    paper = printed(person.page)

    assert frame_of(person.page) == []
    assert (len(paper.pages), sheet(paper)) == (1, SHEETS[size])


@pytest.mark.parametrize(
    ("who", "path"),
    [
        (Mai, "/ho-so/{accepted}"),
        (Mai, "/ho-so"),
        (Mai, "/thu-tuc/1.004873"),
        (PostClerk, "/buu-dien/tuyen/{run_id}/phieu"),
    ],
    ids=["the citizen's dossier", "the citizen's list", "the procedure", "the run sheet"],
)
def test_on_paper_there_is_no_frame_and_no_table_is_cut(
    who: type[Person], path: str, both_widths: Walk, world: World
) -> None:
    person = who(both_widths)
    person.enters()
    person.page.set_viewport_size({"width": PAPER_WIDTH, "height": 960})
    person.page.goto(path.format(**vars(world)))
    person.page.evaluate(UNFOLD)
    person.page.emulate_media(media="print")

    assert frame_of(person.page) == []
    assert person.page.evaluate(CUT_TABLES) == []


@pytest.mark.parametrize("width", [559, 390, 320], ids=["A5", "a phone", "the narrowest phone"])
def test_the_name_of_the_state_stands_on_one_line(width: int, both_widths: Walk, world: World) -> None:
    yen = Receptionist(both_widths)
    yen.enters()
    yen.page.set_viewport_size({"width": width, "height": 800})
    yen.opens(f"/mot-cua/ho-so/{world.accepted_id}/giay-hen")
    yen.page.emulate_media(media="print" if width == 559 else "screen")

    name = yen.page.locator(".fhead b", has_text="CỘNG HÒA XÃ HỘI")
    lines = name.evaluate("e => { const r = document.createRange(); r.selectNodeContents(e);"
                          " return new Set([...r.getClientRects()].map(b => b.top)).size }")  # fmt: skip

    assert lines == 1
    assert yen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
