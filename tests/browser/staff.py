"""People of the post and of the ward office, with verbs for what they do at their windows."""

import re
from pathlib import Path

from playwright.sync_api import Locator

from tests.browser.page_checks import CARRIER, DESK
from tests.browser.people import Person
from tests.browser.windows import Kind

OFFICIAL = re.compile(r"\d{3}\.\d{2}\.\d{2}\.H09-\d{6}-\d{4}")
ORDER = re.compile(r"DH-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")
ENVELOPE = re.compile(r"PH-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")


class PostClerk(Person):
    """Gives orders to carriers."""

    kind = Kind(DESK)
    name = "Võ Minh Thư"

    def row(self, street: str) -> Locator:
        """The waiting order of a house."""
        return self.main.get_by_role("row").filter(has_text=street)

    def gives(self, street: str, carrier: str) -> str:
        """Put the order of a house onto a carrier's run; its code."""
        self.opens("/buu-dien")
        code = ORDER.findall(self.row(street).inner_text())[0]
        self.row(street).get_by_role("checkbox").check()
        self.picks("Bưu tá", carrier)
        self.presses("Giao các đơn đã chọn")
        self.is_told("Đã giao 1 đơn")
        return code


class Carrier(Person):
    """Goes from door to door with a phone."""

    kind = Kind(CARRIER)
    name = "Lê Văn Tám"

    def opens_stop(self, order: str) -> None:
        """Open the address of a stop of the run."""
        self.opens("/buu-ta?xem=lay")
        if not self.main.get_by_text(order).count():
            self.opens("/buu-ta?xem=phat")
        self.presses(order)

    def counts_and_seals(self, seal: str) -> str:
        """Count every paper with the citizen and seal; the envelope's code."""
        for counter in self.main.locator("ol.pcs li").all():
            for _sheet in range(int(counter.get_by_role("spinbutton").get_attribute("data-need") or 0)):
                counter.get_by_role("button", name="Thêm một tờ").click()
        self.types("Số niêm phong trên túi", seal)
        self.ticks("Người dân đã xem danh sách")
        self.ticks("Đã nhận tiền mặt")
        self.presses("Đã niêm phong")
        return ENVELOPE.findall(self.is_told("Đã lấy và niêm phong"))[0]

    def gives_to_desk(self, envelope: str) -> None:
        """Hold the envelope out to its desk."""
        self.opens("/buu-ta/ban-giao")
        self.ticks(envelope)
        self.presses("Giao quầy UBND phường Phú Hòa")
        self.is_told("chờ bên nhận xác nhận")

    def takes_over(self, seal: str) -> None:
        """Confirm the envelope that the desk holds out."""
        self.opens("/buu-ta")
        self.goes("Xem và nhận")
        self.presses("Niêm phong nguyên, tôi nhận", within=self.main.locator("li").filter(has_text=seal))

    def delivers(self, receiver: str, code: str) -> None:
        """Give the envelope to its receiver, who reads the code out."""
        self.types("Họ tên người nhận", receiver)
        self.types("Mã nhận 6 số", code)
        self.ticks("Đã nhận tiền mặt")
        self.presses("Đã giao")

    def fails(self, reason: str) -> None:
        """Report that nothing came of the stop."""
        self.goes("Không lấy được")
        self.ticks(reason)
        self.presses("Báo về bưu cục")


class Official(Person):
    """Somebody of the ward office of Phú Hòa."""

    kind = Kind(DESK)
    view = ""

    def opens_dossier(self, code: str, view: str = "") -> None:
        """Open a dossier from the own list."""
        self.opens("/mot-cua")
        self.goes(view or self.view, within=self.main.get_by_role("navigation", name="Nhóm việc"))
        self.goes("Cấp Giấy xác nhận", within=self.main.get_by_role("row").filter(has_text=code))

    def unfolds(self, move: str) -> None:
        """Unfold one of the moves."""
        self.main.locator("summary", has_text=move).click()


class Receptionist(Official):
    """Takes envelopes and dossiers in, and hands results out."""

    name = "Phan Thị Yến"
    view = "Tiếp nhận"

    def confirms(self, envelope: str, sheets: dict[str, int]) -> None:
        """Count an envelope again and take it over."""
        self.opens("/mot-cua/buu-gui")
        offered = self.main.get_by_role("region", name=envelope)
        for paper, count in sheets.items():
            self.types(paper, str(count), within=offered)
        self.presses("Xác nhận đã nhận", within=offered)
        self.is_told(envelope)

    def accepts(self) -> str:
        """Take the open dossier in; the official code."""
        self.presses("Tiếp nhận và cấp giấy hẹn")
        return OFFICIAL.findall(self.is_told("Đã tiếp nhận"))[0]

    def forwards(self) -> None:
        """Pass the open dossier on."""
        self.presses("Chuyển chuyên viên")

    def sends_result(self, code: str, seal: str, carrier: str) -> None:
        """Seal a result and hold it out to a carrier."""
        self.opens("/mot-cua/buu-gui")
        leaving = self.main.get_by_role("region", name=code)
        self.types("Số niêm phong", seal, within=leaving)
        leaving.get_by_label("Bưu tá").select_option(label=carrier)
        self.presses("Niêm phong và giao bưu tá", within=leaving)


class Specialist(Official):
    """Appraises dossiers."""

    name = "Trần Thu Hà"
    view = "Thẩm tra"

    def asks_for(self, paper: str, words: str) -> None:
        """Ask the citizen for a paper."""
        self.unfolds("Yêu cầu bổ sung")
        asked = self.main.get_by_role("group", name=paper)
        asked.get_by_role("checkbox").check()
        self.types("Nói rõ chỗ nào", words, within=asked)
        self.presses("Gửi phiếu bổ sung")

    def proposes(self, opinion: str, result: Path) -> None:
        """Propose the drafted result."""
        self.types("Ý kiến thẩm tra", opinion)
        self.adds("Dự thảo kết quả", result)
        self.presses("Trình lãnh đạo ký")


class Leader(Official):
    """Signs."""

    name = "Nguyễn Thị Lan"
    view = "Chờ ký"

    def signs(self) -> None:
        """Sign the open dossier's result."""
        self.presses("Ký và chuyển văn thư")


class RecordsClerk(Official):
    """Numbers and issues results."""

    name = "Hồ Quốc Bảo"
    view = "Vào số"

    def issues(self, number: str) -> None:
        """Enter the result in the book."""
        self.types("Số của kết quả trong sổ", number)
        self.presses("Vào số, báo có kết quả")


class DeskWithoutWork(Receptionist):
    """The receptionist of a ward where nobody has filed anything."""

    name = "Lê Thị Hồng Nhung"


class AskedSpecialist(Specialist):
    """A specialist of the ward that was asked for its opinion."""

    name = "Phạm Quốc Việt"


class CarrierWithoutRun(Carrier):
    """A carrier who has nothing to do today."""

    name = "Bùi Văn Chín"


class Administrator(Person):
    """Looks after offices and accounts."""

    kind = Kind(DESK)
    name = "Mai Anh Khoa"


class Supervisor(Person):
    """Watches over the province."""

    kind = Kind(DESK)
    name = "Đặng Hữu Phước"
