"""Who may hold an envelope after whom, and who answers for a holder: one table. Pure; writes nothing."""

from collections.abc import Iterable

from portal.accounts.models import Actor, Role
from portal.dossiers.models import Dossier
from portal.ground.errors import WrongState
from portal.ground.words import N_
from portal.postal.models import Holder
from portal.postal.states import Direction, HolderKind

K = HolderKind
PICKUP, BOTH = frozenset({Direction.PICKUP}), frozenset(Direction)
RETURN = frozenset({Direction.RETURN})

LEGAL: dict[tuple[HolderKind, HolderKind], frozenset[Direction]] = {
    (K.CITIZEN, K.CARRIER): PICKUP,
    (K.CARRIER, K.POST_OFFICE): BOTH,
    (K.POST_OFFICE, K.CARRIER): BOTH,
    (K.CARRIER, K.DESK): BOTH,
    (K.POST_OFFICE, K.DESK): BOTH,
    (K.DESK, K.POST_OFFICE): RETURN,
    (K.DESK, K.CARRIER): RETURN,
    (K.CARRIER, K.CITIZEN): RETURN,
    (K.DESK, K.CITIZEN): BOTH,
}
"""From whom to whom an envelope may pass, and on which way; what is not here does not happen.

An undelivered result comes back to the desk; papers of an ended dossier may be fetched there.
"""

FACE_TO_FACE = frozenset({(K.CITIZEN, K.CARRIER), (K.CARRIER, K.CITIZEN), (K.DESK, K.CITIZEN)})
"""Passings that happen in one act, the citizen being present; all others are offered, then confirmed."""

ANSWERING: dict[HolderKind, Role] = {
    K.CARRIER: Role.CARRIER,
    K.POST_OFFICE: Role.POST_CLERK,
    K.DESK: Role.RECEPTIONIST,
}
"""In which role people give and take for a holder; a citizen is always met face to face."""


class NotPassedSo(WrongState):
    """The table of legal passings has no such row, or the giver is not the holder."""

    message = N_("Phong bì không thể chuyển như vậy: nó đang ở một nơi khác.")


def check_passing(direction: Direction, held_by: Holder, giver: Holder, receiver: Holder) -> None:
    """Raise NotPassedSo unless *giver* holds the envelope and may pass it to *receiver* on this way."""
    if giver != held_by or direction not in LEGAL.get((giver.kind, receiver.kind), ()):
        raise NotPassedSo


def answers_for(by: Actor, holder: Holder) -> bool:
    """Whether *by* may give and take in the name of *holder*."""
    if ANSWERING.get(holder.kind) != by.role:
        return False
    if holder.kind == K.CARRIER:
        return by.account_id == holder.account_id
    return by.office_id == holder.office_id


def standing_for(by: Actor) -> Holder:
    """The holder in whose name *by* gives and takes: oneself for a carrier, the office for the others."""
    if by.role == Role.CARRIER:
        return Holder(K.CARRIER, account_id=by.account_id)
    kind = K.POST_OFFICE if by.role == Role.POST_CLERK else K.DESK
    return Holder(kind, office_id=by.office_id)


def desk_of(dossier: Dossier) -> Holder:
    """The desk that takes in the papers of *dossier* and gives out its result."""
    return Holder(K.DESK, office_id=dossier.received_by_id)


def citizen_of(dossier: Dossier) -> Holder:
    """The person whose papers they are."""
    return Holder(K.CITIZEN, account_id=dossier.owner_id or dossier.submitter_id)


def replay(direction: Direction, first: Holder, passings: Iterable[tuple[Holder, Holder]]) -> Holder:
    """Walk *passings* (giver, receiver) through the table; raises NotPassedSo where they cannot."""
    holder = first
    for giver, receiver in passings:
        check_passing(direction, holder, giver, receiver)
        holder = receiver
    return holder
