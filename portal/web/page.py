"""What every template may use: the language, the person, the province, the date of a demonstration."""

from typing import Any

from flask import Flask
from flask_login import current_user

from portal.accounts.models import Actor
from portal.messages import queries
from portal.web import context, forms
from portal.web.i18n import language, other_language_url, say


def install(app: Flask) -> None:
    """Give the templates their common values."""
    app.context_processor(_common)
    app.jinja_env.tests["always_answered"] = forms.is_always_answered


def _common() -> dict[str, Any]:
    chosen = context.settings()
    me = _me()
    return {
        "lang": language(),
        "other_language_url": other_language_url(),
        "me": me,
        "unread_messages": _unread_messages,
        "nav_current": "",
        "province_name": say(chosen.province_name),
        "help_phone": chosen.help_phone,
        "is_demonstration": chosen.demonstration,
        "today_demo": context.now() if chosen.demonstration else None,
    }


def _me() -> Actor | None:
    return current_user.actor if current_user and current_user.is_authenticated else None


def _unread_messages() -> int:
    """How many messages a citizen has not read; asked only where the menu shows it."""
    me = _me()
    return queries.unread(context.session(), me.account_id) if me and not me.is_staff else 0
