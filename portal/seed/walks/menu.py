"""Which procedures of the catalogue fit a story: as the pages would offer them, on every day of the time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import OfficeKind
from portal.accounts.offices import takes_dossiers, wards
from portal.catalogue import queries as catalogue
from portal.catalogue.answers import Known, check_all
from portal.catalogue.definitions import Definition
from portal.catalogue.form_source import form_for, parse
from portal.catalogue.models import Case, Channel, Procedure, ProcedureVersion, RequiredPaper
from portal.dossiers import ways
from portal.dossiers.deadlines import NoTerm, term_of
from portal.dossiers.readiness import KIND_OF, deciders, standing_of
from portal.ground.working_time import Term, Unit
from portal.seed.walks.answers import Writer
from portal.seed.walks.neighbours import Names
from portal.seed.walks.stories import USUAL_WEIGHT, Story, weights

SLOW = (Unit.WORKING_DAY, Unit.DAY, Unit.MONTH)
"""Units of terms that leave somebody days of work."""


@dataclass(frozen=True)
class Dish:
    """One case of one procedure, its form, and what stands for it on its first day and the last."""

    version: ProcedureVersion
    case: Case
    definition: Definition | None
    since: date
    standings: tuple[ways.Standing, ...]
    weight: float

    @property
    def papers(self) -> tuple[RequiredPaper, ...]:
        """The lines of the list without a condition."""
        return tuple(paper for paper in self.case.papers if not paper.only_if)

    @property
    def kind(self) -> OfficeKind:
        """What decides."""
        tier = self.version.competent_tier
        return (KIND_OF.get(tier) if tier else None) or OfficeKind.PROVINCE

    def fits(self, story: Story) -> bool:
        """Whether a dossier of it can live through *story*."""
        if story.procedure and story.procedure != self.version.procedure.code:
            return False
        term = _term(self.version, story.channel, self.case.key)
        if term is None or (story.slow and not _is_slow(term)):
            return False
        return all(self._open(standing, story) for standing in self.standings)

    def _open(self, standing: ways.Standing, story: Story) -> bool:
        receives = {choice.value for choice in ways.receiving(standing) if choice.is_open}
        if story.delivery not in receives:
            return False
        if story.is_taken_in:
            return not standing.offer.missing
        sends = ways.sending(standing, self.case.key, self.papers)
        open_sends = {choice.value for choice in sends if choice.is_open}
        return standing.takes_filings and story.channel in open_sends


def menu(session: Session, names: Names, opening: date, today: date) -> list[Dish]:
    """Every case of every procedure that takes dossiers *today* and whose form can be filled in."""
    curated = select(ProcedureVersion).join(ProcedureVersion.procedure).order_by(Procedure.code)
    current = curated.where(catalogue.in_force(today), ProcedureVersion.curated.is_not(None))
    known = Known(today, {ward.code: ward.full_name for ward in wards(session, today)})
    return [
        dish
        for version in session.scalars(current).unique()
        for dish in _dishes(session, version, (max(opening, version.from_on), today))
        if _is_received(session, version, today)
        and (dish.definition is None or _can_be_filled(dish, dish.definition, names, known))
    ]


def _is_received(session: Session, version: ProcedureVersion, today: date) -> bool:
    """Whether the agency a procedure names has people here; any other is decided where the story plays."""
    if not version.agency:
        return True
    return any(takes_dossiers(session, office, today) for office in deciders(session, version, today))


def _dishes(session: Session, version: ProcedureVersion, days: Sequence[date]) -> Iterator[Dish]:
    standings = tuple(standing_of(session, version, day) for day in days)
    online = all(standing.files_online for standing in standings)
    form = form_for(session, version.procedure.code) if online else None
    definition = parse(form.content) if form else None
    weight = weights().get(version.procedure.code, USUAL_WEIGHT) / len(version.cases)
    return (Dish(version, case, definition, days[0], standings, weight) for case in version.cases)


def _can_be_filled(dish: Dish, definition: Definition, names: Names, known: Known) -> bool:
    """Whether what is written into the form holds; a form we cannot fill in is left to its citizens."""
    somebody = names.somebody("0900000000", next(iter(known.areas)))
    writer = Writer(names, somebody, dish.case.key, dish.version.name, known.today)
    return not check_all(definition, writer.fill(definition), dish.case.key, known).errors


def _term(version: ProcedureVersion, channel: Channel, case_key: str) -> Term | None:
    try:
        return term_of(version, channel, case_key)
    except NoTerm:
        return None


def _is_slow(term: Term) -> bool:
    return term.unit in SLOW and term.amount >= 3
