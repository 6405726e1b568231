"""Marks that people give, wrong keys, and what was contested."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Data, Id, UtcDateTime, When, Word, words

ROUNDS = (1, 2, 3)  # two blind raters, and the one who settles a difference


class Rating(Base):
    """One person's marks on one open answer by a rubric. Append-only.

    scores: criterion -> points. item_revision_id: the revision whose rubric was used; a rubric that
    is changed after marking began is a new revision, and starts anew.
    """

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("attempt_item_id", "item_revision_id", "round"),
        UniqueConstraint("attempt_item_id", "item_revision_id", "rater_id"),
        CheckConstraint("round BETWEEN 1 AND 3", name="round"),
    )

    id: Mapped[Id]
    attempt_item_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempt_item.id"))
    item_revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    rater_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    round: Mapped[int]
    scores: Mapped[Data]
    mark: Mapped[int]
    note_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))
    rated_at: Mapped[When]


class Contest(Base):
    """A question that a person holds to be wrong, and what became of it."""

    __tablename__ = "contest"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        CheckConstraint(words("state", "open", "upheld", "dismissed"), name="state"),
        Index("ix_contest_revision", "revision_id", "state"),
    )

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempt.id"))
    position: Mapped[int]
    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    text_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))
    state: Mapped[Word]
    opened_at: Mapped[When]
    decided_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    answer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KeyFix(Base):
    """A revision whose key was wrong, and the one by which its answers are marked instead.

    fixed_revision_id: empty where the question is struck out: its answers count for nothing.
    """

    __tablename__ = "key_fix"

    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"), primary_key=True)
    fixed_revision_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("revision.id"))
    fixed_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    reason_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))
    fixed_at: Mapped[When]
