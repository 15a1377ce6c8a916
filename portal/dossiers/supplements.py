"""Answering a request for more: files and new answers kept, then filed with the one move that answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.dossiers import actions
from portal.dossiers.identity import sealed_names
from portal.dossiers.models import Dossier, SupplementItem, SupplementRequest
from portal.dossiers.states import PaperKind
from portal.ground.errors import WrongState
from portal.ground.sealing import keys_of
from portal.ground.words import N_


def open_request(dossier: Dossier) -> SupplementRequest:
    """The request that waits for its answer; raises WrongState when there is none."""
    request = dossier.open_supplement
    if request is None:
        raise WrongState(N_("Hồ sơ này không chờ bạn bổ sung gì."))
    return request


def key_of(item: SupplementItem) -> str:
    """Under what an answer speaks of *item*: the key of the paper, or the name of the question."""
    return item.checklist_item.key if item.checklist_item else item.question or ""


def kept_files(dossier: Dossier) -> frozenset[str]:
    """The lines that have a file which waits to be sent with the answer."""
    waiting = (p for p in dossier.papers if p.filed_at is None and p.kind == PaperKind.SUBMITTED)
    return frozenset(paper.item_key for paper in waiting)


def give(
    session: Session,
    dossier: Dossier,
    answers: Mapping[str, Any],
    declined: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
    brought: frozenset[str] = frozenset(),
) -> None:
    """Answer the open request with the files kept for it, clean new *answers*, and words where declined.

    brought: lines whose paper was handed in at the desk.
    Raises WrongState, NotAllowed, Refused (a line without file, answer or word); then nothing changed.
    """
    asked = {key_of(item) for item in open_request(dossier).items}
    given = (kept_files(dossier) | answers.keys() | brought) & asked
    told = {key: words for key, words in declined.items() if key in asked}
    actions.answer(session, dossier, actions.Answered(frozenset(given), told), by=by, at=at)
    keys, sealed = keys_of(session), sealed_names(dossier)
    fresh = {
        name: keys.seal(value, dossier.bound_to) if name in sealed else value
        for name, value in answers.items()
        if name in asked
    }
    dossier.answers = {**dossier.answers, **fresh}
    for paper in dossier.papers:
        if paper.filed_at is None and paper.item_key in given:
            paper.filed_at = at
