"""What was decided about promises when the calendar changed, and the promises it would not give today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Office
from portal.accounts.special_days import KIND as CALENDAR
from portal.dossiers import postponing
from portal.dossiers.postponing import Decided
from portal.dossiers.recounting import differing
from portal.ground.ledger import LedgerEntry
from portal.sites.admin.views import bp
from portal.web import context, formats
from portal.web.i18n import _

SHOWN = 50
"""How many promises and decisions are named; promises are counted all."""


@dataclass(frozen=True)
class Row:
    """One decision: the change it went with, and the way there."""

    decided: Decided
    who: str
    what: str
    url: str


@bp.get("/quan-tri/lich-va-hen")
def promises() -> str:
    """The newest decisions, and which open promises differ from today's calendar."""
    session = context.session()
    found = differing(session, context.now())
    return render_template(
        "admin/promises.html",
        rows=_rows(session, postponing.decided(session, SHOWN)),
        moved=found,
        shown=found[:SHOWN],
        nav_current="admin.special_days",
    )


def _rows(session: Session, decided: Sequence[Decided]) -> list[Row]:
    ids = [one.decision.entry_id for one in decided]
    entries = {row.id: row for row in session.scalars(select(LedgerEntry).where(LedgerEntry.id.in_(ids)))}
    people = select(Account).where(Account.id.in_({entry.account_id for entry in entries.values()}))
    names = {one.id: one.full_name for one in session.scalars(people)}
    return [_row(session, one, entries[one.decision.entry_id], names) for one in decided]


def _row(session: Session, decided: Decided, entry: LedgerEntry, names: dict[int, str]) -> Row:
    return Row(decided, names.get(entry.account_id, ""), *_change(session, entry))


def _change(session: Session, entry: LedgerEntry) -> tuple[str, str]:
    """What was changed, in words, and where it is shown."""
    if entry.kind == CALENDAR:
        day = date.fromisoformat(entry.aggregate)
        what = _("Ngày %(day)s", day=formats.day(day))
        return what, url_for(".special_day", day=day.isoformat())
    office = session.get_one(Office, int(entry.aggregate))
    return _("Giờ làm việc, %(office)s", office=office.name), url_for(".office_hours", office_id=office.id)
