"""One's own account: data, password, contact, sessions, and the role one acts under."""

from datetime import datetime
from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts import appointments, credentials, sessions
from portal.accounts.factors.queries import factors_of, has_any
from portal.accounts.identity import number_of
from portal.accounts.models import Account, AccountSession
from portal.ground.errors import Refused
from portal.sites.signin import browsers, onward
from portal.sites.signin.confirming import is_confirmed
from portal.sites.signin.forms import ChangePasswordForm, ContactForm, refused
from portal.sites.signin.views import bp
from portal.web import context, identity, limits
from portal.web.forms import PortalForm
from portal.web.i18n import _, _l, say
from portal.web.limits import Tried

STILL_OPEN = ("signin.password", "signin.password_submit", "signin.sign_out")
"""What somebody may do who signed in with a password that another person set."""

_SHOW_FACTOR = _l("Đã quá 10 phút từ lần xác nhận bước hai. Hãy xác nhận lại rồi gửi trang này.")


@bp.before_app_request
def ask_for_own_password() -> ResponseReturnValue | None:
    """Lead whoever signed in with a one-time password to the page where they choose their own."""
    waiting = current_user.is_authenticated and current_user.must_change_password
    if waiting and request.endpoint not in STILL_OPEN:
        return context.go_to(url_for("signin.password"))
    return None


@bp.get("/tai-khoan")
def account() -> ResponseReturnValue:
    """My data, my roles, my sessions."""
    mine, session = _mine(), context.session()
    return render_template(
        "signin/account.html",
        account=mine,
        number=_masked(number_of(session, mine)),
        roles=appointments.open_to(session, mine.id, context.today()),
        acting=context.actor().appointment_id,
        sessions=[_line(row) for row in _living(mine)],
        held=factors_of(session, mine.id),
    )


@bp.post("/vai")
def act_as() -> ResponseReturnValue:
    """Go on under another of one's own appointments, with a new token; or as a citizen."""
    chosen = onward.sent_number("vai")
    with context.transaction() as session:
        role = sessions.switch(session, _here(), chosen, today=context.today())
        if chosen:
            identity.renew(session)
        return context.answer(context.go_to(onward.after(role, None)))


@bp.get("/tai-khoan/mat-khau")
def password() -> ResponseReturnValue:
    """The form for a new password."""
    return _password_page(ChangePasswordForm())


@bp.post("/tai-khoan/mat-khau")
def password_submit() -> ResponseReturnValue:
    """Change the password and end every other session."""
    form = ChangePasswordForm()
    if not form.validate():
        return _password_page(form), 422
    _count_confirmation()
    try:
        response = _change_password(form.mat_khau.data or "", form.mat_khau_moi.data or "")
    except Refused as refusal:
        return _password_page(_placed(form, refusal, "mat_khau_moi")), 422
    flash(_("Đã đổi mật khẩu. Các phiên khác đã kết thúc."))
    return response


@bp.get("/tai-khoan/lien-lac")
def contact() -> ResponseReturnValue:
    """The form for phone and e-mail."""
    mine = _mine()
    if _must_show_factor():
        return context.go_to(url_for("signin.confirm", tiep=url_for("signin.contact")))
    return _contact_page(ContactForm(data={"dien_thoai": mine.phone, "thu_dien_tu": mine.email}))


@bp.post("/tai-khoan/lien-lac")
def contact_submit() -> ResponseReturnValue:
    """Change phone and e-mail."""
    context.actor()  # This blueprint is open: the page itself asks who is there.
    form = ContactForm()
    if not form.validate():
        return _contact_page(form), 422
    if _must_show_factor():
        return _contact_page(refused(form, "mat_khau", _SHOW_FACTOR)), 422
    _count_confirmation()
    typed = (form.mat_khau.data or "", form.dien_thoai.data or "", form.thu_dien_tu.data or "")
    try:
        response = _change_contact(*typed)
    except Refused as refusal:
        return _contact_page(_placed(form, refusal, "dien_thoai")), 422
    flash(_("Đã lưu."))
    return response


@bp.post("/tai-khoan/phien/<int(max=2147483647):session_id>/ket-thuc")
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one of my browsers out."""
    with context.transaction() as session:
        sessions.end_one_of(session, context.actor().account_id, session_id, at=context.wall_clock())
        response = context.answer(context.go_to(url_for("signin.account")))
    flash(_("Phiên đó đã kết thúc."))
    return response


@bp.post("/tai-khoan/phien/ket-thuc-tat-ca")
def end_other_sessions() -> ResponseReturnValue:
    """Sign every other of my browsers out."""
    with context.transaction() as session:
        me, at = context.actor().account_id, context.wall_clock()
        sessions.end_all(session, me, at=at, but=_here())
        response = context.answer(context.go_to(url_for("signin.account")))
    flash(_("Các phiên khác đã kết thúc."))
    return response


def _change_password(current: str, new: str) -> Response:
    with context.transaction() as session:
        mine = session.get_one(Account, context.actor().account_id)
        credentials.change_password(session, mine, current, new, at=context.now())
        sessions.end_all(session, mine.id, at=context.wall_clock(), but=_here())
        return context.answer(context.go_to(url_for("signin.account")))


def _change_contact(current: str, phone: str, email: str) -> Response:
    with context.transaction() as session:
        mine = session.get_one(Account, context.actor().account_id)
        credentials.change_contact(session, mine, current, phone, email, at=context.now())
        return context.answer(context.go_to(url_for("signin.account")))


def _must_show_factor() -> bool:
    """Whether the account has a second factor that was not shown of late: it guards phone and e-mail, too."""
    return has_any(context.session(), context.actor().account_id) and not is_confirmed()


def _count_confirmation() -> None:
    """A stolen session must not find the password out by trying."""
    limits.spend(Tried.CONFIRM, context.actor().account_id)


def _placed(form: PortalForm, refusal: Refused, field: str) -> PortalForm:
    """The refusal at the field it is about."""
    where = "mat_khau" if isinstance(refusal, credentials.WrongPassword) else field
    return refused(form, where, say(refusal.message, **refusal.params))


def _mine() -> Account:
    return context.session().get_one(Account, context.actor().account_id)


def _here() -> int:
    context.actor()
    found: int = current_user.session_id
    return found


def _masked(number: str) -> str:
    return "•" * (len(number) - 3) + number[-3:]


def _living(mine: Account) -> list[AccountSession]:
    at = context.wall_clock()
    return sessions.living(context.session(), mine.id, at=at, lifetime=identity.lifetime())


def _line(row: AccountSession) -> dict[str, Any]:
    return {
        "id": row.id,
        "browser": browsers.called(row.browser),
        "began_at": _shown(row.began_at),
        "seen_at": _shown(row.seen_at),
        "is_here": row.id == _here(),
    }


def _shown(at: datetime) -> datetime:
    """Sessions live by the wall clock; in a demonstration the page shows the simulated one."""
    return context.now() - (context.wall_clock() - at)


def _password_page(form: PortalForm) -> str:
    must = current_user.is_authenticated and current_user.must_change_password
    context.actor()
    return render_template("signin/password.html", form=form, must=must)


def _contact_page(form: PortalForm) -> str:
    return render_template("signin/contact.html", form=form, must_confirm=_must_show_factor())
