"""Authored material: documents, their immutable revisions, and what readers see now.

A revision keeps its source text verbatim; `title`, `meta` and `html` are derived from it.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    Base,
    BigId,
    Code,
    Data,
    Digest,
    Id,
    Key,
    Prose,
    UtcDateTime,
    When,
    Word,
    words,
)

KINDS = ("framework", "module", "lesson", "glossary", "figure", "item", "form", "guide")
ASKS = ("nothing", "reread", "retest")


class Document(Base):
    """One authored thing in one language: one file of `content/`."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("kind", "key", "lang"),
        CheckConstraint(words("kind", *KINDS), name="kind"),
    )

    id: Mapped[Id]
    kind: Mapped[Word]
    key: Mapped[Key]
    lang: Mapped[str] = mapped_column(String(10), default="en")
    path: Mapped[str] = mapped_column(String(300), unique=True)
    # The hash of the file as it was last loaded or exported: tells who changed, disk or site.
    disk_digest: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[When]


class Revision(Base):
    """A document as it was saved once. Never changed."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"))
    number: Mapped[int]
    source: Mapped[Prose]
    digest: Mapped[Digest]
    title: Mapped[str] = mapped_column(String(300))
    meta: Mapped[Data]
    html: Mapped[Prose]
    author_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    created_at: Mapped[When]


class Publication(Base):
    """The log of what was published when; its highest id is the library's version.

    asks: what is asked of people who had finished the older text.
    """

    __tablename__ = "publication"
    __table_args__ = (CheckConstraint(words("asks", *ASKS), name="asks"),)

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"), index=True)
    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    published_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    published_at: Mapped[When]
    asks: Mapped[Word] = mapped_column(default="nothing")


class Published(Base):
    """The revision that readers see now: one row a document."""

    __tablename__ = "published"

    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ItemFacts(Base):
    """What scoring and lists ask of an item's revision, taken out of its source."""

    __tablename__ = "item_facts"
    __table_args__ = (
        CheckConstraint(words("pool", "practice", "secure"), name="pool"),
        CheckConstraint("difficulty BETWEEN 1 AND 5", name="difficulty"),
        Index("ix_item_facts_competency_pool", "competency", "pool"),
    )

    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"), index=True)
    kind: Mapped[Word]
    pool: Mapped[Word]
    competency: Mapped[Code]
    subtopic: Mapped[Word]
    difficulty: Mapped[int]
    max_mark: Mapped[int]
    review_by: Mapped[date | None]
