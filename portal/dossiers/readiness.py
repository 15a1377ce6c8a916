"""A draft seen whole: what it says, which office it goes to, and what still stands in its way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import offices
from portal.accounts.models import Office, OfficeKind
from portal.catalogue import queries as catalogue
from portal.catalogue.answers import Checked, Known, check_all
from portal.catalogue.definitions import CASE, Definition, Page
from portal.catalogue.form_source import parse
from portal.catalogue.models import Case, Channel, Competence, ProcedureVersion, RequiredPaper, Tier
from portal.catalogue.offers import offered
from portal.dossiers import inquiries, ways
from portal.dossiers import papers as files
from portal.dossiers.identity import opened, sealed_names
from portal.dossiers.models import Draft, Inquiry
from portal.dossiers.ownership import Numbers, numbers_of
from portal.dossiers.states import Delivery
from portal.ground.errors import Refused
from portal.ground.sealing import KeyRing, keys_of
from portal.ground.words import N_, Labelled
from portal.ground.working_time import ZONE

KIND_OF = {
    Tier.COMMUNE: OfficeKind.WARD,
    Tier.DISTRICT: OfficeKind.DISTRICT,
    Tier.PROVINCE: OfficeKind.DEPARTMENT,
}
"""The kind of office that decides at each tier."""


class NotReceived(Refused):
    """The competent office has nobody who would receive the dossier on the portal."""

    message = N_("%(office)s chưa nhận hồ sơ qua cổng này. Hãy mang giấy tờ đến nộp tại đó.")


class Stage(Labelled):
    """The parts of a filing, each a page; the form is one stage of several pages."""

    CASE = "case", N_("Trường hợp và giấy tờ")
    FORM = "form", N_("Tờ khai")
    UPLOADS = "uploads", N_("Ảnh giấy tờ")
    WAYS = "ways", N_("Gửi và nhận")


@dataclass(frozen=True)
class Obstacle:
    """What keeps a draft from being filed, and on which page it is put right."""

    stage: Stage
    message: str
    params: dict[str, Any]
    page: str = ""


@dataclass(frozen=True)
class Whole:
    """A draft with everything it refers to, on one day."""

    draft: Draft
    standing: ways.Standing
    is_current: bool
    definition: Definition | None
    wards: list[offices.Ward]
    answers: dict[str, Any]
    office: Office | None
    is_received: bool
    """Whether that office takes dossiers here."""

    today: date
    keys: KeyRing = field(repr=False)

    @cached_property
    def known(self) -> Known:
        """What the answers are checked against."""
        return Known(self.today, {ward.code: ward.full_name for ward in self.wards})

    @cached_property
    def checked(self) -> Checked:
        """Every answer, checked anew."""
        if self.definition is None:
            return Checked({}, {}, {})
        return check_all(self.definition, self.answers, self.draft.case_key, self.known)

    @property
    def case(self) -> Case | None:
        """The chosen case."""
        return next(
            (case for case in self.draft.procedure_version.cases if case.key == self.draft.case_key), None
        )

    @property
    def papers(self) -> tuple[RequiredPaper, ...]:
        """The lines of the published list that apply, in its order."""
        chosen = self.draft.paper_keys
        return tuple(paper for paper in self.case.papers if paper.key in chosen) if self.case else ()

    @property
    def pages(self) -> list[Page]:
        """The pages of the form that are asked after the answers so far."""
        return (
            self.definition.open_pages({CASE: self.draft.case_key, **self.answers}) if self.definition else []
        )

    @property
    def likely_pages(self) -> list[Page]:
        """The pages of the form that are asked or may still be."""
        answers = {CASE: self.draft.case_key, **self.answers}
        return self.definition.likely_pages(answers) if self.definition else []

    @property
    def chosen(self) -> ways.Chosen | None:
        """How to send and to receive."""
        return read_ways(self.draft.ways)

    @cached_property
    def numbers(self) -> Numbers:
        """Whose number the dossier will carry, and whose account files it."""
        return numbers_of(self.draft.account, self.definition, self.checked.values, self.keys)

    @cached_property
    def inquiries(self) -> dict[str, Inquiry]:
        """What registers said of this owner, by the line of the list; of another number nothing counts."""
        return inquiries.last_words(inquiries.about(self.draft.inquiries, self.numbers.owner_index))

    @property
    def demanded(self) -> tuple[RequiredPaper, ...]:
        """The papers that are asked for: those that no register has answered for (R35)."""
        found = inquiries.found(self.inquiries.values())
        return tuple(paper for paper in self.papers if paper.key not in found)

    @property
    def not_uploaded(self) -> list[RequiredPaper]:
        """The papers of which a file is still needed for sending online."""
        given = files.keys_given(self.draft.papers)
        return [paper for paper in ways.must_upload(self.demanded) if paper.key not in given]


def read_ways(stored: dict[str, Any]) -> ways.Chosen | None:
    """The two choices as a draft stores them."""
    if not stored.get("send") or not stored.get("receive"):
        return None
    send, receive = Channel(stored["send"]), Delivery(stored["receive"])
    return ways.Chosen(send, receive, stored.get("pickup", {}), stored.get("back", {}))


def standing_of(session: Session, version: ProcedureVersion, today: date) -> ways.Standing:
    """What may be done with *version* today."""
    level = catalogue.level_of(session, version.procedure.code, today)
    listed = catalogue.is_on_post_list(session, version, today)
    return ways.Standing(version, offered(version, level, on_post_list=listed))


def whole(session: Session, draft: Draft, at: datetime) -> Whole:
    """Load everything *draft* refers to, as it is at *at*."""
    today, version = at.astimezone(ZONE).date(), draft.procedure_version
    definition = _definition(draft)
    answers = opened(session, draft, sealed_names(draft))
    office = office_of(session, draft, definition, answers, today)
    return Whole(
        draft=draft,
        standing=standing_of(session, version, today),
        is_current=_is_current(session, version, today),
        definition=definition,
        wards=offices.wards(session, today),
        answers=answers,
        office=office,
        is_received=office is not None and offices.takes_dossiers(session, office, today),
        today=today,
        keys=keys_of(session),
    )


def _definition(draft: Draft) -> Definition | None:
    """The form as it is asked: where any office may decide, one is chosen and no area asked for it."""
    if draft.form is None:
        return None
    definition = parse(draft.form.content)
    asks = definition.competence
    if asks is None or draft.procedure_version.competence != Competence.ANY:
        return definition
    pages = (
        replace(page, questions=tuple(q for q in page.questions if q != asks)) for page in definition.pages
    )
    return replace(definition, pages=tuple(pages))


def _is_current(session: Session, version: ProcedureVersion, today: date) -> bool:
    this = select(ProcedureVersion.id).where(ProcedureVersion.id == version.id, catalogue.in_force(today))
    return session.scalar(this) is not None


def office_of(
    session: Session, draft: Draft, definition: Definition | None, answers: dict[str, Any], today: date
) -> Office | None:
    """The office that decides: the one chosen where any may (Competence.ANY), else by the area answered."""
    version = draft.procedure_version
    asks = definition.competence if definition else None
    if asks is None:
        return session.get(Office, draft.office_id) if draft.office_id else None
    area = answers.get(asks.name)
    return office_for(session, version, area, today) if area else None


def office_for(session: Session, version: ProcedureVersion, area_code: str, today: date) -> Office | None:
    """The office that decides on *version* for an area; None when nobody answers for it."""
    kind = KIND_OF.get(version.competent_tier) if version.competent_tier else None
    return offices.competent(session, kind, area_code, today, version.agency) if kind else None


def deciders(session: Session, version: ProcedureVersion, today: date) -> Sequence[Office]:
    """The offices that may decide on *version*: its tier, or the agency it names, or else the one above."""
    kind = KIND_OF.get(version.competent_tier) if version.competent_tier else None
    if kind is None:
        return ()
    found = offices.of_kind(session, kind, today)
    if not version.agency:
        return found
    named = [office for office in found if office.name == version.agency]
    return named or offices.of_kind(session, offices.ABOVE[kind], today)


def received_at(session: Session, version: ProcedureVersion, area_code: str, today: date) -> Office | None:
    """As office_for; raises NotReceived where nobody at that office would take the dossier in."""
    office = office_for(session, version, area_code, today)
    if office and not offices.takes_dossiers(session, office, today):
        raise NotReceived(office=office.name)
    return office


def obstacles(seen: Whole) -> list[Obstacle]:
    """Everything that keeps the draft from being filed now, in the order of its pages."""
    return [*_in_case(seen), *_in_form(seen), *_in_ways(seen)]


def _in_case(seen: Whole) -> Iterator[Obstacle]:
    if not seen.standing.takes_filings:
        yield Obstacle(Stage.CASE, N_("Thủ tục này không còn nhận hồ sơ ở đây."), {})
    if not seen.is_current:
        yield Obstacle(
            Stage.CASE, N_("Thủ tục đã có bản công bố mới; hãy bắt đầu lại để nộp theo bản mới."), {}
        )
    if seen.case is None:
        yield Obstacle(Stage.CASE, N_("Hãy chọn trường hợp của bạn."), {})


def _in_form(seen: Whole) -> Iterator[Obstacle]:
    wrong = {name.split("-")[0] for name in seen.checked.errors}
    for page in seen.pages:
        if page.key not in seen.draft.pages_done or wrong & {question.name for question in page.questions}:
            yield Obstacle(Stage.FORM, N_("Trang “%(title)s” chưa xong."), {"title": page.title}, page.key)
    if seen.office is None and not wrong:
        yield Obstacle(Stage.CASE, N_("Chưa biết cơ quan nào giải quyết; hãy chọn lại phường, xã."), {})
    if seen.office and not seen.is_received:
        yield Obstacle(Stage.CASE, NotReceived.message, {"office": seen.office.name})


def _in_ways(seen: Whole) -> Iterator[Obstacle]:
    chosen = seen.chosen
    if chosen is None:
        yield Obstacle(Stage.WAYS, N_("Hãy chọn cách gửi và cách nhận."), {})
        return
    sent = ways.sending(seen.standing, seen.draft.case_key, seen.demanded)
    shut = [choice.shut_because for choice in sent if choice.value == chosen.send]
    shut += [
        choice.shut_because for choice in ways.receiving(seen.standing) if choice.value == chosen.receive
    ]
    yield from (Obstacle(Stage.WAYS, reason, {}) for reason in shut if reason)
    if chosen.send == Channel.ONLINE:
        for paper in seen.not_uploaded:
            yield Obstacle(Stage.UPLOADS, N_("Chưa có ảnh của: %(name)s."), {"name": paper.name})
