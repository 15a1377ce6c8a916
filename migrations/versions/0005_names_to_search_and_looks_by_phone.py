"""Names folded for searching, and looks that came from a search by phone."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

LOOKS = ('page', 'file', 'identity', 'stop')
NAMES = {'account': ('full_name', 'sign_in_name'), 'office': ('name', 'code')}


def upgrade() -> None:
    for table, columns in NAMES.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('searched', sa.Text(), nullable=False, server_default=''))
        _fold_names(table, columns)
    _allow_looks((*LOOKS, 'search'), LOOKS)


def downgrade() -> None:
    op.execute("DELETE FROM access_log WHERE look = 'search'")
    _allow_looks(LOOKS, (*LOOKS, 'search'))
    for table in NAMES:
        op.execute(f'ALTER TABLE {table} DROP COLUMN searched')  # A copied table would lose its checks.


def _fold_names(table: str, columns: tuple[str, ...]) -> None:
    rows = sa.table(table, sa.column('id'), sa.column('searched'), *(sa.column(name) for name in columns))
    connection = op.get_bind()
    for row in connection.execute(sa.select(rows)).mappings().all():
        folded = _fold(' '.join(row[name] for name in columns if row[name]))
        connection.execute(rows.update().where(rows.c.id == row['id']).values(searched=folded))


def _fold(text: str) -> str:
    plain = unicodedata.normalize('NFD', text.casefold().replace('đ', 'd'))
    plain = ''.join(letter for letter in plain if not unicodedata.combining(letter))
    return ' '.join(''.join(sign if sign.isalnum() or sign in '._' else ' ' for sign in plain).split())


def _allow_looks(looks: tuple[str, ...], before: tuple[str, ...]) -> None:
    """Other words in the check of the column, whose name stays."""
    with op.batch_alter_table('access_log', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_access_log_look'), type_='check')
        listed = ', '.join(f"'{look}'" for look in looks)
        batch_op.create_check_constraint(op.f('ck_access_log_look'), f'look IN ({listed})')
