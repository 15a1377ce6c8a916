"""What the next days would give if the citizen answered on them. Pure, on loaded rows."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.dossiers.deadlines import after_answer
from portal.dossiers.models import Dossier
from portal.ground.working_time import Calendar, day_of

DAYS = 5
"""How many working days ahead a citizen may compare."""


@dataclass(frozen=True)
class AnsweringDay:
    """Answered on that day until the close of office: due at the latest then, or checked by then (R8, R9)."""

    day: date
    then: datetime


def answering_days(dossier: Dossier, calendar: Calendar, at: datetime) -> list[AnsweringDay]:
    """The next working days, today among them until it closes, each with the latest it would give."""
    days = [day_of(calendar.next_opening(at))]
    while len(days) < DAYS:
        days.append(calendar.next_working_day(days[-1]))
    return [AnsweringDay(day, after_answer(dossier, calendar, calendar.closes(day))) for day in days]
