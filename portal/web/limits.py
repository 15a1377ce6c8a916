"""Limits on tries, in one table: what is counted, about whom, how many; who asks, and how often already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

from flask import request
from sqlalchemy.orm import Session

from portal.accounts.models import Actor, Role
from portal.dossiers import quotas
from portal.ground import tries
from portal.ground.config import Settings
from portal.ground.errors import TooManyTries
from portal.ground.words import N_
from portal.ground.working_time import ZONE
from portal.web import context
from portal.web.formats import clock


class Tried(StrEnum):
    """What is counted, as the operations page names it."""

    SIGN_IN = "sign in"
    SECOND_STEP = "second step"
    ONE_SIGN_IN = "second step of one sign-in"
    PASSKEY = "passkey"
    CONFIRM = "confirm"
    REGISTER = "register"
    LOOK_UP = "look up"
    PERSON_SEARCH = "person search"
    RESET = "reset"
    DELIVERY_CODE = "delivery code"
    REGISTER_BY_OWNER = "register by its owner"
    REGISTER_AT_DESK = "register at the desk"


@dataclass(frozen=True)
class Limit:
    """How often within tries.WINDOW: about one subject, and from one address altogether.

    subject: what it is, in words. per_subject, per_address: multiples of *setting* when there is one.
    here_only: a subject counts for each address apart, so that nobody shuts it for somebody elsewhere.
    """

    subject: str
    per_subject: int
    per_address: int
    setting: str = ""
    here_only: bool = True

    def most(self, times: int, settings: Settings) -> int:
        """The number that *times* stands for."""
        return times * (getattr(settings, self.setting) if self.setting else 1)


LIMITS: dict[Tried, Limit] = {
    Tried.SIGN_IN: Limit("name typed", 1, 10, "sign_in_tries"),
    Tried.SECOND_STEP: Limit("account", 1, 10, "sign_in_tries"),
    Tried.ONE_SIGN_IN: Limit("sign-in begun", 1, 10, "sign_in_tries", here_only=False),
    Tried.PASSKEY: Limit("browser", 3, 10, "sign_in_tries"),
    Tried.CONFIRM: Limit("account", 1, 10, "sign_in_tries"),
    Tried.REGISTER: Limit("phone typed", 1, 2, "sign_in_tries"),
    Tried.LOOK_UP: Limit("code typed", 1, 1, "look_up_tries", here_only=False),
    Tried.PERSON_SEARCH: Limit("official", 60, 600, here_only=False),
    Tried.RESET: Limit("official", 20, 200, here_only=False),
    Tried.DELIVERY_CODE: Limit("order", 6, 120, here_only=False),
    Tried.REGISTER_BY_OWNER: Limit("account", 10, 100, here_only=False),
    Tried.REGISTER_AT_DESK: Limit("official", 60, 600, here_only=False),
}
"""Every limit. What a stranger could shut for somebody is counted for each address apart; a code that
many together could guess is counted wherever from. Six delivery codes do for misheard digits only."""


class TooOften(TooManyTries):
    """The limit is reached; the sentence says until when."""

    message = N_("Đã thử quá nhiều lần. Hãy thử lại lúc %(clock)s, khoảng %(minutes)s phút nữa.")


def address() -> str:
    """Where the request comes from; an IPv6 address stands for its whole /64, which one person has."""
    asking = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 - a stand-in, nothing listens there
    if isinstance(asking, IPv6Address):
        return str(asking.ipv4_mapped or ip_network((asking, 64), strict=False))
    return str(asking)


def spend(what: Tried, subject: object) -> None:
    """Count one try of *what* about *subject* from here; raises TooOften beyond the limits of the table."""
    limit, settings = LIMITS[what], context.settings()
    about, here = _keys(what, subject)
    most = {here: limit.most(limit.per_address, settings), about: limit.most(limit.per_subject, settings)}
    count(most)


def forgive(session: Session, what: Tried, subject: object) -> None:
    """Forget the tries about *subject*, and take the last one back from the address: it was right."""
    about, here = _keys(what, subject)
    tries.forget(session, about)
    tries.take_back(session, here)


def count_look(by: Actor) -> None:
    """Count one search for a person by number, so that nobody leafs through the province."""
    spend(Tried.PERSON_SEARCH, by.account_id)


def count(limits: Mapping[str, int]) -> None:
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
        refusal = TooOften(clock=clock(context.now() + wait), minutes=minutes)
        refusal.retry_after = max(1, int(wait.total_seconds()))
        raise refusal


def _keys(what: Tried, subject: object) -> tuple[str, str]:
    """What the tries about a subject, and those from this address, are counted under."""
    here = f"{what} from {address()}"
    return (f"{here}: {subject}" if LIMITS[what].here_only else f"{what}: {subject}"), here
