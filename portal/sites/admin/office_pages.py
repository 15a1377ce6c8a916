"""Offices: the list that can be searched, one office with its people, and what the ledger says of it."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import calendars, establishment, people, rights
from portal.accounts.models import Area, Office, OfficeKind
from portal.accounts.people import Part, Wanted
from portal.sites.admin.views import bp, office_of, page_number, searched_words
from portal.sites.admin.wording import told_rows, week_rows
from portal.web import context, formats
from portal.worklists.open_work import open_work

WAITING_SHOWN = 8
"""How many accounts without a role the first page names."""


@bp.get("/quan-tri")
def home() -> ResponseReturnValue:
    """The offices with their number of people, and the accounts that have no role."""
    session, today = context.session(), context.today()
    kind = request.args.get("loai", "")
    wanted = Wanted(searched_words(), OfficeKind(kind) if kind in list(OfficeKind) else None)
    part = people.office_list(session, today, wanted, page_number())
    waiting = people.staff_list(session, today, Wanted(without_role=True))
    return render_template(
        "admin/home.html",
        part=part,
        words=wanted.words,
        kind=wanted.kind or "",
        kinds=[(one.value, formats.label(one)) for one in OfficeKind],
        urls=_ways(part, wanted),
        waiting=waiting.rows[:WAITING_SHOWN],
        waiting_more=max(waiting.total - WAITING_SHOWN, 0),
        today=today,
        nav_current="admin.home",
    )


@bp.get("/quan-tri/co-quan/<int(max=2147483647):office_id>")
def office(office_id: int) -> ResponseReturnValue:
    """One office: how it is reached, when it is open, whom it serves, who works there."""
    session, today = context.session(), context.today()
    shown = office_of(office_id)
    held = people.staff_of(session, office_id)
    return render_template(
        "admin/office.html",
        office=shown,
        area=session.get(Area, shown.area_code) if shown.area_code else None,
        parent=session.get(Office, shown.parent_id) if shown.parent_id else None,
        successor=session.get(Office, shown.successor_id) if shown.successor_id else None,
        is_closed=not shown.is_open_on(today) and shown.from_on <= today,
        left=open_work(session, shown, shown.to_on or today),
        weeks=week_rows(calendars.weeks(session, office_id, today), today),
        own_hours=calendars.has_own_hours(session, office_id, today),
        wards=establishment.wards_of(session, shown) if shown.kind == OfficeKind.POST else [],
        now=[one for one in held if one.to_on is None or one.to_on >= today],
        before=[one for one in held if one.to_on is not None and one.to_on < today],
        today=today,
        nav_current="admin.home",
    )


@bp.get("/quan-tri/co-quan/<int(max=2147483647):office_id>/so-cai")
def office_history(office_id: int) -> ResponseReturnValue:
    """What was changed about an office and who was appointed there, from the ledger."""
    shown = office_of(office_id)
    return render_template(
        "admin/history.html",
        name=shown.name,
        on=url_for(".office", office_id=office_id),
        rows=told_rows(context.session(), rights.of_office(context.session(), shown)),
        of_person=False,
        nav_current="admin.home",
    )


def _ways(part: Part[people.OfficeLine], wanted: Wanted) -> tuple[str, str]:
    """The addresses of the pages before and after this one, "" at the ends."""
    asked: dict[str, Any] = {"tim": wanted.words or None, "loai": wanted.kind.value if wanted.kind else None}
    before = url_for(".home", trang=part.page - 1, **asked) if part.page > 1 else ""
    return before, url_for(".home", trang=part.page + 1, **asked) if part.last < part.total else ""
