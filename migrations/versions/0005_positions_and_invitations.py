"""Positions and invitations, deepened"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('position_words',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('position_id', BIG_ID, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text_id', BIG_ID, nullable=True),
    sa.Column('written_at', TIME, nullable=False),
    sa.CheckConstraint("kind IN ('weight', 'cut', 'analysis', 'study', 'consent', 'subject', 'mail')", name=op.f('ck_position_words_kind')),
    sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_position_words_position_id_position')),
    sa.ForeignKeyConstraint(['text_id'], ['free_text.id'], name=op.f('fk_position_words_text_id_free_text')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_position_words')),
    sa.UniqueConstraint('position_id', 'kind', 'key', 'version', name=op.f('uq_position_words_position_id_kind_key_version'))
    )
    op.create_table('invitation_reminder',
    sa.Column('invitation_id', BIG_ID, nullable=False),
    sa.Column('rule', sa.String(length=40), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('asked_at', TIME, nullable=False),
    sa.CheckConstraint("rule IN ('before', 'silence', 'by_hand')", name=op.f('ck_invitation_reminder_rule')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_invitation_reminder_invitation_id_invitation')),
    sa.PrimaryKeyConstraint('invitation_id', 'rule', 'due_on', name=op.f('pk_invitation_reminder'))
    )
    op.create_table('invitation_import',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('position_id', BIG_ID, nullable=False),
    sa.Column('asked_by', BIG_ID, nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('rows_id', BIG_ID, nullable=True),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('asked_at', TIME, nullable=False),
    sa.Column('ended_at', TIME, nullable=True),
    sa.CheckConstraint("state IN ('read', 'running', 'done', 'dropped')", name=op.f('ck_invitation_import_state')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_invitation_import_asked_by_person')),
    sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_invitation_import_position_id_position')),
    sa.ForeignKeyConstraint(['rows_id'], ['free_text.id'], name=op.f('fk_invitation_import_rows_id_free_text')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation_import'))
    )
    with op.batch_alter_table('invitation_import') as batch:
        batch.create_index(batch.f('ix_invitation_import_position_id'), ['position_id'], unique=False)
    op.create_table('accommodation_request',
    sa.Column('application_id', BIG_ID, nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('words_id', BIG_ID, nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('given', sa.Integer(), nullable=True),
    sa.Column('answer_id', BIG_ID, nullable=True),
    sa.Column('answered_by', BIG_ID, nullable=True),
    sa.Column('asked_at', TIME, nullable=False),
    sa.Column('answered_at', TIME, nullable=True),
    sa.CheckConstraint("state IN ('asked', 'given', 'declined', 'withdrawn')", name=op.f('ck_accommodation_request_state')),
    sa.CheckConstraint('percent IN (0, 25, 50, 100)', name=op.f('ck_accommodation_request_percent')),
    sa.ForeignKeyConstraint(['answer_id'], ['free_text.id'], name=op.f('fk_accommodation_request_answer_id_free_text')),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_accommodation_request_answered_by_person')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_accommodation_request_application_id_application')),
    sa.ForeignKeyConstraint(['words_id'], ['free_text.id'], name=op.f('fk_accommodation_request_words_id_free_text')),
    sa.PrimaryKeyConstraint('application_id', name=op.f('pk_accommodation_request'))
    )
    with op.batch_alter_table('position') as batch:
        batch.add_column(sa.Column('plan', sa.String(length=40), nullable=False, server_default='form'))
        batch.add_column(sa.Column('cut', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('cut_method', sa.String(length=40), nullable=True))
        batch.add_column(sa.Column('cut_set_on', sa.Date(), nullable=True))
        batch.add_column(sa.Column('cut_judges', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('analysed_on', sa.Date(), nullable=True))
        batch.add_column(sa.Column('reminders', JSON, nullable=False, server_default=sa.text("'{}'")))
        batch.drop_constraint(op.f('ck_position_profile'), type_='check')
        batch.drop_constraint(op.f('ck_position_state'), type_='check')
        batch.create_check_constraint(op.f('ck_position_profile'), "profile IN ('operations', 'sales', 'mixed', 'own')")
        batch.create_check_constraint(op.f('ck_position_state'), "state IN ('draft', 'open', 'closed', 'archived')")
        batch.create_check_constraint(op.f('ck_position_plan'), "plan IN ('form', 'adaptive')")
        batch.create_check_constraint(op.f('ck_position_cut'), "cut IS NULL OR cut BETWEEN 0 AND 100")
        batch.create_check_constraint(op.f('ck_position_cut_method'), "cut_method IS NULL OR cut_method IN ('angoff', 'bookmark', 'borderline', 'contrasting', 'policy')")
    with op.batch_alter_table('position') as batch:
        batch.alter_column('plan', server_default=None)
        batch.alter_column('reminders', server_default=None)
    with op.batch_alter_table('application') as batch:
        batch.add_column(sa.Column('consent_words_id', BIG_ID, nullable=True))
        batch.create_foreign_key(op.f('fk_application_consent_words_id_position_words'), 'position_words', ['consent_words_id'], ['id'])
    with op.batch_alter_table('invitation') as batch:
        batch.add_column(sa.Column('refused_at', TIME, nullable=True))
        batch.add_column(sa.Column('refused_code', sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('invitation') as batch:
        batch.drop_column('refused_code')
        batch.drop_column('refused_at')
    with op.batch_alter_table('application') as batch:
        batch.drop_constraint(op.f('fk_application_consent_words_id_position_words'), type_='foreignkey')
        batch.drop_column('consent_words_id')
    # The older form knows neither mixed profiles nor drafts: the nearest that it has.
    op.execute("UPDATE position SET profile = 'own' WHERE profile = 'mixed'")
    op.execute("UPDATE position SET state = 'closed' WHERE state IN ('draft', 'archived')")
    with op.batch_alter_table('position') as batch:
        for name in ('cut_method', 'cut', 'plan', 'state', 'profile'):
            batch.drop_constraint(op.f(f'ck_position_{name}'), type_='check')
        batch.create_check_constraint(op.f('ck_position_profile'), "profile IN ('operations', 'sales', 'own')")
        batch.create_check_constraint(op.f('ck_position_state'), "state IN ('open', 'closed')")
        for name in ('reminders', 'analysed_on', 'cut_judges', 'cut_set_on', 'cut_method', 'cut', 'plan'):
            batch.drop_column(name)
    op.drop_table('accommodation_request')
    with op.batch_alter_table('invitation_import') as batch:
        batch.drop_index(batch.f('ix_invitation_import_position_id'))
    op.drop_table('invitation_import')
    op.drop_table('invitation_reminder')
    op.drop_table('position_words')
