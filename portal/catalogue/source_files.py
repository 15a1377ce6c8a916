"""Files that come from outside: read whole or not at all, plain or gzip by their content."""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Collection
from typing import Any

from portal.ground.errors import PortalError
from portal.ground.words import N_

LONGEST_BYTES = 256 * 1024 * 1024
"""No file may unpack to more; the whole national catalogue is about 25 MB."""

_GZIP = b"\x1f\x8b"


class BrokenFile(PortalError):
    """The file cannot be read as what it should be; nothing was taken from it."""

    status = 422
    message = N_("Tệp hỏng, không đọc được.")


def text_of(content: bytes) -> str:
    """The text of *content*, unpacked first when it is gzip; raises BrokenFile."""
    if content.startswith(_GZIP):
        content = _unpacked(content)
    if len(content) > LONGEST_BYTES:
        raise BrokenFile(N_("Tệp quá lớn: mở ra hơn %(limit)s MB."), limit=LONGEST_BYTES // 2**20)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenFile(N_("Tệp không phải văn bản UTF-8 (sai ở byte %(at)s)."), at=error.start) from error


def json_array(content: bytes) -> list[Any]:
    """The items of a file that is one JSON array; raises BrokenFile."""
    try:
        found = json.loads(text_of(content), parse_constant=_no_such_number)
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise BrokenFile(N_("Tệp không phải JSON (sai ở dòng %(line)s, cột %(column)s)."), **place) from error
    except (RecursionError, ValueError) as error:
        raise BrokenFile(N_("Tệp không phải JSON dùng được.")) from error
    if not isinstance(found, list):
        raise BrokenFile(N_("Tệp phải là một mảng JSON, mỗi phần tử một thủ tục."))
    return found


def csv_rows(content: bytes, needed: Collection[str]) -> list[dict[str, str]]:
    """The rows of a CSV file whose first line names at least the *needed* columns; raises BrokenFile."""
    reader = csv.DictReader(io.StringIO(text_of(content), newline=""), restval="", strict=True)
    try:
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        if missing:
            raise BrokenFile(N_("Tệp CSV thiếu cột %(columns)s."), columns=", ".join(missing))
        return [{name: row[name] for name in reader.fieldnames or ()} for row in reader]
    except csv.Error as error:
        raise BrokenFile(N_("Tệp CSV hỏng ở dòng %(line)s."), line=reader.line_num) from error


def _unpacked(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            return packed.read(LONGEST_BYTES + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise BrokenFile(N_("Tệp nén gzip hỏng hoặc bị cắt cụt.")) from error


def _no_such_number(name: str) -> None:
    raise ValueError(name)
