"""The appointment slip of an accepted dossier: form 01 as a page to print (TT 01/2018; DOMAIN 3)."""

from datetime import datetime
from typing import Any

from flask import render_template, url_for
from sqlalchemy.orm import Session

from portal.accounts.models import Area, Office, Role
from portal.dossiers import queries
from portal.dossiers.deadlines import NoTerm, term_of
from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery, Move
from portal.ground.errors import NotFound
from portal.ground.words import N_
from portal.ground.working_time import ZONE, Term, Unit
from portal.postal import queries as postal
from portal.postal.states import Direction
from portal.sites.ward.page import note
from portal.sites.ward.views import bp
from portal.web import context, qr
from portal.web.i18n import _, say

RECEIVED_BACK = {
    Delivery.DESK: N_("tại quầy của %(desk)s"),
    Delivery.POST: N_("qua bưu điện, phát tận tay tại địa chỉ: %(address)s"),
    Delivery.ONLINE: N_("bản điện tử trên cổng"),
}
"""Where a result is received, as form 01 writes it."""

SHORT, WHOLE = "UBND", "Ủy ban nhân dân"
"""How names of offices begin, and how an official paper writes it."""


@bp.get("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/giay-hen")
def slip(dossier_id: int) -> str:
    """Form 01, for the one who files; only of a dossier that was accepted."""
    session = context.session()
    dossier = queries.get(session, dossier_id, context.actor())
    if dossier.accepted_at is None or dossier.due_at is None:
        raise NotFound
    note(dossier)
    return render_template("ward/slip.html", dossier=dossier, **_values(session, dossier))


def _values(session: Session, dossier: Dossier) -> dict[str, Any]:
    desk = session.get_one(Office, dossier.received_by_id)
    above = session.get(Office, desk.parent_id) if desk.parent_id else None
    area = session.get(Area, desk.area_code) if desk.area_code else None
    return {
        "desk": desk,
        "desk_name": _written_out(desk.name),
        "above": _written_out(above.name) if above else "",
        "office_name": _written_out(dossier.office.name),
        "received_back": _received_back(session, dossier, desk),
        "place": _place_name(area.name if area else desk.name),
        "procedure_code": dossier.procedure_version.procedure.code,
        "papers": [item for item in dossier.checklist if not item.to_show],
        "term": _term(dossier),
        "received": _in_full(dossier.received_at or dossier.submitted_at),
        "due": _in_full(dossier.due_at or dossier.submitted_at),
        "accepted_day": _day(dossier.accepted_at or dossier.submitted_at),
        "phone": _half_hidden(dossier.owner_phone),
        "receiver": _receiver(session, dossier),
        "delivery_code": _delivery_code(session, dossier),
        "qr": qr.svg(context.settings().public_url + url_for("public.look_up", ma=dossier.code)),
    }


def _written_out(name: str) -> str:
    return name.replace(SHORT, WHOLE, 1) if name.startswith(SHORT) else name


def _received_back(session: Session, dossier: Dossier, desk: Office) -> str:
    """How the result comes back: by which way, to which desk or address."""
    said = {"desk": _written_out(desk.name), "address": _post_address(session, dossier)}
    return say(RECEIVED_BACK[dossier.delivery], **said)


def _post_address(session: Session, dossier: Dossier) -> str:
    """Where the post brings it: the place that was ordered, else where the owner lives."""
    orders = postal.open_orders_of(session, dossier.id)
    home = next((order for order in orders if order.direction == Direction.RETURN), None)
    if home is None:
        return dossier.owner_address or "–"
    return f"{home.line}, {session.get_one(Area, home.area_code).name}"


def _delivery_code(session: Session, dossier: Dossier) -> str:
    """What a receiver without an account reads out to the carrier; on paper, for they see it nowhere else."""
    has_account = dossier.submitter_id is not None or dossier.owner_id is not None
    if has_account or context.actor().role != Role.RECEPTIONIST:
        return ""
    orders = postal.open_orders_of(session, dossier.id)
    return next((order.delivery_code for order in orders if order.delivery_code), "")


def _receiver(session: Session, dossier: Dossier) -> str:
    """Who accepted the dossier."""
    events = queries.history(session, dossier)
    return next((event.who for event in events if event.move == Move.ACCEPT), "")


def _term(dossier: Dossier) -> str:
    try:
        return term_words(term_of(dossier.procedure_version, dossier.channel, dossier.case_key))
    except NoTerm:
        return ""


def term_words(term: Term) -> str:
    """03 ngày làm việc; the way form 01 writes it."""
    if term.unit is Unit.SAME_DAY:
        return say(term.unit.label)
    whole = term.amount == term.amount.to_integral_value()
    amount = f"{int(term.amount):02d}" if whole else f"{term.amount.normalize():f}".replace(".", ",")
    return f"{amount} {say(term.unit.label)}"


def _day(at: datetime) -> str:
    local = at.astimezone(ZONE)
    return _(
        "ngày %(day)s tháng %(month)s năm %(year)s",
        day=f"{local.day:02d}",
        month=local.month,
        year=local.year,
    )


def _in_full(at: datetime) -> str:
    local = at.astimezone(ZONE)
    clock = _("%(hour)s giờ %(minute)s phút", hour=f"{local.hour:02d}", minute=f"{local.minute:02d}")
    return f"{clock}, {_day(at)}"


def _place_name(area: str) -> str:
    """Phú Hòa, of Phường Phú Hòa: the place before the date of an official paper."""
    first, _space, rest = area.partition(" ")
    return rest if first in ("Phường", "Xã") and rest else area


def _half_hidden(phone: str) -> str:
    return f"{phone[:4]} ••• {phone[-3:]}"
