"""The daily roots of the ledger, for everybody: to read, to save, and to check a receipt with."""

from datetime import date
from functools import cache

from flask import Response, jsonify, render_template, request, url_for

from portal.ground import ledger_root
from portal.sites.public.views import bp
from portal.web import assets, context, qr

PAGE = 30
"""Roots on one page."""

SCRIPT = "kiem-tra-so-cai.py"
"""The script that checks a receipt, among the static files."""


@bp.get("/so-cai")
def ledger_roots() -> str:
    """What the roots are, the newest one, the others a page at a time, and how to check a receipt."""
    session, before = context.session(), _day(request.args.get("truoc", ""))
    newest = ledger_root.newest(session)
    found = ledger_root.roots(session, before=before, most=PAGE + 1)
    more = len(found) > PAGE
    return render_template(
        "public/ledger_roots.html",
        newest=newest,
        drawing=qr.svg(f"{newest.day.isoformat()} {newest.hash}") if newest else "",
        roots=found[:PAGE],
        first_url=url_for(".ledger_roots") if before else "",
        next_url=url_for(".ledger_roots", truoc=found[PAGE - 1].day.isoformat()) if more else "",
        script=SCRIPT,
        source=_source(),
    )


@bp.get("/so-cai.json")
def ledger_roots_file() -> Response:
    """Every root as it was published, oldest first."""
    rows = ledger_root.roots(context.session())[::-1]
    answer = jsonify(roots=[ledger_root.published(row) for row in rows])
    answer.headers["Content-Disposition"] = 'attachment; filename="so-cai.json"'
    return answer


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@cache
def _source() -> str:
    return (assets.STATIC / SCRIPT).read_text(encoding="utf-8")
