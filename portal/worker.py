"""The jobs of the portal and when they begin by themselves; run inside the server or by `flask worker`."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial

import structlog
from flask import Flask
from sqlalchemy import select

from portal.accounts import sessions
from portal.dossiers import postponing, purging, sweeping
from portal.ground import jobs, ledger_root, mail, once
from portal.ground.jobs import AFTER, Schedule
from portal.ground.ledger import LedgerEntry
from portal.ground.mail import Letter, NotTaken
from portal.messages import actions as messages
from portal.messages.reminding import remind
from portal.reactions import POSTPONE, SEND, Aftermath, follow
from portal.web import context, letters

log = structlog.get_logger()

SWEEP, PURGE, ROOT, ALARMS = "sweep", "purge", "root", "alarms"

SCHEDULES = (
    Schedule(SWEEP, "0 * * * * *"),
    Schedule(PURGE, "0 30 2 * * *"),
    Schedule(ROOT, "0 10 0 * * *"),
    Schedule(ALARMS, "30 */5 * * * *"),
)
"""Every minute; every night; when a day has ended and what began in it is written; every five minutes."""

ANSWERS_KEPT = timedelta(days=7)
"""How long the answer to a request is kept for the request being sent again."""

JOBS_KEPT = timedelta(days=7)
"""How long the engine keeps what it knows of jobs that are done."""

SESSIONS_KEPT = timedelta(days=30)
"""How long a session stands in the database after it was last used."""

SENDINGS_KEPT = timedelta(days=30)
"""How long the portal knows which address an e-mail went to."""


def working(app: Flask, worker: str) -> AbstractContextManager[None]:
    """Run the jobs of *app* while the block lasts, under the name *worker* (see ground.jobs.working)."""
    known = {name: partial(_inside, app, job) for name, job in JOBS.items()}
    return jobs.working(app.extensions["database"], known, SCHEDULES, worker)


def _inside(app: Flask, job: Callable[..., None], *ids: object) -> None:
    with app.app_context():
        job(app, *ids)


def after(_app: Flask, *entry_ids: int) -> None:
    """Do what follows the ledger rows of one transaction."""
    with context.database().writing.begin() as session:
        rows = select(LedgerEntry).where(LedgerEntry.id.in_(entry_ids)).order_by(LedgerEntry.id)
        entries = session.scalars(rows).all()
        settings, wall = context.settings(), context.wall_clock()
        written = Aftermath(
            session, entries, context.jobs(), wall, settings.sends_mail, context.now(), settings.silent_hours
        )
        follow(written)


def send(app: Flask, sending_id: int) -> None:
    """Send one e-mail, and let the next one to the same address follow."""
    with context.database().writing.begin() as session:
        taken = messages.take_in_hand(session, sending_id, context.wall_clock())
    if taken is None:
        return
    try:
        _hand_over(letters.letter(app, taken, context.settings().public_url))
    except NotTaken as refusal:
        log.warning("mail_not_taken", sending=sending_id, tries=taken.tries, for_good=refusal.for_good)
        with context.database().writing.begin() as session:
            messages.note_not_sent(session, sending_id, context.wall_clock(), for_good=refusal.for_good)
        return
    with context.database().writing.begin() as session:
        following = messages.note_sent(session, sending_id, context.wall_clock())
        if following is not None:
            context.jobs().enqueue(session, SEND, following)


def _hand_over(letter: Letter) -> None:
    """Give *letter* to the mail server; in a demonstration without one, its page of e-mails is the server."""
    server = context.settings().mail_server
    if server:
        mail.send(letter, server)


def sweep(_app: Flask, *_when: object) -> None:
    """Send what waits: after a pause, or from the hands of a worker that died."""
    with context.database().writing.begin() as session:
        for sending_id in messages.next_to_send(session, context.wall_clock()):
            context.jobs().enqueue(session, SEND, sending_id)


def alarms(_app: Flask, *_when: object) -> None:
    """Raise and clear alarms, some dossiers at a time, and remind the citizens whom they concern.

    Two workers may do it at once, and one that is killed leaves the rest to the next sweep.
    """
    at, hours = context.now(), context.settings().silent_hours
    with context.database().reading() as session:
        waiting = sweeping.to_settle(session, at, hours)
    for some in sweeping.parts(waiting, sweeping.WRITTEN_AT_ONCE):
        with context.database().writing.begin() as session:
            raised = sweeping.settle(session, some, at, hours)
            by_email = context.settings().sends_mail
            for sending in remind(session, raised, by_email=by_email, wall=context.wall_clock()):
                context.jobs().enqueue(session, SEND, sending.id)


def postpone(_app: Flask, decision_id: int) -> None:
    """Move the promises of one decision, and of earlier ones before; begun again, it goes on where it was."""
    with context.database().reading() as session:
        waiting = postponing.in_turn(session, decision_id)
    for number in waiting:
        _postpone(number)


def _postpone(decision_id: int) -> None:
    """Move the promises of one decision, some at a time, until none waits."""
    most = settled = postponing.AT_ONCE
    while settled == most:
        with context.database().writing.begin() as session:
            settled = postponing.settle(session, decision_id, context.now(), most)


def purge(_app: Flask, *_when: object) -> None:
    """Delete what is kept no longer: drafts, sessions, stored answers, addresses, jobs that are done."""
    at, wall = context.now(), context.wall_clock()
    drafts = _purge_drafts(at)
    with context.database().writing.begin() as session:
        once.forget(session, at - ANSWERS_KEPT)
        sessions.purge(session, wall - SESSIONS_KEPT)
        messages.purge(session, wall - SENDINGS_KEPT)
    context.jobs().forget_done(wall - JOBS_KEPT)
    log.info("purged", drafts=drafts)


def _purge_drafts(at: datetime) -> int:
    """Delete expired drafts, some at a time, so that nobody waits for the lock; returns how many."""
    count = 0
    while True:
        with context.database().writing.begin() as session:
            deleted = purging.purge_drafts(session, at)
        count += deleted
        if deleted < purging.AT_ONCE:
            return count


def root(_app: Flask, *_when: object) -> None:
    """Make the ledger's root of the day that has ended, and of days missed before it."""
    at = context.now()
    with context.database().writing.begin() as session:
        made = list(ledger_root.make_up(session, ledger_root.days_ended(at), at=at))
    log.info("ledger_rooted", days=len(made))


JOBS: dict[str, Callable[..., None]] = {
    AFTER: after,
    SEND: send,
    POSTPONE: postpone,
    SWEEP: sweep,
    PURGE: purge,
    ALARMS: alarms,
    ROOT: root,
}
