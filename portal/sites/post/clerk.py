"""The post-office clerk: orders that wait, and the runs they are given to."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue

from portal.accounts.models import Role
from portal.ground.errors import Refused
from portal.postal import actions, queries
from portal.postal.models import Run
from portal.postal.states import Direction
from portal.sites.post.answers import placed, to
from portal.sites.post.forms import AssignForm
from portal.web import context
from portal.web.formats import day, weekday
from portal.web.forms import PortalForm, options
from portal.web.guard import only_for
from portal.web.i18n import _

bp = Blueprint("post", __name__)
only_for(bp, Role.POST_CLERK)

DAYS_AHEAD = 3
"""For how many days, today included, runs are made."""


def my_office() -> int:
    """The post office the clerk acts for."""
    return context.actor().office_id or 0


@bp.get("/buu-dien")
def orders() -> ResponseReturnValue:
    """What waits for a carrier, and the runs of today."""
    waiting = queries.waiting(context.session(), my_office())
    return _page(_form(waiting), waiting)


@bp.post("/buu-dien/tuyen")
def assign() -> ResponseReturnValue:
    """Put the chosen orders onto a carrier's run, in the order they stand in."""
    waiting = queries.waiting(context.session(), my_office())
    form = _form(waiting)
    if not form.validate():
        return _page(form, waiting), 422
    runs_on = context.today() + timedelta(days=int(form.ngay.data))
    try:
        with context.transaction() as session:
            by, at = context.actor(), context.now()
            for code in form.don.data or ():
                order = queries.order_by_code(session, code, by)
                actions.assign(session, order, form.buu_ta.data, runs_on, by=by, at=at)
            flash(_("Đã giao %(count)s đơn cho bưu tá.", count=len(form.don.data or ())))
            return context.answer(to("post.orders"))
    except Refused as refusal:
        return _page(placed(form, "buu_ta", refusal), waiting), 422


@bp.post("/buu-dien/tuyen/diem/<int:stop_id>/len")
def move_up(stop_id: int) -> ResponseReturnValue:
    """Let a stop change places with the one before it."""
    with context.transaction() as session:
        stop = queries.stop_by_id(session, stop_id, context.actor())
        actions.move_up(session, stop, by=context.actor(), at=context.now())
        return context.answer(to("post.orders"))


@bp.get("/buu-dien/tuyen/diem/<int:stop_id>/rut")
def take_off(stop_id: int) -> str:
    """Ask before a stop is taken off its run."""
    stop = queries.stop_by_id(context.session(), stop_id, context.actor())
    form = PortalForm(formdata=None)
    return render_template("post/take_off.html", stop=stop, form=form, nav_current="post.orders")


@bp.post("/buu-dien/tuyen/diem/<int:stop_id>/rut")
def take_off_submit(stop_id: int) -> ResponseReturnValue:
    """Take a stop off its run; its order waits again."""
    with context.transaction() as session:
        stop = queries.stop_by_id(session, stop_id, context.actor())
        actions.take_off(session, stop, by=context.actor(), at=context.now())
        flash(_("Đã rút đơn %(code)s khỏi tuyến.", code=stop.order.code))
        return context.answer(to("post.orders"))


@bp.get("/buu-dien/tuyen/<int:run_id>/phieu")
def run_sheet(run_id: int) -> ResponseReturnValue:
    """The run of one carrier on paper; like the carrier's list it names no person and no house."""
    run = queries.run_by_id(context.session(), run_id, context.actor())
    stops = [stop for stop in run.stops if stop.outcome is None]
    return render_template("post/run_sheet.html", run=run, stops=stops, nav_current="post.orders")


def _form(waiting: Sequence[queries.WaitingOrder]) -> AssignForm:
    form, today = AssignForm(), context.today()
    carriers = queries.carriers_of(context.session(), my_office(), today)
    ahead = [today + timedelta(days=number) for number in range(DAYS_AHEAD)]
    form.don.choices = options((order.code, order.code) for order in waiting)
    form.buu_ta.choices = options((carrier.id, carrier.full_name) for carrier in carriers)
    form.ngay.choices = options((number, f"{weekday(on)}, {day(on)}") for number, on in enumerate(ahead))
    return form


def _page(form: PortalForm, waiting: Sequence[queries.WaitingOrder]) -> str:
    session, today = context.session(), context.today()
    runs = queries.runs_of(session, my_office(), today)
    wards = groupby(waiting, key=lambda order: order.area_name)
    return render_template(
        "post/orders.html",
        form=form,
        today=today,
        wards=[(name, list(rows)) for name, rows in wards],
        pickups=sum(order.direction == Direction.PICKUP for order in waiting),
        waiting=len(waiting),
        runs=[(run, _open_stops(run)) for run in runs],
        nav_current="post.orders",
    )


def _open_stops(run: Run) -> list[object]:
    return [stop for stop in run.stops if stop.outcome is None]
