"""Workflows: what is one and what is not, which one a procedure takes, and what a draft would mean."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.accounts.authority import OPERATOR
from portal.accounts.calendars import calendar_of
from portal.accounts.models import Role
from portal.catalogue import workflow_preview, workflow_scopes, workflows
from portal.catalogue.workflow_scopes import PublishedTerm, Scope
from portal.catalogue.workflows import (
    EVERYTHING,
    OPTIONAL,
    ROLES,
    ChangedMeanwhile,
    StepKind,
    StepSpec,
    WorkflowVersion,
    check,
    field_scope,
)
from portal.ground import ledger
from portal.ground.errors import NotAllowed, NotFound, Refused
from portal.ground.working_time import USUAL_WEEK, ZONE, Calendar, Term, Unit
from portal.seed.workflows import DEFAULTS
from tests import make
from tests.catalogue.curated_files import FILES
from tests.conftest import START

K, R = StepKind, Role
USUAL = DEFAULTS[EVERYTHING]
TODAY = START.date()
MORNING = datetime(2020, 9, 15, 8, tzinfo=ZONE)
WEEK = Calendar(hours=USUAL_WEEK)


def changed(kind: StepKind, **values: object) -> list[StepSpec]:
    """The usual steps with one of them changed."""
    return [replace(step, **values) if step.kind == kind else step for step in USUAL]


def without(*kinds: StepKind) -> list[StepSpec]:
    return [step for step in USUAL if step.kind not in kinds]


FIT = {
    "the usual one": USUAL,
    "without a transfer": without(K.TRANSFER),
    "without what may be left out": without(*OPTIONAL),
    "a small ward": changed(K.APPRAISAL, role=R.RECEPTIONIST),
    "quarters of an hour": changed(K.SIGNING, norm_hours=Decimal("0.25")),
    "the longest norm": changed(K.APPRAISAL, norm_hours=Decimal(2000)),
    "no papers": changed(K.RECEPTION, papers=()),
}
UNFIT = {
    "nothing": [],
    "no signing": without(K.SIGNING),
    "no reception": without(K.RECEPTION),
    "no return": without(K.RETURN),
    "twice the same": [USUAL[0], *USUAL],
    "out of order": list(reversed(USUAL)),
    "signed by who appraises": changed(K.SIGNING, role=R.SPECIALIST),
    "appraised by a carrier": changed(K.APPRAISAL, role=R.CARRIER),
    "no time": changed(K.SIGNING, norm_hours=Decimal(0)),
    "less than no time": changed(K.SIGNING, norm_hours=Decimal(-1)),
    "too long": changed(K.SIGNING, norm_hours=Decimal("2000.01")),
    "no number": changed(K.SIGNING, norm_hours=Decimal("NaN")),
    "no signalling number": changed(K.SIGNING, norm_hours=Decimal("sNaN")),
    "without end": changed(K.SIGNING, norm_hours=Decimal("Infinity")),
    "too fine": changed(K.SIGNING, norm_hours=Decimal("0.001")),
    "a form without a number": changed(K.SIGNING, papers=("mẫu",)),
    "a form twice": changed(K.SIGNING, papers=("01", "01")),
}


@pytest.mark.parametrize("steps", FIT.values(), ids=FIT)
def test_these_are_workflows(steps: Sequence[StepSpec]) -> None:
    check(steps)


@pytest.mark.parametrize("steps", UNFIT.values(), ids=UNFIT)
def test_these_are_none(steps: Sequence[StepSpec]) -> None:
    with pytest.raises(Refused):
        check(steps)


ANY_STEP = st.builds(
    StepSpec,
    st.sampled_from(StepKind),
    st.sampled_from(Role),
    st.one_of(st.decimals(), st.decimals(min_value=-1, max_value=3000, places=3)),
    st.lists(st.sampled_from(["01", "05", "x", ""]), max_size=2).map(tuple),
)
FIT_STEPS = st.tuples(
    *(
        st.builds(
            StepSpec,
            st.just(kind),
            st.sampled_from(ROLES[kind]),
            st.decimals(min_value="0.01", max_value=2000, places=2),
            st.lists(st.sampled_from(["01", "02", "05"]), unique=True).map(tuple),
        )
        for kind in StepKind
    )
)


@given(st.one_of(st.lists(ANY_STEP, max_size=9), FIT_STEPS))
def test_any_list_of_steps_comes_back_as_it_was_or_is_refused(steps: Sequence[StepSpec]) -> None:
    try:
        check(steps)
    except Refused:
        return
    kept = WorkflowVersion(scope="", number=1, steps_data=[workflows.written(step) for step in steps])
    assert kept.steps == tuple(steps)
    assert [step.kind for step in steps] == [kind for kind in StepKind if kept.step(kind)]


def test_every_curated_procedure_has_a_workflow_before_anyone_draws_one(town: Session) -> None:
    for code in FILES:
        found = workflows.in_force(town, code, make.version(town, code).field)
        assert found is not None, code
        check(found.steps)


def put_in_force(town: Session, scope: str, steps: Sequence[StepSpec] = USUAL) -> WorkflowVersion:
    drafted = workflows.draft(town, scope, steps, "QĐ 12/QĐ-UBND", by=OPERATOR, at=START)
    workflows.publish(town, drafted, by=OPERATOR, at=START)
    town.flush()
    return drafted


def test_the_nearest_workflow_counts(town: Session) -> None:
    code, field = make.MARRIAGE_STATUS, make.version(town).field
    for scope in (field_scope(field), code):
        made = put_in_force(town, scope)
        assert workflows.in_force(town, code, field) is made
    assert workflows.in_force(town, make.BIRTH, field) is not made


def test_publishing_replaces_and_discarding_does_not(town: Session) -> None:
    first = put_in_force(town, make.BIRTH)
    draft = workflows.draft(town, make.BIRTH, without(K.TRANSFER), "QĐ 2", by=OPERATOR, at=START)
    town.flush()
    workflows.discard(town, draft, by=OPERATOR, at=START)
    town.flush()
    assert workflows.draft_of(town, make.BIRTH) is None
    assert workflows.published(town, make.BIRTH) is first
    second = put_in_force(town, make.BIRTH)
    assert [one.number for one in workflow_scopes.versions(town, make.BIRTH)] == [2, 1]
    with pytest.raises(Refused):
        workflows.discard(town, second, by=OPERATOR, at=START)
    assert [entry.move for entry in ledger.history(town, workflows.KIND, make.BIRTH)][2:4] == [
        "draft",
        "discard",
    ]
    assert not list(ledger.verify(town))


def test_a_field_with_a_long_name_has_a_chain_of_its_own(town: Session) -> None:
    scopes = [field_scope("Lĩnh vực " + "rất dài " * 20 + end) for end in "ab"]
    for scope in scopes:
        put_in_force(town, scope)
    assert [workflows.revision(town, scope) for scope in scopes] == [2, 2]


def test_only_an_administrator_draws_workflows(town: Session) -> None:
    leader = make.official(town, Role.LEADER)
    with pytest.raises(NotAllowed):
        workflows.draft(town, EVERYTHING, USUAL, "QĐ", by=leader, at=START)
    draft = workflows.draft(town, EVERYTHING, USUAL, "QĐ", by=OPERATOR, at=START)
    for act in (workflows.publish, workflows.discard):
        with pytest.raises(NotAllowed):
            act(town, draft, by=leader, at=START)


def test_who_comes_second_is_told(town: Session) -> None:
    seen = workflows.revision(town, EVERYTHING)
    draft = workflows.draft(town, EVERYTHING, USUAL, "QĐ 1", by=OPERATOR, at=START, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        workflows.draft(town, EVERYTHING, without(K.TRANSFER), "QĐ 2", by=OPERATOR, at=START, seen=seen)
    for act in (workflows.publish, workflows.discard):
        with pytest.raises(ChangedMeanwhile):
            act(town, draft, by=OPERATOR, at=START, seen=seen)
    assert draft.source == "QĐ 1"
    with pytest.raises(Refused):
        workflows.draft(town, EVERYTHING, USUAL, "  ", by=OPERATOR, at=START)


def test_scopes_are_what_is_published(town: Session) -> None:
    assert workflow_scopes.scope_of(town, EVERYTHING, TODAY) == Scope(EVERYTHING)
    assert workflow_scopes.scope_of(town, field_scope("Hộ tịch"), TODAY).procedures > 3
    assert workflow_scopes.scope_of(town, make.BIRTH, TODAY).name == make.version(town, make.BIRTH).name
    for unknown in (field_scope("Không có"), "9.999999"):
        with pytest.raises(NotFound):
            workflow_scopes.scope_of(town, unknown, TODAY)
    assert make.BIRTH in [one.code for one in workflow_scopes.procedures_named(town, "khai sinh", TODAY)]
    assert workflow_scopes.own_procedures(town, TODAY) == []
    put_in_force(town, make.BIRTH)
    assert [one.code for one in workflow_scopes.own_procedures(town, TODAY)] == [make.BIRTH]


def test_a_scope_answers_for_the_procedures_that_have_none_nearer(town: Session) -> None:
    field = Scope(field_scope("Hộ tịch"), "Hộ tịch")

    def promised(scope: Scope) -> int:
        return sum(one.procedures for one in workflow_scopes.terms_under(town, scope, TODAY))

    before, rest = promised(field), promised(Scope(EVERYTHING))
    put_in_force(town, make.MARRIAGE_STATUS)
    assert promised(field) < before
    assert promised(Scope(EVERYTHING)) == rest
    assert promised(Scope(make.MARRIAGE_STATUS)) > 0


def local(at: datetime | None) -> str:
    return f"{at.astimezone(ZONE):%d %H:%M}" if at else ""


def test_a_preview_counts_by_the_offices_calendar() -> None:
    """8 hours a day, 07:30 to 11:30 and 13:30 to 17:30, from Tuesday 08:00."""
    steps = [StepSpec(kind, ROLES[kind][0], Decimal(4)) for kind in StepKind]
    walked = workflow_preview.walk(steps, MORNING, WEEK)
    assert [(one.spec.kind, local(one.until)) for one in walked] == [
        (K.RECEPTION, ""),
        (K.TRANSFER, after(4)),
        (K.APPRAISAL, after(8)),
        (K.CONSULTATION, ""),
        (K.SIGNING, after(12)),
        (K.ISSUING, after(16)),
        (K.RETURN, after(20)),
    ]
    assert local(workflow_preview.ends_at(steps, MORNING, WEEK)) == after(16)
    assert local(workflow_preview.ends_at(steps, MORNING, WEEK, asked=True)) == after(20)
    assert [one.is_on_demand for one in walked].count(True) == 1


def after(hours: int) -> str:
    """When so many working hours from Tuesday 08:00 are over, counted by hand in quarters of an hour."""
    open_at = [
        (day, hour * 60 + minute)
        for day in (15, 16, 17, 18)
        for hour in range(24)
        for minute in range(0, 60, 30)
        if is_open(hour * 60 + minute) and (day > 15 or hour >= 8)
    ]
    day, minute = open_at[hours * 2 - 1]
    return f"{day} {(minute + 30) // 60:02d}:{(minute + 30) % 60:02d}"


def is_open(minute: int) -> bool:
    spans = [
        (opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute) for opens, closes in USUAL_WEEK[1]
    ]
    return any(opens <= minute < closes for opens, closes in spans)


@pytest.mark.parametrize(
    ("days", "expected"),
    [("1", [False]), ("3", [True]), ("5", [])],
    ids=["shorter than the norms", "too short only when an opinion is asked", "long enough"],
)
def test_a_term_shorter_than_the_norms_is_named(days: str, expected: list[bool]) -> None:
    steps = changed(K.APPRAISAL, norm_hours=Decimal(8))  # 4 + 8 + 4 + 2 hours, 24 more when asked.
    promised = PublishedTerm(Term(Decimal(days), Unit.WORKING_DAY), 2, "Thủ tục")
    found = workflow_preview.overruns(steps, [promised], MORNING, WEEK)
    assert [one.asked for one in found] == expected


def test_the_default_norms_fit_the_terms_of_everyday_procedures_of_civil_status(town: Session) -> None:
    scope = Scope(field_scope("Hộ tịch"), "Hộ tịch")
    calendar = calendar_of(town, None, TODAY)
    version = workflows.published(town, scope.scope)
    assert version is not None
    terms = [one for one in workflow_scopes.terms_under(town, scope, TODAY) if one.term.unit != Unit.SAME_DAY]
    long = [one for one in terms if one.term.amount >= 3]
    found = workflow_preview.overruns(version.steps, long, MORNING, calendar)
    assert [one for one in found if not one.asked] == []


def test_differences_name_the_step_before_and_after() -> None:
    after_change = changed(K.SIGNING, norm_hours=Decimal(2))
    [one] = workflow_preview.differences(USUAL, after_change)
    assert (one.before, one.after) == (USUAL[4], after_change[4])
    [gone] = workflow_preview.differences(USUAL, without(K.TRANSFER))
    assert (gone.kind, gone.after) == (K.TRANSFER, None)
    assert workflow_preview.differences(USUAL, USUAL) == []
