"""People, their roles and how they prove who they are.

Names, mail addresses and free text stand in `person` and `free_text` only, so that erasing a
person is a matter of two tables. Evidence knows people by `subject` alone.
"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Digest, Id, Prose, UtcDateTime, When, Word, words

ROLES = ("learner", "trainer", "recruiter", "manager", "admin")
# Who wanted somebody erased: the person, a recruiter, an admin; or a time of keeping was over.
CAUSES = ("own", "recruiter", "admin", "retention", "left")


class Person(Base):
    """Everybody: a member of the company, or a candidate (one person per application)."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(words("kind", "member", "candidate"), name="kind"),
        # Candidates may share an address: each application is a person of its own.
        Index(
            "uq_person_member_email",
            "email",
            unique=True,
            sqlite_where=text("kind = 'member'"),
            postgresql_where=text("kind = 'member'"),
        ),
    )

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[Word]
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    pending_email: Mapped[str | None] = mapped_column(String(254))
    locale: Mapped[str | None] = mapped_column(String(10))
    theme: Mapped[str | None] = mapped_column(String(10))
    # Raised to end every session of the person at once.
    session_epoch: Mapped[int] = mapped_column(default=0)
    invented: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[When]
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When name, mail and words were taken away; the row stays for what has no name.
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PersonRole(Base):
    """One role of one person; a person has a set of them."""

    __tablename__ = "person_role"
    __table_args__ = (CheckConstraint(words("role", *ROLES), name="role"),)

    person_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(40), primary_key=True)


class Credential(Base):
    """A password, as argon2id. A person without a row cannot sign in with one."""

    __tablename__ = "credential"

    person_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    password_hash: Mapped[str] = mapped_column(String(255))
    changed_at: Mapped[When]
    # Too short to be enough alone: it was allowed because a second factor stands beside it.
    is_short: Mapped[bool] = mapped_column(default=False, server_default=false())


class SecondFactor(Base):
    """The secret that a person's app shares with us, encrypted with the installation's key.

    last_step: the newest step of time whose code was used; none works twice. A factor that was
    never confirmed by a code asks nobody for anything.
    """

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[str] = mapped_column(String(255))
    last_step: Mapped[int] = mapped_column(BigId, default=0)
    created_at: Mapped[When]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """A code for whoever lost their app, as a keyed hash; each works once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "digest"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"))
    digest: Mapped[Digest]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Erasure(Base):
    """Somebody who is to be erased, or was: one row a person, whoever asks and how often.

    told_at: when a recruiter was told that the time of keeping ends. mark: SHA-256 of the subject
    that the person had, by which a restored backup finds them again.
    """

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("cause IS NULL OR " + words("cause", *CAUSES), name="cause"),
        Index("ix_erasure_asked", "done_at", "asked_at"),
    )

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), primary_key=True)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cause: Mapped[str | None] = mapped_column(String(40))
    asked_by: Mapped[int | None] = mapped_column(BigId)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mark: Mapped[str | None] = mapped_column(String(64))


class Token(Base):
    """A secret link, kept as SHA-256 and bound to a purpose and an id; used once or not at all."""

    __tablename__ = "token"
    __table_args__ = (
        CheckConstraint(
            words("purpose", "first_admin", "join", "reset", "email", "invitation"),
            name="purpose",
        ),
        Index("ix_token_purpose_bound_id", "purpose", "bound_id"),
    )

    id: Mapped[Id]
    purpose: Mapped[Word]
    bound_id: Mapped[int] = mapped_column(BigId)
    digest: Mapped[Digest] = mapped_column(unique=True)
    created_at: Mapped[When]
    expires_at: Mapped[When]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FailedCheck(Base):
    """The limiter's memory: failed credential checks per key in a window of five minutes."""

    __tablename__ = "failed_check"

    key: Mapped[Digest] = mapped_column(primary_key=True)
    window: Mapped[int] = mapped_column(BigId, primary_key=True)
    failures: Mapped[int]


class FreeText(Base):
    """What a person wrote in their own words about something: a note, a reason, a remark."""

    __tablename__ = "free_text"
    __table_args__ = (Index("ix_free_text_about", "about_kind", "about_id"),)

    id: Mapped[Id]
    author_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    about_kind: Mapped[Word]
    about_id: Mapped[int] = mapped_column(BigId)
    body: Mapped[Prose]
    created_at: Mapped[When]
