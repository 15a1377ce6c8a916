"""Two languages: Vietnamese sentences are the message ids, English lives under /en/."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, has_request_context, request
from flask_babel import Babel, gettext, lazy_gettext

ENGLISH = "/en"
TRANSLATIONS = Path(__file__).parent.parent / "translations"

_l = lazy_gettext

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def _(sentence: str, **params: Any) -> str:
    """Translate *sentence*, the Vietnamese one being its own id."""
    return str(gettext(sentence, **params))


say = _
"""The same, for a sentence that a concept marked with N_: no extraction looks for it."""


class EnglishPrefix:
    """Serve /en/... as the same page in English; links made by url_for then keep the prefix."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == ENGLISH or path.startswith(ENGLISH + "/"):
            environ["PATH_INFO"] = path[len(ENGLISH) :] or "/"
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + ENGLISH
        return self._app(environ, start_response)


def language() -> str:
    """The language of this request: "vi" or "en"."""
    return "en" if has_request_context() and request.script_root.endswith(ENGLISH) else "vi"


def other_language_url() -> str:
    """The same page in the other language."""
    path = request.full_path.rstrip("?")
    return path if language() == "en" else ENGLISH + path


def install(app: Flask) -> None:
    """Attach Flask-Babel and the language prefix to *app*."""
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=language)
    app.wsgi_app = EnglishPrefix(app.wsgi_app)  # type: ignore[method-assign]
