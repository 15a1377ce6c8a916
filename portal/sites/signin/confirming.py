"""Showing password and second factor again before either may be changed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts import credentials, sessions
from portal.accounts.factors.proofs import prove_by_code
from portal.accounts.factors.queries import factors_of, has_any
from portal.accounts.models import Account
from portal.ground.errors import Refused
from portal.sites.signin import onward
from portal.sites.signin.forms import ConfirmForm, refused
from portal.sites.signin.views import bp
from portal.web import context, identity, limits
from portal.web.i18n import say
from portal.web.limits import Tried

View = Callable[..., ResponseReturnValue]


def is_confirmed() -> bool:
    """Whether this session showed password and factor within the last minutes."""
    context.actor()
    return sessions.is_confirmed(current_user.confirmed_at, context.wall_clock())


def only_confirmed(view: View) -> View:
    """Mark a view for those who have just shown password and factor; others are asked for them first."""

    @wraps(view)
    def checked(**blanks: Any) -> ResponseReturnValue:
        if is_confirmed():
            return view(**blanks)
        back = request.path if request.method == "GET" else url_for("signin.factors")
        return context.go_to(url_for("signin.confirm", tiep=back))

    return checked


@bp.get("/tai-khoan/xac-nhan")
def confirm() -> ResponseReturnValue:
    """Ask for the password, and for a code where there is a second factor."""
    context.actor()
    return confirm_page(ConfirmForm(data={"tiep": onward.safe(request.args.get("tiep"))}))


@bp.post("/tai-khoan/xac-nhan")
def confirm_submit() -> ResponseReturnValue:
    """Note that the right person is at the keyboard, and go on to what was to be changed."""
    me, form = context.actor().account_id, ConfirmForm()
    if not has_any(context.session(), me):
        del form.ma_buoc_hai
    if not form.validate():
        return confirm_page(form), 422
    limits.spend(Tried.CONFIRM, me)
    try:
        return _confirm(me, form)
    except Refused as refusal:
        field = "mat_khau" if isinstance(refusal, credentials.WrongPassword) else "ma_buoc_hai"
        return confirm_page(refused(form, field, say(refusal.message))), 422


def go_on_confirmed(session: Any, target: str | None, *, with_factor: bool) -> ResponseReturnValue:
    """Note, inside the transaction, what was shown; the session has a new token from then on."""
    at = context.wall_clock()
    sessions.confirm(session, current_user.session_id, at=at, with_factor=with_factor)
    identity.renew(session)
    return context.go_to(onward.after(context.actor().role, target))


def confirm_page(form: ConfirmForm) -> str:
    """The page that asks again, with the ways that this account has."""
    held = factors_of(context.session(), context.actor().account_id)
    can_use_passkey = bool(held.passkeys) and bool(context.settings().passkey_host)
    return render_template(
        "signin/confirm.html", form=form, has_factor=held.count > 0, has_passkey=can_use_passkey
    )


def _confirm(account_id: int, form: ConfirmForm) -> ResponseReturnValue:
    with context.transaction() as session:
        mine = session.get_one(Account, account_id)
        credentials.confirm(mine, form.mat_khau.data or "")
        with_factor = "ma_buoc_hai" in form
        if with_factor:
            wall, at = context.wall_clock(), context.now()
            prove_by_code(session, mine, form.ma_buoc_hai.data or "", wall=wall, at=at)
        limits.forgive(session, Tried.CONFIRM, account_id)
        return go_on_confirmed(session, form.tiep.data, with_factor=with_factor)
