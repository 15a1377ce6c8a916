"""Many dossiers cost a page no more statements than few."""

import pytest
import sqlalchemy as sa
from flask import Flask

from benchmarks import crowd
from portal.dossiers.states import Status
from tests import make
from tests.conftest import START

MOST_STATEMENTS = 40
"""What the fullest page, a specialist's dossier, may ask the database; measured 32."""


@pytest.mark.both_databases
def test_no_page_asks_the_database_more_often_when_there_is_more(app: Flask) -> None:
    with app.extensions["database"].writing.begin() as session:
        for status in (Status.SUBMITTED, Status.ACCEPTED, Status.IN_PROGRESS, Status.FINISHED):
            make.dossier(session, status, at=START)
    few = statements(app)
    with app.extensions["database"].writing.begin() as session:
        assert crowd.multiply(session, copies=5) == 4 * 6
    many = statements(app)
    assert many == few
    assert max(many.values()) <= MOST_STATEMENTS


def statements(app: Flask) -> dict[str, int]:
    """How many statements each page costs when it is opened for the second time."""
    counts: dict[str, int] = {}
    for words, opened in crowd.pages(app):
        opened()
        counts[words] = _counted(app, opened)
    return counts


def _counted(app: Flask, work: crowd.Work) -> int:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engine = app.extensions["database"].engine
    sa.event.listen(engine, "before_cursor_execute", note)
    work()
    sa.event.remove(engine, "before_cursor_execute", note)
    return len(asked)
