"""Pictures and imports"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table('picture_file',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=False),
    sa.Column('data', sa.Text(), nullable=False),
    sa.CheckConstraint("media_type IN ('image/png', 'image/jpeg', 'image/webp')", name=op.f('ck_picture_file_media_type')),
    sa.CheckConstraint('width > 0 AND height > 0', name=op.f('ck_picture_file_size')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_picture_file'))
    )
    op.create_table('picture',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('alt', sa.String(length=300), nullable=False),
    sa.Column('added_by', BIG_ID, nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("alt <> ''", name=op.f('ck_picture_alt')),
    sa.ForeignKeyConstraint(['added_by'], ['person.id'], name=op.f('fk_picture_added_by_person')),
    sa.ForeignKeyConstraint(['digest'], ['picture_file.digest'], name=op.f('fk_picture_digest_picture_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_picture')),
    sa.UniqueConstraint('key', name=op.f('uq_picture_key'))
    )
    with op.batch_alter_table('picture', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_picture_digest'), ['digest'], unique=False)

    op.create_table('import_batch',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('format', sa.String(length=40), nullable=False),
    sa.Column('parsed', sa.Text(), nullable=False),
    sa.Column('options', JSON, nullable=False),
    sa.Column('outcome', JSON, nullable=False),
    sa.Column('asked_by', BIG_ID, nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('work_id', BIG_ID, nullable=True),
    sa.CheckConstraint("format IN ('gift', 'aiken', 'moodle', 'qti', 'csv', 'xlsx', 'course')", name=op.f('ck_import_batch_format')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_import_batch_asked_by_person')),
    sa.ForeignKeyConstraint(['work_id'], ['work.id'], name=op.f('fk_import_batch_work_id_work')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batch'))
    )
    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_batch_asked_by'), ['asked_by'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_batch_asked_by'))

    op.drop_table('import_batch')
    with op.batch_alter_table('picture', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_picture_digest'))

    op.drop_table('picture')
    op.drop_table('picture_file')
