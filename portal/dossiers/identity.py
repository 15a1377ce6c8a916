"""Sealed identity numbers of dossiers and drafts: opened for a page, renewed with the newest key."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.dossiers.models import Dossier, Draft, Inquiry
from portal.ground.sealing import keys_of


def owner_number(session: Session, dossier: Dossier) -> str:
    """The owner's identity number, or "" when none was declared; every caller records the look."""
    sealed = dossier.owner_identity_sealed
    return keys_of(session).open(sealed, dossier.bound_to) if sealed else ""


def opened(session: Session, row: Dossier | Draft, names: frozenset[str]) -> dict[str, object]:
    """The answers of *row* with those *names* opened."""
    keys = keys_of(session)
    return {
        name: keys.open(value, row.bound_to) if name in names and value else value
        for name, value in row.answers.items()
    }


def sealed_names(row: Dossier | Draft) -> frozenset[str]:
    """The questions of the row's form that hold identity numbers."""
    return frozenset(row.form.content.get("sealed", ())) if row.form else frozenset()


def renew(session: Session) -> int:
    """Seal anew, with the current key, the numbers of dossiers and drafts and what registers read.

    Returns how many rows changed.
    """
    owners = sum(_renew_owner(session, dossier) for dossier in session.scalars(select(Dossier)))
    drafts = sum(_renew_answers(session, draft) for draft in session.scalars(select(Draft)))
    read = sum(_renew_reading(session, inquiry) for inquiry in session.scalars(select(Inquiry)))
    return owners + drafts + read


def _renew_owner(session: Session, dossier: Dossier) -> int:
    keys, sealed = keys_of(session), dossier.owner_identity_sealed
    stale = sealed is not None and not keys.is_current(sealed)
    if sealed and stale:
        dossier.owner_identity_sealed = keys.renewed(sealed, dossier.bound_to)
    return max(int(stale), _renew_answers(session, dossier))


def _renew_reading(session: Session, inquiry: Inquiry) -> int:
    keys, sealed = keys_of(session), inquiry.read_sealed
    if sealed is None or keys.is_current(sealed):
        return 0
    inquiry.read_sealed = keys.renewed(sealed, inquiry.bound_to)
    return 1


def _renew_answers(session: Session, row: Dossier | Draft) -> int:
    keys, names = keys_of(session), sealed_names(row)
    stale = {name for name in names if row.answers.get(name) and not keys.is_current(row.answers[name])}
    if stale:
        fresh = {name: keys.renewed(row.answers[name], row.bound_to) for name in stale}
        row.answers = {**row.answers, **fresh}
    return int(bool(stale))
