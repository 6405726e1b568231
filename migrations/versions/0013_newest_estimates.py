"""The numbers that hold of each scope in one row"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CODES = ('C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'A1', 'A2')
FIGURES = [(figure, code) for code in CODES for figure in ('theta', 'se')]


def upgrade() -> None:
    op.create_table('newest_estimates',
    sa.Column('scope_kind', sa.String(length=40), nullable=False),
    sa.Column('scope_id', BIG_ID, autoincrement=False, nullable=False),
    *(sa.Column(f'{figure}_{code.lower()}', sa.Float(), nullable=True) for figure, code in FIGURES),
    sa.PrimaryKeyConstraint('scope_kind', 'scope_id', name=op.f('pk_newest_estimates')),
    sqlite_with_rowid=False
    )
    names = ', '.join(f'{figure}_{code.lower()}' for figure, code in FIGURES)
    values = ', '.join(
        f"max(CASE WHEN e.competency = '{code}' AND e.observations > 0 THEN e.{figure} END)"
        for figure, code in FIGURES
    )
    # The newest row of a scope names the drawing that holds, as services/competencies reads it.
    op.execute(f"""
        INSERT INTO newest_estimates (scope_kind, scope_id, {names})
        SELECT e.scope_kind, e.scope_id, {values}
        FROM estimate AS e
        JOIN (SELECT max(id) AS id FROM estimate GROUP BY scope_kind, scope_id) AS newest ON true
        JOIN estimate AS last ON last.id = newest.id
            AND last.scope_kind = e.scope_kind AND last.scope_id = e.scope_id
            AND last.standard_revision_id = e.standard_revision_id
            AND last.calibration_id = e.calibration_id AND last.ledger_id = e.ledger_id
        GROUP BY e.scope_kind, e.scope_id
    """)


def downgrade() -> None:
    op.drop_table('newest_estimates')
