"""Special days entered, changed and ended by an administrator; nothing of them is ever lost."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts.calendars import CalendarDay, calendar_of, seed_days
from portal.accounts.models import Actor, Role
from portal.accounts.special_days import FARTHEST, Wanted, change, enter, find, history
from portal.ground import ledger
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.ground.working_time import ZONE, DayKind

AT = datetime(2020, 8, 25, 9, tzinfo=ZONE)
BY = Actor(account_id=1, name="Quản trị", role=Role.ADMIN)
STORM = Wanted(
    date(2020, 9, 17), DayKind.HOLIDAY, "Nghỉ  bão số 5", "Công điện 1195/CĐ-TTg", "Bão vào bờ", kept=3
)
NATIONAL = date(2020, 9, 2)


@pytest.fixture
def year(session: Session) -> Session:
    """A session in which the days of 2020 are known."""
    seed_days(session, [2020])
    session.flush()
    return session


def entered(session: Session) -> CalendarDay:
    """The row of a day that was just entered."""
    enter(session, STORM, by=BY, at=AT)
    session.flush()
    row = find(session, STORM.day)
    assert row is not None
    return row


def kind_of(session: Session, day: date) -> DayKind | None:
    session.flush()
    return calendar_of(session, None, AT.date()).days.get(day)


def test_a_day_that_was_entered_counts_and_says_who_and_why(year: Session):
    enter(year, STORM, by=BY, at=AT)
    assert kind_of(year, STORM.day) is DayKind.HOLIDAY
    (version,) = history(year, STORM.day)
    assert (version.at, version.reason, version.kept) == (AT, "Bão vào bờ", 3)
    assert (version.kind, version.note) == (DayKind.HOLIDAY, "Nghỉ bão số 5")


def test_a_day_that_was_ended_counts_no_more_and_stays_on_record(year: Session):
    row = find(year, NATIONAL)
    assert row is not None
    change(year, row, Wanted(NATIONAL, None, reason="Nhập nhầm"), by=BY, at=AT)
    assert kind_of(year, NATIONAL) is None
    assert seed_days(year, [2020]) == 0
    entry = ledger.history(year, "calendar", "2020-09-02")[0]
    assert (entry.move, entry.from_state, entry.to_state) == ("end", "holiday", "")
    assert entry.details["before"]["source"] == "Bộ luật Lao động 2012, điều 115"


def test_every_version_of_a_day_is_kept_newest_first(year: Session):
    row = entered(year)
    moved = Wanted(STORM.day, DayKind.EXCHANGED_OFF, "Nghỉ hoán đổi", "Công văn 2", "Làm bù thứ Bảy")
    change(year, row, moved, by=BY, at=AT + timedelta(days=1))
    change(year, row, Wanted(STORM.day, None, reason="Bão tan"), by=BY, at=AT + timedelta(days=2))
    enter(year, STORM, by=BY, at=AT + timedelta(days=3))
    assert [one.kind for one in history(year, STORM.day)] == [
        DayKind.HOLIDAY,
        None,
        DayKind.EXCHANGED_OFF,
        DayKind.HOLIDAY,
    ]
    assert kind_of(year, STORM.day) is DayKind.HOLIDAY
    assert list(ledger.verify(year)) == []


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(Wanted(date(2020, 8, 24), DayKind.HOLIDAY, "a", "b", "c"), id="a day that has passed"),
        pytest.param(Wanted(AT.date() + FARTHEST * 2, DayKind.HOLIDAY, "a", "b", "c"), id="a mistyped year"),
        pytest.param(Wanted(date(2020, 9, 17), DayKind.MAKE_UP, "a", "b", "c"), id="made up on a Thursday"),
        pytest.param(Wanted(date(2020, 9, 17), DayKind.HOLIDAY, " ", "b", "c"), id="without a name"),
        pytest.param(Wanted(date(2020, 9, 17), DayKind.HOLIDAY, "a", "", "c"), id="without a source"),
        pytest.param(Wanted(date(2020, 9, 17), DayKind.HOLIDAY, "a", "b"), id="without a reason"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(year: Session, wanted: Wanted):
    with pytest.raises(Refused):
        enter(year, wanted, by=BY, at=AT)
    assert find(year, wanted.day) is None
    assert history(year, wanted.day) == []


def test_a_change_that_changes_nothing_is_refused(year: Session):
    row = entered(year)
    with pytest.raises(Refused):
        change(year, row, STORM, by=BY, at=AT)


def test_a_day_is_entered_once(year: Session):
    with pytest.raises(WrongState):
        enter(year, Wanted(NATIONAL, DayKind.HOLIDAY, "a", "b", "c"), by=BY, at=AT)


def test_only_an_administrator_changes_the_calendar(year: Session):
    leader = Actor(account_id=2, name="Lãnh đạo", role=Role.LEADER)
    with pytest.raises(NotAllowed):
        enter(year, STORM, by=leader, at=AT)


def test_the_later_of_two_who_change_the_same_day_is_refused(year: Session):
    row = entered(year)
    year.flush()
    year.execute(
        sa.update(CalendarDay).where(CalendarDay.id == row.id).values(version=CalendarDay.version + 1),
        execution_options={"synchronize_session": False},
    )
    change(year, row, Wanted(STORM.day, None, reason="Bão tan"), by=BY, at=AT)
    with pytest.raises(StaleDataError):
        year.flush()
