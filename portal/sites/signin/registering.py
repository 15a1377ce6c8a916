"""Registering as a citizen, on the way to what one came for."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts import phones, registration
from portal.sites.signin import onward
from portal.sites.signin.entering import enter
from portal.sites.signin.forms import RegisterForm
from portal.sites.signin.views import bp
from portal.web import context, limits
from portal.web.limits import Tried


@bp.get("/dang-ky")
def register() -> ResponseReturnValue:
    """The empty form; the page one came from is kept. Who is signed in already goes on."""
    if current_user.is_authenticated:
        return context.go_to(onward.after(context.actor().role, request.args.get("tiep")))
    return _page(RegisterForm(data={"tiep": onward.safe(request.args.get("tiep"))}))


@bp.post("/dang-ky")
def register_submit() -> ResponseReturnValue:
    """Open the account and a session, once however often it is sent, and go on."""
    form = RegisterForm()
    if current_user.is_authenticated:
        return context.go_to(onward.after(context.actor().role, form.tiep.data))
    if not form.validate():
        return _page(form), 422
    limits.spend(Tried.REGISTER, phones.national(form.dien_thoai.data or ""))
    with context.transaction() as session:
        account = registration.register(session, *form.newcomer(), at=context.now())
        return context.answer(context.go_to(onward.after(enter(session, account), form.tiep.data)))


def _page(form: RegisterForm) -> str:
    return render_template("signin/register.html", form=form)
