"""Who is told what, once; and one sending in one pair of hands, in order."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Role
from portal.catalogue.models import Channel
from portal.dossiers import actions
from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery, Fault, Lack, Move, Status, Step
from portal.ground import ledger
from portal.messages import actions as messages
from portal.messages.models import Message, Sending, SendingState
from portal.messages.wording import AND, MOVES, POST, QUIET, SHADES, words_of
from portal.postal import actions as post
from portal.postal.states import Direction, Failure
from tests import make
from tests.conftest import START
from tests.postal.journey import Journey


def tell(session: Session, *, by_email: bool = True) -> list[Sending]:
    """Tell what was appended since the last time, as one transaction."""
    return messages.tell(session, ledger.appended(session), by_email=by_email, wall=START)


def told(session: Session) -> list[str]:
    """The topics of all messages, in order."""
    return list(session.scalars(select(Message.topic).order_by(Message.id)))


def give_email(session: Session, dossier: Dossier, address: str = "mai@vidu.vn") -> None:
    session.get_one(Account, dossier.owner_id).email = address


def test_every_move_has_words() -> None:
    assert set(MOVES) | set(QUIET) == set(Move)


@pytest.mark.parametrize(
    ("status", "last"),
    [
        (Status.SUBMITTED, Move.SUBMIT),
        (Status.ACCEPTED, Move.ACCEPT),
        (Status.IN_PROGRESS, Move.FORWARD),
        (Status.AWAITING_SUPPLEMENT, Move.ASK_SUPPLEMENT),
        (Status.NOT_ACCEPTED, Move.REFUSE),
        (Status.WITHDRAWN, Move.WITHDRAW),
        (Status.FINISHED, Move.FINISH),
        (Status.RETURNED, Move.HAND_OVER),
    ],
)
def test_every_move_of_a_dossier_is_told_once(town: Session, status: Status, last: Move) -> None:
    dossier = make.dossier(town, status, at=START)
    moves = [entry.move for entry in ledger.history(town, "dossier", dossier.id)]
    entries = ledger.appended(town)
    messages.tell(town, entries, by_email=True, wall=START)
    messages.tell(town, entries, by_email=True, wall=START)
    assert [topic.partition(AND)[0] for topic in told(town)] == moves
    assert moves[-1] == last


@pytest.mark.parametrize(
    ("status", "shade", "may_follow"),
    [(Status.SUBMITTED, Move.REFUSE, "từ chối"), (Status.IN_PROGRESS, Move.GIVE_UP, "dừng")],
)
def test_who_is_asked_for_more_is_told_until_when_and_what_may_follow(
    town: Session, status: Status, shade: Move, may_follow: str
) -> None:
    dossier = make.dossier(town, status, at=START)
    role = Role.RECEPTIONIST if status == Status.SUBMITTED else Role.SPECIALIST
    asked = [actions.Asked(Fault.EXPIRED, "Giấy hết hạn.", item_key=dossier.checklist[0].key)]
    by = make.official(town, role)
    request = actions.ask_supplement(town, dossier, asked, by=by, at=START + timedelta(hours=1))
    tell(town)
    message = town.scalars(select(Message).order_by(Message.id.desc())).first()
    assert message.topic == f"ask_supplement+{shade}"
    assert message.params["answer_until"] == request.answer_until.isoformat()
    assert f"có thể {may_follow}" in words_of(message.topic).text


def test_a_request_of_before_its_end_was_kept_still_has_words() -> None:
    assert words_of("ask_supplement") == MOVES[Move.ASK_SUPPLEMENT]


@pytest.mark.parametrize(
    ("lack", "subject"), [("supplement", "chưa được bổ sung"), ("payment", "nộp đủ tiền")]
)
def test_giving_up_tells_what_was_waited_for(town: Session, lack: str, subject: str) -> None:
    dossier = make.dossier(town, Status.IN_PROGRESS, at=START)
    by, later = make.official(town, Role.SPECIALIST), START + timedelta(hours=1)
    if lack == "payment":
        actions.charge(town, dossier, 50_000, "Lệ phí", by=by, at=later)
    else:
        asked = [actions.Asked(Fault.EXPIRED, "Giấy hết hạn.", item_key=dossier.checklist[0].key)]
        actions.ask_supplement(town, dossier, asked, by=by, at=later)
    town.flush()
    waited = dossier.open_charge or dossier.open_supplement
    waited.reminders = 2
    after = START + timedelta(days=60)
    actions.give_up(town, dossier, by=make.official(town, Role.LEADER), at=after, reason="Đã chờ đủ.")
    tell(town)
    assert told(town)[-1] == f"give_up+{lack}"
    words = words_of(told(town)[-1])
    assert subject in words.subject
    assert ("tiền" in words.text, "bổ sung" in words.text) == (lack == "payment", lack == "supplement")


def test_a_message_of_before_grounds_were_kept_still_has_words() -> None:
    assert words_of("give_up") == MOVES[Move.GIVE_UP]
    assert {f"give_up+{lack}" for lack in Lack} < set(SHADES)


def test_an_apology_tells_which_office_was_at_fault(town: Session) -> None:
    dossier = make.dossier(town, Status.IN_PROGRESS, at=START)
    elsewhere, leader = make.office(town, "Hiệp Thành"), make.official(town, Role.LEADER)
    by, later = make.official(town, Role.SPECIALIST), START + timedelta(hours=1)
    actions.consult(town, dossier, actions.Question(elsewhere, "Hỏi?", 2), by=by, at=later)
    town.flush()
    new_on = dossier.due_at.date() + timedelta(days=3)
    said = {"reason": "Chờ ý kiến.", "at_fault": elsewhere}
    actions.extend(town, dossier, new_on, by=leader, at=later, **said)
    tell(town)
    message = town.scalars(select(Message).order_by(Message.id.desc())).first()
    assert (message.topic, message.params["at_fault"]) == ("extend+other", elsewhere.name)
    assert "%(at_fault)s" in words_of(message.topic).text


def test_an_apology_of_the_office_itself_names_no_other(town: Session) -> None:
    dossier = make.dossier(town, Status.IN_PROGRESS, at=START)
    new_on, leader = dossier.due_at.date() + timedelta(days=3), make.official(town, Role.LEADER)
    actions.extend(town, dossier, new_on, by=leader, at=START + timedelta(hours=1), reason="Chờ tra sổ.")
    tell(town)
    assert told(town)[-1] == "extend"


def test_owner_and_submitter_are_both_told(town: Session) -> None:
    dossier = make.dossier(town, at=START)
    dossier.owner_id = make.citizen(town, 1).account_id
    tell(town)
    assert set(town.scalars(select(Message.account_id))) == {dossier.owner_id, dossier.submitter_id}


def test_only_people_with_an_address_get_an_e_mail(town: Session) -> None:
    dossier = make.dossier(town, at=START)
    town.get_one(Account, dossier.owner_id).email = None
    assert tell(town) == []
    assert told(town) == [Move.SUBMIT]


def test_without_mail_only_the_box_is_filled(town: Session) -> None:
    dossier = make.dossier(town, at=START)
    give_email(town, dossier)
    assert tell(town, by_email=False) == []
    assert town.scalar(select(func.count()).select_from(Sending)) == 0


def test_a_filing_with_its_postal_orders_is_one_message(town: Session) -> None:
    Journey(town).pickup()
    tell(town)
    assert told(town) == [Move.SUBMIT]


def test_what_the_post_does_is_told_by_itself(town: Session) -> None:
    journey = Journey(town)
    order = journey.pickup()
    tell(town)
    stop = journey.stop(order)
    tell(town)
    post.open_stop(town, stop, by=journey.carrier, at=journey.tick())
    tell(town)
    post.fail(town, stop, Failure.ABSENT, by=journey.carrier, at=journey.tick())
    tell(town)
    assert told(town) == [Move.SUBMIT, "pickup/assign", "pickup/fail"]


@pytest.mark.parametrize(("move", "direction"), POST, ids=str)
def test_the_words_of_the_post_are_found_by_their_topic(move: str, direction: Direction) -> None:
    assert words_of(f"{direction}/{move}") == POST[move, direction]


def some_sendings(session: Session, count: int) -> Sequence[Sending]:
    """*count* e-mails to one address, one a move."""
    dossier = make.dossier(session, at=START, channel=Channel.ONLINE, delivery=Delivery.DESK)
    give_email(session, dossier)
    made = tell(session)
    road = make.Road(session, dossier, make.PHU_HOA, START, make.citizen(session))
    for status in (Status.ACCEPTED, Status.IN_PROGRESS)[: count - 1]:
        road.walk_to(status, None)
        made += tell(session)
    return made[:count]


def test_a_sending_is_in_one_pair_of_hands(town: Session) -> None:
    (sending,) = some_sendings(town, 1)
    assert messages.take_in_hand(town, sending.id, START) is not None
    assert messages.take_in_hand(town, sending.id, START) is None
    assert messages.next_to_send(town, START) == []


def test_a_sending_in_the_hands_of_a_dead_worker_comes_free(town: Session) -> None:
    (sending,) = some_sendings(town, 1)
    messages.take_in_hand(town, sending.id, START)
    later = START + messages.IN_HAND
    assert messages.next_to_send(town, later) == [sending.id]
    again = messages.take_in_hand(town, sending.id, later)
    assert again is not None
    assert again.tries == 2


def test_an_older_message_to_the_same_address_goes_first(town: Session) -> None:
    first, second = some_sendings(town, 2)
    assert messages.next_to_send(town, START) == [first.id]
    assert messages.take_in_hand(town, second.id, START) is None
    assert messages.note_sent(town, first.id, START) == second.id
    assert messages.take_in_hand(town, second.id, START) is not None


def test_a_sent_one_is_never_sent_again(town: Session) -> None:
    (sending,) = some_sendings(town, 1)
    messages.take_in_hand(town, sending.id, START)
    messages.note_sent(town, sending.id, START)
    assert messages.take_in_hand(town, sending.id, START + timedelta(days=1)) is None
    assert messages.next_to_send(town, START + timedelta(days=1)) == []


def test_pauses_grow_up_to_the_longest(town: Session) -> None:
    (sending,) = some_sendings(town, 1)
    at, pauses = START, []
    for _ in range(8):
        assert messages.take_in_hand(town, sending.id, at) is not None
        messages.note_not_sent(town, sending.id, at, for_good=False)
        pauses.append(sending.next_at - at)
        at = sending.next_at
    assert pauses[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert pauses[-1] == messages.LONGEST_PAUSE


@pytest.mark.parametrize(
    ("for_good", "after", "state"),
    [
        (True, timedelta(), SendingState.GIVEN_UP),
        (False, timedelta(days=4), SendingState.WAITING),
        (False, timedelta(days=6), SendingState.GIVEN_UP),
    ],
)
def test_only_a_refused_address_or_days_of_silence_are_given_up(
    town: Session, for_good: bool, after: timedelta, state: SendingState
) -> None:
    (sending,) = some_sendings(town, 1)
    messages.take_in_hand(town, sending.id, START + after)
    messages.note_not_sent(town, sending.id, START + after, for_good=for_good)
    assert sending.state == state


def test_a_given_up_message_does_not_hold_the_next_one(town: Session) -> None:
    first, second = some_sendings(town, 2)
    messages.take_in_hand(town, first.id, START)
    messages.note_not_sent(town, first.id, START, for_good=True)
    assert messages.take_in_hand(town, second.id, START) is not None


def test_purging_forgets_addresses_but_keeps_messages(town: Session) -> None:
    waiting, sent = some_sendings(town, 2)[::-1]
    messages.take_in_hand(town, sent.id, START)
    messages.note_sent(town, sent.id, START)
    messages.purge(town, START + timedelta(seconds=1))
    assert list(town.scalars(select(Sending.id))) == [waiting.id]
    assert len(told(town)) == 2


def test_reading_marks_only_ones_own(town: Session) -> None:
    dossier = make.dossier(town, at=START)
    dossier.owner_id = make.citizen(town, 1).account_id
    tell(town)
    messages.mark_read(town, dossier.owner_id, START)
    unread = town.scalars(select(Message.account_id).where(Message.read_at.is_(None)))
    assert list(unread) == [dossier.submitter_id]


def test_a_filing_is_told_under_the_code_it_had_then(town: Session) -> None:
    dossier = make.dossier(town, Status.ACCEPTED, at=START)
    tell(town)
    codes = [message.params["code"] for message in town.scalars(select(Message).order_by(Message.id))]
    assert codes == [dossier.provisional_code, dossier.code]


def test_a_result_given_at_the_door_is_told_under_its_code(town: Session) -> None:
    """What the carrier compared there is called a code in the ledger, too."""
    dossier = make.dossier(town, Status.FINISHED, at=START)
    said = {"receiver": "Nguyễn Văn Bình", "code": "matched"}
    by = make.official(town, Role.RECEPTIONIST)
    actions.hand_over(town, dossier, said, by=by, at=START + timedelta(days=1))
    tell(town)
    last = town.scalars(select(Message).order_by(Message.id.desc())).first()
    assert last is not None
    assert last.params["code"] == dossier.code


def test_a_refusal_is_told_with_its_reason(town: Session) -> None:
    dossier = make.dossier(town, Status.SUBMITTED, at=START)
    receptionist = make.official(town, Role.RECEPTIONIST)
    actions.refuse(town, dossier, by=receptionist, at=START, reason="Sai nơi nộp")
    tell(town)
    last = town.scalars(select(Message).order_by(Message.id.desc())).first()
    assert last is not None
    assert last.params["reason"] == "Sai nơi nộp"


def test_words_from_inside_the_office_are_in_no_message(town: Session) -> None:
    dossier = make.dossier(town, Status.IN_PROGRESS, step=Step.SIGNING, at=START)
    leader = make.official(town, Role.LEADER)
    actions.send_back(town, dossier, by=leader, at=START, reason="Nghi giấy tờ giả")
    tell(town)
    last = town.scalars(select(Message).order_by(Message.id.desc())).first()
    assert last is not None
    assert last.topic == Move.SEND_BACK
    assert "Nghi giấy tờ giả" not in last.params.values()
