"""Glossaries, quizzes that close a module, and modules assigned to people"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("framework", "module", "lesson", "figure", "item", "form")
PURPOSES = ("placement", "narrow", "quiz", "hiring", "tryout")


def upgrade() -> None:
    expect("document", "kind", KINDS[:3] + ("glossary",) + KINDS[3:])
    expect("attempt", "purpose", PURPOSES[:3] + ("unit",) + PURPOSES[3:])
    op.create_table(
        "assignment",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("module_key", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("assigned_by", BIG_ID, nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assigned_by"], ["person.id"], name=op.f("fk_assignment_assigned_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_assignment_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "person_id", "module_key", name=op.f("uq_assignment_person_id_module_key")
        ),
    )
    op.create_index("ix_assignment_due", "assignment", ["reminded_at", "due_on"])


def downgrade() -> None:
    """What the older form does not know must be gone first: it refuses such rows."""
    op.drop_table("assignment")
    expect("attempt", "purpose", PURPOSES)
    expect("document", "kind", KINDS)


def expect(table: str, column: str, words: tuple[str, ...]) -> None:
    """Let a column hold these words and no others."""
    name = op.f(f"ck_{table}_{column}")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"{column} IN ({', '.join(map(repr, words))})")
