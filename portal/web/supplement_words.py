"""A request for supplement and its answer in words, line by line, for its citizen and for the office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.catalogue.form_source import parse
from portal.dossiers.models import Dossier, SupplementItem, SupplementRequest
from portal.dossiers.states import Move, Status
from portal.dossiers.supplements import key_of
from portal.web import formats
from portal.web.i18n import _, _l, say

Told = Mapping[tuple[Move, datetime], list[str]]

TOO_LATE = {
    Status.SUBMITTED: _l("Bổ sung trước %(moment)s; quá hạn thì cơ quan có thể từ chối tiếp nhận hồ sơ."),
    Status.IN_PROGRESS: _l("Bổ sung trước %(moment)s; quá hạn thì cơ quan có thể dừng giải quyết hồ sơ."),
}
"""Until when an answer is awaited and what may follow, by where the dossier stood."""


@dataclass(frozen=True)
class Asked:
    """One thing the office asks for, and why."""

    title: str
    fault: str
    note: str


def asked_for(dossier: Dossier) -> list[Asked]:
    """What the open request asks, line by line."""
    request = dossier.open_supplement
    return [_asked(dossier, item) for item in request.items] if request else []


def title_of(dossier: Dossier, item: SupplementItem) -> str:
    """The name of the paper, or the words of the question."""
    if item.checklist_item:
        return item.checklist_item.name
    question = parse(dossier.form.content).question(item.question or "") if dossier.form else None
    return say(question.label) if question else item.question or ""


def explained(dossier: Dossier) -> dict[str, str]:
    """Why a paper or an answer could not be given, by its key, in its owner's words; the newest count."""
    answered = (request for request in dossier.supplements if request.answered_at)
    words = {key_of(item): item.declined for request in answered for item in request.items}
    return {key: word for key, word in words.items() if word}


def told(dossier: Dossier) -> Told:
    """What each request asked and what each answer explained, by the move and its moment."""
    moves = (_moves(dossier, request) for request in dossier.supplements)
    return {move: lines for each in moves for move, lines in each.items()}


def deadline_of(dossier: Dossier) -> str:
    """Until when the open request is to be answered and what may follow; "" where nothing is awaited."""
    request = dossier.open_supplement
    if request is None or request.answer_until is None or dossier.resume_to not in TOO_LATE:
        return ""
    return str(TOO_LATE[dossier.resume_to]) % {"moment": formats.moment(request.answer_until)}


def _asked(dossier: Dossier, item: SupplementItem) -> Asked:
    return Asked(title_of(dossier, item), say(item.fault.label), item.note)


def _moves(dossier: Dossier, request: SupplementRequest) -> dict[tuple[Move, datetime], list[str]]:
    lines = {(Move.ASK_SUPPLEMENT, request.asked_at): [_line(dossier, item) for item in request.items]}
    if request.answered_at:
        declined = [_instead(dossier, item) for item in request.items if item.declined]
        lines[Move.ANSWER, request.answered_at] = declined
    return lines


def _line(dossier: Dossier, item: SupplementItem) -> str:
    said = {"what": title_of(dossier, item), "fault": say(item.fault.label).lower(), "words": item.note}
    return _("%(what)s (%(fault)s): %(words)s", **said)


def _instead(dossier: Dossier, item: SupplementItem) -> str:
    return _("Không có “%(what)s”: %(words)s", what=title_of(dossier, item), words=item.declined)
