"""The page of one dossier put together: everything it shows, in few statements, and every look recorded."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Response, make_response, render_template, request
from sqlalchemy.orm import Session

from portal.accounts.models import Account, IdentityLevel, Office
from portal.dossiers import identity, queries
from portal.dossiers.alarms import Audience
from portal.dossiers.models import AlarmKind, Dossier
from portal.dossiers.queries import OPINING
from portal.dossiers.states import BlockerKind, Look
from portal.dossiers.workflow import is_own, moves_open_to
from portal.ground.working_time import ZONE
from portal.payments.actions import may_take_cash
from portal.payments.queries import receipts_of, total_dong
from portal.payments.tariff import fees_due, published_fees
from portal.sites.ward import life, registers, sections
from portal.sites.ward.alarms import in_words
from portal.sites.ward.answers import MASK, answer_pages
from portal.sites.ward.conflict import conflict_of
from portal.sites.ward.forms import CashForm
from portal.sites.ward.offers import Failure, move_views
from portal.sites.ward.views import in_list
from portal.web import context, supplement_words
from portal.worklists import inbox
from portal.worklists.alarms import standing_on


def show(
    dossier_id: int,
    *,
    failed: Failure | None = None,
    is_conflict: bool = False,
    cash: CashForm | None = None,
    revealed: bool = False,
) -> Response:
    """The page of a dossier: as asked for (200), over a conflict (409), or with what failed (422)."""
    session = context.session()
    dossier = queries.get(session, dossier_id, context.actor())
    values = _values(session, dossier, failed, is_conflict=is_conflict, revealed=revealed)
    note(dossier)
    values["cash"] = cash or CashForm(formdata=None, payer=dossier.owner_name)
    status = 409 if is_conflict else 422 if failed or cash else 200
    return make_response(render_template("ward/dossier.html", **values), status)


def note(dossier: Dossier, look: Look = Look.PAGE, what: str = "") -> None:
    """Record that this person looks at *dossier*, in a transaction too short to keep others waiting."""
    with context.trace() as session:
        queries.note_look(session, dossier, context.actor(), at=context.now(), look=look, what=what)


def _values(
    session: Session, dossier: Dossier, failed: Failure | None, *, is_conflict: bool, revealed: bool
) -> dict[str, Any]:
    by, at = context.actor(), context.now()
    events = queries.history(session, dossier)
    current = sections.chosen(dossier, request.args.get("giay", ""))
    is_stale = failed is not None and is_conflict and failed.form.seen_version != dossier.version
    conflict = None
    if failed and is_stale:
        conflict = conflict_of(dossier, events, failed.form.seen_happened, failed.form.typed())
        failed = replace(failed, sentence="")
    return {
        "dossier": dossier,
        "stage": sections.stage_text(dossier),
        "holder": sections.holder_text(session, dossier),
        "alarms": in_words(
            standing_on(session, [dossier.id], Audience.OFFICIAL)[dossier.id],
            besides=(AlarmKind.PARENT_ENDED,),
        ),
        **_clocks(session, dossier, at),
        "papers": sections.paper_rows(dossier, current),
        "registers": registers.rows(session, dossier),
        "consulted": registers.consulted(session, dossier),
        "files": sections.filed(dossier),
        "current": current,
        "current_title": sections.title_of(dossier, current) if current else "",
        "holders": sections.custody_rows(session, dossier),
        "answers": answer_pages(session, dossier, revealed=revealed),
        "moves": move_views(session, dossier, moves_open_to(by, dossier, at), len(events), failed),
        "is_own": is_own(by, dossier),
        "is_coming": any(one.kind == BlockerKind.PAPERS_ON_THE_WAY for one in dossier.blockers),
        "is_guest": queries.is_guest(by, dossier),
        **life.of(session, dossier, events, at),
        "history": sections.history_rows(events, supplement_words.told(dossier)),
        "conflict": conflict,
        "has_errors": failed is not None and not is_conflict,
        **_person(session, dossier, revealed=revealed),
        **_money(session, dossier),
        **_place(session, dossier),
    }


def _clocks(session: Session, dossier: Dossier, at: datetime) -> dict[str, Any]:
    """What runs: the promise, or the answer this office owes; and what acceptance would promise now."""
    by = context.actor()
    asked = life.asked_here(dossier, by.office_id) if by.role in OPINING else None
    promised = sections.promised_if_accepted(session, dossier, at)
    running = sections.clock_of(session, dossier, at)
    return {
        "asked": asked,
        "clock": sections.answer_clock(session, asked, at) if asked else running,
        "promised": promised,
        "is_past_promise": promised is not None and promised < at,
    }


def _person(session: Session, dossier: Dossier, *, revealed: bool) -> dict[str, Any]:
    """Whose dossier it is, and how sure we are of the number."""
    owner = session.get(Account, dossier.owner_id) if dossier.owner_id else None
    number = MASK if dossier.owner_identity_sealed else ""
    if number and revealed:
        number = identity.owner_number(session, dossier)
    return {
        "owner_number": number,
        "owner_level": owner.identity_level if owner else IdentityLevel.SELF_DECLARED,
        "revealed": revealed,
        "received_by": session.get_one(Office, dossier.received_by_id),
    }


def _money(session: Session, dossier: Dossier) -> dict[str, Any]:
    """What the tariff of the day of filing asks, and what was taken."""
    code = dossier.procedure_version.procedure.code
    filed_on = dossier.submitted_at.astimezone(ZONE).date()
    receipts = receipts_of(session, dossier)
    return {
        "procedure_code": code,
        "fees": fees_due(session, code, dossier.channel, filed_on),
        "published": published_fees(dossier.procedure_version, dossier.channel, dossier.case_key),
        "receipts": receipts,
        "taken_dong": total_dong(receipts),
        "may_take_cash": may_take_cash(dossier, context.actor()),
    }


def _place(session: Session, dossier: Dossier) -> dict[str, Any]:
    """Where the dossier stands in the view of the inbox one came from."""
    wanted = in_list()
    view = inbox.View(wanted) if wanted else None
    beside = inbox.neighbours(session, context.actor(), view, dossier.id, context.now()) if view else None
    return {"view": view, "beside": beside or inbox.Neighbours()}
