"""Where people are in the course, and what they were asked to study."""

import datetime as dt
from datetime import datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id, Json, Key, UtcDateTime, When


class LessonProgress(Base):
    """How far one person is in one lesson; sections are named by their anchor."""

    __tablename__ = "lesson_progress"

    person_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    lesson_key: Mapped[Key] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    sections: Mapped[list[Any]] = mapped_column(Json)
    last_section: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[When]
    touched_at: Mapped[When]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Assignment(Base):
    """A module that a trainer asked a person to study by a day; at most one for each of the two.

    reminded_at: when the one reminder was asked for.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("person_id", "module_key"),
        Index("ix_assignment_due", "reminded_at", "due_on"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"))
    module_key: Mapped[Key]
    due_on: Mapped[dt.date] = mapped_column(Date)
    assigned_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    assigned_at: Mapped[When]
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ModulePass(Base):
    """A trainer's word that somebody may study a module before what it asks for is done."""

    __tablename__ = "module_pass"

    person_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    module_key: Mapped[Key] = mapped_column(primary_key=True)
    given_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    given_at: Mapped[When]


class UnclearMark(Base):
    """A reader's "this is unclear" at a section of a lesson: one for each person and section.

    revision_id: what they read. A resolved mark may be set again, at a newer text.
    """

    __tablename__ = "unclear_mark"
    __table_args__ = (
        UniqueConstraint("person_id", "document_id", "section"),
        Index("ix_unclear_mark_open", "document_id", "resolved_at"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"))
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"))
    section: Mapped[str] = mapped_column(String(120))
    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    marked_at: Mapped[When]
    resolved_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
