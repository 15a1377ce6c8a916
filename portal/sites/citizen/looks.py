"""Everybody who looked at anything of the reader: their dossiers, and their account at a desk."""

from datetime import UTC, datetime
from typing import Any

from flask import render_template, request, url_for

from portal.dossiers import looks as reads
from portal.dossiers.looks import AT_ACCOUNT, AT_DOSSIER, Cursor
from portal.sites.citizen.site import bp
from portal.web import context

STAMP = "%Y%m%dT%H%M%S%f"


@bp.get("/tai-khoan/luot-xem")
def looks() -> str:
    """All looks, newest first, or those at one dossier."""
    session, me = context.session(), context.actor()
    chosen, codes = request.args.get("ho-so", "")[:50], reads.looked_at_dossiers(session, me)
    chosen = chosen if chosen in codes else ""
    page = reads.at_everything_of(session, me, _place(), chosen)
    return render_template(
        "citizen/looks.html",
        page=page,
        codes=codes,
        chosen=chosen,
        is_first=_place() is None,
        first_url=_address(chosen),
        next_url=_address(chosen, page.after) if page.after else "",
        nav_current="",
    )


def _address(chosen: str, place: Cursor | None = None) -> str:
    asked: dict[str, Any] = {"ho-so": chosen or None}
    stamp = f"{place.at.astimezone(UTC):{STAMP}}-{place.source}-{place.id}" if place else None
    return url_for(".looks", sau=stamp, **asked)


def _place() -> Cursor | None:
    """The place in the list that the address names; None for the first page or a broken address."""
    stamp, source, number = [*request.args.get("sau", "").split("-"), "", ""][:3]
    try:
        at = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
        known = source in (AT_DOSSIER, AT_ACCOUNT) and len(number) < 19
        return Cursor(at, source, int(number)) if known else None
    except ValueError:
        return None
