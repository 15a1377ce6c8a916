"""Windows onto the running portal: every page that arrives in one is looked at, and what is wrong is kept."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, Route

from tests.browser.page_checks import CITIZEN, Budget, findings, over_budget

PHONE = 600
"""Below this width, CSS pixels, a window has the shape of a phone."""

PATIENCE_MS = 15_000
"""How long a window waits for something to appear before the test fails."""


Judged = dict[tuple[tuple[int, ...], bytes], list[str]]
"""What was wrong on a page, by its widths and what is the same at each view of it."""


@dataclass(frozen=True)
class Kind:
    """What sort of window: its budget, whether scripts run in it."""

    budget: Budget = CITIZEN
    scripts: bool = True


@dataclass
class Walk:
    """Several people's windows, and everything that was wrong on the pages they saw.

    A window has the first of the widths; its pages are judged at each of them.
    """

    browser: Browser
    address: str
    widths: tuple[int, ...]
    server_said: Sequence[str] = ()
    judged: Judged = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    windows: list["Window"] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How wide the windows are, CSS pixels."""
        return self.widths[0]

    def window(self, kind: Kind) -> "Window":
        """A new window with cookies of its own."""
        opened = Window(self, kind)
        self.windows.append(opened)
        return opened

    def context(self, *, scripts: bool) -> BrowserContext:
        """A browser context of the walk's width, in which nothing glides."""
        context = self.browser.new_context(
            viewport={"width": self.width, "height": 844 if self.width < PHONE else 800},
            base_url=self.address,
            locale="vi-VN",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        return context

    def complain(self, where: str, what: str) -> None:
        """Keep something wrong."""
        self.complaints.append(f"{urlsplit(where).path} {what}")

    def found_nothing_wrong(self) -> None:
        """Fail when any page of the walk was not as it should be, and say all that was wrong."""
        assert not self.complaints, "\n".join(dict.fromkeys(self.complaints))

    def close(self) -> None:
        """Close every window."""
        for window in self.windows:
            window.close()


class Window:
    """One window of one person."""

    def __init__(self, walk: Walk, kind: Kind) -> None:
        self.walk, self.kind = walk, kind
        self._context = walk.context(scripts=kind.scripts)
        self.page = self._context.new_page()
        self._seen: dict[str, Response] = {}
        self._answer: Response | None = None
        self._listen(self.page)
        self._glass = None if kind.scripts else self._second_pane()

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path)
        self.look()

    def follow(self, target: Locator) -> None:
        """Press a link or a button that leads to a page."""
        with self.page.expect_navigation():
            target.click()
        self.look()

    def look(self) -> None:
        """Judge the page that has just arrived."""
        answer = self.answer
        assert answer.status < 500, "".join(self.walk.server_said[-40:])
        body = answer.body()
        key = self.walk.widths, _likeness(body)
        if key not in self.walk.judged:
            pane = self._glass_showing(answer, body) if self._glass else self.page
            wrong = findings(pane, self.walk.widths) + over_budget(pane, self.kind.budget, body, self._seen)
            self.walk.judged[key] = wrong
        for what in self.walk.judged[key] + self._wrong_title(answer.status):
            self.walk.complain(self.page.url, what)

    @property
    def answer(self) -> Response:
        """What the server said to the last address that was opened."""
        assert self._answer is not None, "nothing was opened yet"
        return self._answer

    def close(self) -> None:
        """Close the window."""
        self._context.close()
        if self._glass:
            self._glass.context.close()

    def _second_pane(self) -> Page:
        """Where a page that came without scripts is judged: axe itself is one. No cookies, no requests."""
        pane = self.walk.context(scripts=True).new_page()
        self._listen(pane)
        return pane

    def _glass_showing(self, answer: Response, body: bytes) -> Page:
        """The same bytes with the same headers, shown in the second pane."""
        assert self._glass is not None
        address = self.page.url.partition("#")[0]
        kept = {name: value for name, value in answer.headers.items() if not name.startswith("content-l")}
        self._glass.route(address, _given(answer.status, kept, body))
        self._glass.goto(address)
        self._glass.unroute(address)
        return self._glass

    def _listen(self, page: Page) -> None:
        page.on("response", self._note)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.walk.complain(page.url, f"script fails: {error}"))

    def _note(self, response: Response) -> None:
        self._seen[response.url] = response
        request = response.request
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self._answer = response

    def _heard(self, message: ConsoleMessage) -> None:
        """A word on the console, but for the browser's own about a page that is an error on purpose."""
        told = message.location["url"].partition("#")[0] if message.location else ""
        status = "status of 4" in message.text and told == self.page.url.partition("#")[0]
        if message.type in ("error", "warning") and not status:
            self.walk.complain(self.page.url, f"console: {message.text}")

    def _wrong_title(self, status: int) -> list[str]:
        """A title says which page it is, and that there is something wrong on it."""
        title, path = self.page.title(), urlsplit(self.page.url).path
        if status == 422 and not title.startswith(("Lỗi:", "Error:")):
            return [f"the title hides the error: {title}"]
        if status >= 400:
            return []
        first = self.walk.titles.setdefault(title, path)
        return [f"has the title of {first}: {title}"] if first != path else []


def _likeness(body: bytes) -> bytes:
    """What two views of the same page share: all but numbers, tokens and keys."""
    return re.sub(rb' value="[^"]*"|[0-9a-f]{8}-[0-9a-f-]+|[0-9]+', b"", body)


def _given(status: int, headers: dict[str, str], body: bytes) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, headers=headers, body=body)
