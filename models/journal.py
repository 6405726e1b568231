"""What happened, and what is still to be done: both written with the change that they tell of."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Data, Id, UtcDateTime, When, Word


class JournalEntry(Base):
    """One event, append-only, in ids only. People are ids without a foreign key: they may go."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_object", "object_kind", "object_id"),)

    id: Mapped[Id]
    at: Mapped[When]
    actor_id: Mapped[int | None] = mapped_column(BigId, index=True)
    event: Mapped[Word] = mapped_column(index=True)
    object_kind: Mapped[Word]
    object_id: Mapped[int] = mapped_column(BigId)
    data: Mapped[Data]
    request_id: Mapped[str | None] = mapped_column(String(32))


class OutboxEntry(Base):
    """Work for the job process. Done at least once; the worker's effects must bear a repeat."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_waiting", "done_at", "due_at"),)

    id: Mapped[Id]
    task: Mapped[Word]
    data: Mapped[Data]
    created_at: Mapped[When]
    due_at: Mapped[When]
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(200))
