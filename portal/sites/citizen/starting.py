"""Before a filing: what one needs, drafts to resume; then the case, the papers that apply, and the office."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import HiddenField, RadioField

from portal.accounts.models import Office
from portal.catalogue import queries as catalogue
from portal.catalogue.form_source import form_for, parse
from portal.catalogue.models import Case, Competence, ProcedureVersion
from portal.dossiers import drafts
from portal.dossiers.readiness import NotReceived, Whole, deciders, received_at, standing_of
from portal.ground.errors import Refused
from portal.sites.citizen import registers, steps
from portal.sites.citizen.forms import AreaField, CheckboxesField
from portal.sites.citizen.site import bp, draft_of, later, saving, settle, whole_of
from portal.web import context
from portal.web.forms import PortalForm
from portal.web.i18n import _, say

CASE_IN_ADDRESS = "truong-hop"


@bp.get("/nop-ho-so/<code>")
def start(code: str) -> str:
    """What a filing of this procedure needs, and the ways into it."""
    session = context.session()
    version = catalogue.published(session, code, context.today())
    return render_template("citizen/start.html", **_opening(session, version))


@bp.post("/nop-ho-so/<code>")
def start_submit(code: str) -> Response:
    """Begin a draft; a double click begins one."""
    with context.transaction() as session:
        version = catalogue.published(session, code, context.today())
        draft = drafts.begin(session, version, by=context.actor(), **saving())
        address = url_for(".case", uid=draft.uid, **_case_wanted())
        return context.answer(context.go_to(address))


@bp.get("/nop-ho-so/ban-nhap/<uid>")
def resume(uid: str) -> ResponseReturnValue:
    """Lead on to the first page that is not done."""
    return redirect(steps.resume_at(whole_of(context.session(), uid)))


@bp.get("/nop-ho-so/ban-nhap/<uid>/truong-hop")
def case(uid: str) -> str:
    """Choose the case, the papers that apply, and the office where the citizen may."""
    seen = whole_of(context.session(), uid)
    chosen = _chosen_case(seen, request.args.get(CASE_IN_ADDRESS, ""))
    form = _case_form(context.session(), seen, chosen)(formdata=None, **_given(seen, chosen))
    return _case_page(seen, chosen, form)


@bp.post("/nop-ho-so/ban-nhap/<uid>/truong-hop")
def case_submit(uid: str) -> ResponseReturnValue:
    """Keep the choices."""
    with context.transaction() as session:
        seen = whole_of(session, uid, lock=True)
        chosen = _chosen_case(seen, request.form.get("case_key", ""))
        form = _case_form(session, seen, chosen)()
        drafts.choose_case_and_papers(seen.draft, chosen.key, frozenset(_ticked(form)), **saving())
        found = _choose_office(session, seen, form)
        response = settle(session, _onward(seen, is_chosen=found))
    return response or (_case_page(seen, chosen, form), 422)


def _onward(seen: Whole, *, is_chosen: bool) -> Response | None:
    """Where the page leads; None when it is to be shown again."""
    if request.form.get("go") == "later":
        return later()
    return context.go_to(steps.onward(seen, "case")) if is_chosen else None


@bp.get("/nop-ho-so/ban-nhap/<uid>/xoa")
def discard(uid: str) -> str:
    """Ask before a draft is deleted."""
    return render_template("citizen/discard.html", draft=draft_of(context.session(), uid))


@bp.post("/nop-ho-so/ban-nhap/<uid>/xoa")
def discard_submit(uid: str) -> Response:
    """Delete a draft and its files."""
    with context.transaction() as session:
        drafts.discard(session, draft_of(session, uid, lock=True))
        response = context.answer(context.go_to(url_for(".dossiers")))
    flash(_("Đã xóa bản nháp."))
    return response


def _opening(session: Session, version: ProcedureVersion) -> dict[str, Any]:
    by, at = context.actor(), context.now()
    standing = standing_of(session, version, context.today())
    held = form_for(session, version.procedure.code) if standing.files_online else None
    mine = [draft for draft in drafts.mine(session, by, at) if _same(draft.procedure_version, version)]
    return {
        "version": version,
        "standing": standing,
        "pages": parse(held.content).pages if held else [],
        "drafts": mine,
        "under_way": drafts.open_dossiers(session, version, by),
        "form": PortalForm(formdata=None),
        "wanted": _case_wanted(),
        "replaceable": registers.replaceable(paper for case in version.cases for paper in case.papers),
        "draft_days": context.settings().draft_days,
    }


def _same(one: ProcedureVersion, other: ProcedureVersion) -> bool:
    return one.procedure_id == other.procedure_id


def _case_wanted() -> dict[str, Any]:
    """The case in the address, as the page of the procedure passes it on."""
    wanted = request.args.get(CASE_IN_ADDRESS, "")
    return {CASE_IN_ADDRESS: wanted} if wanted else {}


def _chosen_case(seen: Whole, wanted: str) -> Case:
    cases = seen.draft.procedure_version.cases
    by_key = {case.key: case for case in cases}
    found = by_key.get(wanted) or seen.case or (cases[0] if cases else None)
    if found is None:
        raise Refused(_("Thủ tục này chưa có danh mục giấy tờ."))
    return found


def _case_form(session: Session, seen: Whole, case: Case) -> type[PortalForm]:
    """Optional papers as checkboxes; the office, or the ward that decides it, where the form does not ask."""
    fields: dict[str, Any] = {"case_key": HiddenField(default=case.key)}
    optional = {paper.key: paper.name for paper in case.papers if paper.only_if}
    if optional:
        label = _("Giấy tờ nào sau đây đúng với bạn?")
        fields["papers"] = CheckboxesField(label, choices=optional, validate_choice=False)
    rule = seen.draft.procedure_version.competence
    if rule == Competence.ANY:
        fields["office"] = RadioField(
            _("Nơi giải quyết"), choices=_office_choices(session, seen), validate_choice=False
        )
    elif seen.definition is None or seen.definition.competence is None:
        label = _("Phường, xã: %(rule)s", rule=say(rule.label) if rule else "")
        fields["area"] = AreaField(seen.wards, elsewhere=False, label=label)
    return type("CaseForm", (PortalForm,), fields)


def _office_choices(session: Session, seen: Whole) -> dict[str, str]:
    return {str(office.id): f"{office.name}, {office.address}" for office in _offices(session, seen)}


def _offices(session: Session, seen: Whole) -> list[Office]:
    return list(deciders(session, seen.draft.procedure_version, context.today()))


def _given(seen: Whole, case: Case) -> dict[str, Any]:
    office = seen.office
    return {
        "case_key": case.key,
        "papers": list(seen.draft.paper_keys),
        "office": str(office.id) if office else "",
        "area": (office.area_code or "") if office else "",
    }


def _ticked(form: Any) -> list[str]:
    return list(form.papers.data or []) if "papers" in form else []


def _choose_office(session: Session, seen: Whole, form: Any) -> bool:
    """Set the office that was chosen here; whether there is nothing to complain about."""
    if "office" in form:
        found = {str(office.id): office for office in _offices(session, seen)}.get(form.office.data or "")
        return _set_office(seen, form.office, found, _("Hãy chọn nơi giải quyết."))
    if "area" in form:
        area = form.area.data if form.area.data in seen.known.areas else ""
        try:
            found = received_at(session, seen.draft.procedure_version, area, seen.today) if area else None
        except NotReceived as nobody:
            return _set_office(seen, form.area, None, say(nobody.message, **nobody.params))
        return _set_office(seen, form.area, found, _("Hãy chọn phường, xã trong danh sách."))
    return True


def _set_office(seen: Whole, field: Any, found: Office | None, complaint: str) -> bool:
    if found is None:
        field.errors = [complaint]
        return False
    drafts.choose_office(seen.draft, found)
    return True


def _case_page(seen: Whole, case: Case, form: PortalForm) -> str:
    query: dict[str, Any] = request.args.to_dict()
    cases = [
        {
            "name": each.name,
            "hint": each.hint,
            "url": url_for(".case", uid=seen.draft.uid, **{**query, CASE_IN_ADDRESS: each.key}),
            "is_chosen": each is case,
        }
        for each in seen.draft.procedure_version.cases
    ]
    always = [paper for paper in case.papers if not paper.only_if]
    values = {"case": case, "cases": cases, "always": always, "form": form, "has_errors": bool(form.errors)}
    values["replaceable"] = registers.replaceable(case.papers) if seen.standing.files_online else []
    return render_template("citizen/case.html", **steps.frame(seen, "case"), **values)
