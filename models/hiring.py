"""Positions, applications, invitations and decisions."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Data, Id, Key, UtcDateTime, When, Word, words

OUTCOMES = ("advance", "offer", "hold", "reject", "withdrawn", "hired", "reopened")
PROFILES = ("operations", "sales", "mixed", "own")
POSITION_STATES = ("draft", "open", "closed", "archived")
PLANS = ("form", "adaptive")
CUT_METHODS = ("angoff", "bookmark", "borderline", "contrasting", "policy")
# What a company writes for a position: why a weight, who set the cut, who analysed the job, the
# study, the consent in one language, subject and text of the mail in one language.
WORDS = ("weight", "cut", "analysis", "study", "consent", "subject", "mail")


class Position(Base):
    """A job to fill: the profile that people are held against and the form they sit."""

    __tablename__ = "position"
    __table_args__ = (
        CheckConstraint(words("profile", *PROFILES), name="profile"),
        CheckConstraint(words("state", *POSITION_STATES), name="state"),
        CheckConstraint(words("plan", *PLANS), name="plan"),
        CheckConstraint("cut IS NULL OR cut BETWEEN 0 AND 100", name="cut"),
        CheckConstraint(
            "cut_method IS NULL OR " + words("cut_method", *CUT_METHODS), name="cut_method"
        ),
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
    # How the assessment is put together; an adaptive one needs a calibrated bank.
    plan: Mapped[Word] = mapped_column(default="form")
    # Points that inform people and reject nobody. Who set them stands in position_words.
    cut: Mapped[int | None]
    cut_method: Mapped[str | None] = mapped_column(String(40))
    cut_set_on: Mapped[date | None]
    cut_judges: Mapped[int | None]
    # When the job was analysed; by whom, and the local study if there is one: position_words.
    analysed_on: Mapped[date | None]
    # "before": days before the expiry, "silence": days after the invitation; lists of numbers.
    reminders: Mapped[Data] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    created_at: Mapped[When]


class PositionWords(Base):
    """One version of something that the company wrote for a position; the highest one holds.

    key: the practice of a weight, the language of a consent or a mail; empty for the rest. An old
    version stays: what a candidate agreed to can be shown again.
    """

    __tablename__ = "position_words"
    __table_args__ = (
        UniqueConstraint("position_id", "kind", "key", "version"),
        CheckConstraint(words("kind", *WORDS), name="kind"),
    )

    id: Mapped[Id]
    position_id: Mapped[int] = mapped_column(BigId, ForeignKey("position.id"))
    kind: Mapped[Word]
    key: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    # Empty: what stood before was taken away.
    text_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))
    written_at: Mapped[When]


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
    # The company's own words that stood there, if there were any.
    consent_words_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("position_words.id"))
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
    # When a mail server refused the address for good, and with which reply (RFC 5321: 5xx).
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_code: Mapped[int | None]


class InvitationReminder(Base):
    """A reminder that was asked for. The key makes each one exactly once.

    rule: before, silence or by_hand; due_on: the day that the rule names, so that an invitation
    whose last day was moved is reminded again.
    """

    __tablename__ = "invitation_reminder"
    __table_args__ = (CheckConstraint(words("rule", "before", "silence", "by_hand"), name="rule"),)

    invitation_id: Mapped[int] = mapped_column(BigId, ForeignKey("invitation.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(40), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    asked_at: Mapped[When]


class InvitationImport(Base):
    """A table of candidates: read and shown first, invited on a second word.

    rows_id: the rows as they were read; taken away when all are invited, or after a day.
    """

    __tablename__ = "invitation_import"
    __table_args__ = (
        CheckConstraint(words("state", "read", "running", "done", "dropped"), name="state"),
    )

    id: Mapped[Id]
    position_id: Mapped[int] = mapped_column(BigId, ForeignKey("position.id"), index=True)
    asked_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    state: Mapped[Word]
    rows_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))
    total: Mapped[int]
    done: Mapped[int]
    asked_at: Mapped[When]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AccommodationRequest(Base):
    """What a candidate asked for before the start, in private. Reviewers and managers never see it.

    percent: the extra time asked for, 0 where words say what is needed; given: what was answered.
    """

    __tablename__ = "accommodation_request"
    __table_args__ = (
        CheckConstraint(words("state", "asked", "given", "declined", "withdrawn"), name="state"),
        CheckConstraint("percent IN (0, 25, 50, 100)", name="percent"),
    )

    application_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("application.id"), primary_key=True
    )
    percent: Mapped[int]
    words_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))
    state: Mapped[Word]
    given: Mapped[int | None]
    answer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))
    answered_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    asked_at: Mapped[When]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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
    # The earlier decision that this one corrects.
    replaces_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("decision.id"))
