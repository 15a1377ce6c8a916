"""The way through a filing: its pages in order, where one is, where one goes on to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from portal.dossiers.readiness import Obstacle, Stage, Whole
from portal.web import formats
from portal.web.i18n import _, say

EDITING = "sua"
"""In the address of a page that one came to from the review, and returns from to it."""


@dataclass(frozen=True)
class Step:
    """One page of a filing."""

    key: str
    title: str
    url: str


def steps_of(seen: Whole) -> list[Step]:
    """The pages of a filing in order; those that the answers so far call for."""
    return [*_before_ways(seen), _step(seen, "ways", _("Gửi và nhận")), _step(seen, "review", _("Xem lại"))]


def onward(seen: Whole, key: str) -> str:
    """The address after the page *key*: the review for who came from it, else the next page."""
    steps = steps_of(seen)
    if request.args.get(EDITING):
        return steps[-1].url
    keys = [step.key for step in steps]
    return steps[min(keys.index(key) + 1, len(steps) - 1)].url if key in keys else steps[0].url


def resume_at(seen: Whole) -> str:
    """The first page that is not done yet, or the review."""
    done = set(seen.draft.pages_done)
    for step in steps_of(seen):
        if step.key == "case" and seen.case is None:
            return step.url
        if step.key.startswith("page-") and step.key.removeprefix("page-") not in done:
            return step.url
        if step.key == "ways" and seen.chosen is None:
            return step.url
    return steps_of(seen)[-1].url


def frame(seen: Whole, key: str) -> dict[str, Any]:
    """What the head of every page of a filing shows: how far one is, and the page before."""
    steps = steps_of(seen)
    place = next((n for n, step in enumerate(steps) if step.key == key), 0)
    before = steps[place - 1] if place else None
    number, total = _progress(seen, key)
    if request.args.get(EDITING):
        before = steps[-1]
    return {
        "seen": seen,
        "draft": seen.draft,
        "version": seen.draft.procedure_version,
        "step_number": number,
        "step_total": total,
        "before": before,
        "saved": _("Bản nháp lưu lúc %(clock)s.", clock=formats.clock(seen.draft.saved_at)),
    }


def way_to(seen: Whole, obstacle: Obstacle) -> str:
    """The address of the page on which *obstacle* is put right."""
    key = f"page-{obstacle.page}" if obstacle.stage == Stage.FORM else str(obstacle.stage)
    return change_url(seen, key)


def change_url(seen: Whole, key: str) -> str:
    """The address of the page *key*, returning to the review."""
    found = next((step for step in steps_of(seen) if step.key == key), steps_of(seen)[0])
    return f"{found.url}?{EDITING}=1"


def _progress(seen: Whole, key: str) -> tuple[int, int]:
    """Which step *key* is, and of how many there may be; answers can only take some away."""
    keys = ["case", *(f"page-{page.key}" for page in seen.likely_pages)]
    keys += ["uploads"] if seen.standing.files_online else []
    keys += ["ways", "review"]
    return keys.index(key) + 1, len(keys)


def _before_ways(seen: Whole) -> Iterator[Step]:
    yield _step(seen, "case", _("Trường hợp của bạn"))
    for page in seen.pages:
        url = url_for("citizen.page", uid=seen.draft.uid, key=page.key)
        yield Step(f"page-{page.key}", say(page.title), url)
    if seen.standing.files_online:
        yield _step(seen, "uploads", _("Ảnh giấy tờ"))


def _step(seen: Whole, key: str, title: str) -> Step:
    return Step(key, title, url_for(f"citizen.{key}", uid=seen.draft.uid))
