"""The special days of the calendar: a year at a time, each with its history; entered, changed, ended."""

from collections.abc import Sequence
from datetime import date

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts import special_days as days
from portal.accounts.calendars import CalendarDay
from portal.accounts.special_days import Wanted
from portal.dossiers import postponing
from portal.dossiers.models import CalendarDecision
from portal.dossiers.recounting import Fate, Moved, moved_by_day
from portal.ground.errors import NotFound, Refused, WrongState
from portal.ground.words import N_
from portal.sites.admin.calendar_forms import DayForm, day_form
from portal.sites.admin.views import bp, said
from portal.web import context
from portal.web.i18n import _

SHOWN = 50
"""How many promises that would move are named; all are counted."""


@bp.get("/quan-tri/ngay-dac-biet")
def special_days() -> ResponseReturnValue:
    """Holidays, exchanged days off and make-up days of one year."""
    session, typed = context.session(), request.args.get("nam", "")
    known = days.years(session)
    year = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else context.today().year
    return render_template(
        "admin/special_days.html",
        year=year,
        years=known,
        days=days.of_year(session, year) if year in known else [],
        nav_current="admin.special_days",
    )


@bp.get("/quan-tri/ngay-dac-biet/moi")
def new_special_day() -> ResponseReturnValue:
    """The form of a day that is not special yet."""
    return _page(day_form(new=True))


@bp.post("/quan-tri/ngay-dac-biet/moi")
def new_special_day_submit() -> ResponseReturnValue:
    """Show what entering the day would move; enter it when that was seen."""
    form = day_form(new=True)
    is_right = form.validate()
    if form.ngay.data is None:
        return _page(form), 422
    return _go_on(form, form.wanted(form.ngay.data), None) if is_right else _wrong(form, form.ngay.data)


@bp.get("/quan-tri/ngay-dac-biet/<day>")
def special_day(day: str) -> ResponseReturnValue:
    """One day: what it is, the form to change it, and every version there was."""
    row = _row(day)
    kept = {"loai": row.kind, "ten": row.note, "can_cu": row.source, "phien_ban": row.version}
    return _page(day_form(new=False, **kept), row)


@bp.post("/quan-tri/ngay-dac-biet/<day>")
def special_day_submit(day: str) -> ResponseReturnValue:
    """Show what the change would move; make it when that was seen."""
    row, form = _row(day), day_form(new=False)
    return _go_on(form, form.wanted(row.day), row) if form.validate() else _wrong(form, row.day, row)


def _wrong(form: DayForm, day: date, row: CalendarDay | None = None) -> ResponseReturnValue:
    """Show what is wrong; the consequences, too, where it is only the answer about promises."""
    return _page(form, row, _moved(form.wanted(day)) if form.is_asked_again() else None), 422


def _moved(wanted: Wanted) -> list[Moved]:
    return moved_by_day(context.session(), wanted.day, wanted.kind, context.now())


def _go_on(form: DayForm, wanted: Wanted, row: CalendarDay | None) -> ResponseReturnValue:
    """Show the consequences until the person has seen those of this very change, then save it."""
    seen = f"{wanted.day} {wanted.kind or ''}"
    try:
        days.require_possible(wanted, context.now())
        if form.da_xem.data != seen:
            form.ask(seen, form.said_ground)
            return _page(form, row, _moved(wanted))
        decided = _save(wanted, form, new=row is None)
    except (Refused, WrongState) as refusal:
        field = form.ngay if row is None else form.loai
        field.errors, form.da_xem.data = [said(refusal)], ""
        return _page(form, row), refusal.status
    flash(_("Đã ghi ngày %(day)s vào lịch.", day=f"{wanted.day:%d/%m/%Y}") + " " + what_becomes(decided))
    return context.go_to(url_for(".special_days", nam=wanted.day.year))


def what_becomes(decided: CalendarDecision) -> str:
    """What becomes of the promises, in words, once the change is saved."""
    if not decided.moving:
        return _("Mọi hẹn đã hứa giữ nguyên.")
    return _("Số hẹn đang được dời: %(count)s; từng người nộp được báo ngày mới.", count=decided.moving)


def later(moved: Sequence[Moved]) -> int:
    """How many of these promises could be moved."""
    return sum(one.fate == Fate.LATER for one in moved)


def _save(wanted: Wanted, form: DayForm, *, new: bool) -> CalendarDecision:
    with context.transaction() as session:
        by, at = context.actor(), context.now()
        row = None if new else _unchanged(session, wanted.day, form.phien_ban.data or "")
        decided = postponing.change_day(session, wanted, form.choice, row, by=by, at=at)
        context.answer(context.go_to(url_for(".special_days", nam=wanted.day.year)))
    return decided


def _unchanged(session: Session, day: date, seen_version: str) -> CalendarDay:
    """The row of *day*, if it still is the one that was shown; raises WrongState."""
    row = days.find(session, day)
    if row is None or str(row.version) != seen_version:
        raise WrongState(N_("Có người vừa sửa ngày này. Hãy mở lại trang để xem bản mới."))
    return row


def _row(day: str) -> CalendarDay:
    try:
        row = days.find(context.session(), date.fromisoformat(day))
    except ValueError:
        row = None
    if row is None:
        raise NotFound
    return row


def _page(form: DayForm, row: CalendarDay | None = None, moved: list[Moved] | None = None) -> str:
    is_open = row is None or (row.ended_at is None and row.day >= context.today())
    history = days.history(context.session(), row.day) if row else []
    return render_template(
        "admin/special_day.html",
        form=form,
        row=row,
        is_open=is_open,
        moved=moved,
        shown=(moved or [])[:SHOWN],
        later=later(moved or []),
        history=history,
        decided=postponing.decided_with(context.session(), [one.entry_id for one in history]),
        nav_current="admin.special_days",
    )
