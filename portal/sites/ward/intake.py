"""Taking papers in at the counter, with the decision in the same sitting."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Role
from portal.accounts.people import holders, note_looked_up
from portal.catalogue.models import Case
from portal.catalogue.search import Hit, Wanted, search, words_of
from portal.dossiers import actions, inquiries
from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery
from portal.ground.errors import NotAllowed, Refused
from portal.payments.actions import Cash, record_cash
from portal.postal import actions as post
from portal.sites.ward.counter import (
    Counter,
    account_of,
    application,
    case_in,
    counter_of,
    form_of,
    place_of,
    promised_now,
)
from portal.sites.ward.intake_form import (
    ACCEPT,
    ASK,
    BY_REGISTER,
    CHANGE,
    LOOK,
    REFUSE,
    IntakeForm,
    carried,
)
from portal.sites.ward.registers import Said, all_found, ask_for, note_asked
from portal.sites.ward.views import bp
from portal.web import context, limits
from portal.web.i18n import _, say
from portal.web.wording import trace_rows

CASE = "truong-hop"
"""The case: in the address whose papers the page shows, in the form which one was chosen."""


class _Invalid(Exception):
    """The form says what is wrong; nothing was taken in."""


@bp.get("/mot-cua/tiep-nhan")
def intake() -> Response:
    """The page of the counter: first the procedure, then everything else."""
    if not request.args.get("thu-tuc"):
        return _search_page(request.args.get("tim", "").strip()[:100])
    counter = _counter(context.session())
    return _page(counter, form_of(counter, None))


@bp.post("/mot-cua/tiep-nhan")
def intake_submit() -> Response:
    """Take the papers in and accept, ask or refuse; or only change the case or look for an account."""
    decision = request.form.get("viec", "")
    if decision == CHANGE:
        return _change()
    if context.actor().role != Role.RECEPTIONIST:
        raise NotAllowed(_("Tiếp nhận tại quầy là việc của cán bộ tiếp nhận."))
    if decision == LOOK:
        return _look()
    if decision not in (ACCEPT, ASK, REFUSE):
        abort(400)
    if _is_changed(_counter(context.session())):
        return _change(422, _("Giấy tờ dưới đây là của trường hợp vừa chọn; hãy kiểm lại rồi quyết định."))
    return _decide(decision)


def _change(status: int = 200, sentence: str = "") -> Response:
    """Show the page of the case chosen in the form, with everything that was typed."""
    counter = _counter(context.session())
    return _page(counter, _typed(counter), status=status, sentence=sentence)


def _decide(decision: str) -> Response:
    form: IntakeForm | None = None
    asked = _asked(decision)
    try:
        with context.transaction() as session:
            counter = _counter(session)
            form = _typed(counter)
            if form is None or counter.case is None or not form.check(decision) or not all_found(form, asked):
                raise _Invalid
            dossier = _take_in(session, counter, form, decision, asked)
            answered = context.answer(context.go_to(_next(dossier)))
    except _Invalid:
        return _page(_counter(context.session()), form, status=422)
    except Refused as refused:
        sentence = say(refused.message, **refused.params)
        return _page(_counter(context.session()), form, status=422, sentence=sentence)
    flash(_taken(dossier, decision))
    return answered


def _asked(decision: str) -> Said:
    """What registers say in place of papers; before the transaction, and only for a form that holds."""
    if decision == REFUSE or BY_REGISTER not in request.form.values():
        return {}
    counter = _counter(context.session())
    form = _typed(counter)
    if form is None or not form.check(decision):
        return {}
    return ask_for(counter, form)


def _take_in(session: Session, counter: Counter, form: IntakeForm, decision: str, asked: Said) -> Dossier:
    by, at = context.actor(), context.now()
    case = counter.case or abort(400)
    made = tuple(inquiries.made(session, *said, by=by, at=at) for said in asked.values())
    dossier = actions.intake(session, application(session, counter, case, form, made), by=by, at=at)
    for inquiry in made:
        note_asked(session, dossier, inquiry)
    if decision == REFUSE:
        actions.refuse(session, dossier, by=by, at=at, reason=form.reason.data or "")
        return dossier
    if decision == ASK:
        actions.ask_supplement(session, dossier, form.asked(), by=by, at=at)
    else:
        actions.accept(session, dossier, by=by, at=at)
    if dossier.delivery == Delivery.POST:
        post.order_return(session, dossier, place_of(form, dossier.owner_phone), by=by, at=at)
    if form.cash.data:
        _take_cash(session, dossier, counter)
    return dossier


def _take_cash(session: Session, dossier: Dossier, counter: Counter) -> None:
    for fee in counter.fees:
        if fee.amount_dong:
            cash = Cash(fee.kind, fee.amount_dong, dossier.owner_name, fee.name)
            record_cash(session, dossier, cash, by=context.actor(), at=context.now())


def _look() -> Response:
    """Find the accounts of the number on the card; what was typed stays; the look is recorded."""
    session = context.session()
    counter = _counter(session)
    form = _typed(counter)
    if form is None:
        return _page(counter, None)
    limits.count_look(context.actor())
    try:
        found = holders(session, form.number.data or "")
    except Refused as refused:
        form.number.errors = [say(refused.message, **refused.params)]
        return _page(counter, form, status=422)
    with context.trace() as writing:
        note_looked_up(writing, found, by=context.actor(), at=context.now())
    _fill_in(form, account_of(found))
    return _page(counter, form, found=found)


def _fill_in(form: IntakeForm, account: Account | None) -> None:
    if account:
        form.full_name.data = form.full_name.data or account.full_name
        form.phone.data = form.phone.data or account.phone


def _counter(session: Session) -> Counter:
    code, case_key = request.args.get("thu-tuc", ""), request.form.get(CASE) or request.args.get(CASE, "")
    return counter_of(session, code, case_key, context.actor(), context.now())


def _shown(counter: Counter) -> Case | None:
    """The case whose papers the page showed; another one may have been chosen on it."""
    return case_in(counter.version, request.args.get(CASE, ""))


def _is_changed(counter: Counter) -> bool:
    return counter.case != _shown(counter)


def _typed(counter: Counter) -> IntakeForm | None:
    """The form as sent; what was typed at a paper follows it into the case chosen."""
    return form_of(counter, carried(request.form, _shown(counter), counter.case))


def _next(dossier: Dossier) -> str:
    return url_for(".slip" if dossier.code else ".dossier", dossier_id=dossier.id)


def _taken(dossier: Dossier, decision: str) -> str:
    said = {
        ACCEPT: _("Đã tiếp nhận hồ sơ %(code)s. In giấy hẹn cho người nộp.", code=dossier.shown_code),
        ASK: _("Đã ghi phiếu bổ sung cho hồ sơ %(code)s.", code=dossier.shown_code),
        REFUSE: _("Đã từ chối tiếp nhận hồ sơ %(code)s.", code=dossier.shown_code),
    }
    return said[decision]


def _search_page(words: str) -> Response:
    today = context.today()
    wanted = Wanted(words=words_of(words))
    hits: Sequence[Hit] = search(context.session(), wanted, today).hits if words else ()
    return make_response(render_template("ward/intake_search.html", words=words, hits=hits))


def _page(
    counter: Counter,
    form: IntakeForm | None,
    *,
    status: int = 200,
    found: Sequence[Account] | None = None,
    sentence: str = "",
) -> Response:
    promised = promised_now(context.session(), counter, context.now())
    values: dict[str, Any] = {
        "counter": counter,
        "form": form,
        "lines": list(form.lines()) if form else [],
        "promised": promised.at if promised else None,
        "trace_of": trace_rows(promised.trace) if promised else [],
        "found": found,
        "proven": account_of(found or ()),
        "sentence": sentence,
        "may_decide": context.actor().role == Role.RECEPTIONIST,
    }
    return make_response(render_template("ward/intake.html", **values), status)
