"""Indexes of the engine, and the form of a norm group"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

HELD = sa.text('held IS NOT NULL')


def upgrade() -> None:
    op.create_index('ix_attempt_form', 'attempt', ['form_key'])
    op.create_index(op.f('ix_attempt_item_revision_id'), 'attempt_item', ['revision_id'])
    op.create_index('ix_answer_held', 'answer', ['held'], sqlite_where=HELD, postgresql_where=HELD)
    with op.batch_alter_table('norm_group') as table:
        table.add_column(sa.Column('form_key', sa.String(length=120), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('norm_group') as table:
        table.drop_column('form_key')
    op.drop_index('ix_answer_held', 'answer')
    op.drop_index(op.f('ix_attempt_item_revision_id'), 'attempt_item')
    op.drop_index('ix_attempt_form', 'attempt')
