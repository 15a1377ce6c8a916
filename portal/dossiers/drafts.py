"""Drafts: begun, saved page by page, resumed on any device, discarded, and filed exactly once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.accounts.identity import kind_of
from portal.accounts.models import Account, Actor, Office
from portal.catalogue.definitions import Page
from portal.catalogue.form_source import form_for
from portal.catalogue.models import Case, ProcedureVersion
from portal.dossiers import actions, inquiries
from portal.dossiers.actions import Application, Person
from portal.dossiers.identity import sealed_names
from portal.dossiers.models import Dossier, Draft, Inquiry, Paper
from portal.dossiers.queries import visible_to
from portal.dossiers.readiness import Obstacle, Whole, obstacles, standing_of, whole
from portal.dossiers.states import FINAL
from portal.dossiers.ways import Chosen
from portal.ground.config import Settings
from portal.ground.errors import NotFound, Refused
from portal.ground.sealing import keys_of
from portal.ground.words import N_
from portal.ground.working_time import ZONE


class TooManyDrafts(Refused):
    """The account keeps as many drafts as it may."""

    message = N_("Bạn đang giữ %(most)s bản nháp, nhiều nhất có thể. Hãy xóa bớt ở trang Hồ sơ của tôi.")


class NotReady(Refused):
    """Something still stands in the way of filing; the first of it is the message."""

    def __init__(self, obstacle: Obstacle) -> None:
        self.obstacle = obstacle
        super().__init__(obstacle.message, **obstacle.params)


def begin(session: Session, version: ProcedureVersion, *, by: Actor, at: datetime, limits: Settings) -> Draft:
    """Start a draft for *version*, with its form where it can be filed online.

    Raises Refused when the procedure takes no filings here, TooManyDrafts.
    """
    standing = standing_of(session, version, at.astimezone(ZONE).date())
    if not standing.takes_filings:
        raise Refused(N_("Thủ tục này không nhận hồ sơ trên cổng; trang thủ tục nói cách làm."))
    if len(mine(session, by, at)) >= limits.drafts_per_account:
        raise TooManyDrafts(most=limits.drafts_per_account)
    draft = Draft(
        uid=str(uuid4()),
        account_id=by.account_id,
        procedure_version=version,
        form=form_for(session, version.procedure.code) if standing.files_online else None,
        answers={},
        ways={},
        paper_keys=[],
        pages_done=[],
        began_at=at,
    )
    _touch(draft, at, limits)
    session.add(draft)
    return draft


def resume(session: Session, uid: str, by: Actor, at: datetime, *, lock: bool = False) -> Draft:
    """The draft of *by*, or NotFound when it is not theirs, expired or discarded; a filed one is found.

    lock: hold it until the transaction ends, so that two requests never change it at once.
    """
    lives = sa.or_(Draft.expires_at > at, Draft.dossier_id.is_not(None))
    query = select(Draft).where(Draft.uid == uid, Draft.account_id == by.account_id, lives)
    whole_row = query.options(*_with_everything()).execution_options(populate_existing=True)
    found = session.scalar(whole_row.with_for_update(of=Draft) if lock else whole_row)
    if found is None:
        raise NotFound(N_("Không có bản nháp này: nó đã hết hạn, đã xóa, hoặc không phải của bạn."))
    return found


def mine(session: Session, by: Actor, at: datetime) -> Sequence[Draft]:
    """The open drafts of *by*, the last saved first."""
    open_ones = select(Draft).where(
        Draft.account_id == by.account_id, Draft.dossier_id.is_(None), Draft.expires_at > at
    )
    shown = open_ones.options(joinedload(Draft.procedure_version).joinedload(ProcedureVersion.procedure))
    return session.scalars(shown.order_by(Draft.saved_at.desc(), Draft.id.desc())).all()


def open_dossiers(session: Session, version: ProcedureVersion, by: Actor) -> Sequence[Dossier]:
    """Dossiers of *by* for the same procedure that are still under way."""
    same = select(ProcedureVersion.id).where(ProcedureVersion.procedure_id == version.procedure_id)
    under_way = select(Dossier).where(
        visible_to(by), Dossier.procedure_version_id.in_(same), Dossier.status.not_in(FINAL)
    )
    return session.scalars(under_way.order_by(Dossier.id.desc())).all()


def choose_case_and_papers(
    draft: Draft, case_key: str, optional: frozenset[str], *, at: datetime, limits: Settings
) -> None:
    """Set the case, and the papers of the list that apply: all without a condition, and *optional* ones.

    Raises Refused for a case that the version does not have.
    """
    case = next((case for case in draft.procedure_version.cases if case.key == case_key), None)
    if case is None:
        raise Refused(N_("Hãy chọn trường hợp của bạn."))
    draft.case_key = case.key
    draft.paper_keys = [p.key for p in case.papers if not p.only_if or p.key in optional]
    _touch(draft, at, limits)


def choose_office(draft: Draft, office: Office) -> None:
    """Set the office that decides, where the answers of a form do not."""
    draft.office_id = office.id


def save_page(
    session: Session,
    draft: Draft,
    page: Page,
    values: Mapping[str, Any],
    *,
    done: bool,
    at: datetime,
    limits: Settings,
) -> None:
    """Keep the clean *values* of *page*, complete or not; identity numbers are sealed to the draft."""
    keys, sealed = keys_of(session), sealed_names(draft)
    asked = {question.name for question in page.questions}
    fresh = {
        name: keys.seal(value, draft.bound_to) if name in sealed else value for name, value in values.items()
    }
    draft.answers = {name: kept for name, kept in draft.answers.items() if name not in asked} | fresh
    others = [key for key in draft.pages_done if key != page.key]
    draft.pages_done = [*others, page.key] if done else others
    _touch(draft, at, limits)


def choose_ways(draft: Draft, chosen: Chosen, *, at: datetime, limits: Settings) -> None:
    """Keep how to send and how to receive, with their places."""
    draft.ways = {
        "send": chosen.send.value,
        "receive": chosen.receive.value,
        "pickup": chosen.pickup,
        "back": chosen.back,
    }
    _touch(draft, at, limits)


def discard(session: Session, draft: Draft) -> None:
    """Delete the draft with its files' rows; raises Refused once it was filed."""
    if draft.dossier_id is not None:
        raise Refused(N_("Bản nháp này đã nộp thành hồ sơ; hãy rút hồ sơ nếu đổi ý."))
    session.execute(sa.delete(Paper).where(Paper.draft_id == draft.id))  # Those in quarantine, too.
    session.execute(sa.delete(Inquiry).where(Inquiry.draft_id == draft.id))
    session.expire(draft, ["papers", "inquiries"])
    session.delete(draft)


def file(session: Session, draft: Draft, *, by: Actor, at: datetime) -> Dossier:
    """Make a dossier of the draft, checking everything anew; a filed draft gives the same dossier again.

    The draft must be locked (resume). Raises NotReady with what is missing; then nothing changed.
    """
    if draft.dossier_id is not None:
        return session.get_one(Dossier, draft.dossier_id)
    seen = whole(session, draft, at)
    in_the_way = obstacles(seen)
    if in_the_way:
        raise NotReady(in_the_way[0])
    application = _application(session, seen, session.get_one(Account, by.account_id))
    verb = actions.submit if seen.standing.files_online else actions.announce
    dossier = verb(session, application, by=by, at=at)
    _move_papers(session, draft, dossier, at)
    _forget_others(session, draft)
    draft.answers, draft.ways, draft.dossier_id = {}, {}, dossier.id
    return dossier


def _application(session: Session, seen: Whole, account: Account) -> Application:
    chosen, office, case = seen.chosen, seen.office, seen.case
    if chosen is None or office is None or case is None:  # pragma: no cover - obstacles() has said so
        raise Refused
    owner = _owner(seen, account)
    return Application(
        version=seen.draft.procedure_version,
        case=case,
        papers=seen.papers,
        office=office,
        channel=chosen.send,
        delivery=chosen.receive,
        owner=owner,
        submitter_phone=account.phone or owner.phone,
        form=seen.draft.form,
        answers=seen.checked.values,
        sealed=sealed_names(seen.draft),
        inquiries=tuple(inquiries.about(seen.draft.inquiries, seen.numbers.owner_index)),
    )


def _owner(seen: Whole, account: Account) -> Person:
    """Whose dossier it is: as the form says, or else the person of the account."""
    if seen.definition is None or not seen.definition.owner.name:
        return _account_holder(seen, account)
    said, owner = seen.checked.values, seen.definition.owner
    number = seen.numbers.owner
    is_self = owner.himself is None or owner.himself.holds(said)
    return Person(
        name=said[owner.name],
        phone=said.get(owner.phone) or account.phone or "",
        address=address(said, owner.address, seen.known.areas),
        identity_kind=kind_of(number) if number else None,
        identity_number=number,
        account_id=account.id if is_self else None,
    )


def _account_holder(seen: Whole, account: Account) -> Person:
    place = seen.draft.ways.get("pickup") or seen.draft.ways.get("back") or {}
    area = seen.known.areas.get(place.get("area_code", ""), "")
    return Person(
        name=account.full_name,
        phone=account.phone or place.get("phone", ""),
        address=", ".join(part for part in (place.get("line", ""), area) if part),
        identity_kind=account.identity_kind,
        identity_number=seen.numbers.owner,
        account_id=account.id,
    )


def address(said: Mapping[str, Any], name: str, areas: Mapping[str, str]) -> str:
    """An answered address as one line."""
    line, area = said.get(f"{name}_line", ""), areas.get(said.get(f"{name}_area", ""), "")
    return ", ".join(part for part in (line, area) if part)


def _move_papers(session: Session, draft: Draft, dossier: Dossier, at: datetime) -> None:
    """The files of chosen papers become the dossier's; others go with the draft."""
    filed = dossier.papers  # Loaded before any paper is without a home.
    for paper in list(draft.papers):
        draft.papers.remove(paper)
        if paper.item_key in draft.paper_keys:
            filed.append(paper)
            paper.filed_at = at
        else:
            session.delete(paper)


def _forget_others(session: Session, draft: Draft) -> None:
    """What a register said of another number than the owner's goes: it is no part of this dossier."""
    for inquiry in draft.inquiries:
        if inquiry.dossier_id is None:
            session.delete(inquiry)
    session.flush()  # The list is read anew, without those that are gone or the dossier's.
    session.expire(draft, ["inquiries"])


def _touch(draft: Draft, at: datetime, limits: Settings) -> None:
    draft.saved_at, draft.expires_at = at, at + timedelta(days=limits.draft_days)


def _with_everything() -> tuple[sa.orm.interfaces.LoaderOption, ...]:
    version = joinedload(Draft.procedure_version)
    return (
        version.joinedload(ProcedureVersion.procedure),
        version.selectinload(ProcedureVersion.terms),
        version.selectinload(ProcedureVersion.cases).selectinload(Case.papers),
        joinedload(Draft.form),
        selectinload(Draft.papers),
    )
