"""The daily roots of the ledger, the heads and places of its chains, and the salts of entries' words.

Taken back, the salts are lost, and what was written meanwhile no longer verifies.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_chain",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("aggregate", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_chain")),
        sa.UniqueConstraint("kind", "aggregate", name=op.f("uq_ledger_chain_kind_aggregate")),
    )
    op.create_table(
        "ledger_root",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("chains", sa.Integer(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ledger_root")),
    )
    op.create_table(
        "ledger_head",
        sa.Column("chain_number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["chain_number"], ["ledger_chain.number"], name=op.f("fk_ledger_head_chain_number_ledger_chain")
        ),
        sa.ForeignKeyConstraint(["day"], ["ledger_root.day"], name=op.f("fk_ledger_head_day_ledger_root")),
        sa.PrimaryKeyConstraint("chain_number", "day", name=op.f("pk_ledger_head")),
    )
    op.create_index(op.f("ix_ledger_head_day"), "ledger_head", ["day"])
    op.add_column("ledger_entry", sa.Column("salt", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("ledger_entry") as batch_op:
        batch_op.drop_column("salt")
    op.drop_table("ledger_head")
    op.drop_table("ledger_root")
    op.drop_table("ledger_chain")
