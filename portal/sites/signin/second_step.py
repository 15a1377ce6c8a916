"""The second step of signing in: a code of the app, a recovery code, or a passkey."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.factors.models import PendingSignIn
from portal.accounts.factors.proofs import prove_by_code
from portal.accounts.factors.queries import factors_of
from portal.accounts.models import Account
from portal.ground.errors import Refused
from portal.sites.signin import entering, onward
from portal.sites.signin.forms import CodeForm, refused
from portal.sites.signin.views import bp
from portal.web import context, identity, journal, limits
from portal.web.i18n import _, say
from portal.web.limits import Tried


@bp.get("/dang-nhap/buoc-hai")
def second_step() -> ResponseReturnValue:
    """Ask for the second factor of whoever has just shown the password in this browser."""
    begun = identity.waiting(context.session())
    if begun is None:
        return begin_again()
    return second_step_page(begun, CodeForm(data={"tiep": onward.safe(request.args.get("tiep"))}))


@bp.post("/dang-nhap/buoc-hai")
def second_step_submit() -> ResponseReturnValue:
    """Take the code and open the session."""
    begun, form = identity.waiting(context.session()), CodeForm()
    if begun is None:
        return begin_again()
    if not form.validate():
        return second_step_page(begun, form), 422
    limits.spend(Tried.ONE_SIGN_IN, begun.id)
    limits.spend(Tried.SECOND_STEP, begun.account_id)
    try:
        return _finish(begun, form)
    except Refused as refusal:
        journal.note("second_step_refused")
        return second_step_page(begun, refused(form, "ma_buoc_hai", say(refusal.message))), 422


def begin_again() -> ResponseReturnValue:
    """Lead back to the first step: nothing waits in this browser, or no longer."""
    flash(_("Bước một đã quá 10 phút hoặc chưa xong. Hãy nhập lại mật khẩu."), "warning")
    return context.go_to(url_for("signin.sign_in"))


def second_step_page(begun: PendingSignIn, form: CodeForm) -> str:
    """The page of the second step, with the ways that this account has."""
    held = factors_of(context.session(), begun.account_id)
    can_use_passkey = bool(held.passkeys) and bool(context.settings().passkey_host)
    return render_template(
        "signin/second_step.html", form=form, has_app=held.app is not None, has_passkey=can_use_passkey
    )


def _finish(begun: PendingSignIn, form: CodeForm) -> ResponseReturnValue:
    with context.transaction() as session:
        account = session.get_one(Account, begun.account_id)
        wall, at = context.wall_clock(), context.now()
        prove_by_code(session, account, form.ma_buoc_hai.data or "", wall=wall, at=at)
        limits.forgive(session, Tried.ONE_SIGN_IN, begun.id)
        limits.forgive(session, Tried.SECOND_STEP, account.id)
        return entering.after_factor(session, account, form.tiep.data)
