"""The filters of the list of procedures: read from the address, counted, written back into addresses."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.catalogue.levels import OnlineLevel
from portal.catalogue.models import Tier
from portal.catalogue.search import LONGEST_QUESTION, Counts, Wanted, words_of
from portal.ground.text import clean
from portal.web.i18n import _, say

LEVEL, FIELD, TIER, POST, PAGE = "muc", "linh-vuc", "cap", "buu-dien", "trang"
"""The names of the filters in an address."""

FIELDS_SHOWN = 12
"""How many fields the list of filters shows; the page of all fields has the others."""

_POST_WORDS = {"co": True, "khong": False}
_MOST_VALUES = 20


@dataclass(frozen=True)
class Option:
    """One box to tick."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A group of boxes under one name of the address."""

    title: str
    name: str
    options: list[Option]
    is_open: bool


@dataclass(frozen=True)
class Asked:
    """What an address asks for: the question as typed, and what it means."""

    question: str
    wanted: Wanted

    def url(self, **changes: Any) -> str:
        """The address of the list with these filters changed (levels=..., page=...)."""
        page = changes.pop("page", 1)
        wanted = replace(self.wanted, **changes)
        values: dict[str, Any] = {
            "q": self.question or None,
            LEVEL: sorted(wanted.levels),
            FIELD: sorted(wanted.fields),
            TIER: [tier.value for tier in Tier if tier in wanted.tiers],
            POST: [word for word, by_post in _POST_WORDS.items() if by_post in wanted.by_post],
            PAGE: page if page > 1 else None,
        }
        return url_for("public.catalogue", **values)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """The filters that are on, each with the address without it."""
        wanted = self.wanted
        return [
            *((_level(level), self.url(levels=wanted.levels - {level})) for level in sorted(wanted.levels)),
            *((name, self.url(fields=wanted.fields - {name})) for name in sorted(wanted.fields)),
            *((say(tier.label), self.url(tiers=wanted.tiers - {tier})) for tier in sorted(wanted.tiers)),
            *((_post(on), self.url(by_post=wanted.by_post - {on})) for on in sorted(wanted.by_post)),
        ]

    @property
    def cleared(self) -> str:
        """The address without any filter."""
        return self.url(levels=frozenset(), fields=frozenset(), tiers=frozenset(), by_post=frozenset())


def asked(args: MultiDict[str, str]) -> Asked:
    """Read the query of an address; values that mean nothing are left out."""
    question = clean(args.get("q", "")[:LONGEST_QUESTION])
    tiers, levels = (
        {tier.value: tier for tier in Tier},
        {str(int(level)): int(level) for level in OnlineLevel},
    )
    wanted = Wanted(
        words=words_of(question),
        levels=_known(args, LEVEL, levels),
        fields=frozenset(clean(name[:200]) for name in args.getlist(FIELD)[:_MOST_VALUES] if name.strip()),
        tiers=_known(args, TIER, tiers),
        by_post=_known(args, POST, _POST_WORDS),
    )
    return Asked(question, wanted)


def page_of(args: MultiDict[str, str]) -> int:
    """The page asked for; 1 when it is no number."""
    text = args.get(PAGE, "")
    return int(text) if text.isdecimal() and len(text) < 8 else 1


def facets(counts: Counts, wanted: Wanted) -> list[Facet]:
    """The four groups of filters with their counts, in the order of the page."""
    fields = {name: name for name in sorted(wanted.fields)}
    fields |= {name: name for name, _n in counts.fields.most_common(FIELDS_SHOWN)}
    tiers = {tier.value: tier for tier in Tier if counts.tiers[tier] or tier in wanted.tiers}
    levels = {str(int(level)): int(level) for level in reversed(OnlineLevel)}
    return [
        Facet(_("Mức trực tuyến"), LEVEL, _options(levels, counts.levels, wanted.levels, _level), True),
        Facet(_("Lĩnh vực"), FIELD, _options(fields, counts.fields, wanted.fields, str), True),
        Facet(
            _("Nơi giải quyết"), TIER, _options(tiers, counts.tiers, wanted.tiers, _tier), bool(wanted.tiers)
        ),
        Facet(_("Bưu điện"), POST, _options(_POST_WORDS, counts.by_post, wanted.by_post, _post), True),
    ]


def _options(
    values: Mapping[str, Any], counts: Mapping[Any, int], chosen: Iterable[Any], label: Callable[[Any], str]
) -> list[Option]:
    chosen = set(chosen)
    return [
        Option(word, label(value), counts.get(value, 0), value in chosen) for word, value in values.items()
    ]


def _known(args: MultiDict[str, str], name: str, values: Mapping[str, Any]) -> frozenset[Any]:
    return frozenset(values[word] for word in args.getlist(name) if word in values)


def _level(level: int) -> str:
    return _("Mức %(level)s", level=level)


def _tier(tier: Tier) -> str:
    return say(tier.label)


def _post(by_post: bool) -> str:
    return _("Bưu tá lấy và trả tận nhà") if by_post else _("Không qua bưu điện")
