"""What is true of every dossier after every deed, whoever did what."""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.dossiers import deadlines
from portal.dossiers.models import Dossier
from portal.dossiers.states import FINAL, Move, Status
from portal.dossiers.workflow import ARRIVALS, moves_open_to, replay, state_text
from portal.ground import ledger
from portal.ground.codes import DOSSIER_CODE, Counter

WAITING = (Status.AWAITING_SUPPLEMENT, Status.AWAITING_PAYMENT)


def check(session: Session, dossier: Dossier, people: Iterable[Actor], at: datetime) -> None:
    """Raise AssertionError with the first truth that does not hold of *dossier*."""
    _is_what_the_ledger_says(session, dossier)
    _has_the_promise_of_its_trace(dossier)
    _stands_still_exactly_where_it_waits(dossier)
    _waits_for_one_thing(dossier)
    _has_its_moments(dossier)
    if not dossier.is_over:
        assert any(moves_open_to(person, dossier, at) for person in people), "nobody holds it"


def check_codes(session: Session) -> None:
    """Every accepted dossier has a code of its own, and the counters gave out as many as there are."""
    codes = list(session.scalars(select(Dossier.code).where(Dossier.code.is_not(None))))
    assert len(set(codes)) == len(codes)
    assert all(DOSSIER_CODE.fullmatch(code) for code in codes)
    given = session.scalars(select(Counter.value).where(Counter.series.like("dossier %")))
    assert sum(given) == len(codes)


def _is_what_the_ledger_says(session: Session, dossier: Dossier) -> None:
    entries = ledger.history(session, "dossier", dossier.id)
    assert replay(Move(entry.move) for entry in entries) == (dossier.status, dossier.step)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert all(before.to_state == after.from_state for before, after in pairwise(entries))
    assert all(before.at <= after.at for before, after in pairwise(entries))
    assert [entry.move for entry in entries].count(Move.EXTEND) <= 1
    assert entries[-1].to_state == state_text(dossier.status, dossier.step)


def _has_the_promise_of_its_trace(dossier: Dossier) -> None:
    assert (dossier.code is None) == (dossier.accepted_at is None) == (dossier.due_at is None)
    if dossier.due_at is None:
        assert dossier.due_trace == []
        return
    lines = deadlines.promise_of(dossier).trace
    assert lines[-1].at == dossier.due_at
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert all(line.sentence for line in lines)


def _stands_still_exactly_where_it_waits(dossier: Dossier) -> None:
    from_work = dossier.status in WAITING and dossier.resume_to == Status.IN_PROGRESS
    stands = from_work or dossier.status == Status.STOPPED
    assert [pause.ended_at is None for pause in dossier.pauses].count(True) == int(stands)
    assert (dossier.open_pause is not None) == stands
    for pause in dossier.pauses:
        assert pause.ended_at is None or pause.ended_at >= pause.began_at
        assert pause.new_due_at is None or pause.new_due_at >= pause.old_due_at
    for before, after in pairwise(dossier.pauses):
        assert before.ended_at is not None
        assert before.ended_at <= after.began_at
    if dossier.open_pause:
        assert dossier.open_pause.old_due_at == dossier.due_at


def _waits_for_one_thing(dossier: Dossier) -> None:
    asked, demanded = dossier.open_supplement, dossier.open_charge
    assert (asked is not None) == (dossier.status == Status.AWAITING_SUPPLEMENT)
    assert (demanded is not None) == (dossier.status == Status.AWAITING_PAYMENT)
    assert (dossier.resume_to is not None) == (dossier.status in WAITING)
    assert (dossier.step is not None) == (dossier.status == Status.IN_PROGRESS)
    still = (*WAITING, *FINAL, Status.STOPPED)
    assert dossier.status not in still or dossier.step_due_at is None, "a norm runs for nobody"
    done = dossier.is_over or dossier.status == Status.FINISHED
    assert not (done and any(one.is_open for one in dossier.consultations)), "a question waits for nobody"


def _has_its_moments(dossier: Dossier) -> None:
    travels = any(blocker.kind in ARRIVALS for blocker in dossier.blockers)
    assert not (travels and dossier.received_at), "it cannot be complete while papers travel"
    checking = dossier.status == Status.SUBMITTED and dossier.received_at is not None
    assert (dossier.check_due_at is not None) == checking
    ended = dossier.status in (Status.FINISHED, Status.RETURNED)
    assert (dossier.finished_at is not None) == ended
    assert (dossier.returned_at is not None) == (dossier.status == Status.RETURNED)
    if dossier.accepted_at:
        assert dossier.received_at is not None
        assert dossier.submitted_at <= dossier.received_at <= dossier.accepted_at
    assert not dossier.draft_confirmed_at or dossier.draft_sent_at
