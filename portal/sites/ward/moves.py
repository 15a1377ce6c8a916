"""The moves of the desk: one route each, one transaction, checked by the table of moves."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash
from sqlalchemy.orm import Session

from portal.dossiers import actions, papers, queries, supplements
from portal.dossiers.models import Dossier
from portal.dossiers.queries import StalePage
from portal.dossiers.states import Move
from portal.ground.errors import Refused, WrongState
from portal.postal import actions as post
from portal.sites.ward.answers import cleaned
from portal.sites.ward.forms import MoveForm
from portal.sites.ward.offers import Failure, form_class
from portal.sites.ward.page import show
from portal.sites.ward.views import bp, go
from portal.web import context, uploads
from portal.web.i18n import _, say

Act = Callable[[Session, Dossier, Any], str]
"""Makes a move from its valid form and returns the sentence that confirms it."""


class _Invalid(Exception):
    """The form says what is wrong; nothing was changed."""


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/tiep-nhan")
def accept(dossier_id: int) -> Response:
    """Take the dossier in: official code and due date."""

    def act(session: Session, dossier: Dossier, _form: Any) -> str:
        actions.accept(session, dossier, by=context.actor(), at=context.now())
        return _("Đã tiếp nhận hồ sơ %(code)s.", code=dossier.code)

    return _make(dossier_id, Move.ACCEPT, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/nhan-giay")
def receive_papers(dossier_id: int) -> Response:
    """Confirm that the papers lie at the desk, counted."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        said = {"note": form.note.data, "counted": form.counted()}
        actions.receive_papers(session, dossier, by=context.actor(), at=context.now(), **said)
        return _("Đã nhận giấy tại quầy; từ giờ phải kiểm tra hồ sơ.")

    return _make(dossier_id, Move.RECEIVE_PAPERS, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/bo-sung")
def ask_supplement(dossier_id: int) -> Response:
    """Ask for everything that is missing, at once."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        by, at = context.actor(), context.now()
        actions.ask_supplement(session, dossier, form.asked(), by=by, at=at, note=form.note.data)
        return _("Đã gửi phiếu bổ sung; hồ sơ chờ người dân.")

    return _make(dossier_id, Move.ASK_SUPPLEMENT, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/tra-loi")
def answer(dossier_id: int) -> Response:
    """Enter at the desk what the person brought."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        by, at, new = context.actor(), context.now(), cleaned(session, dossier, form.new_answers())
        supplements.give(session, dossier, new, form.declined(), by=by, at=at, brought=form.brought())
        return _("Đã ghi nhận bổ sung.")

    return _make(dossier_id, Move.ANSWER, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/tu-choi")
def refuse(dossier_id: int) -> Response:
    """Refuse to take the dossier in."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.refuse(session, dossier, by=context.actor(), at=context.now(), reason=form.reason.data)
        post.follow_end(session, dossier, by=context.actor(), at=context.now())
        return _("Đã từ chối tiếp nhận; người dân đọc được lý do.")

    return _make(dossier_id, Move.REFUSE, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/chuyen")
def forward(dossier_id: int) -> Response:
    """Pass the dossier on to the specialists."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.forward(session, dossier, by=context.actor(), at=context.now(), note=form.note.data)
        return _("Đã chuyển chuyên viên thẩm tra.")

    return _make(dossier_id, Move.FORWARD, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/trinh-ky")
def propose(dossier_id: int) -> Response:
    """Propose the drafted result for signing."""
    drafted = uploads.take("ket_qua")

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        by, at = context.actor(), context.now()
        for refusal in drafted.refusals:  # Whatever it was, the page comes back with what was typed.
            raise Refused(refusal.message, **refusal.params) from refusal
        for file in drafted.files:
            papers.attach_result(session, dossier, file, by=by, at=at, most=_most_files())
        actions.propose(session, dossier, by=by, at=at, opinion=form.opinion.data)
        return _("Đã trình lãnh đạo ký.")

    return _make(dossier_id, Move.PROPOSE, act)


def _most_files() -> int:
    return context.settings().dossier_max_files


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/ky")
def sign(dossier_id: int) -> Response:
    """Sign the proposed result."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.sign(session, dossier, by=context.actor(), at=context.now(), note=form.note.data)
        return _("Đã ký; văn thư vào số.")

    return _make(dossier_id, Move.SIGN, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/tra-lai")
def send_back(dossier_id: int) -> Response:
    """Return the draft to the specialist."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.send_back(session, dossier, by=context.actor(), at=context.now(), reason=form.reason.data)
        return _("Đã trả lại chuyên viên.")

    return _make(dossier_id, Move.SEND_BACK, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/phat-hanh")
def finish(dossier_id: int) -> Response:
    """Number and issue the signed result."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.finish(session, dossier, by=context.actor(), at=context.now(), number=form.number.data)
        return _("Đã vào số; hồ sơ chờ trả kết quả.")

    return _make(dossier_id, Move.FINISH, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/tra-ket-qua")
def hand_over(dossier_id: int) -> Response:
    """Give the result to the person at the desk."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.hand_over(session, dossier, form.said(), by=context.actor(), at=context.now())
        post.follow_end(session, dossier, by=context.actor(), at=context.now())
        return _("Đã trao kết quả cho %(name)s.", name=form.receiver.data)

    return _make(dossier_id, Move.HAND_OVER, act)


def _make(dossier_id: int, move: Move, act: Act) -> Response:
    """Make *move* in one transaction; show the page again with what was typed when it cannot be made."""
    form: Any = None
    try:
        with context.transaction() as session:
            dossier = queries.get(session, dossier_id, context.actor())
            form = form_class(dossier, move)()
            said = _checked(act, session, dossier, form)
            answered = context.answer(go(".dossier", dossier_id=dossier_id))
    except _Invalid:
        return show(dossier_id, failed=Failure(move, form))
    except WrongState as moved_on:
        sentence = say(moved_on.message, **moved_on.params)
        return show(dossier_id, failed=Failure(move, form or MoveForm(), sentence), is_conflict=True)
    except Refused as refused:
        return show(dossier_id, failed=Failure(move, form, say(refused.message, **refused.params)))
    flash(said)
    return answered


def _checked(act: Act, session: Session, dossier: Dossier, form: Any) -> str:
    if form.seen_version != dossier.version:
        raise StalePage
    if not form.validate():
        raise _Invalid
    return act(session, dossier, form)
