"""The counter of a post office: envelopes offered to it, lying there, and out with its carriers."""

from dataclasses import dataclass

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.ground.errors import Refused
from portal.postal import actions, queries
from portal.postal.custody import desk_of
from portal.postal.models import Envelope, Holder
from portal.postal.states import HolderKind
from portal.sites.post.answers import placed, to
from portal.sites.post.clerk import bp, my_office
from portal.sites.post.forms import ConfirmForm, GiveForm
from portal.web import context
from portal.web.forms import PortalForm, options
from portal.web.i18n import _, say

DESK = "quay"
"""The choice of the desk that each envelope belongs to, in the list of receivers."""


@dataclass(frozen=True)
class Lists:
    """The lists of the counter: offered to it, lying there, out with its carriers, with carriers who left."""

    coming: list[queries.Coming]
    here: list[queries.Leaving]
    out: list[queries.Held]
    left: list[queries.Held]


@bp.get("/buu-dien/ban-giao")
def hand_overs() -> ResponseReturnValue:
    """Two sides of every hand-over: what is offered to us, what we have, what our carriers have."""
    lists = _lists()
    return _page(lists, *_forms(lists))


@bp.post("/buu-dien/ban-giao/nhan")
def confirm() -> ResponseReturnValue:
    """Take over the envelopes whose seals were looked at."""
    lists = _lists()
    confirming, giving = _forms(lists)
    if not confirming.validate():
        return _page(lists, confirming, giving), 422
    recount = actions.Recount(note=confirming.ghi_chu.data or "")
    try:
        with context.transaction() as session:
            for number in confirming.lan.data or ():
                actions.confirm_hand_over(session, number, recount, by=context.actor(), at=context.now())
            flash(_("Bưu cục đã nhận %(count)s phong bì.", count=len(confirming.lan.data or ())))
            return context.answer(to("post.hand_overs"))
    except Refused as refusal:
        return _page(lists, placed(confirming, "lan", refusal), giving), 422


@bp.post("/buu-dien/ban-giao/giao")
def give() -> ResponseReturnValue:
    """Offer envelopes that lie here to a carrier, or each to its own desk."""
    lists = _lists()
    confirming, giving = _forms(lists)
    if not giving.validate():
        return _page(lists, confirming, giving), 422
    try:
        with context.transaction() as session:
            for code in giving.phong_bi.data or ():
                _offer(
                    session, queries.envelope_of_code(session, code, context.actor()), giving.ben_nhan.data
                )
            flash(
                _("Đã đưa %(count)s phong bì, chờ bên nhận xác nhận.", count=len(giving.phong_bi.data or ()))
            )
            return context.answer(to("post.hand_overs"))
    except Refused as refusal:
        return _page(lists, confirming, placed(giving, "ben_nhan", refusal)), 422


@bp.post("/buu-dien/ban-giao/<int:hand_over_id>/rut")
def take_back(hand_over_id: int) -> ResponseReturnValue:
    """Take an offer back that nobody has confirmed."""
    with context.transaction() as session:
        actions.take_back(session, hand_over_id, by=context.actor(), at=context.now())
        flash(_("Đã rút lại phong bì; bưu cục vẫn đang giữ."))
        return context.answer(to("post.hand_overs"))


@bp.post("/buu-dien/ban-giao/phong-bi/<code>/thu-lai")
def reclaim(code: str) -> ResponseReturnValue:
    """Take in the envelope of a carrier who no longer has the role; how it was found is written down."""
    try:
        with context.transaction() as session:
            by, at = context.actor(), context.now()
            envelope = queries.envelope_left_behind(session, code, by)
            actions.reclaim(session, envelope, request.form.get("ly_do", ""), by=by, at=at)
            flash(_("Bưu cục đã thu lại phong bì %(code)s.", code=code))
            return context.answer(to("post.hand_overs"))
    except Refused as refusal:
        flash(say(refusal.message, **refusal.params), "error")
        return to("post.hand_overs")


def _offer(session: Session, envelope: Envelope, receiver: str) -> None:
    side = desk_of(envelope.order.dossier)
    if receiver != DESK:
        side = Holder(HolderKind.CARRIER, account_id=int(receiver))
    actions.offer(session, envelope, side, by=context.actor(), at=context.now())


def _lists() -> Lists:
    session, office = context.session(), my_office()
    coming, here = queries.coming_to(session, office), queries.leaving_from(session, office)
    return Lists(
        coming=[row for row in coming if row.hand_over_id],
        here=[row for row in here if row.envelope_code],
        out=queries.out_with_carriers(session, office),
        left=queries.left_behind(session, office, context.today()),
    )


def _forms(lists: Lists) -> tuple[ConfirmForm, GiveForm]:
    confirming, giving = ConfirmForm(), GiveForm()
    carriers = queries.carriers_of(context.session(), my_office(), context.today())
    free = [row.envelope_code for row in lists.here if not row.hand_over_id]
    people = [(carrier.id, _("Bưu tá %(name)s", name=carrier.full_name)) for carrier in carriers]
    confirming.lan.choices = options((row.hand_over_id, row.envelope_code) for row in lists.coming)
    giving.phong_bi.choices = options((code, code) for code in free)
    giving.ben_nhan.choices = options([(DESK, _("Quầy của hồ sơ")), *people])
    return confirming, giving


def _page(lists: Lists, confirming: PortalForm, giving: PortalForm) -> str:
    return render_template(
        "post/hand_overs.html",
        lists=lists,
        confirming=confirming,
        giving=giving,
        has_errors=bool(confirming.errors or giving.errors),
        taking_back=PortalForm(),
        nav_current="post.hand_overs",
    )
