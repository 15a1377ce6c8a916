"""People at a window of their own: what anybody does in one, and what a citizen does."""

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.windows import Kind, Walk

PROVISIONAL = re.compile(r"TN-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")


class Person:
    """Somebody in front of a window; whatever page comes, the walk keeps what is wrong on it."""

    kind = Kind()
    name = ""

    def __init__(self, walk: Walk) -> None:
        self.window = walk.window(self.kind)
        self.page = self.window.page
        self.main = self.page.locator("main")

    def opens(self, path: str) -> None:
        """Type an address."""
        self.window.open(path)

    def enters(self) -> None:
        """Sign in by the own card on the sign-in page."""
        self.opens("/dang-nhap")
        self.takes_card()

    def takes_card(self) -> None:
        """Press the own card; those of other offices unfold."""
        card = self.main.get_by_role("button", name=self.name)
        if not card.is_visible():
            self.main.locator("summary").click()
        self.window.follow(card)

    def presses(self, name: str, within: Locator | None = None) -> None:
        """Press the one button of this name."""
        self.window.follow((within or self.main).get_by_role("button", name=name))

    def goes(self, name: str, within: Locator | None = None) -> None:
        """Follow the one link of this name."""
        self.window.follow((within or self.main).get_by_role("link", name=name))

    def types(self, label: str, text: str, within: Locator | None = None) -> None:
        """Fill a field."""
        (within or self.main).get_by_label(label).fill(text)

    def ticks(self, label: str, within: Locator | None = None) -> None:
        """Choose a radio button or tick a box."""
        (within or self.main).get_by_label(label).check()

    def picks(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.main.get_by_label(label).select_option(label=option)

    def adds(self, label: str, file: Path) -> None:
        """Put a file into a field."""
        self.main.get_by_label(label).set_input_files(file)

    def is_told(self, words: str) -> str:
        """The notice of what has just happened, which has these *words*."""
        told = self.page.locator(".flashes")
        expect(told).to_contain_text(words)
        return told.inner_text()

    def reads(self, words: str) -> None:
        """See *words* on the page."""
        expect(self.main).to_contain_text(words)


class Citizen(Person):
    """A citizen with a phone that runs no scripts."""

    kind = Kind(scripts=False)
    name = "Nguyễn Văn Bình"

    def finds(self, words: str, procedure: str) -> None:
        """Search the catalogue and open a procedure."""
        self.opens("/")
        self.page.get_by_role("searchbox").fill(words)
        self.presses("Tìm thủ tục")
        self.goes(procedure)

    def begins(self) -> None:
        """Start without an account, sign in on the way, and come out where the filing begins."""
        self.goes("Bắt đầu nộp")
        self.takes_card()
        self.presses("Bắt đầu")

    def declares(self, street: str) -> None:
        """Fill the pages of the form, for oneself, never married."""
        self.goes_on()
        self.ticks("Cho chính tôi")
        self.goes_on()
        self._declares_person(street)
        self.goes_on()
        self.ticks("Chưa đăng ký kết hôn với ai")
        self.ticks("Mua bán nhà đất, vay vốn")
        self.goes_on()

    def _declares_person(self, street: str) -> None:
        self.types("Ngày, tháng, năm sinh", "12/03/1987")
        self.main.get_by_role("radio", name="Nam", exact=True).check()
        self.types("Dân tộc", "Kinh")
        self.picks("Nơi cư trú: phường, xã", "Phường Phú Hòa")
        self.types("Nơi cư trú: số nhà", street)

    def uploads(self, photo: Path) -> None:
        """Send the photo of the one paper that is asked for."""
        self.adds("Giấy tờ chứng minh nơi cư trú", photo)
        self.presses("Tải lên và ở lại")
        self.reads(photo.name)
        self.goes_on()

    def chooses_the_post(self, window: str) -> None:
        """Let the carrier come for the papers and bring the result, both at *window*."""
        self.ticks("Bưu tá đến lấy giấy")
        self.ticks("Bưu tá phát tận tay")
        for group in self.main.get_by_role("group", name="Khung giờ bưu tá đến").all():
            group.get_by_label(window).check()
        self.presses("Lưu và xem lại")

    def sends(self) -> str:
        """Declare it true and file; the provisional code."""
        self.ticks("Tôi cam đoan lời khai trên là đúng")
        self.presses("Nộp hồ sơ")
        return PROVISIONAL.findall(self.main.inner_text())[0]

    def goes_on(self) -> None:
        """Save the page and go to the next."""
        self.presses("Lưu và tiếp tục")

    def looks_up_own(self, code: str) -> None:
        """Open the own dossier from the list."""
        self.opens("/ho-so")
        self.goes("Cấp Giấy xác nhận", within=self.main.get_by_role("row").filter(has_text=code))

    def answers(self, photo: Path) -> None:
        """Send what the office asks for."""
        self.goes("Bổ sung ngay")
        self.adds("Tệp mới", photo)
        self.presses("Gửi phần bổ sung")

    def delivery_code(self) -> str:
        """The six digits to read out to the carrier."""
        shown = self.main.get_by_role("region", name="Mã nhận").inner_text()
        return re.findall(r"\b\d{6}\b", shown)[0]

    def timeline(self) -> list[str]:
        """The titles on the line of time."""
        return self.main.locator("ol.route h3").all_inner_texts()

    def who_looked(self) -> str:
        """The access log of the dossier."""
        self.main.get_by_text("Ai đã xem hồ sơ của tôi").click()
        return self.main.locator("details", has_text="Ai đã xem hồ sơ của tôi").inner_text()


class Mai(Person):
    """A citizen whose dossiers were planted; no scripts."""

    kind = Kind(scripts=False)
    name = "Đỗ Thị Mai"


class Huy(Mai):
    """A citizen who has never filed anything."""

    name = "Trần Quang Huy"


class Stranger(Mai):
    """Somebody who has not signed in."""

    name = ""

    def enters(self) -> None:
        """Stay outside."""
