"""Every move beside the straight road through its page: made once, errors keep what was typed."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import worker
from portal.accounts.models import Role
from portal.catalogue.models import Channel
from portal.dossiers import actions
from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery, Fault, Status, Step
from portal.ground import ledger
from portal.postal.models import PostalOrder
from portal.worklists import inbox
from portal.worklists.inbox import View
from tests import make
from tests.conftest import START, Clock, SignIn
from tests.postal.journey import Journey
from tests.sites.test_ward_dossier import made, picture
from tests.sites.ward_pages import DESK, fresh, hidden_of, move, page_of

HOUR = timedelta(hours=1)
ELSEWHERE = "Hiệp Thành"
AT_ELSEWHERE = "chuyenvien.hiepthanh"


@pytest.fixture
def appraised(store: Session) -> Dossier:
    """A dossier of Phú Hòa in appraisal."""
    return made(store, Status.IN_PROGRESS)


def asked_elsewhere(store: Session, dossier: Dossier) -> None:
    """Hiệp Thành was asked about *dossier*."""
    question = actions.Question(make.office(store, ELSEWHERE), "Có đăng ký kết hôn không?", 2)
    actions.consult(store, dossier, question, by=make.official(store, Role.SPECIALIST), at=START + HOUR)
    store.commit()


def stopped(store: Session, dossier: Dossier) -> None:
    """The leader stopped it."""
    leader = make.official(store, Role.LEADER)
    actions.stop(store, dossier, by=leader, at=START + HOUR, reason="Tòa án đang xét")
    store.commit()


def state(client: FlaskClient, dossier: Dossier) -> tuple[Status, Step | None, bool]:
    """Status, step and whether it is over, as the database has it now."""
    with client.application.extensions["database"].reading() as reading:
        found = reading.get_one(Dossier, dossier.id)
        return found.status, found.step, found.is_over


# Money


@pytest.mark.both_databases
def test_a_charge_stops_the_clock_and_the_desk_notes_that_it_was_paid(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock, appraised: Dossier
) -> None:
    clock.forward(hours=1)
    sign_in(client, DESK["specialist"])
    wrong = move(client, appraised.id, "nghia-vu-tai-chinh", so_tien_can_nop="0", can_cu_thu="Lệ phí")
    charged = move(client, appraised.id, "nghia-vu-tai-chinh", so_tien_can_nop="50000", can_cu_thu="Lệ phí")
    waiting = state(client, appraised)[0]
    sign_in(client, DESK["receptionist"])
    page = client.get(page_of(appraised.id)).text
    silent = move(client, appraised.id, "da-nop-du", bien_lai_nop=" ")
    paid = move(client, appraised.id, "da-nop-du", bien_lai_nop="GD-77")

    assert (wrong.status_code, charged.status_code, waiting) == (422, 303, Status.AWAITING_PAYMENT)
    assert 'value="Lệ phí"' in wrong.text
    assert "50.000\N{NO-BREAK SPACE}₫, Lệ phí" in page
    assert "Dừng tính giờ: chờ nghĩa vụ tài chính" in page
    assert (silent.status_code, paid.status_code) == (422, 303)
    assert state(client, appraised) == (Status.IN_PROGRESS, Step.APPRAISAL, False)
    assert "Những lần dừng tính giờ" in client.get(page_of(appraised.id)).text


def test_money_is_asked_for_before_acceptance_and_cash_settles_it(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store)
    sign_in(client, DESK["receptionist"])
    asked = move(client, dossier.id, "thu-phi-truoc", so_tien_can_nop="8000", can_cu_thu="Phí bản sao")
    waiting = fresh(client, Dossier, dossier.id).status
    cash = {"loai": "charge", "so_tien": "8000", "nguoi_nop_tien": "Đỗ Thị Mai", "khoa": "k"}
    client.post(f"{page_of(dossier.id)}/thu-tien", data=cash)

    assert (asked.status_code, waiting) == (303, Status.AWAITING_PAYMENT)
    assert fresh(client, Dossier, dossier.id).status == Status.SUBMITTED


# Who works on it


def test_a_leader_assigns_and_another_takes_over(
    client: FlaskClient, store: Session, sign_in: SignIn, appraised: Dossier
) -> None:
    other = make.colleague(store, Role.SPECIALIST)
    store.commit()
    sign_in(client, DESK["leader"])
    assigned = move(client, appraised.id, "phan-cong", giao_cho=str(other.account_id), loi_giao="Gấp")
    nobody = move(client, appraised.id, "phan-cong", giao_cho="999999", loi_giao="Gấp")
    me = sign_in(client, DESK["specialist"])
    page = client.get(page_of(appraised.id)).text
    taken = move(client, appraised.id, "nhan-viec")

    assert (assigned.status_code, nobody.status_code, taken.status_code) == (303, 422, 303)
    assert "Gấp</textarea>" in nobody.text
    assert "Hồ sơ đang giao cho người khác: hãy nhận việc." in page
    assert other.name in page
    assert fresh(client, Dossier, appraised.id).assignee_id == me.account_id


def test_my_view_holds_what_i_have_and_what_i_stand_in_for(store: Session, appraised: Dossier) -> None:
    me, other = make.official(store, Role.SPECIALIST), make.colleague(store, Role.SPECIALIST)
    leader = make.official(store, Role.LEADER)
    unassigned = inbox.counts(store, me, START)[View.MINE]
    actions.assign(store, appraised, other.account_id, by=leader, at=START + HOUR)
    store.flush()
    covering = make.standing_in(me, frozenset({other.account_id}))

    assert unassigned == 0
    assert [inbox.counts(store, who, START)[View.MINE] for who in (me, other, covering)] == [0, 1, 1]


# Other offices


def test_an_asked_office_sees_the_dossier_answers_and_does_nothing_else(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock, appraised: Dossier
) -> None:
    office_id = make.office(store, ELSEWHERE).id
    code = appraised.shown_code
    store.commit()
    sign_in(client, AT_ELSEWHERE)
    hidden = client.get(page_of(appraised.id)).status_code
    sign_in(client, DESK["specialist"])
    question = {"dieu_hoi": "Có đăng ký kết hôn không?", "so_ngay_hoi": "2"}
    nobody = move(client, appraised.id, "lay-y-kien", **question, co_quan_hoi="")
    asked = move(client, appraised.id, "lay-y-kien", **question, co_quan_hoi=str(office_id))
    sign_in(client, AT_ELSEWHERE)
    listed = client.get("/mot-cua?xem=cho-y-kien").text
    page = client.get(page_of(appraised.id)).text
    revealed = client.post(f"{page_of(appraised.id)}/hien-so").status_code
    shown = hidden_of(page, f"{page_of(appraised.id)}/cho-y-kien")
    propose = {**shown, "khoa": "trinh", "y_kien": "Đủ"}
    proposed = client.post(f"{page_of(appraised.id)}/trinh-ky", data=propose).status_code
    silent = move(client, appraised.id, "cho-y-kien", y_kien_phoi_hop=" ")
    answered = move(client, appraised.id, "cho-y-kien", y_kien_phoi_hop="Không có.")
    after = client.get(page_of(appraised.id))

    assert (hidden, nobody.status_code, asked.status_code) == (404, 422, 303)
    assert "Có đăng ký kết hôn không?</textarea>" in nobody.text
    assert code in listed
    assert "Cơ quan bạn được hỏi ý kiến" in page
    assert (revealed, proposed) == (403, 403)
    assert (silent.status_code, answered.status_code) == (422, 303)
    assert "Trả lời: Không có." in after.text
    assert fresh(client, Dossier, appraised.id).consultations[0].answer == "Không có."


def test_who_is_asked_reads_the_question_over_the_answer_and_its_due_moment_in_the_header(
    client: FlaskClient, store: Session, sign_in: SignIn, appraised: Dossier
) -> None:
    asked_elsewhere(store, appraised)
    sign_in(client, AT_ELSEWHERE)
    html = client.get(page_of(appraised.id)).text
    header = html.partition('<header class="dhead">')[2].partition("</header>")[0]
    form = html.partition(f'action="{page_of(appraised.id)}/cho-y-kien')[2].partition("<textarea")[0]

    assert "Trả lời trước, " in " ".join(header.split()).replace("</span>", "")
    assert "17:00 thứ Năm, 17/09/2020" in header
    assert "Hỏi: Có đăng ký kết hôn không?" in form
    assert "Trả lời trước 17:00 thứ Năm, 17/09/2020" in form


def test_a_leader_signs_under_the_opinion_the_answers_and_the_name_of_the_draft(
    client: FlaskClient, store: Session, sign_in: SignIn, appraised: Dossier
) -> None:
    asked_elsewhere(store, appraised)
    there, here = make.official(store, Role.SPECIALIST, ELSEWHERE), make.official(store, Role.SPECIALIST)
    actions.opine(store, appraised, "Không có đăng ký nào.", by=there, at=START + 2 * HOUR)
    make.result_file(store, appraised, here, START + 2 * HOUR)
    actions.propose(store, appraised, by=here, at=START + 3 * HOUR, opinion="Đủ điều kiện xác nhận.")
    store.commit()
    sign_in(client, DESK["leader"])
    html = client.get(page_of(appraised.id)).text
    form = html.partition(f'action="{page_of(appraised.id)}/ky')[2].partition("<textarea")[0]

    assert "Đủ điều kiện xác nhận." in form
    assert "Không có đăng ký nào." in form
    assert '<a href="#giay">ket-qua.pdf</a>' in form


def test_an_asked_office_has_it_in_no_other_view_and_its_desk_nowhere(
    store: Session, appraised: Dossier
) -> None:
    asked_elsewhere(store, appraised)
    late = START + timedelta(days=30)
    found = {
        role: inbox.counts(store, make.official(store, role, ELSEWHERE), late)
        for role in (Role.SPECIALIST, Role.LEADER, Role.RECEPTIONIST)
    }

    for role, expected in ((Role.SPECIALIST, 1), (Role.LEADER, 1), (Role.RECEPTIONIST, 0)):
        assert sum(found[role].values()) == expected
        assert found[role][View.OPINIONS] == expected


def test_a_question_that_nobody_answered_shows_nothing_once_the_dossier_is_over(
    client: FlaskClient, store: Session, sign_in: SignIn, appraised: Dossier
) -> None:
    asked_elsewhere(store, appraised)
    actions.withdraw(store, appraised, by=make.citizen(store), at=START + 2 * HOUR)
    store.commit()
    sign_in(client, AT_ELSEWHERE)
    listed = client.get("/mot-cua?xem=cho-y-kien").text

    assert client.get(page_of(appraised.id)).status_code == 404
    assert "Không cần trả lời nữa" in listed
    assert "Hỏi: Có đăng ký kết hôn không?" in listed
    assert "Rút hồ sơ, " in listed
    assert appraised.owner_name not in listed
    assert page_of(appraised.id) not in listed


def test_the_asking_office_and_the_citizen_read_that_no_answer_is_waited_for(
    client: FlaskClient, store: Session, sign_in: SignIn, appraised: Dossier
) -> None:
    asked_elsewhere(store, appraised)
    actions.withdraw(store, appraised, by=make.citizen(store), at=START + 2 * HOUR)
    number, code, phone = appraised.id, appraised.shown_code, make.phone_of(store, make.citizen(store))
    store.commit()
    sign_in(client, DESK["specialist"])
    desk = client.get(page_of(number)).text
    sign_in(client, phone)
    own = client.get(f"/ho-so/{code}").text

    assert "không chờ trả lời nữa từ" in desk
    assert "Không chờ ý kiến của UBND phường Hiệp Thành nữa từ" in own


def test_a_linked_dossier_is_opened_at_the_office_that_decides_on_it(
    client: FlaskClient, store: Session, sign_in: SignIn, appraised: Dossier
) -> None:
    there, version = make.office(store, ELSEWHERE).id, make.version(store, make.BIRTH).id
    department = make.official(store, Role.RECEPTIONIST, "Sở Tư pháp").office_id
    owner_id = appraised.owner_id
    store.commit()
    sign_in(client, DESK["specialist"])
    typed = {"thu_tuc_lien_thong": str(version)}
    wrong = move(client, appraised.id, "lien-thong", **typed, co_quan_lien_thong=str(department))
    opened = move(client, appraised.id, "lien-thong", **typed, co_quan_lien_thong=str(there))
    child = fresh(client, Dossier, appraised.id).children[0]
    code = child.shown_code
    again = move(client, appraised.id, "lien-thong", **typed, co_quan_lien_thong=str(there))

    assert (wrong.status_code, opened.status_code) == (422, 303)
    assert "Cơ quan này không giải quyết thủ tục này." in wrong.text
    assert (child.office_id, child.owner_id, child.status) == (there, owner_id, Status.SUBMITTED)
    assert again.status_code == 409
    assert f"Đã có hồ sơ liên thông {code} cho thủ tục này ở cơ quan này" in again.text
    assert len(fresh(client, Dossier, appraised.id).children) == 1
    assert code in client.get(page_of(appraised.id)).text


def linked_elsewhere(store: Session, parent: Dossier) -> Dossier:
    """A linked dossier in appraisal at Hiệp Thành."""
    filed = make.application(store, make.citizen(store), channel=Channel.DESK, office_name=ELSEWHERE)
    child = actions.link(store, parent, filed, by=make.official(store, Role.SPECIALIST), at=START + HOUR)
    store.flush()
    road = make.Road(store, child, ELSEWHERE, START + HOUR, make.citizen(store))
    road.make_move(1)
    road.make_move(2)
    store.commit()
    return child


def test_a_linked_dossier_says_that_its_parent_ended_and_its_leader_may_end_it(
    app: Flask, client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock, appraised: Dossier
) -> None:
    child = linked_elsewhere(store, appraised)
    number, code, parent = child.id, child.shown_code, appraised.shown_code
    phone, leader = make.phone_of(store, make.citizen(store)), "lanhdao.hiepthanh"
    store.commit()
    sign_in(client, leader)
    before = client.get(page_of(number)).text
    actions.withdraw(store, appraised, by=make.citizen(store), at=START + 2 * HOUR)
    store.flush()
    entry_id = ledger.history(store, "dossier", appraised.id)[-1].id
    store.commit()
    clock.forward(hours=3)
    with app.app_context():
        worker.after(app, entry_id)
        worker.after(app, entry_id)
    page, listed = client.get(page_of(number)).text, client.get("/mot-cua?xem=tham-tra").text
    silent = move(client, number, "ket-thuc-lien-thong", ly_do_theo_ho_so_chinh=" ")
    sign_in(client, phone)
    own, box = client.get(f"/ho-so/{code}").text, client.get("/hop-thu").text
    sign_in(client, leader)
    reason = "Hồ sơ chính đã rút, người dân không cần nữa."
    ended = move(client, number, "ket-thuc-lien-thong", ly_do_theo_ho_so_chinh=reason)

    assert "Kết thúc theo hồ sơ chính" not in before
    assert f"Hồ sơ chính {parent} đã kết thúc lúc" in page
    assert "Công dân yêu cầu rút hồ sơ, kết thúc" in page
    assert f"Hồ sơ chính {parent} đã kết thúc lúc" in page.rsplit("ly_do_theo_ho_so_chinh", 1)[-1]
    assert "hồ sơ chính đã kết thúc" in listed
    assert "Hồ sơ chính kết thúc lúc" in own
    assert box.count(f"Hồ sơ chính đã kết thúc, hồ sơ {code} còn đang giải quyết") == 1
    assert (silent.status_code, ended.status_code) == (422, 303)
    assert state(client, child) == (Status.STOPPED, None, True)
    assert reason in client.get(page_of(number)).text


# A promise that was not kept


def test_everybody_still_reads_that_a_promise_was_missed_before_the_term_began_anew(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock, appraised: Dossier
) -> None:
    specialist, owner = make.official(store, Role.SPECIALIST), make.citizen(store)
    asked = [actions.Asked(Fault.EXPIRED, "Giấy hết hạn.", item_key=appraised.checklist[0].key)]
    actions.ask_supplement(store, appraised, asked, by=specialist, at=START + timedelta(days=6))
    store.flush()
    given = actions.Answered(given=frozenset({appraised.checklist[0].key}))
    actions.answer(store, appraised, given, by=owner, at=START + timedelta(days=7))
    number, code, phone = appraised.id, appraised.shown_code, make.phone_of(store, owner)
    store.commit()
    clock.forward(days=7, hours=1)
    sign_in(client, DESK["specialist"])
    listed, desk = client.get("/mot-cua?xem=tham-tra").text, client.get(page_of(number)).text
    late = client.get("/mot-cua?xem=qua-han").text
    sign_in(client, phone)
    mine, own = client.get("/ho-so").text, client.get(f"/ho-so/{code}").text

    assert ("đã lỡ hẹn" in listed, code in late) == (True, False)
    assert "<dt>Đã lỡ hẹn</dt><dd>17:00 thứ Sáu, 18/09/2020" in desk
    assert "đã lỡ hẹn" in mine
    assert "Hẹn trước, 17:00 thứ Sáu, 18/09/2020, cơ quan đã lỡ." in own
    make_finished(store, appraised)
    assert "trễ hạn" in client.get(f"/ho-so/{code}").text
    sign_in(client, DESK["specialist"])
    assert "xong trễ hạn" in client.get(page_of(number)).text


def make_finished(store: Session, dossier: Dossier) -> None:
    """From appraisal to the issued result."""
    road = make.Road(store, dossier, make.PHU_HOA, START + timedelta(days=7, hours=1), make.citizen(store))
    for move_number in (2, 3, 4):
        road.make_move(move_number)
    store.commit()


# The draft


def test_a_draft_goes_to_the_citizen_and_is_proposed_once_confirmed(
    client: FlaskClient, store: Session, sign_in: SignIn, appraised: Dossier
) -> None:
    version = appraised.procedure_version
    version.curated = {**(version.curated or {}), "confirm_draft": True}
    store.commit()
    sign_in(client, DESK["specialist"])
    empty = move(client, appraised.id, "gui-ban-nhap")
    first, other = ((io.BytesIO(picture()), f"nhap-{number}.png") for number in (1, 2))
    sent = move(client, appraised.id, "gui-ban-nhap", ban_nhap=first)
    early = client.get(page_of(appraised.id)).text
    store.expire_all()
    actions.confirm_draft(store, appraised, by=make.citizen(store), at=START + HOUR)
    store.commit()
    changed = move(client, appraised.id, "trinh-ky", y_kien="Đủ.", ket_qua=other)
    proposed = move(client, appraised.id, "trinh-ky", y_kien="Đủ.")
    after = fresh(client, Dossier, appraised.id)

    assert (empty.status_code, sent.status_code) == (422, 303)
    assert "Người dân chưa xác nhận bản nháp." in early
    assert "Hãy đính kèm bản nháp trước khi gửi." in empty.text
    assert (changed.status_code, proposed.status_code) == (422, 303)
    assert (after.step, [paper.name for paper in after.results]) == (Step.SIGNING, ["nhap-1.png"])


# The leader


def test_an_apology_chooses_a_working_day_and_keeps_its_words(
    client: FlaskClient, store: Session, sign_in: SignIn, appraised: Dossier
) -> None:
    sign_in(client, DESK["leader"])
    sunday = move(client, appraised.id, "hen-lai", ngay_hen_lai="2020-09-20", ly_do_hen_lai="Chờ xác minh")
    monday = move(client, appraised.id, "hen-lai", ngay_hen_lai="2020-09-21", ly_do_hen_lai="Chờ xác minh")
    page = client.get(page_of(appraised.id)).text

    assert (sunday.status_code, monday.status_code) == (422, 303)
    assert "Chờ xác minh</textarea>" in sunday.text
    assert "Từ 17:00 thứ Sáu, 18/09/2020 sang 17:00 thứ Hai, 21/09/2020. Chờ xác minh" in page
    assert "Đã hẹn lại một lần" in page


def test_a_list_that_always_has_a_value_is_not_called_optional(
    client: FlaskClient, sign_in: SignIn, appraised: Dossier
) -> None:
    sign_in(client, DESK["leader"])
    page = client.get(page_of(appraised.id)).text

    assert ">Hẹn lại ngày</label>" in page
    assert ">Giao cho</label>" in page
    assert ">Lời nhắn khi giao <span" in page


def test_nobody_reads_of_no_reminders(client: FlaskClient, store: Session, sign_in: SignIn) -> None:
    waiting = made(store, Status.AWAITING_SUPPLEMENT)
    request = waiting.open_supplement
    assert request is not None
    sign_in(client, DESK["receptionist"])
    before = client.get(page_of(waiting.id)).text
    request.reminders = 1
    store.commit()
    after = client.get(page_of(waiting.id)).text

    assert "chờ đến" in before
    assert "đã nhắc" not in before
    assert ", đã nhắc 1 lần" in after


def test_an_apology_names_the_office_whose_part_took_too_long(
    client: FlaskClient, store: Session, sign_in: SignIn, appraised: Dossier
) -> None:
    sign_in(client, DESK["leader"])
    alone = client.get(page_of(appraised.id)).text
    asked_elsewhere(store, appraised)
    there, code = make.office(store, ELSEWHERE).id, appraised.shown_code
    other, phone = make.office(store, "Phú Lợi").id, make.phone_of(store, make.citizen(store))
    store.commit()
    typed = {"ngay_hen_lai": "2020-09-21", "ly_do_hen_lai": "Chờ ý kiến"}
    wrong = move(client, appraised.id, "hen-lai", **typed, co_quan_cham=str(other))
    told = move(client, appraised.id, "hen-lai", **typed, co_quan_cham=str(there))
    page = client.get(page_of(appraised.id)).text
    sign_in(client, phone)
    own = client.get(f"/ho-so/{code}").text

    assert "co_quan_cham" not in alone
    assert (wrong.status_code, told.status_code) == (422, 303)
    assert "<dt>Phần việc chậm ở</dt><dd>UBND phường Hiệp Thành</dd>" in page
    assert "phần việc chậm ở UBND phường Hiệp Thành. Chờ ý kiến" in page
    assert "Phần việc chậm ở UBND phường Hiệp Thành." in own


@pytest.mark.both_databases
def test_a_leader_stops_goes_on_stops_again_and_closes(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock, appraised: Dossier
) -> None:
    sign_in(client, DESK["leader"])
    silent = move(client, appraised.id, "dung", ly_do_dung=" ")
    answers = []
    for word, typed in (
        ("dung", {"ly_do_dung": "Tòa án đang xét"}),
        ("xu-ly-tiep", {}),
        ("dung", {"ly_do_dung": "Có tranh chấp"}),
    ):
        clock.forward(hours=1)
        answers.append(move(client, appraised.id, word, **typed).status_code)
    page = client.get(page_of(appraised.id)).text
    listed = client.get("/mot-cua?xem=dung-xu-ly").text
    closed = move(client, appraised.id, "ket-thuc", ly_do_ket_thuc="Không khắc phục được")
    after = state(client, appraised)

    assert (silent.status_code, answers, closed.status_code) == (422, [303, 303, 303], 303)
    assert "đồng hồ dừng, hồ sơ dừng xử lý" in page
    assert "Có tranh chấp" in page
    assert appraised.shown_code in listed
    assert after == (Status.STOPPED, None, True)
    assert appraised.shown_code not in client.get("/mot-cua?xem=dung-xu-ly").text


def test_the_post_is_called_off_when_a_stopped_dossier_is_closed_and_not_before(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store, Status.IN_PROGRESS, delivery=Delivery.POST)
    order = Journey(store, START).back(dossier)
    stopped(store, dossier)
    before = fresh(client, PostalOrder, order.id).state
    sign_in(client, DESK["leader"])
    closed = move(client, dossier.id, "ket-thuc", ly_do_ket_thuc="Hết cách")

    assert (before, closed.status_code) == ("requested", 303)
    assert fresh(client, PostalOrder, order.id).state == "cancelled"


def test_waiting_is_given_up_only_after_its_period_and_two_reminders(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock, appraised: Dossier
) -> None:
    specialist = make.official(store, Role.SPECIALIST)
    actions.charge(store, appraised, 50_000, "Lệ phí", by=specialist, at=START + HOUR)
    appraised.open_charge.reminders = 2
    code, phone = appraised.shown_code, make.phone_of(store, make.citizen(store))
    store.commit()
    sign_in(client, DESK["leader"])
    early = client.get(page_of(appraised.id)).text
    clock.forward(days=60)
    sign_in(client, DESK["leader"])
    late = client.get(page_of(appraised.id)).text
    given_up = move(client, appraised.id, "thoi-cho", ly_do_thoi_cho="Không nộp tiền")
    history = client.get(page_of(appraised.id)).text
    sign_in(client, phone)
    own = client.get(f"/ho-so/{code}").text

    assert "Người nộp còn trong thời gian chờ." in early
    assert "Dừng vì chưa nộp tiền" in late
    assert "chưa nhận được bổ sung" not in late
    assert given_up.status_code == 303
    assert "Dừng vì chờ quá thời gian. chưa nhận đủ tiền. Không nộp tiền" in history
    assert "Dừng vì chờ quá thời gian: chưa nhận đủ tiền" in own
    assert fresh(client, Dossier, appraised.id).status == Status.STOPPED


def test_an_issued_result_is_recalled(client: FlaskClient, store: Session, sign_in: SignIn) -> None:
    dossier = made(store, Status.FINISHED)
    sign_in(client, DESK["leader"])
    recalled = move(client, dossier.id, "thu-hoi", ly_do_thu_hoi="Sai họ tên")

    assert recalled.status_code == 303
    assert fresh(client, Dossier, dossier.id).results == []


def test_a_leader_who_asks_once_more_names_the_law(
    client: FlaskClient, store: Session, sign_in: SignIn, appraised: Dossier
) -> None:
    sign_in(client, DESK["leader"])
    line = {"hoi-1": "y", "hoi-ly-do-1": "blurred", "hoi-noi-ro-1": "Mờ góc trái"}
    silent = move(client, appraised.id, "bo-sung", **line)
    asked = move(client, appraised.id, "bo-sung", **line, loi_dan="Điều 17 Nghị định 61/2018")

    assert (silent.status_code, asked.status_code) == (422, 303)
    assert "Mờ góc trái</textarea>" in silent.text
    assert "Hãy ghi căn cứ pháp lý" in silent.text


def test_a_stale_page_changes_nothing_and_keeps_the_words(
    client: FlaskClient, store: Session, sign_in: SignIn, appraised: Dossier
) -> None:
    sign_in(client, DESK["leader"])
    action = f"{page_of(appraised.id)}/dung"
    shown = hidden_of(client.get(page_of(appraised.id)).text, action)
    asked_elsewhere(store, appraised)
    stale = client.post(action, data={**shown, "ly_do_dung": "Tòa án đang xét"})

    assert stale.status_code == 409
    assert "Tòa án đang xét" in stale.text
    assert fresh(client, Dossier, appraised.id).status == Status.IN_PROGRESS


def test_a_dossier_whose_clock_stands_is_not_late_nor_is_one_taken_back(
    store: Session, appraised: Dossier
) -> None:
    leader, later = make.official(store, Role.LEADER), START + timedelta(days=30)
    before = (appraised.is_late(later), inbox.counts(store, leader, later)[View.LATE])
    stopped(store, appraised)
    while_it_stands = (appraised.is_late(later), inbox.counts(store, leader, later)[View.LATE])
    actions.withdraw(store, appraised, by=make.citizen(store), at=START + 2 * HOUR)
    store.flush()

    assert (before, while_it_stands) == ((True, 1), (False, 0))
    assert not appraised.is_late(later)
