"""Drafts: text on its way to a revision, who looked at it, when it is due, what was said of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Digest, Id, Json, Prose, UtcDateTime, When, Word, words
from models.library import ASKS

REVIEW_STATES = ("asked", "approved", "returned")
DUE_STATES = ("waiting", "done", "refused", "cancelled")


class Draft(Base):
    """The one open draft of a document. `version` refuses a save over somebody else's.

    tab, step: the page that saved last and its count of saves; a page never clashes with itself.
    editors: ids of everybody who changed the text since it was begun.
    """

    __tablename__ = "draft"

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"), unique=True)
    base_revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    source: Mapped[Prose]
    version: Mapped[int]
    edited_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    edited_at: Mapped[When]
    tab: Mapped[str] = mapped_column(String(40), default="")
    step: Mapped[int] = mapped_column(default=0)
    editors: Mapped[list[Any]] = mapped_column(Json, default=list)


class DraftSave(Base):
    """A text as it was saved on the way; the newest few of a document are kept. What somebody else
    began from stands here, so that two texts can be joined."""

    __tablename__ = "draft_save"
    __table_args__ = (UniqueConstraint("document_id", "version"),)

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"))
    version: Mapped[int]
    source: Mapped[Prose]
    saved_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    saved_at: Mapped[When]


class Review(Base):
    """A text that its writer asked others to read, and what they decided. Bound to its digest:
    a text that was changed afterwards is another text."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint(words("state", *REVIEW_STATES), name="state"),
        Index("ix_review_document", "document_id", "digest"),
    )

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"))
    digest: Mapped[Digest]
    state: Mapped[Word]
    asked_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    asked_at: Mapped[When]
    decided_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))


class DuePublication(Base):
    """A draft that is to be published at a time. outcome: in one word why it was refused."""

    __tablename__ = "due_publication"
    __table_args__ = (
        CheckConstraint(words("state", *DUE_STATES), name="state"),
        CheckConstraint(words("asks", *ASKS), name="asks"),
        Index("ix_due_publication_due", "state", "due_at"),
        Index("ix_due_publication_document", "document_id"),
    )

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"))
    digest: Mapped[Digest]
    base_revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    due_at: Mapped[When]
    asks: Mapped[Word]
    reason_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))
    asked_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    asked_at: Mapped[When]
    state: Mapped[Word] = mapped_column(default="waiting")
    outcome: Mapped[str] = mapped_column(String(40), default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LineComment(Base):
    """A remark at a line. digest: of the text in which the line has this number; the number moves
    with the text when it is saved."""

    __tablename__ = "line_comment"
    __table_args__ = (
        CheckConstraint("line > 0", name="line"),
        Index("ix_line_comment_document", "document_id", "resolved_at"),
    )

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"))
    line: Mapped[int]
    digest: Mapped[Digest]
    text_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("free_text.id"))
    made_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    made_at: Mapped[When]
    resolved_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApprovalRule(Base):
    """Whether a text needs a second trainer's approval. Append-only: the newest row counts."""

    __tablename__ = "approval_rule"

    id: Mapped[Id]
    needed: Mapped[bool]
    set_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    set_at: Mapped[When]
