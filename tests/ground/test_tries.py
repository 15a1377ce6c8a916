"""Tries counted per key within a window."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.ground import tries
from portal.ground.db import Database

AT = datetime(2020, 9, 15, 2, tzinfo=UTC)


def test_tries_add_up_until_ten_minutes_after_the_first(session: Session) -> None:
    assert tries.note(session, "look up 1", at=AT) == tries.Tally(1, AT + tries.WINDOW)
    assert tries.note(session, "look up 1", at=AT + timedelta(minutes=9)).count == 2
    again = tries.note(session, "look up 1", at=AT + timedelta(minutes=10))
    assert again == tries.Tally(1, AT + timedelta(minutes=20))


def test_each_key_counts_for_itself(session: Session) -> None:
    tries.note(session, "look up 1", at=AT)
    assert tries.note(session, "look up 2", at=AT).count == 1


def test_a_right_try_is_taken_back_and_a_key_forgotten(session: Session) -> None:
    for _ in range(3):
        tries.note(session, "sign in", at=AT)
    tries.take_back(session, "sign in")
    assert tries.note(session, "sign in", at=AT).count == 3
    tries.forget(session, "sign in")
    tries.take_back(session, "sign in")
    assert tries.note(session, "sign in", at=AT).count == 1


def test_old_counts_are_swept_away_and_no_row_names_anybody(session: Session) -> None:
    tries.note(session, "sign in 10.0.0.1 0912345678", at=AT)
    assert "0912345678" not in session.scalars(select(tries.Tries.key)).one()
    tries.note(session, "another", at=AT + timedelta(hours=1))
    assert session.scalar(select(func.count()).select_from(tries.Tries)) == 1


def test_tries_at_the_same_moment_are_all_counted(database: Database) -> None:
    people, together = 8, Barrier(8)

    def one_more() -> None:
        together.wait()
        with database.writing.begin() as session:
            tries.note(session, "look up", at=AT)

    threads = [Thread(target=one_more) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.writing.begin() as session:
        assert tries.note(session, "look up", at=AT).count == people + 1
