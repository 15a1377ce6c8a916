"""Finds procedures in the words people use, with counted filters, in a constant number of statements."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from math import log
from typing import Any

import sqlalchemy as sa
from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from portal.catalogue.levels import OnlineLevel
from portal.catalogue.models import ProcedureVersion, Tier, VersionTier
from portal.catalogue.queries import in_force, level_column, post_column, without_text
from portal.catalogue.transcribing import BAR
from portal.ground.text import fold

PAGE = 20
"""Results on a page."""

LONGEST_QUESTION = 200
"""Characters of a question that are read."""

LIKE_ENOUGH = 65
"""How alike a known word must be to a misspelt one, of 100."""

_FILLER = frozenset({"lam", "xin", "muon", "toi", "can", "cho", "de", "o", "dau"})
"""Folded words of a question that say nothing about which procedure is meant."""

_WITH_OWNER = re.compile(r"^(\d\.\d{6})\.[\w.]+$")


Rows = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Wanted:
    """What a reader asked for; an empty set does not restrict. by_post: {True}, {False} or both."""

    words: tuple[str, ...] = ()
    levels: frozenset[int] = frozenset()
    fields: frozenset[str] = frozenset()
    tiers: frozenset[Tier] = frozenset()
    by_post: frozenset[bool] = frozenset()


@dataclass(frozen=True)
class Hit:
    """One procedure of a list: its version, its level and whether the post carries its papers."""

    version: ProcedureVersion
    level: OnlineLevel
    by_post: bool


@dataclass(frozen=True)
class Counts:
    """How many procedures each filter would show, the other filters staying as they are."""

    levels: Counter[int] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    tiers: Counter[Tier] = field(default_factory=Counter)
    by_post: Counter[bool] = field(default_factory=Counter)


@dataclass(frozen=True)
class Found:
    """A page of a list; page counts from 1, total is of all pages."""

    hits: Sequence[Hit]
    total: int
    page: int
    counts: Counts

    @property
    def first(self) -> int:
        """The place of the first hit of the page, from 1."""
        return (self.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The place of the last hit of the page."""
        return self.first + len(self.hits) - 1


def words_of(question: str) -> tuple[str, ...]:
    """The folded words of *question* that matter; a code loses the owner behind it."""
    words = [_WITH_OWNER.sub(r"\1", word) for word in fold(question[:LONGEST_QUESTION]).split()]
    words = [word.strip(".") for word in words if word.strip(".")]
    return tuple(word for word in words if word not in _FILLER) or tuple(words)


def search(session: Session, wanted: Wanted, today: date, page: int = 1) -> Found:
    """The procedures in force on *today* that have every word and pass every filter, the likeliest first."""
    counts, total = _counts(session, wanted, today)
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    rows = _hits(wanted, today).where(*_filters(wanted, today)).order_by(*_likeliest(wanted))
    shown = rows.limit(PAGE).offset((page - 1) * PAGE)
    return Found([_hit(row) for row in session.execute(shown)], total, page, counts)


def count(session: Session, wanted: Wanted, today: date) -> int:
    """How many procedures in force on *today* have every word and pass every filter."""
    rows = _rows(wanted, today).where(*_filters(wanted, today)).subquery()
    return session.scalar(select(sa.func.count()).select_from(rows)) or 0


def fields(session: Session, today: date) -> Counter[str]:
    """Every field of the procedures in force on *today*, with how many it has."""
    rows = select(ProcedureVersion.field, sa.func.count().label("n")).where(in_force(today))
    return Counter({row.field: row.n for row in session.execute(rows.group_by(ProcedureVersion.field))})


def nearest(session: Session, words: Sequence[str], today: date, limit: int = 5) -> Sequence[Hit]:
    """The procedures that come closest to a question that found nothing: words misspelt or too many."""
    can_be_filed = ProcedureVersion.curated.is_not(None).label("can_be_filed")
    named = select(ProcedureVersion.id, ProcedureVersion.folded, can_be_filed).where(in_force(today))
    known = {row.id: row for row in session.execute(named)}
    scores = _likeness(words, {key: row.folded.split() for key, row in known.items()})
    best = sorted(scores, key=lambda key: (-scores[key], not known[key].can_be_filed, known[key].folded))[
        :limit
    ]
    rows = session.execute(_hits(Wanted(), today).where(ProcedureVersion.id.in_(best)))
    return sorted(map(_hit, rows), key=lambda hit: best.index(hit.version.id))


def _likeness(words: Sequence[str], texts: Mapping[int, Sequence[str]]) -> dict[int, float]:
    """By key of *texts*: how much the words of the question weigh that it has, where that is enough.

    A rare word weighs more than a common one, a close word less than the same one, a word of the name twice.
    """
    used = Counter(chain.from_iterable(map(set, texts.values())))
    close = (
        process.extractOne(word, used.keys(), scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH) for word in words
    )
    weights = {
        word: log(1 + len(texts) / used[word]) * (alike / 100) ** 2
        for word, alike, _place in filter(None, close)
    }
    enough = sum(weights.values()) / 3
    scores = {key: _weight(set(text), weights) for key, text in texts.items()}
    names = {key: _weight(set(text[: text.index(BAR)]), weights) for key, text in texts.items()}
    return {key: score + names[key] for key, score in scores.items() if score and score >= enough}


def _weight(text: Set[str], weights: Mapping[str, float]) -> float:
    return sum(weights[word] for word in text & weights.keys())


def _hits(wanted: Wanted, today: date) -> Rows:
    """The versions that have every word, each with its level and whether it goes by post."""
    rows = _rows(wanted, today).add_columns(ProcedureVersion)
    shown = contains_eager(ProcedureVersion.procedure), selectinload(ProcedureVersion.terms), without_text
    return rows.options(*shown)


def _hit(row: Any) -> Hit:
    return Hit(row.ProcedureVersion, OnlineLevel(row.level), bool(row.by_post))


def _rows(wanted: Wanted, today: date) -> Rows:
    """Level and way by post of the versions in force that have every word."""
    level, by_post = level_column(today).label("level"), post_column(today).label("by_post")
    rows = select(level, by_post).select_from(ProcedureVersion).join(ProcedureVersion.procedure)
    return rows.where(in_force(today), *_words(wanted.words))


def _words(words: Iterable[str]) -> list[sa.ColumnElement[bool]]:
    """That each word begins a word of what is searched."""
    return [_padded().like(f"% {_escaped(word)}%", escape="/") for word in words]


def _escaped(text: str) -> str:
    return text.replace("_", "/_")  # Folded words have no other sign that LIKE knows.


def _padded() -> sa.ColumnElement[str]:
    return sa.literal(" ") + ProcedureVersion.folded


def _filters(wanted: Wanted, today: date) -> list[sa.ColumnElement[bool]]:
    conditions = [_of_tier(wanted.tiers)] if wanted.tiers else []
    if wanted.levels:
        conditions.append(level_column(today).in_(sorted(wanted.levels)))
    if wanted.fields:
        conditions.append(ProcedureVersion.field.in_(sorted(wanted.fields)))
    if wanted.by_post:
        conditions.append(post_column(today).in_(sorted(wanted.by_post)))
    return conditions


def _of_tier(tiers: frozenset[Tier]) -> sa.ColumnElement[bool]:
    return ProcedureVersion.tiers.any(VersionTier.tier.in_(sorted(tiers)))


def _likeliest(wanted: Wanted) -> list[sa.ColumnElement[int] | sa.ColumnElement[str]]:
    """Those that are called so first, then those with the words in a row in the name, then anywhere; by name.

    Of names alike, the shorter says less beside the words asked for: the everyday case, not a special one.
    """
    phrase = _escaped(" ".join(wanted.words))
    in_the_name, somewhere = (_padded().like(f"% {phrase}%{bar}", escape="/") for bar in (f"{BAR}%", ""))
    can_be_filed = ProcedureVersion.curated.is_not(None)
    called_so = (_padded() + f" {BAR}").like(f"%{BAR} {phrase} {BAR}%", escape="/")
    wished = [called_so, in_the_name, somewhere, can_be_filed] if wanted.words else [can_be_filed]
    shortest = [sa.func.length(ProcedureVersion.name)] if wanted.words else []
    firsts = (sa.case((wish, 0), else_=1) for wish in wished)
    return [*firsts, *shortest, ProcedureVersion.folded.expression]


def _counts(session: Session, wanted: Wanted, today: date) -> tuple[Counts, int]:
    """The counts of every filter, and how many procedures pass them all: two statements."""
    counts, total = Counts(), 0
    for row in session.execute(_cube(wanted, today)):
        level, name, post = row.level, row.field, bool(row.by_post)
        fits = (_in(level, wanted.levels), _in(name, wanted.fields), _in(post, wanted.by_post))
        counts.levels[level] += row.n * (fits[1] and fits[2])
        counts.fields[name] += row.n * (fits[0] and fits[2])
        counts.by_post[post] += row.n * (fits[0] and fits[1])
        total += row.n * all(fits)
    counts.tiers.update({row.tier: row.n for row in session.execute(_by_tier(wanted, today))})
    return counts, total


def _by_tier(wanted: Wanted, today: date) -> Rows:
    """How many procedures of each tier pass the other filters."""
    others = replace(wanted, tiers=frozenset())
    fits = _rows(others, today).where(*_filters(others, today)).join(ProcedureVersion.tiers)
    return fits.with_only_columns(VersionTier.tier, sa.func.count().label("n")).group_by(VersionTier.tier)


def _cube(wanted: Wanted, today: date) -> Rows:
    """How many procedures of each level, field and way by post, within the words and the tiers."""
    within_tiers = _filters(Wanted(tiers=wanted.tiers), today)
    rows = _rows(wanted, today).add_columns(ProcedureVersion.field).where(*within_tiers).subquery()
    columns = rows.c.level, rows.c.field, rows.c.by_post
    return select(*columns, sa.func.count().label("n")).group_by(*columns)


def _in(value: object, chosen: frozenset[Any]) -> bool:
    return not chosen or value in chosen
