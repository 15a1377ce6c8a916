"""Builders that take the road real people take: real actions, by the right people, in order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.appointments import Tenure, appoint
from portal.accounts.authority import OPERATOR
from portal.accounts.models import Account, Actor, Appointment, Office, Role
from portal.accounts.registration import enrol
from portal.catalogue.models import Channel, FormDefinition, Procedure, ProcedureVersion
from portal.dossiers import actions
from portal.dossiers.models import Dossier, Paper
from portal.dossiers.states import Delivery, Fault, PaperKind, Status, Step

PHU_HOA = "Phú Hòa"
MARRIAGE_STATUS = "1.004873"
BIRTH = "1.001193"
CERTIFIED_COPY = "2.000815"
SINCE = datetime(2020, 1, 2, 1, 0, tzinfo=UTC)
"""When colleagues began."""


def account(session: Session, name: str) -> Account:
    """A person of the demonstration, by sign-in name, phone or full name."""
    either = (Account.sign_in_name == name) | (Account.phone == name) | (Account.full_name == name)
    return session.scalars(select(Account).where(either)).one()


def actor(session: Session, name: str) -> Actor:
    """The same person, acting under the first appointment (as a citizen without any)."""
    person = account(session, name)
    return _acting(person, person.appointments[0] if person.appointments else None)


def citizen(session: Session, number: int = 0) -> Actor:
    """One of the citizens of the demonstration."""
    people = select(Account).where(~Account.appointments.any()).order_by(Account.id)
    return _acting(session.scalars(people).all()[number], None)


def official(session: Session, role: Role, office: str = PHU_HOA) -> Actor:
    """Who holds *role* at the office whose name contains *office*."""
    held = select(Appointment).join(Office).where(Appointment.role == role, Office.name.contains(office))
    appointment = session.scalars(held.order_by(Appointment.id)).first()
    assert appointment is not None, f"nobody is {role} at {office}"
    return _acting(appointment.account, appointment)


def office(session: Session, name: str = PHU_HOA) -> Office:
    """The ward office of the ward called *name*; Chánh Phú Hòa is not Phú Hòa."""
    return session.scalars(select(Office).where(Office.name == f"UBND phường {name}")).one()


def version(session: Session, code: str = MARRIAGE_STATUS) -> ProcedureVersion:
    """The planted version of a procedure."""
    return session.scalars(select(ProcedureVersion).join(Procedure).where(Procedure.code == code)).one()


def application(
    session: Session,
    by: Actor,
    code: str = MARRIAGE_STATUS,
    *,
    channel: Channel = Channel.ONLINE,
    delivery: Delivery = Delivery.DESK,
    office_name: str = PHU_HOA,
) -> actions.Application:
    """A complete application of *by* for themselves, with every paper of the first case."""
    chosen = version(session, code)
    person = session.get_one(Account, by.account_id)
    case = chosen.cases[0]
    form = session.scalars(select(FormDefinition).where(FormDefinition.code == code)).first()
    return actions.Application(
        version=chosen,
        case=case,
        papers=tuple(case.papers),
        office=office(session, office_name),
        channel=channel,
        delivery=delivery,
        owner=actions.Person(
            person.full_name, person.phone or "0900000000", "12 Lê Hồng Phong", account_id=person.id
        ),
        submitter_phone=person.phone or "0900000000",
        form=form,
        answers={"purpose": "Đăng ký kết hôn"},
    )


def result_file(session: Session, dossier: Dossier, by: Actor, at: datetime) -> Paper:
    """The drafted result, attached by the specialist."""
    paper = Paper(
        dossier_id=dossier.id, kind=PaperKind.RESULT, item_key="", blob="0" * 64, name="ket-qua.pdf",
        mime="application/pdf", size_bytes=1000, account_id=by.account_id, uploaded_at=at, filed_at=at,
    )  # fmt: skip
    dossier.papers.append(paper)
    return paper


def dossier(
    session: Session,
    status: Status = Status.SUBMITTED,
    *,
    at: datetime,
    step: Step | None = None,
    by: Actor | None = None,
    office_name: str = PHU_HOA,
    code: str = MARRIAGE_STATUS,
    channel: Channel = Channel.ONLINE,
    delivery: Delivery = Delivery.DESK,
) -> Dossier:
    """A dossier that walked to *status* (and *step*) through the real moves, one minute apart from *at*."""
    owner = by or citizen(session)
    filed = application(session, owner, code, channel=channel, delivery=delivery, office_name=office_name)
    begun = actions.submit(session, filed, by=owner, at=at)
    road = Road(session, begun, office_name, at, owner)
    road.walk_to(status, step)
    session.flush()
    return begun


class Road:
    """The people of one office taking a dossier further, a minute a move."""

    def __init__(
        self, session: Session, dossier: Dossier, office_name: str, at: datetime, owner: Actor
    ) -> None:
        self.session, self.dossier, self.office_name, self.at, self.owner = (
            session,
            dossier,
            office_name,
            at,
            owner,
        )

    def by(self, role: Role) -> Actor:
        """Who holds *role* at the dossier's office."""
        return official(self.session, role, self.office_name)

    def tick(self) -> datetime:
        """The next minute."""
        self.at += timedelta(minutes=1)
        return self.at

    def walk_to(self, status: Status, step: Step | None) -> None:
        """Make the moves that lead to *status* and *step*."""
        if status == Status.NOT_ACCEPTED:
            self.receive()
            actions.refuse(
                self.session,
                self.dossier,
                by=self.by(Role.RECEPTIONIST),
                at=self.tick(),
                reason="Sai nơi nộp",
            )
        elif status == Status.AWAITING_SUPPLEMENT:
            self.receive()
            self.ask()
        elif status in (Status.AWAITING_PAYMENT, Status.STOPPED):
            self._forward_to(Status.IN_PROGRESS, None)
            self._stand(status)
        elif status == Status.WITHDRAWN:
            actions.withdraw(self.session, self.dossier, by=self.owner, at=self.tick())
        else:
            self._forward_to(status, step)

    def make_move(self, number: int) -> None:
        """Make one of the moves that lead an online dossier to its end, by its number."""
        list(self._stages())[number][1]()

    def receive(self) -> None:
        """Bring the papers to the desk where the dossier waits for them."""
        if self.dossier.channel != Channel.ONLINE:
            actions.expect_by_hand(self.dossier)
            actions.receive_papers(self.session, self.dossier, by=self.by(Role.RECEPTIONIST), at=self.tick())

    def ask(self) -> None:
        """Ask for the first paper of the checklist."""
        key = self.dossier.checklist[0].key
        asked = [actions.Asked(Fault.BLURRED, "Dòng ngày sinh bị lóa.", item_key=key)]
        actions.ask_supplement(
            self.session, self.dossier, asked, by=self.by(Role.RECEPTIONIST), at=self.tick()
        )

    def _stand(self, status: Status) -> None:
        """Let the clock stand in appraisal: for money, or by the leader's word."""
        session, dossier = self.session, self.dossier
        if status == Status.STOPPED:
            leader = self.by(Role.LEADER)
            actions.stop(session, dossier, by=leader, at=self.tick(), reason="Tòa án đang xét.")
        else:
            by = self.by(Role.SPECIALIST)
            actions.charge(session, dossier, 50_000, "Thông báo 12/TB", by=by, at=self.tick())

    def _forward_to(self, status: Status, step: Step | None) -> None:
        for reached, make_move in self._stages():
            if (self.dossier.status, self.dossier.step) == (status, step or _first_step(status)):
                return
            make_move()
            assert self.dossier.status == reached
        assert self.dossier.status == status

    def _stages(self):
        receptionist, session, dossier = self.by(Role.RECEPTIONIST), self.session, self.dossier
        if dossier.channel != Channel.ONLINE:
            yield Status.SUBMITTED, self.receive
        yield Status.ACCEPTED, lambda: actions.accept(session, dossier, by=receptionist, at=self.tick())
        yield Status.IN_PROGRESS, lambda: actions.forward(session, dossier, by=receptionist, at=self.tick())
        yield Status.IN_PROGRESS, self._propose
        yield (
            Status.IN_PROGRESS,
            lambda: actions.sign(session, dossier, by=self.by(Role.LEADER), at=self.tick()),
        )
        clerk = self.by(Role.RECORDS_CLERK)
        yield (
            Status.FINISHED,
            lambda: actions.finish(session, dossier, by=clerk, at=self.tick(), number="12/XN"),
        )
        said = {"receiver": dossier.owner_name}
        yield (
            Status.RETURNED,
            lambda: actions.hand_over(session, dossier, said, by=receptionist, at=self.tick()),
        )

    def _propose(self) -> None:
        specialist = self.by(Role.SPECIALIST)
        result_file(self.session, self.dossier, specialist, self.tick())
        actions.propose(self.session, self.dossier, by=specialist, at=self.at, opinion="Đủ điều kiện.")


def _first_step(status: Status) -> Step | None:
    return Step.APPRAISAL if status == Status.IN_PROGRESS else None


def _acting(person: Account, held: Appointment | None) -> Actor:
    return Actor(
        account_id=person.id,
        name=person.full_name,
        role=held.role if held else Role.CITIZEN,
        appointment_id=held.id if held else None,
        office_id=held.office_id if held else None,
        office_name=held.office.name if held else "",
        identity_index=person.identity_index,
    )


def colleague(session: Session, role: Role, office_name: str = PHU_HOA) -> Actor:
    """One more person of *role* at an office, appointed by the operator."""
    there = office(session, office_name)
    name = f"{role.value.replace('_', '')}.hai"
    made = enrol(session, "Trần Thị Hai", name, "mat-khau-du-dai-2020", by=OPERATOR, at=SINCE)
    held = appoint(session, made, there, role, Tenure(SINCE.date()), by=OPERATOR, at=SINCE)
    session.flush()
    return _acting(made, held)


def standing_in(person: Actor, covered: frozenset[int]) -> Actor:
    """The same person on a day when they stand in for *covered*."""
    return replace(person, stands_in_for=covered)


def as_citizen(session: Session, official: Actor) -> Actor:
    """The same person, acting for themselves."""
    return _acting(session.get_one(Account, official.account_id), None)


def somebody(session: Session, role: Role) -> Actor:
    """Anybody holding *role*, at Phú Hòa for the roles of a desk."""
    held = select(Appointment).join(Office).where(Appointment.role == role)
    at_phu_hoa = held.where(Office.name.contains(PHU_HOA)).order_by(Appointment.id)
    found = session.scalars(at_phu_hoa).first() or session.scalars(held).first()
    assert found is not None, f"nobody is {role}"
    return _acting(found.account, found)


def sign_in_name(session: Session, role: Role, office_name: str = "") -> str:
    """What somebody of *role* types to sign in; the first citizen's phone for a citizen."""
    if role == Role.CITIZEN:
        return phone_of(session, citizen(session))
    person = official(session, role, office_name) if office_name else somebody(session, role)
    return session.get_one(Account, person.account_id).sign_in_name or ""


def phone_of(session: Session, person: Actor) -> str:
    """The phone of a person."""
    return session.get_one(Account, person.account_id).phone or ""
