"""One stop: opened, collected or delivered with the person at the door, or not."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.ground.errors import Refused, WrongState
from portal.ground.words import N_
from portal.postal import actions, queries
from portal.postal.checklist import wanted
from portal.postal.models import Stop
from portal.postal.states import Direction
from portal.sites.post.answers import placed, to
from portal.sites.post.carrier import bp, my_stop, slot, work
from portal.sites.post.forms import (
    NEXT_STEP,
    CollectForm,
    DeliverForm,
    FailForm,
    collect_form,
    deliver_form,
)
from portal.web import context, limits
from portal.web.forms import PortalForm
from portal.web.i18n import _
from portal.web.limits import Tried

NOT_OPEN = N_("Hãy mở điểm này trước, hoặc điểm này đã xong.")


@bp.get("/buu-ta/diem/<code>")
def stop(code: str) -> ResponseReturnValue:
    """A stop: shut, open for counting or delivering, or done."""
    found = my_stop(code)
    if not _is_open(found):
        return render_template("carrier/stop.html", form=PortalForm(), **_about(found))
    if found.order.direction == Direction.PICKUP:
        return _collect_page(found, _collect_form(found))
    return _deliver_page(found, deliver_form(found.order))


@bp.post("/buu-ta/diem/<code>/mo")
def open_stop(code: str) -> ResponseReturnValue:
    """Show name and address from now on; the citizen sees that."""
    with context.transaction() as session:
        actions.open_stop(session, _mine(session, code), by=context.actor(), at=context.now())
        return context.answer(to("carrier.stop", code=code))


@bp.post("/buu-ta/diem/<code>/lay")
def collect(code: str) -> ResponseReturnValue:
    """Record the count, the seal and the citizen's agreement; the envelope is the carrier's."""
    found = _open_stop(code)
    form = _collect_form(found)
    if not form.validate():
        return _collect_page(found, form), 422
    try:
        with context.transaction() as session:
            mine, counted = _mine(session, code), form.counted()
            envelope = actions.collect(session, mine, counted, by=context.actor(), at=context.now())
            flash(
                _("Đã lấy và niêm phong %(code)s, %(sheets)s tờ.", code=envelope.code, sheets=envelope.sheets)
            )
            return context.answer(to("carrier.run"))
    except Refused as refusal:
        return _collect_page(found, placed(form, "niem_phong", refusal)), 422


@bp.post("/buu-ta/diem/<code>/phat")
def deliver(code: str) -> ResponseReturnValue:
    """Give the envelope to the person who reads out the right code."""
    found = _open_stop(code)
    form = deliver_form(found.order)
    if not form.validate():
        return _deliver_page(found, form), 422
    limits.spend(Tried.DELIVERY_CODE, found.order.code)
    try:
        with context.transaction() as session:
            _deliver(session, _mine(session, code), form)
            flash(_("Đã phát %(code)s.", code=code))
            return context.answer(to("carrier.run"))
    except Refused as refusal:
        return _deliver_page(found, placed(form, "ma", refusal)), 422


@bp.get("/buu-ta/diem/<code>/khong-duoc")
def failure(code: str) -> ResponseReturnValue:
    """Reasons to choose from, each with what happens next."""
    found = my_stop(code)
    if not _is_open(found):
        raise WrongState(NOT_OPEN)
    return _fail_page(found, FailForm.of(found.order.direction))


@bp.post("/buu-ta/diem/<code>/khong-duoc")
def fail(code: str) -> ResponseReturnValue:
    """Send the order back to the clerk with the reason."""
    found = _open_stop(code)
    form = FailForm.of(found.order.direction)
    if not form.validate():
        return _fail_page(found, form), 422
    with context.transaction() as session:
        mine, note = _mine(session, code), form.ghi_chu.data or ""
        actions.fail(session, mine, form.ly_do.data, note, by=context.actor(), at=context.now())
        flash(_("Đã báo về bưu cục: %(code)s.", code=code))
        return context.answer(to("carrier.run"))


def _is_open(found: Stop) -> bool:
    return found.opened_at is not None and found.outcome is None


def _open_stop(code: str) -> Stop:
    """The stop a form is sent to: its person is read only while it is open."""
    found = my_stop(code)
    if not _is_open(found):
        raise WrongState(NOT_OPEN)
    return found


def _mine(session: Session, code: str) -> Stop:
    return queries.stop_by_code(session, code, context.actor(), context.today())


def _deliver(session: Session, mine: Stop, form: DeliverForm) -> None:
    actions.deliver(
        session,
        mine,
        form.nguoi_nhan.data or "",
        form.ma.data or "",
        postage_taken=form.took_money(),
        by=context.actor(),
        at=context.now(),
    )


def _collect_form(found: Stop) -> CollectForm:
    return collect_form(found.order, wanted(found.order.dossier, found.order.purpose))


def _about(found: Stop) -> dict[str, object]:
    return {"stop": found, "order": found.order, "slot": slot(found), "work": work(found)}


def _collect_page(found: Stop, form: PortalForm) -> str:
    return render_template("carrier/collect.html", form=form, **_about(found))


def _deliver_page(found: Stop, form: PortalForm) -> str:
    held = queries.held_by_carrier(context.session(), context.actor())
    envelope = next((one for one in held if one.order_id == found.order_id), None)
    return render_template("carrier/deliver.html", form=form, envelope=envelope, **_about(found))


def _fail_page(found: Stop, form: FailForm) -> str:
    direction = found.order.direction
    steps = [NEXT_STEP[direction, reason] for reason in actions.POSSIBLE[direction]]
    return render_template("carrier/failure.html", form=form, steps=steps, **_about(found))
