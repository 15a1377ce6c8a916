"""Answering a request of the office: each asked thing gets a file, a new answer, or a word why not."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import MultipleFileField, TextAreaField

from portal.accounts.calendars import calendar_of
from portal.accounts.offices import wards
from portal.catalogue.answers import AnswerError, Known, clean, tidy
from portal.catalogue.definitions import Question
from portal.catalogue.form_source import parse
from portal.dossiers import papers, queries, supplements
from portal.dossiers.answering_days import AnsweringDay, answering_days
from portal.dossiers.models import Dossier, SupplementItem
from portal.ground.codes import typed
from portal.ground.errors import NotFound, PortalError, Refused
from portal.ground.working_time import day_of
from portal.sites.citizen.forms import question_form, sentence
from portal.sites.citizen.site import bp, settle
from portal.sites.citizen.tracking import found
from portal.sites.citizen.uploading import REMOVE
from portal.web import context, uploads
from portal.web.forms import PortalForm
from portal.web.i18n import _, say
from portal.web.supplement_words import deadline_of, title_of


@dataclass(frozen=True)
class Line:
    """One asked thing with its fields: a file or a new answer, and the word instead."""

    key: str
    title: str
    fault: str
    note: str
    field: Any
    instead: Any
    is_paper: bool
    files: list[Any]
    field_kind: str


@bp.get("/ho-so/<code>/bo-sung")
def supplement(code: str) -> str:
    """What is asked for, line by line."""
    dossier = found(code)
    supplements.open_request(dossier)
    return _show(dossier, _form(dossier)(formdata=None))


@bp.post("/ho-so/<code>/bo-sung")
def supplement_submit(code: str) -> ResponseReturnValue:
    """Keep the files, and answer when nothing is left open; one answer however often it is sent."""
    shown = found(code)
    asked = _keys(shown)
    sent = uploads.take_all(f"tep-{key}" for key in asked)
    taken = {key: sent[f"tep-{key}"] for key in asked}
    form, response = _form(shown)(), None
    with context.transaction() as session:
        dossier = queries.by_code(session, typed(code), context.actor(), _seen_version())
        _keep_files(session, dossier, taken, form)
        answers = _answers(session, dossier, form)
        if _is_complete(dossier, form, answers) and not request.form.get("go", "").startswith(REMOVE):
            declined = {key: tidy(form[f"loi-{key}"].data or "") for key in asked}
            supplements.give(session, dossier, answers, declined, by=context.actor(), at=context.now())
            response = context.go_to(url_for(".dossier", code=code))
        settle(session, response)
    if response is None:
        return _again(code, form, uploads.status_of(one for each in sent.values() for one in each.refusals))
    flash(_("Đã gửi phần bổ sung. Cơ quan sẽ kiểm tra lại."))
    return response


def _again(code: str, form: Any, status: int) -> ResponseReturnValue:
    """The page with what is still missing; after taking a file out, without complaints."""
    dossier = found(code)
    if request.form.get("go", "").startswith(REMOVE):
        for field in form:
            field.errors = []
        return _show(dossier, form)
    return _show(dossier, form), status


def _seen_version() -> int | None:
    sent = request.form.get("phien_ban", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else None


def _keys(dossier: Dossier) -> list[str]:
    return [supplements.key_of(item) for item in supplements.open_request(dossier).items]


def _form(dossier: Dossier) -> type[PortalForm]:
    """A field for each asked thing, and one for the word instead."""
    questions = list(_questions(dossier).values())
    base = question_form(questions, wards(context.session(), context.today()))
    fields: dict[str, Any] = {}
    for item in supplements.open_request(dossier).items:
        key = supplements.key_of(item)
        if item.checklist_item:
            fields[f"tep-{key}"] = MultipleFileField(_("Tệp mới"), description=uploads.limits_sentence())
        fields[f"loi-{key}"] = TextAreaField(_("Không có thì nói vì sao"))
    return type("SupplementForm", (base,), fields)


def _questions(dossier: Dossier) -> dict[str, Question]:
    """The questions asked anew; none is required, since a word will do instead."""
    asked = {item.question for item in supplements.open_request(dossier).items}
    if dossier.form is None:
        return {}
    return {
        q.name: replace(q, required=False) for q in parse(dossier.form.content).questions() if q.name in asked
    }


def _keep_files(session: Session, dossier: Dossier, taken: dict[str, uploads.Taken], form: Any) -> None:
    """Attach what came, take out what is not wanted; complaints stand at their fields."""
    by, at, most = context.actor(), context.now(), context.settings().dossier_max_files
    go = request.form.get("go", "")
    if go.startswith(REMOVE):
        with suppress(NotFound):  # The second of a double click.
            papers.remove(session, dossier, go.removeprefix(REMOVE))
    for key, each in taken.items():
        refusals: list[PortalError] = list(each.refusals)
        try:
            for file in each.files:
                papers.attach(session, dossier, file, key, by=by, at=at, most=most)
        except Refused as full:
            refusals.append(full)
        if refusals:
            form[f"tep-{key}"].errors = [say(one.message, **one.params) for one in refusals]


def _answers(session: Session, dossier: Dossier, form: Any) -> dict[str, Any]:
    """The new answers that hold; complaints stand at their fields."""
    known = Known(context.today(), {ward.code: ward.full_name for ward in wards(session, context.today())})
    answers: dict[str, Any] = {}
    for name, question in _questions(dossier).items():
        try:
            value = clean(question, form[name].data, known)
        except AnswerError as error:
            form[name].errors = [sentence(error)]
            continue
        if value is not None:
            answers[name] = value
    return answers


def _is_complete(dossier: Dossier, form: Any, answers: dict[str, Any]) -> bool:
    """Whether every asked thing has a file, an answer or a word; else it says so at the field."""
    given = supplements.kept_files(dossier) | answers.keys()
    for key in _keys(dossier):
        if key not in given and not tidy(form[f"loi-{key}"].data or ""):
            field = form[f"tep-{key}"] if f"tep-{key}" in form else form[key]
            field.errors = field.errors or [
                _("Mục này cần một tệp, một câu trả lời mới, hoặc một lời giải thích.")
            ]
    return not form.errors


def _show(dossier: Dossier, form: Any) -> str:
    request_ = supplements.open_request(dossier)
    return render_template(
        "citizen/supplement.html",
        dossier=dossier,
        version=dossier.procedure_version,
        request=request_,
        lines=[_line(dossier, item, form) for item in request_.items],
        form=form,
        ahead=_ahead(dossier),
        answer_by=deadline_of(dossier),
        has_term=dossier.due_at is not None,
        accept=uploads.ACCEPT,
        has_errors=bool(form.errors),
    )


def _ahead(dossier: Dossier) -> list[AnsweringDay]:
    """When the office would be done, or have checked, if the answer came on one of the next days."""
    at = context.now()
    return answering_days(dossier, calendar_of(context.session(), dossier.office_id, day_of(at)), at)


def _line(dossier: Dossier, item: SupplementItem, form: Any) -> Line:
    key, is_paper = supplements.key_of(item), item.checklist_item is not None
    field = form[f"tep-{key}"] if is_paper else form[key]
    waiting = [paper for paper in papers.of_item(dossier, key) if paper.filed_at is None]
    question = _questions(dossier).get(key)
    return Line(
        key=key,
        title=title_of(dossier, item),
        fault=say(item.fault.label),
        note=item.note,
        field=field,
        instead=form[f"loi-{key}"],
        is_paper=is_paper,
        files=waiting,
        field_kind=question.kind if question else "",
    )
