"""The national catalogue is taken in whole: each record imported or named, none twice, no guess."""

import copy
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalogue import queries
from portal.catalogue.importing import import_procedures
from portal.catalogue.models import Channel, Procedure, ProcedureVersion, Tier, VersionState
from portal.catalogue.reports import ProcedureReport
from portal.ground.working_time import Unit
from portal.seed.curate import plant_curated
from tests.catalogue.records import channel, fee, record
from tests.conftest import START

TODAY = date(2020, 9, 15)
LATER = TODAY + timedelta(days=10)


def take_in(session: Session, *items: Any, today: date = TODAY) -> ProcedureReport:
    report = import_procedures(session, items, today=today)
    session.flush()
    session.expire_all()
    return report


def versions(session: Session, code: str = "1.000001") -> Sequence[ProcedureVersion]:
    query = select(ProcedureVersion).join(Procedure).where(Procedure.code == code)
    return session.scalars(query.order_by(ProcedureVersion.number)).all()


def test_a_record_becomes_a_published_version_with_its_rows(session: Session) -> None:
    report = take_in(session, record(channels=[channel("post", fees=[fee(20_000, "mỗi hồ sơ")])]))

    version = queries.published(session, "1.000001", TODAY)
    assert (report.read, report.created, report.warnings) == (1, 1, 0)
    assert (version.number, version.from_on, version.to_on) == (1, TODAY, None)
    assert version.name == "Thủ tục đăng ký nuôi ong lấy mật"
    assert {row.tier for row in version.tiers} == {Tier.PROVINCE, Tier.COMMUNE}
    assert [(row.channel, row.unit, row.fee_text) for row in version.terms] == [
        (Channel.POST, Unit.WORKING_DAY, "20.000 ₫ (mỗi hồ sơ)")
    ]
    assert version.by_post
    assert version.source == "https://example.org/ong"


def test_a_second_run_changes_nothing(session: Session) -> None:
    items = [record("1.000001"), record("1.000002", channels=[channel(time_unit="unknown")])]
    take_in(session, *items)

    report = take_in(session, *copy.deepcopy(items), today=LATER)

    assert (report.read, report.created, report.updated, report.unchanged) == (2, 0, 0, 2)
    assert session.scalar(select(func.count(ProcedureVersion.id))) == 2
    assert report.warnings == 1


def test_a_changed_record_becomes_the_next_version_and_ends_the_last_one(session: Session) -> None:
    take_in(session, record())

    report = take_in(session, record(name="Đăng ký nuôi ong"), today=LATER)

    old, new = versions(session)
    assert (report.created, report.updated) == (0, 1)
    assert (old.to_on, new.number, new.from_on) == (LATER - timedelta(days=1), 2, LATER)
    assert queries.published(session, "1.000001", LATER - timedelta(days=1)).id == old.id
    assert queries.published(session, "1.000001", LATER).id == new.id


def test_a_record_changed_twice_on_one_day_leaves_one_version_in_force(session: Session) -> None:
    take_in(session, record())
    take_in(session, record(name="Đăng ký nuôi ong"))

    in_force = session.scalars(select(ProcedureVersion).where(queries.in_force(TODAY))).all()

    assert [version.number for version in in_force] == [2]


def test_a_missing_unit_stays_missing(session: Session) -> None:
    take_in(session, record(channels=[channel(time_value=1, time_unit="unknown")]))

    (term,) = versions(session)[0].terms
    assert (term.amount, term.unit, term.term) == (1, None, None)


@pytest.mark.parametrize("value", [0, 0.001], ids=["none at all", "rounded to nothing"])
def test_a_time_of_nothing_is_no_time(session: Session, value: float) -> None:
    take_in(session, record(channels=[channel(time_value=value)]))

    assert versions(session)[0].terms[0].amount is None


def test_half_a_calendar_day_is_imported_but_no_clock_counts_it(session: Session) -> None:
    take_in(session, record(channels=[channel(time_value=0.5, time_unit="day")]))

    (term,) = versions(session)[0].terms
    assert (float(term.amount or 0), term.term) == (0.5, None)


@pytest.mark.parametrize(
    ("code", "owner"),
    [("1.000001", None), ("1.000001.000.00.00.H09", "000.00.00.H09"), ("1.000001.H09", "H09")],
)
def test_the_owner_behind_a_code_is_cut_off_and_kept(session: Session, code: str, owner: str | None) -> None:
    take_in(session, record(code))

    assert versions(session)[0].record.get("owner") == owner
    assert versions(session)[0].record["code"] == "1.000001"


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("ong", "không phải một bản ghi"),
        (record(code=None), "thiếu code"),
        (record(name="  "), "thiếu name"),
        (record("1.00001"), "mã “1.00001” không đúng dạng 1.001193"),
        (record("1.000001.H9"), "mã “1.000001.H9” không đúng dạng 1.001193"),
        (
            record(levels=["ward"]),
            "levels[0]: “ward” không thuộc commune, district, ministry, other, province",
        ),
        (record(channels={}), None),
        (
            record(channels=[channel(time_value="3")]),
            "channels[0].time_value: cần một số từ 0 đến dưới 100000",
        ),
        (
            record(channels=[channel(time_value=-3)]),
            "channels[0].time_value: cần một số từ 0 đến dưới 100000",
        ),
        (
            record(channels=[channel(time_value=True)]),
            "channels[0].time_value: cần một số từ 0 đến dưới 100000",
        ),
        (record(steps=["một"]), "steps: không đúng kiểu, cần str"),
        (record(documents=[{"items": "đơn"}]), "documents[0].items: không đúng kiểu, cần list"),
        (record(field="a" * 201), "tên lĩnh vực dài quá 200 ký tự"),
        (record(name="Ong \ud800"), "có ký tự hỏng"),
    ],
    ids=lambda value: None if isinstance(value, dict | None) else str(value)[:30],
)
def test_a_record_is_imported_or_named_with_its_reason(
    session: Session, item: object, reason: str | None
) -> None:
    report = take_in(session, record("9.999999"), item)

    assert report.read == 2 == report.created + len(report.rejections)
    assert [(one.position, one.reason) for one in report.rejections] == ([(2, reason)] if reason else [])


def test_the_second_of_two_records_with_one_code_is_rejected(session: Session) -> None:
    report = take_in(session, record("1.000001"), record("1.000001.H09", name="Tên khác"))

    (rejection,) = report.rejections
    assert rejection.reason == "trùng mã với bản ghi thứ 1"
    assert versions(session)[0].name == "Thủ tục đăng ký nuôi ong lấy mật"


def test_text_is_stored_in_nfc_without_control_characters(session: Session) -> None:
    take_in(session, record(name="Nuôi o\u0302ng \x00  mật", steps="Bước 1\r\n\x07Bước 2"))

    version = versions(session)[0]
    assert version.name == "Nuôi ông mật"
    assert version.record["steps"] == "Bước 1\nBước 2"


def test_the_report_as_json_has_its_six_numbers_and_the_lists_behind_them(session: Session) -> None:
    take_in(session, record("1.000002"))

    odd = record("1.000001", agencies=None)
    said = take_in(session, odd, record("1.000002"), record("x")).as_json()

    assert {key: value for key, value in said.items() if isinstance(value, int)} == {
        "read": 3, "created": 1, "updated": 0, "unchanged": 1, "rejected": 1, "warnings": 1,
    }  # fmt: skip
    assert said["rejections"] == [{"position": 3, "code": "x", "reason": "mã “x” không đúng dạng 1.001193"}]
    assert said["warnings_by_kind"] == {"agency_missing": 1}


class TestACuratedProcedure:
    """An import never takes a curated version's place; its text is kept beside it."""

    def test_stays_in_force_and_the_record_is_kept_as_a_draft(self, session: Session) -> None:
        plant_curated(session, START, TODAY)

        report = take_in(session, record("1.001193", name="Thủ tục khai sinh"), today=LATER)

        version = queries.published(session, "1.001193", LATER)
        kept = queries.reference(session, version)
        assert version.name == "Đăng ký khai sinh"
        assert report.kept_as_reference == ["1.001193"]
        assert kept is not None
        assert (kept.state, kept.name) == (VersionState.DRAFT, "Thủ tục khai sinh")

    def test_keeps_one_draft_however_often_the_record_changes(self, session: Session) -> None:
        plant_curated(session, START, TODAY)
        for name in ("Thủ tục khai sinh", "Thủ tục khai sinh, sửa", "Thủ tục khai sinh, sửa nữa"):
            take_in(session, record("1.001193", name=name), today=LATER)

        report = take_in(session, record("1.001193", name="Thủ tục khai sinh, sửa nữa"), today=LATER)

        states = [version.state for version in versions(session, "1.001193")]
        assert states == [VersionState.PUBLISHED, VersionState.DRAFT]
        assert report.unchanged == 1

    def test_replaces_the_imported_version_when_it_is_planted_later(self, session: Session) -> None:
        take_in(session, record("1.001193"))

        plant_curated(session, START, TODAY)
        session.flush()

        in_force = session.scalars(
            select(ProcedureVersion)
            .join(Procedure)
            .where(Procedure.code == "1.001193", queries.in_force(TODAY))
        ).all()
        assert [version.name for version in in_force] == ["Đăng ký khai sinh"]
        assert take_in(session, record("1.001193"), today=LATER).unchanged == 1
