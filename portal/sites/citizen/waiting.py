"""What a dossier waits for or stands still for, as its owner reads it: money, a stop, a draft, opinions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from wtforms import HiddenField, TextAreaField

from portal.dossiers import actions, papers, queries
from portal.dossiers.models import Consultation, Dossier
from portal.dossiers.queries import Event
from portal.dossiers.states import Move, Status
from portal.sites.citizen import timeline
from portal.web import formats
from portal.web.forms import PortalForm, at_most, required
from portal.web.i18n import _, _l, say

ENDINGS = (Move.STOP, Move.GIVE_UP, Move.CLOSE, Move.END_LINKED)
"""Moves whose words say why nobody works on the dossier any more; the last one counts."""


class DraftForm(PortalForm):
    """The word of the citizen on a draft; *version* is the dossier they looked at."""

    version = HiddenField(name="phien_ban")


class ObjectForm(DraftForm):
    """What is wrong in the draft."""

    reason = TextAreaField(
        _l("Sai chỗ nào, đúng ra là gì"),
        name="ban_nhap_sai",
        validators=[required(_l("Hãy ghi chỗ sai và điều đúng, để cơ quan sửa.")), at_most(2000)],
    )


@dataclass(frozen=True)
class Told:
    """What an official did, in words for the owner: when, who, and their own words."""

    when: str
    who: str
    reason: str


@dataclass(frozen=True)
class Linked:
    """A dossier at another office that this one waits for, or that it serves."""

    title: str
    office: str
    stage: str
    due_at: datetime | None
    code: str


def of(session: Session, filed: Dossier, law: list[Event], objection: ObjectForm | None) -> dict[str, Any]:
    """Everything of this module that the page of *filed* shows."""
    draft, version = papers.draft_to_look_at(filed), str(filed.version)
    return {
        "charge": filed.open_charge if filed.status == Status.AWAITING_PAYMENT else None,
        "goes_on": _after_payment(filed),
        "stopped": _told(law, ENDINGS) if filed.status == Status.STOPPED else None,
        "extended": _told(law, (Move.EXTEND,)) if filed.extended_at else None,
        "appointed": _appointed(law),
        "at_fault": _fault(filed, law),
        "draft": draft,
        "silence": actions.silence_until(session, filed) if draft else None,
        "confirming": DraftForm(formdata=None, version=version),
        "objection": objection or ObjectForm(formdata=None, version=version),
        "opinions": [_opinion(one) for one in filed.consultations],
        "parent": _linked(session, filed.parent) if filed.parent else None,
        "children": [_linked(session, child) for child in filed.children],
    }


def _after_payment(filed: Dossier) -> str:
    if filed.resume_to == Status.IN_PROGRESS:
        return _("Nộp đủ thì cơ quan giải quyết tiếp; phần thời hạn còn lại tính tiếp, ngày mới hiện ở đây.")
    return _("Nộp đủ thì quầy kiểm tra và tiếp nhận hồ sơ; ngày hẹn trả có từ lúc đó.")


def _told(law: list[Event], moves: tuple[Move, ...]) -> Told | None:
    event = next((event for event in reversed(law) if event.move in moves), None)
    return Told(formats.moment(event.at), event.who, event.reason) if event else None


def _appointed(law: list[Event]) -> dict[str, datetime]:
    """The day promised before the apology, and the one after it."""
    event = next((event for event in reversed(law) if event.move == Move.EXTEND), None)
    names = ("old_due", "new_due") if event else ()
    return {name: datetime.fromisoformat(str(event.details[name])) for name in names} if event else {}


def _fault(filed: Dossier, law: list[Event]) -> str:
    """The other office whose part took too long, as the apology says; "" when it is the deciding one."""
    event = next((event for event in reversed(law) if event.move == Move.EXTEND), None)
    name = str(event.details.get("at_fault_name", "")) if event else ""
    return "" if event and event.details.get("at_fault") == filed.office.code else name


def _opinion(one: Consultation) -> str:
    """One line: whom the office asks, until when, or that the answer is there."""
    if one.answered_at:
        said = {"office": one.office.name, "moment": formats.moment(one.answered_at)}
        return _("%(office)s đã cho ý kiến lúc %(moment)s.", **said)
    if one.ended_at:
        said = {"office": one.office.name, "moment": formats.moment(one.ended_at)}
        return _("Không chờ ý kiến của %(office)s nữa từ %(moment)s.", **said)
    said = {"office": one.office.name, "moment": formats.moment(one.due_at)}
    return _("Đang hỏi ý kiến %(office)s, trả lời trước %(moment)s. Bạn không phải làm gì.", **said)


def _linked(session: Session, one: Dossier) -> Linked:
    stage, ended = timeline.stage(one)[1] or say(one.status.label), queries.ended_at(session, one)
    if ended:
        stage = _("%(state)s, kết thúc %(moment)s", state=stage, moment=formats.moment(ended))
    return Linked(one.procedure_version.name, one.office.name, stage, one.due_at, one.shown_code)
