"""The administrator's pages of workflows, and what a published one changes at the desk."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.catalogue.workflows import OPTIONAL, ROLES, StepKind
from portal.dossiers import actions
from portal.dossiers.states import Status, Step
from tests import make
from tests.conftest import START, SignIn

OWN = "/quan-tri/quy-trinh/{page}?cho=" + make.MARRIAGE_STATUS


@pytest.fixture
def admin(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """A browser in which the administrator is signed in."""
    sign_in(client, "quantri")
    return client


def place(page: str) -> str:
    return OWN.format(page=page)


def typed(**changed: str) -> dict[str, str]:
    """The fields of a whole workflow, four hours a step, with some of them changed."""
    rows = {f"vai_{kind}": ROLES[kind][0].value for kind in StepKind}
    rows |= {f"gio_{kind}": "4" for kind in StepKind} | {f"mau_{kind}": "" for kind in StepKind}
    rows |= {f"lam_{kind}": "y" for kind in OPTIONAL}
    return {**rows, "can_cu": "QĐ 12/QĐ-UBND", "lan": "0", **changed}


def revision(page: str) -> str:
    [found] = set(re.findall(r'name="lan" type="hidden" value="(\d+)"', page))
    return found


def put_in_force(admin: FlaskClient, **changed: str) -> None:
    assert admin.post(place("soan"), data=typed(**changed)).status_code == 303
    shown = admin.get(place("xem-truoc")).text
    answer = admin.post(place("ban-hanh"), data={"lan": revision(shown)})
    assert answer.status_code == 303
    assert "Đã ban hành" in admin.get(answer.location).text


def test_the_list_says_what_is_in_force_and_how_many_dossiers_run_under_it(
    admin: FlaskClient, store: Session, count_statements: list[str]
) -> None:
    before = admin.get("/quan-tri/quy-trinh").text
    [few] = re.findall(r"Lĩnh vực Hộ tịch</a>.*?<td[^>]*class=\"n\">(\d+)</td></tr>", before)
    assert "bản 1, từ" in before
    make.dossier(store, Status.ACCEPTED, at=START)
    store.commit()
    count_statements.clear()
    after = admin.get("/quan-tri/quy-trinh").text
    assert f'class="n">{int(few) + 1}</td></tr>' in after
    assert len(count_statements) < 12
    found = admin.get("/quan-tri/quy-trinh?tim=tình+trạng+hôn+nhân").text
    assert make.MARRIAGE_STATUS in found
    assert "Không thấy thủ tục nào" in admin.get("/quan-tri/quy-trinh?tim=zzzz").text


def test_a_draft_is_written_previewed_and_put_in_force_for_new_dossiers_only(
    app: Flask, admin: FlaskClient, store: Session
) -> None:
    old = make.dossier(store, Status.ACCEPTED, at=START)
    store.commit()
    assert "Chưa có quy trình riêng" in admin.get(place("ban")).text
    answer = admin.post(place("soan"), data=typed(gio_appraisal="2,5", mau_appraisal="02, 05"))
    preview = admin.get(answer.location).text
    assert "2,5 giờ" in preview
    assert "Chuyên viên, 2,5 giờ, mẫu 02, mẫu 05" in preview
    assert "hồ sơ đang chạy giữ quy trình của mình" in preview
    put_in_force(admin, gio_appraisal="2,5", lan="1")
    shown = admin.get(place("ban")).text
    assert "QĐ 12/QĐ-UBND" in shown
    assert "Mai Anh Khoa" in shown
    store.expire_all()
    assert store.get_one(type(old), old.id).workflow.scope == "field:Hộ tịch"
    assert make.dossier(store, at=START).workflow.scope == make.MARRIAGE_STATUS


WRONG = {
    "gio_appraisal": ("", "x", "0", "-1", "2001", "NaN", "Infinity", "1e9999999", "0,001"),
    "mau_signing": ("mẫu 4", "4", "04, 04"),
    "vai_signing": ("carrier", "specialist", ""),
    "can_cu": ("", "   ", "x" * 1001),
}


@pytest.mark.parametrize(("field", "value"), [(name, one) for name, many in WRONG.items() for one in many])
def test_a_mistake_stands_at_its_field_and_nothing_typed_is_lost(
    admin: FlaskClient, field: str, value: str
) -> None:
    kept = {"gio_reception": "7,25", "mau_return": "06"}
    answer = admin.post(place("soan"), data=typed(**{**kept, field: value}))
    assert answer.status_code == 422
    assert f'id="{field}-err"' in answer.text
    assert 'value="7,25"' in answer.text
    assert 'value="06"' in answer.text
    assert admin.get(place("xem-truoc")).status_code == 404, "nothing was kept"


def test_what_stands_at_a_step_left_out_is_nobodys_mistake(admin: FlaskClient) -> None:
    data = typed(gio_consultation="")
    del data["lam_consultation"]
    assert admin.post(place("soan"), data=data).status_code == 303
    preview = admin.get(place("xem-truoc")).text
    assert "không có bước này" in preview


def test_a_preview_warns_where_the_norms_outlast_the_published_term(admin: FlaskClient) -> None:
    admin.post(place("soan"), data=typed(gio_appraisal="200"))
    assert "Định mức dài hơn thời hạn đã công bố" in admin.get(place("xem-truoc")).text
    admin.post(place("soan"), data=typed(gio_appraisal="1", gio_consultation="1", lan="1"))
    shown = admin.get(place("xem-truoc")).text
    assert "đều đủ cho định mức" in shown


def test_a_preview_counts_from_the_moment_and_by_the_office_that_are_typed(
    app: Flask, admin: FlaskClient, store: Session
) -> None:
    there = make.office(store).id
    store.rollback()
    admin.post(place("soan"), data=typed())
    shown = admin.get(place("xem-truoc") + f"&tu=01/09/2020+14:00&co_quan={there}").text
    assert "03/09/2020" in shown, "the second of September is a holiday"
    for typed_start in ("31/02/2020", "31/12/9999 10:00", "01/01/0001 10:00", ""):
        asked = {"cho": make.MARRIAGE_STATUS, "tu": typed_start}
        wrong = admin.get("/quan-tri/quy-trinh/xem-truoc", query_string=asked)
        assert wrong.status_code == 422
        assert f'value="{typed_start}"' in wrong.text


def test_who_comes_second_reads_so_and_keeps_what_was_typed(app: Flask, admin: FlaskClient) -> None:
    seen = revision(admin.get(place("soan")).text)
    admin.post(place("soan"), data=typed(lan=seen, can_cu="QĐ của người trước"))
    beaten = admin.post(place("soan"), data=typed(lan=seen, can_cu="QĐ của người sau"))
    assert beaten.status_code == 409
    assert "Người khác vừa sửa quy trình này" in beaten.text
    assert "QĐ của người sau" in beaten.text
    for act in ("ban-hanh", "bo"):
        assert admin.post(place(act), data={"lan": seen}).status_code == 409
    assert "QĐ của người trước" in admin.get(place("xem-truoc")).text
    again = admin.post(place("soan"), data=typed(lan=revision(beaten.text), can_cu="QĐ của người sau"))
    assert again.status_code == 303
    assert "QĐ của người sau" in admin.get(place("xem-truoc")).text


def test_a_draft_is_thrown_away_once(admin: FlaskClient) -> None:
    admin.post(place("soan"), data=typed())
    seen = revision(admin.get(place("xem-truoc")).text)
    assert admin.post(place("bo"), data={"lan": seen}).status_code == 303
    assert admin.post(place("bo"), data={"lan": seen}).status_code == 409
    told = admin.get(place("ban")).text
    assert told.index("Bỏ bản nháp") < told.index("Soạn bản nháp")


@pytest.mark.parametrize("cho", ["9.999999", "field:Không có", "x" * 500])
def test_there_is_no_workflow_for_what_is_not_published(admin: FlaskClient, cho: str) -> None:
    for page in ("ban", "soan", "xem-truoc"):
        assert admin.get(f"/quan-tri/quy-trinh/{page}", query_string={"cho": cho}).status_code == 404


def test_the_receptionist_of_a_small_ward_appraises_and_issues_new_dossiers(
    app: Flask, admin: FlaskClient, store: Session, sign_in: SignIn
) -> None:
    old = make.dossier(store, Status.IN_PROGRESS, at=START)
    store.commit()
    put_in_force(admin, vai_appraisal="receptionist", vai_issuing="receptionist")
    new = make.dossier(store, Status.ACCEPTED, at=START)
    yen, lan = make.official(store, Role.RECEPTIONIST), make.official(store, Role.LEADER)
    actions.forward(store, new, by=yen, at=START)
    store.commit()
    desk = app.test_client()
    sign_in(desk, "tiepnhan.phuhoa")
    assert "Trình lãnh đạo ký" in desk.get(f"/mot-cua/ho-so/{new.id}").text
    assert "Trình lãnh đạo ký" not in desk.get(f"/mot-cua/ho-so/{old.id}").text
    assert "Đang ở: Cán bộ tiếp nhận, UBND phường Phú Hòa" in desk.get(f"/mot-cua/ho-so/{new.id}").text
    hoa = app.test_client()
    sign_in(hoa, "chuyenvien.phuhoa")
    assert "Trình lãnh đạo ký" not in hoa.get(f"/mot-cua/ho-so/{new.id}").text
    assert "Trình lãnh đạo ký" in hoa.get(f"/mot-cua/ho-so/{old.id}").text
    make.result_file(store, new, yen, START)
    actions.propose(store, new, by=yen, at=START, opinion="Đủ.")
    actions.sign(store, new, by=lan, at=START)
    store.commit()
    assert new.step == Step.ISSUING
    assert "Vào số, báo có kết quả" in desk.get(f"/mot-cua/ho-so/{new.id}").text


def test_a_whole_workflow_is_offered_where_none_was_drawn(admin: FlaskClient) -> None:
    page = admin.get(place("soan")).text
    assert page.count("<fieldset") == len(StepKind)
    assert "Soạn quy trình" in admin.get("/quan-tri/quy-trinh/soan").text
