"""What stands still in an office: the list for its leader, and the words of alarms on the desk's pages."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, url_for

from portal.accounts.models import Role
from portal.dossiers.alarms import TABLE
from portal.dossiers.models import Alarm, AlarmKind
from portal.web import context, formats, paging
from portal.web.guard import only_for
from portal.web.i18n import say
from portal.worklists import alarms as worklist
from portal.worklists.alarms import ROWS, AlarmRow

bp = Blueprint("alarms", __name__)
only_for(bp, Role.LEADER)

BROKEN = (AlarmKind.LATE, AlarmKind.CHECK_ONLINE, AlarmKind.CHECK_PAPER, AlarmKind.FORWARD)
"""Alarms about what the law promised and what has not been kept: they are red."""


@bp.get("/mot-cua/canh-bao")
def alarms() -> str:
    """The alarms of the leader's office, newest first."""
    before = paging.before()
    found = worklist.of_office(context.session(), context.actor(), before=before, most=ROWS + 1)
    shown = found[:ROWS]
    return render_template(
        "ward/alarms.html",
        rows=[{"alarm": alarm, **words(alarm)} for alarm in shown],
        next_url=url_for(".alarms", truoc=shown[-1].alarm_id) if len(found) > ROWS else "",
        first_url=url_for(".alarms") if before else "",
    )


def words(alarm: Alarm | AlarmRow) -> dict[str, str]:
    """The tag of an alarm with its colour, and its sentence."""
    since = formats.moment(alarm.concerns_at)
    return {
        "tag": formats.label(alarm.kind),
        "tone": "son" if alarm.kind in BROKEN else "nghe",
        "sentence": say(TABLE[alarm.kind].sentence, since=since),
    }


def in_words(alarms: Sequence[Alarm], besides: Sequence[AlarmKind] = ()) -> list[dict[str, Any]]:
    """The words of several alarms, without those whose kind is said *besides*."""
    return [words(alarm) for alarm in alarms if alarm.kind not in besides]
