"""The command that loads the demonstration, and brings it back to its beginning."""

import sys
from collections import deque
from datetime import datetime, timedelta

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from portal.dossiers import sweeping
from portal.ground import anchor, ledger, ledger_root
from portal.ground.db import Base
from portal.ground.working_time import day_of
from portal.messages import actions as messages
from portal.messages.models import SendingState
from portal.messages.reminding import remind
from portal.seed.demonstration import plant
from portal.seed.moments import ANCHOR, OPENING
from portal.seed.walks.engine import plant_dossiers
from portal.web import context
from portal.web.demonstration import REAL_DATA, holds_real_data

BETWEEN_REMINDERS = timedelta(days=2)
"""Of two reminders the second comes with a later sweep than the first."""


@click.command("demo")
@click.option("--reset", is_flag=True, help="Remove everything first and begin again at 15 September 2020.")
@with_appcontext
def demo(reset: bool) -> None:
    """Load the demonstration province with its dossiers; what is there already stays.

    Refused outside demonstration mode, and on a database with real accounts. With --reset every row of the
    portal goes first, also while it is served: sessions end, and who writes meanwhile is asked to wait.
    """
    if not context.settings().demonstration:
        _refuse("Chỉ nạp dữ liệu trình diễn khi PORTAL_DEMONSTRATION=1.")
    with context.command_session() as session:
        if holds_real_data(session):
            _refuse(REAL_DATA)
        if reset:
            _remove_everything(session)
        count = _load(session)
    if reset:
        click.echo("Bản trình diễn đã trở về ban đầu; mọi phiên đăng nhập đã kết thúc.")
    click.echo(f"Dữ liệu trình diễn đã sẵn sàng: thêm {count} hồ sơ." if count else _NOTHING_NEW)


_NOTHING_NEW = "Dữ liệu trình diễn đã sẵn sàng."


def _load(session: Session) -> int:
    """Plant what is missing and return how many dossiers were made; the first time all of it is of June."""
    wall = context.wall_clock()
    at = wall + anchor.offset(session) if anchor.is_dropped(session) else OPENING
    anchor.drop(session, ANCHOR, wall=wall)
    plant(session, at=at)
    session.flush()  # The dossiers are played by the people just planted.
    count = plant_dossiers(session, context.files(), context.settings(), after_step=_follow)
    if count:
        _raise_alarms(session)
    _root(session, wall + anchor.offset(session))
    return count


def _root(session: Session, at: datetime) -> None:
    """Give every day since the opening the root that its night would have made."""
    yesterday, opened = ledger_root.days_ended(at), day_of(OPENING)
    deque(ledger_root.make_up(session, yesterday, at=at, since=opened), maxlen=0)


def _follow(session: Session, at: datetime) -> None:
    """Let what follows a played step be there already: its people told, their e-mails sent."""
    for sending in messages.tell(session, ledger.appended(session), by_email=True, wall=at):
        sending.state, sending.sent_at = SendingState.SENT, at


def _raise_alarms(session: Session) -> None:
    """Let the alarms be there that the sweeps until the anchor would have raised, and who is told of them."""
    for at in (ANCHOR - BETWEEN_REMINDERS, ANCHOR):
        _sweep(session, at)
    _follow(session, ANCHOR)


def _sweep(session: Session, at: datetime) -> None:
    hours = context.settings().silent_hours
    raised = sweeping.settle(session, sweeping.to_settle(session, at, hours), at, hours)
    for sending in remind(session, raised, by_email=True, wall=at):
        sending.state, sending.sent_at = SendingState.SENT, at


def _remove_everything(session: Session) -> None:
    """Remove every row, those that refer to others first; files that no row names any more may stay."""
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(table.delete())


def _refuse(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(1)
