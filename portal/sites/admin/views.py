"""What every page of administration starts with: who may come in, and where a list is."""

from flask import Blueprint, request

from portal.accounts.models import Appointment, Office, Role
from portal.ground.errors import NotFound, PortalError
from portal.web import context
from portal.web.guard import only_for
from portal.web.i18n import say

bp = Blueprint("admin", __name__)
only_for(bp, Role.ADMIN)

MOST_PAGES = 10_000


def page_number() -> int:
    """The page of a list that the address asks for; the first one for anything else."""
    typed = request.args.get("trang", "")
    asked = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 1
    return min(max(asked, 1), MOST_PAGES)


def searched_words() -> str:
    """What was typed into the search box of a list."""
    return request.args.get("tim", "").strip()[:100]


def office_of(office_id: int) -> Office:
    """The office as this request reads it, or NotFound."""
    found = context.session().get(Office, office_id)
    if found is None:
        raise NotFound
    return found


def appointment_of(appointment_id: int) -> Appointment:
    """The appointment as this request reads it, or NotFound."""
    found = context.session().get(Appointment, appointment_id)
    if found is None:
        raise NotFound
    return found


def said(refusal: PortalError) -> str:
    """The sentence of a refusal, for a field."""
    return say(refusal.message, **refusal.params)
