"""For any eyes, ears and hands: every page at 200 %, in forced colours, at rest, with names, by the keyboard."""

import pytest

from tests.browser.addresses import WHO, addresses
from tests.browser.phone_checks import troubles
from tests.browser.planted import World
from tests.browser.windows import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("who", WHO)
def test_every_page_serves_any_eyes_ears_and_hands_of(who: str, both_widths: Walk, world: World) -> None:
    person = WHO[who](both_widths)
    person.enters()

    found = {}
    for path in addresses(who, world):
        person.page.goto(path)
        found[path] = troubles(person.page)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
