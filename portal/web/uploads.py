"""Uploaded files: read from the request, made safe, stored; before a transaction begins, as it takes time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from os import SEEK_END

import structlog
from flask import request
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import FileStorage

from portal.dossiers import quotas
from portal.dossiers.contents import Infected, made_safe
from portal.dossiers.file_names import clean_name
from portal.dossiers.papers import StoredFile
from portal.ground.errors import PortalError, Unavailable
from portal.web import context, limits
from portal.web.i18n import _

log = structlog.get_logger()

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,.heic,application/pdf,.pdf"
"""What the file dialog offers; the content decides."""


@dataclass
class Taken:
    """What came under one field: files that lie in the store, and why others were not taken."""

    files: list[StoredFile] = field(default_factory=list)
    refusals: list[PortalError] = field(default_factory=list)


def take(name: str) -> Taken:
    """Take every file sent under *name*; an empty field gives nothing."""
    return take_all([name])[name]


def take_all(names: Iterable[str]) -> dict[str, Taken]:
    """Take every file sent under each of *names*; one that cannot be taken keeps none of the others out."""
    sent = {name: [one for one in request.files.getlist(name) if _is_there(one)] for name in names}
    doors = iter(_refusals([one for each in sent.values() for one in each]))
    return {name: _taken(each, doors) for name, each in sent.items()}


def status_of(refusals: Iterable[PortalError]) -> int:
    """The status of a page that shows *refusals*: 503 when something of ours is down, else 422."""
    return 503 if any(isinstance(one, Unavailable) for one in refusals) else 422


def store(sent: FileStorage) -> StoredFile:
    """Make one file safe and put it into the store; raises what made_safe raises."""
    most = context.settings()
    content = sent.stream.read(most.upload_max_bytes + 1)
    safe = made_safe(sent.filename or "", content, most)
    blob = context.files().put(safe.content)
    return StoredFile(safe.name, safe.mime, len(safe.content), blob, safe.scanned_with)


def _is_there(sent: FileStorage) -> bool:
    """Whether somebody chose a file; one whose name was lost on the way still counts."""
    return bool(sent.filename) or _size(sent) > 0


def _size(sent: FileStorage) -> int:
    size = sent.stream.seek(0, SEEK_END)
    sent.stream.seek(0)
    return size


def _refusals(files: Sequence[FileStorage]) -> list[PortalError | None]:
    """Why each of *files* may not be sent now, None where it may; one answer for all, to count once."""
    if not files:
        return []
    try:
        fits = limits.count_uploads(context.actor(), [_size(one) for one in files])
    except limits.TooOften as pause:
        return [pause] * len(files)
    return [None if fit else _day_is_full(one) for fit, one in zip(fits, files, strict=True)]


def _day_is_full(sent: FileStorage) -> quotas.DayIsFull:
    most = context.settings().upload_day_bytes // (1024 * 1024)
    return quotas.DayIsFull(name=clean_name(sent.filename or ""), most=most)


def _taken(files: Sequence[FileStorage], doors: Iterator[PortalError | None]) -> Taken:
    taken = Taken()
    for sent in files:
        try:
            refusal = next(doors)
            if refusal is not None:
                raise refusal
            taken.files.append(store(sent))
        except PortalError as refused:
            _note(refused)
            taken.refusals.append(refused)
    return taken


def _note(refused: PortalError) -> None:
    """Tell the operator what is not for the person: the virus by name, and what of ours is down."""
    if isinstance(refused, Infected):
        log.warning("virus", signature=refused.signature, account=context.actor().account_id)
    elif isinstance(refused, Unavailable):
        log.error("upload", what=type(refused).__name__, cause=str(refused.__cause__))


def limits_sentence() -> str:
    """What may be uploaded, for beside the field."""
    most = context.settings()
    return _(
        "Ảnh JPG, PNG, WEBP, HEIC đến %(pixels)s triệu điểm ảnh, hoặc PDF đến %(pages)s trang; "
        "mỗi tệp đến %(size)s MB, mỗi lần gửi đến %(request)s MB, mỗi hồ sơ đến %(files)s tệp.",
        pixels=most.image_max_pixels // 1_000_000,
        pages=most.pdf_max_pages,
        size=most.upload_max_bytes // (1024 * 1024),
        request=most.request_max_bytes // (1024 * 1024),
        files=most.dossier_max_files,
    )


LIMITS = LazyString(limits_sentence)
"""The same, for a field that is described before anybody asks for its page."""
