"""The moves on a dossier's page: each legal one with its form, those not open with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portal.catalogue.definitions import Question
from portal.dossiers.models import Dossier, SupplementItem
from portal.dossiers.states import Move
from portal.dossiers.workflow import Offer
from portal.sites.ward.answers import questions_of, titles_of
from portal.sites.ward.forms import (
    AcceptForm,
    FinishForm,
    ForwardForm,
    HandOverForm,
    MoveForm,
    ProposeForm,
    RefuseForm,
    SendBackForm,
    SignForm,
)
from portal.sites.ward.supplements import Target, answer_form, ask_form, count_form
from portal.web.i18n import _l, say


@dataclass(frozen=True)
class Shape:
    """How a move looks: its route, what stands over its form, its button, its icon; tone son for refusing."""

    endpoint: str
    lead: str
    button: str
    icon: str
    tone: str = ""


SHAPES: Mapping[Move, Shape] = {
    Move.RECEIVE_PAPERS: Shape(
        ".receive_papers", _l("Đếm từng giấy đã đến quầy; thời hạn tính từ lúc này."),
        _l("Xác nhận đã nhận giấy"), "inbox",
    ),
    Move.ACCEPT: Shape(
        ".accept", _l("Cấp mã chính thức và ngày hẹn trả."), _l("Tiếp nhận và cấp giấy hẹn"), "check"
    ),
    Move.ANSWER: Shape(
        ".answer", _l("Ghi điều người dân mang đến quầy."), _l("Ghi nhận bổ sung"), "inbox"
    ),
    Move.FORWARD: Shape(
        ".forward", _l("Chuyển trong ngày; nhận sau 15:00 thì chậm nhất đầu giờ hôm sau."),
        _l("Chuyển chuyên viên"), "right",
    ),
    Move.PROPOSE: Shape(".propose", "", _l("Trình lãnh đạo ký"), "pen"),
    Move.SIGN: Shape(".sign", _l("Xem bản dự thảo trước khi ký."), _l("Ký và chuyển văn thư"), "pen"),
    Move.FINISH: Shape(
        ".finish", _l("Vào số xong, thời hạn ngừng tính."), _l("Vào số, báo có kết quả"), "stamp"
    ),
    Move.HAND_OVER: Shape(".hand_over", "", _l("Trao kết quả"), "hand"),
    Move.SEND_BACK: Shape(".send_back", "", _l("Trả lại chuyên viên"), "back"),
    Move.ASK_SUPPLEMENT: Shape(
        ".ask_supplement", _l("Chỉ giấy trong danh mục đã công bố; ghi một lần cho đủ."),
        _l("Gửi phiếu bổ sung (mẫu 02)"), "back",
    ),
    Move.REFUSE: Shape(".refuse", "", _l("Từ chối (mẫu 03)"), "x", "son"),
}  # fmt: skip
"""The moves of the desk in the order of the page: the way forward first, the ways aside after it."""

ASIDE = (Move.SEND_BACK, Move.ASK_SUPPLEMENT, Move.REFUSE)
"""Moves that nobody makes without having looked for a reason; none of them is unfolded beforehand."""

_FORMS: Mapping[Move, type[MoveForm]] = {
    Move.ACCEPT: AcceptForm,
    Move.REFUSE: RefuseForm,
    Move.FORWARD: ForwardForm,
    Move.PROPOSE: ProposeForm,
    Move.SIGN: SignForm,
    Move.SEND_BACK: SendBackForm,
    Move.FINISH: FinishForm,
    Move.HAND_OVER: HandOverForm,
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
        return ask_form([*paper_targets(dossier), *_question_targets(dossier)])
    if move == Move.ANSWER:
        return answer_form(_asked_targets(dossier))
    if move == Move.RECEIVE_PAPERS:
        return count_form([target for target in paper_targets(dossier) if target.sheets])
    return _FORMS[move]


def move_views(
    dossier: Dossier, offers: Sequence[Offer], happened: int, failed: Failure | None = None
) -> list[MoveView]:
    """The moves of *offers*, the first open one likely; the failed one unfolded with what was typed."""
    shown = sorted((offer for offer in offers if not _is_noise(offer)), key=_place)
    forward = (offer.move for offer in shown if not offer.shut_because and offer.move not in ASIDE)
    likely = next(forward, None)
    views = [_view(dossier, offer, happened, failed) for offer in shown]
    unfolded = failed.move if failed else likely
    return [replace(view, is_likely=view.move == likely, is_unfolded=view.move == unfolded) for view in views]


def _view(dossier: Dossier, offer: Offer, happened: int, failed: Failure | None) -> MoveView:
    shape = SHAPES[offer.move]
    if offer.shut_because:
        return MoveView(offer.move, shape, shut_because=say(offer.shut_because))
    again = failed if failed and failed.move == offer.move else None
    form = again.form if again else form_class(dossier, offer.move)(formdata=None)
    form.show_for(dossier.version, happened)
    return MoveView(offer.move, shape, form, error=again.sentence if again else "")


def _is_noise(offer: Offer) -> bool:
    """Papers that lie at the desk already need no sentence about not having to receive them."""
    received = offer.move == Move.RECEIVE_PAPERS and offer.shut_because is not None
    return received or offer.move not in SHAPES


def _place(offer: Offer) -> tuple[bool, int]:
    """Open moves first, in the order of SHAPES."""
    return offer.shut_because is not None, list(SHAPES).index(offer.move)


def paper_targets(dossier: Dossier) -> list[Target]:
    """The lines of the frozen checklist."""
    return [Target(item.name, item_key=item.key, sheets=item.sheets) for item in dossier.checklist]


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
