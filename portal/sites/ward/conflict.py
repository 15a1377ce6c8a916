"""What changed in a dossier while somebody worked on an older page of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.dossiers.models import Dossier
from portal.dossiers.queries import Event
from portal.dossiers.states import Status, Step
from portal.dossiers.workflow import replay
from portal.ground.errors import WrongState
from portal.web import formats
from portal.web.i18n import _


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was."""

    name: str
    was: str
    now: str


@dataclass(frozen=True)
class Conflict:
    """The panel over the fresh dossier: since when, what changed, and what the person had typed."""

    title: str
    changes: list[Change]
    typed: str


def conflict_of(dossier: Dossier, events: Sequence[Event], happened: int, typed: str) -> Conflict:
    """What happened to *dossier* after the first *happened* of its *events*."""
    since = events[happened:]
    before = _state(events[:happened])
    changes = [_status(before, dossier), _step(before, dossier), _deeds(since)]
    shown = [change for change in changes if change and change.was != change.now]
    return Conflict(_title(since), shown or [_something()], typed)


def _title(since: Sequence[Event]) -> str:
    if not since:
        return _("Hồ sơ vừa được cập nhật, việc của bạn chưa lưu")
    return _("Hồ sơ đã thay đổi lúc %(clock)s, việc của bạn chưa lưu", clock=formats.clock(since[-1].at))


def _state(events: Sequence[Event]) -> tuple[Status | None, Step | None]:
    try:
        return replay(event.move for event in events)
    except WrongState:
        return None, None


def _status(before: tuple[Status | None, Step | None], dossier: Dossier) -> Change:
    was = formats.label(before[0]) if before[0] else "–"
    return Change(_("Trạng thái"), was, formats.label(dossier.status))


def _step(before: tuple[Status | None, Step | None], dossier: Dossier) -> Change:
    was, now = (formats.label(step) if step else "–" for step in (before[1], dossier.step))
    return Change(_("Bước"), was, now)


def _deeds(since: Sequence[Event]) -> Change | None:
    deeds = (f"{formats.label(event.move)}, {event.who}, {formats.clock(event.at)}" for event in since)
    now = "; ".join(deeds)
    return Change(_("Việc đã làm"), _("chưa có"), now) if now else None


def _something() -> Change:
    return Change(_("Thông tin hồ sơ"), _("bản cũ"), _("bản mới, ở dưới"))
