"""Limits on tries: who is asking, and how often already."""

from collections.abc import Sequence
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from flask import request

from portal.accounts.models import Actor, Role
from portal.dossiers import quotas
from portal.ground import tries
from portal.ground.errors import TooManyTries
from portal.ground.words import N_
from portal.ground.working_time import ZONE
from portal.web import context
from portal.web.formats import clock

LOOKS = 60
"""How many people an official may look for by their number before a pause."""


class TooOften(TooManyTries):
    """The limit is reached; the sentence says until when."""

    message = N_("Đã thử quá nhiều lần. Hãy thử lại lúc %(clock)s, khoảng %(minutes)s phút nữa.")


def address() -> str:
    """Where the request comes from; an IPv6 address stands for its whole /64, which one person has."""
    asking = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 - a stand-in, nothing listens there
    return str(ip_network((asking, 64), strict=False)) if isinstance(asking, IPv6Address) else str(asking)


def count_look(by: Actor) -> None:
    """Count one search for a person by number, so that nobody leafs through the province."""
    count({f"look up {by.account_id}": LOOKS})


def count(limits: dict[str, int]) -> None:
    """Count one try of each thing named, and raise TooOften when one has been tried more than allowed.

    A try beyond the limit counts as well, but never moves the moment when all are forgotten.
    """
    at = context.wall_clock()
    with context.trace() as writing:
        tallies = [(tries.note(writing, what, at=at), most) for what, most in limits.items()]
    _refuse_beyond(tallies, at)


def count_uploads(by: Actor, sizes: Sequence[int]) -> list[bool]:
    """Count the files somebody sends, of *sizes* bytes, and say of each whether it fits into the day.

    Officials have no limit for a day: their work must go on. Raises TooOften for too many files at once.
    """
    at, most = context.wall_clock(), context.settings()
    with context.trace() as writing:
        tally = tries.note(writing, f"upload {by.account_id}", at=at, times=len(sizes))
        fits = [True] * len(sizes)
        if by.role == Role.CITIZEN:
            on = at.astimezone(ZONE).date()
            fits = quotas.grant(writing, by.account_id, sizes, on=on, most=most.upload_day_bytes)
    _refuse_beyond([(tally, most.upload_files)], at)
    return fits


def _refuse_beyond(tallies: Sequence[tuple[tries.Tally, int]], at: datetime) -> None:
    late = [tally.until for tally, most in tallies if tally.count > most]
    if late:
        wait = max(late) - at
        minutes = max(1, round(wait.total_seconds() / 60))
        raise TooOften(clock=clock(context.now() + wait), minutes=minutes)
