"""One's own second factors: an app, passkeys, recovery codes; added, named, removed."""

import textwrap

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from portal.accounts import sessions
from portal.accounts.factors import apps, passkeys, recovery, removing
from portal.accounts.factors.queries import MOVES, factors_of, has_any, moves_of
from portal.accounts.models import Account
from portal.ground.errors import NotFound, Refused
from portal.sites.signin import browsers
from portal.sites.signin.confirming import only_confirmed
from portal.sites.signin.forms import AppForm, PasskeyForm, refused
from portal.sites.signin.passkeys import answered_question
from portal.sites.signin.views import bp
from portal.web import context, identity, qr
from portal.web.i18n import _, say

STILL_OPEN = {
    f"signin.{view}"
    for view in (
        "password", "password_submit", "sign_out", "factors", "add_app", "add_app_submit", "add_passkey",
        "confirm", "confirm_submit", "passkey_question", "passkey_submit", "new_codes",
    )
}  # fmt: skip
"""What staff may do in a session that has shown no second factor."""


@bp.before_app_request
def ask_for_second_factor() -> ResponseReturnValue | None:
    """Lead staff without a second factor to the page where they set one up, before anything else."""
    waiting = current_user.is_authenticated and current_user.lacks_factor
    if waiting and request.endpoint not in STILL_OPEN:
        return context.go_to(url_for("signin.factors"))
    return None


@bp.get("/tai-khoan/buoc-hai")
@only_confirmed
def factors() -> ResponseReturnValue:
    """My second factors."""
    return _page(PasskeyForm(formdata=None, data={"ten_khoa": browsers.called(request.user_agent.string)}))


@bp.get("/tai-khoan/buoc-hai/ung-dung")
@only_confirmed
def add_app() -> ResponseReturnValue:
    """Offer a secret to an app, as a QR code and in letters."""
    return _app_page(AppForm(formdata=None), apps.new_offer(context.session(), _mine()))


@bp.post("/tai-khoan/buoc-hai/ung-dung")
@only_confirmed
def add_app_submit() -> ResponseReturnValue:
    """Keep the app once its first code is right."""
    form = AppForm()
    offer = form.loi_moi.data or ""
    if not form.validate():
        return _app_page(form, offer), 422
    try:
        with context.transaction() as session:
            mine, is_first = session.get_one(Account, _me()), not has_any(session, _me())
            wall, at, code = context.wall_clock(), context.now(), form.ma_buoc_hai.data or ""
            apps.add_app(session, mine, offer, code, wall=wall, at=at)
            response = _added(session, is_first=is_first)
    except Refused as refusal:
        return _app_page(refused(form, "ma_buoc_hai", say(refusal.message)), offer), 422
    flash(_("Đã thêm ứng dụng. Từ nay đăng nhập có bước hai."))
    return response


@bp.post("/tai-khoan/buoc-hai/ung-dung/bo")
@only_confirmed
def remove_app() -> ResponseReturnValue:
    """Drop the app."""
    with context.transaction() as session:
        mine = session.get_one(Account, _me())
        removing.remove_app(session, mine, must_keep_one=_must_keep_one(), at=context.now())
        response = context.answer(context.go_to(url_for("signin.factors")))
    flash(_("Đã bỏ ứng dụng tạo mã."))
    return response


@bp.post("/tai-khoan/buoc-hai/khoa")
@only_confirmed
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that the browser has just made."""
    form, asked = PasskeyForm(), answered_question()
    name = form.ten_khoa.data or browsers.called(request.user_agent.string)
    try:
        with context.transaction() as session:
            mine, is_first = session.get_one(Account, _me()), not has_any(session, _me())
            passkeys.add_passkey(session, mine, name, form.tra_loi.data or "", asked, at=context.now())
            response = _added(session, is_first=is_first)
    except Refused as refusal:
        return _page(refused(form, "ten_khoa", say(refusal.message))), 422
    flash(_("Đã thêm khóa truy cập."))
    return response


@bp.post("/tai-khoan/buoc-hai/khoa/<int(max=2147483647):passkey_id>/bo")
@only_confirmed
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Drop one passkey."""
    with context.transaction() as session:
        mine, at = session.get_one(Account, _me()), context.now()
        removing.remove_passkey(session, mine, passkey_id, must_keep_one=_must_keep_one(), at=at)
        response = context.answer(context.go_to(url_for("signin.factors")))
    flash(_("Đã bỏ khóa truy cập."))
    return response


@bp.post("/tai-khoan/buoc-hai/ma-khoi-phuc")
@only_confirmed
def new_codes() -> ResponseReturnValue:
    """Make ten recovery codes and show them, this once; the old ones are worthless from now on."""
    with context.transaction() as session:
        if not has_any(session, _me()):
            raise NotFound
        codes = recovery.new_codes(session, session.get_one(Account, _me()), at=context.now())
    return render_template("signin/recovery_codes.html", codes=codes)


def _added(session: Session, *, is_first: bool) -> Response:
    """What follows a new factor: this session has shown it, and no session without one goes on beside it."""
    at = context.wall_clock()
    sessions.confirm(session, current_user.session_id, at=at, with_factor=True)
    if is_first:
        sessions.end_all(session, _me(), at=at, but=current_user.session_id)
    identity.renew(session)
    return context.answer(context.go_to(url_for("signin.factors")))


def _must_keep_one() -> bool:
    return bool(context.settings().staff_need_factor and current_user.is_staff_account)


def _me() -> int:
    return context.actor().account_id


def _mine() -> Account:
    return context.session().get_one(Account, _me())


def _page(form: PasskeyForm) -> str:
    session, settings = context.session(), context.settings()
    return render_template(
        "signin/factors.html",
        form=form,
        held=factors_of(session, _me()),
        moves=[(MOVES[one.move], one.details.get("name", ""), one.at) for one in moves_of(session, _me())],
        must=current_user.lacks_factor,
        has_passkeys=bool(settings.passkey_host),
    )


def _app_page(form: AppForm, offer: str) -> str:
    session, mine = context.session(), _mine()
    try:
        secret = apps.secret_of(session, mine, offer)
    except apps.OfferGone:
        offer = apps.new_offer(session, mine)
        secret = apps.secret_of(session, mine, offer)
    return render_template(
        "signin/add_app.html",
        form=form,
        offer=offer,
        secret=" ".join(textwrap.wrap(secret, 4)),
        drawing=qr.svg(apps.address_of(mine, secret)),
    )
