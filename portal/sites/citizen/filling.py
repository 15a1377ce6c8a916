"""The pages of a form: shown with what is known, checked, and kept even where something is wrong."""

from dataclasses import replace
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts.identity import number_of
from portal.accounts.models import Account
from portal.catalogue.answers import AnswerError, Checked, check_step, typed
from portal.catalogue.definitions import CASE, Definition, Kind, Page, Question
from portal.catalogue.models import Competence
from portal.dossiers import drafts
from portal.dossiers.readiness import NotReceived, Whole, received_at
from portal.ground.errors import NotFound
from portal.sites.citizen import steps
from portal.sites.citizen.forms import question_form, show_errors
from portal.sites.citizen.site import bp, later, saving, settle, whole_of
from portal.web import context
from portal.web.i18n import say

ADD = "them:"
"""Before the name of a group, in the button that asks for one more entry."""


@bp.get("/nop-ho-so/ban-nhap/<uid>/to-khai/<key>")
def page(uid: str, key: str) -> str:
    """One page of the form, with what was answered, or what the account already tells."""
    session = context.session()
    seen = whole_of(session, uid)
    asked = _page(seen, key)
    form = _form(seen, asked)(formdata=None, **_known_answers(session, seen, asked))
    return _show(seen, asked, form)


@bp.post("/nop-ho-so/ban-nhap/<uid>/to-khai/<key>")
def page_submit(uid: str, key: str) -> ResponseReturnValue:
    """Check and keep a page; what is right is kept even when something else on the page is wrong."""
    with context.transaction() as session:
        seen = whole_of(session, uid, lock=True)
        asked = _page(seen, key)
        form = _form(seen, asked)()
        raw = {question.name: form[question.name].data for question in _questions(seen, asked)}
        found = check_step(_definition(seen), asked, raw, _earlier(seen), seen.known)
        _check_received(session, seen, asked, found)
        drafts.save_page(session, seen.draft, asked, found.values, done=not found.errors, **saving())
        others = {name: kept for name, kept in seen.answers.items() if name not in raw}
        seen = replace(seen, answers=others | found.values)
        unsaved = any(raw.get(name.split("-")[0]) for name in found.errors)
        response = settle(session, _onward(seen, key, has_errors=bool(found.errors), unsaved=unsaved))
    if response is not None:
        return response
    go = request.form.get("go", "")
    if go.startswith(ADD):
        return _show(seen, asked, _longer(seen, asked, form, go.removeprefix(ADD)))
    show_errors(form, found.errors)
    return _show(seen, asked, form), 422


def _check_received(session: Session, seen: Whole, asked: Page, found: Checked) -> None:
    """Say at once, beside the ward that decides the office, that nobody there would receive the dossier."""
    version, deciding = seen.draft.procedure_version, _definition(seen).competence
    area = found.values.get(deciding.name) if deciding and deciding in asked.questions else None
    if deciding and area and version.competence != Competence.ANY:
        try:
            received_at(session, version, area, seen.today)
        except NotReceived as nobody:
            found.errors[deciding.name] = AnswerError(nobody.message, **nobody.params)


def _onward(seen: Whole, key: str, *, has_errors: bool, unsaved: bool) -> Response | None:
    """Where the page leads; None when it is to be shown again."""
    go = request.form.get("go", "")
    if go == "later" and not unsaved:
        return later()
    if go.startswith(ADD) or has_errors:
        return None
    return context.go_to(steps.onward(seen, f"page-{key}"))


def _page(seen: Whole, key: str) -> Page:
    found = next((page for page in seen.pages if page.key == key), None)
    if found is None:
        raise NotFound
    return found


def _definition(seen: Whole) -> Definition:
    if seen.definition is None:
        raise NotFound
    return seen.definition


def _earlier(seen: Whole) -> dict[str, Any]:
    return {CASE: seen.draft.case_key, **seen.answers}


def _questions(seen: Whole, page: Page) -> tuple[Question, ...]:
    return page.asked(_earlier(seen))


def _form(seen: Whole, page: Page, entries: int = 0) -> type[Any]:
    return question_form(_questions(seen, page), seen.wards, entries=entries)


def _known_answers(session: Session, seen: Whole, page: Page) -> dict[str, Any]:
    """What was answered before, as it would be typed; on a fresh page what the account tells."""
    account = session.get_one(Account, context.actor().account_id)
    return {question.name: _known(session, seen, question, account) for question in _questions(seen, page)}


def _known(session: Session, seen: Whole, question: Question, account: Account) -> Any:
    answered = seen.answers.get(question.name)
    if answered is not None:
        return typed(question, answered)
    details = {"name": account.full_name, "phone": account.phone or ""}
    if question.from_account and _is_about_account(seen, question):
        if question.from_account == "identity":
            return number_of(session, account)
        return details.get(question.from_account, "")
    return say(question.default) if question.default else typed(question, None)


def _is_about_account(seen: Whole, question: Question) -> bool:
    """Not where the form has said that the owner is somebody else."""
    owner = _definition(seen).owner
    himself = owner.himself
    if himself is None or himself.question not in seen.answers or himself.holds(seen.answers):
        return True
    return question.name not in (owner.name, owner.phone, owner.identity)


def _longer(seen: Whole, page: Page, form: Any, group: str) -> Any:
    """The same form with one more empty entry in *group*."""
    groups = {question.name for question in page.questions if question.kind == Kind.GROUP}
    if group not in groups:
        raise NotFound
    entries = min(len(form[group].entries) + 1, form[group].max_entries)
    data = {question.name: form[question.name].data for question in _questions(seen, page)}
    data[group] = [*data[group], {}][:entries]
    return _form(seen, page, entries)(formdata=None, **data)


def _show(seen: Whole, page: Page, form: Any) -> str:
    return render_template(
        "citizen/page.html",
        **steps.frame(seen, f"page-{page.key}"),
        page=page,
        questions=_questions(seen, page),
        form=form,
        has_errors=bool(form.errors),
    )
