"""What an administrator does with a workflow: write the draft, put it in force, throw it away."""

from flask import Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.catalogue import workflows
from portal.catalogue.workflow_scopes import Scope
from portal.catalogue.workflows import ChangedMeanwhile, WorkflowVersion
from portal.ground.errors import Refused, WrongState
from portal.sites.admin.views import bp, said
from portal.sites.admin.workflow_forms import SeenForm, WorkflowForm, workflow_form
from portal.sites.admin.workflow_pages import NAV, asked_scope, in_force
from portal.web import context
from portal.web.i18n import _


@bp.get("/quan-tri/quy-trinh/soan")
def edit_workflow() -> ResponseReturnValue:
    """The form of the draft: as it stands, or filled with what is in force now."""
    scope = asked_scope()
    drafted = workflows.draft_of(context.session(), scope.scope)
    begun = drafted or in_force(scope)
    usual = {"lan": _revision(scope), "can_cu": drafted.source if drafted else ""}
    return _edit_page(scope, workflow_form(begun.steps if begun else (), **usual))


@bp.post("/quan-tri/quy-trinh/soan")
def edit_workflow_submit() -> ResponseReturnValue:
    """Keep the draft and lead on to its preview."""
    scope, form = asked_scope(), workflow_form()
    if not form.validate():
        return _edit_page(scope, form), 422
    try:
        with context.transaction() as session:
            _draft(session, scope, form)
            response = context.answer(_to(".preview_workflow", scope))
    except Refused as refusal:
        form.can_cu.errors = [said(refusal)]
        return _edit_page(scope, form), 422
    except WrongState:
        form.lan.data = str(_revision(scope))  # Sent once more, it replaces what the other one wrote.
        return _edit_page(scope, form, is_beaten=True), 409
    flash(_("Đã lưu bản nháp; quy trình đang áp dụng chưa đổi."))
    return response


@bp.post("/quan-tri/quy-trinh/ban-hanh")
def publish_workflow() -> ResponseReturnValue:
    """Put the draft in force for new dossiers."""
    scope, form = asked_scope(), SeenForm()
    with context.transaction() as session:
        drafted = _drafted(session, scope)
        workflows.publish(session, drafted, by=context.actor(), at=context.now(), seen=form.seen)
        response = context.answer(_to(".workflow", scope))
    flash(_("Đã ban hành: hồ sơ mới theo quy trình này, hồ sơ đang chạy giữ quy trình của mình."))
    return response


@bp.post("/quan-tri/quy-trinh/bo")
def discard_workflow() -> ResponseReturnValue:
    """Throw the draft away."""
    scope, form = asked_scope(), SeenForm()
    with context.transaction() as session:
        drafted = _drafted(session, scope)
        workflows.discard(session, drafted, by=context.actor(), at=context.now(), seen=form.seen)
        response = context.answer(_to(".workflow", scope))
    flash(_("Đã bỏ bản nháp."))
    return response


def _draft(session: Session, scope: Scope, form: WorkflowForm) -> None:
    by, at, source = context.actor(), context.now(), form.can_cu.data or ""
    workflows.draft(session, scope.scope, form.steps(), source, by=by, at=at, seen=form.seen)


def _drafted(session: Session, scope: Scope) -> WorkflowVersion:
    """The draft inside the transaction; one that somebody has published or thrown away is a change, too."""
    found = workflows.draft_of(session, scope.scope)
    if found is None:
        raise ChangedMeanwhile
    return found


def _revision(scope: Scope) -> int:
    return workflows.revision(context.session(), scope.scope)


def _to(endpoint: str, scope: Scope) -> Response:
    return context.go_to(url_for(endpoint, cho=scope.scope or None))


def _edit_page(scope: Scope, form: WorkflowForm, *, is_beaten: bool = False) -> str:
    values = {"scope": scope, "form": form, "is_beaten": is_beaten, "nav_current": NAV}
    return render_template("admin/edit_workflow.html", **values)
