"""Every open dossier is in somebody's hands."""

import itertools

import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.dossiers import actions
from portal.dossiers.holding import DUTIES, Holder, holder_of
from portal.dossiers.models import Dossier
from portal.dossiers.states import FINAL, Status, Step
from portal.dossiers.workflow import RULES, moves_open_to
from tests import make
from tests.conftest import START

REACHABLE = [(status, None) for status in Status if status != Status.IN_PROGRESS] + [
    (Status.IN_PROGRESS, step) for step in Step
]


@pytest.mark.parametrize(("status", "step"), REACHABLE)
def test_somebody_holds_every_state_that_is_not_over(status: Status, step: Step | None) -> None:
    """Without a workflow, an owner's account or an assignee, too: the barest row there can be."""
    dossier = Dossier(status=status, step=step, office_id=1, received_by_id=2)
    holder = holder_of(dossier)
    if status in FINAL:
        assert holder is None
        return
    assert holder is not None
    assert holder.role == Role.CITIZEN or holder.office_id in (1, 2)


def test_the_table_has_no_row_for_what_is_over_and_none_that_cannot_be() -> None:
    assert {state for state in REACHABLE if state[0] not in FINAL} == set(DUTIES)


@pytest.mark.parametrize(("status", "step"), [state for state in DUTIES if state[0] != Status.STOPPED])
def test_who_holds_a_dossier_can_move_it_on(town: Session, status: Status, step: Step | None) -> None:
    if status == Status.AWAITING_PAYMENT:
        dossier = make.dossier(town, Status.IN_PROGRESS, at=START)
        specialist = make.official(town, Role.SPECIALIST)
        actions.charge(town, dossier, 5, "Phí", by=specialist, at=START)
    else:
        dossier = make.dossier(town, status, at=START, step=step)
    holder = holder_of(dossier)
    assert holder is not None
    by = make.citizen(town) if holder.role == Role.CITIZEN else make.official(town, holder.role)
    assert by.office_id == holder.office_id
    assert moves_open_to(by, dossier, START)


def test_a_stopped_dossier_is_the_leaders_until_it_is_closed(town: Session) -> None:
    dossier, leader = make.dossier(town, Status.IN_PROGRESS, at=START), make.official(town, Role.LEADER)
    actions.stop(town, dossier, by=leader, at=START, reason="Chờ tòa")
    assert holder_of(dossier) == Holder(Role.LEADER, leader.office_id)
    actions.close(town, dossier, by=leader, at=START, reason="Tòa đã xử")
    assert holder_of(dossier) is None


def test_one_person_holds_what_is_given_to_one(town: Session) -> None:
    dossier, hoa = make.dossier(town, Status.IN_PROGRESS, at=START), make.official(town, Role.SPECIALIST)
    actions.take_over(town, dossier, by=hoa, at=START)
    assert holder_of(dossier) == Holder(Role.SPECIALIST, hoa.office_id, hoa.account_id)


def test_every_status_that_a_rule_leads_to_is_over_or_held() -> None:
    reached = {rule.to for rule in RULES if rule.to} | set(
        itertools.chain.from_iterable(r.sources for r in RULES)
    )
    assert reached - set(FINAL) == {status for status, _step in DUTIES}
