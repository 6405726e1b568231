"""What people do with applications: review, steps for many, mentions, interviews, hires."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Code, Data, Id, Key, UtcDateTime, When, Word, words

ACTIONS = ("review", "unreview", "hold", "reject", "revoke", "extend", "remind", "resend")


class Candidacy(Base):
    """Where people have put an application; one that nobody touched has no row.

    outcome: of the newest decision, beside it so that 10,000 applications can be counted at once.
    """

    __tablename__ = "candidacy"
    __table_args__ = (Index("ix_candidacy_position", "position_id", "outcome"),)

    application_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("application.id"), primary_key=True
    )
    position_id: Mapped[int] = mapped_column(BigId, ForeignKey("position.id"))
    review_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(40))


class SavedView(Base):
    """Filters of a position's list under a name; the name is free text. shared: with the team."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_position", "position_id", "person_id"),)

    id: Mapped[Id]
    position_id: Mapped[int] = mapped_column(BigId, ForeignKey("position.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"))
    name_id: Mapped[int] = mapped_column(BigId, ForeignKey("free_text.id"))
    query: Mapped[Data]
    shared: Mapped[bool]
    created_at: Mapped[When]


class BulkAction(Base):
    """One action on many applications, and whether it was taken back.

    once: SHA-256 of the form's own value, so that a form sent twice acts once.
    """

    __tablename__ = "bulk_action"
    __table_args__ = (
        CheckConstraint(words("kind", *ACTIONS), name="kind"),
        Index("ix_bulk_action_position", "position_id", "done_at"),
    )

    id: Mapped[Id]
    position_id: Mapped[int] = mapped_column(BigId, ForeignKey("position.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    kind: Mapped[Word]
    once: Mapped[str] = mapped_column(String(64), unique=True)
    done_at: Mapped[When]
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))


class BulkLine(Base):
    """One application of a bulk action; before: what taking it back must bring again."""

    __tablename__ = "bulk_line"

    action_id: Mapped[int] = mapped_column(BigId, ForeignKey("bulk_action.id"), primary_key=True)
    application_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("application.id"), primary_key=True, index=True
    )
    before: Mapped[Data]


class Mention(Base):
    """A note names somebody of the team: it stands on their list until they have seen it."""

    __tablename__ = "mention"
    __table_args__ = (
        UniqueConstraint("note_id", "person_id"),
        Index("ix_mention_person", "person_id", "seen_at"),
    )

    id: Mapped[Id]
    note_id: Mapped[int] = mapped_column(BigId, ForeignKey("free_text.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(BigId, ForeignKey("application.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"))
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Scorecard(Base):
    """What one interviewer found. Until it is handed in nobody else sees it, nor they others'."""

    __tablename__ = "scorecard"
    __table_args__ = (UniqueConstraint("application_id", "person_id"),)

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(BigId, ForeignKey("application.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    begun_at: Mapped[When]
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InterviewRating(Base):
    """One question of a scorecard, pinned to the revision of the guide it was asked from.

    level: 1 to 5, NULL where the question was not asked.
    """

    __tablename__ = "interview_rating"
    __table_args__ = (
        UniqueConstraint("scorecard_id", "competency", "subtopic"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    )

    id: Mapped[Id]
    scorecard_id: Mapped[int] = mapped_column(BigId, ForeignKey("scorecard.id"))
    competency: Mapped[Code]
    subtopic: Mapped[Key]
    guide_revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    level: Mapped[int | None]
    note_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))


class Letter(Base):
    """The letter about one decision: worded by a person, sent once."""

    __tablename__ = "letter"

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(BigId, ForeignKey("application.id"), index=True)
    decision_id: Mapped[int] = mapped_column(BigId, ForeignKey("decision.id"), unique=True)
    subject_id: Mapped[int] = mapped_column(BigId, ForeignKey("free_text.id"))
    body_id: Mapped[int] = mapped_column(BigId, ForeignKey("free_text.id"))
    asked_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    asked_at: Mapped[When]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CarryChoice(Base):
    """Whether a candidate lets their measured evidence go with them; the newest row holds."""

    __tablename__ = "carry_choice"

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(BigId, ForeignKey("application.id"), index=True)
    agreed: Mapped[bool]
    chosen_at: Mapped[When]


class Hire(Base):
    """A candidate who became a member. carried: lines of evidence that went with them."""

    __tablename__ = "hire"

    application_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("application.id"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), unique=True)
    hired_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    hired_at: Mapped[When]
    carried: Mapped[int]
