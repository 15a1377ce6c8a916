"""The ends of a dossier from its owner's side: taking it back, taking the result; and its files."""

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, TextAreaField

from portal.catalogue.answers import tidy
from portal.dossiers import actions, papers, queries
from portal.dossiers.states import Move, Status
from portal.dossiers.workflow import check
from portal.ground.codes import typed
from portal.ground.errors import NotFound
from portal.postal import actions as postal
from portal.sites.citizen.site import bp
from portal.sites.citizen.tracking import found
from portal.web import context, downloads
from portal.web.forms import PortalForm, at_most
from portal.web.i18n import _, _l


class WithdrawForm(PortalForm):
    """Why, if one likes to say."""

    version = HiddenField(name="phien_ban")
    reason = TextAreaField(_l("Lý do"), name="ly_do", validators=[at_most(1000)])


@bp.get("/ho-so/<code>/rut")
def withdraw(code: str) -> str:
    """Ask before a dossier is taken back."""
    dossier = found(code)
    check(dossier, Move.WITHDRAW, context.actor(), context.now())
    return render_template(
        "citizen/withdraw.html",
        dossier=dossier,
        form=WithdrawForm(formdata=None, version=str(dossier.version)),
    )


@bp.post("/ho-so/<code>/rut")
def withdraw_submit(code: str) -> ResponseReturnValue:
    """Take a dossier back, with what that means for the post."""
    form = WithdrawForm()
    if not form.validate():
        return render_template("citizen/withdraw.html", dossier=found(code), form=form, has_errors=True), 422
    by, at = context.actor(), context.now()
    with context.transaction() as session:
        dossier = queries.by_code(session, typed(code), by, version_of(form.version.data))
        actions.withdraw(session, dossier, by=by, at=at, reason=tidy(form.reason.data or ""))
        postal.follow_end(session, dossier, by=by, at=at)
        response = context.answer(context.go_to(url_for(".dossier", code=code)))
    flash(_("Đã rút hồ sơ."))
    return response


@bp.post("/ho-so/<code>/ket-qua")
def take_result(code: str) -> Response:
    """Take the electronic result: recorded as handed over, then the file."""
    by, at = context.actor(), context.now()
    with context.transaction() as session:
        dossier = queries.by_code(session, typed(code), by)
        results = {paper.uid: paper for paper in papers.results(dossier)}
        wanted = results.get(request.form.get("tep", ""))
        if wanted is None:
            raise NotFound
        if dossier.status == Status.FINISHED:
            actions.hand_over(session, dossier, {}, by=by, at=at)
        return context.answer(context.go_to(url_for(".file", uid=wanted.uid)))


@bp.get("/ho-so/tep/<uid>")
def file(uid: str) -> Response:
    """A file of one's own: an image is shown, a PDF saved."""
    return downloads.send(papers.own_paper(context.session(), uid, context.actor()), inline=True)


def version_of(sent: str | None) -> int | None:
    """The version of a dossier that a page was shown from; None when it does not say."""
    return int(sent) if sent and sent.isdecimal() and len(sent) < 10 else None
