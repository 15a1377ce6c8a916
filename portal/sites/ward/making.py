"""How a move is made from its form: one transaction, or the page again with what was typed."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash
from sqlalchemy.orm import Session

from portal.dossiers import queries
from portal.dossiers.models import Dossier
from portal.dossiers.queries import StalePage
from portal.dossiers.states import Move
from portal.ground.errors import Refused, WrongState
from portal.sites.ward.forms import MoveForm
from portal.sites.ward.offers import Failure, form_of
from portal.sites.ward.page import show
from portal.sites.ward.views import go
from portal.web import context
from portal.web.i18n import say

Act = Callable[[Session, Dossier, Any], str]
"""Makes a move from its valid form and returns the sentence that confirms it."""


class _Invalid(Exception):
    """The form says what is wrong; nothing was changed."""


def most_files() -> int:
    """How many files a dossier may have."""
    return context.settings().dossier_max_files


def make(dossier_id: int, move: Move, act: Act) -> Response:
    """Make *move* in one transaction; show the page again with what was typed when it cannot be made."""
    form: Any = None
    try:
        with context.transaction() as session:
            dossier = queries.get(session, dossier_id, context.actor())
            form = form_of(session, dossier, move)
            said = _checked(act, session, dossier, form)
            answered = context.answer(go(".dossier", dossier_id=dossier_id))
    except _Invalid:
        return show(dossier_id, failed=Failure(move, form))
    except WrongState as moved_on:
        sentence = say(moved_on.message, **moved_on.params)
        return show(dossier_id, failed=Failure(move, form or MoveForm(), sentence), is_conflict=True)
    except Refused as refused:
        return show(dossier_id, failed=Failure(move, form, say(refused.message, **refused.params)))
    flash(said)
    return answered


def _checked(act: Act, session: Session, dossier: Dossier, form: Any) -> str:
    if form.seen_version != dossier.version:
        raise StalePage
    if not form.validate():
        raise _Invalid
    return act(session, dossier, form)
