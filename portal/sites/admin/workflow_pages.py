"""Workflows to look at: for what there are any, the versions of one, what a draft would mean."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts import calendars, people
from portal.accounts.models import OfficeKind
from portal.catalogue import workflow_preview, workflow_scopes, workflows
from portal.catalogue.workflow_scopes import Scope
from portal.catalogue.workflows import EVERYTHING, WorkflowVersion
from portal.dossiers import queries
from portal.ground.errors import NotFound
from portal.ground.working_time import ZONE
from portal.sites.admin.views import bp, searched_words
from portal.sites.admin.workflow_forms import PreviewForm, SeenForm, preview_form
from portal.sites.admin.workflow_wording import difference_rows, lines_of, told_workflow
from portal.web import context

NAV = "admin.workflow_list"


def asked_scope() -> Scope:
    """The scope that the address names, everything when it names none; or NotFound."""
    wanted = request.args.get("cho", EVERYTHING)[:220]
    return workflow_scopes.scope_of(context.session(), wanted, context.today())


@bp.get("/quan-tri/quy-trinh")
def workflow_list() -> ResponseReturnValue:
    """For everything, each field and each procedure with its own: the version in force and its dossiers."""
    session, today, words = context.session(), context.today(), searched_words()
    now, running = workflow_scopes.published_by_scope(session), queries.running_under(session)
    drafted = workflow_scopes.drafted(session)

    def lines(scopes: list[Scope]) -> Any:
        return lines_of(scopes, now, running, drafted)

    return render_template(
        "admin/workflows.html",
        everything=lines([Scope(EVERYTHING)]),
        fields=lines(workflow_scopes.fields(session, today)),
        procedures=lines(workflow_scopes.own_procedures(session, today)),
        found=lines(workflow_scopes.procedures_named(session, words, today)) if words else [],
        words=words,
        nav_current=NAV,
    )


@bp.get("/quan-tri/quy-trinh/ban")
def workflow() -> ResponseReturnValue:
    """One scope: the steps in force, its draft, its versions, and what the ledger says."""
    session, scope = context.session(), asked_scope()
    return render_template(
        "admin/workflow.html",
        scope=scope,
        current=in_force(scope),
        draft=workflows.draft_of(session, scope.scope),
        versions=workflow_scopes.versions(session, scope.scope),
        running=queries.running_under(session),
        told=told_workflow(session, scope.scope),
        nav_current=NAV,
    )


@bp.get("/quan-tri/quy-trinh/xem-truoc")
def preview_workflow() -> ResponseReturnValue:
    """What a dossier accepted at a moment would go through, and what publishing changes."""
    scope = asked_scope()
    drafted = workflows.draft_of(context.session(), scope.scope)
    if drafted is None:
        raise NotFound
    offices = people.choices(context.session(), context.today())
    able = [(one.id, one.name) for one in offices if one.kind not in (OfficeKind.POST, OfficeKind.PROVINCE)]
    form = preview_form(context.now(), able, request.args)
    is_valid = request.args.get("tu") is None or form.validate()
    counted = _counted(scope, drafted, form) if is_valid else {}
    page = render_template(
        "admin/preview_workflow.html",
        scope=scope,
        draft=drafted,
        form=form,
        acting=SeenForm(formdata=None, data={"lan": workflows.revision(context.session(), scope.scope)}),
        counted=counted,
        changes=difference_rows(in_force(scope), drafted),
        running=_running_in(scope),
        nav_current=NAV,
    )
    return page, 200 if is_valid else 422


def in_force(scope: Scope) -> WorkflowVersion | None:
    """The version that new dossiers of a scope take now: its own, or that of what lies above it."""
    session, today = context.session(), context.today()
    if not scope.code:
        field = scope.name if scope.is_field else ""
        return workflows.in_force(session, scope.scope, field)
    field = workflow_scopes.field_of(session, scope.code, today)
    return workflows.in_force(session, scope.code, field)


def _running_in(scope: Scope) -> int:
    """How many open dossiers keep the version that is in force now."""
    now = in_force(scope)
    return queries.running_under(context.session()).get(now.id, 0) if now else 0


def _counted(scope: Scope, drafted: WorkflowVersion, form: PreviewForm) -> dict[str, Any]:
    session, start = context.session(), form.start()
    office_id = int(form.co_quan.data) if form.co_quan.data else None
    calendar = calendars.calendar_of(session, office_id, start.astimezone(ZONE).date())
    terms = workflow_scopes.terms_under(session, scope, context.today())
    return {
        "start": start,
        "passages": workflow_preview.walk(drafted.steps, start, calendar),
        "hours": workflow_preview.hours_of(drafted.steps),
        "ends_at": workflow_preview.ends_at(drafted.steps, start, calendar),
        "asked_ends_at": workflow_preview.ends_at(drafted.steps, start, calendar, asked=True),
        "overruns": workflow_preview.overruns(drafted.steps, terms, start, calendar),
        "terms": len(terms),
    }
