"""The clock of a dossier: when its term starts and when it is due, with the trace. Pure, on loaded rows."""

from datetime import datetime
from decimal import Decimal

from portal.catalogue.models import Channel, ProcedureVersion
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status
from portal.ground.errors import Refused
from portal.ground.words import N_
from portal.ground.working_time import Calendar, Due, Term, Unit, due

CHECK_ONLINE = Term(Decimal(8), Unit.HOUR)
"""An online dossier is checked within 8 working hours of its arrival (R8)."""

CHECK_PAPER = Term(Decimal(1), Unit.WORKING_DAY)
"""A paper dossier is checked within one working day of its arrival (R9)."""


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


def after_answer(dossier: Dossier, calendar: Calendar, at: datetime) -> datetime:
    """What an answer at *at* would give: the new due moment; the end of the check where no term runs yet.

    The one place that knows what an answer does to the clock; the dossier waits for one.
    """
    if dossier.resume_to == Status.IN_PROGRESS:
        return restart(dossier, calendar, at).at
    return check_due(dossier.channel, at, calendar)


def restart(dossier: Dossier, calendar: Calendar, at: datetime) -> Due:
    """The new due moment after a completing answer: the whole term anew (law set 2020, NĐ 61 art. 17/19)."""
    return due(at, term_of(dossier.procedure_version, dossier.channel, dossier.case_key), calendar)
