"""The moves on a dossier's page: each legal one with its form, those not open with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.catalogue.definitions import Question
from portal.dossiers.guards import needs_confirmation
from portal.dossiers.models import Dossier, SupplementItem
from portal.dossiers.states import Move
from portal.dossiers.workflow import Offer
from portal.sites.ward import choices
from portal.sites.ward.answers import questions_of, titles_of
from portal.sites.ward.forms import (
    AcceptForm,
    FinishForm,
    ForwardForm,
    HandOverForm,
    MoveForm,
    OpinionForm,
    ProposeForm,
    RefuseForm,
    SendBackForm,
    SignForm,
)
from portal.sites.ward.shapes import ASIDE, SHAPES, Shape, shape_of
from portal.sites.ward.side_forms import (
    AssignForm,
    ChargeForm,
    CloseForm,
    ConsultForm,
    EndLinkedForm,
    ExtendForm,
    GiveUpForm,
    LinkForm,
    OpineForm,
    PayForm,
    RecallForm,
    ResumeForm,
    SendDraftForm,
    StopForm,
    TakeOverForm,
)
from portal.sites.ward.supplements import Target, answer_form, ask_form, count_form
from portal.web import context
from portal.web.i18n import say

_FORMS: Mapping[Move, type[MoveForm]] = {
    Move.ACCEPT: AcceptForm,
    Move.REFUSE: RefuseForm,
    Move.FORWARD: ForwardForm,
    Move.PROPOSE: ProposeForm,
    Move.SIGN: SignForm,
    Move.SEND_BACK: SendBackForm,
    Move.FINISH: FinishForm,
    Move.HAND_OVER: HandOverForm,
    Move.PREPAY: ChargeForm,
    Move.CHARGE: ChargeForm,
    Move.PAY: PayForm,
    Move.ASSIGN: AssignForm,
    Move.TAKE_OVER: TakeOverForm,
    Move.CONSULT: ConsultForm,
    Move.OPINE: OpineForm,
    Move.LINK: LinkForm,
    Move.SEND_DRAFT: SendDraftForm,
    Move.EXTEND: ExtendForm,
    Move.STOP: StopForm,
    Move.GIVE_UP: GiveUpForm,
    Move.RESUME: ResumeForm,
    Move.CLOSE: CloseForm,
    Move.END_LINKED: EndLinkedForm,
    Move.RECALL: RecallForm,
}


@dataclass(frozen=True)
class MoveView:
    """One move as the page shows it; *shut_because* in place of a form when it is not open."""

    move: Move
    shape: Shape
    form: MoveForm | None = None
    is_likely: bool = False
    is_unfolded: bool = False
    error: str = ""
    shut_because: str = ""


@dataclass(frozen=True)
class Failure:
    """A move that was not made: its form as typed, and the sentence that says why; "" when the form says."""

    move: Move
    form: MoveForm
    sentence: str = ""


def form_class(dossier: Dossier, move: Move) -> type[MoveForm]:
    """The form of *move* on *dossier*: three are built line by line from the dossier itself."""
    if move == Move.ASK_SUPPLEMENT:
        targets = [*paper_targets(dossier), *_question_targets(dossier)]
        return ask_form(targets, needs_ground=context.actor().role == Role.LEADER)
    if move == Move.ANSWER:
        return answer_form(_asked_targets(dossier))
    if move == Move.RECEIVE_PAPERS:
        return count_form([target for target in paper_targets(dossier) if target.sheets])
    if move == Move.PROPOSE and dossier.draft_confirmed_at:
        return OpinionForm
    return _FORMS[move]


def form_of(session: Session, dossier: Dossier, move: Move, **given: Any) -> MoveForm:
    """The form of *move* with its lists filled, as it was sent; fresh where *given* says formdata=None."""
    form = form_class(dossier, move)(**given)
    choices.fill(session, dossier, form)
    return form


def move_views(
    session: Session, dossier: Dossier, offers: Sequence[Offer], happened: int, failed: Failure | None = None
) -> list[MoveView]:
    """The moves of *offers*, the first open one likely; the failed one unfolded with what was typed."""
    shown = sorted((offer for offer in offers if not _is_noise(dossier, offer)), key=_place)
    forward = (offer.move for offer in shown if not offer.shut_because and offer.move not in ASIDE)
    likely = next(forward, None) or _taking_over(shown)
    views = [_view(session, dossier, offer, happened, failed) for offer in shown]
    unfolded = failed.move if failed else likely
    return [replace(view, is_likely=view.move == likely, is_unfolded=view.move == unfolded) for view in views]


def _view(
    session: Session, dossier: Dossier, offer: Offer, happened: int, failed: Failure | None
) -> MoveView:
    shape = shape_of(offer.move, dossier.status)
    if offer.shut_because:
        return MoveView(offer.move, shape, shut_because=say(offer.shut_because))
    again = failed if failed and failed.move == offer.move else None
    form = again.form if again else form_of(session, dossier, offer.move, formdata=None)
    form.show_for(dossier.version, happened)
    return MoveView(offer.move, shape, form, error=again.sentence if again else "")


def _taking_over(shown: Sequence[Offer]) -> Move | None:
    """Where everything else waits for it, taking the dossier over is the likely move."""
    open_ones = {offer.move for offer in shown if not offer.shut_because}
    return Move.TAKE_OVER if Move.TAKE_OVER in open_ones else None


def _is_noise(dossier: Dossier, offer: Offer) -> bool:
    """Shut moves that nobody misses: papers that came, work one has, a draft nobody wants, what is over."""
    if offer.shut_because is None:
        return False
    unwanted = offer.move == Move.SEND_DRAFT and not needs_confirmation(dossier)
    return unwanted or dossier.is_over or offer.move in (Move.RECEIVE_PAPERS, Move.TAKE_OVER)


def _place(offer: Offer) -> tuple[bool, int]:
    """Open moves first, in the order of SHAPES."""
    return offer.shut_because is not None, list(SHAPES).index(offer.move)


def paper_targets(dossier: Dossier) -> list[Target]:
    """The lines of the frozen checklist that somebody may be asked for: none that a register answered for."""
    demanded = (item for item in dossier.checklist if item.found_at is None)
    return [Target(item.name, item_key=item.key, sheets=item.sheets) for item in demanded]


def _question_targets(dossier: Dossier) -> list[Target]:
    return [Target(title, question=name) for name, title in titles_of(dossier).items()]


def _asked_targets(dossier: Dossier) -> list[Target]:
    """What the open request asks; of the last one when somebody has answered it meanwhile."""
    request = dossier.open_supplement or next(reversed(dossier.supplements), None)
    questions = {question.name: question for question in questions_of(dossier)}
    titles = titles_of(dossier)
    return [_asked(item, questions, titles) for item in request.items] if request else []


def _asked(item: SupplementItem, questions: Mapping[str, Question], titles: Mapping[str, str]) -> Target:
    if item.checklist_item:
        return Target(item.checklist_item.name, item_key=item.checklist_item.key, note=item.note)
    name = item.question or ""
    question = questions.get(name)
    if question is None:
        return Target(name, question=name, note=item.note)
    choices = tuple((option.value, say(option.label)) for option in question.options)
    return Target(titles[name], question=name, note=item.note, options=choices)
