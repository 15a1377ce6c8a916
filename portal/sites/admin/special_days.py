"""The special days of the calendar, to look at: a year at a time, with who said so."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts import calendars
from portal.sites.admin.views import bp
from portal.web import context


@bp.get("/quan-tri/ngay-dac-biet")
def special_days() -> ResponseReturnValue:
    """Holidays, exchanged days off and make-up days of one year."""
    session, typed = context.session(), request.args.get("nam", "")
    known = calendars.years(session)
    year = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else context.today().year
    return render_template(
        "admin/special_days.html",
        year=year,
        years=known,
        days=calendars.days_of(session, year) if year in known else [],
        nav_current="admin.special_days",
    )
