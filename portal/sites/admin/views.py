"""The administrator's first page and the page of an office."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.accounts import people
from portal.accounts.models import Office, Role
from portal.ground.errors import NotFound
from portal.web import context
from portal.web.guard import only_for

bp = Blueprint("admin", __name__)
only_for(bp, Role.ADMIN)


@bp.get("/quan-tri")
def home() -> ResponseReturnValue:
    """Every office with its number of people, those without any apart, and accounts that have no role yet."""
    session = context.session()
    lines = people.offices(session, context.today())
    return render_template(
        "admin/home.html",
        offices=[line for line in lines if line.people],
        others=[line for line in lines if not line.people],
        unappointed=people.unappointed(session),
        nav_current="admin.home",
    )


@bp.get("/quan-tri/co-quan/<int(max=2147483647):office_id>")
def office(office_id: int) -> ResponseReturnValue:
    """The people of an office, now and before."""
    session, today = context.session(), context.today()
    shown = session.get(Office, office_id)
    if shown is None:
        raise NotFound
    held = people.staff_of(session, office_id)
    return render_template(
        "admin/office.html",
        office=shown,
        now=[one for one in held if one.to_on is None or one.to_on >= today],
        before=[one for one in held if one.to_on is not None and one.to_on < today],
        today=today,
        nav_current="admin.home",
    )
