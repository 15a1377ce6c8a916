"""Special days are ended instead of deleted, and changed by one person at a time."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('calendar_day') as batch_op:
        batch_op.add_column(sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), server_default='1', nullable=False))


def downgrade() -> None:
    # A release that knows no ended days would count them.
    op.execute("DELETE FROM calendar_day WHERE ended_at IS NOT NULL")
    with op.batch_alter_table('calendar_day') as batch_op:
        batch_op.drop_column('version')
        batch_op.drop_column('ended_at')
