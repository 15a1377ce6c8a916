"""The moves of the straight road: one route each, one transaction, checked by the table of moves."""

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from portal.dossiers import actions, papers, supplements
from portal.dossiers.models import Dossier
from portal.dossiers.states import Move
from portal.ground.errors import Refused
from portal.ground.words import N_
from portal.postal import actions as post
from portal.sites.ward.answers import cleaned
from portal.sites.ward.making import make, most_files
from portal.sites.ward.views import bp
from portal.web import context, uploads
from portal.web.i18n import _


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/tiep-nhan")
def accept(dossier_id: int) -> Response:
    """Take the dossier in: official code and due date."""

    def act(session: Session, dossier: Dossier, _form: Any) -> str:
        actions.accept(session, dossier, by=context.actor(), at=context.now())
        return _("Đã tiếp nhận hồ sơ %(code)s.", code=dossier.code)

    return make(dossier_id, Move.ACCEPT, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/nhan-giay")
def receive_papers(dossier_id: int) -> Response:
    """Confirm that the papers lie at the desk, counted."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        said = {"note": form.note.data, "counted": form.counted()}
        actions.receive_papers(session, dossier, by=context.actor(), at=context.now(), **said)
        return _("Đã nhận giấy tại quầy; từ giờ phải kiểm tra hồ sơ.")

    return make(dossier_id, Move.RECEIVE_PAPERS, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/bo-sung")
def ask_supplement(dossier_id: int) -> Response:
    """Ask for everything that is missing, at once."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        by, at = context.actor(), context.now()
        actions.ask_supplement(session, dossier, form.asked(), by=by, at=at, note=form.note.data)
        return _("Đã gửi phiếu bổ sung; hồ sơ chờ người dân.")

    return make(dossier_id, Move.ASK_SUPPLEMENT, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/tra-loi")
def answer(dossier_id: int) -> Response:
    """Enter at the desk what the person brought."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        by, at, new = context.actor(), context.now(), cleaned(session, dossier, form.new_answers())
        supplements.give(session, dossier, new, form.declined(), by=by, at=at, brought=form.brought())
        return _("Đã ghi nhận bổ sung.")

    return make(dossier_id, Move.ANSWER, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/tu-choi")
def refuse(dossier_id: int) -> Response:
    """Refuse to take the dossier in."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.refuse(session, dossier, by=context.actor(), at=context.now(), reason=form.reason.data)
        post.follow_end(session, dossier, by=context.actor(), at=context.now())
        return _("Đã từ chối tiếp nhận; người dân đọc được lý do.")

    return make(dossier_id, Move.REFUSE, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/chuyen")
def forward(dossier_id: int) -> Response:
    """Pass the dossier on to the specialists."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.forward(session, dossier, by=context.actor(), at=context.now(), note=form.note.data)
        return _("Đã chuyển chuyên viên thẩm tra.")

    return make(dossier_id, Move.FORWARD, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/trinh-ky")
def propose(dossier_id: int) -> Response:
    """Propose the drafted result for signing."""
    drafted = uploads.take("ket_qua")

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        by, at = context.actor(), context.now()
        for refusal in drafted.refusals:  # Whatever it was, the page comes back with what was typed.
            raise Refused(refusal.message, **refusal.params) from refusal
        if dossier.draft_confirmed_at and drafted.files:
            raise Refused(N_("Người dân đã xác nhận bản nháp; muốn đổi thì gửi bản nháp khác."))
        for file in drafted.files:
            papers.attach_result(session, dossier, file, by=by, at=at, most=most_files())
        actions.propose(session, dossier, by=by, at=at, opinion=form.opinion.data)
        return _("Đã trình lãnh đạo ký.")

    return make(dossier_id, Move.PROPOSE, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/ky")
def sign(dossier_id: int) -> Response:
    """Sign the proposed result."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.sign(session, dossier, by=context.actor(), at=context.now(), note=form.note.data)
        return _("Đã ký; văn thư vào số.")

    return make(dossier_id, Move.SIGN, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/tra-lai")
def send_back(dossier_id: int) -> Response:
    """Return the draft to the specialist."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.send_back(session, dossier, by=context.actor(), at=context.now(), reason=form.reason.data)
        return _("Đã trả lại chuyên viên.")

    return make(dossier_id, Move.SEND_BACK, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/phat-hanh")
def finish(dossier_id: int) -> Response:
    """Number and issue the signed result."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.finish(session, dossier, by=context.actor(), at=context.now(), number=form.number.data)
        return _("Đã vào số; hồ sơ chờ trả kết quả.")

    return make(dossier_id, Move.FINISH, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/tra-ket-qua")
def hand_over(dossier_id: int) -> Response:
    """Give the result to the person at the desk."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.hand_over(session, dossier, form.said(), by=context.actor(), at=context.now())
        post.follow_end(session, dossier, by=context.actor(), at=context.now())
        return _("Đã trao kết quả cho %(name)s.", name=form.receiver.data)

    return make(dossier_id, Move.HAND_OVER, act)
