"""Uploaded files: read from the request, made safe, stored; before a transaction begins, as it takes time."""

from dataclasses import dataclass, field

from flask import request
from werkzeug.datastructures import FileStorage

from portal.dossiers.contents import made_safe
from portal.dossiers.papers import StoredFile
from portal.ground.errors import PortalError, Unavailable
from portal.web import context
from portal.web.i18n import _

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,.heic,application/pdf,.pdf"
"""What the file dialog offers; the content decides."""


@dataclass
class Taken:
    """What came under one field: files that lie in the store, and why others were not taken."""

    files: list[StoredFile] = field(default_factory=list)
    refusals: list[PortalError] = field(default_factory=list)


def take(name: str) -> Taken:
    """Take every file sent under *name*; an empty field gives nothing. Raises Unavailable."""
    taken = Taken()
    for sent in request.files.getlist(name):
        if sent.filename:
            try:
                taken.files.append(store(sent))
            except Unavailable:  # No fault of the file: the page says so, not the field.
                raise
            except PortalError as refusal:
                taken.refusals.append(refusal)
    return taken


def store(sent: FileStorage) -> StoredFile:
    """Make one file safe and put it into the store; raises FileTooLarge, Unusable, Unavailable."""
    limits = context.settings()
    content = sent.stream.read(limits.upload_max_bytes + 1)
    safe = made_safe(sent.filename or "", content, limits)
    blob = context.files().put(safe.content)
    return StoredFile(safe.name, safe.mime, len(safe.content), blob)


def limits_sentence() -> str:
    """What may be uploaded, for beside the field."""
    limits = context.settings()
    megabytes = limits.upload_max_bytes // (1024 * 1024)
    return _(
        "Ảnh JPG, PNG, WEBP, HEIC hoặc PDF; mỗi tệp đến %(size)s MB, PDF đến %(pages)s trang.",
        size=megabytes,
        pages=limits.pdf_max_pages,
    )
