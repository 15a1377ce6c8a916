"""The carrier's bag: envelopes to give to a desk or the post office, and those offered to the carrier."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from portal.ground.errors import NotFound
from portal.postal import actions, queries
from portal.postal.custody import desk_of
from portal.postal.models import Envelope, Holder
from portal.postal.states import HolderKind
from portal.sites.post.answers import to
from portal.sites.post.carrier import bp
from portal.web import context
from portal.web.forms import PortalForm
from portal.web.i18n import _

DESK, COUNTER = "quay", "buu-cuc"
"""Where a carrier gives envelopes: the desk of the dossier, or the own post office."""


@bp.get("/buu-ta/ban-giao")
def hand_overs() -> ResponseReturnValue:
    """What is offered to the carrier, what is in the bag, what waits for the other side."""
    session, me = context.session(), context.actor()
    return render_template(
        "carrier/hand_overs.html",
        form=PortalForm(),
        offered=queries.offered_to_carrier(session, me),
        bundles=queries.bundles_of(session, me),
        waiting=queries.offered_by_carrier(session, me),
        nav_current="carrier.run",
    )


@bp.post("/buu-ta/ban-giao")
def give() -> ResponseReturnValue:
    """Offer the chosen envelopes to their desk or to the post office."""
    codes, side = request.form.getlist("phong_bi"), request.form.get("noi")
    if side not in (DESK, COUNTER):
        raise NotFound
    if not codes:
        flash(_("Hãy chọn ít nhất một phong bì để giao."), "error")
        return to("carrier.hand_overs")
    with context.transaction() as session:
        for code in codes:
            envelope = queries.envelope_of_code(session, code, context.actor())
            actions.offer(session, envelope, _side(envelope, side), by=context.actor(), at=context.now())
        flash(_("Đã đưa %(count)s phong bì, chờ bên nhận xác nhận.", count=len(codes)))
        return context.answer(to("carrier.hand_overs"))


@bp.post("/buu-ta/ban-giao/<int:hand_over_id>/nhan")
def confirm(hand_over_id: int) -> ResponseReturnValue:
    """Take over an envelope whose seal is whole."""
    with context.transaction() as session:
        by, at = context.actor(), context.now()
        envelope = actions.confirm_hand_over(session, hand_over_id, actions.Recount(), by=by, at=at)
        flash(_("Bạn đã nhận phong bì %(code)s.", code=envelope.code))
        return context.answer(to("carrier.hand_overs"))


@bp.post("/buu-ta/ban-giao/<int:hand_over_id>/rut")
def take_back(hand_over_id: int) -> ResponseReturnValue:
    """Take an offer back that the other side has not confirmed."""
    with context.transaction() as session:
        actions.take_back(session, hand_over_id, by=context.actor(), at=context.now())
        flash(_("Đã rút lại; bạn vẫn đang giữ phong bì."))
        return context.answer(to("carrier.hand_overs"))


def _side(envelope: Envelope, side: str) -> Holder:
    if side == DESK:
        return desk_of(envelope.order.dossier)
    return Holder(HolderKind.POST_OFFICE, office_id=envelope.order.post_office_id)
