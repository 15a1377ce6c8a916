"""A town in which every request of the table waits to be sent: led there by real people on real pages."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from portal.accounts import sessions
from portal.accounts.calendars import calendar_of
from portal.accounts.models import Role
from portal.app import create_app
from portal.dossiers import actions as dossiers
from portal.dossiers.models import Dossier
from portal.dossiers.states import Fault, Status, Step
from portal.ground import ledger
from portal.ground.config import Settings
from portal.ground.open_hours import day_of
from portal.ground.sealing import keys_of
from portal.messages.actions import tell
from portal.postal import actions as post
from portal.postal.checklist import wanted
from portal.postal.models import Holder
from portal.postal.states import HolderKind
from portal.web.context import wall_clock
from tests import make, postgres
from tests.conftest import Clock, fresh_url, settings_for
from tests.crash.killing import File, Request
from tests.crash.places import Place, PostgresPlace, SqlitePlace
from tests.dossiers.test_drafts import STATUS
from tests.postal.journey import HOME, Journey, seal_number
from tests.sites.test_filing import BINH, MAI, Filer, place
from tests.sites.test_ward_intake import COPIES, PERSON, chosen, counted
from tests.sites.ward_pages import DESK, hidden_of, page_of

CARRIER, CLERK = "buuta.tam", "giaodich.thu"
ELSEWHERE = "Hiệp Thành"
ONCE = {"khoa": "khoa-cua-trang"}
"""The key that the page of a form carried."""

AHEAD = timedelta(minutes=15)
"""Sessions begin so much later than now: none is due to be marked as seen while servers are killed."""


@dataclass(frozen=True)
class World:
    """The database to kill a server on, the portal's settings and moment, and the requests by name."""

    place: Place
    settings: Settings
    at: datetime
    requests: dict[str, Request]


def build(kind: str, folder: Path) -> World:
    """Lead everybody to where their request waits, on a database of *kind*."""
    settings = settings_for(folder, fresh_url(kind, True, folder))
    clock = Clock()
    app = create_app(settings, clock=clock)
    app.config.update(WTF_CSRF_ENABLED=False)
    with app.extensions["database"].writing() as session:
        town = _Town(app, clock, Journey(session))
        requests = {name: prepare(town) for name, prepare in TABLE.items()}
        session.commit()
    app.extensions["database"].dispose()
    return _frozen(kind, folder, settings, clock.at, requests)


def _frozen(kind: str, folder: Path, settings: Settings, at: datetime, requests: dict[str, Request]) -> World:
    """The world as it is now becomes what each kill starts from."""
    if kind == "sqlite":
        file = Path(settings.database.removeprefix("sqlite:///"))
        template = file.with_suffix(".template")
        shutil.copy(file, template)
        return World(SqlitePlace(template, file), settings, at, requests)
    template = make_url(settings.database).database or ""
    killed = PostgresPlace(postgres.server().folder, template, f"{template}_killed")
    return World(killed, settings_for(folder, killed.url), at, requests)


class _Town:
    """The pages and the people behind them, on one database."""

    def __init__(self, app: Flask, clock: Clock, journey: Journey) -> None:
        self.app, self.clock, self.journey = app, clock, journey
        self.session: Session = journey.session
        self.tokens: dict[str, str] = {}

    def client(self, name: str) -> FlaskClient:
        """A browser in which *name* is signed in; what the journey made is committed."""
        if name not in self.tokens:
            person = make.account(self.session, name)
            held = person.appointments[0] if person.appointments else None
            soon = wall_clock() + AHEAD
            self.tokens[name] = sessions.open_session(self.session, person, at=soon, appointment=held)
        self.clock.at = self.journey.tick()
        self.session.commit()
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = self.tokens[name], True
        return client

    def request(self, name: str, path: str, data: dict[str, object], **files: File) -> Request:
        """What *name* is about to send."""
        self.client(name)
        named = {field.replace("_", "-"): file for field, file in files.items()}
        return Request(self.tokens[name], path, ONCE | data, named)

    def move(self, role: str, dossier: Dossier, word: str, **typed: object) -> Request:
        """A form on the desk's page of *dossier*, as it was shown and filled."""
        here = page_of(dossier.id)
        hidden = hidden_of(self.client(DESK[role]).get(here).text, f"{here}/{word}")
        return self.request(DESK[role], f"{here}/{word}", hidden | typed)

    def dossier(self, status: Status = Status.SUBMITTED, step: Step | None = None, **ways: object) -> Dossier:
        """A dossier of the first citizen that walked to *status*."""
        made = make.dossier(self.session, status, at=self.journey.tick(), step=step, **ways)
        for _minute in range(10):
            self.journey.tick()
        return made


def _photo() -> File:
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return File("sổ hộ khẩu.jpg", out.getvalue())


def _file_online(town: _Town) -> Request:
    filer = Filer(town.client(MAI)).fill().send()
    return town.request(MAI, f"{filer.address}/xem-lai", {"declared": "y"})


def _file_by_post(town: _Town) -> Request:
    filer = Filer(town.client(MAI)).fill().send("post", "post", **place("pickup"), **place("back"))
    return town.request(MAI, f"{filer.address}/xem-lai", {"declared": "y"})


def _keep_a_page(town: _Town) -> Request:
    filer = Filer(town.client(BINH)).fill()
    return town.request(BINH, f"{filer.address}/to-khai/tinh-trang", STATUS)


def _upload(town: _Town) -> Request:
    filer = Filer(town.client(BINH)).fill()
    return town.request(BINH, f"{filer.address}/anh", {}, tep_noi_cu_tru=_photo())


def _answer_supplement(town: _Town) -> Request:
    dossier = make.dossier(town.session, at=town.journey.tick(), by=make.actor(town.session, MAI))
    lines = [
        dossiers.Asked(Fault.BLURRED, "Dòng ngày sinh bị lóa.", item_key="noi-cu-tru"),
        dossiers.Asked(Fault.MISSING, "Thiếu.", item_key="giay-to-tuy-than"),
    ]
    by = town.journey.receptionist
    dossiers.ask_supplement(town.session, dossier, lines, by=by, at=town.journey.tick())
    said = {"loi-giay-to-tuy-than": "Thẻ đang làm lại."}
    return town.request(MAI, f"/ho-so/{dossier.shown_code}/bo-sung", said, tep_noi_cu_tru=_photo())


def _take_in(town: _Town) -> Request:
    html = town.client(DESK["receptionist"]).get(COPIES).text
    hidden = hidden_of(html, "/mot-cua/tiep-nhan")
    typed = {**hidden, **PERSON, **chosen(html), **counted(html), "nhan": "desk", "viec": "tiep-nhan"}
    return town.request(DESK["receptionist"], COPIES, typed)


def _accept(town: _Town) -> Request:
    return town.move("receptionist", town.dossier(), "tiep-nhan")


def _finish(town: _Town) -> Request:
    signed = town.dossier(Status.IN_PROGRESS, Step.ISSUING)
    return town.move("records_clerk", signed, "phat-hanh", so_ket_qua="12/XN")


def _hand_over_at_the_desk(town: _Town) -> Request:
    said = {"nguoi_nhan": MAI, "quan_he": "owner", "da_doi_chieu": "y"}
    return town.move("receptionist", town.dossier(Status.FINISHED), "tra-ket-qua", **said)


def _ask_a_register(town: _Town) -> Request:
    dossier = town.dossier()
    dossier.owner_identity_sealed = keys_of(town.session).seal("074087001942", dossier.bound_to)
    return town.move("receptionist", dossier, "tra-cuu")


def _take_cash(town: _Town) -> Request:
    paid = {"loai": "levy", "so_tien": "8000", "nguoi_nop_tien": MAI}
    return town.move("receptionist", town.dossier(Status.ACCEPTED), "thu-tien", **paid)


def _collect(town: _Town) -> Request:
    order = town.journey.pickup()
    town.journey.opened(order)
    sheets = {f"dem_{one.item_id}_{one.form}": one.needed for one in wanted(order.dossier, order.purpose)}
    said = {"nguoi_giao": HOME.name, "niem_phong": seal_number(), "dong_y": "y", "tien": "tien_mat"}
    return town.request(CARRIER, f"/buu-ta/diem/{order.code}/lay", sheets | said)


def _offer_to_the_desk(town: _Town) -> Request:
    envelope = town.journey.collected()
    return town.request(CARRIER, "/buu-ta/ban-giao", {"phong_bi": [envelope.code], "noi": "quay"})


def _confirm_at_the_desk(town: _Town) -> Request:
    offered = town.journey.offered_to_desk()
    typed = {f"den-{offered.id}-dem-{line.id}": str(line.counted) for line in offered.envelope.lines}
    address = f"/mot-cua/buu-gui/ban-giao/{offered.id}/xac-nhan"
    return town.request(DESK["receptionist"], address, typed)


def _confirm_at_the_counter(town: _Town) -> Request:
    envelope = town.journey.collected()
    counter = Holder(HolderKind.POST_OFFICE, office_id=envelope.order.post_office_id)
    journey = town.journey
    offered = post.offer(journey.session, envelope, counter, by=journey.carrier, at=journey.tick())
    journey.session.flush()
    return town.request(CLERK, "/buu-dien/ban-giao/nhan", {"lan": [str(offered.id)]})


def _give_out(town: _Town) -> Request:
    order = town.journey.back()
    town.journey.stop(order)
    key = f"di-{order.dossier_id}"
    typed = {f"{key}-niem_phong": seal_number(), f"{key}-buu_ta": str(town.journey.carrier.account_id)}
    return town.request(DESK["receptionist"], f"/mot-cua/buu-gui/ho-so/{order.dossier_id}/giao", typed)


def _take_over(town: _Town) -> Request:
    order, journey = town.journey.back(), town.journey
    journey.stop(order)
    by = journey.receptionist
    offered = post.offer_to_carrier(
        journey.session, order.dossier, journey.carrier.account_id, seal_number(), by=by, at=journey.tick()
    )
    journey.session.flush()
    return town.request(CARRIER, f"/buu-ta/ban-giao/{offered.id}/nhan", {})


def _deliver(town: _Town) -> Request:
    order = town.journey.back()
    town.journey.with_carrier(order)
    spoken = {"nguoi_nhan": HOME.name, "ma": order.delivery_code, "tien": "tien_mat"}
    return town.request(CARRIER, f"/buu-ta/diem/{order.code}/phat", spoken)


def _asked(town: _Town, word: str) -> Callable[..., Request]:
    """A form of a role on a dossier in appraisal, with what is typed into it."""

    def prepare(role: str, **typed: object) -> Request:
        return town.move(role, town.dossier(Status.IN_PROGRESS), word, **typed)

    return prepare


def _assign(town: _Town) -> Request:
    other = make.official(town.session, Role.SPECIALIST).account_id
    return _asked(town, "phan-cong")("leader", giao_cho=str(other), loi_giao="Gấp")


def _consult(town: _Town) -> Request:
    there = make.office(town.session, ELSEWHERE).id
    question = {"co_quan_hoi": str(there), "dieu_hoi": "Có không?", "so_ngay_hoi": "2"}
    return _asked(town, "lay-y-kien")("specialist", **question)


def _link(town: _Town) -> Request:
    there, version = make.office(town.session, ELSEWHERE).id, make.version(town.session, make.BIRTH).id
    chosen_there = {"co_quan_lien_thong": str(there), "thu_tuc_lien_thong": str(version)}
    return _asked(town, "lien-thong")("specialist", **chosen_there)


def _apologise(town: _Town) -> Request:
    """On the first working day after the promise that the page offers."""
    dossier = town.dossier(Status.IN_PROGRESS)
    calendar = calendar_of(town.session, dossier.office_id, day_of(town.journey.at))
    later = calendar.next_working_day(day_of(dossier.due_at))
    typed = {"ngay_hen_lai": later.isoformat(), "ly_do_hen_lai": "Chờ xác minh"}
    return town.move("leader", dossier, "hen-lai", **typed)


def _propose(town: _Town) -> Request:
    dossier = town.dossier(Status.IN_PROGRESS)
    make.result_file(town.session, dossier, make.official(town.session, Role.SPECIALIST), town.journey.at)
    return town.move("specialist", dossier, "trinh-ky", y_kien="Đủ điều kiện.")


def _sign(town: _Town) -> Request:
    return town.move("leader", town.dossier(Status.IN_PROGRESS, Step.SIGNING), "ky", ghi_chu_ky="")


def _stop(town: _Town) -> Request:
    return _asked(town, "dung")("leader", ly_do_dung="Tòa án đang xét")


def _resume(town: _Town) -> Request:
    return town.move("leader", town.dossier(Status.STOPPED), "xu-ly-tiep")


def _withdraw_what_was_asked_about(town: _Town) -> Request:
    """With a question open elsewhere, which ends with it."""
    dossier = make.dossier(
        town.session, Status.IN_PROGRESS, at=town.journey.tick(), by=make.actor(town.session, MAI)
    )
    question = dossiers.Question(make.office(town.session, ELSEWHERE), "Có không?", 2)
    by = make.official(town.session, Role.SPECIALIST)
    dossiers.consult(town.session, dossier, question, by=by, at=town.journey.at + timedelta(minutes=9))
    code = dossier.shown_code
    for _minute in range(15):
        town.journey.tick()
    return town.request(MAI, f"/ho-so/{code}/rut", {"reason": "Không cần nữa"})


def _read_the_box(town: _Town) -> Request:
    dossier = town.dossier()
    tell(town.session, ledger.history(town.session, "dossier", dossier.id), by_email=False, wall=wall_clock())
    return town.request(MAI, "/hop-thu/da-doc", {})


def _declare_a_day_off(town: _Town) -> Request:
    """Every promise that runs in this town and meets the day is to be moved."""
    town.dossier(Status.ACCEPTED)
    day = f"{day_of(town.journey.at) + timedelta(days=2):%d/%m/%Y}"
    said = {"loai": "holiday", "ten": "Nghỉ bão", "can_cu": "Công điện 1", "ly_do": "Bão vào bờ"}
    page = town.client("quantri").post("/quan-tri/ngay-dac-biet/moi", data=said | {"ngay": day}).text
    answer = {"hen": "doi", "can_cu_doi": "Công điện 1", "da_xem": _value(page, "da_xem"), "ngay": day}
    return town.request("quantri", "/quan-tri/ngay-dac-biet/moi", said | answer)


def _value(page: str, name: str) -> str:
    """What a hidden field of the page holds."""
    found = re.search(rf'name="{name}"[^>]* value="(.*?)"', page)
    assert found, f"{name} is not asked for"
    return found[1]


TABLE: dict[str, Callable[[_Town], Request]] = {
    "a page of the form is kept": _keep_a_page,
    "a photo is uploaded": _upload,
    "a draft is filed online": _file_online,
    "a draft is filed by post, both ways": _file_by_post,
    "a supplement is answered": _answer_supplement,
    "papers are taken in at the counter": _take_in,
    "a dossier is accepted": _accept,
    "a register is asked in place of a paper": _ask_a_register,
    "cash is taken": _take_cash,
    "papers are collected at the door": _collect,
    "an envelope is offered to the desk": _offer_to_the_desk,
    "the desk counts and takes over": _confirm_at_the_desk,
    "the counter of the post takes over": _confirm_at_the_counter,
    "a result is given to a carrier": _give_out,
    "the carrier takes over": _take_over,
    "a result is delivered at the door": _deliver,
    "a result is numbered and issued": _finish,
    "a result is handed over at the desk": _hand_over_at_the_desk,
    "a dossier is assigned": _assign,
    "another office is asked": _consult,
    "a linked dossier is opened": _link,
    "an apology is made": _apologise,
    "a result is proposed": _propose,
    "a result is signed": _sign,
    "a dossier is stopped": _stop,
    "a stopped dossier goes on": _resume,
    "a dossier is withdrawn while another office is asked": _withdraw_what_was_asked_about,
    "the message box is read": _read_the_box,
    "a day off is declared and promises are to be moved": _declare_a_day_off,
}
"""Every request whose server is killed; each is prepared in the same town."""

SIDE = frozenset(list(TABLE)[list(TABLE).index("a dossier is assigned") :])
"""Moves beside the straight road, which write the same few tables: the suite tries every fifth point."""
