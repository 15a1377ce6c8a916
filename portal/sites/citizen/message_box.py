"""The message box: what the person was told, newest first."""

from typing import Any

from flask import Response, render_template, url_for

from portal.messages import actions, queries
from portal.messages.models import Message
from portal.sites.citizen.site import bp
from portal.web import context, letters, paging
from portal.web.forms import PortalForm

PAGE = 20
"""Messages on one page."""


@bp.get("/hop-thu")
def message_box() -> str:
    """One page of messages, with the way to each dossier."""
    session, me = context.session(), context.actor().account_id
    before = paging.before()
    found = queries.box(session, me, before=before, most=PAGE + 1)
    shown = found[:PAGE]
    return render_template(
        "citizen/message_box.html",
        rows=_rows(shown, queries.codes(session, shown)),
        unread=queries.unread(session, me),
        next_url=url_for(".message_box", truoc=shown[-1].id) if len(found) > PAGE else "",
        first_url=url_for(".message_box") if before else "",
        form=PortalForm(formdata=None),
    )


@bp.post("/hop-thu/da-doc")
def messages_read() -> Response:
    """Everything was read."""
    with context.transaction() as session:
        actions.mark_read(session, context.actor().account_id, context.now())
        return context.answer(context.go_to(url_for(".message_box")))


def _rows(messages: Any, codes: dict[int, str]) -> list[dict[str, Any]]:
    return [_row(message, codes[message.dossier_id]) for message in messages]


def _row(message: Message, code: str) -> dict[str, Any]:
    words = letters.in_words(message)
    return {"at": message.at, "is_new": message.read_at is None, "words": words, "code": code}
