"""The steps that people and desks make: filing, receiving, deciding, returning; each by the real action."""

from datetime import datetime, timedelta

from portal.accounts.models import IdentityKind, Role
from portal.catalogue.definitions import CASE
from portal.catalogue.models import Channel, Competence
from portal.dossiers import actions, drafts, papers, supplements
from portal.dossiers.actions import Application, Asked, Person
from portal.dossiers.guards import needs_confirmation
from portal.dossiers.models import Dossier, Draft
from portal.dossiers.papers import StoredFile
from portal.dossiers.queries import note_look
from portal.dossiers.states import Delivery, Fault
from portal.dossiers.ways import Chosen, must_upload
from portal.ground.working_time import day_of
from portal.payments.actions import Cash, record_cash
from portal.payments.tariff import fees_due
from portal.postal import actions as postal
from portal.postal.models import Place
from portal.postal.states import Direction
from portal.seed.walks.answers import Writer
from portal.seed.walks.detour_steps import send_draft
from portal.seed.walks.stage import Stage, Walk

FAULTS = (Fault.BLURRED, Fault.MISSING_PAGE, Fault.EXPIRED)
"""What a desk finds wrong with a paper; names.toml has the words for each."""


def begin(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Start a draft and leave it after the first page."""
    _draft(stage, walk, at, most_pages=1)


def file(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Fill in a draft from its first page to its last, file it, and ask the post for what it shall do."""
    draft = _draft(stage, walk, at - timedelta(minutes=9))
    if walk.story.channel == Channel.ONLINE:
        for paper in must_upload(walk.dish.papers):
            _attach(stage, walk, draft, paper.key, at - timedelta(minutes=3))
    pickup, back = _places(stage, walk)
    chosen = Chosen(walk.story.channel, walk.story.delivery, vars(pickup), vars(back))
    drafts.choose_ways(draft, chosen, at=at, limits=stage.limits)
    stage.session.flush()  # Filing reads the draft as the database has it.
    walk.begun = drafts.file(stage.session, draft, by=walk.citizen, at=at)
    if walk.story.channel == Channel.POST:
        order = postal.order_pickup(stage.session, walk.begun, pickup, by=walk.citizen, at=at)
        walk.orders[Direction.PICKUP] = order
    if walk.story.delivery == Delivery.POST:
        order = postal.order_return(stage.session, walk.begun, back, by=walk.citizen, at=at)
        walk.orders[Direction.RETURN] = order


def intake(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Take papers in at a counter, with the fees that are due there."""
    by, person, session = walk.front.receptionist, walk.person, stage.session
    owner = Person(
        person.name, person.phone, f"{person.line}, {walk.desk.office.name.removeprefix('UBND ')}",
        IdentityKind.CITIZEN_NUMBER, person.number,
    )  # fmt: skip
    application = Application(
        version=walk.dish.version,
        case=walk.dish.case,
        papers=walk.dish.papers,
        office=walk.desk.office,
        channel=Channel.DESK,
        delivery=walk.story.delivery,
        owner=owner,
        submitter_phone=person.phone,
        received_by=walk.front.office,
        counted={p.key: p.originals + p.copies + p.certified_copies for p in must_upload(walk.dish.papers)},
    )
    walk.begun = actions.intake(session, application, by=by, at=at)
    if walk.story.delivery == Delivery.POST:
        _, back = _places(stage, walk)
        walk.orders[Direction.RETURN] = postal.order_return(session, walk.begun, back, by=by, at=at)
    for rule in fees_due(session, walk.dish.version.procedure.code, Channel.DESK, day_of(at)):
        cash = Cash(rule.kind, rule.amount_dong, person.name, rule.name)
        record_cash(session, walk.begun, cash, by=by, at=at)


def bring(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Bring the papers to the counter, where every line is counted."""
    counted = {item.key: item.sheets for item in walk.dossier.checklist if item.sheets}
    by = walk.front.receptionist
    actions.receive_papers(stage.session, walk.dossier, by=by, at=at, counted=counted)


def accept(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Look at the dossier and take it in."""
    by = walk.front.receptionist
    note_look(stage.session, walk.dossier, by, at=at - timedelta(minutes=4))
    actions.accept(stage.session, walk.dossier, by=by, at=at)


def refuse(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Refuse it with a reason."""
    by, reason = walk.front.receptionist, stage.names.line("refuse")
    note_look(stage.session, walk.dossier, by, at=at - timedelta(minutes=4))
    actions.refuse(stage.session, walk.dossier, by=by, at=at, reason=reason)
    postal.follow_end(stage.session, walk.dossier, by=by, at=at)


def ask(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Ask at reception for one paper again."""
    by, fault = walk.front.receptionist, stage.chance.choice(FAULTS)
    note_look(stage.session, walk.dossier, by, at=at - timedelta(minutes=5))
    asked = [_asked(stage, walk.dossier, fault, stage.names.line(fault))]
    actions.ask_supplement(stage.session, walk.dossier, asked, by=by, at=at)


def ask_appraisal(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Ask in appraisal for one paper more."""
    by = walk.by(Role.SPECIALIST)
    note_look(stage.session, walk.dossier, by, at=at - timedelta(minutes=6))
    asked = [_asked(stage, walk.dossier, Fault.MISSING, stage.names.line("ask_appraisal"))]
    actions.ask_supplement(stage.session, walk.dossier, asked, by=by, at=at)


def answer(stage: Stage, walk: Walk, at: datetime, how: str) -> None:
    """Give what was asked for, or say why not; on the portal, or at the counter without an account."""
    session, dossier = stage.session, walk.dossier
    keys = [supplements.key_of(item) for item in supplements.open_request(dossier).items]
    if walk.person.account is None:
        by, brought = walk.front.receptionist, frozenset(keys)
        supplements.give(session, dossier, {}, {}, by=by, at=at, brought=brought)
        return
    declined = dict.fromkeys(keys, stage.names.line("decline")) if how == "decline" else {}
    for key in keys if not declined else ():
        _attach(stage, walk, dossier, key, at)
    supplements.give(session, dossier, {}, declined, by=walk.citizen, at=at)


def forward(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Pass it on to the specialist."""
    actions.forward(stage.session, walk.dossier, by=walk.front.receptionist, at=at)


def propose(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Appraise, draft the result, propose it; where its citizen looks at the draft first, send that."""
    by, dossier, most = walk.by(Role.SPECIALIST), walk.dossier, stage.limits.dossier_max_files
    note_look(stage.session, dossier, by, at=at - timedelta(minutes=5))
    if needs_confirmation(dossier) and dossier.draft_confirmed_at is None:
        walk.steps[:0] = ["confirm_draft", "propose:soon"]
        send_draft(stage, walk, at, "")
        return
    if not dossier.results:
        papers.attach_result(stage.session, dossier, stage.sheets.result, by=by, at=at, most=most)
    actions.propose(stage.session, dossier, by=by, at=at, opinion=stage.names.line("opinion"))


def send_back(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Return the draft to the specialist."""
    by, reason = walk.by(Role.LEADER), stage.names.line("send_back")
    actions.send_back(stage.session, walk.dossier, by=by, at=at, reason=reason)


def sign(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Sign the result."""
    note_look(stage.session, walk.dossier, walk.by(Role.LEADER), at=at - timedelta(minutes=2))
    actions.sign(stage.session, walk.dossier, by=walk.by(Role.LEADER), at=at)


def finish(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Number the result and issue it."""
    number, by = f"{next(stage.numbers)}/UBND", walk.by(Role.RECORDS_CLERK)
    actions.finish(stage.session, walk.dossier, by=by, at=at, number=number)


def hand_over(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Give the result at the counter to its owner, whose card was looked at."""
    by, dossier = walk.front.receptionist, walk.dossier
    said = {"receiver": dossier.owner_name, "relation": "owner", "identity_seen": "yes"}
    actions.hand_over(stage.session, dossier, said, by=by, at=at)
    postal.follow_end(stage.session, dossier, by=by, at=at)


def download(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Download the result."""
    actions.hand_over(stage.session, walk.dossier, {}, by=walk.citizen, at=at)


def withdraw(stage: Stage, walk: Walk, at: datetime, _how: str) -> None:
    """Take the dossier back, with a word."""
    by, reason = walk.citizen, stage.names.line("withdraw")
    actions.withdraw(stage.session, walk.dossier, by=by, at=at, reason=reason)
    postal.follow_end(stage.session, walk.dossier, by=by, at=at)


def _draft(stage: Stage, walk: Walk, at: datetime, most_pages: int | None = None) -> Draft:
    """A draft of the walk's procedure with its pages filled in."""
    session, dish, limits = stage.session, walk.dish, stage.limits
    draft = drafts.begin(session, dish.version, by=walk.citizen, at=at, limits=limits)
    drafts.choose_case_and_papers(draft, dish.case.key, frozenset(), at=at, limits=limits)
    if dish.version.competence == Competence.ANY or dish.definition is None:
        drafts.choose_office(draft, walk.desk.office)
    session.flush()  # Its pages are read with everything it refers to.
    if dish.definition is not None:
        answers = _writer(stage, walk, at).fill(dish.definition)
        for page in dish.definition.open_pages({CASE: dish.case.key} | answers)[:most_pages]:
            asked = {q.name: answers[q.name] for q in page.questions if q.name in answers}
            drafts.save_page(session, draft, page, asked, done=True, at=at, limits=limits)
    return draft


def _writer(stage: Stage, walk: Walk, at: datetime) -> Writer:
    dish = walk.dish
    return Writer(stage.names, walk.person, dish.case.key, dish.version.name, day_of(at))


def _attach(stage: Stage, walk: Walk, home: Draft | Dossier, key: str, at: datetime) -> None:
    """Add a file to a line of the list, another one than lies there."""
    there = {paper.blob for paper in papers.of_item(home, key)}
    fresh: list[StoredFile] = [file for file in stage.sheets.photos if file.blob not in there]
    chosen, most = stage.chance.choice(fresh), stage.limits.dossier_max_files
    papers.attach(stage.session, home, chosen, key, by=walk.citizen, at=at, most=most)


def _places(stage: Stage, walk: Walk) -> tuple[Place, Place]:
    """Where the carrier comes to collect, and where to deliver."""
    names, person = stage.names, walk.person
    pickup, back = (
        Place(person.name, person.phone, person.area_code, person.line, names.window(), names.note())
        for _ in range(2)
    )
    return pickup, back


def _asked(stage: Stage, dossier: Dossier, fault: Fault, note: str) -> Asked:
    """One line of the checklist, a paper that is handed in where there is one."""
    handed_in = [item for item in dossier.checklist if item.sheets] or dossier.checklist
    return Asked(fault, note, item_key=stage.chance.choice(handed_in).key)
