"""A key counts once, on both databases, however many come with it at the same time."""

from concurrent.futures import ThreadPoolExecutor

from portal.ground import once
from portal.ground.db import Database
from tests.conftest import START


def test_the_second_with_a_key_reads_the_answer_of_the_first(database: Database) -> None:
    with database.writing.begin() as session:
        assert once.claim(session, "k", START) is None
        once.keep(session, "k", {"status": 303})
    with database.writing.begin() as session:
        again = once.claim(session, "k", START)
        assert again is not None
        assert again.answer == {"status": 303}


def test_a_key_whose_transaction_was_undone_counts_anew(database: Database) -> None:
    with database.writing() as session:
        once.claim(session, "k", START)
        session.rollback()
    with database.writing.begin() as session:
        assert once.claim(session, "k", START) is None


def test_of_eight_at_the_same_time_one_is_the_first(database: Database) -> None:
    def claim(_number: int) -> bool:
        with database.writing.begin() as session:
            return once.claim(session, "k", START) is None

    with ThreadPoolExecutor(8) as people:
        assert sorted(people.map(claim, range(8))) == [False] * 7 + [True]
