"""The alarms as one table: since when each holds, until when, who is told. Pure, on facts; writes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from portal.catalogue.models import Channel
from portal.dossiers.models import AlarmKind
from portal.dossiers.states import Status, Step
from portal.dossiers.workflow import OPINED_IN
from portal.ground.open_hours import ONE_DAY, Calendar, day_of, moment
from portal.ground.ruler import Ruler
from portal.ground.words import N_
from portal.ground.working_time import Term, Unit, due

AFTERNOON = time(15)
"""What is accepted later is forwarded at the start of the next working day (R15)."""

DRAFT_TERM = Term(Decimal(1), Unit.DAY)
"""How long a draft waits for its citizen before silence confirms it (R37)."""

FIRST_REMINDER, SECOND_REMINDER = timedelta(days=3), timedelta(days=7)
"""When somebody who is waited for is reminded, after asking (practice)."""


@dataclass(frozen=True)
class Facts:
    """Where one dossier is now, as far as alarms ask.

    asked_at: when what it waits for was asked for, a supplement or a payment. last_at: its last ledger entry.
    opinion_due_at: of the first opinion that is waited for. parent_ended_at: when the dossier that this one
    serves ended without a result. rest: the norms of the steps that follow the present one, together.
    """

    dossier_id: int
    office_id: int
    status: Status
    step: Step | None
    channel: Channel
    check_due_at: datetime | None
    accepted_at: datetime | None
    due_at: datetime | None
    step_due_at: datetime | None
    draft_sent_at: datetime | None
    draft_confirmed_at: datetime | None
    last_at: datetime | None
    asked_at: datetime | None
    opinion_due_at: datetime | None
    parent_ended_at: datetime | None
    rest: timedelta

    @property
    def runs(self) -> bool:
        """Whether the term of an accepted dossier is being used up: a clock stands in other statuses only."""
        return self.status in (Status.ACCEPTED, Status.IN_PROGRESS)

    @property
    def is_the_offices_turn(self) -> bool:
        """Whether the office has something to do: check it, or work on it."""
        return self.runs or (self.status == Status.SUBMITTED and self.check_due_at is not None)


@dataclass(frozen=True)
class Measure:
    """What moments are counted with: the calendar of the deciding office and its ruler.

    silence: how much open time without a ledger entry is silence.
    """

    calendar: Calendar
    ruler: Ruler
    silence: timedelta


@dataclass(frozen=True)
class Stretch:
    """The time in which an alarm holds: after *begins*, until *ends* or until something is done about it."""

    begins: datetime
    ends: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it holds at *at*; what is done at the very moment is done in time."""
        return self.begins < at and (self.ends is None or at <= self.ends)


class Audience(StrEnum):
    """Who is shown an alarm."""

    OFFICIAL = "official"
    LEADER = "leader"
    CITIZEN = "citizen"


@dataclass(frozen=True)
class Watch:
    """One row of the table. sentence: what officials read, *since* being the moment it concerns.

    to_citizen: what the citizen reads in its place, "" for the same.
    """

    sentence: str
    audience: frozenset[Audience]
    stretch: Callable[[Facts, Measure], Stretch | None]
    to_citizen: str = ""


def forward_until(accepted_at: datetime, calendar: Calendar) -> datetime:
    """Until when an accepted dossier is forwarded: the same working day, after 15:00 the next opening (R15).

    What is accepted on a day of rest counts as accepted at the next opening.
    """
    day = day_of(accepted_at)
    if not calendar.is_working_day(day):
        return calendar.closes(calendar.next_working_day(day))
    if accepted_at.replace(microsecond=0) <= moment(day, AFTERNOON):
        return calendar.closes(day)
    return calendar.opens(calendar.next_working_day(day))


def day_before(due_at: datetime, calendar: Calendar) -> datetime:
    """One working day before *due_at*, by the same clock: the last moment for an apology (R19)."""
    day = day_of(due_at) - ONE_DAY
    while not calendar.is_working_day(day):
        day -= ONE_DAY
    return due_at - (day_of(due_at) - day)


def silence_until(sent_at: datetime, calendar: Calendar) -> datetime:
    """When silence confirms a draft that was sent at *sent_at* (R37)."""
    return due(sent_at, DRAFT_TERM, calendar).at


def standing(facts: Facts, measure: Measure, at: datetime) -> dict[AlarmKind, datetime]:
    """The alarms that hold at *at*, each with the moment it concerns, whenever that is looked at."""
    stretches = ((kind, watch.stretch(facts, measure)) for kind, watch in TABLE.items())
    return {kind: found.begins for kind, found in stretches if found and found.holds(at)}


def kinds_for(audience: Audience) -> tuple[AlarmKind, ...]:
    """What *audience* is shown."""
    return tuple(kind for kind, watch in TABLE.items() if audience in watch.audience)


def _since(moment: datetime | None, *, when: bool) -> Stretch | None:
    return Stretch(moment) if moment and when else None


def _unchecked(facts: Facts, *, online: bool) -> Stretch | None:
    there = facts.status == Status.SUBMITTED and (facts.channel == Channel.ONLINE) == online
    return _since(facts.check_due_at, when=there)


def _not_forwarded(facts: Facts, measure: Measure) -> Stretch | None:
    if facts.status != Status.ACCEPTED or facts.accepted_at is None:
        return None
    return Stretch(forward_until(facts.accepted_at, measure.calendar))


def _half(facts: Facts, measure: Measure) -> Stretch | None:
    """Until the last day: then there is a more urgent word."""
    if not facts.runs or facts.accepted_at is None or facts.due_at is None:
        return None
    last = _last_day(facts, measure)
    return Stretch(
        measure.ruler.middle(facts.accepted_at, facts.due_at), last.begins if last else facts.due_at
    )


def _last_day(facts: Facts, measure: Measure) -> Stretch | None:
    """Only for a term that was longer than that when it began."""
    if not facts.runs or facts.accepted_at is None or facts.due_at is None:
        return None
    last = day_before(facts.due_at, measure.calendar)
    return Stretch(last, facts.due_at) if last > facts.accepted_at else None


def _step_over(facts: Facts, measure: Measure) -> Stretch | None:
    """Once a step is over its norm and the norms after it no longer fit before the promise.

    A norm is promised to nobody: over it with time to spare is no alarm.
    """
    if not facts.runs or facts.step_due_at is None or facts.due_at is None:
        return None
    latest = measure.ruler.earlier(facts.due_at, facts.rest)
    return Stretch(max(facts.step_due_at, latest), facts.due_at)


def _silent(facts: Facts, measure: Measure) -> Stretch | None:
    if facts.last_at is None or not facts.is_the_offices_turn:
        return None
    return Stretch(measure.ruler.later(facts.last_at, measure.silence))


def _waiting(facts: Facts, span: timedelta) -> Stretch | None:
    return Stretch(facts.asked_at + span) if facts.asked_at else None


def _draft_unanswered(facts: Facts, measure: Measure) -> Stretch | None:
    waits = facts.status == Status.IN_PROGRESS and facts.step == Step.APPRAISAL
    if facts.draft_sent_at is None or facts.draft_confirmed_at or not waits:
        return None
    return Stretch(silence_until(facts.draft_sent_at, measure.calendar))


_UNDER_WAY = (Status.SUBMITTED, Status.ACCEPTED, *OPINED_IN, Status.STOPPED)

_OFFICE = frozenset({Audience.OFFICIAL, Audience.LEADER})
_OFFICIAL = frozenset({Audience.OFFICIAL})
_EVERYBODY = frozenset(Audience)
_WAITED_FOR = frozenset({Audience.OFFICIAL, Audience.CITIZEN})

TABLE: Mapping[AlarmKind, Watch] = {
    AlarmKind.LATE: Watch(
        N_("Quá hạn từ %(since)s, chưa có kết quả."),
        _EVERYBODY, lambda facts, _: _since(facts.due_at, when=facts.runs),
        N_("Quá hạn từ %(since)s. Xin lỗi vì sự chậm trễ; cơ quan vẫn phải trả kết quả."),
    ),
    AlarmKind.LAST_DAY: Watch(
        N_("Còn chưa đến một ngày làm việc: hạn xin lỗi và hẹn lại là %(since)s."), _OFFICE, _last_day
    ),
    AlarmKind.HALF: Watch(N_("Đã qua nửa thời hạn lúc %(since)s."), _OFFICIAL, _half),
    AlarmKind.CHECK_ONLINE: Watch(
        N_("Lẽ ra kiểm tra xong trước %(since)s (8 giờ làm việc)."),
        _OFFICE, lambda facts, _: _unchecked(facts, online=True),
    ),
    AlarmKind.CHECK_PAPER: Watch(
        N_("Lẽ ra kiểm tra xong trước %(since)s (1 ngày làm việc)."),
        _OFFICE, lambda facts, _: _unchecked(facts, online=False),
    ),
    AlarmKind.FORWARD: Watch(
        N_("Đã tiếp nhận mà chưa chuyển xử lý, hạn chuyển là %(since)s."), _OFFICE, _not_forwarded
    ),
    AlarmKind.STEP_OVER: Watch(
        N_("Bước này quá định mức, và từ %(since)s các bước sau khó kịp ngày hẹn trả."), _OFFICE, _step_over
    ),
    AlarmKind.PARENT_ENDED: Watch(
        N_("Hồ sơ chính kết thúc lúc %(since)s; hồ sơ này không cần nữa thì rút hoặc kết thúc."),
        _EVERYBODY, lambda facts, _: _since(facts.parent_ended_at, when=facts.status in _UNDER_WAY),
    ),
    AlarmKind.SILENT: Watch(N_("Không ai làm gì với hồ sơ này, đến %(since)s là quá lâu."), _OFFICE, _silent),
    AlarmKind.OPINION_LATE: Watch(
        N_("Cơ quan được hỏi chưa cho ý kiến, hạn là %(since)s."),
        _OFFICE, lambda facts, _: _since(facts.opinion_due_at, when=facts.status in OPINED_IN),
    ),
    AlarmKind.WAITING_3: Watch(
        N_("Đã 3 ngày, tính đến %(since)s, chưa nhận được bổ sung hoặc tiền nộp."),
        _WAITED_FOR, lambda facts, _: _waiting(facts, FIRST_REMINDER),
    ),
    AlarmKind.WAITING_7: Watch(
        N_("Đã 7 ngày, tính đến %(since)s, chưa nhận được bổ sung hoặc tiền nộp."),
        _WAITED_FOR, lambda facts, _: _waiting(facts, SECOND_REMINDER),
    ),
    AlarmKind.DRAFT_SILENCE: Watch(
        N_("Người dân không trả lời đến %(since)s: bản nháp được coi là đã xác nhận."),
        _OFFICIAL, _draft_unanswered,
    ),
}  # fmt: skip
"""Every alarm, the most urgent first (DOMAIN 2.2; R8, R9, R15, R19, R37)."""

REMINDERS = frozenset({AlarmKind.WAITING_3, AlarmKind.WAITING_7})
"""Alarms that remind somebody of what the office asked for."""
