"""Forms that were sent after their session had ended."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_form",
        sa.Column("uid", sa.String(length=43), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("path", sa.String(length=2000), nullable=False),
        sa.Column(
            "fields",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_kept_form_account_id_account")),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_account_id"), "kept_form", ["account_id"])
    op.create_index(op.f("ix_kept_form_at"), "kept_form", ["at"])


def downgrade() -> None:
    op.drop_table("kept_form")
