"""A province's list of levels is taken in, also for procedures that nobody has imported yet."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue import queries
from portal.catalogue.importing import import_procedures
from portal.catalogue.levels import OnlineLevel
from portal.catalogue.levels_import import import_levels
from portal.catalogue.models import LevelDecision
from tests.catalogue.records import record

TODAY = date(2020, 9, 15)


def row(code: str = "1.000001", level: str = "4", day: str = "2020-01-01", **said: str) -> dict[str, str]:
    return {"code": code, "online_level": level, "decision": "12/QĐ-UBND", "effective_from": day} | said


def test_a_level_holds_from_its_day_on(session: Session) -> None:
    import_levels(session, [row(level="2"), row(level="4", day="2020-09-15")])

    assert queries.level_of(session, "1.000001", date(2019, 12, 31)) is OnlineLevel.INFORMATION
    assert queries.level_of(session, "1.000001", date(2020, 9, 14)) is OnlineLevel.DOWNLOAD
    assert queries.level_of(session, "1.000001", TODAY) is OnlineLevel.FULL


def test_a_second_run_changes_nothing_and_a_correction_is_an_update(session: Session) -> None:
    import_levels(session, [row(), row("1.000002")])

    again = import_levels(session, [row(), row("1.000002", "3")])

    assert (again.read, again.created, again.updated, again.unchanged) == (2, 0, 1, 1)
    assert queries.level_of(session, "1.000002", TODAY) is OnlineLevel.FILING


def test_levels_without_procedure_are_kept_and_procedures_without_level_named(session: Session) -> None:
    import_procedures(session, [record("1.000001"), record("1.000003")], today=TODAY)

    report = import_levels(session, [row("1.000001.000.00.00.H09"), row("1.000002")])

    assert report.without_procedure == ["1.000002"]
    assert report.without_level == ["1.000003"]
    assert report.warnings == 2
    assert set(session.scalars(select(LevelDecision.code))) == {"1.000001", "1.000002"}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row("1.1"), "mã “1.1” không đúng dạng 1.001193"),
        (row(level="5"), "mức “5” không phải 1, 2, 3 hay 4"),
        (row(level="4.0"), "mức “4.0” không phải 1, 2, 3 hay 4"),
        (row(day="01/01/2020"), "ngày “01/01/2020” không đúng dạng 2020-01-31"),
        (row(decision=" "), "thiếu decision"),
        (row("9.999999"), "trùng mã và ngày với dòng thứ 1"),
    ],
)
def test_a_row_is_taken_in_or_named(session: Session, bad: dict[str, str], reason: str) -> None:
    report = import_levels(session, [row("9.999999"), bad])

    assert report.created == 1
    assert [(one.position, one.reason) for one in report.rejections] == [(2, reason)]
