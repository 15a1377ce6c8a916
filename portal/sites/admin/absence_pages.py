"""Who of an office is away and who stands in: for its leader, and for an administrator of any office."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, TextAreaField
from wtforms.validators import Optional

from portal.accounts import absence_log, absences
from portal.accounts.absences import StandIn, WrongPerson, WrongSubstitute
from portal.accounts.appointments import Tenure
from portal.accounts.models import Actor, Appointment, Office, Role
from portal.ground.errors import NotFound, Refused
from portal.sites.admin.forms import DAY
from portal.sites.admin.views import office_of, said
from portal.web import context, formats
from portal.web.forms import DayField, PortalForm, at_most, options, required
from portal.web.guard import only_for
from portal.web.i18n import _, _l

bp = Blueprint("absences", __name__)
only_for(bp, Role.LEADER, Role.ADMIN)


class AbsenceForm(PortalForm):
    """Somebody is away from a day to a day, and somebody of the same role stands in."""

    nguoi = SelectField(_l("Người vắng"), [required(_l("Hãy chọn người vắng."))])
    nguoi_thay = SelectField(
        _l("Người làm thay"),
        [required(_l("Hãy chọn người làm thay."))],
        description=_l("Đang giữ cùng vai ở cơ quan này."),
    )
    tu_ngay = DayField(_l("Vắng từ ngày"), [required(_l("Hãy ghi ngày đầu vắng mặt."))], format=DAY)
    den_ngay = DayField(
        _l("Đến hết ngày"), [Optional()], format=DAY, description=_l("Để trống khi chỉ vắng một ngày.")
    )
    ly_do = TextAreaField(_l("Lý do"), [at_most(500)], description=_l("Ghi vào sổ cái."))

    def who(self, office_id: int) -> StandIn:
        """The two people chosen."""
        return StandIn(int(self.nguoi.data), int(self.nguoi_thay.data), office_id)

    def days(self) -> Tenure:
        """The days typed; the form is valid."""
        first: Any = self.tu_ngay.data
        return Tenure(first, self.den_ngay.data)


@bp.get("/mot-cua/vang-mat")
def away() -> ResponseReturnValue:
    """Who is away now or soon, the form of one more absence, and what was said before."""
    return _page(_form(data={"tu_ngay": context.today(), "nguoi": request.args.get("nguoi", "")}))


@bp.post("/mot-cua/vang-mat")
def declare() -> ResponseReturnValue:
    """Let somebody stand in."""
    form, office_id = _form(), _office().id
    if not form.validate():
        return _page(form), 422
    try:
        with context.transaction() as session:
            by, at, reason = context.actor(), context.now(), form.ly_do.data or ""
            absences.declare(session, form.who(office_id), form.days(), reason, by=by, at=at)
            response = context.answer(_back())
    except Refused as refusal:
        _field_of(refusal, form).errors = [said(refusal)]
        return _page(form), 422
    flash(_("Đã ghi vắng mặt và người làm thay."))
    return response


@bp.post("/mot-cua/vang-mat/<int(max=2147483647):absence_id>/tro-lai")
def come_back(absence_id: int) -> ResponseReturnValue:
    """Let the person be back from today on."""
    office_id = _office().id
    with context.transaction() as session:
        found = absences.get(session, absence_id, office_id)
        if found is None:
            raise NotFound
        absences.come_back(session, found, by=context.actor(), at=context.now())
        response = context.answer(_back())
    flash(_("Đã ghi: người này làm việc lại từ hôm nay, không ai làm thay nữa."))
    return response


def _office() -> Office:
    """The leader's own office; for an administrator the one that the address names."""
    by = context.actor()
    return office_of(_named() or by.office_id or 0) if by.role == Role.ADMIN else office_of(by.office_id or 0)


def _named() -> int | None:
    typed = request.args.get("noi", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def _back() -> Response:
    return context.go_to(_address(context.actor(), ".away"))


def _address(by: Actor, endpoint: str, **values: Any) -> str:
    """An address here that keeps the office an administrator looks at."""
    return url_for(endpoint, **values, noi=_named() if by.role == Role.ADMIN else None)


def _form(**given: Any) -> AbsenceForm:
    form = AbsenceForm(**given)
    people = absences.colleagues(context.session(), _office().id, context.today())
    away = [held for held in people if _substitutes(people, str(held.account_id))]
    form.nguoi.choices, form.nguoi_thay.choices = _seats(away), _seats(_substitutes(people, form.nguoi.data))
    return form


def _substitutes(people: Sequence[Appointment], away: str | None) -> list[Appointment]:
    """Who may stand in for the account *away*: the others who hold one of its roles here."""
    roles = {held.role for held in people if str(held.account_id) == away}
    return [held for held in people if held.role in roles and str(held.account_id) != away]


def _seats(people: Sequence[Appointment]) -> list[Any]:
    names = [(held.account_id, _seat(held)) for held in people]
    return options([("", _("Chọn một người")), *names])


def _offers_somebody(field: SelectField) -> bool:
    """Whether there is more to choose than the empty line."""
    return len(list(field.choices or ())) > 1


def _seat(held: Appointment) -> str:
    return f"{held.account.full_name}, {formats.label(held.role)}"


def _field_of(refusal: Refused, form: AbsenceForm) -> Any:
    """The field that a refusal is about."""
    if isinstance(refusal, WrongPerson):
        return form.nguoi
    return form.nguoi_thay if isinstance(refusal, WrongSubstitute) else form.tu_ngay


def _page(form: AbsenceForm) -> str:
    session, office, by, today = context.session(), _office(), context.actor(), context.today()
    coming = absences.of_office(session, office.id, today)
    return render_template(
        "admin/absences.html",
        form=form,
        is_chosen=request.method == "POST" or _offers_somebody(form.nguoi_thay),
        is_replaceable=_offers_somebody(form.nguoi),
        office=office,
        choose_url=_address(by, ".away"),
        named=_named() if by.role == Role.ADMIN else None,
        submit_url=_address(by, ".declare"),
        rows=[(one, _address(by, ".come_back", absence_id=one.id)) for one in coming],
        told=absence_log.told(session, office),
        is_admin=by.role == Role.ADMIN,
        today=today,
        nav_current="admin.home" if by.role == Role.ADMIN else "absences.away",
    )
