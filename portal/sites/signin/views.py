"""Signing in and out."""

import logging
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts import credentials, role_cards, sessions
from portal.accounts.models import Account, Office, OfficeKind, Role
from portal.accounts.people import offices
from portal.ground.errors import NotFound
from portal.sites.signin import entering, onward
from portal.sites.signin.forms import SignInForm, refused
from portal.web import context, identity, journal, limits
from portal.web.guard import open_to_all
from portal.web.i18n import _, _l
from portal.web.limits import Tried

bp = Blueprint("signin", __name__)
open_to_all(bp)


ICONS = {
    Role.CITIZEN: "user",
    Role.CARRIER: "bike",
    Role.POST_CLERK: "box",
    Role.RECEPTIONIST: "inbox",
    Role.SPECIALIST: "doc",
    Role.LEADER: "pen",
    Role.RECORDS_CLERK: "seal",
    Role.SUPERVISOR: "law",
    Role.ADMIN: "key",
}

WORK = {
    Role.CITIZEN: _l("Tìm, nộp, theo dõi hồ sơ của mình"),
    Role.CARRIER: _l("Đi tuyến, đếm giấy, niêm phong, phát kết quả"),
    Role.POST_CLERK: _l("Nhận đơn, lập tuyến, bàn giao"),
    Role.RECEPTIONIST: _l("Kiểm tra, tiếp nhận, trả kết quả"),
    Role.SPECIALIST: _l("Thẩm tra hồ sơ, trình ký"),
    Role.LEADER: _l("Duyệt, ký, trả lại"),
    Role.RECORDS_CLERK: _l("Vào số, đóng dấu, phát hành"),
    Role.SUPERVISOR: _l("Xem toàn tỉnh, chưa có số liệu ở bản này"),
    Role.ADMIN: _l("Cơ quan, tài khoản, phân vai"),
}
"""What each role does, on the cards of a demonstration."""


@bp.get("/dang-nhap")
def sign_in() -> ResponseReturnValue:
    """The sign-in page; who is signed in already goes on."""
    target = request.args.get("tiep")
    if current_user.is_authenticated:
        return context.go_to(onward.after(context.actor().role, target))
    return sign_in_page(SignInForm(data={"tiep": onward.safe(target)}))


@bp.post("/dang-nhap")
def sign_in_submit() -> ResponseReturnValue:
    """Check who it is and lead on or in; a wrong name and a wrong password answer alike."""
    form = SignInForm()
    if not form.validate():
        return sign_in_page(form), 422
    name = credentials.counted_as(form.ten.data or "")
    limits.spend(Tried.SIGN_IN, name)
    password = form.mat_khau.data or ""
    at = context.wall_clock()
    account = credentials.authenticate(context.session(), form.ten.data or "", password, at=at)
    if account is None:
        journal.note("sign_in_refused")
        wrong = _("Tên hoặc mật khẩu chưa đúng. Hãy xem lại cả hai.")
        return sign_in_page(refused(form, "ten", wrong)), 422
    with context.transaction() as session:
        limits.forgive(session, Tried.SIGN_IN, name)
        entered = session.get_one(Account, account.id)
        credentials.refresh_hash(entered, password)
        return entering.after_password(session, entered, form.tiep.data)


@bp.post("/dang-nhap/vai")
def enter_as_card() -> ResponseReturnValue:
    """Enter a demonstration as one of its people, without a password; there is no such page elsewhere.

    Where the demonstration asks for second factors, a card stands for the password only.
    """
    if not context.settings().demonstration:
        raise NotFound
    with context.transaction() as session:
        card = session.get(role_cards.RoleCard, onward.sent_number("vai") or 0)
        if card is None or card.account.closed_at is not None:
            raise NotFound
        target = request.form.get("tiep")
        if context.settings().staff_need_factor:
            return entering.after_password(session, card.account, target)
        return context.go_to(onward.after(entering.enter(session, card.account), target))


@bp.get("/quen-mat-khau")
def forgotten() -> ResponseReturnValue:
    """Where to go with one's card to get a new password."""
    return render_template("signin/forgotten.html", desks=_desks())


@bp.post("/dang-xuat")
def sign_out() -> ResponseReturnValue:
    """End the session here and in the database, and let the browser forget what it kept."""
    with context.transaction() as session:
        ending = onward.session_id()
        if ending is not None:
            sessions.end(session, ending, at=context.wall_clock())
    journal.note("signed_out", logging.INFO)
    identity.sign_out()
    response = context.go_to(url_for("public.home"))
    response.headers["Clear-Site-Data"] = '"cookies", "storage"'
    return response


def sign_in_page(form: SignInForm) -> str:
    """The sign-in page; in a demonstration with its people."""
    demonstration = context.settings().demonstration
    shown = role_cards.cards(context.session()) if demonstration else ()
    return render_template(
        "signin/sign_in.html",
        form=form,
        first=_cards([card for card in shown if card.is_first]),
        others=_cards([card for card in shown if not card.is_first]),
        has_passkeys=bool(context.settings().passkey_host),
    )


def _cards(cards: Sequence[role_cards.RoleCard]) -> list[dict[str, Any]]:
    return [_card(card) for card in cards]


def _card(card: role_cards.RoleCard) -> dict[str, Any]:
    today, account = context.today(), card.account
    held = next((one for one in account.appointments if one.holds_on(today)), None)
    role = held.role if held else Role.CITIZEN
    return {
        "id": account.id,
        "icon": ICONS[role],
        "role": role,
        "name": account.full_name,
        "office": held.office.name if held else "",
        "work": WORK[role],
    }


def _desks() -> list[Office]:
    lines = offices(context.session(), context.today())
    kinds = (OfficeKind.WARD, OfficeKind.DISTRICT)
    return [line.office for line in lines if line.office.kind in kinds and line.people]
