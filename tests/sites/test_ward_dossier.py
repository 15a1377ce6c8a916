import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import IdentityKind, Role
from portal.catalogue.models import Channel
from portal.dossiers import actions, supplements
from portal.dossiers.models import AccessLogEntry, Dossier, Paper
from portal.dossiers.queries import Event
from portal.dossiers.states import Fault, Look, Move, PaperKind, Status, Step
from portal.payments.models import CashReceipt
from portal.sites.ward.sections import history_rows
from tests import make
from tests.conftest import START, Clock, SignIn
from tests.sites.ward_pages import DESK, fresh, hidden_of, move, page_of

NUMBER = "074191003215"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def looks(store: Session, dossier: Dossier) -> list[tuple[Look, str]]:
    rows = store.scalars(select(AccessLogEntry).where(AccessLogEntry.dossier_id == dossier.id))
    return [(row.look, row.what) for row in rows]


def with_number(store: Session) -> Dossier:
    """A dossier whose owner declared a number, and whose form holds one."""
    owner = make.citizen(store)
    filed = make.application(store, owner)
    kind = IdentityKind.CITIZEN_NUMBER
    person = actions.Person("Đỗ Thị Mai", "0900000001", "12 Lê Hồng Phong", kind, NUMBER, owner.account_id)
    answers = {"person_identity": NUMBER, "purpose": "Đăng ký kết hôn"}
    whole = actions.Application(
        filed.version, filed.case, filed.papers, filed.office, filed.channel, filed.delivery, person,
        filed.submitter_phone, form=filed.form, answers=answers, sealed=frozenset({"person_identity"}),
    )  # fmt: skip
    dossier = actions.submit(store, whole, by=owner, at=START)
    store.commit()
    return dossier


def made(store: Session, *args: object, **kwargs: object) -> Dossier:
    dossier = make.dossier(store, *args, at=START, **kwargs)
    store.commit()
    return dossier


# The page


def test_officials_read_how_late_it_is_in_days_of_their_own_hours(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock
) -> None:
    """Due on Friday 18 September at 17:00; it is Friday 25 September, 09:00."""
    dossier = made(store, Status.IN_PROGRESS)
    clock.forward(days=10)
    sign_in(client, DESK["specialist"])

    assert "quá hạn 4 ngày 1,5 giờ làm việc" in client.get(page_of(dossier.id)).text


def test_opening_a_dossier_is_recorded_for_its_owner(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store)
    who = sign_in(client, DESK["specialist"])

    html = client.get(page_of(dossier.id)).text
    row = store.scalars(select(AccessLogEntry)).one()

    assert dossier.provisional_code in html
    assert (row.look, row.account_id, row.appointment_id) == (Look.PAGE, who.account_id, who.appointment_id)


def test_identity_numbers_are_masked_until_somebody_asks_and_that_is_recorded(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = with_number(store)
    sign_in(client, DESK["receptionist"])

    masked = client.get(page_of(dossier.id)).text
    revealed = client.post(f"{page_of(dossier.id)}/hien-so")

    assert NUMBER not in masked
    assert NUMBER[-3:] not in masked.replace(dossier.provisional_code, "")
    assert revealed.text.count(NUMBER) == 2
    assert revealed.headers["Cache-Control"] == "private, no-store"
    assert (Look.IDENTITY, "") in looks(store, dossier)


def test_a_number_nobody_has_seen_is_shown_as_such(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = with_number(store)
    sign_in(client, DESK["receptionist"])

    assert "Tự khai, chưa đối chiếu" in client.get(page_of(dossier.id)).text


def test_a_filed_picture_opens_in_the_page_and_each_look_is_recorded(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store)
    blob = client.application.extensions["files"].put(picture())
    paper = Paper(
        kind=PaperKind.SUBMITTED, item_key=dossier.checklist[1].key, blob=blob, name="giấy tờ.png",
        mime="image/png", size_bytes=100, account_id=dossier.submitter_id, uploaded_at=START, filed_at=START,
    )  # fmt: skip
    dossier.papers.append(paper)
    store.commit()
    sign_in(client, DESK["receptionist"])

    html = client.get(page_of(dossier.id)).text
    answer = client.get(f"/mot-cua/giay/{paper.uid}")

    assert f'src="/mot-cua/giay/{paper.uid}"' in html
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/png", picture())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert (Look.FILE, "giấy tờ.png") in looks(store, dossier)


def test_a_file_that_was_not_filed_yet_is_nobodys_at_the_desk(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store)
    waiting = Paper(
        kind=PaperKind.SUBMITTED, item_key="x", blob="0" * 64, name="a.png", mime="image/png", size_bytes=1,
        account_id=dossier.submitter_id, uploaded_at=START,
    )  # fmt: skip
    dossier.papers.append(waiting)
    store.commit()
    sign_in(client, DESK["receptionist"])

    assert client.get(f"/mot-cua/giay/{waiting.uid}").status_code == 404
    assert waiting.uid not in client.get(page_of(dossier.id)).text


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_PROGRESS, Status.RETURNED])
def test_another_ward_has_no_such_dossier(
    client: FlaskClient, store: Session, sign_in: SignIn, status: Status
) -> None:
    dossier = made(store, status, office_name="Hiệp Thành")
    sign_in(client, DESK["receptionist"])

    answers = [client.get(page_of(dossier.id)), client.post(f"{page_of(dossier.id)}/tiep-nhan")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert looks(store, dossier) == []


def test_the_page_takes_a_bounded_number_of_statements(
    client: FlaskClient, store: Session, sign_in: SignIn, count_statements: list[str]
) -> None:
    dossier = made(store, Status.AWAITING_SUPPLEMENT)
    sign_in(client, DESK["receptionist"])
    client.get(page_of(dossier.id))

    count_statements.clear()
    client.get(page_of(dossier.id) + "?xem=cho-bo-sung")

    assert len([one for one in count_statements if one.startswith("SELECT")]) <= 32


# The moves


def test_acceptance_gives_the_code_and_the_date_that_was_shown(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store)
    sign_in(client, DESK["receptionist"])
    before = client.get(page_of(dossier.id)).text

    answer = move(client, dossier.id, "tiep-nhan")
    after = fresh(client, Dossier, dossier.id)

    assert answer.status_code == 303
    assert after.code == "000.21.07.H09-200915-0001"
    assert "17:00 thứ Sáu, 18/09/2020" in before
    assert "17:00 thứ Sáu, 18/09/2020" in client.get(page_of(dossier.id)).text


def test_papers_brought_to_the_desk_are_counted(client: FlaskClient, store: Session, sign_in: SignIn) -> None:
    dossier = made(store, channel=Channel.DESK)
    sign_in(client, DESK["receptionist"])

    blocked = client.get(page_of(dossier.id)).text
    answer = move(client, dossier.id, "nhan-giay", **{"dem-0": "1", "dem-1": "0", "dem_ghi_chu": "thiếu một"})
    after = fresh(client, Dossier, dossier.id)

    assert "Người nộp chưa mang giấy tờ đến quầy." in blocked
    assert answer.status_code == 303
    assert [item.counted for item in after.checklist if item.sheets] == [1, 0]
    assert after.received_at == START


def test_a_supplement_request_names_each_paper_with_its_reason(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store)
    sign_in(client, DESK["receptionist"])

    silent = move(client, dossier.id, "bo-sung", **{"hoi-1": "y", "hoi-ly-do-1": "blurred"})
    nothing = move(client, dossier.id, "bo-sung", loi_dan="Chụp lại.")
    asked = move(
        client,
        dossier.id,
        "bo-sung",
        **{"hoi-1": "y", "hoi-ly-do-1": "blurred", "hoi-noi-ro-1": "Mờ góc trái"},
    )
    request = fresh(client, Dossier, dossier.id).open_supplement

    assert (silent.status_code, nothing.status_code, asked.status_code) == (422, 422, 303)
    assert "Hãy nói rõ thiếu gì, sai chỗ nào." in silent.text
    assert "Hãy chọn ít nhất một giấy tờ" in nothing.text
    assert "Chụp lại.</textarea>" in nothing.text
    assert request is not None
    assert [(item.fault, item.note) for item in request.items] == [("blurred", "Mờ góc trái")]
    page = client.get(page_of(dossier.id)).text
    assert page.count("mờ, không đọc được. Mờ góc trái") == 1
    assert page.count("(mờ, không đọc được): Mờ góc trái") == 1


def test_the_office_reads_why_something_asked_for_cannot_be_given(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock
) -> None:
    dossier = with_number(store)
    citizen, receptionist = make.citizen(store), make.official(store, Role.RECEPTIONIST)
    paper = dossier.checklist[1]
    asked = [
        actions.Asked(Fault.MISSING, "Chưa có.", item_key=paper.key),
        actions.Asked(Fault.WRONG_FIELD, "Khác thẻ.", question="person_identity"),
    ]
    actions.ask_supplement(store, dossier, asked, by=receptionist, at=START)
    store.commit()
    words = {paper.key: "Phường đang giữ.", "person_identity": "Thẻ cũ đã nộp lại."}
    supplements.give(store, dossier, {}, words, by=citizen, at=START + timedelta(minutes=5))
    store.commit()
    sign_in(client, DESK["receptionist"])
    page = client.get(page_of(dossier.id)).text

    assert page.count("Người dân giải thích: “Phường đang giữ.”") == 1
    assert page.count("Người dân giải thích: “Thẻ cũ đã nộp lại.”") == 1
    assert f"Không có “{paper.name}”: Phường đang giữ." in page


def test_the_desk_enters_what_was_brought(client: FlaskClient, store: Session, sign_in: SignIn) -> None:
    dossier = made(store, Status.AWAITING_SUPPLEMENT)
    sign_in(client, DESK["receptionist"])

    silent = move(client, dossier.id, "tra-loi")
    answered = move(client, dossier.id, "tra-loi", **{"dap-0": "y"})

    assert (silent.status_code, answered.status_code) == (422, 303)
    assert fresh(client, Dossier, dossier.id).status == Status.SUBMITTED


def test_a_wrong_answer_is_corrected_at_the_desk_and_sealed_again(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock
) -> None:
    dossier = with_number(store)
    asked = [actions.Asked(Fault.WRONG_FIELD, "Số trên thẻ khác.", question="person_identity")]
    by = make.official(store, Role.RECEPTIONIST)
    actions.ask_supplement(store, dossier, asked, by=by, at=START)
    store.commit()
    sign_in(client, DESK["receptionist"])
    clock.forward(minutes=5)

    wrong = move(client, dossier.id, "tra-loi", **{"dap-moi-0": "12"})
    right = move(client, dossier.id, "tra-loi", **{"dap-moi-0": "074191003216"})
    revealed = client.post(f"{page_of(dossier.id)}/hien-so").text

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "12 chữ số" in wrong.text
    assert "074191003216" in revealed
    assert "074191003216" not in str(fresh(client, Dossier, dossier.id).answers)


def test_a_refusal_without_reason_stays_on_the_page(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store)
    sign_in(client, DESK["receptionist"])

    silent = move(client, dossier.id, "tu-choi", ly_do_tu_choi="  ")
    refused = move(client, dossier.id, "tu-choi", ly_do_tu_choi="Sai nơi nộp")

    assert silent.status_code == 422
    assert "<title>Lỗi:" in silent.text
    assert refused.status_code == 303
    assert fresh(client, Dossier, dossier.id).status == Status.NOT_ACCEPTED


def test_four_people_take_a_dossier_to_its_end(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock
) -> None:
    dossier = made(store)
    draft, better = ((io.BytesIO(picture()), f"du-thao-{number}.png") for number in (1, 2))
    received = {"nguoi_nhan": "Đỗ Thị Mai", "quan_he": "owner", "da_doi_chieu": "y"}
    road = [
        ("receptionist", "tiep-nhan", {}),
        ("receptionist", "chuyen", {"loi_nhan": "Gấp"}),
        ("specialist", "trinh-ky", {"y_kien": "Đủ điều kiện.", "ket_qua": draft}),
        ("leader", "tra-lai", {"ly_do_tra_lai": "Sửa tên"}),
        ("specialist", "trinh-ky", {"y_kien": "Đã sửa.", "ket_qua": better}),
        ("leader", "ky", {}),
        ("records_clerk", "phat-hanh", {"so_ket_qua": "12/XN"}),
        ("receptionist", "tra-ket-qua", received),
    ]
    for role, word, typed in road:
        clock.forward(minutes=5)
        sign_in(client, DESK[role])
        answer = move(client, dossier.id, word, **typed)
        assert answer.status_code == 303, (word, answer.text)
    after = fresh(client, Dossier, dossier.id)

    assert (after.status, after.step, after.evidence) == (Status.RETURNED, None, "signature")
    assert [paper.name for paper in after.results] == ["du-thao-2.png"]
    history = client.get(page_of(dossier.id)).text
    assert "số 12/XN" in history
    assert "người nhận: Đỗ Thị Mai" in history


def test_a_result_is_given_only_to_somebody_who_showed_a_card(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store, Status.FINISHED)
    sign_in(client, DESK["receptionist"])

    answer = move(client, dossier.id, "tra-ket-qua", nguoi_nhan="Đỗ Thị Mai")

    assert answer.status_code == 422
    assert "Hãy đối chiếu giấy tờ tùy thân" in answer.text
    assert 'value="Đỗ Thị Mai"' in answer.text
    assert fresh(client, Dossier, dossier.id).status == Status.FINISHED


def test_a_draft_that_is_no_file_is_refused_and_the_opinion_kept(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store, Status.IN_PROGRESS)
    sign_in(client, DESK["specialist"])

    answer = move(
        client, dossier.id, "trinh-ky", y_kien="Đề xuất ký.", ket_qua=(io.BytesIO(b"MZ not a pdf"), "a.pdf")
    )

    assert answer.status_code == 422
    assert "Đề xuất ký.</textarea>" in answer.text
    assert fresh(client, Dossier, dossier.id).papers == []


def test_nobody_handles_their_own_dossier(client: FlaskClient, store: Session, sign_in: SignIn) -> None:
    receptionist = make.official(store, Role.RECEPTIONIST)
    dossier = made(store, by=make.as_citizen(store, receptionist))
    sign_in(client, DESK["receptionist"])

    page = client.get(page_of(dossier.id)).text
    answer = client.post(f"{page_of(dossier.id)}/tiep-nhan", data={"phien_ban": str(dossier.version)})

    assert "Hồ sơ của chính bạn" in page
    assert hidden_of(page, f"{page_of(dossier.id)}/tiep-nhan") == {}
    assert answer.status_code == 403


def test_who_signs_is_not_who_proposed(client: FlaskClient, store: Session, sign_in: SignIn) -> None:
    dossier = made(store, Status.IN_PROGRESS, step=Step.SIGNING)
    sign_in(client, DESK["specialist"])

    answer = client.post(f"{page_of(dossier.id)}/ky", data={"phien_ban": str(dossier.version)})

    assert answer.status_code == 403


# Two officials at once


def test_a_stale_page_shows_what_changed_and_keeps_what_was_typed(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock
) -> None:
    dossier = made(store)
    sign_in(client, DESK["receptionist"])
    here = page_of(dossier.id)
    hidden = hidden_of(client.get(here).text, f"{here}/tu-choi")
    clock.forward(minutes=10)
    move(client, dossier.id, "tiep-nhan")

    answer = client.post(f"{here}/tu-choi", data={**hidden, "ly_do_tu_choi": "Sai nơi nộp"})

    assert answer.status_code == 409
    assert "Hồ sơ đã thay đổi lúc 09:10, việc của bạn chưa lưu" in answer.text
    assert "<td>Mới đăng ký</td><td><b>Được tiếp nhận</b></td>" in answer.text
    assert '<blockquote class="typed">Sai nơi nộp</blockquote>' in answer.text
    assert fresh(client, Dossier, dossier.id).status == Status.ACCEPTED


def test_what_was_typed_on_a_stale_page_stays_in_its_field_where_the_move_is_still_open(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store, channel=Channel.DESK)
    sign_in(client, DESK["receptionist"])
    here = page_of(dossier.id)
    hidden = hidden_of(client.get(here).text, f"{here}/tu-choi")
    move(client, dossier.id, "nhan-giay", **{"dem-0": "1", "dem-1": "1"})

    stale = client.post(f"{here}/tu-choi", data={**hidden, "ly_do_tu_choi": "Sai nơi nộp"})
    again = hidden_of(stale.text, f"{here}/tu-choi")
    second = client.post(f"{here}/tu-choi", data={**again, "ly_do_tu_choi": "Sai nơi nộp"})

    assert stale.status_code == 409
    assert "Sai nơi nộp</textarea>" in stale.text
    assert second.status_code == 303


def test_a_page_that_names_no_version_is_stale(client: FlaskClient, store: Session, sign_in: SignIn) -> None:
    dossier = made(store)
    sign_in(client, DESK["receptionist"])

    assert client.post(f"{page_of(dossier.id)}/tiep-nhan").status_code == 409
    assert fresh(client, Dossier, dossier.id).status == Status.SUBMITTED


def test_a_double_click_accepts_once_and_answers_twice(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store)
    sign_in(client, DESK["receptionist"])
    here = page_of(dossier.id)
    sent = hidden_of(client.get(here).text, f"{here}/tiep-nhan")

    answers = [client.post(f"{here}/tiep-nhan", data=sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert fresh(client, Dossier, dossier.id).code == "000.21.07.H09-200915-0001"


# Money and the slip


def test_cash_gets_a_numbered_receipt_and_a_slip_of_the_finger_none(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store, Status.ACCEPTED)
    sign_in(client, DESK["receptionist"])
    paid = {"loai": "charge", "nguoi_nop_tien": "Đỗ Thị Mai"}

    wrong = move(client, dossier.id, "thu-tien", so_tien="-5", **paid)
    right = move(client, dossier.id, "thu-tien", so_tien="8000", **paid)
    page = client.get(page_of(dossier.id)).text

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "Số tiền phải lớn hơn 0" in wrong.text
    assert [receipt.amount_dong for receipt in store.scalars(select(CashReceipt))] == [8000]
    assert "0000001/2020" in page
    assert "8.000\N{NO-BREAK SPACE}₫" in page


def test_money_sent_twice_by_a_double_click_is_taken_once(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store, Status.ACCEPTED)
    sign_in(client, DESK["receptionist"])
    address = f"{page_of(dossier.id)}/thu-tien"
    hidden = hidden_of(client.get(page_of(dossier.id)).text, address)
    typed = {**hidden, "loai": "levy", "so_tien": "8000", "nguoi_nop_tien": "Đỗ Thị Mai"}

    answers = [client.post(address, data=typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(store.scalars(select(CashReceipt)).all()) == 1


def test_money_that_could_be_taken_twice_is_not_taken(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store, Status.ACCEPTED)
    sign_in(client, DESK["receptionist"])
    typed = {"loai": "levy", "so_tien": "8000", "nguoi_nop_tien": "Đỗ Thị Mai"}

    assert client.post(f"{page_of(dossier.id)}/thu-tien", data=typed).status_code == 400
    assert store.scalars(select(CashReceipt)).all() == []


def test_papers_that_nobody_counted_do_not_count_as_full(
    client: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    dossier = made(store, Status.SUBMITTED, channel=Channel.DESK)
    sign_in(client, DESK["receptionist"])

    answer = move(client, dossier.id, "nhan-giay")

    assert answer.status_code == 422
    assert "Hãy ghi số tờ đã đếm." in answer.text


def test_a_number_no_dossier_can_have_is_not_found(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, DESK["receptionist"])
    assert client.get(page_of(10**22)).status_code == 404


def test_a_specialist_takes_no_money(client: FlaskClient, store: Session, sign_in: SignIn) -> None:
    dossier = made(store, Status.ACCEPTED)
    sign_in(client, DESK["specialist"])
    typed = {"loai": "charge", "so_tien": "8000", "nguoi_nop_tien": "A", "khoa": "k"}

    assert client.post(f"{page_of(dossier.id)}/thu-tien", data=typed).status_code == 403
    assert "thu-tien" not in client.get(page_of(dossier.id)).text


def test_accepting_after_the_term_has_passed_is_called_so_before_the_click(
    client: FlaskClient, store: Session, sign_in: SignIn, clock: Clock
) -> None:
    dossier = made(store)
    told = "Hạn tính từ lúc nộp đã qua: 17:00 thứ Sáu, 18/09/2020."
    pages = []
    for days in (0, 10):
        clock.forward(days=days)
        sign_in(client, DESK["receptionist"])
        pages.append(client.get(page_of(dossier.id)).text)

    assert [told in page for page in pages] == [False, True]
    assert told in pages[1].partition(f'action="{page_of(dossier.id)}/tiep-nhan')[2].partition("<button")[0]


def test_the_slip_says_what_form_01_asks(client: FlaskClient, store: Session, sign_in: SignIn) -> None:
    dossier = made(store, Status.ACCEPTED)
    waiting = made(store)
    sign_in(client, DESK["receptionist"])

    html = client.get(f"{page_of(dossier.id)}/giay-hen").text

    said = [dossier.code, "ĐỖ THỊ MAI", "03 ngày làm việc", "17 giờ 00 phút, ngày 18 tháng 9 năm 2020"]
    said += ["ỦY BAN NHÂN DÂN PHƯỜNG PHÚ HÒA", "Phan Thị Yến", "01 bộ", f"Số: {dossier.code}"]
    said += ["tại quầy của Ủy ban nhân dân phường Phú Hòa"]
    assert [words for words in said if words not in html] == []
    assert "UBND" not in html.partition('<article class="form01"')[2].partition("</article>")[0]
    assert client.get(f"{page_of(waiting.id)}/giay-hen").status_code == 404


def test_a_delivery_is_told_in_words(app: Flask) -> None:
    said = {"evidence": "delivery", "receiver": "Đỗ Thị Mai", "code": "matched"}
    delivered = Event(Move.HAND_OVER, START, "Lê Văn Tám", Role.CARRIER, "", said)
    with app.test_request_context():
        (row,) = history_rows([delivered])
    assert row.what == "Trả kết quả. đọc đúng mã nhận. người nhận: Đỗ Thị Mai"
