"""Stored files on their way out: by the name they came with, never guessed at, never kept by a browser."""

from io import BytesIO

from flask import Response, send_file

from portal.dossiers.models import Paper
from portal.ground.errors import Unavailable
from portal.ground.text import clean
from portal.ground.words import N_
from portal.web import context

SHOWN_INLINE = ("image/jpeg", "image/png")
"""Types that a page may show; everything else is saved."""


def send(paper: Paper, *, inline: bool = False) -> Response:
    """Answer with the content of *paper*, which the caller has found to be for the reader's eyes.

    inline: show an image instead of saving it; a PDF is always saved.
    """
    try:
        content = context.files().get(paper.blob)
    except FileNotFoundError:
        raise Unavailable(N_("Tệp này tạm thời không lấy được từ kho. Hãy thử lại sau.")) from None
    shown, name = inline and paper.mime in SHOWN_INLINE, clean(paper.name)
    response: Response = send_file(
        BytesIO(content), mimetype=paper.mime, as_attachment=not shown, download_name=name, etag=False
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response
