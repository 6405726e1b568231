"""What the search knows: one row for each thing that can be found, with its words split.

The databases' own indexes stand beside it and follow by triggers (migration 0011): `fts_reader` and
`fts_trainer` on SQLite, two tables, so that what trainers alone may find has no weight in what a
learner's question gives; `fts_entry` on PostgreSQL, where a rank knows nothing of other rows. Rows
come and go and are never changed: the triggers know inserts and deletes only.
"""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id, Key, Prose, Word, words

FOUND = ("lesson", "item", "word")
AUDIENCES = ("reader", "trainer")


class SearchEntry(Base):
    """A thing that can be found. part: "" for a document, "draft" for its draft, else the id of a
    term. body: what excerpts are cut from; heading, words: what the index reads."""

    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("document_id", "part"),
        CheckConstraint(words("kind", *FOUND), name="kind"),
        CheckConstraint(words("audience", *AUDIENCES), name="audience"),
    )

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"))
    part: Mapped[str] = mapped_column(String(80))
    kind: Mapped[Word]
    audience: Mapped[Word]
    lang: Mapped[str] = mapped_column(String(10))
    key: Mapped[Key]
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[Prose]
    heading: Mapped[Prose]
    words: Mapped[Prose]
