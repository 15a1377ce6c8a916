"""Static files under a name that changes with their content, so that a browser keeps them for ever."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from portal.web.security import static_headers

STATIC = Path(__file__).parent.parent.parent / "static"
YEAR_SECONDS = 365 * 24 * 3600


def release_of(folder: Path = STATIC) -> str:
    """A short hash of everything in the static folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in {".gz", ".br"}:
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def install(app: Flask) -> None:
    """Serve the static folder under /static/<release>/ with relative links inside it intact."""
    release = release_of()
    prefix = f"/static/{release}/"
    app.jinja_env.globals["static_url"] = _url_maker(prefix)
    app.extensions["release"] = release
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix=prefix,
        max_age=YEAR_SECONDS,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=static_headers,
    )


def _url_maker(prefix: str) -> Callable[[str], str]:
    def static_url(name: str) -> str:
        return prefix + name

    return static_url
