"""What stands still in an office: the list for its leader, and the words of alarms on the desk's pages."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for

from portal.accounts.models import Role
from portal.dossiers.alarms import TABLE, Audience
from portal.dossiers.models import Alarm, AlarmKind
from portal.web import context, formats
from portal.web.guard import only_for
from portal.web.i18n import say
from portal.worklists import alarms as worklist
from portal.worklists.alarms import ROWS, AlarmedRow

bp = Blueprint("alarms", __name__)
only_for(bp, Role.LEADER)

BROKEN = (AlarmKind.LATE, AlarmKind.CHECK_ONLINE, AlarmKind.CHECK_PAPER, AlarmKind.FORWARD)
"""Alarms about what the law promised and what has not been kept: they are red."""


LAST_PAGE = 1000
"""Nobody leafs further; a number beyond what a database counts is this one."""


@bp.get("/mot-cua/canh-bao")
def alarms() -> str:
    """What stands still in the leader's office: a row a dossier, the most urgent and oldest first."""
    session, by, number = context.session(), context.actor(), _page_number()
    found = worklist.of_office(session, by, skip=(number - 1) * ROWS, most=ROWS + 1)
    shown = found[:ROWS]
    standing = worklist.standing_on(session, [row.dossier_id for row in shown], Audience.LEADER)
    return render_template(
        "ward/alarms.html",
        rows=[_row(row, standing[row.dossier_id]) for row in shown],
        counts=[(formats.label(kind), tone(kind), n) for kind, n in worklist.counts(session, by).items()],
        next_url=url_for(".alarms", trang=number + 1) if len(found) > ROWS else "",
        previous_url=url_for(".alarms", trang=number - 1) if number > 1 else "",
    )


def _page_number() -> int:
    return min(max(request.args.get("trang", 1, type=int), 1), LAST_PAGE)


def _row(row: AlarmedRow, alarms: Sequence[Alarm]) -> dict[str, Any]:
    """A dossier with its tags, the sentence of the most urgent one, and who has it."""
    said = in_words(alarms)
    at = formats.label(row.step or row.status)
    return {"dossier": row, "tags": said, "sentence": said[0]["sentence"], "at": at}


def tone(kind: AlarmKind) -> str:
    """The colour word of a kind."""
    return "son" if kind in BROKEN else "nghe"


def words(alarm: Alarm) -> dict[str, str]:
    """The tag of an alarm with its colour, and its sentence."""
    since = formats.moment(alarm.concerns_at)
    return {
        "tag": formats.label(alarm.kind),
        "tone": tone(alarm.kind),
        "sentence": say(TABLE[alarm.kind].sentence, since=since),
    }


def in_words(alarms: Sequence[Alarm], besides: Sequence[AlarmKind] = ()) -> list[dict[str, Any]]:
    """The words of several alarms, without those whose kind is said *besides*."""
    return [words(alarm) for alarm in alarms if alarm.kind not in besides]
