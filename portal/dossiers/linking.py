"""The application of a linked dossier: another office's part of one that is under way (liên thông)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, selectinload

from portal.accounts.models import Office
from portal.catalogue.models import Case, Channel, ProcedureVersion
from portal.catalogue.offers import fitness
from portal.catalogue.queries import in_force
from portal.dossiers import identity
from portal.dossiers.actions import Application, Person
from portal.dossiers.deadlines import NoTerm, term_of
from portal.dossiers.models import Dossier
from portal.dossiers.readiness import deciders
from portal.dossiers.states import Delivery
from portal.ground.errors import Refused
from portal.ground.words import N_


def fit_versions(session: Session, today: date) -> Sequence[ProcedureVersion]:
    """The procedures that take dossiers at a desk today, by name; in a constant number of statements."""
    edited = select(ProcedureVersion).where(in_force(today), ProcedureVersion.curated.is_not(None))
    whole = edited.options(
        defer(ProcedureVersion.record),
        selectinload(ProcedureVersion.terms),
        selectinload(ProcedureVersion.cases).selectinload(Case.papers),
    )
    found = session.scalars(whole.order_by(ProcedureVersion.name, ProcedureVersion.id)).all()
    return [version for version in found if not fitness(version) and _has_term(version)]


def application(
    session: Session, parent: Dossier, version: ProcedureVersion, office: Office, today: date
) -> Application:
    """The first case of *version* at *office* for the owner of *parent*, every paper of it listed.

    Raises Refused for an office that does not decide on it.
    """
    if office.id not in {one.id for one in deciders(session, version, today)}:
        raise Refused(N_("Cơ quan này không giải quyết thủ tục này."))
    case = version.cases[0]
    return Application(
        version=version,
        case=case,
        papers=tuple(case.papers),
        office=office,
        channel=Channel.DESK,
        delivery=Delivery.DESK,
        owner=_owner(session, parent),
        submitter_phone=parent.submitter_phone,
    )


def _owner(session: Session, parent: Dossier) -> Person:
    number = identity.owner_number(session, parent) if parent.owner_identity_sealed else ""
    return Person(
        name=parent.owner_name,
        phone=parent.owner_phone,
        address=parent.owner_address,
        identity_kind=parent.owner_identity_kind,
        identity_number=number,
        account_id=parent.owner_id,
    )


def _has_term(version: ProcedureVersion) -> bool:
    try:
        term_of(version, Channel.DESK, version.cases[0].key)
    except NoTerm:
        return False
    return True
