"""One dossier on its whole road, by everybody who has a part in it, in a real browser."""

from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.people import Citizen, Mai
from tests.browser.planted import World
from tests.browser.staff import Carrier, Leader, PostClerk, Receptionist, RecordsClerk, Specialist
from tests.browser.windows import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PROCEDURE = "Cấp Giấy xác nhận tình trạng hôn nhân"
PAPER = "Giấy tờ chứng minh nơi cư trú"
CARD = "CMND, căn cước hoặc hộ chiếu"
SEALS = count(880_001)

LAW = [
    "Quầy Một Cửa tiếp nhận",
    "Chuyển chuyên viên thẩm tra",
    "Cơ quan yêu cầu bổ sung",
    "Đã bổ sung",
    "Trình lãnh đạo ký",
    "Lãnh đạo đã ký",
    "Đã có kết quả",
    "Đã trả kết quả",
]
"""What the law did, in order, on the citizen's line of time."""

POST = ["đã nhận 1 tờ từ Nguyễn Văn Bình", "đã bàn giao phong bì cho UBND phường Phú Hòa", "đã phát tận tay"]
"""What the post did, in order, on the same line."""


@dataclass
class Filed:
    """A dossier of one walk: the house it belongs to, what was sent with it, its codes."""

    street: str
    photo: Path
    code: str = ""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo of a paper, as small as a photo may be."""
    path = tmp_path / "so-ho-khau.jpg"
    Image.linear_gradient("L").resize((480, 640)).convert("RGB").save(path, quality=60)
    return path


@pytest.fixture
def result(tmp_path: Path) -> Path:
    """The paper that the citizen wants, as a PDF."""
    path = tmp_path / "giay-xac-nhan.pdf"
    Image.new("RGB", (420, 594), "white").save(path)
    return path


def filed_by(citizen: Citizen, filed: Filed) -> None:
    """The citizen finds the procedure, and files it for the post."""
    citizen.finds("xac nhan tinh trang hon nhan", PROCEDURE)
    citizen.begins()
    citizen.declares(filed.street)
    citizen.uploads(filed.photo)
    citizen.chooses_the_post("10:00–12:00")
    filed.code = citizen.sends()
    citizen.goes("Theo dõi hồ sơ")


def collected_from(walk: Walk, filed: Filed, carrier: Carrier) -> str:
    """The post comes for the papers; the envelope lies at the desk in the end."""
    clerk = PostClerk(walk)
    clerk.enters()
    carrier.opens_stop(clerk.gives(filed.street, carrier.name))
    envelope = carrier.counts_and_seals(f"NP {next(SEALS)}")
    carrier.gives_to_desk(envelope)
    return envelope


def accepted_at(desk: Receptionist, envelope: str, filed: Filed) -> None:
    """The desk counts again and takes the dossier in."""
    desk.confirms(envelope, {PAPER: 1})
    desk.opens_dossier(filed.code)
    filed.code = desk.accepts()
    desk.forwards()


def supplemented(specialist: Specialist, citizen: Citizen, filed: Filed) -> None:
    """The specialist asks for one paper more, and the citizen sends it from the phone."""
    specialist.opens_dossier(filed.code)
    specialist.asks_for(CARD, "Cần ảnh cả hai mặt, thấy rõ ngày cấp.")
    citizen.looks_up_own(filed.code)
    citizen.reads("Cần ảnh cả hai mặt, thấy rõ ngày cấp.")
    citizen.answers(filed.photo)


def decided(walk: Walk, specialist: Specialist, filed: Filed, result: Path) -> None:
    """The specialist proposes, the leader signs, the records clerk issues."""
    specialist.opens_dossier(filed.code)
    specialist.proposes("Đủ điều kiện xác nhận.", result)
    leader, records = Leader(walk), RecordsClerk(walk)
    leader.enters()
    leader.opens_dossier(filed.code)
    leader.signs()
    records.enters()
    records.opens_dossier(filed.code)
    records.issues("128/XN-UBND")


def brought_home(walk: Walk, filed: Filed, desk: Receptionist, carrier: Carrier, citizen: Citizen) -> None:
    """The desk seals the result, the carrier takes it over and gives it to the citizen."""
    seal = f"NP {next(SEALS)}"
    desk.sends_result(filed.code, seal, carrier.name)
    clerk = PostClerk(walk)
    clerk.enters()
    order = clerk.gives(filed.street, carrier.name)
    carrier.takes_over(seal)
    carrier.opens_stop(order)
    citizen.looks_up_own(filed.code)
    carrier.delivers(citizen.name, citizen.delivery_code())


def in_order(wanted: list[str], told: list[str]) -> bool:
    """Whether *told* says each of *wanted*, one after the other."""
    rest = iter(told)
    return all(any(words in title for title in rest) for words in wanted)


def test_seven_people_take_one_dossier_from_a_question_to_its_result(
    walk: Walk, photo: Path, result: Path
) -> None:
    filed = Filed(f"12/{walk.width} Lê Hồng Phong", photo)
    citizen, carrier, desk, specialist = Citizen(walk), Carrier(walk), Receptionist(walk), Specialist(walk)
    filed_by(citizen, filed)
    for person in (carrier, desk, specialist):
        person.enters()

    envelope = collected_from(walk, filed, carrier)
    accepted_at(desk, envelope, filed)
    supplemented(specialist, citizen, filed)
    decided(walk, specialist, filed, result)
    brought_home(walk, filed, desk, carrier, citizen)

    citizen.looks_up_own(filed.code)
    citizen.reads("Đã trả kết quả")
    assert in_order(LAW, citizen.timeline())
    assert in_order(POST, citizen.timeline())
    looked = citizen.who_looked()
    assert [name for name in ("Phan Thị Yến", "Trần Thu Hà", "Nguyễn Thị Lan", "Hồ Quốc Bảo", "Lê Văn Tám")
            if name not in looked] == []  # fmt: skip
    walk.found_nothing_wrong()


def test_a_pickup_that_fails_comes_back_to_the_clerk_for_a_second_try(walk: Walk, world: World) -> None:
    order, mai, clerk, carrier = world.pickups[walk.width], Mai(walk), PostClerk(walk), Carrier(walk)
    for person in (mai, clerk, carrier):
        person.enters()

    clerk.gives(order, carrier.name)
    carrier.opens_stop(order)
    carrier.fails("Vắng nhà")

    clerk.opens("/buu-dien")
    assert "Lần 2" in clerk.row(order).inner_text()
    mai.opens(f"/ho-so/{world.pickup_dossiers[walk.width]}")
    mai.reads("Vắng nhà")
    walk.found_nothing_wrong()
