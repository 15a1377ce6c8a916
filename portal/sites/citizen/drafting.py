"""The citizen's word on the draft of a result: it is right, or what is wrong in it (R37)."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue.answers import tidy
from portal.dossiers import actions, queries
from portal.ground.codes import typed
from portal.sites.citizen.ending import version_of
from portal.sites.citizen.site import bp
from portal.sites.citizen.tracking import found, page_of
from portal.sites.citizen.waiting import DraftForm, ObjectForm
from portal.web import context
from portal.web.i18n import _


@bp.post("/ho-so/<code>/ban-nhap/dung")
def confirm_draft(code: str) -> ResponseReturnValue:
    """Say that the draft is right."""
    form, by = DraftForm(), context.actor()
    with context.transaction() as session:
        dossier = queries.by_code(session, typed(code), by, version_of(form.version.data))
        actions.confirm_draft(session, dossier, by=by, at=context.now())
        response = context.answer(context.go_to(url_for(".dossier", code=code)))
    flash(_("Đã xác nhận bản nháp. Cơ quan làm tiếp."))
    return response


@bp.post("/ho-so/<code>/ban-nhap/sai")
def object_draft(code: str) -> ResponseReturnValue:
    """Say what is wrong in the draft; the office makes another one."""
    form, by = ObjectForm(), context.actor()
    if not form.validate():
        page = page_of(context.session(), found(code), objection=form)
        return render_template("citizen/dossier.html", **page, has_errors=True), 422
    with context.transaction() as session:
        dossier = queries.by_code(session, typed(code), by, version_of(form.version.data))
        actions.object_draft(session, dossier, by=by, at=context.now(), reason=tidy(form.reason.data or ""))
        response = context.answer(context.go_to(url_for(".dossier", code=code)))
    flash(_("Đã báo chỗ sai. Cơ quan làm lại bản khác và gửi bạn xem."))
    return response
