"""How dossiers end: questions to other offices that end with them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0013"
branch_labels = None
depends_on = None

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


def upgrade() -> None:
    with op.batch_alter_table("consultation") as batch_op:
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_consultation_answered_or_ended"), "answered_at IS NULL OR ended_at IS NULL"
        )
    op.execute(END_QUESTIONS)


def downgrade() -> None:
    with op.batch_alter_table("consultation") as batch_op:
        batch_op.drop_constraint(op.f("ck_consultation_answered_or_ended"), type_="check")
        batch_op.drop_column("ended_at")
