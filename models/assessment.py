"""Attempts, the questions they hold, and the answers given to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
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

PURPOSES = (
    "placement",
    "narrow",
    "quiz",
    "unit",
    "practice",
    "exam",
    "adaptive",
    "retest",
    "hiring",
    "tryout",
)
HELD = ("stale", "late", "offline")
GRANTS = ("extra", "drop", "break")
STATES = ("created", "running", "submitted", "expired")


class Attempt(Base):
    """One sitting of one form by one person. Pins its revisions, its language and its seed."""

    __tablename__ = "attempt"
    __table_args__ = (
        CheckConstraint(words("purpose", *PURPOSES), name="purpose"),
        CheckConstraint(words("state", *STATES), name="state"),
        Index("ix_attempt_person", "person_id", "purpose"),
        Index("ix_attempt_due", "state", "deadline"),
        Index("ix_attempt_form", "form_key"),
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
    # Moves only together with a row of attempt_grant.
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The newest sign of life of the page, and since when the person takes a break.
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
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
    # Indexed for the marking queue, and for re-scoring everybody who met a question.
    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"), index=True)
    competency: Mapped[Code]
    option_order: Mapped[list[Any]] = mapped_column(Json)


class AttemptSection(Base):
    """A part of an attempt with a clock of its own; once ended it stays closed."""

    __tablename__ = "attempt_section"

    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempt.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[When]
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AttemptGrant(Base):
    """Seconds added to the clock of an attempt, and why. Append-only.

    granted_by: who gave extra time; empty where the house credits a drop or a break.
    """

    __tablename__ = "attempt_grant"
    __table_args__ = (
        CheckConstraint(words("kind", *GRANTS), name="kind"),
        CheckConstraint("seconds > 0", name="seconds"),
    )

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempt.id"), index=True)
    kind: Mapped[Word]
    seconds: Mapped[int]
    granted_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    reason_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))
    granted_at: Mapped[When]


class Accommodation(Base):
    """Extra time that a person has whenever a clock runs: percent of the limit, and minutes."""

    __tablename__ = "accommodation"
    __table_args__ = (CheckConstraint("percent >= 0 AND minutes >= 0", name="not_negative"),)

    person_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    percent: Mapped[int]
    minutes: Mapped[int]
    granted_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    granted_at: Mapped[When]


class AttemptFlag(Base):
    """A question that the person wants to see again before handing in."""

    __tablename__ = "attempt_flag"

    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)


class HintTaken(Base):
    """A hint that was opened; it lowers what the answer is worth as evidence."""

    __tablename__ = "hint_taken"

    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    taken_at: Mapped[When]


_HELD = text("held IS NOT NULL")


class Answer(Base):
    """One save of one answer. Inserted, never updated; the highest (lease, sequence) counts.

    `held` says why a save does not count by itself: it came under an old lease, after the end, or
    after the end though it was given offline before it. See HeldDecision.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position", "lease", "sequence"),
        CheckConstraint("held IS NULL OR " + words("held", *HELD), name="held"),
        # Few answers are held: an index of them alone costs a usual save nothing.
        Index("ix_answer_held", "held", sqlite_where=_HELD, postgresql_where=_HELD),
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


class HeldDecision(Base):
    """What a person decided about a save that was held; an accepted one counts from then on."""

    __tablename__ = "held_decision"

    answer_id: Mapped[int] = mapped_column(BigId, ForeignKey("answer.id"), primary_key=True)
    accepted: Mapped[bool]
    decided_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    reason_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))
    decided_at: Mapped[When]
