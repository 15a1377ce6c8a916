"""What is decided about promises when the calendar changes, and each promise that is to be moved."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
OUTCOMES = ('waiting', 'moved', 'left')
WAITING = {"sqlite_where": sa.text("outcome = 'waiting'"), "postgresql_where": sa.text("outcome = 'waiting'")}


def upgrade() -> None:
    op.create_table('calendar_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', BIG, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ground', sa.Text(), nullable=False),
    sa.Column('kept', sa.Integer(), nullable=False),
    sa.Column('moving', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_decision')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_calendar_decision_entry_id'))
    )
    op.create_table('postponed_promise',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('old_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('new_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.Enum(*OUTCOMES, name='outcome', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('new_due_at > old_due_at', name=op.f('ck_postponed_promise_only_later')),
    sa.CheckConstraint("(outcome = 'waiting') = (settled_at IS NULL)", name=op.f('ck_postponed_promise_settled_with_its_moment')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_postponed_promise_dossier_id_dossier')),
    sa.ForeignKeyConstraint(['decision_id'], ['calendar_decision.id'], name=op.f('fk_postponed_promise_decision_id_calendar_decision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_postponed_promise')),
    sa.UniqueConstraint('decision_id', 'dossier_id', name=op.f('uq_postponed_promise_decision_id_dossier_id'))
    )
    op.create_index('ix_postponed_promise_waiting', 'postponed_promise', ['decision_id', 'dossier_id'], **WAITING)
    op.create_index(op.f('ix_postponed_promise_dossier_id'), 'postponed_promise', ['dossier_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_postponed_promise_dossier_id'), 'postponed_promise')
    op.drop_index('ix_postponed_promise_waiting', 'postponed_promise', **WAITING)
    op.drop_table('postponed_promise')
    op.drop_table('calendar_decision')
