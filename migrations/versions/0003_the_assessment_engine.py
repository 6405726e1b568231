"""The assessment engine"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PURPOSES = ("placement", "narrow", "quiz", "unit", "hiring", "tryout")
NEW_PURPOSES = ("practice", "exam", "adaptive", "retest")
SCOPE = ["scope_kind", "scope_id", "competency", "standard_revision_id"]
SHOWN = "uq_estimate_scope_kind_scope_id_competency_standard_revision_id_ledger_id"


def upgrade() -> None:
    op.create_table('accommodation',
    sa.Column('person_id', BIG_ID, nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('granted_by', BIG_ID, nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('percent >= 0 AND minutes >= 0', name=op.f('ck_accommodation_not_negative')),
    sa.ForeignKeyConstraint(['granted_by'], ['person.id'], name=op.f('fk_accommodation_granted_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_accommodation_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_accommodation'))
    )
    op.create_table('calibration_run',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('started_by', BIG_ID, nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('live_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('report', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.CheckConstraint("state IN ('running', 'finished', 'failed')", name=op.f('ck_calibration_run_state')),
    sa.ForeignKeyConstraint(['started_by'], ['person.id'], name=op.f('fk_calibration_run_started_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calibration_run'))
    )
    op.create_table('norm_group',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('competency', sa.String(length=8), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('thetas', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('defined_by', BIG_ID, nullable=True),
    sa.Column('defined_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['defined_by'], ['person.id'], name=op.f('fk_norm_group_defined_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_norm_group')),
    sa.UniqueConstraint('name', 'competency', name=op.f('uq_norm_group_name_competency'))
    )
    op.create_table('work',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('task', sa.String(length=40), nullable=False),
    sa.Column('about', sa.String(length=120), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('asked_by', BIG_ID, nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f('ck_work_state')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_work_asked_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work'))
    )
    op.create_table('item_parameters',
    sa.Column('run_id', BIG_ID, nullable=False),
    sa.Column('revision_id', BIG_ID, nullable=False),
    sa.Column('competency', sa.String(length=8), nullable=False),
    sa.Column('model', sa.String(length=40), nullable=False),
    sa.Column('a', sa.Double(), nullable=False),
    sa.Column('thresholds', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('c', sa.Double(), nullable=False),
    sa.Column('errors', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.CheckConstraint("model IN ('1pl', '2pl', '3pl', 'grm')", name=op.f('ck_item_parameters_model')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_item_parameters_revision_id_revision')),
    sa.ForeignKeyConstraint(['run_id'], ['calibration_run.id'], name=op.f('fk_item_parameters_run_id_calibration_run')),
    sa.PrimaryKeyConstraint('run_id', 'revision_id', 'competency', name=op.f('pk_item_parameters'))
    )
    op.create_table('key_fix',
    sa.Column('revision_id', BIG_ID, nullable=False),
    sa.Column('fixed_revision_id', BIG_ID, nullable=True),
    sa.Column('fixed_by', BIG_ID, nullable=False),
    sa.Column('reason_id', BIG_ID, nullable=True),
    sa.Column('fixed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['fixed_by'], ['person.id'], name=op.f('fk_key_fix_fixed_by_person')),
    sa.ForeignKeyConstraint(['fixed_revision_id'], ['revision.id'], name=op.f('fk_key_fix_fixed_revision_id_revision')),
    sa.ForeignKeyConstraint(['reason_id'], ['free_text.id'], name=op.f('fk_key_fix_reason_id_free_text')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_key_fix_revision_id_revision')),
    sa.PrimaryKeyConstraint('revision_id', name=op.f('pk_key_fix'))
    )
    op.create_table('statistic',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('revision_id', BIG_ID, nullable=True),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.Column('data', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('item', 'form', 'bank')", name=op.f('ck_statistic_kind')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_statistic_revision_id_revision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statistic'))
    )
    with op.batch_alter_table('statistic', schema=None) as batch_op:
        batch_op.create_index('ix_statistic_about', ['kind', 'key', 'id'], unique=False)

    op.create_table('attempt_flag',
    sa.Column('attempt_id', BIG_ID, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_attempt_flag_attempt_id_attempt')),
    sa.PrimaryKeyConstraint('attempt_id', 'position', name=op.f('pk_attempt_flag'))
    )
    op.create_table('attempt_grant',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('attempt_id', BIG_ID, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('granted_by', BIG_ID, nullable=True),
    sa.Column('reason_id', BIG_ID, nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('extra', 'drop', 'break')", name=op.f('ck_attempt_grant_kind')),
    sa.CheckConstraint('seconds > 0', name=op.f('ck_attempt_grant_seconds')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_attempt_grant_attempt_id_attempt')),
    sa.ForeignKeyConstraint(['granted_by'], ['person.id'], name=op.f('fk_attempt_grant_granted_by_person')),
    sa.ForeignKeyConstraint(['reason_id'], ['free_text.id'], name=op.f('fk_attempt_grant_reason_id_free_text')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt_grant'))
    )
    with op.batch_alter_table('attempt_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attempt_grant_attempt_id'), ['attempt_id'], unique=False)

    op.create_table('attempt_section',
    sa.Column('attempt_id', BIG_ID, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_attempt_section_attempt_id_attempt')),
    sa.PrimaryKeyConstraint('attempt_id', 'number', name=op.f('pk_attempt_section'))
    )
    op.create_table('contest',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('attempt_id', BIG_ID, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('revision_id', BIG_ID, nullable=False),
    sa.Column('text_id', BIG_ID, nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', BIG_ID, nullable=True),
    sa.Column('answer_id', BIG_ID, nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name=op.f('ck_contest_state')),
    sa.ForeignKeyConstraint(['answer_id'], ['free_text.id'], name=op.f('fk_contest_answer_id_free_text')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_contest_attempt_id_attempt')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_contest_decided_by_person')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_contest_revision_id_revision')),
    sa.ForeignKeyConstraint(['text_id'], ['free_text.id'], name=op.f('fk_contest_text_id_free_text')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contest')),
    sa.UniqueConstraint('attempt_id', 'position', name=op.f('uq_contest_attempt_id_position'))
    )
    with op.batch_alter_table('contest', schema=None) as batch_op:
        batch_op.create_index('ix_contest_revision', ['revision_id', 'state'], unique=False)

    op.create_table('hint_taken',
    sa.Column('attempt_id', BIG_ID, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_hint_taken_attempt_id_attempt')),
    sa.PrimaryKeyConstraint('attempt_id', 'position', 'number', name=op.f('pk_hint_taken'))
    )
    op.create_table('held_decision',
    sa.Column('answer_id', BIG_ID, nullable=False),
    sa.Column('accepted', sa.Boolean(), nullable=False),
    sa.Column('decided_by', BIG_ID, nullable=False),
    sa.Column('reason_id', BIG_ID, nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['answer.id'], name=op.f('fk_held_decision_answer_id_answer')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_held_decision_decided_by_person')),
    sa.ForeignKeyConstraint(['reason_id'], ['free_text.id'], name=op.f('fk_held_decision_reason_id_free_text')),
    sa.PrimaryKeyConstraint('answer_id', name=op.f('pk_held_decision'))
    )
    op.create_table('rating',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('attempt_item_id', BIG_ID, nullable=False),
    sa.Column('item_revision_id', BIG_ID, nullable=False),
    sa.Column('rater_id', BIG_ID, nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('scores', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('mark', sa.Integer(), nullable=False),
    sa.Column('note_id', BIG_ID, nullable=True),
    sa.Column('rated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('round BETWEEN 1 AND 3', name=op.f('ck_rating_round')),
    sa.ForeignKeyConstraint(['attempt_item_id'], ['attempt_item.id'], name=op.f('fk_rating_attempt_item_id_attempt_item')),
    sa.ForeignKeyConstraint(['item_revision_id'], ['revision.id'], name=op.f('fk_rating_item_revision_id_revision')),
    sa.ForeignKeyConstraint(['note_id'], ['free_text.id'], name=op.f('fk_rating_note_id_free_text')),
    sa.ForeignKeyConstraint(['rater_id'], ['person.id'], name=op.f('fk_rating_rater_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rating')),
    sa.UniqueConstraint('attempt_item_id', 'item_revision_id', 'rater_id', name=op.f('uq_rating_attempt_item_id_item_revision_id_rater_id')),
    sa.UniqueConstraint('attempt_item_id', 'item_revision_id', 'round', name=op.f('uq_rating_attempt_item_id_item_revision_id_round'))
    )
    with op.batch_alter_table('rating', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rating_rater_id'), ['rater_id'], unique=False)

    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.add_column(sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("estimate") as batch:
        batch.add_column(
            sa.Column("calibration_id", BIG_ID, nullable=False, server_default=sa.text("0"))
        )
        batch.drop_constraint(op.f(SHOWN), type_="unique")
        batch.create_unique_constraint(
            "uq_estimate_shown", [*SCOPE, "calibration_id", "ledger_id"]
        )
    with op.batch_alter_table("estimate") as batch:
        batch.alter_column("calibration_id", server_default=None)
    expect("attempt", "purpose", f"purpose IN {PURPOSES + NEW_PURPOSES}")
    expect("answer", "held", "held IS NULL OR held IN ('stale', 'late', 'offline')")


def downgrade() -> None:
    expect("answer", "held", "held IS NULL OR held IN ('stale', 'late')")
    expect("attempt", "purpose", f"purpose IN {PURPOSES}")
    with op.batch_alter_table("estimate") as batch:
        batch.drop_constraint("uq_estimate_shown", type_="unique")
        batch.create_unique_constraint(op.f(SHOWN), [*SCOPE, "ledger_id"])
        batch.drop_column("calibration_id")
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.drop_column('paused_at')
        batch_op.drop_column('seen_at')

    with op.batch_alter_table('rating', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rating_rater_id'))

    op.drop_table('rating')
    op.drop_table('held_decision')
    op.drop_table('hint_taken')
    with op.batch_alter_table('contest', schema=None) as batch_op:
        batch_op.drop_index('ix_contest_revision')

    op.drop_table('contest')
    op.drop_table('attempt_section')
    with op.batch_alter_table('attempt_grant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attempt_grant_attempt_id'))

    op.drop_table('attempt_grant')
    op.drop_table('attempt_flag')
    with op.batch_alter_table('statistic', schema=None) as batch_op:
        batch_op.drop_index('ix_statistic_about')

    op.drop_table('statistic')
    op.drop_table('key_fix')
    op.drop_table('item_parameters')
    op.drop_table('work')
    op.drop_table('norm_group')
    op.drop_table('calibration_run')
    op.drop_table('accommodation')


def expect(table: str, column: str, condition: str) -> None:
    """Let a column hold what the condition says."""
    name = op.f(f"ck_{table}_{column}")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, condition)
