"""The whole life of a dossier: workflows, pauses, charges, opinions, absences."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

OPEN_BEFORE = "status IN ('submitted', 'accepted', 'in_progress', 'awaiting_supplement')"
OPEN = (
    "status IN ('submitted', 'accepted', 'in_progress', 'awaiting_supplement', 'awaiting_payment', 'stopped')"
)
OPEN_COLUMNS = ["office_id", "status", "due_at", "id"]

DOSSIER_BEFORE = {
    "ck_dossier_in_progress_has_code":
        "code IS NOT NULL OR status IN ('submitted', 'not_accepted', 'awaiting_supplement', 'withdrawn')",
    "ck_dossier_supplement_returns": "(status = 'awaiting_supplement') = (resume_to IS NOT NULL)",
}
DOSSIER = {
    "ck_dossier_in_progress_has_code":
        "code IS NOT NULL OR status IN"
        " ('submitted', 'not_accepted', 'awaiting_supplement', 'awaiting_payment', 'withdrawn')",
    "ck_dossier_waiting_returns":
        "(status IN ('awaiting_supplement', 'awaiting_payment')) = (resume_to IS NOT NULL)",
    "ck_dossier_only_stopped_is_closed": "closed_at IS NULL OR status = 'stopped'",
    "ck_dossier_extended_once_promised": "extended_at IS NULL OR due_at IS NOT NULL",
}
BLOCKER_BEFORE = {"ck_blocker_blockerkind": "kind IN ('papers_on_the_way', 'papers_to_bring', 'unpaid')"}
BLOCKER = {"ck_blocker_blockerkind": "kind IN ('papers_on_the_way', 'papers_to_bring', 'unpaid', 'result_out')"}

UNTIL = {
    "sqlite":
        "UPDATE supplement_request SET answer_until = datetime(asked_at, '+30 days') || '.000000'"
        " WHERE answered_at IS NULL",
    "postgresql":
        "UPDATE supplement_request SET answer_until = asked_at + interval '30 days' WHERE answered_at IS NULL",
}

LINKS = {"parent_id": "dossier", "workflow_id": "workflow_version", "assignee_id": "account"}
MOMENTS = ("step_due_at", "extended_at", "closed_at", "draft_sent_at", "draft_confirmed_at")


def exchange_checks(batch_op, before: dict[str, str], after: dict[str, str]) -> None:
    """Put the checks *after* in the place of *before*."""
    for name in before:
        batch_op.drop_constraint(op.f(name), type_="check")
    for name, text in after.items():
        batch_op.create_check_constraint(op.f(name), sa.text(text))


def index_open_work(condition: str) -> None:
    """Index open work as *condition* says."""
    where = {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
    op.create_index("ix_dossier_open_work", "dossier", OPEN_COLUMNS, **where)


def upgrade() -> None:
    op.create_table('workflow_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=220), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'published', 'replaced', name='workflowstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('steps_data', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workflow_version')),
    sa.UniqueConstraint('scope', 'number', name=op.f('uq_workflow_version_scope_number'))
    )
    with op.batch_alter_table('workflow_version', schema=None) as batch_op:
        batch_op.create_index('uq_workflow_published', ['scope'], unique=True, sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))

    op.create_table('absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('substitute_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint('account_id <> substitute_id', name=op.f('ck_absence_by_another')),
    sa.CheckConstraint('to_on >= from_on', name=op.f('ck_absence_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_absence_account_id_account')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_absence_office_id_office')),
    sa.ForeignKeyConstraint(['substitute_id'], ['account.id'], name=op.f('fk_absence_substitute_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_absence_office_id'), ['office_id'], unique=False)
        batch_op.create_index('ix_absence_substitute', ['substitute_id', 'to_on'], unique=False)

    op.create_table('charge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('amount_dong', sa.BigInteger(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('pay_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('amount_dong > 0', name=op.f('ck_charge_some_money')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['account.id'], name=op.f('fk_charge_asked_by_id_account')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_charge_dossier_id_dossier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_charge'))
    )
    with op.batch_alter_table('charge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_charge_dossier_id'), ['dossier_id'], unique=False)
        batch_op.create_index('uq_charge_open', ['dossier_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('consultation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f('ck_consultation_answered_with_words')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['account.id'], name=op.f('fk_consultation_answered_by_id_account')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['account.id'], name=op.f('fk_consultation_asked_by_id_account')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_consultation_dossier_id_dossier')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_consultation_office_id_office')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consultation'))
    )
    with op.batch_alter_table('consultation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consultation_dossier_id'), ['dossier_id'], unique=False)
        batch_op.create_index('ix_consultation_waiting', ['office_id', 'answered_at'], unique=False)

    op.create_table('pause',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('ground', sa.Enum('supplement', 'payment', 'stop', name='pauseground', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('began_by_id', sa.Integer(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('old_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('new_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('ended_at IS NULL OR ended_at >= began_at', name=op.f('ck_pause_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['began_by_id'], ['account.id'], name=op.f('fk_pause_began_by_id_account')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_pause_dossier_id_dossier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pause'))
    )
    with op.batch_alter_table('pause', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pause_dossier_id'), ['dossier_id'], unique=False)
        batch_op.create_index('uq_pause_open', ['dossier_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.drop_index("ix_dossier_open_work", "dossier")
    with op.batch_alter_table("dossier") as batch_op:
        for name, target in LINKS.items():
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_dossier_{name}_{target}"), target, [name], ["id"])
        for name in MOMENTS:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        exchange_checks(batch_op, DOSSIER_BEFORE, DOSSIER)
    for name in LINKS:
        op.create_index(op.f(f"ix_dossier_{name}"), "dossier", [name])
    index_open_work(OPEN)
    with op.batch_alter_table("blocker") as batch_op:
        exchange_checks(batch_op, BLOCKER_BEFORE, BLOCKER)

    with op.batch_alter_table('supplement_request', schema=None) as batch_op:
        batch_op.add_column(sa.Column('answer_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reminders', sa.Integer(), nullable=False, server_default='0'))
    fill_waiting()


def fill_waiting() -> None:
    """Give what waits already its period of 30 days, and its pause where a promise runs."""
    op.execute(UNTIL[op.get_bind().dialect.name])
    op.execute(
        "INSERT INTO pause (dossier_id, ground, began_at, began_by_id, old_due_at)"
        " SELECT dossier.id, 'supplement', asked_at, asked_by_id, due_at FROM dossier"
        " JOIN supplement_request ON dossier_id = dossier.id AND answered_at IS NULL"
        " WHERE status = 'awaiting_supplement' AND due_at IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table('supplement_request', schema=None) as batch_op:
        batch_op.drop_column('reminders')
        batch_op.drop_column('answer_until')

    with op.batch_alter_table("blocker") as batch_op:
        exchange_checks(batch_op, BLOCKER, BLOCKER_BEFORE)
    op.drop_index("ix_dossier_open_work", "dossier")
    for name in LINKS:
        op.drop_index(op.f(f"ix_dossier_{name}"), "dossier")
    with op.batch_alter_table("dossier") as batch_op:
        exchange_checks(batch_op, DOSSIER, DOSSIER_BEFORE)
        for name, target in LINKS.items():
            batch_op.drop_constraint(op.f(f"fk_dossier_{name}_{target}"), type_="foreignkey")
        for name in (*LINKS, *MOMENTS):
            batch_op.drop_column(name)
    index_open_work(OPEN_BEFORE)

    with op.batch_alter_table('pause', schema=None) as batch_op:
        batch_op.drop_index('uq_pause_open', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_pause_dossier_id'))

    op.drop_table('pause')
    with op.batch_alter_table('consultation', schema=None) as batch_op:
        batch_op.drop_index('ix_consultation_waiting')
        batch_op.drop_index(batch_op.f('ix_consultation_dossier_id'))

    op.drop_table('consultation')
    with op.batch_alter_table('charge', schema=None) as batch_op:
        batch_op.drop_index('uq_charge_open', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_charge_dossier_id'))

    op.drop_table('charge')
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.drop_index('ix_absence_substitute')
        batch_op.drop_index(batch_op.f('ix_absence_office_id'))
        batch_op.drop_index(batch_op.f('ix_absence_account_id'))

    op.drop_table('absence')
    with op.batch_alter_table('workflow_version', schema=None) as batch_op:
        batch_op.drop_index('uq_workflow_published', sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))

    op.drop_table('workflow_version')
