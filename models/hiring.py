"""Positions, applications, invitations and decisions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Data, Id, Key, UtcDateTime, When, Word, words

OUTCOMES = ("advance", "offer", "hold", "reject", "withdrawn")


class Position(Base):
    """A job to fill: the profile that people are held against and the form they sit."""

    __tablename__ = "position"
    __table_args__ = (
        CheckConstraint(words("profile", "operations", "sales", "own"), name="profile"),
        CheckConstraint(words("state", "open", "closed"), name="state"),
    )

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(200))
    profile: Mapped[Word]
    weights: Mapped[Data]  # code -> whole number, sum 100
    gates: Mapped[Data]  # code -> level
    form_key: Mapped[Key]
    limit_s: Mapped[int]
    retention_days: Mapped[int]
    consent_version: Mapped[int]
    state: Mapped[Word]
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    created_at: Mapped[When]


class PositionMember(Base):
    """Who may see the applications of a position, besides recruiters."""

    __tablename__ = "position_member"
    __table_args__ = (CheckConstraint(words("part", "owner", "reviewer"), name="part"),)

    position_id: Mapped[int] = mapped_column(BigId, ForeignKey("position.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[Word]


class Application(Base):
    """One candidate for one position, with one attempt."""

    __tablename__ = "application"
    __table_args__ = (UniqueConstraint("person_id"), UniqueConstraint("attempt_id"))

    id: Mapped[Id]
    position_id: Mapped[int] = mapped_column(BigId, ForeignKey("position.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempt.id"))
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    consent_version: Mapped[int | None]
    retention_days: Mapped[int | None]  # as they were told when they consented
    # SHA-256 of the code that, with the link, opens the attempt on any device.
    return_code: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[When]


class Invitation(Base):
    """The offer to sit the assessment. Its links are tokens bound to this row."""

    __tablename__ = "invitation"

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(BigId, ForeignKey("application.id"), unique=True)
    invited_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    created_at: Mapped[When]
    expires_at: Mapped[When]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Decision(Base):
    """What a person decided about an application. A correction is a new row."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(words("outcome", *OUTCOMES), name="outcome"),
        Index("ix_decision_application", "application_id"),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(BigId, ForeignKey("application.id"))
    decided_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    outcome: Mapped[Word]
    reason_code: Mapped[Word]
    reason_id: Mapped[int] = mapped_column(BigId, ForeignKey("free_text.id"))
    decided_at: Mapped[When]
