"""National databases that answer in place of a paper: the line that names one, what it was asked, the look."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

LOOKS = ("page", "file", "identity", "stop", "search")


def upgrade() -> None:
    for table in ("required_paper", "checklist_item"):
        op.add_column(table, sa.Column("register", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("checklist_item", sa.Column("found_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "register_inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("dossier_id", sa.Integer(), nullable=True),
        sa.Column("item_key", sa.String(length=40), nullable=False),
        sa.Column("register", sa.String(length=20), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("read_sealed", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(draft_id IS NULL) <> (dossier_id IS NULL)", name=op.f("ck_register_inquiry_one_home")
        ),
        sa.CheckConstraint(
            "(outcome = 'found') = (read_sealed IS NOT NULL)", name=op.f("ck_register_inquiry_read_where_found")
        ),
        sa.CheckConstraint(
            "outcome IN ('found', 'not_found', 'away')", name=op.f("ck_register_inquiry_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_register_inquiry_draft_id_draft")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_register_inquiry_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_register_inquiry_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_register_inquiry_appointment_id_appointment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_inquiry")),
        sa.UniqueConstraint("uid", name=op.f("uq_register_inquiry_uid")),
    )
    for column in ("draft_id", "dossier_id", "account_id", "appointment_id"):
        op.create_index(op.f(f"ix_register_inquiry_{column}"), "register_inquiry", [column])
    _allow_looks((*LOOKS, "register"))


def downgrade() -> None:
    op.execute("DELETE FROM access_log WHERE look = 'register'")
    _allow_looks(LOOKS)
    op.drop_table("register_inquiry")
    op.execute("ALTER TABLE checklist_item DROP COLUMN found_at")
    for table in ("required_paper", "checklist_item"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN register")  # A copied table would lose its checks.


def _allow_looks(looks: tuple[str, ...]) -> None:
    with op.batch_alter_table("access_log") as batch_op:
        batch_op.drop_constraint(op.f("ck_access_log_look"), type_="check")
        listed = ", ".join(f"'{look}'" for look in looks)
        batch_op.create_check_constraint(op.f("ck_access_log_look"), f"look IN ({listed})")
