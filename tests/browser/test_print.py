"""What people take home on paper."""

from io import BytesIO

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.people import Mai, Person
from tests.browser.planted import World
from tests.browser.staff import PostClerk, Receptionist
from tests.browser.windows import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MILLIMETRE = 72 / 25.4
SHEETS = {"A4": (210, 297), "A5": (148, 210)}
FRAME = ("header.top", "footer.foot", ".btn")
"""What nobody wants on paper."""


def printed(page: Page) -> PdfReader:
    """The page as the printer gets it; its own sheet size where it says one, else A4."""
    return PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))


def sheet(paper: PdfReader) -> tuple[int, int]:
    """Width and height of the first sheet, millimetres."""
    box = paper.pages[0].mediabox
    return round(float(box.width) / MILLIMETRE), round(float(box.height) / MILLIMETRE)


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

    frame = [part for part in FRAME for one in person.page.locator(part).all() if one.is_visible()]
    paper = printed(person.page)

    assert frame == []
    assert (len(paper.pages), sheet(paper)) == (1, SHEETS[size])
