"""Second factors, and the ids of erased people"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CAUSES = ("own", "recruiter", "admin", "retention", "left")


def upgrade() -> None:
    op.create_table('second_factor',
    sa.Column('person_id', BIG_ID, nullable=False),
    sa.Column('secret', sa.String(length=255), nullable=False),
    sa.Column('last_step', BIG_ID, nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_second_factor_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_second_factor'))
    )
    op.create_table('recovery_code',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('person_id', BIG_ID, nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_recovery_code_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code')),
    sa.UniqueConstraint('person_id', 'digest', name=op.f('uq_recovery_code_person_id_digest'))
    )
    op.create_table('erasure',
    sa.Column('person_id', BIG_ID, nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cause', sa.String(length=40), nullable=True),
    sa.Column('asked_by', BIG_ID, nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mark', sa.String(length=64), nullable=True),
    sa.CheckConstraint(f"cause IS NULL OR cause IN {CAUSES}", name=op.f('ck_erasure_cause')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_erasure_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_erasure'))
    )
    with op.batch_alter_table('erasure') as batch:
        batch.create_index('ix_erasure_asked', ['done_at', 'asked_at'], unique=False)
    with op.batch_alter_table('person') as batch:
        batch.add_column(sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('credential') as batch:
        batch.add_column(
            sa.Column('is_short', sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table('credential') as batch:
        batch.drop_column('is_short')
    with op.batch_alter_table('person') as batch:
        batch.drop_column('erased_at')
    with op.batch_alter_table('erasure') as batch:
        batch.drop_index('ix_erasure_asked')
    op.drop_table('erasure')
    op.drop_table('recovery_code')
    op.drop_table('second_factor')
