"""Reading one dossier: its page, its files, its identity numbers. Every look is recorded."""

from flask import Response, abort, flash, request

from portal.dossiers import queries
from portal.dossiers.states import Look
from portal.ground.errors import NotAllowed, Refused, WrongState
from portal.payments.actions import record_cash
from portal.sites.ward.forms import CashForm
from portal.sites.ward.page import note, show
from portal.sites.ward.views import bp, go
from portal.web import context, downloads, formats
from portal.web.i18n import _, say


@bp.get("/mot-cua/ho-so/<int(max=2147483647):dossier_id>")
def dossier(dossier_id: int) -> Response:
    """The page of one dossier."""
    return show(dossier_id)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/hien-so")
def reveal(dossier_id: int) -> Response:
    """The same page with its identity numbers open; the look is on record before anything is shown."""
    with context.transaction() as session:
        found = queries.get(session, dossier_id, context.actor())
        if queries.is_guest(context.actor(), found):
            raise NotAllowed
        queries.note_look(session, found, context.actor(), at=context.now(), look=Look.IDENTITY)
    return show(dossier_id, revealed=True)


@bp.get("/mot-cua/giay/<uid>")
def paper(uid: str) -> Response:
    """One filed paper, or a drafted result, as it is."""
    session = context.session()
    found = queries.filed_paper(session, uid, context.actor())
    note(queries.get(session, found.dossier_id or 0, context.actor()), Look.FILE, found.name)
    return downloads.send(found, inline=True)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/thu-tien")
def take_cash(dossier_id: int) -> Response:
    """Take cash for a dossier and number the receipt."""
    form = CashForm()
    if not form.validate():
        return show(dossier_id, cash=form)
    if not request.form.get(context.ONCE_FIELD):
        abort(400)  # Money is never taken by a page that could be sent twice.
    try:
        with context.transaction() as session:
            found = queries.get(session, dossier_id, context.actor())
            receipt = record_cash(session, found, form.cash(), by=context.actor(), at=context.now())
            answered = context.answer(go(".dossier", dossier_id=dossier_id, _anchor="tien"))
    except WrongState:
        form.amount.errors = [_("Hồ sơ đã kết thúc, không thu tiền nữa.")]
        return show(dossier_id, cash=form)
    except Refused as refused:
        form.amount.errors = [say(refused.message, **refused.params)]
        return show(dossier_id, cash=form)
    number, amount = receipt.shown_number, formats.money(receipt.amount_dong)
    flash(_("Đã thu %(amount)s, biên lai %(number)s.", amount=amount, number=number))
    return answered
