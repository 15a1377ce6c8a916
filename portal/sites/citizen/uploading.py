"""Photos and scans of the papers: each under its own line of the list, kept at once, taken out again."""

from contextlib import suppress
from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import MultipleFileField

from portal.catalogue.models import RequiredPaper
from portal.dossiers import inquiries, papers, ways
from portal.dossiers.readiness import Whole
from portal.ground.errors import NotFound, PortalError, Refused
from portal.sites.citizen import registers, steps
from portal.sites.citizen.forms import Required
from portal.sites.citizen.site import bp, draft_of, later, settle, whole_of
from portal.web import context, uploads
from portal.web.forms import PortalForm
from portal.web.i18n import _, say

REMOVE = "bo:"
"""Before the uid of a file, in the button that takes it out."""


@bp.get("/nop-ho-so/ban-nhap/<uid>/anh", endpoint="uploads")
def uploads_page(uid: str) -> str:
    """The papers that a photo or a scan is asked of, with what is there already."""
    seen = _online(whole_of(context.session(), uid))
    return _show(seen, _form(seen)(formdata=None))


@bp.post("/nop-ho-so/ban-nhap/<uid>/anh")
def uploads_submit(uid: str) -> ResponseReturnValue:
    """Keep every file that can be kept, say of the others why not, ask the register whose button it is."""
    seen = _online(whole_of(context.session(), uid))
    fields = {f"tep-{paper.key}": paper.key for paper in ways.to_upload(seen.papers)}
    taken = {fields[field]: each for field, each in uploads.take_all(fields).items()}
    refused = {key: each.refusals for key, each in taken.items() if each.refusals}
    go = request.form.get("go", "")
    asked = registers.asked(seen, go)
    with context.transaction() as session:
        draft = draft_of(session, uid, lock=True)
        if asked:
            inquiry = inquiries.made(session, *asked, by=context.actor(), at=context.now())
            draft.inquiries.append(inquiry)
        if go.startswith(REMOVE):
            with suppress(NotFound):  # The second of a double click.
                papers.remove(session, draft, go.removeprefix(REMOVE))
        for key, each in taken.items():
            refused.setdefault(key, []).extend(_attach(session, draft, key, each))
        complaints = {key: errors for key, errors in refused.items() if errors}
        response = settle(session, None if complaints else _onward(seen, go))
    if response is None:
        return _complain(uid, complaints)
    if go.startswith(REMOVE) or go == "stay":
        flash(_("Đã bỏ tệp.") if go.startswith(REMOVE) else _("Đã lưu các tệp vừa chọn."))
    return response


def _complain(uid: str, complaints: dict[str, list[PortalError]]) -> ResponseReturnValue:
    seen = whole_of(context.session(), uid)
    form = _form(seen)(formdata=None)
    for key, errors in complaints.items():
        form[f"tep-{key}"].errors = [say(error.message, **error.params) for error in errors]
    return _show(seen, form), uploads.status_of(error for errors in complaints.values() for error in errors)


def _onward(seen: Whole, go: str) -> Response:
    if go == "later":
        return later()
    if go.startswith((REMOVE, registers.LOOK)) or go == "stay":
        place = f"tra-{go.removeprefix(registers.LOOK)}" if go.startswith(registers.LOOK) else None
        return context.go_to(url_for(".uploads", uid=seen.draft.uid, _anchor=place, **_kept_query()))
    return context.go_to(steps.onward(seen, "uploads"))


def _kept_query() -> dict[str, Any]:
    return request.args.to_dict()


def _attach(session: Any, draft: Any, key: str, taken: uploads.Taken) -> list[PortalError]:
    most = context.settings().dossier_max_files
    try:
        for file in taken.files:
            papers.attach(session, draft, file, key, by=context.actor(), at=context.now(), most=most)
    except Refused as full:
        return [full]
    return []


def _online(seen: Whole) -> Whole:
    """Nothing is uploaded for a procedure that cannot be filed online."""
    if not seen.standing.files_online:
        raise NotFound
    return seen


def _form(seen: Whole) -> type[PortalForm]:
    demanded = {paper.key for paper in ways.must_upload(seen.demanded)}
    fields = {
        f"tep-{paper.key}": _field(paper, must=paper.key in demanded) for paper in ways.to_upload(seen.papers)
    }
    return type("UploadsForm", (PortalForm,), fields)


def _field(paper: RequiredPaper, *, must: bool) -> MultipleFileField:
    hint = paper.note or (
        _("Xuất trình khi nhận kết quả; gửi ảnh trước thì nhanh hơn.") if paper.to_show else ""
    )
    return MultipleFileField(paper.name, description=hint, validators=[Required()] if must else [])


def _show(seen: Whole, form: Any) -> str:
    rows = [
        {
            "field": form[f"tep-{paper.key}"],
            "files": papers.of_item(seen.draft, paper.key),
            "look_up": registers.look_up(context.session(), seen, paper),
        }
        for paper in ways.to_upload(seen.papers)
    ]
    return render_template(
        "citizen/uploads.html",
        **steps.frame(seen, "uploads"),
        rows=rows,
        form=form,
        accept=uploads.ACCEPT,
        limits=uploads.limits_sentence(),
        has_errors=bool(form.errors),
    )
