"""Rights of staff: given and ended."""

from datetime import date
from typing import Any

from flask import Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import appointments, people
from portal.accounts.models import Account, Appointment, Office, Role
from portal.ground.errors import NotFound, PortalError, Refused, WrongState
from portal.sites.admin.forms import AppointmentForm, EndForm
from portal.sites.admin.views import bp
from portal.web import context
from portal.web.forms import options
from portal.web.i18n import _, say


@bp.get("/quan-tri/tai-khoan/<uuid:uid>/vai")
def appoint(uid: object) -> ResponseReturnValue:
    """The form of a new role."""
    return _appoint_page(str(uid), _appointment_form(tu_ngay=context.today()))


@bp.post("/quan-tri/tai-khoan/<uuid:uid>/vai")
def appoint_submit(uid: object) -> ResponseReturnValue:
    """Give the role."""
    form = _appointment_form()
    if not form.validate():
        return _appoint_page(str(uid), form), 422
    try:
        response = _appoint(str(uid), form)
    except (Refused, WrongState) as refusal:
        form.vai.errors = [_said(refusal)]
        return _appoint_page(str(uid), form), refusal.status
    flash(_("Đã giao vai."))
    return response


@bp.get("/quan-tri/vai/<int(max=2147483647):appointment_id>/ket-thuc")
def end(appointment_id: int) -> ResponseReturnValue:
    """The form that ends a role."""
    return _end_page(_held(appointment_id), EndForm(data={"den_ngay": context.today()}))


@bp.post("/quan-tri/vai/<int(max=2147483647):appointment_id>/ket-thuc")
def end_submit(appointment_id: int) -> ResponseReturnValue:
    """End the role with the day given."""
    form = EndForm()
    if not form.validate() or form.den_ngay.data is None:
        return _end_page(_held(appointment_id), form), 422
    try:
        response = _end(appointment_id, form.den_ngay.data)
    except (Refused, WrongState) as refusal:
        form.den_ngay.errors = [_said(refusal)]
        return _end_page(_held(appointment_id), form), refusal.status
    flash(_("Đã ghi ngày kết thúc vai."))
    return response


def _appoint(uid: str, form: AppointmentForm) -> Response:
    with context.transaction() as session:
        account, by = people.staff_account(session, uid), context.actor()
        office, role = session.get_one(Office, form.co_quan.data), Role(form.vai.data)
        tenure = appointments.Tenure(form.tu_ngay.data or context.today(), form.den_ngay.data)
        appointments.appoint(session, account, office, role, tenure, by=by, at=context.now())
        return context.answer(context.go_to(url_for(".account", uid=uid)))


def _end(appointment_id: int, last_on: date) -> Response:
    with context.transaction() as session:
        held = session.get(Appointment, appointment_id)
        if held is None:
            raise NotFound
        appointments.end(session, held, last_on, by=context.actor(), at=context.now())
        return context.answer(context.go_to(url_for(".account", uid=held.account.uid)))


def _appointment_form(**data: Any) -> AppointmentForm:
    form = AppointmentForm(data=data)
    lines = people.offices(context.session(), context.today())
    form.co_quan.choices = options((line.office.id, line.office.name) for line in lines)
    form.vai.choices = options((role, say(role.label)) for role in Role if role != Role.CITIZEN)
    return form


def _held(appointment_id: int) -> Appointment:
    held = context.session().get(Appointment, appointment_id)
    if held is None:
        raise NotFound
    return held


def _said(refusal: PortalError) -> str:
    return say(refusal.message, **refusal.params)


def _appoint_page(uid: str, form: AppointmentForm) -> str:
    account: Account = people.staff_account(context.session(), uid)
    return render_template("admin/appoint.html", form=form, account=account, nav_current="admin.home")


def _end_page(held: Appointment, form: EndForm) -> str:
    return render_template("admin/end.html", form=form, held=held, nav_current="admin.home")
