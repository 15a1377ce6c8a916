"""An official asks a register in place of a paper: when, about which line, and what follows for the list."""

from sqlalchemy.orm.attributes import flag_modified

from portal.accounts.models import Actor
from portal.dossiers.guards import ARRIVALS
from portal.dossiers.models import ChecklistItem, Dossier, Inquiry
from portal.dossiers.queries import is_guest
from portal.dossiers.states import Status
from portal.dossiers.workflow import is_own
from portal.ground.errors import NotAllowed, NotFound, Refused
from portal.ground.registers import Outcome
from portal.ground.words import N_

ASKED_IN = (Status.SUBMITTED, Status.ACCEPTED, Status.IN_PROGRESS)
"""Statuses in which an official may ask: work of the office, nothing demanded that is still awaited."""


def is_theirs(by: Actor, dossier: Dossier) -> bool:
    """Whether *by* may ask about the owner of *dossier* at all: their office's, and not their own."""
    return by.is_staff and not is_own(by, dossier) and not is_guest(by, dossier)


def is_open(dossier: Dossier) -> bool:
    """Whether registers may be asked now, and there is a number to ask about.

    Not while papers are on their way: they are counted against the list they left with.
    """
    awaited = any(blocker.kind in ARRIVALS for blocker in dossier.blockers)
    return dossier.status in ASKED_IN and not awaited and dossier.owner_identity_sealed is not None


def item_to_ask(dossier: Dossier, key: str, by: Actor) -> ChecklistItem:
    """The line that *by* may ask a register about; raises NotFound, NotAllowed, Refused."""
    item = next((item for item in dossier.checklist if item.key == key and item.register), None)
    if item is None:
        raise NotFound
    if not is_theirs(by, dossier):
        raise NotAllowed
    if not is_open(dossier):
        raise Refused(N_("Lúc này không tra cứu được cho hồ sơ này."))
    return item


def settle(dossier: Dossier, inquiry: Inquiry) -> None:
    """Keep what was asked. A line that is found is demanded no longer; one that is not found again, is.

    Then the list is another one, and the dossier has a new version: a page of before must not ask for what is
    found. Silence, or the same answer, changes nothing.
    """
    dossier.inquiries.append(inquiry)
    item = next(item for item in dossier.checklist if item.key == inquiry.item_key)
    is_found = inquiry.outcome == Outcome.FOUND
    if inquiry.outcome == Outcome.AWAY or is_found == (item.found_at is not None):
        return
    item.found_at = inquiry.asked_at if is_found else None
    flag_modified(dossier, "status")
