"""What must hold before a move: each guard returns the sentence of what stands in the way, or None. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.accounts.models import Actor
from portal.dossiers.models import Dossier
from portal.dossiers.states import BlockerKind, Status
from portal.ground.words import N_

ARRIVALS = (BlockerKind.PAPERS_ON_THE_WAY, BlockerKind.PAPERS_TO_BRING)
"""Blockers that the arrival of the papers at the desk clears."""

WARNINGS = 2
"""How often somebody is reminded before the office may stop waiting (practice)."""


@dataclass(frozen=True)
class Attempt:
    """A move somebody would make on a dossier at a moment."""

    dossier: Dossier
    by: Actor
    at: datetime


Guard = Callable[[Attempt], str | None]
"""Returns the message id of what stands in the way, or None."""


def unblocked(attempt: Attempt) -> str | None:
    """Nothing keeps the dossier from being accepted."""
    return next((blocker.kind.label for blocker in attempt.dossier.blockers), None)


def papers_awaited(attempt: Attempt) -> str | None:
    """Papers that travel come in by the hand-over of their envelope, never by word."""
    waits = {blocker.kind for blocker in attempt.dossier.blockers}
    if BlockerKind.PAPERS_ON_THE_WAY in waits:
        return BlockerKind.PAPERS_ON_THE_WAY.label
    return None if BlockerKind.PAPERS_TO_BRING in waits else N_("Giấy tờ đã ở tại quầy.")


def first_time(attempt: Attempt) -> str | None:
    """R11: a second request in appraisal needs a leader and a legal ground."""
    since = attempt.dossier.accepted_at or attempt.at
    asked = [request for request in attempt.dossier.supplements if request.asked_at > since]
    return N_("Đã yêu cầu bổ sung một lần trong khi thẩm tra; lần nữa cần lãnh đạo duyệt.") if asked else None


def has_result(attempt: Attempt) -> str | None:
    """A result lies there, as it stands."""
    return None if attempt.dossier.results else N_("Chưa có bản kết quả.")


def four_eyes(attempt: Attempt) -> str | None:
    """Neither who proposed nor who drafted the result signs it."""
    drafted = {paper.account_id for paper in attempt.dossier.results} | {attempt.dossier.proposed_by_id}
    return N_("Người trình không được tự ký.") if attempt.by.account_id in drafted else None


def waited_enough(attempt: Attempt) -> str | None:
    """A dossier that waits for its owner is refused only after the period, and only at reception.

    One whose parent ended need not be waited for.
    """
    dossier = attempt.dossier
    if dossier.status == Status.SUBMITTED:
        return None
    if dossier.resume_to != Status.SUBMITTED:
        return N_("Hồ sơ đã tiếp nhận thì không từ chối nữa; hết thời gian chờ thì lãnh đạo dừng xử lý.")
    return None if dossier.has_ended_parent else _still_waits(attempt)


def period_over(attempt: Attempt) -> str | None:
    """Waiting is given up only after its period, for a dossier in appraisal, with its owner warned twice."""
    dossier = attempt.dossier
    request, charge = dossier.open_supplement, dossier.open_charge
    reminders = request.reminders if request else charge.reminders if charge else 0
    if dossier.resume_to != Status.IN_PROGRESS:
        return N_("Hồ sơ chưa tiếp nhận: hết thời gian chờ thì quầy từ chối tiếp nhận.")
    warned = None if reminders >= WARNINGS else N_("Cần nhắc người nộp hai lần trước khi dừng.")
    return _still_waits(attempt) or warned


def _still_waits(attempt: Attempt) -> str | None:
    """The period for an answer or a payment is not over."""
    request, charge = attempt.dossier.open_supplement, attempt.dossier.open_charge
    until = request.answer_until if request else charge.pay_until if charge else None
    waits = until is None or attempt.at <= until
    return N_("Người nộp còn trong thời gian chờ.") if waits else None


def in_their_hands(attempt: Attempt) -> str | None:
    """What is given to one person is done by that person, or by who stands in during a dated absence."""
    mine = {None, attempt.by.account_id, *attempt.by.stands_in_for}
    here = attempt.dossier.assignee_id in mine
    return None if here else N_("Hồ sơ đang giao cho người khác: hãy nhận việc.")


def not_in_their_hands(attempt: Attempt) -> str | None:
    """Nobody takes over what they have already."""
    here = attempt.dossier.assignee_id == attempt.by.account_id
    return N_("Hồ sơ đã giao cho bạn.") if here else None


def opinions_in(attempt: Attempt) -> str | None:
    """An asked office has its term; after it the dossier goes on without its opinion."""
    open_ones = (one for one in attempt.dossier.consultations if one.is_open)
    waits = any(attempt.at <= one.due_at for one in open_ones)
    return N_("Còn chờ ý kiến của cơ quan phối hợp.") if waits else None


def draft_confirmed(attempt: Attempt) -> str | None:
    """Where the procedure sends the draft to the citizen, it is confirmed before it is proposed (R37)."""
    dossier = attempt.dossier
    if not needs_confirmation(dossier) or dossier.draft_confirmed_at:
        return None
    return N_("Người dân chưa xác nhận bản nháp.")


def draft_wanted(attempt: Attempt) -> str | None:
    """Only procedures that say so send a draft, and only when none is waiting."""
    dossier = attempt.dossier
    if not needs_confirmation(dossier):
        return N_("Thủ tục này không gửi bản nháp.")
    waits = dossier.draft_sent_at is not None and dossier.draft_confirmed_at is None
    return N_("Bản nháp đang chờ người dân xem.") if waits else None


def draft_waits(attempt: Attempt) -> str | None:
    """A draft was sent and neither confirmed nor objected to."""
    dossier = attempt.dossier
    waits = dossier.draft_sent_at is not None and dossier.draft_confirmed_at is None
    return None if waits else N_("Không có bản nháp nào chờ xác nhận.")


def children_done(attempt: Attempt) -> str | None:
    """Linked dossiers in other offices have their results first."""
    return N_("Hồ sơ liên thông ở cơ quan khác chưa xong.") if attempt.dossier.open_children else None


def before_due(attempt: Attempt) -> str | None:
    """An apology comes before the due moment (R19), while the clock runs."""
    due_at = attempt.dossier.due_at
    late = due_at is None or attempt.at > due_at
    return N_("Chỉ hẹn lại được trước ngày hẹn trả.") if late else None


def never_extended(attempt: Attempt) -> str | None:
    """R20: once."""
    return N_("Đã hẹn lại một lần; không hẹn lại nữa.") if attempt.dossier.extended_at else None


def not_closed(attempt: Attempt) -> str | None:
    """A stopped dossier that was closed is over."""
    return N_("Hồ sơ đã kết thúc.") if attempt.dossier.closed_at else None


def was_accepted(attempt: Attempt) -> str | None:
    """Only work that began is stopped; before that the desk refuses."""
    return None if attempt.dossier.accepted_at else N_("Hồ sơ chưa tiếp nhận thì từ chối, không dừng.")


def result_here(attempt: Attempt) -> str | None:
    """A result that left with the post is not taken back by word."""
    out = any(blocker.kind == BlockerKind.RESULT_OUT for blocker in attempt.dossier.blockers)
    return BlockerKind.RESULT_OUT.label if out else None


def needs_confirmation(dossier: Dossier) -> bool:
    """Whether the procedure sends the draft of its result to the citizen: filed online, and it says so."""
    says_so = bool((dossier.procedure_version.curated or {}).get("confirm_draft"))
    return says_so and dossier.form_definition_id is not None
