"""What a browser calls itself, in words a person knows. Pure; for recognising one's own sessions only."""

from collections.abc import Mapping

from portal.web.i18n import _

_PROGRAMS = {
    "Edg": "Edge",
    "coc_coc": "Cốc Cốc",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_MACHINES = {name: name for name in ("iPhone", "iPad", "Android", "Windows", "Mac", "Linux")}
"""What stands in the name a browser sends, the telling one first: Edge calls itself Chrome, too."""


def called(user_agent: str) -> str:
    """Chrome, Android"""
    names = (_first(_PROGRAMS, user_agent), _first(_MACHINES, user_agent))
    return ", ".join(name for name in names if name) or _("Trình duyệt khác")


def _first(names: Mapping[str, str], user_agent: str) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "")
