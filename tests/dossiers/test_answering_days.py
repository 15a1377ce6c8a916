"""What a citizen is told about answering on one of the next days is what an answer then gets."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.accounts.calendars import calendar_of
from portal.accounts.models import Role
from portal.dossiers import actions
from portal.dossiers.answering_days import answering_days
from portal.dossiers.models import Dossier
from portal.dossiers.states import Fault, Status
from portal.ground.working_time import ZONE
from tests import make

TUESDAY = datetime(2020, 9, 15, 9, tzinfo=ZONE)


def asked_from(session: Session, status: Status, role: Role) -> Dossier:
    """A dossier in *status* from which somebody of the office wants one paper."""
    dossier = make.dossier(session, status, at=TUESDAY)
    wanted = [actions.Asked(Fault.BLURRED, "Mờ.", item_key=dossier.checklist[0].key)]
    at = TUESDAY + timedelta(minutes=10)
    actions.ask_supplement(session, dossier, wanted, by=make.official(session, role), at=at)
    return dossier


def told(session: Session, dossier: Dossier, at: datetime) -> list[tuple[str, str]]:
    """The days and moments a citizen reads at *at*."""
    ahead = answering_days(dossier, calendar_of(session, dossier.office_id, at.date()), at)
    return [(f"{one.day:%d.%m}", f"{one.then.astimezone(ZONE):%d.%m %H:%M}") for one in ahead]


def test_asked_in_appraisal_the_whole_term_begins_anew_on_the_day_of_the_answer(town: Session):
    dossier = asked_from(town, Status.IN_PROGRESS, Role.SPECIALIST)
    assert told(town, dossier, TUESDAY + timedelta(hours=1)) == [
        ("15.09", "18.09 17:00"),
        ("16.09", "21.09 17:00"),
        ("17.09", "22.09 17:00"),
        ("18.09", "23.09 17:00"),
        ("21.09", "24.09 17:00"),
    ]


def test_asked_at_reception_the_desk_checks_anew_within_eight_working_hours(town: Session):
    dossier = asked_from(town, Status.SUBMITTED, Role.RECEPTIONIST)
    assert told(town, dossier, TUESDAY + timedelta(hours=1))[:2] == [
        ("15.09", "17.09 08:00"),
        ("16.09", "18.09 08:00"),
    ]


def test_after_closing_on_friday_monday_comes_first(town: Session):
    dossier = asked_from(town, Status.IN_PROGRESS, Role.SPECIALIST)
    friday = datetime(2020, 9, 18, 17, 0, 1, tzinfo=ZONE)
    assert told(town, dossier, friday)[0] == ("21.09", "24.09 17:00")


@pytest.mark.parametrize(
    ("status", "role"), [(Status.IN_PROGRESS, Role.SPECIALIST), (Status.SUBMITTED, Role.RECEPTIONIST)]
)
def test_an_answer_at_the_close_of_a_day_gets_the_moment_that_was_told(
    town: Session, status: Status, role: Role
):
    dossier = asked_from(town, status, role)
    thursday = told(town, dossier, TUESDAY + timedelta(hours=1))[2]
    given = actions.Answered(given=frozenset({dossier.checklist[0].key}))
    actions.answer(town, dossier, given, by=make.citizen(town), at=datetime(2020, 9, 17, 17, tzinfo=ZONE))
    moment = dossier.check_due_at or dossier.due_at
    assert moment is not None
    assert thursday == ("17.09", f"{moment.astimezone(ZONE):%d.%m %H:%M}")
