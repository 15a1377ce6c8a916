"""Where everybody can go: the pages of each role that the whole road does not come by."""

from tests.browser.people import Huy, Mai, Person, Stranger
from tests.browser.planted import IMPORTED, ONLY_INFORMATION, World
from tests.browser.staff import (
    Administrator,
    AskedSpecialist,
    Carrier,
    CarrierWithoutRun,
    DeskWithoutWork,
    Leader,
    PostClerk,
    Receptionist,
    Specialist,
    Supervisor,
)

WHO: dict[str, type[Person]] = {
    "a stranger": Stranger,
    "a citizen": Mai,
    "a new citizen": Huy,
    "a receptionist": Receptionist,
    "an idle receptionist": DeskWithoutWork,
    "a leader": Leader,
    "a specialist": Specialist,
    "an asked specialist": AskedSpecialist,
    "a post clerk": PostClerk,
    "a carrier": Carrier,
    "an idle carrier": CarrierWithoutRun,
    "an administrator": Administrator,
    "a supervisor": Supervisor,
}


def addresses(who: str, world: World) -> list[str]:
    """What *who* opens, one after the other."""
    return _PAGES[who].format(**vars(world), imported=IMPORTED, level_1=ONLY_INFORMATION).split()


_PAGES = {
    "a stranger": """
        / /thu-tuc /thu-tuc?q=khai+sinh /thu-tuc?q=zzzz /thu-tuc?muc=3&muc=4&linh-vuc=Hộ%20tịch
        /thu-tuc?muc=1&buu-dien=co&linh-vuc=Hộ%20tịch /thu-tuc/linh-vuc
        /thu-tuc/1.001193 /thu-tuc/1.000894 /thu-tuc/2.000815 /thu-tuc/{level_1} /thu-tuc/{imported}
        /thu-tuc/1.001193/mau-don /thu-tuc/{imported}/van-ban-goc
        /tra-cuu /so-cai /so-cai?truoc=2020-07-20 /dang-nhap /dang-ky /quen-mat-khau /trinh-dien/thu
    """,
    "a citizen": """
        /ho-so /ho-so/{filed} /ho-so/{filed}/bien-nhan /ho-so/{filed}/rut
        /ho-so/{accepted} /ho-so/{accepted}/buu-ta/ket-qua /ho-so/{asked} /ho-so/{asked}/bo-sung
        /ho-so/{owing} /ho-so/{stopped} /ho-so/{drafted}
        /nop-ho-so/1.004873 /nop-ho-so/2.000815 /nop-ho-so/{imported} /tai-khoan /tai-khoan/lien-lac
        /tai-khoan/mat-khau /tai-khoan/xac-nhan /tai-khoan/buoc-hai /tai-khoan/buoc-hai/ung-dung
        /tai-khoan/luot-xem /tai-khoan/luot-xem?sau=20200101T000000000000-a-1 /hop-thu
        /tai-khoan/mat-khau /gui-lai/{kept_uid}
    """,
    "a new citizen": "/ho-so /hop-thu /thu-tuc /tai-khoan/luot-xem",
    "a receptionist": """
        /mot-cua /mot-cua?xem=cho-giay /mot-cua?xem=cho-chuyen /mot-cua?xem=cho-bo-sung
        /mot-cua?tim=0900000001 /mot-cua?tim=khong-co /mot-cua/ho-so/{filed_id}
        /mot-cua/ho-so/{accepted_id} /mot-cua/ho-so/{accepted_id}/giay-hen
        /mot-cua?xem=cho-nop-tien /mot-cua/ho-so/{owing_id}
        /mot-cua/ho-so/{asked_id} /mot-cua/tiep-nhan /mot-cua/tiep-nhan?tim=chung+thuc
        /mot-cua/tiep-nhan?thu-tuc=1.004873 /mot-cua/tiep-nhan?thu-tuc={imported} /mot-cua/buu-gui
        /quan-tri/dat-lai /tai-khoan /tai-khoan/buoc-hai
    """,
    "an idle receptionist": "/mot-cua /mot-cua/buu-gui",
    "a leader": """
        /mot-cua /mot-cua/ho-so/{accepted_id} /mot-cua/tiep-nhan /mot-cua/buu-gui
        /mot-cua/canh-bao /mot-cua/vang-mat
        /mot-cua?xem=dung-xu-ly /mot-cua/ho-so/{stopped_id} /mot-cua/ho-so/{consulted_id}
        /mot-cua /mot-cua/canh-bao /mot-cua/vang-mat /mot-cua/ho-so/{accepted_id} /mot-cua/tiep-nhan
        /mot-cua/buu-gui /mot-cua?xem=dung-xu-ly /mot-cua/ho-so/{stopped_id} /mot-cua/ho-so/{consulted_id}
    """,
    "a specialist": "/mot-cua?xem=cua-toi /mot-cua/ho-so/{consulted_id} /mot-cua/ho-so/{drafted_id}",
    "an asked specialist": "/mot-cua?xem=cho-y-kien /mot-cua/ho-so/{consulted_id}",
    "a post clerk": "/buu-dien /buu-dien/ban-giao /buu-dien/tuyen/{run_id}/phieu /tai-khoan",
    "a carrier": """
        /buu-ta /buu-ta?xem=phat /buu-ta?xem=xong /buu-ta/ban-giao /buu-ta/diem/{closed_stop}
        /buu-ta/diem/{opened} /buu-ta/diem/{opened}/khong-duoc /tai-khoan
    """,
    "an idle carrier": "/buu-ta /buu-ta/ban-giao",
    "an administrator": """
        /quan-tri /quan-tri?tim=zzzz /quan-tri/co-quan/1 /quan-tri/co-quan/{post_id} /quan-tri/co-quan/moi
        /quan-tri/co-quan/{ward_id}/sua /quan-tri/co-quan/{ward_id}/gio /quan-tri/co-quan/{post_id}/dia-ban
        /quan-tri/co-quan/{ward_id}/dong /quan-tri/co-quan/{ward_id}/so-cai
        /quan-tri/tai-khoan /quan-tri/tai-khoan?vai=chua-co /quan-tri/tai-khoan?co-quan={ward_id}
        /quan-tri/tai-khoan/moi /quan-tri/tai-khoan/{staff_uid} /quan-tri/tai-khoan/{staff_uid}/vai
        /quan-tri/tai-khoan/{staff_uid}/so-cai /quan-tri/tai-khoan/{staff_uid}/dong
        /quan-tri/vai/{appointment_id}/ket-thuc /quan-tri/vai/{appointment_id}/chuyen
        /quan-tri/ngay-dac-biet /quan-tri/ngay-dac-biet?nam=2050 /tai-khoan
        /quan-tri/quy-trinh /quan-tri/quy-trinh?tim=khai+sinh /quan-tri/quy-trinh/ban
        /quan-tri/quy-trinh/ban?cho=field:Hộ%20tịch /quan-tri/quy-trinh/soan?cho=1.001193
        /mot-cua/vang-mat?noi=4
        /quan-tri/ngay-dac-biet /quan-tri/ngay-dac-biet?nam=2050
        /quan-tri/ngay-dac-biet/moi /quan-tri/ngay-dac-biet/2021-01-01 /quan-tri/ngay-dac-biet/2020-01-01
        /quan-tri/lich-va-hen
        /tai-khoan
    """,
    "a supervisor": "/ /tai-khoan",
}
