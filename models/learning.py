"""Where people are in the course."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Json, Key, UtcDateTime, When


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
