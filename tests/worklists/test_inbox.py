from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.catalogue.models import Channel
from portal.dossiers.models import Dossier
from portal.dossiers.states import BlockerKind, Status, Step
from portal.worklists import inbox
from portal.worklists.inbox import View
from tests import make

AT = datetime(2020, 9, 15, 2, 0, tzinfo=UTC)
"""Tuesday, 09:00 in Vietnam."""

PLACES = {
    View.TO_RECEIVE: (Status.SUBMITTED, None),
    View.TO_FORWARD: (Status.ACCEPTED, None),
    View.APPRAISAL: (Status.IN_PROGRESS, Step.APPRAISAL),
    View.SIGNING: (Status.IN_PROGRESS, Step.SIGNING),
    View.ISSUING: (Status.IN_PROGRESS, Step.ISSUING),
    View.AWAITING: (Status.AWAITING_SUPPLEMENT, None),
    View.TO_RETURN: (Status.FINISHED, None),
}


def ids(page: inbox.Page) -> list[int]:
    return [row.dossier_id for row in page.rows]


@pytest.mark.parametrize(("view", "place"), PLACES.items(), ids=[view.name for view in PLACES])
def test_a_dossier_lies_in_the_view_of_what_is_to_be_done(
    town: Session, view: View, place: tuple[Status, Step | None]
) -> None:
    status, step = place
    dossier = make.dossier(town, status, step=step, at=AT)
    desk = make.official(town, Role.RECEPTIONIST)

    holding = [other for other, count in inbox.counts(town, desk, AT).items() if count]

    assert holding == [view]
    assert ids(inbox.page(town, desk, view, AT)) == [dossier.id]


@pytest.mark.parametrize("status", [Status.RETURNED, Status.WITHDRAWN, Status.NOT_ACCEPTED])
def test_what_has_ended_is_in_no_view(town: Session, status: Status) -> None:
    make.dossier(town, status, at=AT)

    assert not any(inbox.counts(town, make.official(town, Role.RECEPTIONIST), AT).values())


def test_papers_on_the_way_wait_in_a_view_of_their_own(town: Session) -> None:
    coming = make.dossier(town, at=AT, channel=Channel.POST)

    page = inbox.page(town, make.official(town, Role.RECEPTIONIST), View.COMING, AT)

    assert ids(page) == [coming.id]
    assert page.rows[0].waits_for == BlockerKind.PAPERS_ON_THE_WAY


def test_another_wards_inbox_is_empty(town: Session) -> None:
    for status, step in PLACES.values():
        make.dossier(town, status, step=step, at=AT)
    elsewhere = make.official(town, Role.RECEPTIONIST, "Hiệp Thành")

    assert not any(inbox.counts(town, elsewhere, AT).values())
    assert not any(inbox.page(town, elsewhere, view, AT).rows for view in View)


def test_a_citizen_or_a_carrier_has_no_inbox_of_the_desk(town: Session) -> None:
    make.dossier(town, at=AT)

    assert not inbox.page(town, make.somebody(town, Role.CARRIER), View.TO_RECEIVE, AT).rows


def test_the_receiving_desk_keeps_reception_and_return_but_not_the_steps_of_the_deciding_office(
    town: Session,
) -> None:
    for status in (Status.SUBMITTED, Status.IN_PROGRESS, Status.FINISHED):
        dossier = make.dossier(town, status, at=AT, office_name="Hiệp Thành")
        dossier.received_by_id = make.office(town).id
    town.flush()

    counted = inbox.counts(town, make.official(town, Role.RECEPTIONIST), AT)

    assert [view for view, count in counted.items() if count] == [View.TO_RECEIVE, View.TO_RETURN]


@pytest.mark.parametrize(
    ("status", "step"),
    [(Status.SUBMITTED, None), (Status.ACCEPTED, None), (Status.IN_PROGRESS, Step.SIGNING)],
)
def test_a_promise_that_passed_is_late(town: Session, status: Status, step: Step | None) -> None:
    dossier = make.dossier(town, status, step=step, at=AT)
    desk = make.official(town, Role.RECEPTIONIST)
    promised = dossier.due_at or dossier.check_due_at
    assert promised is not None

    in_time = inbox.counts(town, desk, promised)[View.LATE]
    too_late = inbox.page(town, desk, View.LATE, promised + timedelta(seconds=1))

    assert (in_time, ids(too_late)) == (0, [dossier.id])


def test_a_dossier_that_waits_for_its_owner_is_not_late(town: Session) -> None:
    make.dossier(town, Status.AWAITING_SUPPLEMENT, at=AT)

    counted = inbox.counts(town, make.official(town, Role.RECEPTIONIST), AT + timedelta(days=90))

    assert counted[View.LATE] == 0


def test_what_is_due_first_stands_first(town: Session) -> None:
    later = make.dossier(town, Status.ACCEPTED, at=AT + timedelta(days=3))
    first = make.dossier(town, Status.ACCEPTED, at=AT)

    page = inbox.page(town, make.official(town, Role.RECEPTIONIST), View.TO_FORWARD, AT)

    assert ids(page) == [first.id, later.id]


@pytest.mark.parametrize("view", [View.TO_RECEIVE, View.AWAITING])
def test_pages_hold_every_dossier_once_in_both_directions(town: Session, view: View) -> None:
    status, step = PLACES[view]
    moments = [AT, AT, AT, AT + timedelta(hours=1), AT + timedelta(hours=2)]
    whole = [make.dossier(town, status, step=step, at=at).id for at in moments]
    desk = make.official(town, Role.RECEPTIONIST)

    first = inbox.page(town, desk, view, AT, size=2)
    second = inbox.page(town, desk, view, AT, first.after, size=2)
    third = inbox.page(town, desk, view, AT, second.after, size=2)
    back = inbox.page(town, desk, view, AT, third.before, size=2)

    assert [ids(page) for page in (first, second, third, back)] == [
        whole[:2], whole[2:4], whole[4:], whole[2:4],
    ]  # fmt: skip
    assert (first.before, third.after) == (None, None)
    assert inbox.page(town, desk, view, AT, back.before, size=2) == first


def test_one_goes_from_dossier_to_dossier_in_the_order_of_the_view(town: Session) -> None:
    first, middle, last = (
        make.dossier(town, Status.ACCEPTED, at=AT + timedelta(days=day)).id for day in range(3)
    )
    desk = make.official(town, Role.RECEPTIONIST)

    def beside(dossier_id: int) -> inbox.Neighbours | None:
        return inbox.neighbours(town, desk, View.TO_FORWARD, dossier_id, AT)

    assert beside(middle) == inbox.Neighbours(first, last)
    assert beside(first) == inbox.Neighbours(None, middle)
    assert beside(last) == inbox.Neighbours(middle, None)
    assert inbox.neighbours(town, desk, View.SIGNING, middle, AT) is None


def test_a_dossier_is_found_by_code_end_of_code_provisional_code_and_phone(town: Session) -> None:
    dossier = make.dossier(town, Status.RETURNED, at=AT)
    make.dossier(town, Status.ACCEPTED, at=AT, by=make.citizen(town, 1))
    desk = make.official(town, Role.SPECIALIST)
    assert dossier.code
    words = [dossier.code.lower(), dossier.code[-11:], dossier.provisional_code]

    assert [ids(inbox.found(town, desk, word)) for word in words] == [[dossier.id]] * 3
    assert ids(inbox.found(town, desk, dossier.owner_phone, by_phone=True)) == [dossier.id]
    assert not inbox.found(town, desk, dossier.owner_phone).rows
    assert not inbox.found(town, desk, "%%%%").rows
    assert not inbox.found(town, make.official(town, Role.SPECIALIST, "Hiệp Thành"), dossier.code).rows


def test_a_row_carries_no_identity_number() -> None:
    assert not [field.name for field in fields(inbox.InboxRow) if "identity" in field.name]


def test_counts_take_one_statement_and_a_page_one_however_many_rows(town: Session) -> None:
    for _ in range(7):
        make.dossier(town, at=AT)
    desk = make.official(town, Role.RECEPTIONIST)
    town.flush()
    seen: list[str] = []
    connection = town.connection()
    sa.event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))

    inbox.counts(town, desk, AT)
    inbox.page(town, desk, View.TO_RECEIVE, AT)

    assert len(seen) == 2


def test_the_same_dossier_is_counted_where_it_is_listed(town: Session) -> None:
    for status, step in PLACES.values():
        make.dossier(town, status, step=step, at=AT)
    desk = make.official(town, Role.LEADER)
    much_later = AT + timedelta(days=60)

    counted = inbox.counts(town, desk, much_later)

    assert counted == {view: len(inbox.page(town, desk, view, much_later).rows) for view in View}
    assert counted[View.LATE] == 5
    assert len(town.scalars(sa.select(Dossier)).all()) == len(PLACES)
