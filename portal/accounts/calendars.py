"""Calendars as rows: special days of the country, hours of the offices. Counts nothing; working_time does."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time

import sqlalchemy as sa
from holidays import country_holidays
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.ground.db import Base
from portal.ground.open_hours import ONE_DAY
from portal.ground.working_time import USUAL_WEEK, Calendar, DayKind, Note, Period, Span, Week

SEED_YEARS = range(2019, 2028)

EXCHANGES: tuple[tuple[date, date, str], ...] = (
    (date(2018, 12, 31), date(2019, 1, 5), "Công văn 6519/VPCP-KGVX năm 2018"),
    (date(2019, 4, 29), date(2019, 5, 4), "Công văn 6519/VPCP-KGVX năm 2018"),
    (date(2024, 4, 29), date(2024, 5, 4), "Công văn 2450/VPCP-KGVX năm 2024"),
    (date(2025, 5, 2), date(2025, 4, 26), "Thông báo 6150/TB-BLĐTBXH năm 2024"),
    (date(2026, 1, 2), date(2026, 1, 10), "Công văn 12729/VPCP-KGVX năm 2025"),
    (date(2026, 8, 31), date(2026, 8, 22), "Lịch nghỉ Quốc khánh năm 2026"),
)
"""A working day off, the weekly day of rest worked instead, and who said so (DOMAIN 7.4)."""

_CULTURE_DAY = (11, 24)


class CalendarDay(Base):
    """A day that differs from its weekday everywhere in the country, as it stands now.

    An ended day stays as a row and counts no more; what a day was before stands in the ledger.
    """

    __tablename__ = "calendar_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    kind: Mapped[DayKind]
    note: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class OfficeHours(Base):
    """One span in which an office is open on a weekday (Monday is 0), from a day to a day, both included.

    Rows without an office are the hours of every office that has none of its own in force on that day. Rows
    in force together add up: to change hours, end the old rows.
    """

    __tablename__ = "office_hours"
    __table_args__ = (
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_of_a_week"),
        sa.CheckConstraint("opens < closes", name="opens_before_it_closes"),
        sa.CheckConstraint("to_on IS NULL OR from_on <= to_on", name="from_before_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"), index=True)
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    def in_force(self, on: date) -> bool:
        """Whether these hours hold on *on*."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)


def calendars_of(session: Session, office_ids: Collection[int], on: date) -> dict[int, Calendar]:
    """Return the calendar of each office, as calendar_of does, in two statements however many they are."""
    mine = sa.or_(OfficeHours.office_id.is_(None), OfficeHours.office_id.in_(office_ids))
    rows = session.scalars(sa.select(OfficeHours).where(mine)).all()
    days = session.scalars(_IN_FORCE).all()
    own = {office: [row for row in rows if row.office_id in (None, office)] for office in office_ids}
    return {office: _calendar(its_rows, days, on) for office, its_rows in own.items()}


def calendar_of(session: Session, office_id: int | None, on: date) -> Calendar:
    """Return the calendar of an office, or of any for None; its usual hours are those in force on *on*.

    Days before and after *on* have the hours in force then: one calendar serves a term across a change.
    """
    mine = sa.or_(OfficeHours.office_id.is_(None), OfficeHours.office_id == office_id)
    rows = session.scalars(sa.select(OfficeHours).where(mine)).all()
    return _calendar(rows, session.scalars(_IN_FORCE).all(), on)


def weeks(session: Session, office_id: int, today: date) -> list[Period]:
    """The week of an office in force on *today* and those to come, each from its first day to its last.

    The first one begins where it began; periods side by side with the same hours are one.
    """
    mine = sa.or_(OfficeHours.office_id.is_(None), OfficeHours.office_id == office_id)
    joined: list[Period] = []
    for period in _periods(session.scalars(sa.select(OfficeHours).where(mine)).all()):
        if joined and joined[-1].week == period.week:
            period = Period(joined.pop().from_on, period.to_on, period.week)
        joined.append(period)
    return [period for period in joined if period.to_on >= today]


def has_own_hours(session: Session, office_id: int, on: date) -> bool:
    """Whether an office has hours of its own on *on*, not those of all offices."""
    rows = session.scalars(sa.select(OfficeHours).where(OfficeHours.office_id == office_id))
    return any(row.in_force(on) for row in rows)


def seed_days(session: Session, years: Iterable[int] = SEED_YEARS) -> int:
    """Add the special days of *years* that have no row yet; return how many. A row that is there stays."""
    there = set(session.scalars(sa.select(CalendarDay.day)))
    new = [row for row in special_days(years) if row.day not in there]
    session.add_all(new)
    return len(new)


def special_days(years: Iterable[int]) -> Iterator[CalendarDay]:
    """Yield the holidays, exchanged days off and make-up days of *years*, in no order, as rows not yet added.

    Source: the holidays package for what the Labour Code gives; EXCHANGES for what the government moves.
    """
    wanted = set(years)
    moved = {row.day: row for row in _exchanged()}
    yield from (row for row in moved.values() if row.day.year in wanted)
    for day, name in country_holidays("VN", years=wanted, language="vi").items():
        if day not in moved:
            yield CalendarDay(day=day, kind=DayKind.HOLIDAY, note=name, source=_labour_code(day, name))


def _exchanged() -> Iterator[CalendarDay]:
    for off, worked, source in EXCHANGES:
        rest, work = f"Nghỉ hoán đổi với ngày {worked:%d/%m/%Y}", f"Làm bù cho ngày {off:%d/%m/%Y}"
        yield CalendarDay(day=off, kind=DayKind.EXCHANGED_OFF, note=rest, source=source)
        yield CalendarDay(day=worked, kind=DayKind.MAKE_UP, note=work, source=source)


def _labour_code(day: date, name: str) -> str:
    """The article behind a holiday; "nghỉ bù" is the package's mark of a day moved off the weekend."""
    if (day.month, day.day) == _CULTURE_DAY:
        return "Nghị quyết 80-NQ/TW"
    if day.year < 2021:
        return "Bộ luật Lao động 2012, điều 115"
    return f"Bộ luật Lao động 2019, điều {111 if 'nghỉ bù' in name else 112}"


_IN_FORCE = sa.select(CalendarDay).where(CalendarDay.ended_at.is_(None))


def _calendar(rows: Sequence[OfficeHours], days: Sequence[CalendarDay], on: date) -> Calendar:
    usual = _week(rows, on)
    return Calendar(
        hours=usual,
        days={row.day: row.kind for row in days},
        notes={row.day: Note(row.note or row.kind.label, row.source) for row in days},
        periods=tuple(period for period in _periods(rows) if period.week != usual),
    )


def _periods(rows: Sequence[OfficeHours]) -> Iterator[Period]:
    """Cut all time where a row begins or ends; between two cuts the week is one."""
    begins = {row.from_on for row in rows}
    resumptions = {row.to_on + ONE_DAY for row in rows if row.to_on and row.to_on < date.max}
    cuts = sorted({date.min} | begins | resumptions)
    for first, after in zip(cuts, [*cuts[1:], None], strict=True):
        yield Period(first, after - ONE_DAY if after else date.max, _week(rows, first))


def _week(rows: Sequence[OfficeHours], on: date) -> Week:
    """The week of the office's own rows in force, else of the rows for all, else the usual one."""
    in_force = [row for row in rows if row.in_force(on)]
    chosen = [row for row in in_force if row.office_id is not None] or in_force
    week: dict[int, list[Span]] = {}
    for row in chosen:
        week.setdefault(row.weekday, []).append((row.opens, row.closes))
    return {weekday: _joined(spans) for weekday, spans in week.items()} or USUAL_WEEK


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, those that touch or overlap made one."""
    joined: list[Span] = []
    for opens, closes in sorted(spans):
        if joined and opens <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(closes, joined[-1][1])
        else:
            joined.append((opens, closes))
    return tuple(joined)
