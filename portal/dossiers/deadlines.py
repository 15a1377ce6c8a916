"""The clock of a dossier: when its term starts and when it is due, with the trace. Pure, on loaded rows."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.catalogue.models import Channel, ProcedureVersion
from portal.dossiers.law import AFTER_SUPPLEMENT, AfterSupplement, law_on
from portal.dossiers.models import Dossier
from portal.dossiers.states import PauseGround, Status
from portal.ground.calendar_changes import CARRIED
from portal.ground.errors import Refused
from portal.ground.pauses import APPOINTED, resumed
from portal.ground.words import N_
from portal.ground.working_time import ZONE, Calendar, Due, Term, Unit, due

CHECK_ONLINE = Term(Decimal(8), Unit.HOUR)
"""An online dossier is checked within 8 working hours of its arrival (R8)."""

CHECK_PAPER = Term(Decimal(1), Unit.WORKING_DAY)
"""A paper dossier is checked within one working day of its arrival (R9)."""


_BREAKS = {CARRIED, APPOINTED, *(ground.label for ground in PauseGround)}
"""Lines of a trace that no count from the start alone would give."""


class NoTerm(Refused):
    """The version has no usable processing time for the channel: it cannot take dossiers (A8, R13)."""

    message = N_("Thủ tục này chưa có thời hạn dùng được, nên chưa thể tiếp nhận hồ sơ.")


STANDS_IN: dict[Channel, tuple[Channel, ...]] = {
    Channel.POST: (Channel.POST, Channel.DESK),
    Channel.DESK: (Channel.DESK,),
    Channel.ONLINE: (Channel.ONLINE,),
}
"""Whose time and fee count where a channel has none: the post stands in for the desk (assumption)."""


def term_of(version: ProcedureVersion, channel: Channel, case_key: str) -> Term:
    """The processing time of *channel*, the case's own before the general one; raises NoTerm."""
    rows = sorted(version.terms, key=lambda row: row.case_key == "")
    for wanted in STANDS_IN[channel]:
        for row in rows:
            if row.channel == wanted and row.case_key in ("", case_key) and row.term:
                return row.term
    raise NoTerm


def promise(dossier: Dossier, calendar: Calendar, at: datetime) -> Due:
    """When *dossier*, accepted at *at*, is due; the term runs from the complete dossier's arrival (7.3)."""
    term = term_of(dossier.procedure_version, dossier.channel, dossier.case_key)
    return due(dossier.received_at or at, term, calendar)


def check_due(channel: Channel, arrived_at: datetime, calendar: Calendar) -> datetime:
    """Until when the desk must have checked a dossier that arrived at *arrived_at*."""
    return due(arrived_at, CHECK_ONLINE if channel == Channel.ONLINE else CHECK_PAPER, calendar).at


def after_supplement(dossier: Dossier) -> AfterSupplement:
    """What a supplement in appraisal does to the term: as the procedure says, else as its law set does."""
    said = (dossier.procedure_version.curated or {}).get("after_supplement")
    if said:
        return AfterSupplement(said)
    return AFTER_SUPPLEMENT[law_on(dossier.submitted_at.astimezone(ZONE).date())]


def after_answer(dossier: Dossier, calendar: Calendar, at: datetime) -> datetime:
    """What an answer at *at* would give: the new due moment; the end of the check where no term runs yet."""
    promised = answered(dossier, calendar, at)
    return promised.at if promised else check_due(dossier.channel, at, calendar)


def answered(dossier: Dossier, calendar: Calendar, at: datetime) -> Due | None:
    """The promise after a completing answer at *at*, anew or with what was left; None where no term runs."""
    if dossier.resume_to != Status.IN_PROGRESS or dossier.due_at is None:
        return None
    count = restart if after_supplement(dossier) == AfterSupplement.RESTART else resume
    return count(dossier, calendar, at)


def restart(dossier: Dossier, calendar: Calendar, at: datetime) -> Due:
    """The new due moment after a completing answer: the whole term anew (law set 2020, NĐ 61 art. 17/19).

    A later day that was appointed already stays: no answer moves a promise forward.
    """
    anew = due(at, term_of(dossier.procedure_version, dossier.channel, dossier.case_key), calendar)
    promised = promise_of(dossier)
    return promised if promised.at > anew.at else anew


def resume(dossier: Dossier, calendar: Calendar, at: datetime) -> Due:
    """The new due moment when the open pause ends at *at*: what was left is left. Needs a promise (R18)."""
    pause, promised = dossier.open_pause, promise_of(dossier)
    if pause is None:
        return promised
    unit = term_of(dossier.procedure_version, dossier.channel, dossier.case_key).unit
    return resumed(promised, unit, pause.began_at, at, calendar, pause.ground.label)


def promise_of(dossier: Dossier) -> Due:
    """The promise as it stands, with its trace; raises ValueError when there is none yet."""
    if dossier.due_at is None:
        raise ValueError("nothing was promised yet")
    return Due.from_json({"due": dossier.due_at.isoformat(), "trace": dossier.due_trace})


def follows_from_start(trace: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a stored trace tells of no pause, no new appointment and no carrying on."""
    return all(line["what"] not in _BREAKS for line in trace)


def wait_until(at: datetime, days: int, calendar: Calendar) -> datetime:
    """Until when an answer or a payment asked for at *at* is waited for: *days* calendar days."""
    return due(at, Term(Decimal(days), Unit.DAY), calendar).at


def norm_until(at: datetime, hours: Decimal, calendar: Calendar) -> datetime:
    """When a step that begins at *at* should be done, by its norm in working hours."""
    return due(at, Term(hours, Unit.HOUR), calendar).at
