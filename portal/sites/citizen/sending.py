"""How to send and how to receive: two choices apart; what the level or the list shuts says why."""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import FormField, RadioField

from portal.accounts.models import Account
from portal.accounts.offices import Ward, served_by_post
from portal.catalogue.models import Channel
from portal.dossiers import drafts, ways
from portal.dossiers.readiness import Whole
from portal.dossiers.states import Delivery
from portal.postal import tariff
from portal.postal.states import Direction, Purpose
from portal.sites.citizen import steps
from portal.sites.citizen.forms import InnerForm, question_form, show_errors
from portal.sites.citizen.places import PLACES, check_place, usual_place
from portal.sites.citizen.site import bp, later, saving, settle, whole_of
from portal.web import context
from portal.web.forms import PortalForm
from portal.web.i18n import _, _l, say

FIELDS = {Direction.PICKUP: "pickup", Direction.RETURN: "back"}
"""Under which name the page asks for the place of each way."""

ICONS = {"online": "net", "post": "bike", "desk": "desk"}

SEND_TITLES = {
    Channel.ONLINE: _l("Trên mạng"),
    Channel.POST: _l("Bưu tá đến lấy giấy"),
    Channel.DESK: _l("Tôi mang đến quầy"),
}
SEND_TEXTS = {
    Channel.ONLINE: _l("Ảnh chụp giấy tờ bạn tải lên là đủ để cơ quan kiểm tra."),
    Channel.POST: _l(
        "Bưu tá đếm giấy tờ với bạn, niêm phong trước mặt bạn, mang đến quầy. Thời hạn tính từ lúc quầy nhận."
    ),
    Channel.DESK: _l("Hồ sơ chờ sẵn ở quầy; thời hạn tính từ lúc bạn giao đủ giấy tờ."),
}
RECEIVE_TITLES = {
    Delivery.ONLINE: _l("Bản điện tử"),
    Delivery.POST: _l("Bưu tá phát tận tay"),
    Delivery.DESK: _l("Tôi đến quầy nhận"),
}
RECEIVE_TEXTS = {
    Delivery.ONLINE: _l("Tải về từ trang hồ sơ của bạn khi có kết quả."),
    Delivery.POST: _l("Giao cho đúng người, có mã nhận 6 số."),
    Delivery.DESK: _l("Nhớ mang giấy tờ tùy thân và giấy tờ phải xuất trình."),
}


@bp.get("/nop-ho-so/ban-nhap/<uid>/gui-nhan", endpoint="ways")
def ways_page(uid: str) -> str:
    """The two choices as they stand."""
    session = context.session()
    seen = whole_of(session, uid)
    served = served_wards(session, seen)
    return _show(session, seen, _form(seen, served)(formdata=None, **_given(session, seen)))


@bp.post("/nop-ho-so/ban-nhap/<uid>/gui-nhan")
def ways_submit(uid: str) -> ResponseReturnValue:
    """Keep the choices; the fields of a pick that was not chosen are ignored."""
    with context.transaction() as session:
        seen = whole_of(session, uid, lock=True)
        served = served_wards(session, seen)
        form = _form(seen, served)()
        chosen = _check(seen, served, form)
        if chosen is not None:
            drafts.choose_ways(seen.draft, chosen, **saving())
        untouched = not (form.send.data or form.receive.data)
        response = settle(session, _onward(seen, is_chosen=chosen is not None, untouched=untouched))
    return response or (_show(context.session(), seen, form), 422)


def _onward(seen: Whole, *, is_chosen: bool, untouched: bool) -> Response | None:
    """Where the page leads; None when it is to be shown again."""
    if request.form.get("go") == "later" and (is_chosen or untouched):
        return later()
    return context.go_to(steps.onward(seen, "ways")) if is_chosen else None


def served_wards(session: Session, seen: Whole) -> list[Ward]:
    """The wards whose homes a post office serves."""
    served = served_by_post(session, seen.today)
    return [ward for ward in seen.wards if ward.code in served]


def _form(seen: Whole, served: Sequence[Ward]) -> type[PortalForm]:
    pickup, back = (
        question_form(PLACES[direction].questions, list(served), InnerForm) for direction in FIELDS
    )
    fields = {
        "send": RadioField(
            _("Gửi hồ sơ"), choices=_titles(_sending(seen), SEND_TITLES), validate_choice=False
        ),
        "pickup": FormField(pickup, _("Bưu tá đến lấy ở đâu?")),
        "receive": RadioField(
            _("Nhận kết quả"),
            choices=_titles(ways.receiving(seen.standing), RECEIVE_TITLES),
            validate_choice=False,
        ),
        "back": FormField(back, _("Bưu tá phát ở đâu?")),
    }
    return type("WaysForm", (PortalForm,), fields)


def _titles(choices: Sequence[ways.Choice], titles: Any) -> dict[str, str]:
    return {choice.value.value: str(titles[choice.value]) for choice in choices}


def _sending(seen: Whole) -> list[ways.Choice]:
    return ways.sending(seen.standing, seen.draft.case_key, seen.demanded)


def _given(session: Session, seen: Whole) -> dict[str, Any]:
    """What was chosen before; places nobody has typed yet start from the account and the form."""
    account = session.get_one(Account, context.actor().account_id)
    address = seen.definition.owner.address if seen.definition else ""
    usual, kept = usual_place(account, seen.answers, address), seen.draft.ways
    shut = [choice.value.value for choice in _sending(seen) if choice.is_open]
    only = shut[0] if len(shut) == 1 else None
    return {
        "send": kept.get("send", only),
        "receive": kept.get("receive"),
        "pickup": kept.get("pickup") or usual,
        "back": kept.get("back") or kept.get("pickup") or usual,
    }


def _check(seen: Whole, served: list[Ward], form: Any) -> ways.Chosen | None:
    """The choices when they hold, else None with the sentences at their fields."""
    open_sends = {c.value.value for c in _sending(seen) if c.is_open}
    open_receives = {c.value.value for c in ways.receiving(seen.standing) if c.is_open}
    if form.send.data not in open_sends:
        form.send.errors = [_("Hãy chọn cách gửi hồ sơ.")]
    elif form.send.data == Channel.ONLINE and seen.not_uploaded:
        missing = ", ".join(paper.name for paper in seen.not_uploaded)
        form.send.errors = [_("Gửi trên mạng thì cần ảnh của: %(papers)s.", papers=missing)]
    if form.receive.data not in open_receives:
        form.receive.errors = [_("Hãy chọn cách nhận kết quả.")]
    pickup = _place(seen, served, form, Direction.PICKUP) if form.send.data == Channel.POST else {}
    back = _place(seen, served, form, Direction.RETURN) if form.receive.data == Delivery.POST else {}
    if form.errors:
        return None
    return ways.Chosen(Channel(form.send.data), Delivery(form.receive.data), pickup, back)


def _place(seen: Whole, served: list[Ward], form: Any, direction: Direction) -> dict[str, Any]:
    field = form[FIELDS[direction]]
    found = check_place(direction, field.data, seen.known, served)
    show_errors(field.form, found.errors)
    return found.values


def _show(session: Session, seen: Whole, form: Any) -> str:
    return render_template(
        "citizen/ways.html",
        **steps.frame(seen, "ways"),
        form=form,
        sends=_picks(_sending(seen), SEND_TEXTS, _desk(seen)),
        receives=_picks(ways.receiving(seen.standing), RECEIVE_TEXTS, _desk(seen)),
        postage=tariff.price_of(session, Purpose.PAPERS, None, seen.today),
        questions={field: PLACES[direction].questions for direction, field in FIELDS.items()},
        has_errors=bool(form.errors),
    )


def _picks(choices: Sequence[ways.Choice], texts: Any, desk: str) -> list[dict[str, Any]]:
    return [
        {
            "value": choice.value.value,
            "icon": ICONS[choice.value.value],
            "text": f"{texts[choice.value]} {desk if choice.value.value == 'desk' else ''}".strip(),
            "shut": say(choice.shut_because) if choice.shut_because else "",
        }
        for choice in choices
    ]


def _desk(seen: Whole) -> str:
    return f"{seen.office.name}, {seen.office.address}." if seen.office else ""
