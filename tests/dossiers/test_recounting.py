"""Which promises a change of the calendar would give differently, and that none moves by itself."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.accounts.calendars import OfficeHours
from portal.accounts.special_days import Wanted, enter
from portal.dossiers.models import Dossier
from portal.dossiers.recounting import Fate, moved_by_day, moved_by_hours
from portal.dossiers.states import Status
from portal.ground.working_time import USUAL_WEEK, ZONE, DayKind, Unit
from tests import make

OTHER = "Hiệp Thành"
TUESDAY = datetime(2020, 9, 15, 9, tzinfo=ZONE)
"""Three working days from here end on Friday 18 September 2020."""


def promised(session: Session, at: datetime = TUESDAY, **more: object) -> Dossier:
    """A dossier with a promise of three working days."""
    return make.dossier(session, Status.ACCEPTED, at=at, **more)


def seen(moved: list) -> list[tuple[str, str, str | None]]:
    """The codes with the old and the new day."""
    days = [(one.promised_at, one.recounted_at) for one in moved]
    shown = [[day and day.astimezone(ZONE).strftime("%d.%m %H:%M") for day in pair] for pair in days]
    return [(one.code, old, new) for one, (old, new) in zip(moved, shown, strict=True)]


def test_a_holiday_inside_a_term_would_move_its_promise_to_a_later_day(town: Session):
    dossier = promised(town)
    found = moved_by_day(town, date(2020, 9, 17), DayKind.HOLIDAY, TUESDAY)
    assert seen(found) == [(dossier.code, "18.09 17:00", "21.09 17:00")]
    assert (found[0].office_name, found[0].fate) == (dossier.office.name, Fate.LATER)


def test_a_make_up_saturday_inside_a_term_would_bring_it_forward(town: Session):
    dossier = promised(town, TUESDAY + timedelta(days=2))
    found = moved_by_day(town, date(2020, 9, 19), DayKind.MAKE_UP, TUESDAY)
    assert seen(found) == [(dossier.code, "22.09 17:00", "21.09 17:00")]
    assert found[0].fate == Fate.EARLIER


def test_a_holiday_that_is_none_after_all_would_bring_it_forward(town: Session):
    dossier = promised(town, TUESDAY.replace(day=1))
    found = moved_by_day(town, date(2020, 9, 2), None, dossier.accepted_at)
    assert seen(found) == [(dossier.code, "07.09 17:00", "04.09 17:00")]


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        pytest.param(14, DayKind.HOLIDAY, id="before it began"),
        pytest.param(21, DayKind.HOLIDAY, id="after it ends"),
        pytest.param(19, DayKind.MAKE_UP, id="a Saturday after it ends"),
    ],
)
def test_days_outside_a_term_move_nothing(town: Session, day: int, kind: DayKind):
    promised(town)
    assert moved_by_day(town, date(2020, 9, day), kind, TUESDAY) == []


def test_a_holiday_on_a_day_of_rest_moves_nothing(town: Session):
    promised(town, TUESDAY + timedelta(days=3))
    assert moved_by_day(town, date(2020, 9, 20), DayKind.HOLIDAY, TUESDAY) == []


def test_only_promises_that_run_are_asked(town: Session):
    for status in (Status.SUBMITTED, Status.FINISHED, Status.AWAITING_SUPPLEMENT, Status.WITHDRAWN):
        make.dossier(town, status, at=TUESDAY)
    running = make.dossier(town, Status.IN_PROGRESS, at=TUESDAY)
    found = moved_by_day(town, date(2020, 9, 17), DayKind.HOLIDAY, TUESDAY)
    assert [one.dossier_id for one in found] == [running.id]


def test_entering_a_day_moves_no_promise_and_ending_it_asks_about_none(town: Session):
    dossier = promised(town)
    before = dossier.due_at, dossier.due_trace
    wanted = Wanted(date(2020, 9, 17), DayKind.HOLIDAY, "Nghỉ bão", "Công điện 1", "Bão số 5", kept=1)
    enter(town, wanted, by=make.actor(town, "quantri"), at=TUESDAY)
    town.flush()
    town.refresh(dossier)
    assert (dossier.due_at, dossier.due_trace) == before
    assert moved_by_day(town, wanted.day, None, TUESDAY) == []


def test_a_promise_that_its_start_alone_would_not_give_is_carried_on(town: Session):
    dossier = promised(town)
    dossier.due_at += timedelta(days=4)
    found = moved_by_day(town, date(2020, 9, 21), DayKind.HOLIDAY, TUESDAY)
    assert seen(found) == [(dossier.code, "22.09 17:00", "23.09 17:00")]
    assert moved_by_day(town, date(2020, 9, 20), DayKind.HOLIDAY, TUESDAY) == []


def test_a_promise_counts_from_the_answer_that_began_its_term_anew(town: Session):
    dossier = promised(town)
    dossier.received_at -= timedelta(days=30)
    found = moved_by_day(town, date(2020, 9, 17), DayKind.HOLIDAY, TUESDAY)
    assert seen(found) == [(dossier.code, "18.09 17:00", "21.09 17:00")]


def test_new_hours_of_an_office_ask_its_own_promises_only(town: Session):
    here = promised(town)
    promised(town, office_name=OTHER)
    shorter = dict.fromkeys(range(5), ((time(8), time(12)),))
    assert seen(moved_by_hours(town, here.office_id, shorter, date(2020, 9, 16), TUESDAY)) == [
        (here.code, "18.09 17:00", "18.09 12:00")
    ]
    assert moved_by_hours(town, here.office_id, shorter, date(2020, 9, 19), TUESDAY) == []
    assert moved_by_hours(town, here.office_id, USUAL_WEEK, date(2020, 9, 16), TUESDAY) == []


def test_giving_back_the_hours_of_all_offices_counts_with_those(town: Session):
    here = make.office(town)
    own = {"office_id": here.id, "from_on": date(2019, 1, 1), "opens": time(7), "closes": time(18)}
    town.add_all(OfficeHours(weekday=day, **own) for day in range(5))
    dossier = promised(town)
    assert seen(moved_by_hours(town, here.id, {}, date(2020, 9, 16), TUESDAY)) == [
        (dossier.code, "18.09 18:00", "18.09 17:00")
    ]


def test_many_promises_cost_as_many_statements_as_one(town: Session):
    promised(town)
    town.flush()
    counts = [statements(town)]
    for number in range(4):
        promised(town, TUESDAY + timedelta(hours=number), office_name=(OTHER, make.PHU_HOA)[number % 2])
    town.flush()
    counts.append(statements(town))
    assert counts == [5, 5]


def statements(session: Session) -> int:
    """How many statements one asking costs."""
    seen_: list[str] = []

    def note(*args: object) -> None:
        seen_.append(str(args[2]))

    session.expunge_all()
    bind = session.get_bind()
    sa.event.listen(bind, "before_cursor_execute", note)
    moved_by_day(session, date(2020, 9, 17), DayKind.HOLIDAY, TUESDAY)
    sa.event.remove(bind, "before_cursor_execute", note)
    return len(seen_)


def test_a_term_in_another_unit_is_counted_in_its_own(town: Session):
    dossier = promised(town)
    term = next(t for t in dossier.procedure_version.terms if t.channel == "online")
    term.amount, term.unit = Decimal(20), Unit.HOUR
    dossier.due_at = datetime(2020, 9, 17, 16, tzinfo=ZONE)
    town.flush()
    found = moved_by_day(town, date(2020, 9, 16), DayKind.HOLIDAY, TUESDAY)
    assert seen(found) == [(dossier.code, "17.09 16:00", "18.09 16:00")]
