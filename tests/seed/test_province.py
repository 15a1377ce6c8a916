"""The province at work, as `flask demo` leaves it: every dossier came to where it is by real moves."""

from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.calendars import calendar_of
from portal.accounts.models import DESK_ROLES, Account, AccountSession, Actor, Appointment, Role
from portal.app import create_app
from portal.catalogue.models import Channel
from portal.dossiers.actions.recording import KIND
from portal.dossiers.models import Alarm, AlarmKind, Dossier, Draft, Paper
from portal.dossiers.queries import note_look
from portal.dossiers.states import FINAL, Delivery, Move, PaperKind, Status
from portal.dossiers.workflow import RULES, replay
from portal.ground import anchor, ledger
from portal.ground.config import Settings
from portal.ground.db import Database
from portal.ground.ledger import LedgerEntry
from portal.ground.storage import Files
from portal.payments.models import CashReceipt
from portal.postal import custody, queries
from portal.postal.models import Envelope, PostalOrder, Stop
from portal.postal.states import Direction, EnvelopeMove, HolderKind, OrderState, Outcome
from portal.seed.moments import ANCHOR
from portal.web.context import wall_clock
from portal.worklists import inbox
from portal.worklists.inbox import View
from tests import make
from tests.conftest import START, fresh_url

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("province")]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A demonstration that people had played with, brought back to its beginning by the command."""
    folder = tmp_path_factory.mktemp("province")
    address = fresh_url("sqlite", True, folder)
    built = create_app(Settings(data=folder, database_url=address, demonstration=True))
    _play_with(built.extensions["database"])
    result = built.test_cli_runner().invoke(args=["demo", "--reset"])
    assert result.exit_code == 0, result.output
    yield built
    built.extensions["database"].dispose()


def _play_with(database: Database) -> None:
    """Days later: a dossier, a look at it, a session."""
    with database.writing.begin() as session:
        played = make.dossier(session, at=START)
        note_look(session, played, make.somebody(session, Role.RECEPTIONIST), at=START)
        person = make.account(session, "buuta.tam")
        session.add(AccountSession(token_hash="x", account_id=person.id, began_at=START, seen_at=START))


@pytest.fixture
def there(province: Flask) -> Iterator[Session]:
    """A reading session on the province."""
    with province.extensions["database"].reading() as session:
        yield session


def test_all_ten_national_statuses_are_there(there: Session) -> None:
    assert set(there.scalars(select(Dossier.status).distinct())) == set(Status)


def test_what_stands_still_at_the_anchor_has_its_alarms(there: Session) -> None:
    standing = select(Alarm.kind).where(Alarm.cleared_at.is_(None)).distinct()
    wanted = set(AlarmKind) - {AlarmKind.CHECK_PAPER, AlarmKind.DRAFT_SILENCE}
    assert wanted <= set(there.scalars(standing))
    waits = select(Dossier.id).where(Dossier.draft_sent_at.is_not(None), Dossier.draft_confirmed_at.is_(None))
    assert there.scalars(waits).first() is not None


def test_the_demonstration_begins_anew_with_the_reset(there: Session) -> None:
    began = ANCHOR - anchor.offset(there)
    assert (wall_clock() - began).total_seconds() < 300
    assert there.scalars(select(AccountSession)).all() == []
    assert there.scalar(select(Dossier.provisional_code).where(Dossier.submitted_at >= ANCHOR)) is None


def test_loading_again_adds_nothing(province: Flask, there: Session) -> None:
    before = there.scalar(select(sa.func.count(LedgerEntry.id)))
    assert province.test_cli_runner().invoke(args=["demo"]).exit_code == 0
    there.rollback()
    assert there.scalar(select(sa.func.count(LedgerEntry.id))) == before


def test_the_ledger_verifies(province: Flask, there: Session) -> None:
    assert list(ledger.verify(there)) == []
    told = province.test_cli_runner().invoke(args=["verify-ledger"])
    assert (told.exit_code, told.output) == (0, "Sổ cái nguyên vẹn.\n")


def test_a_few_hundred_dossiers_are_where_their_moves_lead(there: Session) -> None:
    dossiers = there.scalars(select(Dossier)).all()
    assert 300 <= len(dossiers) <= 450
    for dossier in dossiers:
        moves = [Move(entry.move) for entry in ledger.history(there, KIND, dossier.id)]
        assert replay(moves) == (dossier.status, dossier.step)


def test_every_envelope_is_where_its_passings_lead(there: Session) -> None:
    for envelope in there.scalars(select(Envelope)):
        passings = [(event.giver, event.receiver) for event in envelope.events]
        first = passings[0][0] if passings else envelope.holder
        assert custody.replay(envelope.order.direction, first, passings) == envelope.holder


def test_every_state_the_workflow_has_is_there(there: Session) -> None:
    wanted = {(rule.to, rule.next_step) for rule in RULES if rule.to not in (None, Status.IN_PROGRESS)}
    wanted |= {(Status.IN_PROGRESS, rule.next_step) for rule in RULES if rule.next_step}
    found = {(row.status, row.step) for row in there.execute(select(Dossier.status, Dossier.step).distinct())}
    assert wanted <= found
    moves = set(there.scalars(select(LedgerEntry.move).where(LedgerEntry.kind == KIND)))
    assert {rule.move for rule in RULES} - {Move.POSTPONE} <= moves  # Nobody changes its calendar.


def test_every_way_of_sending_and_receiving_and_every_end_of_the_post_is_there(there: Session) -> None:
    ways = {(row.channel, row.delivery) for row in there.execute(select(Dossier.channel, Dossier.delivery))}
    assert {channel for channel, _ in ways} == set(Channel)
    assert {delivery for _, delivery in ways} == set(Delivery)
    assert set(there.scalars(select(PostalOrder.state))) == set(OrderState)
    assert set(there.scalars(select(Envelope.holder_kind))) == set(HolderKind)
    assert {Outcome.COLLECTED, Outcome.DELIVERED, Outcome.FAILED} <= set(there.scalars(select(Stop.outcome)))
    assert there.scalar(select(sa.func.max(Stop.attempt))) >= 2
    passed = set(there.scalars(select(LedgerEntry.move).where(LedgerEntry.kind == "envelope")))
    assert passed >= {
        EnvelopeMove.COLLECT,
        EnvelopeMove.HAND_OVER,
        EnvelopeMove.DELIVER,
        EnvelopeMove.GIVE_BACK,
    }
    assert there.scalar(select(sa.func.count(CashReceipt.id))) >= 5


def test_some_results_are_late_and_most_are_not(there: Session) -> None:
    finished = there.scalars(select(Dossier).where(Dossier.finished_at.is_not(None))).all()
    late = sum(dossier.is_late(ANCHOR) for dossier in finished)
    assert 0.05 < late / len(finished) < 0.2


def test_everything_happened_before_the_anchor_and_in_its_order(there: Session) -> None:
    kinds = (KIND, "order", "envelope", "money")
    entries = select(LedgerEntry.at).where(LedgerEntry.kind.in_(kinds)).order_by(LedgerEntry.id)
    moments = there.scalars(entries).all()
    assert moments == sorted(moments)
    assert moments[-1] <= ANCHOR


def test_desks_work_in_office_hours(there: Session) -> None:
    calendar = calendar_of(there, None, ANCHOR.date())
    desks = select(Appointment.id).where(Appointment.role.in_(DESK_ROLES))
    worked = select(LedgerEntry.at).where(LedgerEntry.kind == KIND, LedgerEntry.appointment_id.in_(desks))
    assert [at for at in there.scalars(worked) if calendar.next_opening(at) != at] == []


def test_nobody_acts_on_their_own_and_two_people_sign(there: Session) -> None:
    for dossier in there.scalars(select(Dossier).where(Dossier.proposed_by_id.is_not(None))):
        history = ledger.history(there, KIND, dossier.id)
        signed = [entry.account_id for entry in history if entry.move == Move.SIGN]
        assert dossier.proposed_by_id not in signed


def test_every_file_opens(province: Flask, there: Session) -> None:
    files: Files = province.extensions["files"]
    shown = {row.blob: row for row in there.execute(select(Paper.blob, Paper.mime, Paper.size_bytes))}
    assert 3 <= len(shown) <= 10
    begins = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff"}
    for blob, row in shown.items():
        content = files.get(blob)
        assert len(content) == row.size_bytes
        assert content.startswith(begins[row.mime])
    assert there.scalar(select(sa.func.count(Paper.id)).where(Paper.kind == PaperKind.RESULT)) > 150


@pytest.mark.parametrize("office", ["Phú Hòa", "Hiệp Thành", "Phú Lợi", "thành phố Thủ Dầu Một"])
def test_every_desk_has_a_days_work_in_the_morning(there: Session, office: str) -> None:
    counts = inbox.counts(there, make.official(there, Role.RECEPTIONIST, office), ANCHOR)
    own = inbox.counts(there, make.official(there, Role.SPECIALIST, office), ANCHOR)
    counts = {view: own[view] if view in inbox.ONLY_FOR else counts[view] for view in View}
    assert {view for view in set(View) - {View.LATE} if counts[view] == 0} == set()
    assert max(counts.values()) <= inbox.ROWS


def test_the_clerks_and_carriers_have_a_days_work(there: Session) -> None:
    for name in ("giaodich.thu", "giaodich.ngan"):
        clerk = make.actor(there, name)
        waiting = queries.waiting(there, clerk.office_id or 0)
        assert {order.direction for order in waiting} == set(Direction)
    today = ANCHOR.date()
    for name in ("buuta.tam", "buuta.chin", "buuta.tung", "buuta.loi"):
        stops = queries.stops_of(there, make.actor(there, name), today)
        assert [stop for stop in stops if stop.outcome is None]
        assert {stop.run.runs_on for stop in stops} == {today}


def test_the_first_citizens_have_something_to_answer_to_fetch_and_to_wait_for(there: Session) -> None:
    for phone in ("0900000001", "0900000002"):
        mine = _own(there, make.actor(there, phone))
        assert {Status.SUBMITTED, Status.AWAITING_SUPPLEMENT, Status.FINISHED, Status.RETURNED} <= set(mine)
        assert there.scalar(select(Draft.id).join(Account, Account.id == Draft.account_id).where(
            Account.phone == phone, Draft.dossier_id.is_(None)
        ))  # fmt: skip


def _own(session: Session, by: Actor) -> Counter[Status]:
    return Counter(session.scalars(select(Dossier.status).where(Dossier.submitter_id == by.account_id)))


def test_nothing_waits_where_nobody_works(there: Session) -> None:
    worked = select(Appointment.office_id).where(Appointment.role == Role.RECEPTIONIST)
    orphans = select(Dossier.id).where(Dossier.office_id.not_in(worked), Dossier.status.not_in(FINAL))
    assert there.scalars(orphans).all() == []


def test_people_are_invented(there: Session) -> None:
    phones = {*there.scalars(select(Dossier.owner_phone)), *there.scalars(select(Dossier.submitter_phone))}
    assert {phone for phone in phones if not phone.startswith("09000")} == set()
