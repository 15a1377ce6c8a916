"""One record of the national catalogue: its shape, its code, its text cleaned. Pure."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.ground.errors import Refused
from portal.ground.text import clean, clean_lines
from portal.ground.words import N_

Content = Mapping[str, Any]

CODE = re.compile(r"(\d\.\d{6})(?:\.((?:\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}))?")
"""The national base code, and the owner that a province's list appends (DOMAIN 4.3)."""

LONGEST_FIELD = 200
LARGEST_NUMBER = 10**12
LONGEST_TIME = 100_000

_MONEY = range(LARGEST_NUMBER)
_SHEETS = range(10_000)
_TIERS = frozenset({"ministry", "province", "district", "commune", "other"})
_UNITS = frozenset({"working_day", "day", "hour", "month", "other", "unknown"})
_CHANNELS = frozenset({"online", "post", "counter"})

SHAPE: dict[str, Any] = {
    **dict.fromkeys(("code", "name", "field", "issuer", "issuer_code", "decision", "kind"), str),
    **dict.fromkeys(("competent_authority", "reception_address", "channel_note", "steps", "conditions"), str),
    **dict.fromkeys(("online_available", "post_available", "online_submit_button"), bool),
    "levels": [_TIERS],
    "agencies": [str],
    "applicants": [str],
    "channels": [
        {
            "channel": _CHANNELS,
            "time_value": range(LONGEST_TIME),
            "time_unit": _UNITS,
            "fees": [{"amount": _MONEY, "currency": str, "note": str}],
            "note": str,
        }
    ],
    "documents": [
        {
            "case": str,
            "items": [{"name": str, "forms": [str], "originals": _SHEETS, "copies": _SHEETS}],
        }
    ],
    "results": [{"code": str, "name": str}],
    "legal_basis": [{"number": str, "title": str}],
    "source": {"dataset": str, "url": str, "warnings": [str]},
}
"""What each key holds: text, a flag, a number of a range, one word of a set, or lists and objects of them."""

_NEEDED = ("code", "name", "field")
_HALF_LETTER = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class BadRecord(Refused):
    """The record cannot be taken in; the message says which key is wrong and how."""


@dataclass(frozen=True)
class Record:
    """A record that has the right shape; *content* is cleaned and carries the base code and the owner."""

    code: str
    name: str
    field: str
    content: Content
    hash: str


def read(raw: object) -> Record:
    """Take one item of the file as a record; raises BadRecord."""
    if not isinstance(raw, dict):
        raise BadRecord(N_("không phải một bản ghi"))
    content = _cleaned(raw)
    for key in _NEEDED:
        if not content.get(key):
            raise BadRecord(N_("thiếu %(key)s"), key=key)
    for message, params in _faults(content, SHAPE, ""):
        raise BadRecord(message, **params)
    code, owner = split_code(content["code"])
    if len(content["field"]) > LONGEST_FIELD:
        raise BadRecord(N_("tên lĩnh vực dài quá %(limit)s ký tự"), limit=LONGEST_FIELD)
    content |= {"code": code} | ({"owner": owner} if owner else {})
    return Record(code, clean(content["name"]), clean(content["field"]), content, digest(content))


def split_code(text: str) -> tuple[str, str]:
    """The base code and the owner ("" when none) of a procedure code; raises BadRecord."""
    found = CODE.fullmatch(clean(text))
    if found is None:
        raise BadRecord(N_("mã “%(code)s” không đúng dạng 1.001193"), code=text[:60])
    return found[1], found[2] or ""


def digest(content: Content) -> str:
    """Return the SHA-256 of everything a record says."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _cleaned(value: Any) -> Any:
    """*value* with its texts in NFC without control characters, and without what is empty."""
    if isinstance(value, dict):
        cleaned = {_text(str(key)): _cleaned(item) for key, item in value.items()}
        return {key: item for key, item in cleaned.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    if _HALF_LETTER.search(text):
        raise BadRecord(N_("có ký tự hỏng"))
    return clean_lines(_CONTROLS.sub("", text.replace("\r\n", "\n")))


Said = tuple[str, dict[str, str]]


def _faults(value: Any, shape: Any, where: str) -> Iterator[Said]:
    """What in *value* is not as *shape* says, as sentences."""
    if isinstance(shape, dict):
        yield from _faults_of_object(value, shape, where)
    elif isinstance(shape, list):
        yield from _faults_of_list(value, shape[0], where)
    elif isinstance(shape, range):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < shape.stop:
            yield (
                N_("%(where)s: cần một số từ 0 đến dưới %(stop)s"),
                {"where": where, "stop": str(shape.stop)},
            )
    elif isinstance(shape, frozenset):
        if value not in shape:
            words = {"where": where, "value": str(value)[:40], "known": ", ".join(sorted(shape))}
            yield N_("%(where)s: “%(value)s” không thuộc %(known)s"), words
    elif not isinstance(value, shape):
        yield N_("%(where)s: không đúng kiểu, cần %(kind)s"), {"where": where, "kind": shape.__name__}


def _faults_of_object(value: Any, shape: dict[str, Any], where: str) -> Iterator[Said]:
    if not isinstance(value, dict):
        yield N_("%(where)s: không đúng kiểu, cần %(kind)s"), {"where": where, "kind": "object"}
        return
    for key, inner in shape.items():
        if key in value:
            yield from _faults(value[key], inner, f"{where}.{key}" if where else key)


def _faults_of_list(value: Any, shape: Any, where: str) -> Iterator[Said]:
    if not isinstance(value, list):
        yield N_("%(where)s: không đúng kiểu, cần %(kind)s"), {"where": where, "kind": "list"}
        return
    for position, item in enumerate(value):
        yield from _faults(item, shape, f"{where}[{position}]")
