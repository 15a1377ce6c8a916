"""The citizen's site: who may come in, and what every page of a filing starts with."""

from typing import Any

from flask import Blueprint, Response, abort, g, url_for
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.dossiers import drafts
from portal.dossiers.models import Dossier, Draft
from portal.dossiers.readiness import Whole, whole
from portal.ground import once
from portal.web import context
from portal.web.guard import only_for

bp = Blueprint("citizen", __name__)
only_for(bp, Role.CITIZEN)


def draft_of(session: Session, uid: str, *, lock: bool = False) -> Draft:
    """The reader's draft; one that was filed leads to its receipt instead, however often it is sent."""
    draft = drafts.resume(session, uid, context.actor(), context.now(), lock=lock)
    if draft.dossier_id is not None:
        filed = session.get_one(Dossier, draft.dossier_id)
        abort(context.go_to(url_for("citizen.receipt", code=filed.shown_code)))
    return draft


def whole_of(session: Session, uid: str, *, lock: bool = False) -> Whole:
    """The reader's draft with everything it refers to."""
    return whole(session, draft_of(session, uid, lock=lock), context.now())


def saving() -> dict[str, Any]:
    """What every action on a draft takes: the moment and the limits."""
    return {"at": context.now(), "limits": context.settings()}


def settle(session: Session, response: Response | None) -> Response | None:
    """Keep *response* for a second sending; without one the page is shown and judged again each time."""
    if response is not None:
        return context.answer(response)
    key = g.pop("once_key", None)
    if key:
        once.release(session, key)
    return None


def later() -> Response:
    """Leave the draft for another day."""
    return context.go_to(url_for("citizen.dossiers") + "#ban-nhap")
