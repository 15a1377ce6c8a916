"""An office set up: founded, its particulars changed, the wards a post office serves."""

from typing import Any

from flask import Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.accounts import establishment, offices, people
from portal.accounts.establishment import PARENTS, CodeTaken
from portal.accounts.models import Area, Office, OfficeKind
from portal.ground.errors import NotFound, Refused
from portal.sites.admin.office_forms import NewOfficeForm, OfficeForm, ServedForm
from portal.sites.admin.views import bp, office_of, said
from portal.web import context, formats
from portal.web.forms import options
from portal.web.i18n import _


@bp.get("/quan-tri/co-quan/moi")
def new_office() -> ResponseReturnValue:
    """The form of a new office."""
    return _new_page(_filled(NewOfficeForm(data={"tu_ngay": context.today()})))


@bp.post("/quan-tri/co-quan/moi")
def new_office_submit() -> ResponseReturnValue:
    """Found the office."""
    form = _filled(NewOfficeForm())
    if not form.validate():
        return _new_page(form), 422
    try:
        response = _found(form)
    except CodeTaken as taken:
        form.ma.errors = [said(taken)]
        return _new_page(form), 422
    except Refused as refusal:
        form.dia_ban.errors = [said(refusal)]
        return _new_page(form), 422
    flash(_("Đã lập cơ quan."))
    return response


@bp.get("/quan-tri/co-quan/<int(max=2147483647):office_id>/sua")
def change_office(office_id: int) -> ResponseReturnValue:
    """The form of an office's particulars."""
    shown = office_of(office_id)
    known = {
        "ten": shown.name,
        "dia_chi": shown.address,
        "dien_thoai": shown.phone,
        "dia_ban": shown.area_code or "",
        "cap_tren": str(shown.parent_id or ""),
    }
    return _change_page(shown, _filled(OfficeForm(data=known), shown))


@bp.post("/quan-tri/co-quan/<int(max=2147483647):office_id>/sua")
def change_office_submit(office_id: int) -> ResponseReturnValue:
    """Change what is different."""
    shown = office_of(office_id)
    form = _filled(OfficeForm(), shown)
    if not form.validate():
        return _change_page(shown, form), 422
    try:
        response = _change(office_id, form)
    except Refused as refusal:
        form.dia_ban.errors = [said(refusal)]
        return _change_page(shown, form), 422
    flash(_("Đã lưu thông tin cơ quan."))
    return response


@bp.get("/quan-tri/co-quan/<int(max=2147483647):office_id>/dia-ban")
def served(office_id: int) -> ResponseReturnValue:
    """The wards that a post office serves, to be ticked."""
    shown = _post_office(office_id)
    codes = [ward.code for ward in establishment.wards_of(context.session(), shown)]
    return _served_page(shown, _served_form(phuong=codes))


@bp.post("/quan-tri/co-quan/<int(max=2147483647):office_id>/dia-ban")
def served_submit(office_id: int) -> ResponseReturnValue:
    """Let the post office serve exactly the wards ticked."""
    shown, form = _post_office(office_id), _served_form()
    if not form.validate():
        return _served_page(shown, form), 422
    with context.transaction() as session:
        found, by = session.get_one(Office, office_id), context.actor()
        establishment.serve(session, found, form.phuong.data or (), by=by, at=context.now())
        response = context.answer(_back(office_id))
    flash(_("Đã lưu địa bàn phục vụ."))
    return response


def _found(form: NewOfficeForm) -> Response:
    with context.transaction() as session:
        kind, from_on = OfficeKind(form.loai.data), form.tu_ngay.data or context.today()
        by, at, what = context.actor(), context.now(), form.particulars()
        office = establishment.found(session, form.ma.data or "", kind, what, from_on, by=by, at=at)
        return _back(office.id)


def _change(office_id: int, form: OfficeForm) -> Response:
    with context.transaction() as session:
        found, by = session.get_one(Office, office_id), context.actor()
        establishment.change(session, found, form.particulars(), by=by, at=context.now())
        return context.answer(_back(office_id))


def _back(office_id: int) -> Response:
    return context.go_to(url_for("admin.office", office_id=office_id))


def _post_office(office_id: int) -> Office:
    shown = office_of(office_id)
    if shown.kind != OfficeKind.POST:
        raise NotFound
    return shown


def _filled(form: Any, office: Office | None = None) -> Any:
    """The form with its lists: areas and offices above, of the office's kind when there is one."""
    session, today = context.session(), context.today()
    areas = session.execute(select(Area.code, Area.name, Area.kind).order_by(Area.kind, Area.name)).all()
    kinds = PARENTS[office.kind] if office else tuple(OfficeKind)
    above = [one for one in people.choices(session, today) if one.kind in kinds]
    form.dia_ban.choices = options([("", _("Hãy chọn")), *((row.code, row.name) for row in areas)])
    form.cap_tren.choices = options([("", _("Không có")), *((one.id, one.name) for one in above)])
    if isinstance(form, NewOfficeForm):
        form.loai.choices = options((kind.value, formats.label(kind)) for kind in OfficeKind)
    return form


def _served_form(**data: Any) -> ServedForm:
    form = ServedForm(data=data)
    wards = offices.wards(context.session(), context.today())
    form.phuong.choices = options((ward.code, ward.full_name) for ward in wards)
    return form


def _new_page(form: NewOfficeForm) -> str:
    return render_template("admin/new_office.html", form=form, nav_current="admin.home")


def _change_page(shown: Office, form: OfficeForm) -> str:
    return render_template("admin/change_office.html", form=form, office=shown, nav_current="admin.home")


def _served_page(shown: Office, form: ServedForm) -> str:
    return render_template("admin/served.html", form=form, office=shown, nav_current="admin.home")
