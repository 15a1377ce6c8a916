"""Asking the post about a dossier that is under way: to collect, to bring, to think better of it."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.accounts.offices import Ward, served_by_post, wards
from portal.catalogue import queries as catalogue
from portal.catalogue.answers import Known
from portal.catalogue.form_source import parse
from portal.dossiers import queries
from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery, Status
from portal.dossiers.workflow import ARRIVALS
from portal.ground.codes import typed
from portal.ground.errors import NotFound
from portal.postal import actions as postal
from portal.postal import queries as post
from portal.postal import tariff
from portal.postal.models import PostalOrder
from portal.postal.queries import Held
from portal.postal.states import Direction, HolderKind, Purpose
from portal.sites.citizen.forms import question_form, show_errors
from portal.sites.citizen.places import PLACES, check_place, place_of, usual_place
from portal.sites.citizen.site import bp, settle
from portal.web import context
from portal.web.forms import PortalForm
from portal.web.i18n import _

PURPOSES = {
    "lay-giay": Purpose.PAPERS,
    "bo-sung": Purpose.SUPPLEMENT,
    "ket-qua": Purpose.RESULT,
    "tra-giay": Purpose.PAPERS_BACK,
}
"""What may be asked for, by its word in the address."""

WORDS = {purpose: word for word, purpose in PURPOSES.items()}


def orderable(
    session: Session, dossier: Dossier, orders: Sequence[PostalOrder], holders: Sequence[Held]
) -> list[tuple[str, Purpose]]:
    """What the owner may ask of the post now, with its word in the address; not what is ordered (R4)."""
    taken = {order.direction for order in orders}
    wishes = [(WORDS[p], p) for p in _sensible(dossier, holders) if p.direction not in taken]
    listed = catalogue.is_on_post_list(session, dossier.procedure_version, context.today())
    return wishes if listed else []


def _sensible(dossier: Dossier, holders: Sequence[Held]) -> list[Purpose]:
    """What has a point, whatever is ordered."""
    awaited = any(blocker.kind in ARRIVALS for blocker in dossier.blockers)
    travels = any(item.sheets for item in dossier.checklist)
    request = dossier.open_supplement
    ended = dossier.ended_without_result
    wishes = {
        Purpose.PAPERS: dossier.status == Status.SUBMITTED and awaited and travels and not holders,
        Purpose.SUPPLEMENT: request is not None
        and any(i.checklist_item and i.checklist_item.sheets for i in request.items),
        Purpose.RESULT: dossier.delivery == Delivery.POST and not ended and dossier.status != Status.RETURNED,
        Purpose.PAPERS_BACK: ended and any(held.kind == HolderKind.DESK for held in holders),
    }
    return [purpose for purpose, has_point in wishes.items() if has_point]


@bp.get("/ho-so/<code>/buu-ta/<word>")
def order(code: str, word: str) -> str:
    """Where the carrier shall come to."""
    session = context.session()
    dossier, purpose = _about(session, code, word)
    account = session.get_one(Account, context.actor().account_id)
    form = _form(session, purpose)(
        formdata=None, **usual_place(account, dossier.answers, _owners_address(dossier))
    )
    return _show(session, dossier, purpose, form)


@bp.post("/ho-so/<code>/buu-ta/<word>")
def order_submit(code: str, word: str) -> ResponseReturnValue:
    """Ask the post, once."""
    if word not in PURPOSES:
        raise NotFound
    form = _form(context.session(), PURPOSES[word])()
    with context.transaction() as session:
        dossier, purpose = _about(session, code, word)
        response: ResponseReturnValue = ""
        found = check_place(purpose.direction, form.data, Known(context.today()), _served(session))
        if not found.errors:
            _order(session, dossier, purpose, found.values)
            response = context.answer(context.go_to(url_for(".dossier", code=code)))
        else:
            settle(session, None)
    if found.errors:
        show_errors(form, found.errors)
        return _show(context.session(), dossier, purpose, form), 422
    flash(_("Đã đặt bưu tá."))
    return response


@bp.get("/ho-so/<code>/buu-ta/<order_code>/huy")
def order_cancel(code: str, order_code: str) -> str:
    """Ask before an order is taken back."""
    session = context.session()
    dossier = queries.by_code(session, typed(code), context.actor())
    order = _open_order(session, dossier, order_code)
    return render_template(
        "citizen/cancel_order.html", dossier=dossier, order=order, form=PortalForm(formdata=None)
    )


@bp.post("/ho-so/<code>/buu-ta/<order_code>/huy")
def order_cancel_submit(code: str, order_code: str) -> ResponseReturnValue:
    """Take an order back while no carrier holds the envelope."""
    with context.transaction() as session:
        dossier = queries.by_code(session, typed(code), context.actor())
        order = _open_order(session, dossier, order_code)
        postal.cancel(session, order, by=context.actor(), at=context.now())
        response = context.answer(context.go_to(url_for(".dossier", code=code)))
    flash(_("Đã hủy đơn bưu tá."))
    return response


def _open_order(session: Session, dossier: Dossier, order_code: str) -> PostalOrder:
    """The order of *dossier* that goes on; one that is over does not exist."""
    mine = {order.code: order for order in post.open_orders_of(session, dossier.id)}
    if order_code not in mine:
        raise NotFound
    return mine[order_code]


def _about(session: Session, code: str, word: str) -> tuple[Dossier, Purpose]:
    """The dossier and what is asked for; what has no point now does not exist."""
    dossier = queries.by_code(session, typed(code), context.actor())
    orders, holders = post.open_orders_of(session, dossier.id), post.holder_of(session, dossier.id)
    purpose = dict(orderable(session, dossier, orders, holders)).get(word)
    if purpose is None:
        raise NotFound
    return dossier, purpose


def _order(session: Session, dossier: Dossier, purpose: Purpose, values: dict[str, Any]) -> None:
    place, by, at = place_of(values), context.actor(), context.now()
    verb = postal.order_pickup if purpose.direction == Direction.PICKUP else postal.order_return
    verb(session, dossier, place, purpose=purpose, by=by, at=at)


def _owners_address(dossier: Dossier) -> str:
    """Which question of the form asked where its owner lives."""
    return parse(dossier.form.content).owner.address if dossier.form else ""


def _served(session: Session) -> list[Ward]:
    served = served_by_post(session, context.today())
    return [ward for ward in wards(session, context.today()) if ward.code in served]


def _form(session: Session, purpose: Purpose) -> type[PortalForm]:
    return question_form(PLACES[purpose.direction].questions, _served(session))


def _show(session: Session, dossier: Dossier, purpose: Purpose, form: Any) -> str:
    return render_template(
        "citizen/order.html",
        dossier=dossier,
        purpose=purpose,
        form=form,
        questions=PLACES[purpose.direction].questions,
        postage=tariff.price_of(session, purpose, None, context.today()),
        has_errors=bool(form.errors),
    )
