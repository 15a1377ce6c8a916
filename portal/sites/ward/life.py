"""What a dossier waits for and is part of, as plain rows: pauses, opinions, linked dossiers, who has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.dossiers import queries
from portal.dossiers.models import Consultation, Dossier, Pause
from portal.dossiers.queries import Event
from portal.dossiers.states import Move, Status, Step
from portal.web import context, formats, supplement_words
from portal.web.i18n import _, say

WAITS_FOR_MONEY = (Move.PREPAY, Move.CHARGE)

STANDS_BY = (Move.ASK_SUPPLEMENT, *WAITS_FOR_MONEY, Move.STOP, Move.GIVE_UP, Move.END_LINKED)
"""Moves after which the clock stands."""


@dataclass(frozen=True)
class Standing:
    """That nothing runs now: since when, by whom, why, and until when it is waited for."""

    title: str
    since: str
    why: str
    until: str = ""
    asked: Sequence[supplement_words.Asked] = ()


@dataclass(frozen=True)
class PauseRow:
    """One time in which the clock stood, with the promise before and after."""

    ground: str
    when: str
    old_due: str
    new_due: str


@dataclass(frozen=True)
class OpinionRow:
    """One question to another office and what it said."""

    office: str
    question: str
    answer: str
    when: str
    is_late: bool


@dataclass(frozen=True)
class Basis:
    """What a leader signs on: the opinion of the proposal, by whom, and the name of the draft."""

    opinion: str
    by: str
    draft: str


@dataclass(frozen=True)
class Relative:
    """A linked dossier: the one this serves, or one that serves this."""

    kind: str
    title: str
    office: str
    state: str
    code: str
    url: str


def of(session: Session, dossier: Dossier, events: list[Event], at: datetime) -> dict[str, Any]:
    """Everything of this module that the page of *dossier* shows."""
    return {
        "standing": standing(dossier, events),
        "pauses": [_pause(pause) for pause in dossier.pauses],
        "opinions": [_opinion(one, at) for one in dossier.consultations],
        "basis": _basis(dossier, events),
        "relatives": relatives(session, dossier),
        "assignee": _assignee(session, dossier),
        "parent_ended": _parent_ended(session, dossier),
        "step_due": dossier.step_due_at,
        "step_is_late": dossier.step_due_at is not None and dossier.step_due_at < at,
        "extended": _extension(events) if dossier.extended_at else "",
        "at_fault": _fault(events),
    }


def _parent_ended(session: Session, dossier: Dossier) -> datetime | None:
    """When the dossier ended that this one serves, while this one goes on."""
    goes_on = dossier.has_ended_parent and not dossier.is_over
    return queries.ended_at(session, dossier.parent) if dossier.parent and goes_on else None


def standing(dossier: Dossier, events: list[Event]) -> Standing | None:
    """Why the dossier stands; None while somebody at the office works on it, or when it is over."""
    waits = (Status.AWAITING_SUPPLEMENT, Status.AWAITING_PAYMENT, Status.STOPPED)
    stood = next((event for event in reversed(events) if event.move in STANDS_BY), None)
    if dossier.status not in waits or stood is None:
        return None
    since = _("từ %(moment)s, %(who)s", moment=formats.moment(stood.at), who=stood.who)
    asked = supplement_words.asked_for(dossier)
    return Standing(_title(dossier), since, _why(dossier, stood), _until(dossier), asked)


def _title(dossier: Dossier) -> str:
    if dossier.closed_at:
        return _("Hồ sơ đã kết thúc.")
    if dossier.open_pause:
        return say(dossier.open_pause.ground.label)
    return say(dossier.status.label)


def _why(dossier: Dossier, stood: Event) -> str:
    charge = dossier.open_charge
    if charge:
        return f"{formats.money(charge.amount_dong)}, {charge.document}"
    return stood.reason


def _until(dossier: Dossier) -> str:
    """Until when it is waited for, and how often its owner was reminded."""
    charge, asked = dossier.open_charge, dossier.open_supplement
    until = charge.pay_until if charge else asked.answer_until if asked else None
    if until is None:
        return ""
    reminders = charge.reminders if charge else asked.reminders if asked else 0
    waits = _("chờ đến %(moment)s", moment=formats.moment(until))
    reminded = _("đã nhắc %(count)s lần", count=reminders) if reminders else ""
    return ", ".join(part for part in (waits, reminded) if part)


def _pause(pause: Pause) -> PauseRow:
    ended = formats.moment(pause.ended_at) if pause.ended_at else _("chưa xong")
    new_due = formats.moment(pause.new_due_at) if pause.new_due_at else "–"
    when = _("%(began)s đến %(ended)s", began=formats.moment(pause.began_at), ended=ended)
    return PauseRow(say(pause.ground.label), when, formats.moment(pause.old_due_at), new_due)


def _opinion(one: Consultation, at: datetime) -> OpinionRow:
    if one.answered_at:
        when = _("trả lời %(moment)s", moment=formats.moment(one.answered_at))
        return OpinionRow(one.office.name, one.question, one.answer, when, one.answered_at > one.due_at)
    if one.ended_at:
        when = _("không chờ trả lời nữa từ %(moment)s", moment=formats.moment(one.ended_at))
        return OpinionRow(one.office.name, one.question, "", when, one.ended_at > one.due_at)
    until = _("hạn trả lời %(moment)s", moment=formats.moment(one.due_at))
    return OpinionRow(one.office.name, one.question, "", until, one.due_at < at)


def asked_here(dossier: Dossier, office_id: int | None) -> Consultation | None:
    """The question to that office which still waits for its answer."""
    mine = (one for one in dossier.consultations if one.office_id == office_id)
    return next((one for one in mine if one.answered_at is None and one.ended_at is None), None)


def _basis(dossier: Dossier, events: list[Event]) -> Basis | None:
    """What the last proposal said, while it waits for its signature."""
    proposal = next((event for event in reversed(events) if event.move == Move.PROPOSE), None)
    if dossier.step != Step.SIGNING or proposal is None:
        return None
    by = _("%(moment)s, %(who)s", moment=formats.moment(proposal.at), who=proposal.who)
    return Basis(proposal.reason, by, ", ".join(paper.name for paper in dossier.results))


def relatives(session: Session, dossier: Dossier) -> list[Relative]:
    """The dossier this one serves, then those that serve it; a link only to what this person may see."""
    linked = [(_("Phục vụ hồ sơ"), one) for one in (dossier.parent,) if one]
    linked += [(_("Hồ sơ liên thông"), child) for child in dossier.children]
    ids = [one.id for _kind, one in linked]
    seen = select(Dossier.id).where(Dossier.id.in_(ids), queries.visible_to(context.actor()))
    visible = set(session.scalars(seen)) if ids else set()
    return [_relative(session, kind, one, is_visible=one.id in visible) for kind, one in linked]


def _relative(session: Session, kind: str, one: Dossier, *, is_visible: bool) -> Relative:
    url = url_for(".dossier", dossier_id=one.id) if is_visible else ""
    state = say(one.step.label if one.step else one.status.label)
    ended = queries.ended_at(session, one)
    if ended:
        state = _("%(state)s, kết thúc %(moment)s", state=state, moment=formats.moment(ended))
    return Relative(kind, one.procedure_version.name, one.office.name, state, one.shown_code, url)


def _assignee(session: Session, dossier: Dossier) -> str:
    return session.get_one(Account, dossier.assignee_id).full_name if dossier.assignee_id else ""


def _fault(events: list[Event]) -> str:
    """The office whose part took too long, as the apology recorded it (R21); "" in entries of before."""
    told = next((event for event in reversed(events) if event.move == Move.EXTEND), None)
    return str(told.details.get("at_fault_name", "")) if told else ""


def _extension(events: list[Event]) -> str:
    """The one new appointment: from which day to which, and the words of the apology."""
    told = next((event for event in reversed(events) if event.move == Move.EXTEND), None)
    if told is None:
        return ""
    old, new = (datetime.fromisoformat(str(told.details[name])) for name in ("old_due", "new_due"))
    said = {"old": formats.moment(old), "new": formats.moment(new), "reason": told.reason}
    return _("Từ %(old)s sang %(new)s. %(reason)s", **said)
