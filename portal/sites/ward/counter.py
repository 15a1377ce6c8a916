"""What the counter needs once a procedure and a case are chosen: lists, fees, the date, the application."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.accounts import offices
from portal.accounts.calendars import calendar_of
from portal.accounts.models import Account, Actor, IdentityLevel, Office
from portal.accounts.offices import Ward
from portal.accounts.people import holders
from portal.catalogue import queries as catalogue
from portal.catalogue.models import Case, Channel, ProcedureVersion
from portal.dossiers.actions import Application
from portal.dossiers.deadlines import NoTerm, term_of
from portal.dossiers.models import Inquiry
from portal.dossiers.readiness import deciders, standing_of
from portal.dossiers.states import Delivery
from portal.dossiers.ways import Choice, receiving
from portal.ground.errors import NotFound
from portal.ground.working_time import ZONE, Due, due
from portal.payments.models import FeeRule
from portal.payments.tariff import fees_due, published_fees
from portal.postal.models import Place
from portal.sites.ward.intake_form import IntakeForm, intake_form
from portal.web import registers
from portal.web.forms import options
from portal.web.i18n import say


@dataclass(frozen=True)
class Counter:
    """A procedure and a case at the desk of an office. missing: why nothing can be taken in, else empty."""

    version: ProcedureVersion
    case: Case | None
    missing: tuple[str, ...]
    receiving: Sequence[Choice]
    offices: Sequence[Office]
    wards: Sequence[Ward]
    fees: Sequence[FeeRule]
    here: Office

    @property
    def fees_dong(self) -> int:
        """What the tariff asks altogether."""
        return sum(fee.amount_dong for fee in self.fees)

    @property
    def published(self) -> list[str]:
        """The published words about the fee, for where the tariff has none."""
        return published_fees(self.version, Channel.DESK, self.case.key if self.case else "")

    @property
    def decides(self) -> Office | None:
        """The office that decides as a rule: this one where its tier is competent."""
        here = next((office for office in self.offices if office.id == self.here.id), None)
        return here or next(iter(self.offices), None)


def counter_of(session: Session, code: str, case_key: str, by: Actor, at: datetime) -> Counter:
    """Load what the counter of *by* needs for a procedure; raises NoSuchProcedure."""
    today = at.astimezone(ZONE).date()
    version = catalogue.published(session, code, today)
    standing = standing_of(session, version, today)
    case = case_in(version, case_key)
    return Counter(
        version=version,
        case=case,
        missing=(*standing.offer.missing, *_no_term(version, case)),
        receiving=receiving(standing),
        offices=deciders(session, version, today),
        wards=offices.wards(session, today),
        fees=fees_due(session, code, Channel.DESK, today),
        here=_office(session, by),
    )


def case_in(version: ProcedureVersion, key: str) -> Case | None:
    """The case called *key*, else the first one; None when there is none at all."""
    return next((case for case in version.cases if case.key == key), next(iter(version.cases), None))


def _office(session: Session, by: Actor) -> Office:
    found = session.get(Office, by.office_id) if by.office_id else None
    if found is None:
        raise NotFound
    return found


def _no_term(version: ProcedureVersion, case: Case | None) -> tuple[str, ...]:
    try:
        term_of(version, Channel.DESK, case.key if case else "")
    except NoTerm as no_term:
        return (no_term.message,)
    return ()


def promised_now(session: Session, counter: Counter, at: datetime) -> Due | None:
    """When the result would be due if the papers were accepted now."""
    if counter.missing or counter.case is None or counter.decides is None:
        return None
    calendar = calendar_of(session, counter.decides.id, at.astimezone(ZONE).date())
    return due(at, term_of(counter.version, Channel.DESK, counter.case.key), calendar)


def form_of(counter: Counter, sent: MultiDict[str, str] | None) -> IntakeForm | None:
    """The form of the counter as *sent*, or a fresh one; None when nothing can be taken in."""
    if counter.missing or counter.case is None or counter.decides is None:
        return None
    built = intake_form(counter.case.papers, asks_registers=registers.are_there())
    usual = {"area": counter.here.area_code, "office": counter.decides.id}
    form = built(formdata=None, **usual) if sent is None else built(formdata=sent)
    form.area.choices = options((ward.code, ward.full_name) for ward in counter.wards)
    form.office.choices = options((office.id, office.name) for office in counter.offices)
    open_ways = (choice.value for choice in counter.receiving if choice.is_open)
    form.delivery.choices = options((way.value, say(way.label)) for way in open_ways)
    return form


def application(
    session: Session, counter: Counter, case: Case, form: IntakeForm, asked: tuple[Inquiry, ...]
) -> Application:
    """What the form says and what registers were *asked*, as a value for the dossiers."""
    office = next(office for office in counter.offices if office.id == form.office.data)
    proven = account_of(holders(session, form.number.data or ""))
    ward = next(ward for ward in counter.wards if ward.code == form.area.data)
    owner = form.person(proven.id if proven else None, ward.full_name)
    return Application(
        version=counter.version,
        case=case,
        papers=form.checklist(),
        office=office,
        channel=Channel.DESK,
        delivery=Delivery(form.delivery.data),
        owner=owner,
        submitter_phone=owner.phone,
        received_by=counter.here,
        counted=form.counted(),
        inquiries=asked,
    )


def account_of(found: Sequence[Account]) -> Account | None:
    """The account a dossier may be put into: only one whose number was seen or proven."""
    proven = (account for account in found if account.identity_level != IdentityLevel.SELF_DECLARED)
    return next(proven, None)


def place_of(form: IntakeForm, phone: str) -> Place:
    """Where the post brings the result."""
    return Place(form.full_name.data or "", phone, form.area.data, form.line.data or "")
