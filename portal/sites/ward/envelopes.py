"""Envelopes at the desk: those that come are counted again, results go out to a carrier, both sides sign."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, make_response, render_template, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.dossiers import queries as dossiers
from portal.ground.errors import NotFound, Refused, WrongState
from portal.postal import actions, queries
from portal.postal.models import Envelope
from portal.postal.queries import Coming, Leaving
from portal.postal.states import Direction
from portal.sites.ward.envelope_forms import GiveBackForm, GiveOutForm, RecountForm, recount_form
from portal.sites.ward.views import bp, go
from portal.web import context
from portal.web.forms import options
from portal.web.i18n import _, say

Act = Callable[[Session], str]
"""Makes one change and returns the sentence that confirms it."""


class _Invalid(Exception):
    """The form says what is wrong; nothing was changed."""


@dataclass(frozen=True)
class Failure:
    """What was not done: about which row (its key), the form as typed, and the sentence that says why."""

    key: str
    form: Any = None
    sentence: str = ""


@bp.get("/mot-cua/buu-gui")
def envelopes() -> Response:
    """What comes to the desk, what leaves it, what goes back to people."""
    return _page()


@bp.post("/mot-cua/buu-gui/ban-giao/<int(max=2147483647):hand_over_id>/xac-nhan")
def confirm_envelope(hand_over_id: int) -> Response:
    """Take an envelope over: the desk counts every line again."""
    key, forms = f"den-{hand_over_id}", []

    def act(session: Session) -> str:
        form = _recount_of(_offered(session, hand_over_id), fresh=False)
        forms.append(form)
        if not form.validate():
            raise _Invalid
        by, at = context.actor(), context.now()
        envelope = actions.confirm_hand_over(session, hand_over_id, form.recount(), by=by, at=at)
        return _with_dossier(_("Đã nhận phong bì %(code)s.", code=envelope.code), envelope)

    return _do(act, key, forms)


@bp.post("/mot-cua/buu-gui/ban-giao/<int(max=2147483647):hand_over_id>/lay-lai")
def take_envelope_back(hand_over_id: int) -> Response:
    """Take back an offer that the carrier has not confirmed."""

    def act(session: Session) -> str:
        actions.take_back(session, hand_over_id, by=context.actor(), at=context.now())
        return _("Đã lấy lại phong bì; quầy vẫn giữ.")

    return _do(act, f"lay-{hand_over_id}", [])


@bp.post("/mot-cua/buu-gui/ho-so/<int(max=2147483647):dossier_id>/giao")
def give_out(dossier_id: int) -> Response:
    """Seal a result and offer it to a carrier, who confirms."""
    forms: list[Any] = []

    def act(session: Session) -> str:
        form = _give_out_form(session, _leaving(session, dossier_id), fresh=False)
        forms.append(form)
        if not form.validate():
            raise _Invalid
        by, at = context.actor(), context.now()
        dossier = dossiers.get(session, dossier_id, by)
        actions.offer_to_carrier(session, dossier, form.carrier.data, form.seal.data or "", by=by, at=at)
        return _("Đã niêm phong và giao; chờ bưu tá xác nhận.")

    return _do(act, f"di-{dossier_id}", forms)


@bp.post("/mot-cua/buu-gui/phong-bi/<code>/tra-dan")
def give_papers_back(code: str) -> Response:
    """Give the papers of an ended dossier back at the desk."""
    form = _give_back_form(code, fresh=False)

    def act(session: Session) -> str:
        if not form.validate():
            raise _Invalid
        by, at = context.actor(), context.now()
        envelope = queries.envelope_of_code(session, code, by)
        actions.give_back(session, envelope, form.receiver.data or "", by=by, at=at)
        return _("Đã trả giấy tờ cho %(name)s.", name=form.receiver.data)

    return _do(act, f"tra-{code}", [form])


def _with_dossier(sentence: str, envelope: Envelope) -> str:
    """The sentence with a link to the dossier whose papers came."""
    url = url_for(".dossier", dossier_id=envelope.order.dossier_id)
    return Markup('{} <a href="{}">{}</a>').format(sentence, url, _("Mở hồ sơ"))


def _do(act: Act, key: str, forms: list[Any]) -> Response:
    """Do *act* in one transaction; show the page again beside the row it concerns when it cannot be done."""
    try:
        with context.transaction() as session:
            said = act(session)
            answered = context.answer(go(".envelopes"))
    except _Invalid:
        return _page(Failure(key, forms[-1]), status=422)
    except (Refused, WrongState) as refused:
        sentence = say(refused.message, **refused.params)
        return _page(Failure(key, forms[-1] if forms else None, sentence), status=refused.status)
    flash(said)
    return answered


def _page(failed: Failure | None = None, status: int = 200) -> Response:
    session, by = context.session(), context.actor()
    office_id = by.office_id or 0
    coming, leaving = queries.coming_to(session, office_id), queries.leaving_from(session, office_id)
    back = queries.papers_to_give_back(session, office_id)
    shown = {*(f"den-{row.hand_over_id}" for row in coming), *(f"tra-{row.envelope_code}" for row in back)}
    shown |= {key for row in leaving for key in (f"lay-{row.hand_over_id}", f"di-{row.dossier_id}")}
    values = {
        "coming": [(row, _recount_of(row, fresh=True)) for row in coming],
        "leaving": [(row, _give_out_form(session, row, fresh=True)) for row in leaving],
        "back": [(row, _give_back_form(row.envelope_code, fresh=True)) for row in back],
        "failed": failed,
        "is_stray": failed is not None and failed.key not in shown,
        "may_act": by.role == Role.RECEPTIONIST,
        "has_errors": failed is not None,
    }
    return make_response(render_template("ward/envelopes.html", **values), status)


def _offered(session: Session, hand_over_id: int) -> Coming:
    coming = queries.coming_to(session, context.actor().office_id or 0)
    found = next((row for row in coming if row.hand_over_id == hand_over_id), None)
    if found is None:
        raise WrongState(_("Lần bàn giao này đã xong hoặc đã được lấy lại."))
    return found


def _leaving(session: Session, dossier_id: int) -> Leaving:
    leaving = queries.leaving_from(session, context.actor().office_id or 0)
    found = next((row for row in leaving if row.dossier_id == dossier_id), None)
    if found is None:
        raise NotFound
    return found


def _recount_of(row: Coming, *, fresh: bool) -> RecountForm:
    """Papers that come are counted line by line; a result that comes back is known by its seal."""
    lines = row.lines if row.purpose.direction == Direction.PICKUP else ()
    built, prefix = recount_form(lines), f"den-{row.hand_over_id}-"
    return built(formdata=None, prefix=prefix) if fresh else built(prefix=prefix)


def _give_out_form(session: Session, row: Leaving, *, fresh: bool) -> GiveOutForm:
    usual: dict[str, Any] = {"carrier": row.carrier_id, "seal": row.seal, "prefix": f"di-{row.dossier_id}-"}
    form = GiveOutForm(formdata=None, **usual) if fresh else GiveOutForm(**usual)
    carriers = queries.carriers_of(session, row.post_office_id, context.today())
    form.carrier.choices = options((one.id, one.full_name) for one in carriers)
    return form


def _give_back_form(code: str, *, fresh: bool) -> GiveBackForm:
    prefix = f"tra-{code}-"
    return GiveBackForm(formdata=None, prefix=prefix) if fresh else GiveBackForm(prefix=prefix)
