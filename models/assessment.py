"""Attempts, the questions they hold, and the answers given to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    Base,
    BigId,
    Code,
    Data,
    Id,
    Json,
    Key,
    UtcDateTime,
    When,
    Word,
    words,
)

PURPOSES = ("placement", "narrow", "quiz", "unit", "hiring", "tryout")
STATES = ("created", "running", "submitted", "expired")


class Attempt(Base):
    """One sitting of one form by one person. Pins its revisions, its language and its seed."""

    __tablename__ = "attempt"
    __table_args__ = (
        CheckConstraint(words("purpose", *PURPOSES), name="purpose"),
        CheckConstraint(words("state", *STATES), name="state"),
        Index("ix_attempt_person", "person_id", "purpose"),
        Index("ix_attempt_due", "state", "deadline"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    purpose: Mapped[Word]
    # The form's or, for a lesson's quiz, the lesson's revision: what the questions were drawn from.
    form_revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    form_key: Mapped[Key]
    lang: Mapped[str] = mapped_column(String(10))
    seed: Mapped[int] = mapped_column(BigId)
    state: Mapped[Word]
    # Set while the attempt is open and emptied at its end: UNIQUE makes a double start one start.
    open_key: Mapped[str | None] = mapped_column(String(160), unique=True)
    lease: Mapped[int] = mapped_column(default=0)
    limit_s: Mapped[int | None]
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[When]
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AttemptItem(Base):
    """A question in its place, with what chance decided about it.

    `option_order` is the order in which its parts are shown or, for a number with parameters, the
    values that were drawn.
    """

    __tablename__ = "attempt_item"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempt.id"))
    position: Mapped[int]
    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    competency: Mapped[Code]
    option_order: Mapped[list[Any]] = mapped_column(Json)


class Answer(Base):
    """One save of one answer. Inserted, never updated; the highest (lease, sequence) counts.

    `held` says why a save does not count by itself: it came under an old lease or after the end.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position", "lease", "sequence"),
        CheckConstraint("held IS NULL OR " + words("held", "stale", "late"), name="held"),
    )

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempt.id"))
    position: Mapped[int]
    lease: Mapped[int]
    sequence: Mapped[int]
    response: Mapped[Data]
    # Time on the question so far, as the browser counted it: shown, never scored.
    elapsed_ms: Mapped[int]
    received_at: Mapped[When]
    held: Mapped[str | None] = mapped_column(String(10))


class AttemptOpening(Base):
    """Each time a device opened the attempt: the lease it was given."""

    __tablename__ = "attempt_opening"

    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempt.id"), primary_key=True)
    lease: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[When]
