"""Drafts on their way to publication"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ASKS = "asks IN ('nothing', 'reread', 'retest')"


def person(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ['person.id'], name=op.f(f'fk_{table}_{column}_person'))


def document(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ['document_id'], ['document.id'], name=op.f(f'fk_{table}_document_id_document')
    )


def written(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ['free_text.id'], name=op.f(f'fk_{table}_{column}_free_text')
    )


def upgrade() -> None:
    op.create_table(
        'draft_save',
        sa.Column('id', BIG_ID, nullable=False),
        sa.Column('document_id', BIG_ID, nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        sa.Column('saved_by', BIG_ID, nullable=False),
        sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
        document('draft_save'),
        person('saved_by', 'draft_save'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_save')),
        sa.UniqueConstraint(
            'document_id', 'version', name=op.f('uq_draft_save_document_id_version')
        ),
    )
    op.create_table(
        'review',
        sa.Column('id', BIG_ID, nullable=False),
        sa.Column('document_id', BIG_ID, nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('state', sa.String(length=40), nullable=False),
        sa.Column('asked_by', BIG_ID, nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('decided_by', BIG_ID, nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('text_id', BIG_ID, nullable=True),
        sa.CheckConstraint("state IN ('asked', 'approved', 'returned')", name=op.f('ck_review_state')),
        document('review'),
        person('asked_by', 'review'),
        person('decided_by', 'review'),
        written('text_id', 'review'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    )
    op.create_index('ix_review_document', 'review', ['document_id', 'digest'])
    op.create_table(
        'due_publication',
        sa.Column('id', BIG_ID, nullable=False),
        sa.Column('document_id', BIG_ID, nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('base_revision_id', BIG_ID, nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('asks', sa.String(length=40), nullable=False),
        sa.Column('reason_id', BIG_ID, nullable=True),
        sa.Column('asked_by', BIG_ID, nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('state', sa.String(length=40), nullable=False),
        sa.Column('outcome', sa.String(length=40), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'refused', 'cancelled')",
            name=op.f('ck_due_publication_state'),
        ),
        sa.CheckConstraint(ASKS, name=op.f('ck_due_publication_asks')),
        document('due_publication'),
        sa.ForeignKeyConstraint(
            ['base_revision_id'], ['revision.id'],
            name=op.f('fk_due_publication_base_revision_id_revision'),
        ),
        person('asked_by', 'due_publication'),
        written('reason_id', 'due_publication'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_due_publication')),
    )
    op.create_index('ix_due_publication_due', 'due_publication', ['state', 'due_at'])
    op.create_index('ix_due_publication_document', 'due_publication', ['document_id'])
    op.create_table(
        'line_comment',
        sa.Column('id', BIG_ID, nullable=False),
        sa.Column('document_id', BIG_ID, nullable=False),
        sa.Column('line', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('text_id', BIG_ID, nullable=True),
        sa.Column('made_by', BIG_ID, nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('resolved_by', BIG_ID, nullable=True),
        sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('line > 0', name=op.f('ck_line_comment_line')),
        document('line_comment'),
        written('text_id', 'line_comment'),
        person('made_by', 'line_comment'),
        person('resolved_by', 'line_comment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_line_comment')),
    )
    op.create_index('ix_line_comment_document', 'line_comment', ['document_id', 'resolved_at'])
    op.create_table(
        'approval_rule',
        sa.Column('id', BIG_ID, nullable=False),
        sa.Column('needed', sa.Boolean(), nullable=False),
        sa.Column('set_by', BIG_ID, nullable=True),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        person('set_by', 'approval_rule'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_rule')),
    )
    with op.batch_alter_table('draft') as batch:
        batch.add_column(sa.Column('tab', sa.String(length=40), nullable=False, server_default=''))
        batch.add_column(sa.Column('step', sa.Integer(), nullable=False, server_default='0'))
        batch.add_column(sa.Column('editors', JSON, nullable=False, server_default='[]'))
    with op.batch_alter_table('draft') as batch:
        batch.alter_column('tab', server_default=None)
        batch.alter_column('step', server_default=None)
        batch.alter_column('editors', server_default=None)
    with op.batch_alter_table('publication') as batch:
        batch.add_column(
            sa.Column('asks', sa.String(length=40), nullable=False, server_default='nothing')
        )
    with op.batch_alter_table('publication') as batch:
        batch.alter_column('asks', server_default=None)
        batch.create_check_constraint(op.f('ck_publication_asks'), ASKS)


def downgrade() -> None:
    with op.batch_alter_table('publication') as batch:
        batch.drop_constraint(op.f('ck_publication_asks'), type_='check')
        batch.drop_column('asks')
    with op.batch_alter_table('draft') as batch:
        batch.drop_column('editors')
        batch.drop_column('step')
        batch.drop_column('tab')
    op.drop_table('approval_rule')
    op.drop_table('line_comment')
    op.drop_table('due_publication')
    op.drop_table('review')
    op.drop_table('draft_save')
