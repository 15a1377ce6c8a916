"""Verb: tell citizens of the alarms about their dossiers. Commits nothing."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.dossiers.models import Alarm
from portal.messages.models import Sending
from portal.messages.wording import ALARM, ALARMS
from portal.messages.writing import News, write


def remind(session: Session, alarms: Iterable[Alarm], *, by_email: bool, wall: datetime) -> list[Sending]:
    """Tell the people of the dossiers what *alarms* ask of them or own up to; returns the sendings made.

    Each alarm is told once; most are the office's own business and told to nobody. wall: the wall clock.
    """
    news = (_news(alarm) for alarm in alarms if alarm.kind in ALARMS)
    return write(session, news, by_email=by_email, wall=wall)


def _news(alarm: Alarm) -> News:
    dossier = alarm.dossier
    params = {
        "code": dossier.shown_code,
        "procedure": dossier.procedure_version.name,
        "office": dossier.office.name,
        "since": alarm.concerns_at.isoformat(),
    }
    return News(f"{ALARM}/{alarm.id}", dossier, f"{ALARM}/{alarm.kind}", params, alarm.raised_at)
