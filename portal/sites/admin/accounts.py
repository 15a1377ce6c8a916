"""Staff accounts: found, opened, given a new password, their sessions ended, closed."""

from datetime import datetime
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import passwords, people, registration, resets, rights
from portal.accounts.models import Account, Office, Role
from portal.accounts.people import Part, Wanted
from portal.accounts.registration import NameTaken
from portal.ground.errors import Refused
from portal.ground.open_hours import ONE_DAY
from portal.sites.admin.forms import AccountForm, CloseAccountForm
from portal.sites.admin.views import bp, page_number, said, searched_words
from portal.sites.admin.wording import told_rows
from portal.web import context, formats, limits
from portal.web.i18n import _, say
from portal.web.limits import Tried
from portal.worklists import leaving

NO_ROLE = "chua-co"
"""In place of a role in the address of the list: accounts that have none, and none to come."""


def good_until() -> datetime:
    """Until when a one-time password made now is good, by the wall clock."""
    return context.wall_clock() + resets.ONE_TIME


@bp.get("/quan-tri/tai-khoan")
def accounts() -> ResponseReturnValue:
    """The staff accounts: searched by words of names, by office, by role, or those without any."""
    session, today, wanted = context.session(), context.today(), _wanted()
    part = people.staff_list(session, today, wanted, page_number())
    return render_template(
        "admin/accounts.html",
        part=part,
        words=wanted.words,
        role=NO_ROLE if wanted.without_role else wanted.role or "",
        roles=[(one.value, formats.label(one)) for one in Role if one != Role.CITIZEN],
        no_role=NO_ROLE,
        office=session.get(Office, wanted.office_id) if wanted.office_id else None,
        urls=_ways(part, wanted),
        today=today,
        nav_current="admin.accounts",
    )


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
        "admin/account.html",
        account=shown,
        held=held,
        today=context.today(),
        is_mine=is_mine,
        nav_current="admin.accounts",
    )


@bp.get("/quan-tri/tai-khoan/<uuid:uid>/so-cai")
def account_history(uid: object) -> ResponseReturnValue:
    """What was given to and taken from a person, from the ledger."""
    session = context.session()
    shown = people.staff_account(session, str(uid))
    return render_template(
        "admin/history.html",
        name=shown.full_name,
        on=url_for(".account", uid=uid),
        rows=told_rows(session, rights.of_person(session, shown)),
        of_person=True,
        nav_current="admin.accounts",
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


@bp.get("/quan-tri/tai-khoan/<uuid:uid>/dong")
def close(uid: object) -> ResponseReturnValue:
    """What the person still holds, and the form that closes the account."""
    return _close_page(str(uid), CloseAccountForm())


@bp.post("/quan-tri/tai-khoan/<uuid:uid>/dong")
def close_submit(uid: object) -> ResponseReturnValue:
    """Close the account; its roles and sessions end at once, open work is passed on."""
    form = CloseAccountForm()
    if not form.validate():
        return _close_page(str(uid), form), 422
    try:
        with context.transaction() as session:
            found, by = people.staff_account(session, str(uid)), context.actor()
            leaving.close(session, found, form.ly_do.data or "", by=by, at=context.now())
            response = context.answer(context.go_to(url_for(".account", uid=uid)))
    except Refused as refusal:
        form.ly_do.errors = [said(refusal)]
        return _close_page(str(uid), form), 422
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
    return render_template("admin/new_account.html", form=form, nav_current="admin.accounts")


def _close_page(uid: str, form: CloseAccountForm) -> str:
    """The page names what is held in every role of today."""
    session, today = context.session(), context.today()
    shown = people.staff_account(session, uid)
    current = [held for held in shown.appointments if held.holds_on(today)]
    found = [(held, leaving.holdings(session, held, today - ONE_DAY, today)) for held in current]
    return render_template(
        "admin/close_account.html", form=form, account=shown, found=found, nav_current="admin.accounts"
    )


def _wanted() -> Wanted:
    """What the address asks the list for; words it does not know are as good as none."""
    role, office = request.args.get("vai", ""), request.args.get("co-quan", "")
    return Wanted(
        words=searched_words(),
        office_id=int(office) if office.isascii() and office.isdecimal() and len(office) < 10 else None,
        role=Role(role) if role in list(Role) else None,
        without_role=role == NO_ROLE,
    )


def _ways(part: Part[Account], wanted: Wanted) -> tuple[str, str]:
    """The addresses of the pages before and after this one, "" at the ends."""
    role = NO_ROLE if wanted.without_role else wanted.role.value if wanted.role else None
    asked: dict[str, Any] = {"tim": wanted.words or None, "vai": role, "co-quan": wanted.office_id}
    before = url_for(".accounts", trang=part.page - 1, **asked) if part.page > 1 else ""
    return before, url_for(".accounts", trang=part.page + 1, **asked) if part.last < part.total else ""


def _password_page(uid: str, password: str) -> str:
    shown = people.staff_account(context.session(), uid)
    on = url_for("admin.account", uid=uid)
    return render_template(
        "admin/one_time.html", account=shown, password=password, on=on, nav_current="admin.accounts"
    )
