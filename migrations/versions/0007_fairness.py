"""Voluntary attributes, kept apart, and who reads candidates without names"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "voluntary_answer",
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("subject", "question", name=op.f("pk_voluntary_answer")),
    )
    op.create_table(
        "blind_view",
        sa.Column("position_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name=op.f("fk_blind_view_position_id_position")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_blind_view_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position_id", "person_id", name=op.f("pk_blind_view")),
    )


def downgrade() -> None:
    op.drop_table("blind_view")
    op.drop_table("voluntary_answer")
