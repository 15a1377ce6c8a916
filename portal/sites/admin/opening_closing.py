"""When an office is open, and until when there is one: its hours, its last day and its successor."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import calendars, hours, people
from portal.accounts.models import Office, OfficeKind
from portal.dossiers import postponing
from portal.dossiers.models import CalendarDecision
from portal.dossiers.recounting import Moved, moved_by_hours
from portal.ground.errors import Refused, WrongState
from portal.ground.open_hours import Week
from portal.sites.admin.office_forms import ClosingForm, HoursForm, hours_form
from portal.sites.admin.special_days import SHOWN, later, what_becomes
from portal.sites.admin.views import bp, office_of, said
from portal.sites.admin.wording import week_rows
from portal.web import context
from portal.web.forms import options
from portal.web.i18n import _
from portal.worklists import open_work
from portal.worklists.open_work import NoSuccessor

OWN, COMMON = "rieng", "chung"
"""Hours typed here, or those of all offices."""


@bp.get("/quan-tri/co-quan/<int(max=2147483647):office_id>/gio")
def office_hours(office_id: int) -> ResponseReturnValue:
    """The week in force and the weeks to come, and the form of a new one."""
    now = calendars.weeks(context.session(), office_id, context.today())[0].week
    return _hours_page(office_of(office_id), _hours_form(now, tu_ngay=context.today(), theo=OWN))


@bp.post("/quan-tri/co-quan/<int(max=2147483647):office_id>/gio")
def office_hours_submit(office_id: int) -> ResponseReturnValue:
    """End the old hours and begin the new ones."""
    shown, form = office_of(office_id), _hours_form(None)
    if not form.validate():
        return _hours_page(shown, form, _asked_again(office_id, form)), 422
    week = _week(form)
    if form.theo.data == OWN and not week:
        form.da_xem.data = ""
        form.days[0].errors = [_("Hãy ghi giờ của ít nhất một ngày, hoặc chọn giờ chung.")]
        return _hours_page(shown, form), 422
    moved, seen = _moved(office_id, form, week), _mark(form, week)
    if moved and form.da_xem.data != seen:
        form.ask(seen)
        return _hours_page(shown, form, moved)
    try:
        decided = _set_hours(office_id, form, week)
    except Refused as refusal:
        form.tu_ngay.errors, form.da_xem.data = [said(refusal)], ""
        return _hours_page(shown, form), 422
    flash(_("Đã lưu giờ làm việc.") + " " + what_becomes(decided))
    return _back(office_id)


@bp.get("/quan-tri/co-quan/<int(max=2147483647):office_id>/dong")
def close_office(office_id: int) -> ResponseReturnValue:
    """What is still open at an office, and the form of its last day."""
    return _closing_page(office_of(office_id), _closing_form(office_id))


@bp.post("/quan-tri/co-quan/<int(max=2147483647):office_id>/dong")
def close_office_submit(office_id: int) -> ResponseReturnValue:
    """Let the office close; refused with what is still open."""
    shown, form = office_of(office_id), _closing_form(office_id)
    if not form.validate():
        return _closing_page(shown, form), 422
    try:
        response = _close(office_id, form)
    except (Refused, WrongState) as refusal:
        field = form.ke_thua if isinstance(refusal, NoSuccessor) else form.den_ngay
        field.errors = [said(refusal)]
        return _closing_page(shown, form), refusal.status
    flash(_("Đã ghi ngày đóng cơ quan."))
    return response


def _week(form: HoursForm) -> Week:
    """The week that is wanted; empty for the hours of all offices."""
    return form.week() if form.theo.data == OWN else {}


def _set_hours(office_id: int, form: HoursForm, week: Week) -> CalendarDecision:
    with context.transaction() as session:
        office, from_on = session.get_one(Office, office_id), form.tu_ngay.data or context.today()
        by, at = context.actor(), context.now()
        decided = postponing.change_hours(session, office, week, from_on, form.choice, by=by, at=at)
        context.answer(_back(office_id))
    return decided


def _close(office_id: int, form: ClosingForm) -> Response:
    with context.transaction() as session:
        office, last_on = session.get_one(Office, office_id), form.den_ngay.data or context.today()
        successor = session.get_one(Office, int(form.ke_thua.data)) if form.ke_thua.data else None
        by, at, reason = context.actor(), context.now(), form.ly_do.data or ""
        open_work.close_office(session, office, last_on, successor, reason, by=by, at=at)
        return context.answer(_back(office_id))


def _back(office_id: int) -> Response:
    return context.go_to(url_for("admin.office", office_id=office_id))


def _hours_form(usual: Any, **data: Any) -> HoursForm:
    form = hours_form(usual, **data)
    form.theo.choices = options(
        [(OWN, _("Giờ riêng, ghi dưới đây")), (COMMON, _("Giờ chung của mọi cơ quan"))]
    )
    return form


def _closing_form(office_id: int) -> ClosingForm:
    form, mine = ClosingForm(), office_of(office_id)
    same_side = [
        one
        for one in people.choices(context.session(), context.today())
        if one.id != office_id and (one.kind == OfficeKind.POST) == (mine.kind == OfficeKind.POST)
    ]
    form.ke_thua.choices = options([("", _("Chưa có")), *((one.id, one.name) for one in same_side)])
    return form


def _moved(office_id: int, form: HoursForm, week: Week) -> list[Moved]:
    """The promises that would come out differently; of a day that has passed none, since it is refused."""
    from_on, today = form.tu_ngay.data, context.today()
    if from_on is None or from_on < today:
        return []
    return moved_by_hours(context.session(), office_id, week, from_on, context.now())


def _asked_again(office_id: int, form: HoursForm) -> list[Moved]:
    """The consequences once more, where only the answer about promises is wrong."""
    return _moved(office_id, form, _week(form)) if form.is_asked_again() else []


def _mark(form: HoursForm, week: Week) -> str:
    """What tells one change of hours from another."""
    said_hours = [f"{day} {hours.written_spans(spans)}" for day, spans in sorted(week.items())]
    return "; ".join([str(form.tu_ngay.data), *said_hours])


def _hours_page(shown: Office, form: HoursForm, moved: Sequence[Moved] = ()) -> str:
    weeks = calendars.weeks(context.session(), shown.id, context.today())
    rows = week_rows(weeks, context.today())
    return render_template(
        "admin/hours.html",
        form=form,
        office=shown,
        weeks=rows,
        moved=moved,
        shown=moved[:SHOWN],
        later=later(moved),
        nav_current="admin.home",
    )


def _closing_page(shown: Office, form: ClosingForm) -> str:
    left = open_work.open_work(context.session(), shown, context.today())
    return render_template(
        "admin/close_office.html", form=form, office=shown, left=left, nav_current="admin.home"
    )
