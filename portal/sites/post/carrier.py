"""The carrier: the run of the day and one stop of it. Name and address only once the stop is opened."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.models import Role
from portal.postal import queries
from portal.postal.checklist import wanted
from portal.postal.models import Stop
from portal.postal.states import Direction, Outcome
from portal.web import context
from portal.web.guard import only_for
from portal.web.i18n import _, say

bp = Blueprint("carrier", __name__)
only_for(bp, Role.CARRIER)

VIEWS = ("lay", "phat", "xong")
"""Kinds of work, as the address says them: to collect, to deliver, done."""


@dataclass(frozen=True)
class Job:
    """A stop in the list, as much of it as may be seen."""

    code: str
    slot: str
    title: str
    lines: tuple[str, ...]
    tag: str
    tone: str
    done: bool
    acts: tuple[tuple[str, str], ...]
    open_url: str = ""


@bp.get("/buu-ta")
def run() -> ResponseReturnValue:
    """The stops of today by kind, and what waits for a hand-over."""
    session, me = context.session(), context.actor()
    stops = queries.stops_of(session, me, context.today())
    held = queries.held_by_carrier(session, me)
    chosen = _chosen(stops)
    in_bag = {envelope.order_id for envelope in held}
    return render_template(
        "carrier/run.html",
        today=context.today(),
        chosen=chosen,
        tabs_shown=[_tab(view, stops, chosen) for view in VIEWS],
        jobs=[_job(stop, in_bag) for stop in stops if _kind(stop) == chosen],
        held=len(held),
        offered=len(queries.offered_to_carrier(session, me)),
        nav_current="carrier.run",
    )


def my_stop(code: str) -> Stop:
    """The carrier's own stop of an order, as this request reads it, or NotFound."""
    return queries.stop_by_code(context.session(), code, context.actor(), context.today())


def slot(stop: Stop) -> str:
    """When somebody is there."""
    return stop.order.window or _("Trong ngày")


def work(stop: Stop) -> str:
    """What is to be done at a stop, without saying for which procedure."""
    label = say(stop.order.purpose.label)
    return _("%(work)s, lần %(attempt)s", work=label, attempt=stop.attempt) if stop.attempt > 1 else label


def _kind(stop: Stop) -> str:
    if stop.outcome is not None:
        return "xong"
    return "lay" if stop.order.direction == Direction.PICKUP else "phat"


def _chosen(stops: list[Stop]) -> str:
    """The view the address asks for, else the first one with work in it."""
    asked = request.args.get("xem", "")
    return asked if asked in VIEWS else next((_kind(stop) for stop in stops if not stop.outcome), VIEWS[0])


def _tab(view: str, stops: list[Stop], chosen: str) -> dict[str, object]:
    labels = {"lay": _("Cần lấy"), "phat": _("Cần phát"), "xong": _("Đã xong")}
    return {
        "label": labels[view],
        "count": sum(_kind(stop) == view for stop in stops),
        "url": url_for("carrier.run", xem=view),
        "is_current": view == chosen,
    }


def _job(stop: Stop, in_bag: set[int]) -> Job:
    order, is_open = stop.order, stop.outcome is None and stop.opened_at is not None
    sheets = sum(line.needed for line in wanted(order.dossier, order.purpose))
    is_pickup = order.direction == Direction.PICKUP
    lines = (order.address,) if is_open else ()
    said = _("%(work)s, %(sheets)s tờ", work=work(stop), sheets=sheets) if is_pickup else work(stop)
    tag, tone = _tag(stop, in_bag)
    return Job(
        code=order.code,
        slot=slot(stop),
        title=order.contact_name if is_open else order.area.name,
        lines=(*lines, said),
        tag=tag,
        tone=tone,
        done=stop.outcome in (Outcome.COLLECTED, Outcome.DELIVERED),
        acts=_acts(stop) if is_open else (),
        open_url="" if stop.opened_at else url_for("carrier.open_stop", code=order.code),
    )


def _tag(stop: Stop, in_bag: set[int]) -> tuple[str, str]:
    if stop.outcome is not None:
        return say(stop.outcome.label), "son"
    if stop.order.direction == Direction.RETURN and stop.order_id not in in_bag:
        return _("Chưa nhận phong bì"), "nghe"
    return (_("Đã mở"), "cham") if stop.opened_at else ("", "")


def _acts(stop: Stop) -> tuple[tuple[str, str], ...]:
    """The two ways on from an opened stop."""
    here = url_for("carrier.stop", code=stop.order.code)
    shut = url_for("carrier.failure", code=stop.order.code)
    is_pickup = stop.order.direction == Direction.PICKUP
    labels = (_("Không lấy được"), _("Lấy hồ sơ")) if is_pickup else (_("Không phát được"), _("Phát"))
    return ((labels[0], shut), (labels[1], here))
