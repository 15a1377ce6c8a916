"""Kills a request at one point after the other and says what does not hold afterwards."""

import gc
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.dossiers.models import Dossier
from portal.dossiers.states import Move
from portal.dossiers.workflow import replay
from portal.ground import ledger
from portal.ground.config import Settings
from portal.ground.db import Database
from portal.postal.models import Envelope
from tests.crash.killing import Request, Served, send, serve
from tests.crash.places import Place, Snapshot

STRIDE = 5
"""Of how many points one is tried where not every one is."""

COMMIT = 3
"""The last points of a request: before its commit, after it, before the answer leaves; always tried."""

Build = Callable[[Settings, datetime], Flask]


def standing(settings: Settings, at: datetime) -> Flask:
    """The portal, its clock standing at *at*, its forms without the token that a page would give."""
    app = create_app(settings, clock=lambda: at)
    app.config.update(WTF_CSRF_ENABLED=False)
    return app


@dataclass
class Report:
    """How one request fared: at how many points its server was killed, and what was wrong afterwards."""

    points: int = 0
    kills: int = 0
    kept: int = 0
    """After how many kills everything was there, and only the answer was lost."""
    wrong: list[str] = field(default_factory=list)


def sweep(
    place: Place,
    settings: Settings,
    at: datetime,
    request: Request,
    *,
    thorough: bool = True,
    always_again: bool = False,
    build: Build = standing,
) -> Report:
    """Send *request* with its server killed at every point (else at every fifth), and again after it.

    What a kill leaves is compared in whole; sent again it is after every kill that leaves something new,
    or *always_again*.
    """
    sweeping = _Sweep(place, build(settings, at), request, always_again=always_again)
    report = sweeping.report
    last = report.points + 1
    for point in sorted({*range(1, last, 1 if thorough else STRIDE), *range(last - COMMIT, last)}):
        sweeping.kill_at(point)
    sweeping.send_again("in the end")
    report.wrong += faults(place, settings)
    return report


class _Sweep:
    """One request, what the database holds before it and after it, and what was found so far."""

    def __init__(self, place: Place, app: Flask, request: Request, *, always_again: bool) -> None:
        self.always_again = always_again
        self.place, self.app, self.request, self.report = place, app, request, Report()
        self._warm_up()
        self.before, self.after = self._fresh(), self._undisturbed()
        place.restore()
        place.renumber()
        again = self._undisturbed()
        self.masks = self.after.columns_unlike(again)
        self._complain("two undisturbed runs", self.after.differences(again, self.masks))
        self._fresh()
        self.seen = {self.before.digest}

    def kill_at(self, point: int) -> None:
        """Kill the server at *point*; nothing or everything is there, and sending again completes it."""
        died = serve(self.app, self.request, point)
        self.report.kills += 1
        left = self.place.read()
        where = f"killed at {point} of {self.report.points}, {died.died_at}"
        if not self.after.differences(left, self.masks):
            self.report.kept += 1
        else:
            self._complain(where, self.before.differences(left, {}))
        if self.always_again or left.digest not in self.seen:
            self.seen.add(left.digest)
            self.send_again(where)
        if self.always_again or left.digest != self.before.digest:
            self._fresh()

    def send_again(self, where: str) -> None:
        """Send the request undisturbed; the end is the same as if nothing had ever happened."""
        answered = serve(self.app, self.request)
        if answered.status != self.answer.status:
            self._complain(where, [f"sent again it is answered with {answered.status}"])
        self._complain(f"{where}, sent again", self.after.differences(self.place.read(), self.masks))

    def _warm_up(self) -> None:
        """Let this process learn every statement, so that its children need not; it keeps no connection.

        No file is stored here: the file store's threads would not follow into a child.
        """
        self.place.restore()
        send(self.app, replace(self.request, files={}))
        self.app.extensions["database"].dispose()
        gc.freeze()

    def _fresh(self) -> Snapshot:
        self.place.restore()
        return self.place.read()

    def _undisturbed(self) -> Snapshot:
        self.answer: Served = serve(self.app, self.request)
        self.report.points = self.answer.points
        if self.answer.status != 303:
            self._complain("undisturbed", [f"it is answered with {self.answer.status}"])
        return self.place.read()

    def _complain(self, where: str, found: list[str]) -> None:
        self.report.wrong += [f"{where}: {one}" for one in found]


def faults(place: Place, settings: Settings) -> list[str]:
    """What does not hold in the database as it is: chains, states that replay does not give, holders."""
    database = Database(place.url, settings.keys())
    with database.reading() as session:
        found = [f"ledger: {fault}" for fault in ledger.verify(session)]
        found += _states(session) + _holders(session)
    database.dispose()
    return found


def _states(session: Session) -> list[str]:
    wrong = []
    for dossier in session.scalars(select(Dossier)):
        moves = (Move(entry.move) for entry in ledger.history(session, "dossier", dossier.id))
        if replay(moves) != (dossier.status, dossier.step):
            wrong.append(f"dossier {dossier.id} is {dossier.status}, its ledger says otherwise")
    return wrong


def _holders(session: Session) -> list[str]:
    return [
        f"envelope {one.code} is with {one.holder}, its last event says otherwise"
        for one in session.scalars(select(Envelope))
        if one.events and one.events[-1].receiver != one.holder
    ]
