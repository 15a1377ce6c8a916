"""A town whose dossiers anybody tries to move: the people, the verbs, and the rows as they lie there."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.accounts.authority import OPERATOR
from portal.accounts.calendars import calendar_of
from portal.accounts.models import DESK_ROLES, Actor, Role
from portal.catalogue.models import Channel, ProcedureVersion
from portal.dossiers import actions, deadlines
from portal.dossiers.models import (
    Blocker,
    CalendarDecision,
    Charge,
    ChecklistItem,
    Consultation,
    Dossier,
    Paper,
    Pause,
    PostponedPromise,
    SupplementItem,
    SupplementRequest,
)
from portal.dossiers.states import Fault, Move
from portal.ground import calendar_changes
from portal.ground.codes import Counter
from portal.ground.db import Database
from portal.ground.ledger import LedgerEntry
from portal.ground.open_hours import day_of
from portal.ground.trace import Due, Line
from portal.ground.working_time import Unit
from tests import make
from tests.conftest import KEYS, fresh_url

ELSEWHERE = "Hiệp Thành"
THIRD = "Phú Lợi"

KEPT = tuple(
    table.__table__
    for table in (
        Dossier, ChecklistItem, SupplementRequest, SupplementItem, Blocker, Pause, Charge, Consultation,
        Paper, LedgerEntry, Counter, CalendarDecision, PostponedPromise,
    )
)  # fmt: skip
"""Every table that a move may write."""

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Saying:
    """What somebody types beside the move: a number that varies days, words, amounts; blank is no word."""

    number: int = 1
    blank: bool = False

    @property
    def words(self) -> str:
        """A reason, an opinion, a document, a receipt."""
        return "  " if self.blank else f"Lời số {self.number}"


@cache
def _built(kind: str) -> tuple[Database, dict[str, Actor]]:
    """One planted database of *kind* for the whole process, with two specialists in each of two wards."""
    folder = Path(tempfile.mkdtemp(prefix="life-"))
    database = Database(fresh_url(kind, True, folder), KEYS)
    with database.writing.begin() as session:
        people = _people(session)
    return database, people


def _people(session: Session) -> dict[str, Actor]:
    people = {"owner": make.citizen(session), "stranger": make.citizen(session, 1), "operator": OPERATOR}
    for office in (make.PHU_HOA, ELSEWHERE, THIRD):
        for role in DESK_ROLES:
            people[f"{role} {office}"] = make.official(session, role, office)
    second = make.colleague(session, Role.SPECIALIST)
    people["second"] = second
    covered = people[f"{Role.SPECIALIST} {make.PHU_HOA}"].account_id
    people["second standing in"] = make.standing_in(second, frozenset({covered}))
    for role in (Role.CARRIER, Role.POST_CLERK, Role.ADMIN, Role.SUPERVISOR):
        people[str(role)] = make.somebody(session, role)
    return people


@dataclass
class Town:
    """The database of one run, undone at its end; every deed is a transaction of its own."""

    connection: sa.Connection
    people: dict[str, Actor]
    at: datetime
    dossiers: list[int] = field(default_factory=list)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session like a request's; committed by the caller, else undone."""
        options = {"join_transaction_mode": "create_savepoint", "expire_on_commit": False}
        with Session(self.connection, info={"keys": KEYS}, **options) as opened:
            yield opened

    def rows(self) -> Rows:
        """Every row that a move may have written, in order."""
        return {
            table.name: sorted(map(tuple, self.connection.execute(sa.select(table))), key=repr)
            for table in KEPT
        }

    def tell(self, version_id: int, said: dict[str, Any], unit: Unit, amount: int) -> None:
        """Let a procedure say about its dossiers what *said* says, and take so long."""
        with self.session() as session:
            version = session.get_one(ProcedureVersion, version_id)
            version.curated = {**(version.curated or {}), **said}
            for term in version.terms:
                term.unit, term.amount = unit, amount
            session.commit()

    def file(self, code: str, channel: Channel, *, at_the_desk: bool, received_elsewhere: bool) -> None:
        """One more dossier of the owner for Phú Hòa."""
        with self.session() as session:
            owner = self.people["owner"]
            filed = make.application(session, owner, code, channel=channel)
            if received_elsewhere:
                filed = replace(filed, received_by=make.office(session, ELSEWHERE))
            if at_the_desk:
                desk = ELSEWHERE if received_elsewhere else make.PHU_HOA
                by = self.people[f"{Role.RECEPTIONIST} {desk}"]
                filed = replace(filed, channel=Channel.DESK)
                made = actions.intake(session, filed, by=by, at=self.at)
            else:
                made = actions.submit(session, filed, by=owner, at=self.at)
            session.commit()
            self.dossiers.append(made.id)

    def follow_children(self) -> None:
        """Know the dossiers that were linked, too."""
        with self.session() as session:
            self.dossiers = list(session.scalars(sa.select(Dossier.id).order_by(Dossier.id)))


@contextmanager
def opened(kind: str, at: datetime) -> Iterator[Town]:
    """A town on the database of *kind*; nothing of it stays."""
    database, people = _built(kind)
    with database.engine.connect() as connection, connection.begin() as around:
        yield Town(connection, people, at)
        around.rollback()


Verb = Callable[[Session, Dossier, Actor, datetime, Saying], object]


def _asked(dossier: Dossier, saying: Saying) -> list[actions.Asked]:
    key = dossier.checklist[saying.number % len(dossier.checklist)].key
    return [] if saying.blank else [actions.Asked(Fault.EXPIRED, saying.words, item_key=key)]


def _answered(dossier: Dossier, saying: Saying) -> actions.Answered:
    request = dossier.open_supplement
    items = request.items if request else []
    keys = [item.checklist_item.key for item in items if item.checklist_item]
    if saying.blank:
        return actions.Answered()
    return actions.Answered(given=frozenset(keys[1:]), declined=dict.fromkeys(keys[:1], saying.words))


def _question(session: Session, saying: Saying) -> actions.Question:
    place = (ELSEWHERE, THIRD, make.PHU_HOA)[saying.number % 3]
    return actions.Question(make.office(session, place), saying.words, saying.number % 5)


def _child(session: Session, by: Actor, saying: Saying) -> actions.Application:
    place = (ELSEWHERE, THIRD, make.PHU_HOA)[saying.number % 3]
    return make.application(session, make.citizen(session), channel=Channel.DESK, office_name=place)


def _colleague(session: Session, saying: Saying) -> int:
    role = (Role.SPECIALIST, Role.SPECIALIST, Role.RECORDS_CLERK)[saying.number % 3]
    return make.official(session, role).account_id


def _new_day(dossier: Dossier, at: datetime, saying: Saying) -> date:
    return day_of(dossier.due_at or at) + timedelta(days=saying.number % 12 - 1)


def _postpone(session: Session, dossier: Dossier, by: Actor, at: datetime, saying: Saying) -> None:
    """Move the promise some days on or back, as only the portal may, and only on."""
    calendar = calendar_of(session, dossier.office_id, day_of(at))
    to = calendar_changes.landed((dossier.due_at or at) + timedelta(days=saying.number % 5 - 1), calendar)
    promised = deadlines.promise_of(dossier) if dossier.due_at else Due(at, (Line(at, "-"),))
    new = calendar_changes.moved_on(promised, to, calendar, at, saying.words)
    A.postpone(session, dossier, new, calendar, by=by, at=at, ground=saying.words)


A = actions
VERBS: dict[Move, Verb] = {
    Move.ACCEPT: lambda s, d, by, at, say: A.accept(s, d, by=by, at=at),
    Move.RECEIVE_PAPERS: lambda s, d, by, at, say: A.receive_papers(s, d, by=by, at=at),
    Move.ASK_SUPPLEMENT: lambda s, d, by, at, say: A.ask_supplement(
        s, d, _asked(d, say), by=by, at=at, note=say.words
    ),
    Move.ANSWER: lambda s, d, by, at, say: A.answer(s, d, _answered(d, say), by=by, at=at),
    Move.PREPAY: lambda s, d, by, at, say: A.prepay(s, d, say.number, say.words, by=by, at=at),
    Move.CHARGE: lambda s, d, by, at, say: A.charge(s, d, say.number, say.words, by=by, at=at),
    Move.PAY: lambda s, d, by, at, say: A.pay(s, d, say.words, by=by, at=at),
    Move.REFUSE: lambda s, d, by, at, say: A.refuse(s, d, by=by, at=at, reason=say.words),
    Move.FORWARD: lambda s, d, by, at, say: A.forward(s, d, by=by, at=at),
    Move.ASSIGN: lambda s, d, by, at, say: A.assign(s, d, _colleague(s, say), by=by, at=at),
    Move.TAKE_OVER: lambda s, d, by, at, say: A.take_over(s, d, by=by, at=at),
    Move.CONSULT: lambda s, d, by, at, say: A.consult(s, d, _question(s, say), by=by, at=at),
    Move.OPINE: lambda s, d, by, at, say: A.opine(s, d, say.words, by=by, at=at),
    Move.LINK: lambda s, d, by, at, say: A.link(s, d, _child(s, by, say), by=by, at=at),
    Move.SEND_DRAFT: lambda s, d, by, at, say: A.send_draft(s, d, by=by, at=at),
    Move.CONFIRM_DRAFT: lambda s, d, by, at, say: A.confirm_draft(s, d, by=by, at=at),
    Move.OBJECT_DRAFT: lambda s, d, by, at, say: A.object_draft(s, d, by=by, at=at, reason=say.words),
    Move.PROPOSE: lambda s, d, by, at, say: A.propose(s, d, by=by, at=at, opinion=say.words),
    Move.SEND_BACK: lambda s, d, by, at, say: A.send_back(s, d, by=by, at=at, reason=say.words),
    Move.SIGN: lambda s, d, by, at, say: A.sign(s, d, by=by, at=at),
    Move.FINISH: lambda s, d, by, at, say: A.finish(s, d, by=by, at=at, number=say.words),
    Move.HAND_OVER: lambda s, d, by, at, say: A.hand_over(s, d, {"receiver": say.words}, by=by, at=at),
    Move.RECALL: lambda s, d, by, at, say: A.recall(s, d, by=by, at=at, reason=say.words),
    Move.EXTEND: lambda s, d, by, at, say: A.extend(
        s, d, _new_day(d, at, say), by=by, at=at, reason=say.words
    ),
    Move.POSTPONE: lambda s, d, by, at, say: _postpone(s, d, by, at, say),
    Move.STOP: lambda s, d, by, at, say: A.stop(s, d, by=by, at=at, reason=say.words),
    Move.RESUME: lambda s, d, by, at, say: A.resume(s, d, by=by, at=at),
    Move.GIVE_UP: lambda s, d, by, at, say: A.give_up(s, d, by=by, at=at, reason=say.words),
    Move.CLOSE: lambda s, d, by, at, say: A.close(s, d, by=by, at=at, reason=say.words),
    Move.END_LINKED: lambda s, d, by, at, say: A.end_linked(s, d, by=by, at=at, reason=say.words),
    Move.WITHDRAW: lambda s, d, by, at, say: A.withdraw(s, d, by=by, at=at),
}
"""Every move but the beginnings, with whatever is typed beside it."""
