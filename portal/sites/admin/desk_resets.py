"""A person who lost the password stands at the desk with the card: find the account, give a new password."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.accounts import people, resets
from portal.accounts.factors.removing import reset_citizen
from portal.accounts.models import Account, Role
from portal.ground.errors import Refused, WrongState
from portal.sites.admin.accounts import good_until
from portal.sites.admin.forms import FindHolderForm, ResetForm
from portal.web import context, limits
from portal.web.guard import only_for
from portal.web.i18n import say
from portal.web.limits import Tried

bp = Blueprint("resets", __name__)
only_for(bp, Role.RECEPTIONIST)


@bp.get("/quan-tri/dat-lai")
def find() -> ResponseReturnValue:
    """Ask for the number on the card."""
    return _page(FindHolderForm())


@bp.post("/quan-tri/dat-lai")
def find_submit() -> ResponseReturnValue:
    """Show who declared this number; the number never stands in an address."""
    form = FindHolderForm()
    if not form.validate():
        return _page(form), 422
    return _found_page(form, ResetForm(formdata=None, data={"so_dinh_danh": form.so_dinh_danh.data}))


@bp.post("/quan-tri/dat-lai/mat-khau")
def reset() -> ResponseReturnValue:
    """Give the chosen account a one-time password and show it, this once."""
    form = ResetForm()
    if not form.validate():
        return _found_page(_searched(form), form), 422
    limits.spend(Tried.RESET, context.actor().account_id)
    try:
        with context.transaction() as session:
            found = people.citizen(session, form.tai_khoan.data or "")
            password = _reset(session, found, form)
    except (Refused, WrongState) as refusal:
        form.da_doi_chieu.errors = [say(refusal.message, **refusal.params)]
        return _found_page(_searched(form), form), refusal.status
    return render_template("admin/one_time.html", account=found, password=password, on="", nav_current="")


def _reset(session: Any, found: Account, form: ResetForm) -> str:
    by, at, number = context.actor(), context.now(), form.so_dinh_danh.data or ""
    password = resets.reset(session, found, number, by=by, at=at, good_until=good_until())
    if form.bo_buoc_hai.data:
        reset_citizen(session, found, by=by, at=at)
    return password


def _searched(form: ResetForm) -> FindHolderForm:
    return FindHolderForm(formdata=None, data={"so_dinh_danh": form.so_dinh_danh.data})


def _page(form: FindHolderForm) -> str:
    return render_template("admin/find_holder.html", form=form, holders=None, reset_form=None)


def _found_page(form: FindHolderForm, reset_form: ResetForm) -> str:
    by = context.actor()
    limits.count_look(by)
    holders = people.holders(context.session(), form.so_dinh_danh.data or "")
    with context.trace() as session:
        people.note_looked_up(session, holders, by=by, at=context.now())
    return render_template(
        "admin/find_holder.html",
        form=form,
        reset_form=reset_form,
        holders=holders,
        has_errors=bool(reset_form.errors),
    )
