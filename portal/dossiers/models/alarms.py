"""Noun: an alarm, something about a dossier that should have happened by a moment and had not."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.dossiers.models.dossiers import Dossier
from portal.ground.db import Base, BigId
from portal.ground.words import N_, Labelled


class AlarmKind(Labelled):
    """What an alarm is about; the label is the tag that officials see (DOMAIN 2.2, R8, R9, R15, R19, R37)."""

    LATE = "late", N_("quá hạn")
    LAST_DAY = "last_day", N_("còn một ngày")
    HALF = "half", N_("sắp đến hạn")
    CHECK_ONLINE = "check_online", N_("quá giờ kiểm tra")
    CHECK_PAPER = "check_paper", N_("quá ngày kiểm tra")
    FORWARD = "forward", N_("chưa chuyển")
    STEP_OVER = "step_over", N_("quá giờ của bước")
    SILENT = "silent", N_("im lặng")
    OPINION_LATE = "opinion_late", N_("chờ ý kiến quá hạn")
    WAITING_3 = "waiting_3", N_("đã nhắc sau 3 ngày")
    WAITING_7 = "waiting_7", N_("đã nhắc sau 7 ngày")
    DRAFT_SILENCE = "draft_silence", N_("bản nháp đã tự xác nhận")
    PARENT_ENDED = "parent_ended", N_("hồ sơ chính đã kết thúc")


class Alarm(Base):
    """One alarm, once for each moment it is about; *cleared_at* while what it says no longer holds.

    concerns_at: the moment by which it should have happened; raised_at: when a sweep noticed.
    office_id: the office that decides, which a dossier never changes.
    """

    __tablename__ = "alarm"
    __table_args__ = (
        sa.UniqueConstraint("dossier_id", "kind", "concerns_at"),
        sa.CheckConstraint("raised_at > concerns_at", name="raised_afterwards"),
        sa.Index(
            "ix_alarm_of_office", "office_id", "id",
            sqlite_where=sa.text("cleared_at IS NULL"), postgresql_where=sa.text("cleared_at IS NULL"),
        ),
        sa.Index(
            "ix_alarm_open", "dossier_id",
            sqlite_where=sa.text("cleared_at IS NULL"), postgresql_where=sa.text("cleared_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"))
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    kind: Mapped[AlarmKind]
    concerns_at: Mapped[datetime]
    raised_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]

    dossier: Mapped[Dossier] = relationship()
