"""How a procedure is put into words and rows for its page and for the list."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from portal.catalogue.models import Channel, ChannelTerm, ProcedureVersion, RequiredPaper
from portal.catalogue.search import Hit
from portal.ground.text import fold
from portal.ground.working_time import USUAL_WEEK, Unit
from portal.web.formats import money, number, unbroken
from portal.web.i18n import _, say

ORDER = (Channel.ONLINE, Channel.POST, Channel.DESK)
ICONS = {Channel.ONLINE: "net", Channel.POST: "bike", Channel.DESK: "desk"}

LONGEST_FEE = 40
"""A longer fee is a text for the page of the procedure, not for the list."""


LONGEST_NAME = 200
"""Characters of a name that a list shows; the longest real one has 1,094."""

LONGEST_REPEATED_FEE = 60
"""A longer fee is not said again for the next channel."""


@dataclass(frozen=True)
class ChannelRow:
    """Time and money of one way of filing."""

    icon: str
    name: str
    time: str
    fee: str
    postage: str
    fact: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """One hit of the list."""

    code: str
    title: Markup
    level: int
    field: str
    lead: str
    time: str
    fee: str
    post: str


def card(hit: Hit, words: Sequence[str]) -> Card:
    """The card of *hit*, the words that were asked for marked in its name."""
    version = hit.version
    first = _first(version.terms)
    fee = unbroken(first.fee_text) if first and len(first.fee_text) <= LONGEST_FEE else ""
    return Card(
        code=version.procedure.code,
        title=marked(version.name, words),
        level=int(hit.level),
        field=version.field,
        lead=version.lead or _("Thông tin tham khảo; chưa nhận hồ sơ qua cổng này."),
        time=time_of(first) if first and first.term else "",
        fee=fee,
        post=_post(hit),
    )


def _post(hit: Hit) -> str:
    if hit.version.curated is None:
        return ""
    return _("Bưu tá lấy và trả tận nhà") if hit.by_post else _("Không qua bưu điện")


def marked(name: str, words: Sequence[str]) -> Markup:
    """*name*, cut when it is a paragraph, with words that begin with one of the folded *words* in <mark>."""
    name = name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME].rsplit(" ", 1)[0] + " …"
    parts = re.split(r"(\w+)", name)
    shown = (
        Markup("<mark>{}</mark>").format(part) if _starts(part, words) else escape(part) for part in parts
    )
    return Markup("").join(shown)


def _starts(part: str, words: Sequence[str]) -> bool:
    folded = fold(part)
    return bool(folded) and any(folded.startswith(word) for word in words)


def _first(terms: Iterable[ChannelTerm]) -> ChannelTerm | None:
    """The term of the likeliest way: online, by post, at the desk."""
    return min(_usual(terms), key=lambda row: ORDER.index(row.channel), default=None)


def _usual(terms: Iterable[ChannelTerm]) -> list[ChannelTerm]:
    return [row for row in terms if row.case_key == ""]


def time_of(row: ChannelTerm) -> str:
    """3 ngày làm việc; what the source leaves out is said, not guessed."""
    if row.amount is None:
        return _("nguồn không ghi")
    if row.unit is None:
        return _("%(amount)s, nguồn không ghi đơn vị", amount=_amount(row.amount))
    if row.unit is Unit.SAME_DAY:
        return _("trong ngày")
    return f"{_amount(row.amount)} {say(row.unit.label)}"


def _amount(amount: Decimal) -> str:
    return number(int(amount)) if amount == int(amount) else f"{amount.normalize():f}".replace(".", ",")


def channels(
    version: ProcedureVersion, case_key: str, postage: int | None, by_post: bool
) -> list[ChannelRow]:
    """Time and money by way of filing for a case; the post's row only where the post carries the papers."""
    rows = sorted(version.terms, key=lambda row: (ORDER.index(row.channel), row.case_key == ""))
    own = [row for row in rows if row.case_key in ("", case_key)]
    facts = (version.curated or {}).get("terms", {})
    shown = _one_each(own) if version.curated else own
    said: set[str] = set()
    return [
        ChannelRow(
            icon=ICONS[row.channel],
            name=say(row.channel.label),
            time=time_of(row) + (f" · {row.note}" if row.note and version.curated else ""),
            fee=_fee(row, said),
            postage=_postage(row.channel, postage),
            fact=facts.get(row.channel.value, {}),
        )
        for row in shown
        if by_post or row.channel != Channel.POST or not version.curated
    ]


def _fee(row: ChannelTerm, said: set[str]) -> str:
    """The fee; a long text that was *said* for another channel is not said again."""
    if row.fee_text in said and len(row.fee_text) > LONGEST_REPEATED_FEE:
        return _("như trên")
    said.add(row.fee_text)
    return unbroken(row.fee_text) or _("nguồn không ghi")


def _one_each(rows: Iterable[ChannelTerm]) -> list[ChannelTerm]:
    """The first row of each channel: the case's own before the general one."""
    return list({row.channel: row for row in reversed(list(rows))}.values())[::-1]


def _postage(channel: Channel, postage: int | None) -> str:
    if channel != Channel.POST:
        return ""
    return money(postage) if postage is not None else _("theo bảng cước")


@dataclass(frozen=True)
class PaperRow:
    """A line of the checklist."""

    name: str
    note: str
    originals: int
    copies: int
    certified_copies: int
    form_url: str = ""


def papers(rows: Iterable[RequiredPaper], blank_of: str, blank_url: str) -> list[PaperRow]:
    """What is handed in, with its condition; the paper with key *blank_of* has a form to download."""
    return [
        PaperRow(
            name=row.name,
            note=_note(row),
            originals=row.originals,
            copies=row.copies,
            certified_copies=row.certified_copies,
            form_url=blank_url if row.key == blank_of else "",
        )
        for row in rows
        if not row.to_show
    ]


def shown_only(rows: Iterable[RequiredPaper]) -> list[str]:
    """What is only shown and not handed in, each with its condition."""
    return [
        _("%(name)s (chỉ khi %(condition)s)", name=row.name, condition=row.only_if)
        if row.only_if
        else row.name
        for row in rows
        if row.to_show
    ]


def _note(row: RequiredPaper) -> str:
    only_if = _("Chỉ khi %(condition)s", condition=row.only_if) if row.only_if else ""
    return ". ".join(part for part in (only_if, row.note) if part)


def usual_hours() -> str:
    """07:30–11:30, 13:30–17:00: the usual office hours of a working day."""
    return ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in USUAL_WEEK[0])


def notes_about(version: ProcedureVersion, about: str) -> Iterator[Mapping[str, Any]]:
    """The curated notes about "time", "fee" or "papers"."""
    return (note for note in (version.curated or {}).get("notes", []) if note["about"] == about)
