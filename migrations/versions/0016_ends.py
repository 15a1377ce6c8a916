"""How dossiers end: questions to other offices that end with them, linked ones whose parent ended."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    "late", "last_day", "half", "check_online", "check_paper", "forward", "step_over", "silent", "opinion_late",
    "waiting_3", "waiting_7", "draft_silence",
)
KINDS = (*KINDS_BEFORE, "parent_ended")

END_QUESTIONS = """
UPDATE consultation SET ended_at = (
    SELECT COALESCE(finished_at, closed_at, (
        SELECT MAX(at) FROM ledger_entry WHERE kind = 'dossier' AND aggregate = CAST(dossier.id AS VARCHAR)
    )) FROM dossier WHERE dossier.id = consultation.dossier_id
) WHERE answered_at IS NULL AND dossier_id IN (
    SELECT id FROM dossier
    WHERE status IN ('not_accepted', 'withdrawn', 'finished', 'returned') OR closed_at IS NOT NULL
)
"""
"""Questions that were left open by dossiers that are over: they ended with them."""


def allow(kinds: tuple[str, ...]) -> None:
    """Let alarms be of these kinds and no other."""
    words = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("alarm") as batch_op:
        batch_op.drop_constraint(op.f("ck_alarm_alarmkind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_alarm_alarmkind"), sa.text(f"kind IN ({words})"))


def upgrade() -> None:
    with op.batch_alter_table("consultation") as batch_op:
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_consultation_answered_or_ended"), "answered_at IS NULL OR ended_at IS NULL"
        )
    op.execute(END_QUESTIONS)
    allow(KINDS)


def downgrade() -> None:
    """Alarms of the new kind go, with the messages that tell of them."""
    op.execute("DELETE FROM sending WHERE message_id IN"
               " (SELECT id FROM message WHERE topic = 'alarm/parent_ended')")
    op.execute("DELETE FROM message WHERE topic = 'alarm/parent_ended'")
    op.execute("DELETE FROM alarm WHERE kind = 'parent_ended'")
    allow(KINDS_BEFORE)
    with op.batch_alter_table("consultation") as batch_op:
        batch_op.drop_constraint(op.f("ck_consultation_answered_or_ended"), type_="check")
        batch_op.drop_column("ended_at")
