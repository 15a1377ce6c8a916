"""Who scanned a file, which files are in quarantine, and what an account sent today."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('paper', sa.Column('scanned_with', sa.String(length=120), nullable=False, server_default=''))
    op.add_column('paper', sa.Column('quarantined_at', sa.DateTime(timezone=True), nullable=True))
    op.create_table('sent_bytes',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_sent_bytes_account_id_account')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_sent_bytes'))
    )


def downgrade() -> None:
    op.drop_table('sent_bytes')
    op.drop_column('paper', 'quarantined_at')
    op.drop_column('paper', 'scanned_with')
