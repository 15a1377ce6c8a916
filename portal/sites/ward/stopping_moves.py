"""A leader's moves about the clock and the end: a new day, stop, go on, close, take the result back."""

from datetime import date
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from portal.accounts.models import Office
from portal.dossiers import actions
from portal.dossiers.models import Dossier
from portal.dossiers.states import Move
from portal.postal import actions as post
from portal.sites.ward.making import make
from portal.sites.ward.views import bp
from portal.web import context, formats
from portal.web.i18n import _


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/hen-lai")
def extend(dossier_id: int) -> Response:
    """Apologise and appoint a new day."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        by, at, new_on = context.actor(), context.now(), date.fromisoformat(form.new_on.data)
        fault = session.get(Office, form.at_fault.data) if form.at_fault else None
        actions.extend(session, dossier, new_on, by=by, at=at, reason=form.reason.data, at_fault=fault)
        return _("Đã xin lỗi và hẹn lại ngày %(day)s.", day=formats.day(new_on))

    return make(dossier_id, Move.EXTEND, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/dung")
def stop(dossier_id: int) -> Response:
    """Stop working on the dossier; the clock stands."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.stop(session, dossier, by=context.actor(), at=context.now(), reason=form.reason.data)
        return _("Đã dừng xử lý; đồng hồ dừng, người dân đọc được lý do.")

    return make(dossier_id, Move.STOP, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/thoi-cho")
def give_up(dossier_id: int) -> Response:
    """Stop waiting for what did not come."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.give_up(session, dossier, by=context.actor(), at=context.now(), reason=form.reason.data)
        return _("Đã dừng vì chờ quá thời gian.")

    return make(dossier_id, Move.GIVE_UP, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/thu-hoi")
def recall(dossier_id: int) -> Response:
    """Take the issued result back to make it again."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.recall(session, dossier, by=context.actor(), at=context.now(), reason=form.reason.data)
        return _("Đã thu hồi kết quả; hồ sơ về thẩm tra.")

    return make(dossier_id, Move.RECALL, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/xu-ly-tiep")
def resume(dossier_id: int) -> Response:
    """Go on with a stopped dossier."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.resume(session, dossier, by=context.actor(), at=context.now(), note=form.note.data)
        return _("Hồ sơ được xử lý tiếp; thời hạn còn lại tính tiếp.")

    return make(dossier_id, Move.RESUME, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/ket-thuc")
def close(dossier_id: int) -> Response:
    """End a stopped dossier for good."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.close(session, dossier, by=context.actor(), at=context.now(), reason=form.reason.data)
        post.follow_end(session, dossier, by=context.actor(), at=context.now())
        return _("Đã kết thúc hồ sơ.")

    return make(dossier_id, Move.CLOSE, act)


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/ket-thuc-lien-thong")
def end_linked(dossier_id: int) -> Response:
    """End a linked dossier whose parent has ended."""

    def act(session: Session, dossier: Dossier, form: Any) -> str:
        actions.end_linked(session, dossier, by=context.actor(), at=context.now(), reason=form.reason.data)
        post.follow_end(session, dossier, by=context.actor(), at=context.now())
        return _("Đã kết thúc hồ sơ.")

    return make(dossier_id, Move.END_LINKED, act)
