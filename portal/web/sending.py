"""What a form sent, as one sign: the same content sent again is told from another under the same key."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, g, request
from werkzeug.datastructures import FileStorage

from portal.ground.errors import PortalError
from portal.ground.sealing import KeyRing
from portal.ground.words import N_

NOT_CONTENT = ("csrf_token", "khoa")
"""Fields that are new with every page or session, whatever is typed."""


class SentOtherwise(PortalError):
    """The form of this page was done already, with another content; the second one was not."""

    status = 409
    message = N_(
        "Biểu mẫu này đã gửi rồi với nội dung khác, nên lần gửi này chưa được lưu."
        " Những gì bạn gõ còn ở dưới; hãy tải lại trang rồi gửi lại."
    )


def stored(response: Response, keys: KeyRing) -> dict[str, str | int]:
    """What is kept of an answer, with the sign of what was sent for it."""
    return {
        "status": response.status_code,
        "location": response.headers.get("Location", ""),
        "body": "" if response.headers.get("Location") else response.get_data(as_text=True),
        "type": response.content_type,
        "sent": _sign(keys),
    }


def is_answered_by(kept: Mapping[str, Any], keys: KeyRing) -> bool:
    """Whether *kept* answers what this request sends; one without a sign answers whatever has its key."""
    return "sent" not in kept or kept["sent"] == _sign(keys)


def _sign(keys: KeyRing) -> str:
    """The sign of every field, and file by name and size; keyed, for numbers and passwords are among them."""
    if "sent" not in g:
        fields = [pair for pair in request.form.items(multi=True) if pair[0] not in NOT_CONTENT]
        files = [(name, file.filename, _size(file)) for name, file in request.files.items(multi=True)]
        g.sent = keys.index(json.dumps([sorted(fields), sorted(files)]))
    sign: str = g.sent
    return sign


def _size(file: FileStorage) -> int:
    place = file.stream.tell()
    size = file.stream.seek(0, 2)
    file.stream.seek(place)
    return size
