"""A citizen's dossiers: the list, one dossier with everything about it, the receipt."""

from datetime import datetime
from typing import Any

import segno
from flask import render_template, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.accounts.calendars import calendar_of
from portal.accounts.models import Account
from portal.accounts.offices import wards
from portal.catalogue.form_source import parse
from portal.dossiers import drafts, identity, looks, papers, queries
from portal.dossiers.actions.recording import KIND
from portal.dossiers.alarms import REMINDERS, TABLE, Audience
from portal.dossiers.models import Alarm, Dossier
from portal.dossiers.states import BlockerKind, Delivery, Move, PaperKind, Status
from portal.dossiers.workflow import moves_open_to
from portal.ground import ledger_root
from portal.ground.codes import typed
from portal.ground.working_time import ZONE, Due, open_time_between
from portal.postal import queries as postal
from portal.postal.models import PostalOrder
from portal.postal.queries import Held
from portal.postal.states import Direction
from portal.sites.citizen import registers, timeline, waiting
from portal.sites.citizen.ordering import orderable
from portal.sites.citizen.site import bp
from portal.sites.citizen.waiting import ObjectForm
from portal.web import context, formats, supplement_words
from portal.web.forms import PortalForm
from portal.web.i18n import _, _l, say
from portal.web.wording import TraceRow, in_words, masked, trace_rows
from portal.worklists.alarms import standing_on

STANDING = {
    Status.AWAITING_SUPPLEMENT: _l("Đồng hồ đang dừng, chờ bạn bổ sung."),
    Status.AWAITING_PAYMENT: _l("Đồng hồ đang dừng, chờ bạn nộp tiền."),
    Status.STOPPED: _l("Đồng hồ đang dừng, cơ quan dừng giải quyết."),
}
"""Statuses in which the clock stands, as the owner reads it."""


@bp.get("/ho-so")
def dossiers() -> str:
    """The reader's dossiers and drafts."""
    session, by, at = context.session(), context.actor(), context.now()
    return render_template(
        "citizen/dossiers.html",
        dossiers=queries.mine(session, by),
        drafts=drafts.mine(session, by, at),
        at=at,
    )


@bp.get("/ho-so/<code>")
def dossier(code: str) -> str:
    """Everything about one dossier, on one line of time."""
    return render_template("citizen/dossier.html", **page_of(context.session(), found(code)))


@bp.get("/ho-so/<code>/bien-nhan")
def receipt(code: str) -> str:
    """The receipt to keep or to print on one sheet."""
    filed = found(code)
    address = context.settings().public_url.rstrip("/") + url_for("public.look_up", ma=filed.shown_code)
    return render_template(
        "citizen/receipt.html",
        dossier=filed,
        version=filed.procedure_version,
        qr=_qr(address),
        items=timeline.after_filing(filed),
        files=papers.keys_given(filed.papers),
        orders=postal.open_orders_of(context.session(), filed.id),
    )


def found(code: str, seen_version: int | None = None) -> Dossier:
    """The reader's dossier of this code, official or provisional."""
    return queries.by_code(context.session(), typed(code), context.actor(), seen_version)


def page_of(session: Session, filed: Dossier, objection: ObjectForm | None = None) -> dict[str, Any]:
    """What the page of a dossier shows; *objection* as typed, when it could not be taken."""
    by, at = context.actor(), context.now()
    orders, holders = postal.open_orders_of(session, filed.id), postal.holder_of(session, filed.id)
    law, post = queries.history(session, filed), postal.events_of(session, filed.id)
    moves = [offer.move for offer in moves_open_to(by, filed, at) if not offer.shut_because]
    percent, stage = timeline.stage(filed)
    return {
        "dossier": filed,
        "version": filed.procedure_version,
        "items": timeline.items(filed, law, post),
        "said_last": law[-1].reason if law else "",
        **waiting.of(session, filed, law, objection),
        "asked": supplement_words.asked_for(filed),
        "answer_by": supplement_words.deadline_of(filed),
        "explained": supplement_words.explained(filed),
        "registers": registers.told(filed),
        "left": _left(session, filed, at),
        "trace_rows": _trace(filed),
        "alarms": _alarms(session, filed),
        "facts_rows": _facts(session, filed),
        "is_rooted": ledger_root.is_rooted(session, KIND, filed.id),
        "custody": [_holder(held) for held in postal.custody_strip(session, filed.id)],
        "percent": percent,
        "stage": stage,
        "holders": holders,
        "orders": orders,
        "orderable": orderable(session, filed, orders, holders),
        "delivery_codes": _delivery_codes(filed, orders),
        "results": papers.results(filed),
        "given": [p for p in filed.papers if p.kind == PaperKind.SUBMITTED and p.filed_at],
        "answers": _answers(session, filed),
        "must_bring": any(blocker.kind == BlockerKind.PAPERS_TO_BRING for blocker in filed.blockers),
        "looks": looks.looks_at(session, filed.id),
        "may_withdraw": Move.WITHDRAW in moves,
        "may_download": Move.HAND_OVER in moves and filed.delivery == Delivery.ONLINE,
        "form": PortalForm(formdata=None),
    }


def _alarms(session: Session, filed: Dossier) -> list[str]:
    """What stands still, in the words that the office owes its citizen."""
    standing = standing_on(session, [filed.id], Audience.CITIZEN)[filed.id]
    found = [alarm for alarm in standing if alarm.kind not in REMINDERS or _reminds(filed, alarm)]
    return [_sentence(alarm) for alarm in found]


def _sentence(alarm: Alarm) -> str:
    watch = TABLE[alarm.kind]
    return say(watch.to_citizen or watch.sentence, since=formats.moment(alarm.concerns_at))


def _reminds(filed: Dossier, alarm: Alarm) -> bool:
    """Whether what *alarm* reminds of is still open; it may stand until the next sweep."""
    waits = filed.open_supplement or filed.open_charge
    return waits is not None and waits.asked_at < alarm.concerns_at


def _facts(session: Session, filed: Dossier) -> list[tuple[str, str]]:
    submitter = session.get(Account, filed.submitter_id) if filed.submitter_id else None
    rows = [
        (_("Người nộp"), submitter.full_name if submitter else _("tại quầy")),
        (_("Chủ hồ sơ"), filed.owner_name),
        (_("Mã thủ tục"), filed.procedure_version.procedure.code),
        (_("Nơi giải quyết"), filed.office.name),
        (_("Cách gửi"), say(filed.channel.label)),
        (_("Nhận kết quả"), say(filed.delivery.label)),
    ]
    return [(term, value) for term, value in rows if value]


def _holder(held: Held) -> dict[str, Any]:
    """A step of the custody strip."""
    name = held.name or say(held.kind.label)
    note = _("%(code)s, niêm phong %(seal)s", code=held.envelope_code, seal=held.seal)
    when = f"{formats.clock(held.since)} {formats.day(held.since)}"
    return {"name": name, "when": when, "note": note, "is_now": held.is_now}


def _left(session: Session, filed: Dossier, at: datetime) -> str:
    if filed.due_at is None or filed.ended_without_result:
        return ""
    if filed.finished_at:
        moment = formats.moment(filed.finished_at)
        late = _("Có kết quả %(moment)s, trễ hạn.", moment=moment)
        return late if filed.is_late(at) else _("Có kết quả %(moment)s, đúng hạn.", moment=moment)
    if filed.status in STANDING:
        return str(STANDING[filed.status])
    calendar = calendar_of(session, filed.office_id, at.astimezone(ZONE).date())
    time = formats.working_time(*open_time_between(at, filed.due_at, calendar))
    if filed.due_at < at:
        return _("Đã quá hạn %(time)s. Cơ quan vẫn phải trả kết quả cho bạn.", time=time)
    left = _("Còn %(time)s.", time=time)
    return f"{left} {_missed(filed)}".strip()


def _missed(filed: Dossier) -> str:
    """That an earlier promise was not kept, though the term began anew."""
    broken = filed.broken_at
    return _("Hẹn trước, %(moment)s, cơ quan đã lỡ.", moment=formats.moment(broken)) if broken else ""


def _trace(filed: Dossier) -> list[TraceRow]:
    if filed.due_at is None:
        return []
    return trace_rows(Due.from_json({"due": filed.due_at.isoformat(), "trace": filed.due_trace}).trace)


def _delivery_codes(filed: Dossier, orders: Any) -> list[PostalOrder]:
    """Orders whose code the receiver reads out: once there is something to bring."""
    if filed.status != Status.FINISHED and not filed.ended_without_result:
        return []
    return [order for order in orders if order.direction == Direction.RETURN and order.delivery_code]


def _answers(session: Session, filed: Dossier) -> list[tuple[str, str]]:
    """What was declared, identity numbers only by their last digits."""
    if filed.form is None:
        return []
    names = identity.sealed_names(filed)
    said = identity.opened(session, filed, names)
    areas = {ward.code: ward.full_name for ward in wards(session, context.today())}
    questions = [q for q in parse(filed.form.content).questions() if said.get(q.name) not in (None, "", [])]
    return [
        (say(q.label), masked(str(said[q.name])) if q.name in names else in_words(q, said[q.name], areas))
        for q in questions
    ]


def _qr(address: str) -> Markup:
    drawing = segno.make(address, error="m", micro=False)
    return Markup(drawing.svg_inline(scale=4, border=4, svgclass=None, lineclass=None, omitsize=True))  # noqa: S704
