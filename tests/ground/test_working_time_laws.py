"""What holds for every start, term and calendar, and agrees with slow counts."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.ground.working_time import (
    USUAL_WEEK,
    ZONE,
    Calendar,
    DayKind,
    Due,
    Period,
    Term,
    Unit,
    due,
    open_minutes_between,
)

WD, DAY, HOUR, MONTH, SAME = Unit.WORKING_DAY, Unit.DAY, Unit.HOUR, Unit.MONTH, Unit.SAME_DAY

FIRST = date(2026, 1, 1)
WEEKS = [
    USUAL_WEEK,
    {**USUAL_WEEK, 5: ((time(7, 30), time(11, 30)),)},
    {0: ((time(8), time(12)),), 3: ((time(9), time(10)), (time(13), time(14, 30)), (time(20), time(22)))},
    {day: ((time(0), time(23, 59)),) for day in range(7)},
]
weeks = st.sampled_from(WEEKS)
some_days = st.integers(0, 90).map(lambda n: FIRST + timedelta(days=n))
calendars = st.builds(
    Calendar,
    hours=weeks,
    days=st.dictionaries(some_days, st.sampled_from(DayKind), max_size=20),
    periods=st.lists(
        st.builds(
            lambda first, n, week: Period(first, first + timedelta(days=n), week),
            some_days,
            st.integers(0, 40),
            weeks,
        ),
        max_size=2,
    ).map(tuple),
)
minutes_of_a_quarter = st.integers(0, 90 * 24 * 60)
starts = minutes_of_a_quarter.map(lambda n: datetime(2026, 1, 1, tzinfo=ZONE) + timedelta(minutes=n))
working_day_terms = st.builds(Term, st.integers(1, 40).map(Decimal), st.just(WD))
day_terms = st.builds(Term, st.integers(1, 40).map(Decimal), st.just(DAY))
hour_terms = st.builds(Term, st.integers(1, 4000).map(lambda n: Decimal(n) / 100), st.just(HOUR))
month_terms = st.builds(Term, st.integers(1, 14).map(Decimal), st.just(MONTH))
part_terms = st.builds(Term, st.integers(0, 9).map(lambda n: n + Decimal("0.5")), st.just(WD))
same_day_terms = st.builds(
    Term,
    st.just(Decimal(1)),
    st.just(SAME),
    st.times(max_value=time(22)).map(lambda t: t.replace(microsecond=0)),
)
one_kind = [working_day_terms, day_terms, month_terms, hour_terms, part_terms]
terms = st.one_of(*one_kind, same_day_terms)
pairs_of_a_kind = st.one_of(*(st.tuples(kind, kind) for kind in one_kind))
lasting = settings(deadline=None, max_examples=200)


@lasting
@given(starts, terms, calendars)
def test_a_due_date_is_in_office_hours_and_never_before_its_start(
    start: datetime, term: Term, calendar: Calendar
):
    found = due(start, term, calendar).at
    local = found.astimezone(ZONE)
    assert any(opens <= local.time() <= closes for opens, closes in calendar.spans(local.date()))
    assert found >= start


@lasting
@given(starts, working_day_terms | day_terms | month_terms, calendars)
def test_a_term_in_days_or_months_is_due_at_the_last_closing(start: datetime, term: Term, calendar: Calendar):
    local = due(start, term, calendar).at.astimezone(ZONE)
    assert local.time() == calendar.spans(local.date())[-1][1]


@lasting
@given(starts, pairs_of_a_kind, calendars)
def test_a_longer_term_is_never_due_earlier(start: datetime, pair: tuple[Term, Term], calendar: Calendar):
    shorter, longer = sorted(pair, key=lambda term: term.amount)
    assert due(start, shorter, calendar).at <= due(start, longer, calendar).at


@lasting
@given(starts, starts, terms, calendars)
def test_a_later_start_is_never_due_earlier(one: datetime, other: datetime, term: Term, calendar: Calendar):
    earlier, later = sorted((one, other))
    assert due(earlier, term, calendar).at <= due(later, term, calendar).at


@lasting
@given(starts, terms, calendars)
def test_a_trace_runs_in_order_from_the_start_to_the_due_moment(
    start: datetime, term: Term, calendar: Calendar
):
    found = due(start, term, calendar)
    moments = [line.at for line in found.trace]
    assert moments == sorted(moments)
    assert moments[0] == start
    assert moments[-1] == found.at
    assert all("%(" not in line.sentence for line in found.trace)


@lasting
@given(starts, terms, calendars)
def test_a_due_date_comes_back_from_storage_as_it_was(start: datetime, term: Term, calendar: Calendar):
    found = due(start, term, calendar)
    assert Due.from_json(found.to_json()) == found


def every_day_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += timedelta(days=1)


def slowly_begun(start: datetime, calendar: Calendar) -> datetime:
    """The start, put forward minute by minute until the office is open."""
    while True:
        local = start.astimezone(ZONE)
        if any(opens <= local.time() <= closes for opens, closes in calendar.spans(local.date())):
            return start
        start += timedelta(minutes=1)


@lasting
@given(starts, st.integers(1, 25), calendars)
def test_working_days_agree_with_a_slow_count_on_the_fingers(start: datetime, n: int, calendar: Calendar):
    begun = slowly_begun(start, calendar).astimezone(ZONE).date()
    worked = (day for day in every_day_from(begun + timedelta(days=1)) if calendar.spans(day))
    last = [next(worked) for _ in range(n)][-1]
    found = due(start, Term(Decimal(n), WD), calendar)
    assert found.at.astimezone(ZONE).date() == last
    assert found.trace[-1].counted == str(n)


@lasting
@given(starts, st.integers(1, 1500), calendars)
def test_hours_agree_with_a_slow_count_minute_by_minute(start: datetime, minutes: int, calendar: Calendar):
    now = slowly_begun(start, calendar)
    left = minutes
    while left:
        local, now = now.astimezone(ZONE), now + timedelta(minutes=1)
        left -= any(opens <= local.time() < closes for opens, closes in calendar.spans(local.date()))
    assert due(start, Term(Decimal(minutes) / 60, HOUR), calendar).at == now


@lasting
@given(starts, starts, starts, calendars)
def test_open_minutes_add_up(one: datetime, two: datetime, three: datetime, calendar: Calendar):
    parts = open_minutes_between(one, two, calendar) + open_minutes_between(two, three, calendar)
    assert parts == open_minutes_between(one, three, calendar)
