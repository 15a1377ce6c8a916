"""Alarms, and messages that come from them: a message names its source."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
KINDS = ('late', 'last_day', 'half', 'check_online', 'check_paper', 'forward', 'step_over', 'silent', 'opinion_late',
         'waiting_3', 'waiting_7', 'draft_silence')
STANDING = {"sqlite_where": sa.text("cleared_at IS NULL"), "postgresql_where": sa.text("cleared_at IS NULL")}


def upgrade() -> None:
    op.create_table('alarm',
    sa.Column('id', BIG, nullable=False),
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum(*KINDS, name='alarmkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('concerns_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cleared_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('raised_at > concerns_at', name=op.f('ck_alarm_raised_afterwards')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_alarm_dossier_id_dossier')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_alarm_office_id_office')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alarm')),
    sa.UniqueConstraint('dossier_id', 'kind', 'concerns_at', name=op.f('uq_alarm_dossier_id_kind_concerns_at'))
    )
    op.create_index('ix_alarm_of_office', 'alarm', ['office_id', 'id'], **STANDING)
    op.create_index('ix_alarm_open', 'alarm', ['dossier_id'], **STANDING)

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.String(length=40), nullable=True))
    op.execute("UPDATE message SET source = 'ledger/' || entry_id")
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.alter_column('source', existing_type=sa.String(length=40), nullable=False)
        batch_op.drop_constraint(op.f('uq_message_account_id_entry_id'), type_='unique')
        batch_op.drop_index(batch_op.f('ix_message_entry_id'))
        batch_op.drop_column('entry_id')
        batch_op.create_unique_constraint(op.f('uq_message_account_id_source'), ['account_id', 'source'])
        batch_op.create_index(batch_op.f('ix_message_source'), ['source'], unique=False)


def downgrade() -> None:
    """Messages that came from alarms go: the release before has no place for them."""
    op.execute("DELETE FROM sending WHERE message_id IN (SELECT id FROM message WHERE source LIKE 'alarm/%')")
    op.execute("DELETE FROM message WHERE source LIKE 'alarm/%'")
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('entry_id', BIG, nullable=True))
    op.execute("UPDATE message SET entry_id = CAST(substr(source, 8) AS BIGINT)")
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.alter_column('entry_id', existing_type=BIG, nullable=False)
        batch_op.drop_constraint(op.f('uq_message_account_id_source'), type_='unique')
        batch_op.drop_index(batch_op.f('ix_message_source'))
        batch_op.drop_column('source')
        batch_op.create_unique_constraint(op.f('uq_message_account_id_entry_id'), ['account_id', 'entry_id'])
        batch_op.create_index(batch_op.f('ix_message_entry_id'), ['entry_id'], unique=False)

    op.drop_index('ix_alarm_open', 'alarm', **STANDING)
    op.drop_index('ix_alarm_of_office', 'alarm', **STANDING)
    op.drop_table('alarm')
