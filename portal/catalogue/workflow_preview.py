"""What a workflow would mean: the moments of its steps, what a term leaves of it, what changes. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from portal.catalogue.workflow_scopes import PublishedTerm
from portal.catalogue.workflows import StepKind, StepSpec
from portal.ground.working_time import Calendar, Term, Unit, due

IN_TURN = (StepKind.TRANSFER, StepKind.APPRAISAL, StepKind.SIGNING, StepKind.ISSUING)
"""The steps one after the other between acceptance and result: what the promised term must hold."""


@dataclass(frozen=True)
class Passage:
    """One step of a dossier accepted at a moment; no moment where the step lies outside of the term.

    is_on_demand: only when another office is asked; its time goes on while appraisal waits.
    """

    spec: StepSpec
    until: datetime | None = None
    is_on_demand: bool = False


@dataclass(frozen=True)
class Overrun:
    """A published term that ends before the norms do; *asked* for when an opinion is asked, too."""

    promised: PublishedTerm
    due_at: datetime
    asked: bool


@dataclass(frozen=True)
class Difference:
    """What one step was and what it becomes; None where it is not there."""

    kind: StepKind
    before: StepSpec | None
    after: StepSpec | None


def walk(steps: Sequence[StepSpec], start: datetime, calendar: Calendar) -> list[Passage]:
    """What a dossier accepted at *start* goes through, no opinion asked."""
    return list(_walk(steps, start, calendar))


def ends_at(
    steps: Sequence[StepSpec], start: datetime, calendar: Calendar, *, asked: bool = False
) -> datetime:
    """When the result is there by the norms; *asked*: with an opinion of another office."""
    kinds = (*IN_TURN, StepKind.CONSULTATION) if asked else IN_TURN
    return _after(start, hours_of(steps, kinds), calendar)


def hours_of(steps: Sequence[StepSpec], kinds: Iterable[StepKind] = IN_TURN) -> Decimal:
    """The sum of the norms of *kinds*, in working hours."""
    wanted = set(kinds)
    return sum((step.norm_hours for step in steps if step.kind in wanted), Decimal(0))


def overruns(
    steps: Sequence[StepSpec], terms: Iterable[PublishedTerm], start: datetime, calendar: Calendar
) -> list[Overrun]:
    """The published terms that are over before the norms are, each once."""
    plain, asked = ends_at(steps, start, calendar), ends_at(steps, start, calendar, asked=True)
    dues = [(promised, due(start, promised.term, calendar).at) for promised in terms]
    return [Overrun(promised, at, at >= plain) for promised, at in dues if at < max(plain, asked)]


def differences(before: Sequence[StepSpec], after: Sequence[StepSpec]) -> list[Difference]:
    """The steps that are not as they were, in the order of the work."""
    old, new = ({step.kind: step for step in steps} for steps in (before, after))
    return [
        Difference(kind, old.get(kind), new.get(kind)) for kind in StepKind if old.get(kind) != new.get(kind)
    ]


def _walk(steps: Sequence[StepSpec], start: datetime, calendar: Calendar) -> Iterator[Passage]:
    at = start
    for step in steps:
        if step.kind in IN_TURN:
            at = _after(at, step.norm_hours, calendar)
            yield Passage(step, at)
        elif step.kind == StepKind.RETURN:
            yield Passage(step, _after(at, step.norm_hours, calendar))
        else:
            yield Passage(step, is_on_demand=step.kind == StepKind.CONSULTATION)


def _after(at: datetime, hours: Decimal, calendar: Calendar) -> datetime:
    return due(at, Term(hours, Unit.HOUR), calendar).at
