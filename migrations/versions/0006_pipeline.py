"""The pipeline: review, bulk actions, saved views, mentions, interviews, letters, hires"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
OUTCOMES = ("advance", "offer", "hold", "reject", "withdrawn")
KINDS = ("framework", "module", "lesson", "glossary", "figure", "item", "form")
ACTIONS = ("review", "unreview", "hold", "reject", "revoke", "extend", "remind", "resend")


def upgrade() -> None:
    expect("decision", "outcome", (*OUTCOMES, "hired", "reopened"))
    expect("document", "kind", (*KINDS, "guide"))
    with op.batch_alter_table("decision") as batch:
        batch.add_column(sa.Column("replaces_id", BIG_ID, nullable=True))
        batch.create_foreign_key(
            op.f("fk_decision_replaces_id_decision"), "decision", ["replaces_id"], ["id"]
        )
    _work_on_lists()
    _interviews()
    _after_the_decision()
    op.execute(
        "INSERT INTO candidacy (application_id, position_id, outcome) "
        "SELECT application.id, application.position_id, decision.outcome FROM application "
        "JOIN decision ON decision.application_id = application.id WHERE decision.id = "
        "(SELECT max(d.id) FROM decision AS d WHERE d.application_id = application.id)"
    )


def _work_on_lists() -> None:
    op.create_table(
        "candidacy",
        sa.Column("application_id", BIG_ID, nullable=False),
        sa.Column("position_id", BIG_ID, nullable=False),
        sa.Column("review_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        to("candidacy", "application_id", "application"),
        to("candidacy", "position_id", "position"),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_candidacy")),
    )
    op.create_index("ix_candidacy_position", "candidacy", ["position_id", "outcome"])
    op.create_table(
        "saved_view",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("position_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("name_id", BIG_ID, nullable=False),
        sa.Column("query", JSON, nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        to("saved_view", "name_id", "free_text"),
        to("saved_view", "person_id", "person", ondelete="CASCADE"),
        to("saved_view", "position_id", "position"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_position", "saved_view", ["position_id", "person_id"])
    op.create_table(
        "bulk_action",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("position_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", BIG_ID, nullable=True),
        sa.CheckConstraint(
            f"kind IN ({', '.join(map(repr, ACTIONS))})", name=op.f("ck_bulk_action_kind")
        ),
        to("bulk_action", "person_id", "person"),
        to("bulk_action", "position_id", "position"),
        to("bulk_action", "undone_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_action")),
        sa.UniqueConstraint("once", name=op.f("uq_bulk_action_once")),
    )
    op.create_index("ix_bulk_action_position", "bulk_action", ["position_id", "done_at"])
    op.create_table(
        "bulk_line",
        sa.Column("action_id", BIG_ID, nullable=False),
        sa.Column("application_id", BIG_ID, nullable=False),
        sa.Column("before", JSON, nullable=False),
        to("bulk_line", "action_id", "bulk_action"),
        to("bulk_line", "application_id", "application"),
        sa.PrimaryKeyConstraint("action_id", "application_id", name=op.f("pk_bulk_line")),
    )
    op.create_index(op.f("ix_bulk_line_application_id"), "bulk_line", ["application_id"])
    op.create_table(
        "mention",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("note_id", BIG_ID, nullable=False),
        sa.Column("application_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        to("mention", "application_id", "application"),
        to("mention", "note_id", "free_text", ondelete="CASCADE"),
        to("mention", "person_id", "person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        sa.UniqueConstraint("note_id", "person_id", name=op.f("uq_mention_note_id_person_id")),
    )
    op.create_index("ix_mention_person", "mention", ["person_id", "seen_at"])


def _interviews() -> None:
    op.create_table(
        "scorecard",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("application_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        to("scorecard", "application_id", "application"),
        to("scorecard", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard")),
        sa.UniqueConstraint(
            "application_id", "person_id", name=op.f("uq_scorecard_application_id_person_id")
        ),
    )
    op.create_table(
        "interview_rating",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("scorecard_id", BIG_ID, nullable=False),
        sa.Column("competency", sa.String(length=8), nullable=False),
        sa.Column("subtopic", sa.String(length=120), nullable=False),
        sa.Column("guide_revision_id", BIG_ID, nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("note_id", BIG_ID, nullable=True),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_interview_rating_level")),
        to("interview_rating", "guide_revision_id", "revision"),
        to("interview_rating", "note_id", "free_text"),
        to("interview_rating", "scorecard_id", "scorecard"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_rating")),
        sa.UniqueConstraint(
            "scorecard_id", "competency", "subtopic",
            name=op.f("uq_interview_rating_scorecard_id_competency_subtopic"),
        ),
    )  # fmt: skip


def _after_the_decision() -> None:
    op.create_table(
        "letter",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("application_id", BIG_ID, nullable=False),
        sa.Column("decision_id", BIG_ID, nullable=False),
        sa.Column("subject_id", BIG_ID, nullable=False),
        sa.Column("body_id", BIG_ID, nullable=False),
        sa.Column("asked_by", BIG_ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        to("letter", "application_id", "application"),
        to("letter", "asked_by", "person"),
        to("letter", "body_id", "free_text"),
        to("letter", "decision_id", "decision"),
        to("letter", "subject_id", "free_text"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_letter_decision_id")),
    )
    op.create_index(op.f("ix_letter_application_id"), "letter", ["application_id"])
    op.create_table(
        "carry_choice",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("application_id", BIG_ID, nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
        to("carry_choice", "application_id", "application"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carry_choice")),
    )
    op.create_index(op.f("ix_carry_choice_application_id"), "carry_choice", ["application_id"])
    op.create_table(
        "hire",
        sa.Column("application_id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("hired_by", BIG_ID, nullable=False),
        sa.Column("hired_at", MOMENT, nullable=False),
        sa.Column("carried", sa.Integer(), nullable=False),
        to("hire", "application_id", "application"),
        to("hire", "hired_by", "person"),
        to("hire", "member_id", "person"),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_hire")),
        sa.UniqueConstraint("member_id", name=op.f("uq_hire_member_id")),
    )


def downgrade() -> None:
    """What the older form does not know must be gone first: it refuses such rows."""
    for table in (
        "hire", "carry_choice", "letter", "interview_rating", "scorecard", "mention",
        "bulk_line", "bulk_action", "saved_view", "candidacy",
    ):  # fmt: skip
        op.drop_table(table)
    with op.batch_alter_table("decision") as batch:
        batch.drop_constraint(op.f("fk_decision_replaces_id_decision"), type_="foreignkey")
        batch.drop_column("replaces_id")
    expect("document", "kind", KINDS)
    expect("decision", "outcome", OUTCOMES)


def to(table: str, column: str, target: str, **more: str) -> sa.ForeignKeyConstraint:
    """A foreign key by the house's name."""
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, **more)


def expect(table: str, column: str, words: tuple[str, ...]) -> None:
    """Let a column hold these words and no others."""
    name = op.f(f"ck_{table}_{column}")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"{column} IN ({', '.join(map(repr, words))})")
