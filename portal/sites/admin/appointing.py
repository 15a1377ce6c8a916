"""Rights of staff: given, ended, moved to another seat, called off before they begin."""

from datetime import date
from typing import Any

from flask import Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts import appointments, people
from portal.accounts.appointments import Seat, Tenure
from portal.accounts.models import Account, Appointment, Office, Role
from portal.ground.errors import NotFound, Refused, WrongState
from portal.ground.open_hours import ONE_DAY
from portal.ground.words import N_
from portal.sites.admin.forms import AppointmentForm, EndForm, LeavingForm, MoveForm
from portal.sites.admin.views import appointment_of, bp, said
from portal.web import context
from portal.web.forms import options
from portal.web.i18n import _, say
from portal.worklists import leaving
from portal.worklists.leaving import Leave, NobodyLeft


class NoSuchColleague(Refused):
    """The sign-in name of the successor is nobody's."""

    message = N_("Không có tài khoản cán bộ nào đang mở với tên đăng nhập này.")


@bp.get("/quan-tri/tai-khoan/<uuid:uid>/vai")
def appoint(uid: object) -> ResponseReturnValue:
    """The form of a new role."""
    return _appoint_page(str(uid), _with_seats(AppointmentForm(data={"tu_ngay": context.today()})))


@bp.post("/quan-tri/tai-khoan/<uuid:uid>/vai")
def appoint_submit(uid: object) -> ResponseReturnValue:
    """Give the role."""
    form = _with_seats(AppointmentForm())
    if not form.validate():
        return _appoint_page(str(uid), form), 422
    try:
        response = _appoint(str(uid), form)
    except (Refused, WrongState) as refusal:
        form.vai.errors = [said(refusal)]
        return _appoint_page(str(uid), form), refusal.status
    flash(_("Đã giao vai."))
    return response


@bp.get("/quan-tri/vai/<int(max=2147483647):appointment_id>/ket-thuc")
def end(appointment_id: int) -> ResponseReturnValue:
    """What the person still holds, and the form that ends the role."""
    return _end_page(appointment_of(appointment_id), EndForm(data={"den_ngay": context.today()}))


@bp.post("/quan-tri/vai/<int(max=2147483647):appointment_id>/ket-thuc")
def end_submit(appointment_id: int) -> ResponseReturnValue:
    """End the role with the day given; its open work is passed on."""
    form = EndForm()
    if not form.validate() or form.den_ngay.data is None:
        return _end_page(appointment_of(appointment_id), form), 422
    try:
        response = _end(appointment_id, form, form.den_ngay.data)
    except (Refused, WrongState) as refusal:
        _field_of(refusal, form, form.den_ngay).errors = [said(refusal)]
        return _end_page(appointment_of(appointment_id), form), refusal.status
    flash(_("Đã ghi ngày kết thúc vai."))
    return response


@bp.get("/quan-tri/vai/<int(max=2147483647):appointment_id>/chuyen")
def move(appointment_id: int) -> ResponseReturnValue:
    """What the person still holds, and the form that moves them."""
    held = appointment_of(appointment_id)
    usual = {"tu_ngay": context.today() + ONE_DAY, "vai": held.role.value, "co_quan": held.office_id}
    return _move_page(held, _with_seats(MoveForm(data=usual)))


@bp.post("/quan-tri/vai/<int(max=2147483647):appointment_id>/chuyen")
def move_submit(appointment_id: int) -> ResponseReturnValue:
    """End the role here and begin there the next day, in one act."""
    form = _with_seats(MoveForm())
    if not form.validate() or form.tu_ngay.data is None:
        return _move_page(appointment_of(appointment_id), form), 422
    try:
        response = _move(appointment_id, form, form.tu_ngay.data)
    except (Refused, WrongState) as refusal:
        _field_of(refusal, form, form.tu_ngay).errors = [said(refusal)]
        return _move_page(appointment_of(appointment_id), form), refusal.status
    flash(_("Đã chuyển: vai cũ hết ngày hôm trước, vai mới tự bắt đầu."))
    return response


@bp.post("/quan-tri/vai/<int(max=2147483647):appointment_id>/huy")
def call_off(appointment_id: int) -> ResponseReturnValue:
    """Take a role back that has not begun."""
    with context.transaction() as session:
        held = _held(session, appointment_id)
        response = context.answer(_back(held))
        appointments.call_off(session, held, by=context.actor(), at=context.now())
    flash(_("Đã hủy vai chưa bắt đầu."))
    return response


def _appoint(uid: str, form: AppointmentForm) -> Response:
    with context.transaction() as session:
        account, by = people.staff_account(session, uid), context.actor()
        office, role = session.get_one(Office, form.co_quan.data), Role(form.vai.data)
        tenure = Tenure(form.tu_ngay.data or context.today(), form.den_ngay.data)
        appointments.appoint(session, account, office, role, tenure, by=by, at=context.now())
        return context.answer(context.go_to(url_for(".account", uid=uid)))


def _end(appointment_id: int, form: EndForm, last_on: date) -> Response:
    with context.transaction() as session:
        held, leave = _held(session, appointment_id), _leave(session, form, last_on)
        leaving.end(session, held, leave, by=context.actor(), at=context.now())
        return context.answer(_back(held))


def _move(appointment_id: int, form: MoveForm, from_on: date) -> Response:
    with context.transaction() as session:
        held, leave = _held(session, appointment_id), _leave(session, form, from_on - ONE_DAY)
        seat = Seat(session.get_one(Office, form.co_quan.data), Role(form.vai.data))
        leaving.move(session, held, seat, leave, by=context.actor(), at=context.now())
        return context.answer(_back(held))


def _leave(session: Session, form: LeavingForm, last_on: date) -> Leave:
    typed = (form.nguoi_thay.data or "").strip()
    successor = people.staff_named(session, typed) if typed else None
    if typed and successor is None:
        raise NoSuchColleague
    return Leave(last_on, form.ly_do.data or "", successor)


def _held(session: Session, appointment_id: int) -> Appointment:
    held = session.get(Appointment, appointment_id)
    if held is None:
        raise NotFound
    return held


def _back(held: Appointment) -> Response:
    return context.go_to(url_for(".account", uid=held.account.uid))


def _field_of(refusal: Exception, form: LeavingForm, day: Any) -> Any:
    """The field that a refusal is about."""
    return form.nguoi_thay if isinstance(refusal, NobodyLeft | NoSuchColleague) else day


def _with_seats(form: Any) -> Any:
    lines = people.choices(context.session(), context.today())
    form.co_quan.choices = options((office.id, office.name) for office in lines)
    form.vai.choices = options((role, say(role.label)) for role in Role if role != Role.CITIZEN)
    return form


def _appoint_page(uid: str, form: AppointmentForm) -> str:
    account: Account = people.staff_account(context.session(), uid)
    return render_template("admin/appoint.html", form=form, account=account, nav_current="admin.accounts")


def _end_page(held: Appointment, form: EndForm) -> str:
    return render_template("admin/end.html", form=form, held=held, **_holdings(held))


def _move_page(held: Appointment, form: MoveForm) -> str:
    return render_template("admin/move.html", form=form, held=held, **_holdings(held))


def _holdings(held: Appointment) -> dict[str, Any]:
    """What the person holds now, as if the role ended at once."""
    today = context.today()
    found = leaving.holdings(context.session(), held, today - ONE_DAY, today)
    return {"found": found, "nav_current": "admin.accounts"}
