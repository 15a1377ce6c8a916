"""The inbox of the desk: views with counts, dossiers by what is due, and finding one by code or phone."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts import absences
from portal.accounts.models import Actor
from portal.dossiers import queries
from portal.dossiers.alarms import Audience
from portal.dossiers.models import AlarmKind
from portal.dossiers.states import Status
from portal.ground import codes
from portal.ground.working_time import ZONE
from portal.sites.ward.alarms import in_words
from portal.sites.ward.views import bp, in_list
from portal.web import context, formats, limits
from portal.web.i18n import _, _l
from portal.worklists import inbox as worklist
from portal.worklists import questions
from portal.worklists.alarms import standing_on
from portal.worklists.inbox import Cursor, InboxRow, Page, View

_CODE_OR_ITS_END = re.compile(r"[A-Z0-9.]*[A-Z][A-Z0-9.]*-\d{6}-\d{4,}|\d{0,6}-\d{4,}", re.ASCII)

STAMP = "%Y%m%dT%H%M%S%f"

MOMENT_WORDS = {
    View.TO_RECEIVE: _l("Kiểm tra trước"),
    View.COMING: _l("Nộp lúc"),
    View.AWAITING: _l("Hỏi lúc"),
    View.OPINIONS: _l("Trả lời trước"),
    View.PAYMENT: _l("Hỏi lúc"),
    View.STOPPED: _l("Dừng lúc"),
    View.TO_RETURN: _l("Có kết quả"),
}
"""What the first column of a view says; the due moment in all others."""

RUNNING = (Status.SUBMITTED, Status.ACCEPTED, Status.IN_PROGRESS)
"""Statuses in which a promise can be broken."""

PAST = (View.COMING, View.AWAITING, View.PAYMENT, View.STOPPED, View.TO_RETURN)
"""Views ordered by a moment that has passed: it is told, not warned about."""


@bp.get("/mot-cua")
def inbox() -> str:
    """The desk's inbox: one view of it, or what was searched for."""
    words = request.args.get("tim", "").strip()[:60]
    return _show("" if _is_phone(words) else words)


@bp.post("/mot-cua/tim")
def find() -> ResponseReturnValue:
    """Find by a phone, which never stands in an address, nor does a name; a code leads to its own address."""
    words = request.form.get("tim", "").strip()[:60]
    if words and _is_phone(words):
        limits.count_look(context.actor())
        return _show(words, is_person=True)
    if words and _is_name(words):
        return _show(words)
    return context.go_to(url_for(".inbox", tim=words or None))


def _is_phone(words: str) -> bool:
    """Whether words may be a phone, whatever stands around its digits: all with as many that are no code."""
    return sum(sign.isdecimal() for sign in words) >= 9 and not _is_code(words)


def _is_name(words: str) -> bool:
    """Whether words may be a name, which finds nothing: no digit is among them, and they are no code."""
    return not any(sign.isdecimal() for sign in words) and not _is_code(words)


def _is_code(words: str) -> bool:
    """Whether words are a code or the end of one; one in about thirty random codes has no digit."""
    code = codes.typed(words)
    return _CODE_OR_ITS_END.fullmatch(code) is not None or codes.is_random_code(code)


def _show(words: str, *, is_person: bool = False) -> str:
    """The page; finding dossiers by the number of a person is a look at each of them, a list is not."""
    session, by, at = context.session(), context.actor(), context.now()
    view = View(in_list() or worklist.FIRST_VIEW[by.role])
    counts = worklist.counts(session, by, at)
    page = (
        worklist.found(session, by, words, by_phone=is_person)
        if words
        else worklist.page(session, by, view, at, _place())
    )
    if is_person:
        with context.trace() as writing:
            queries.note_found(writing, [row.dossier_id for row in page.rows], by, at=at)
    common = {"page": page, "tabs": _tabs(by, counts, None if words else view), "words": words}
    covered = absences.covered_by(session, by.account_id, by.office_id or 0, context.today())
    dues = {row.dossier_id: due_words(row, None if words else view, at) for row in page.rows}
    common["alarms"] = _alarms(session, page)
    asked = view == View.OPINIONS and not words
    common["ended_questions"] = questions.ended(session, by, at) if asked else ()
    said = _of_search(words) if words else _of_view(view, counts[view], page)
    return render_template("ward/inbox.html", **common, covered=covered, dues=dues, **said)


def _alarms(session: Session, page: Page) -> dict[int, list[dict[str, Any]]]:
    """The alarms of the rows; that something is late is said by its due moment already."""
    found = standing_on(session, [row.dossier_id for row in page.rows], Audience.OFFICIAL)
    return {number: in_words(alarms, besides=(AlarmKind.LATE,)) for number, alarms in found.items()}


def _tabs(by: Actor, counts: Any, current: View | None) -> list[dict[str, Any]]:
    return [
        {
            "label": formats.label(view),
            "count": counts[view],
            "url": url_for(".inbox", xem=view.value),
            "is_current": view == current,
            "is_late": view == View.LATE and counts[view] > 0,
        }
        for view in worklist.views_of(by)
    ]


def _of_view(view: View, count: int, page: Page) -> dict[str, Any]:
    """What the page says around the rows of a view."""
    label = formats.label(view)
    return {
        "view": view.value,
        "heading": f"{label} ({count})",
        "caption": _("%(view)s: %(count)s hồ sơ, việc gấp nhất ở trên", view=label, count=count),
        "moment_word": MOMENT_WORDS.get(view, _l("Hẹn trả")),
        "previous_url": _address(view, page.before),
        "next_url": _address(view, page.after),
        "nothing": _("Không có hồ sơ nào: %(view)s", view=label.lower()),
        "explanation": _("Hồ sơ vào đây ngay khi đến lượt việc này."),
        "ways": [(_("Nhận giấy tại quầy"), url_for(".intake")), (_("Bưu gửi"), url_for(".envelopes"))],
    }


def _of_search(words: str) -> dict[str, Any]:
    return {
        "view": None,
        "heading": _("tìm “%(words)s”", words=words),
        "caption": _("Hồ sơ tìm thấy, mới nhất ở trên"),
        "moment_word": _("Hẹn trả"),
        "previous_url": "",
        "next_url": "",
        "nothing": _("Không thấy hồ sơ nào với “%(words)s”", words=words),
        "explanation": _(
            "Hãy gõ cả mã, phần cuối của mã (từ 4 ký tự), hoặc số điện thoại đủ 10 số. Không tìm theo họ tên."
        ),
        "ways": [(_("Về việc cần xử lý"), url_for(".inbox"))],
    }


def due_words(row: InboxRow, view: View | None, at: datetime) -> tuple[str, str]:
    """The moment of a row as one reads it today, and its colour word; *view* None in a search."""
    if view in PAST:
        return _day_word(row.moment, at), "plain"
    promised = row.moment if view == View.OPINIONS else row.promised_at
    if promised is None:
        return _("chưa có hạn"), "plain"
    if row.status not in RUNNING and view != View.OPINIONS:
        return _day_word(promised, at), "plain"
    if promised < at:
        return _("Quá hạn, %(moment)s", moment=_day_word(promised, at)), "son"
    soon = promised.astimezone(ZONE).date() <= at.astimezone(ZONE).date()
    return _day_word(promised, at), "nghe" if soon else "plain"


def _day_word(moment: datetime, at: datetime) -> str:
    day, today = moment.astimezone(ZONE).date(), at.astimezone(ZONE).date()
    if day == today:
        return _("hôm nay %(clock)s", clock=formats.clock(moment))
    if day == today + timedelta(days=1):
        return _("mai %(clock)s", clock=formats.clock(moment))
    return f"{formats.clock(moment)} {formats.day(day)}"


def _address(view: View, place: Cursor | None) -> str:
    if place is None:
        return ""
    stamp = f"{place.moment.astimezone(UTC):{STAMP}}-{place.dossier_id}"
    before, after = (stamp, None) if place.is_before else (None, stamp)
    return url_for(".inbox", xem=view.value, truoc=before, sau=after)


def _place() -> Cursor | None:
    """The place in the list that the address names; None for the first page or a broken address."""
    before = request.args.get("truoc", "")
    stamp, _dash, number = (before or request.args.get("sau", "")).partition("-")
    try:
        moment = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
        return Cursor(moment, int(number), is_before=bool(before)) if len(number) < 10 else None
    except ValueError:
        return None
