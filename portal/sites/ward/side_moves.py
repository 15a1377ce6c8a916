"""The moves beside the straight road: money, who works on it, other offices, the draft for the citizen."""

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from portal.accounts.models import Office
from portal.catalogue.models import ProcedureVersion
from portal.dossiers import actions, linking, papers
from portal.dossiers.models import Dossier
from portal.dossiers.states import Move
from portal.ground.errors import Refused
from portal.sites.ward.making import make, most_files
from portal.sites.ward.views import bp
from portal.web import context, formats, uploads
from portal.web.i18n import _


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/thu-phi-truoc")
def prepay(dossier_id: int) -> Response:
    """Ask for money before the dossier is accepted."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        amount, document = form.amount.data, form.document.data
        actions.prepay(session, dossier, amount, document, by=context.actor(), at=context.now())
        return _("Đã yêu cầu nộp %(amount)s trước khi tiếp nhận.", amount=formats.money(amount))

    return make(dossier_id, Move.PREPAY, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/nghia-vu-tai-chinh")
def charge(dossier_id: int) -> Response:
    """Tell of a financial obligation; the clock stands."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        amount, document = form.amount.data, form.document.data
        actions.charge(session, dossier, amount, document, by=context.actor(), at=context.now())
        return _("Đã yêu cầu nộp %(amount)s; đồng hồ dừng cho đến khi nộp đủ.", amount=formats.money(amount))

    return make(dossier_id, Move.CHARGE, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/da-nop-du")
def pay(dossier_id: int) -> Response:
    """Note that the whole amount arrived."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.pay(session, dossier, form.receipt.data, by=context.actor(), at=context.now())
        return _("Đã ghi nhận nộp đủ; hồ sơ đi tiếp.")

    return make(dossier_id, Move.PAY, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/phan-cong")
def assign(dossier_id: int) -> Response:
    """Give the dossier to one of those who appraise."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        by, at, note = context.actor(), context.now(), form.note.data
        actions.assign(session, dossier, form.who.data, by=by, at=at, note=note)
        return _("Đã giao hồ sơ.")

    return make(dossier_id, Move.ASSIGN, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/nhan-viec")
def take_over(dossier_id: int) -> Response:
    """Take the dossier on oneself."""

    def act(session: Session, dossier: Dossier, _form: Any) -> str:
        actions.take_over(session, dossier, by=context.actor(), at=context.now())
        return _("Bạn đã nhận hồ sơ này.")

    return make(dossier_id, Move.TAKE_OVER, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/lay-y-kien")
def consult(dossier_id: int) -> Response:
    """Ask another office for its opinion."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        office = session.get_one(Office, form.office.data)
        question = actions.Question(office, form.question.data, form.days.data)
        actions.consult(session, dossier, question, by=context.actor(), at=context.now())
        return _("Đã gửi câu hỏi đến %(office)s.", office=office.name)

    return make(dossier_id, Move.CONSULT, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/cho-y-kien")
def opine(dossier_id: int) -> Response:
    """Answer the question to one's own office."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.opine(session, dossier, form.opinion.data, by=context.actor(), at=context.now())
        return _("Đã gửi ý kiến.")

    return make(dossier_id, Move.OPINE, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/lien-thong")
def link(dossier_id: int) -> Response:
    """Open a linked dossier at another office."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        version = session.get_one(ProcedureVersion, form.procedure.data)
        office = session.get_one(Office, form.office.data)
        child = linking.application(session, dossier, version, office, context.today())
        opened = actions.link(session, dossier, child, by=context.actor(), at=context.now())
        return _("Đã mở hồ sơ liên thông %(code)s ở %(office)s.", code=opened.shown_code, office=office.name)

    return make(dossier_id, Move.LINK, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/gui-ban-nhap")
def send_draft(dossier_id: int) -> Response:
    """Let the citizen look at the draft of the result."""
    drafted = uploads.take("ban_nhap")

    def act(session: Session, dossier: Dossier, _form: Any) -> str:
        by, at = context.actor(), context.now()
        for refusal in drafted.refusals:
            raise Refused(refusal.message, **refusal.params) from refusal
        for file in drafted.files:
            papers.replace_result(session, dossier, file, by=by, at=at, most=most_files())
        actions.send_draft(session, dossier, by=by, at=at)
        return _("Đã gửi bản nháp cho người dân xem.")

    return make(dossier_id, Move.SEND_DRAFT, act)
