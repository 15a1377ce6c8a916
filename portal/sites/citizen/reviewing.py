"""Everything once more before it counts; the declaration; filing exactly once."""

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import BooleanField

from portal.catalogue.models import Channel, RequiredPaper
from portal.catalogue.registers import name_of
from portal.dossiers import drafts, papers
from portal.dossiers.models import Dossier, Paper
from portal.dossiers.readiness import Whole, obstacles
from portal.dossiers.states import Delivery
from portal.ground.errors import Refused
from portal.ground.registers import Outcome
from portal.postal import actions as postal
from portal.postal import tariff
from portal.postal.states import Purpose
from portal.sites.citizen import steps
from portal.sites.citizen.places import place_of
from portal.sites.citizen.sending import RECEIVE_TITLES, SEND_TITLES
from portal.sites.citizen.site import bp, later, whole_of
from portal.web import context, formats
from portal.web.forms import PortalForm
from portal.web.i18n import _, _l, say
from portal.web.wording import in_words


class DeclareForm(PortalForm):
    """The declaration that goes with a filing."""

    declared = BooleanField(
        _l("Tôi cam đoan lời khai trên là đúng và chịu trách nhiệm trước pháp luật về lời khai của mình.")
    )


@dataclass(frozen=True)
class Section:
    """One part of the review with the way to change it; rows are (term, value)."""

    title: str
    key: str
    rows: list[tuple[str, str]]
    url: str


@bp.get("/nop-ho-so/ban-nhap/<uid>/xem-lai")
def review(uid: str) -> str:
    """Everything that will be filed."""
    session = context.session()
    return _show(session, whole_of(session, uid), DeclareForm(formdata=None))


@bp.post("/nop-ho-so/ban-nhap/<uid>/xem-lai")
def submit(uid: str) -> ResponseReturnValue:
    """File the draft; sent twice it is one dossier and one answer."""
    if request.form.get("go") == "later":
        return later()
    form = DeclareForm()
    if not form.declared.data:
        form.declared.errors = [_("Hãy đánh dấu lời cam đoan trước khi nộp.")]
        return _again(uid, form)
    try:
        with context.transaction() as session:
            address = url_for(".receipt", code=_file(session, uid).shown_code)
            return context.answer(context.go_to(address))
    except Refused as refusal:
        form.declared.errors = [say(refusal.message, **refusal.params)]
        return _again(uid, form)


def _file(session: Session, uid: str) -> Dossier:
    """The dossier of the draft with its postal orders, all in one transaction."""
    by, at = context.actor(), context.now()
    draft = drafts.resume(session, uid, by, at, lock=True)
    if draft.dossier_id is not None:
        return drafts.file(session, draft, by=by, at=at)
    pickup, back = draft.ways.get("pickup"), draft.ways.get("back")
    dossier = drafts.file(session, draft, by=by, at=at)
    if dossier.channel == Channel.POST and pickup:
        postal.order_pickup(session, dossier, place_of(pickup), by=by, at=at)
    if dossier.delivery == Delivery.POST and back:
        postal.order_return(session, dossier, place_of(back), by=by, at=at)
    return dossier


def _again(uid: str, form: DeclareForm) -> Response:
    session = context.session()
    return make_response(_show(session, whole_of(session, uid), form), 422)


def _show(session: Session, seen: Whole, form: DeclareForm) -> str:
    missing = [(say(one.message, **one.params), steps.way_to(seen, one)) for one in obstacles(seen)]
    return render_template(
        "citizen/review.html",
        **steps.frame(seen, "review"),
        form=form,
        sections=[*_case(seen), *_pages(seen), *_papers(seen), *_ways(seen)],
        notices=[say(message) for message in seen.checked.notices.values()],
        missing=missing,
        money=_money(session, seen),
        has_errors=bool(form.errors),
    )


def _case(seen: Whole) -> list[Section]:
    rows = [(_("Trường hợp"), seen.case.name if seen.case else _("chưa chọn"))]
    if seen.definition is None and seen.office:
        rows.append((_("Nơi giải quyết"), seen.office.name))
    return [Section(_("Trường hợp của bạn"), "case", rows, steps.change_url(seen, "case"))]


def _pages(seen: Whole) -> list[Section]:
    asked = {"case": seen.draft.case_key, **seen.answers}
    sections = []
    for page in seen.pages:
        answered = [q for q in page.asked(asked) if seen.answers.get(q.name) not in (None, "", [])]
        rows = [(say(q.label), in_words(q, seen.answers[q.name], seen.known.areas)) for q in answered]
        key = f"page-{page.key}"
        sections.append(Section(say(page.title), key, rows, steps.change_url(seen, key)))
    return sections


def _papers(seen: Whole) -> list[Section]:
    if not seen.standing.files_online:
        rows = [(paper.name, "") for paper in seen.papers]
        return [Section(_("Giấy tờ gửi đi"), "papers", rows, steps.change_url(seen, "case"))]
    rows = [(p.name, _given(seen, p)) for p in seen.papers if not p.is_form]
    return [Section(_("Giấy tờ"), "uploads", rows, steps.change_url(seen, "uploads"))]


def _given(seen: Whole, paper: RequiredPaper) -> str:
    files, asked = papers.of_item(seen.draft, paper.key), seen.inquiries.get(paper.key)
    if asked is None or asked.outcome != Outcome.FOUND:
        return _files(files)
    register = _("đã tra thấy trong %(register)s, không phải nộp", register=say(name_of(asked.register)))
    return f"{register}; {_files(files)}" if files else register


def _files(found: list[Paper]) -> str:
    if not found:
        return _("chưa có ảnh")
    size = formats.size(sum(paper.size_bytes for paper in found))
    return _("%(count)s tệp, %(size)s", count=len(found), size=size)


def _ways(seen: Whole) -> list[Section]:
    chosen = seen.chosen
    rows = [(_("Gửi"), _("chưa chọn")), (_("Nhận"), _("chưa chọn"))]
    if chosen:
        send = _with_place(str(SEND_TITLES[chosen.send]), chosen.pickup, seen)
        receive = _with_place(str(RECEIVE_TITLES[chosen.receive]), chosen.back, seen)
        rows = [(_("Gửi"), send), (_("Nhận"), receive)]
    return [Section(_("Gửi và nhận kết quả"), "ways", rows, steps.change_url(seen, "ways"))]


def _with_place(title: str, place: dict[str, Any], seen: Whole) -> str:
    if not place:
        return title
    area = seen.known.areas.get(place["area_code"], "")
    parts = (place["name"], place["line"], area, place["window"])
    return f"{title}: {', '.join(part for part in parts if part)}"


def _money(session: Session, seen: Whole) -> list[tuple[str, str, str]]:
    """What is to be paid, as (what, note, how much): the published fee and the postage of each way."""
    chosen = seen.chosen
    terms = [
        t for t in seen.draft.procedure_version.terms if chosen and t.channel == chosen.send and t.fee_text
    ]
    rows = [(_("Phí, lệ phí"), term.note, formats.unbroken(term.fee_text)) for term in terms[:1]]
    price = tariff.price_of(session, Purpose.PAPERS, None, seen.today)
    cost = formats.money(price) if price is not None else _("theo bảng giá của bưu điện")
    if chosen and chosen.send == Channel.POST:
        rows.append((_("Cước lấy hồ sơ"), _("trong tỉnh, đến 100 g"), cost))
    if chosen and chosen.receive == Delivery.POST:
        rows.append((_("Cước phát kết quả"), _("trong tỉnh, đến 100 g"), cost))
    return rows
