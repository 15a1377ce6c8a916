"""The mail box of a demonstration: every e-mail it would have sent, for everybody to look into."""

from typing import Any

from flask import render_template, url_for

from portal.ground.errors import NotFound
from portal.messages import queries
from portal.sites.public.views import bp
from portal.web import context, letters, paging

PAGE = 20
"""E-mails on one page."""


@bp.get("/trinh-dien/thu")
def mailbox() -> str:
    """One page of e-mails, newest first; outside a demonstration there is no such page."""
    if not context.settings().demonstration:
        raise NotFound
    before = paging.before()
    found = queries.sendings(context.session(), before=before, most=PAGE + 1)
    rows = [_row(sending) for sending in found[:PAGE]]
    next_url = url_for(".mailbox", truoc=found[PAGE - 1].id) if len(found) > PAGE else ""
    first_url = url_for(".mailbox") if before else ""
    return render_template("public/mailbox.html", rows=rows, next_url=next_url, first_url=first_url)


def _row(sending: Any) -> dict[str, Any]:
    words = letters.in_words(sending.message)
    return {"at": sending.message.at, "address": sending.address, "state": sending.state, "words": words}
