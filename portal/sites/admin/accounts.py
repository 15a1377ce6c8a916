"""Staff accounts: opened, given a new password, their sessions ended, closed."""

from datetime import datetime

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import passwords, people, registration, resets
from portal.accounts.registration import NameTaken
from portal.sites.admin.forms import AccountForm
from portal.sites.admin.views import bp
from portal.web import context, limits
from portal.web.i18n import _, say
from portal.web.limits import Tried


def good_until() -> datetime:
    """Until when a one-time password made now is good, by the wall clock."""
    return context.wall_clock() + resets.ONE_TIME


@bp.get("/quan-tri/tai-khoan/moi")
def new_account() -> ResponseReturnValue:
    """The form of a new staff account."""
    return _new_page(AccountForm())


@bp.post("/quan-tri/tai-khoan/moi")
def new_account_submit() -> ResponseReturnValue:
    """Open the account and show its one-time password, this once."""
    form, password = AccountForm(), passwords.one_time()
    if not form.validate():
        return _new_page(form), 422
    try:
        uid = _enrol(form, password)
    except NameTaken as taken:
        form.ten_dang_nhap.errors = [say(taken.message)]
        return _new_page(form), 422
    return _password_page(uid, password)


@bp.get("/quan-tri/tai-khoan/<uuid:uid>")
def account(uid: object) -> ResponseReturnValue:
    """One staff account: its roles and what can be done."""
    session = context.session()
    shown = people.staff_account(session, str(uid))
    held = sorted(shown.appointments, key=lambda one: one.from_on, reverse=True)
    is_mine = shown.id == context.actor().account_id
    return render_template(
        "admin/account.html", account=shown, held=held, today=context.today(), is_mine=is_mine
    )


@bp.post("/quan-tri/tai-khoan/<uuid:uid>/mat-khau")
def reset(uid: object) -> ResponseReturnValue:
    """Give the account a one-time password and show it, this once."""
    limits.spend(Tried.RESET, context.actor().account_id)
    with context.transaction() as session:
        found = people.staff_account(session, str(uid))
        at, by = context.now(), context.actor()
        password = resets.reset_staff(session, found, by=by, at=at, good_until=good_until())
    return _password_page(str(uid), password)


@bp.post("/quan-tri/tai-khoan/<uuid:uid>/ket-thuc-phien")
def end_sessions(uid: object) -> ResponseReturnValue:
    """Sign every browser of the account out, at once."""
    with context.transaction() as session:
        found = people.staff_account(session, str(uid))
        resets.end_sessions(session, found, by=context.actor(), at=context.now())
        response = context.answer(context.go_to(url_for(".account", uid=uid)))
    flash(_("Mọi phiên của %(name)s đã kết thúc.", name=found.full_name))
    return response


@bp.post("/quan-tri/tai-khoan/<uuid:uid>/dong")
def close(uid: object) -> ResponseReturnValue:
    """Close the account; its sessions end at once."""
    with context.transaction() as session:
        found = people.staff_account(session, str(uid))
        resets.close(session, found, by=context.actor(), at=context.now())
        response = context.answer(context.go_to(url_for(".account", uid=uid)))
    flash(_("Đã đóng tài khoản của %(name)s.", name=found.full_name))
    return response


def _enrol(form: AccountForm, password: str) -> str:
    name, sign_in_name = form.ho_ten.data or "", form.ten_dang_nhap.data or ""
    with context.transaction() as session:
        by, at = context.actor(), context.now()
        opened = registration.enrol(
            session, name, sign_in_name, password, by=by, at=at, one_time_until=good_until()
        )
        return opened.uid


def _new_page(form: AccountForm) -> str:
    return render_template("admin/new_account.html", form=form)


def _password_page(uid: str, password: str) -> str:
    shown = people.staff_account(context.session(), uid)
    on = url_for("admin.account", uid=uid)
    return render_template(
        "admin/one_time.html", account=shown, password=password, on=on, nav_current="admin.home"
    )
